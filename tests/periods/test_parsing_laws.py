"""Laws of parsing: every date and text is parsed, or rejected."""

from __future__ import annotations

import warnings
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import assume, example, given, strategies as st

from leadquery.errors import QueryError
from leadquery.periods import end_of, start_of
from leadquery.wire.types import format_timestamp
from tests.periods.support import SECOND, dates, skipped, zones

# Text has no word for the second of two equal times.
moments = st.datetimes(datetime(1840, 1, 1), datetime(2100, 12, 31)).map(
    lambda moment: moment.replace(fold=0)
)
near_texts = st.from_regex(r"[0-2]\d{3}-?[01]\d-?[0-3]\d([ T+][0-2]\d(:?[0-6]\d){0,2}.{0,7})?")


@given(dates, zones)
@example(date(1919, 3, 31), "America/Toronto")
@example(date(2024, 3, 10), "America/Havana")
@example(date(2011, 12, 30), "Pacific/Apia")
def test_a_day_begins_at_its_first_second(day: date, tz: str) -> None:
    """A second earlier it is an earlier day in that zone."""
    place = ZoneInfo(tz)
    start = start_of(day, tz)

    assert (start - SECOND).astimezone(place).date() < day
    assert start.astimezone(place).date() >= day


@given(dates, zones)
@example(date(2011, 12, 30), "Pacific/Apia")
def test_a_day_starts_before_it_ends(day: date, tz: str) -> None:
    """Unless the zone skipped it; then it is rejected."""
    length = end_of(day, tz) - start_of(day, tz) + SECOND

    assert (length == timedelta(0)) == skipped(day, tz)
    assert timedelta(0) <= length <= timedelta(days=2)


@given(dates, zones)
def test_dates_and_their_texts_agree(day: date, tz: str) -> None:
    """With hyphens or without."""
    texts = day.isoformat(), day.isoformat().replace("-", "")

    assert {start_of(value, tz) for value in (day, *texts)} == {start_of(day, tz)}
    assert {end_of(value, tz) for value in (day, *texts)} == {end_of(day, tz)}


@given(moments, zones)
def test_datetimes_and_their_texts_agree(moment: datetime, tz: str) -> None:
    """With a zone or without."""
    aware = moment.replace(tzinfo=ZoneInfo(tz))
    assume(occurs_once(aware))
    values = moment, str(moment), moment.isoformat(), aware
    starts = {start_of(value, tz) for value in values}

    assert starts == {end_of(value, tz) for value in values}
    assert starts == {start_of(aware), start_of(aware.isoformat()), start_of(aware, "Asia/Kolkata")}


@given(moments, zones)
@example(datetime(2026, 3, 29, 2, 30), "Europe/Berlin")
@example(datetime(2026, 3, 29, 2, 59, 59), "Europe/Berlin")
@example(datetime(2026, 10, 25, 1, 59, 59), "Europe/Berlin")
@example(datetime(2026, 10, 25, 2, 59, 59), "Europe/Berlin")
@example(datetime(2024, 10, 6, 1, 59, 59), "Australia/Lord_Howe")
@example(datetime(2024, 4, 7, 1, 59, 59), "Australia/Lord_Howe")
@example(datetime(2011, 12, 29, 23, 59, 59), "Pacific/Apia")
@example(datetime(2011, 12, 30, 23, 59, 59), "Pacific/Apia")
@example(datetime(2026, 10, 25, 2, 30), "Europe/Berlin")
def test_neighbouring_times_tile_or_warn(moment: datetime, tz: str) -> None:
    """A range that ends at a time and one that begins a second later miss no second.

    They share none either, except inside an hour that occurs twice, where both warn.
    """
    moment = moment.replace(microsecond=0)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        end, start = end_of(moment, tz), start_of(moment + SECOND, tz)

    assert len(caught) in (0, 2)
    assert start - end <= SECOND
    assert (start - end == SECOND) == (not caught)


def occurs_once(aware: datetime) -> bool:
    """Whether clocks show a time once, neither twice nor not at all."""
    early, late = (aware.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return early == late


@given(moments)
def test_text_is_utc_without_an_offset(moment: datetime) -> None:
    """As with Z, and it round-trips."""
    text = format_timestamp(moment)

    assert start_of(text) == start_of(text + "Z") == start_of(text, "UTC")
    assert format_timestamp(start_of(text)) == text


@given(st.datetimes(timezones=st.timezones()) | st.dates() | st.datetimes(), st.none() | zones)
def test_every_date_is_parsed_or_rejected(value: Any, tz: str | None) -> None:
    """The start is never after the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            start, end = start_of(value, tz), end_of(value, tz)
        except QueryError:
            return

    assert start <= end + SECOND
    assert start.tzinfo is end.tzinfo is UTC


@given(st.text() | near_texts, st.none() | zones | st.text())
def test_every_text_is_parsed_or_rejected(text: str, tz: str | None) -> None:
    """No other error is raised."""
    for read in (start_of, end_of):
        try:
            moment = read(text, tz)
        except QueryError as error:
            message = str(error)
        except UserWarning as warning:
            message = str(warning)
        else:
            message = "; write " if moment.tzinfo is UTC else ""

        assert "; write " in message
