"""Helpers of the tests of periods: zones, dates, ends and error messages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, strategies as st

from leadquery.errors import QueryError
from leadquery.periods import Period, start_of
from leadquery.wire.types import format_timestamp

NOW = "2026-03-15 20:00:00"
SECOND = timedelta(seconds=1)
KOLKATA = timezone(timedelta(hours=5, minutes=30))
NO_DATE = "is not a date; write '2026-01-31', '2026-01-31 12:00:00', a date or a datetime"

zones = st.sampled_from(sorted(available_timezones()))
dates = st.dates(date(1840, 1, 1), date(2100, 12, 31))


def refusal(call: Callable[..., object], *args: Any, **named: Any) -> str:
    """The message of the error that a call raises."""
    with pytest.raises(QueryError) as caught:
        call(*args, **named)
    return str(caught.value)


def ends_of(period: Period) -> tuple[str, str]:
    """The two ends of a period, in the API's format."""
    return format_timestamp(period.start), format_timestamp(period.end)


def skipped(day: date, tz: str) -> bool:
    """Whether a zone skipped a day."""
    return start_of(day, tz).astimezone(ZoneInfo(tz)).date() > day


class Silent(tzinfo):
    """A zone without offsets."""

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        return None

    def dst(self, dt: datetime | None) -> None:
        return None

    def tzname(self, dt: datetime | None) -> None:
        return None


class Localizing(Silent):
    """A zone like those of pytz: off by minutes unless `localize()` is called."""

    zone = "Asia/Kolkata"

    def localize(self, moment: datetime) -> datetime:
        return moment.replace(tzinfo=ZoneInfo(self.zone))

    def utcoffset(self, dt: datetime | None) -> timedelta:
        return timedelta(hours=5, minutes=53)


def later(day: date, days: int) -> date:
    return day + timedelta(days=days)


Pair = Callable[[date, str], tuple[Period, Period]]
"""Two neighbouring periods, by a day of the first and a zone."""


Law = Callable[[str, date, str], None]


def in_every_zone(law: Law) -> Law:
    """Run a test for days and zones, including zones that change at midnight."""
    awkward = (
        (date(2024, 3, 9), "America/Havana"),
        (date(2024, 11, 3), "America/Havana"),
        (date(2024, 3, 31), "Asia/Beirut"),
        (date(2018, 11, 4), "America/Sao_Paulo"),
        (date(1919, 3, 30), "America/Toronto"),
        (date(2024, 4, 7), "Australia/Lord_Howe"),
        (date(2011, 12, 29), "Pacific/Apia"),
        (date(2011, 12, 31), "Pacific/Apia"),
        (date(2012, 1, 1), "Pacific/Apia"),
        (date(1993, 8, 21), "Pacific/Kwajalein"),
        (date(1867, 10, 18), "America/Sitka"),
    )
    for day, tz in awkward:
        law = example(day=day, tz=tz)(law)
    return given(day=dates, tz=zones)(law)


def assert_adjacent(pair: Pair, day: date, tz: str) -> None:
    """Assert that each period starts a second after the one before it ends."""
    try:
        first, second = pair(day, tz)
    except QueryError:
        assert any(skipped(later(day, days), tz) for days in (-1, 0, 1))
        return

    assert second.start - first.end == SECOND
