"""Calendar periods."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from leadquery import periods
from leadquery.periods import Period
from tests.periods.support import Pair, assert_adjacent, ends_of, in_every_zone, later, refusal


class Index(Enum):
    """A whole number that is not an int."""

    YEAR = 2026
    MONTH = 3

    def __index__(self) -> int:
        return self.value


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        (periods.day(2026, 3, 1), "2026-03-01 00:00:00", "2026-03-01 23:59:59"),
        (periods.day(9999, 12, 31), "9999-12-31 00:00:00", "9999-12-31 23:59:59"),
        (periods.week(2026, 9), "2026-02-23 00:00:00", "2026-03-01 23:59:59"),
        (periods.week(2026, 53), "2026-12-28 00:00:00", "2027-01-03 23:59:59"),
        (periods.week(1, 1), "0001-01-01 00:00:00", "0001-01-07 23:59:59"),
        (periods.month(2026, 3), "2026-03-01 00:00:00", "2026-03-31 23:59:59"),
        (periods.month(2028, 2), "2028-02-01 00:00:00", "2028-02-29 23:59:59"),
        (periods.month(2100, 2), "2100-02-01 00:00:00", "2100-02-28 23:59:59"),
        (periods.month(9999, 12), "9999-12-01 00:00:00", "9999-12-31 23:59:59"),
        (
            periods.month(2018, 11, tz="America/Sao_Paulo"),
            "2018-11-01 03:00:00",
            "2018-12-01 01:59:59",
        ),
        (periods.quarter(2026, 1), "2026-01-01 00:00:00", "2026-03-31 23:59:59"),
        (periods.quarter(2026, 4), "2026-10-01 00:00:00", "2026-12-31 23:59:59"),
        (periods.year(2026), "2026-01-01 00:00:00", "2026-12-31 23:59:59"),
        (periods.year(1), "0001-01-01 00:00:00", "0001-12-31 23:59:59"),
    ],
)
def test_a_period_has_its_ends(period: Period, start: str, end: str) -> None:
    """From the first second of its first day to the last of its last."""
    assert ends_of(period) == (start, end)


@pytest.mark.parametrize(
    ("call", "numbers", "found", "most"),
    [
        (periods.year, (0,), "year: 0 is not a year", 9999),
        (periods.year, (-(10**5000),), "year: a very large number is not a year", 9999),
        (periods.month, (2026, 13), "month: 13 is not a month", 12),
        (periods.month, (2026, True), "month: True is not a month", 12),
        (periods.month, (2026, 3.0), "month: 3.0 is not a month", 12),
        (periods.month, (2026, "3"), "month: '3' is not a month", 12),
        (periods.month, (True, 3), "year: True is not a year", 9999),
        (periods.quarter, (2026, 5), "quarter: 5 is not a quarter", 4),
        (periods.week, (2026, 60), "week: 60 is not a week of 2026", 53),
        (periods.week, (2025, 53), "week: 53 is not a week of 2025", 52),
        (periods.week, (None, 1), "year: None is not a year", 9999),
        (periods.day, (2026, 2, 31), "day: 31 is not a day of 2026-02", 28),
        (periods.day, (28, 2, 30), "day: 30 is not a day of 0028-02", 29),
        (periods.day, (2026, 0, 1), "month: 0 is not a month", 12),
    ],
)
def test_impossible_numbers_are_rejected(
    call: Callable[..., Period], numbers: tuple[Any, ...], found: str, most: int
) -> None:
    """The message names the range."""
    assert refusal(call, *numbers) == f"{found}; write a whole number from 1 to {most}"


def test_numbers_may_be_any_index() -> None:
    """Such as those of numpy."""
    numbers: tuple[Any, Any] = (Index.YEAR, Index.MONTH)

    assert periods.month(*numbers) == periods.month(2026, 3)


@pytest.mark.parametrize("tz", ["Pacific/Apia", ZoneInfo("Pacific/Apia")])
def test_skipped_days_are_rejected(tz: Any) -> None:
    """In any form."""
    text = refusal(periods.day, 2011, 12, 30, tz=tz)

    assert text == (
        "2011-12-30 does not exist in Pacific/Apia, where clocks skipped it; "
        "write the day before or after"
    )
    assert refusal(periods.yesterday, tz=tz, now="2011-12-31") == text


def two_days(day: date, tz: str) -> tuple[Period, Period]:
    first, second = (periods.day(d.year, d.month, d.day, tz=tz) for d in (day, later(day, 1)))
    return first, second


def two_weeks(day: date, tz: str) -> tuple[Period, Period]:
    first, second = (d.isocalendar() for d in (day, later(day, 7)))
    return (
        periods.week(first.year, first.week, tz=tz),
        periods.week(second.year, second.week, tz=tz),
    )


def two_months(day: date, tz: str) -> tuple[Period, Period]:
    after = later(day.replace(day=1), 31)
    return periods.month(day.year, day.month, tz=tz), periods.month(after.year, after.month, tz=tz)


def two_quarters(day: date, tz: str) -> tuple[Period, Period]:
    number = (day.month + 2) // 3
    following = (day.year, number + 1) if number < 4 else (day.year + 1, 1)
    return periods.quarter(day.year, number, tz=tz), periods.quarter(*following, tz=tz)


CONSECUTIVE: dict[str, Pair] = {
    "days": two_days,
    "weeks": two_weeks,
    "months": two_months,
    "quarters": two_quarters,
    "years": lambda day, tz: (periods.year(day.year, tz=tz), periods.year(day.year + 1, tz=tz)),
}


@pytest.mark.parametrize("name", CONSECUTIVE)
@in_every_zone
def test_consecutive_periods_are_adjacent(name: str, day: date, tz: str) -> None:
    """In every zone."""
    assert_adjacent(CONSECUTIVE[name], day, tz)
