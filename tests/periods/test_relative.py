"""Periods relative to now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import partial
from typing import Any, get_args

import pytest
from hypothesis import given, strategies as st

from leadquery import periods
from leadquery.periods import Period, start_of
from leadquery.periods.calendar import Weekday
from tests.periods.support import (
    NO_DATE,
    NOW,
    SECOND,
    Pair,
    assert_adjacent,
    dates,
    ends_of,
    in_every_zone,
    refusal,
)

last_days = partial(periods.last_days, now=NOW)


class Failing(tzinfo):
    """A time zone that raises an error."""

    def utcoffset(self, dt: datetime | None) -> timedelta:
        raise TypeError("no offset")

    dst = utcoffset

    def tzname(self, dt: datetime | None) -> str:
        return "failing"


def test_errors_of_a_time_zone_pass_through() -> None:
    with pytest.raises(TypeError, match=r"^no offset$"):
        periods.today(tz=Failing(), now=NOW)


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        (periods.today(now=NOW), "2026-03-15 00:00:00", "2026-03-15 23:59:59"),
        (periods.yesterday(now=NOW), "2026-03-14 00:00:00", "2026-03-14 23:59:59"),
        (periods.this_week(now=NOW), "2026-03-09 00:00:00", "2026-03-15 23:59:59"),
        (periods.last_week(now=NOW), "2026-03-02 00:00:00", "2026-03-08 23:59:59"),
        (
            periods.last_week(now=NOW, week_starts="sunday"),
            "2026-03-08 00:00:00",
            "2026-03-14 23:59:59",
        ),
        (
            periods.this_week(now=NOW, week_starts="saturday"),
            "2026-03-14 00:00:00",
            "2026-03-20 23:59:59",
        ),
        (periods.this_month(now=NOW), "2026-03-01 00:00:00", "2026-03-31 23:59:59"),
        (periods.last_month(now=NOW), "2026-02-01 00:00:00", "2026-02-28 23:59:59"),
        (periods.this_quarter(now=NOW), "2026-01-01 00:00:00", "2026-03-31 23:59:59"),
        (periods.last_quarter(now=NOW), "2025-10-01 00:00:00", "2025-12-31 23:59:59"),
        (periods.last_quarter(now="2026-04-01"), "2026-01-01 00:00:00", "2026-03-31 23:59:59"),
        (periods.this_year(now=NOW), "2026-01-01 00:00:00", "2026-12-31 23:59:59"),
        (periods.last_year(now=NOW), "2025-01-01 00:00:00", "2025-12-31 23:59:59"),
        (periods.last_days(1, now=NOW), "2026-03-14 00:00:00", "2026-03-14 23:59:59"),
        (periods.last_days(30, now=NOW), "2026-02-13 00:00:00", "2026-03-14 23:59:59"),
        # It is already the 16th in India.
        (
            periods.today(tz="Asia/Kolkata", now=datetime(2026, 3, 15, 20, tzinfo=UTC)),
            "2026-03-15 18:30:00",
            "2026-03-16 18:29:59",
        ),
        (
            periods.today(tz="Asia/Kolkata", now=datetime(2026, 3, 15, 20)),
            "2026-03-14 18:30:00",
            "2026-03-15 18:29:59",
        ),
        # Of three days, clocks skipped one.
        (
            periods.last_days(3, tz="Pacific/Apia", now=datetime(2012, 1, 1)),
            "2011-12-29 10:00:00",
            "2011-12-31 09:59:59",
        ),
    ],
)
def test_a_period_has_its_ends(period: Period, start: str, end: str) -> None:
    """From the first second of its first day to the last of its last."""
    assert ends_of(period) == (start, end)


@pytest.mark.parametrize(
    ("call", "numbers", "found", "most"),
    [
        (last_days, (0,), "n: 0 is not a number of days before 2026-03-15", 739689),
        (last_days, (739690,), "n: 739690 is not a number of days before 2026-03-15", 739689),
    ],
)
def test_impossible_numbers_are_rejected(
    call: Callable[..., Period], numbers: tuple[Any, ...], found: str, most: int
) -> None:
    """The message names the range."""
    assert refusal(call, *numbers) == f"{found}; write a whole number from 1 to {most}"


A_DAY = "the name of a day such as 'sunday'"


@pytest.mark.parametrize(
    ("day", "found", "hint"),
    [
        ("Sundy", "'Sundy'", "'sunday'"),
        ("SUN", "'SUN'", "'sunday'"),
        ("Sat.", "'Sat.'", "'saturday'"),
        ("T", "'T'", A_DAY),
        (6, "6", A_DAY),
    ],
)
def test_an_invalid_week_start_is_rejected(day: Any, found: str, hint: str) -> None:
    """Another day is no correction."""
    texts = {refusal(call, week_starts=day) for call in (periods.this_week, periods.last_week)}

    assert texts == {f"week_starts: {found} is not a day of the week; write {hint}"}


def test_an_invalid_now_is_rejected() -> None:
    text = refusal(periods.today, now=5)

    assert text == f"now: 5 {NO_DATE}"


def test_the_default_now_is_the_present() -> None:
    before = datetime.now(UTC)
    period = periods.today(tz="Asia/Kolkata")
    after = datetime.now(UTC)

    assert period.start <= after
    assert before.replace(microsecond=0) <= period.end


def of_weeks(starts: Weekday) -> Pair:
    return lambda day, tz: (
        periods.last_week(tz=tz, now=day, week_starts=starts),
        periods.this_week(tz=tz, now=day, week_starts=starts),
    )


CONSECUTIVE: dict[str, Pair] = {
    "today": lambda day, tz: (periods.yesterday(tz=tz, now=day), periods.today(tz=tz, now=day)),
    "last days": lambda day, tz: (
        periods.last_days(1 + day.day, tz=tz, now=day),
        periods.today(tz=tz, now=day),
    ),
    "last month": lambda day, tz: (
        periods.last_month(tz=tz, now=day),
        periods.this_month(tz=tz, now=day),
    ),
    "last quarter": lambda day, tz: (
        periods.last_quarter(tz=tz, now=day),
        periods.this_quarter(tz=tz, now=day),
    ),
    "last year": lambda day, tz: (
        periods.last_year(tz=tz, now=day),
        periods.this_year(tz=tz, now=day),
    ),
}
CONSECUTIVE |= {f"weeks from {starts}": of_weeks(starts) for starts in get_args(Weekday)}


@pytest.mark.parametrize("name", CONSECUTIVE)
@in_every_zone
def test_consecutive_periods_are_adjacent(name: str, day: date, tz: str) -> None:
    """In every zone."""
    assert_adjacent(CONSECUTIVE[name], day, tz)


@given(dates, st.sampled_from(get_args(Weekday)))
def test_a_week_contains_its_day(day: date, starts: Weekday) -> None:
    """It starts on the given day of the week."""
    week = periods.this_week(now=day, week_starts=starts)

    assert get_args(Weekday)[week.start.weekday()] == starts
    assert week.start <= start_of(day) <= week.end
    assert week.end - week.start == timedelta(days=7) - SECOND
