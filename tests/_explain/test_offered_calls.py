"""What a message says to write instead is a call that works and means the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from leadquery import QueryError, periods as untyped

# Untyped: a type checker would refuse these calls before they run.
periods: Any = untyped


@pytest.mark.parametrize(
    ("call", "offered"),
    [
        (lambda: periods.month("2026-01"), "month(2026, 1)"),
        (lambda: periods.month(date(2026, 3, 1)), "month(2026, 3)"),
        (lambda: periods.month(years=2026, month=3), "month(2026, 3)"),
        (lambda: periods.day(y=2026, d=2, m=1), "day(2026, 1, 2)"),
        (lambda: periods.day("2026-03-01", "Asia/Kolkata"), "day(2026, 3, 1, tz='Asia/Kolkata')"),
        (lambda: periods.month(2026, 1, "Asia/Kolkata"), "month(2026, 1, tz='Asia/Kolkata')"),
        (lambda: periods.today(timezone="Asia/Kolkata"), "today(tz='Asia/Kolkata')"),
        (lambda: periods.week(2026, w=3), "week(2026, 3)"),
        (lambda: periods.last_days(days=7), "last_days(7)"),
        (lambda: periods.last_week("Asia/Kolkata"), "last_week(tz='Asia/Kolkata')"),
        (lambda: periods.last_week(start="sunday"), "last_week(week_starts='sunday')"),
        (
            lambda: periods.last_week("sunday", zone="UTC"),
            "last_week(tz='UTC', week_starts='sunday')",
        ),
        (
            lambda: periods.since("2026-01-01", timezone="Asia/Kolkata"),
            "since('2026-01-01', tz='Asia/Kolkata')",
        ),
    ],
)
def test_a_wrong_call_of_a_period_is_corrected(call: Callable[[], object], offered: str) -> None:
    with pytest.raises(QueryError) as caught:
        call()

    assert str(caught.value).splitlines()[0].endswith(f"; write {offered}")
    eval(offered, vars(untyped) | {name: getattr(untyped, name) for name in dir(untyped)})


@pytest.mark.parametrize(
    ("call", "parameters"),
    [
        # No argument takes a weekday.
        (lambda: periods.week(2026, 1, week_starts="sunday"), "week(year, week, tz=...)"),
        (lambda: periods.today(week_starts="monday"), "today(tz=..., now=...)"),
        # Weeks are not days, and April is not the fourth quarter.
        (lambda: periods.last_days(weeks=2), "last_days(n, tz=..., now=...)"),
        (lambda: periods.quarter("2026-04"), "quarter(year, quarter, tz=...)"),
        (lambda: periods.quarter(date(2026, 4, 1)), "quarter(year, quarter, tz=...)"),
        (lambda: periods.month(2026, 1, "Asia/Kolkatta"), "month(year, month, tz=...)"),
        (lambda: periods.month(5, 5, 5), "month(year, month, tz=...)"),
        (lambda: periods.today("2026-01-01"), "today(tz=..., now=...)"),
    ],
)
def test_parameters_are_shown_where_no_correction_is_certain(
    call: Callable[[], object], parameters: str
) -> None:
    with pytest.raises(QueryError) as caught:
        call()

    assert str(caught.value).splitlines()[0].endswith(f"; write {parameters}")
