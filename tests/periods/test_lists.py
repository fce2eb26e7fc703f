"""Lists of periods that follow each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, strategies as st

from leadquery import Leads, periods
from leadquery.errors import QueryError
from leadquery.fields import LastVisitDate
from leadquery.periods import Period
from tests.periods.support import NOW, SECOND, ends_of, refusal, zones

YEARS = {"weeks": (52, 53), "months": (12,), "quarters": (4,)}
LAST = {
    "last_weeks": periods.last_week,
    "last_months": periods.last_month,
    "last_quarters": periods.last_quarter,
    "last_years": periods.last_year,
}


def assert_tiled(several: list[Period]) -> None:
    """Each begins a second after the one before has ended."""
    assert all(before.end + SECOND == after.start for before, after in pairwise(several))


@pytest.mark.parametrize("name", YEARS)
@given(year=st.integers(1971, 2099), tz=zones)
def test_the_periods_of_a_year_tile(name: str, year: int, tz: str) -> None:
    several = getattr(periods, name)(year, tz=tz)

    assert_tiled(several)
    assert len(several) in YEARS[name]
    if name != "weeks":
        whole = periods.year(year, tz=tz)
        assert (several[0].start, several[-1].end) == (whole.start, whole.end)


@pytest.mark.parametrize("name", LAST)
@given(
    n=st.integers(1, 30),
    tz=zones,
    now=st.dates(date(1990, 1, 1), date(2100, 12, 31)),
)
def test_the_last_periods_tile(name: str, n: int, tz: str, now: Any) -> None:
    """And end with the last one."""
    several = getattr(periods, name)(n, tz=tz, now=now)

    assert_tiled(several)
    assert len(several) == n
    assert several[-1] == LAST[name](tz=tz, now=now)


def test_weeks_begin_on_a_day() -> None:
    [before, last] = periods.last_weeks(2, now=NOW, week_starts="sunday")

    assert ends_of(before) == ("2026-03-01 00:00:00", "2026-03-07 23:59:59")
    assert last == periods.last_week(now=NOW, week_starts="sunday")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: periods.last_months(0, now=NOW), "n: 0 is not a number of months before"),
        (lambda: periods.last_weeks(True, now=NOW), "n: True is not a number of weeks before"),
        (lambda: periods.last_quarters(10**6, now=NOW), "whole number from 1 to 8100"),
        (lambda: periods.last_years(2026, now=NOW), "whole number from 1 to 2025"),
        (lambda: periods.months(0), "year: 0 is not a year"),
    ],
)
def test_a_wrong_number_is_an_error(call: Callable[[], object], message: str) -> None:
    assert message in refusal(call)


def test_the_first_period_is_that_of_the_year_1() -> None:
    assert len(periods.last_months(14, now="0002-03-01")) == 14
    assert ends_of(periods.last_years(1, now="0002-03-01")[0])[0] == "0001-01-01 00:00:00"


@pytest.mark.parametrize(
    "take", [Leads.created_in, LastVisitDate.during], ids=["created_in", "during"]
)
def test_a_list_is_not_a_period(take: Callable[[Any], object]) -> None:
    """The error names the range of all of them."""
    with pytest.raises(QueryError) as caught:
        take(periods.last_months(2, now=NOW))

    assert "periods.between('2026-01-01 00:00:00', '2026-02-28 23:59:59')" in str(caught.value)
