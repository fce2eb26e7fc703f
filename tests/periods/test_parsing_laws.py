"""Laws of reading: every date and text is a moment, or is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import example, given, strategies as st

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
    """A second before a day begins, it is an earlier day in that zone; then it no longer is."""
    place = ZoneInfo(tz)
    start = start_of(day, tz)

    assert (start - SECOND).astimezone(place).date() < day
    assert start.astimezone(place).date() >= day


@given(dates, zones)
@example(date(2011, 12, 30), "Pacific/Apia")
def test_a_day_starts_before_it_ends(day: date, tz: str) -> None:
    """A day ends after it starts; one that clocks skipped has no second at all."""
    length = end_of(day, tz) - start_of(day, tz) + SECOND

    assert (length == timedelta(0)) == skipped(day, tz)
    assert timedelta(0) <= length <= timedelta(days=2)


@given(dates, zones)
def test_dates_and_their_texts_agree(day: date, tz: str) -> None:
    """A date means what its text means, with hyphens or without."""
    texts = day.isoformat(), day.isoformat().replace("-", "")

    assert {start_of(value, tz) for value in (day, *texts)} == {start_of(day, tz)}
    assert {end_of(value, tz) for value in (day, *texts)} == {end_of(day, tz)}


@given(moments, zones)
def test_datetimes_and_their_texts_agree(moment: datetime, tz: str) -> None:
    """A naive datetime means what its text means, and what it means with its zone on it."""
    aware = moment.replace(tzinfo=ZoneInfo(tz))
    values = moment, str(moment), moment.isoformat(), aware
    starts = {start_of(value, tz) for value in values}

    assert starts == {end_of(value, tz) for value in values}
    assert starts == {start_of(aware), start_of(aware.isoformat()), start_of(aware, "Asia/Kolkata")}


@given(moments)
def test_text_is_utc_without_an_offset(moment: datetime) -> None:
    """A text without offset means the same as with Z, and is read back as it was written."""
    text = format_timestamp(moment)

    assert start_of(text) == start_of(text + "Z") == start_of(text, "UTC")
    assert format_timestamp(start_of(text)) == text


@given(st.datetimes(timezones=st.timezones()) | st.dates() | st.datetimes(), st.none() | zones)
def test_every_date_is_read_or_refused(value: Any, tz: str | None) -> None:
    """Of all dates that Python has, each has a start not after its end, or is refused."""
    try:
        start, end = start_of(value, tz), end_of(value, tz)
    except QueryError:
        return

    assert start <= end + SECOND
    assert start.tzinfo is end.tzinfo is UTC


@given(st.text() | near_texts, st.none() | zones | st.text())
def test_every_text_is_read_or_refused(text: str, tz: str | None) -> None:
    """A text is a moment in UTC, or it is refused; nothing else is raised."""
    for read in (start_of, end_of):
        try:
            moment = read(text, tz)
        except QueryError as error:
            said = str(error)
        else:
            said = "; write " if moment.tzinfo is UTC else ""

        assert "; write " in said
