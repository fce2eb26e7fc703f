"""Moments, zones and periods."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from enum import Enum
from functools import partial
from typing import Any, get_args
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, example, given, strategies as st

from leadquery import periods
from leadquery.errors import QueryError
from leadquery.periods import Period, Weekday, between, end_of, is_whole_day, start_of, zone
from leadquery.spec.forms import timestamp

NOW = "2026-03-15 20:00:00"
SECOND = timedelta(seconds=1)
KOLKATA = timezone(timedelta(hours=5, minutes=30))
last_days = partial(periods.last_days, now=NOW)
NO_DATE = "is no date; write '2026-01-31', '2026-01-31 12:00:00', a date or a datetime"
OUTSIDE = "lies outside the years 1 to 9999 in UTC; write a moment within"

zones = st.sampled_from(sorted(available_timezones()))
dates = st.dates(date(1840, 1, 1), date(2100, 12, 31))
# Text has no word for the second of two equal times.
moments = st.datetimes(datetime(1840, 1, 1), datetime(2100, 12, 31)).map(
    lambda moment: moment.replace(fold=0)
)


def refusal(call: Callable[..., object], *args: Any, **named: Any) -> str:
    """The text with which a call is refused."""
    with pytest.raises(QueryError) as caught:
        call(*args, **named)
    return str(caught.value)


def spoken(period: Period) -> tuple[str, str]:
    """A period's two ends, as the API writes them."""
    return timestamp(period.start), timestamp(period.end)


def skipped(day: date, tz: str) -> bool:
    """Whether clocks in a zone went over a whole day."""
    return start_of(day, tz).astimezone(ZoneInfo(tz)).date() > day


class Timestamp(datetime):
    """A datetime that is more than one, as that of pandas is."""


class NotATime(datetime):
    """A datetime that equals nothing, as NaT of pandas does."""

    def __ne__(self, other: object) -> bool:
        return True


class Silent(tzinfo):
    """A zone that knows no offset."""

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        return None

    def dst(self, dt: datetime | None) -> None:
        return None

    def tzname(self, dt: datetime | None) -> None:
        return None


class Localizing(Silent):
    """A zone in the way of pytz: off by minutes, unless localize() is called."""

    zone = "Asia/Kolkata"

    def localize(self, moment: datetime) -> datetime:
        return moment.replace(tzinfo=ZoneInfo(self.zone))

    def utcoffset(self, dt: datetime | None) -> timedelta:
        return timedelta(hours=5, minutes=53)


class Index(Enum):
    """Whole numbers that are no int."""

    YEAR = 2026
    MONTH = 3

    def __index__(self) -> int:
        return self.value


@pytest.mark.parametrize(
    ("value", "tz", "start", "end"),
    [
        ("2017-11-10", None, "2017-11-10 00:00:00", "2017-11-10 23:59:59"),
        ("20171110", None, "2017-11-10 00:00:00", "2017-11-10 23:59:59"),
        (date(2017, 11, 10), None, "2017-11-10 00:00:00", "2017-11-10 23:59:59"),
        (date(2017, 11, 10), "Asia/Kolkata", "2017-11-09 18:30:00", "2017-11-10 18:29:59"),
        ("2017-11-10", KOLKATA, "2017-11-09 18:30:00", "2017-11-10 18:29:59"),
        ("2017-11-10", Localizing(), "2017-11-09 18:30:00", "2017-11-10 18:29:59"),
        ("0001-01-01", None, "0001-01-01 00:00:00", "0001-01-01 23:59:59"),
        ("9999-12-31", None, "9999-12-31 00:00:00", "9999-12-31 23:59:59"),
        ("9999-12-31", "Asia/Kolkata", "9999-12-30 18:30:00", "9999-12-31 18:29:59"),
        # Clocks skip midnight: at 00:00, and from 23:30 to 00:30.
        ("2024-03-10", "America/Havana", "2024-03-10 05:00:00", "2024-03-11 03:59:59"),
        ("2024-03-31", "Asia/Beirut", "2024-03-30 22:00:00", "2024-03-31 20:59:59"),
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04 03:00:00", "2018-11-05 01:59:59"),
        ("1919-03-31", "America/Toronto", "1919-03-31 04:30:00", "1919-04-01 03:59:59"),
        # Midnight comes twice, or almost.
        ("2024-11-03", "America/Havana", "2024-11-03 04:00:00", "2024-11-04 04:59:59"),
        ("2024-10-26", "Asia/Beirut", "2024-10-25 21:00:00", "2024-10-26 21:59:59"),
        ("2018-02-17", "America/Sao_Paulo", "2018-02-17 02:00:00", "2018-02-18 02:59:59"),
        # Clocks move by half an hour, in April and October.
        ("2024-04-07", "Australia/Lord_Howe", "2024-04-06 13:00:00", "2024-04-07 13:29:59"),
        ("2024-10-06", "Australia/Lord_Howe", "2024-10-05 13:30:00", "2024-10-06 12:59:59"),
        # The days around the one that Samoa skipped.
        ("2011-12-29", "Pacific/Apia", "2011-12-29 10:00:00", "2011-12-30 09:59:59"),
        ("2011-12-31", "Pacific/Apia", "2011-12-30 10:00:00", "2011-12-31 09:59:59"),
    ],
)
def test_a_date_is_a_whole_day(value: Any, tz: Any, start: str, end: str) -> None:
    """A date means its first second as a start and its last as an end, in its zone."""
    read = timestamp(start_of(value, tz)), timestamp(end_of(value, tz))

    assert read == (start, end)
    assert is_whole_day(value)


@pytest.mark.parametrize(
    ("value", "tz", "moment"),
    [
        ("2017-11-10 12:00:00", None, "2017-11-10 12:00:00"),
        ("2017-11-10T12:00:00", None, "2017-11-10 12:00:00"),
        ("2017-11-10 12:00:00", "UTC", "2017-11-10 12:00:00"),
        ("2017-11-10 12:00:00.999999", None, "2017-11-10 12:00:00"),
        ("2017-11-10 12:00:00,123456789Z", None, "2017-11-10 12:00:00"),
        ("2017-11-10T12:00", None, "2017-11-10 12:00:00"),
        ("2017-11-10 12", None, "2017-11-10 12:00:00"),
        ("20171110T120000Z", None, "2017-11-10 12:00:00"),
        ("20171110 120000+0530", None, "2017-11-10 06:30:00"),
        ("2017-11-10 12:00:00+05:30", None, "2017-11-10 06:30:00"),
        ("2017-11-10T12:00:00-08", "Asia/Kolkata", "2017-11-10 20:00:00"),
        ("2017-11-10 12:00:00", "Asia/Kolkata", "2017-11-10 06:30:00"),
        (datetime(2017, 11, 10, 12, 0, 0, 999), "UTC", "2017-11-10 12:00:00"),
        (datetime(2017, 11, 10, 12), "Asia/Kolkata", "2017-11-10 06:30:00"),
        (datetime(2017, 11, 10, 12, tzinfo=Silent()), "Asia/Kolkata", "2017-11-10 06:30:00"),
        (datetime(2017, 11, 10, 12, tzinfo=KOLKATA), None, "2017-11-10 06:30:00"),
        (datetime(2017, 11, 10, 12, tzinfo=KOLKATA), "Asia/Tokyo", "2017-11-10 06:30:00"),
        (Timestamp(2017, 11, 10, 12, 0, 0, 5, tzinfo=KOLKATA), None, "2017-11-10 06:30:00"),
        # 01:30 comes twice, 02:30 not at all.
        ("2026-11-01 01:30:00", "America/New_York", "2026-11-01 05:30:00"),
        (datetime(2026, 11, 1, 1, 30, fold=1), "America/New_York", "2026-11-01 06:30:00"),
        ("2026-03-08 02:30:00", "America/New_York", "2026-03-08 07:30:00"),
        ("0001-01-01 05:54:00", "Asia/Kolkata", "0001-01-01 00:00:32"),
    ],
)
def test_a_moment_is_itself(value: Any, tz: Any, moment: str) -> None:
    """A date with a time of day is one second, as a start and as an end."""
    start = start_of(value, tz)

    assert timestamp(start) == moment
    assert start.microsecond == 0
    assert (type(start), start.tzinfo) == (datetime, UTC)
    assert end_of(value, tz) == start
    assert not is_whole_day(value)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("", "''"),
        ("yesterday", "'yesterday'"),
        ("31/01/2026", "'31/01/2026'"),
        (" 2017-11-10", "' 2017-11-10'"),
        ("2017-11-10\n", "'2017-11-10\\n'"),
        ("2017-11-10 12:00:00\n", "'2017-11-10 12:00:00\\n'"),
        # Python takes each of these for a moment that was not meant.
        ("2017-11-10+05:30", "'2017-11-10+05:30'"),
        ("2017-W45", "'2017-W45'"),
        ("2017-11-10 12:00:00 +05:30", "'2017-11-10 12:00:00 +05:30'"),
        ("2017-11-10 12:0000", "'2017-11-10 12:0000'"),
        ("\uff12017-11-10", "'\uff12017-11-10'"),
        ("x" * 70, f"'{'x' * 57}'…"),
        (None, "None"),
        (True, "True"),
        (1510272000, "1510272000"),
        pytest.param(10**5000, "a very large number", id="huge"),
        (1.5, "1.5"),
        (b"2017-11-10", "a Python bytes"),
        (["2017-11-10"], "a list"),
        (NotATime(2017, 11, 10), "2017-11-10 00:00:00"),
    ],
)
def test_what_is_no_date_is_refused(value: Any, found: str) -> None:
    """Anything but a date, a datetime or an ISO 8601 text is refused, by either end."""
    texts = refusal(start_of, value), refusal(end_of, value, "Asia/Kolkata", "to")

    assert texts == (f"start: {found} {NO_DATE}", f"to: {found} {NO_DATE}")
    assert not is_whole_day(value)


@pytest.mark.parametrize(
    "text",
    [
        "2017-02-31",
        "0000-01-01",
        "2017-13-01 00:00:00",
        "2017-11-10 24:00:00",
        "2017-11-10 29:00:00Z",
        "2017-11-10 12:60:00",
        "2017-11-10 12:00:00+24:00",
    ],
)
def test_a_day_that_never_was_is_refused(text: str) -> None:
    """A text of the right form must name a day and time that exist."""
    found = refusal(start_of, text)

    assert found == f"start: {text!r} is not on the calendar; write a day and time that exist"


def test_a_naive_datetime_needs_a_zone() -> None:
    """A naive datetime is refused unless a zone is given."""
    text = refusal(start_of, datetime(2026, 1, 1), what="LastActivity")

    assert text == (
        'LastActivity: 2026-01-01 00:00:00 has no time zone; give tz="Asia/Kolkata", an aware '
        "datetime such as datetime(2026, 1, 1, tzinfo=timezone.utc), or text, "
        "which is read as UTC"
    )
    assert refusal(start_of, datetime(2026, 1, 1, tzinfo=Silent())).startswith("start: 2026-01-01")
    assert refusal(periods.today, now=datetime(2026, 1, 1)).startswith("now: 2026-01-01 00:00:00")


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: start_of("0001-01-01", "Asia/Kolkata"), "start: '0001-01-01'"),
        (lambda: start_of("0001-01-01T00:00+01:00"), "start: '0001-01-01T00:00+01:00'"),
        (lambda: end_of(date.max, "America/Havana"), "end: 9999-12-31"),
        (lambda: end_of(datetime.max, "America/Havana"), "end: 9999-12-31 23:59:59.999999"),
        (lambda: periods.year(9999, tz="America/Havana"), "end: 9999-12-31"),
        (lambda: periods.week(9999, 52), "week: 9999-12-27 +6 days"),
        (lambda: periods.yesterday(now="0001-01-01"), "now: 0001-01-01 -1 days"),
        (lambda: periods.last_month(now="0001-01-31"), "now: 0001-01-01 -1 days"),
        (lambda: periods.last_quarter(now="0001-03-31"), "now: 0001-01-01 -1 days"),
        (lambda: periods.last_year(now="0001-12-31"), "now: 0001-01-01 -1 days"),
        (lambda: periods.last_week(now="0001-01-07"), "now: 0001-01-07 -13 days"),
        (
            lambda: periods.today(tz="Asia/Tokyo", now="9999-12-31T23:00Z"),
            "now: '9999-12-31T23:00Z'",
        ),
    ],
)
def test_the_calendar_ends(call: Callable[[], object], text: str) -> None:
    """What lies before the year 1 or after 9999 is refused."""
    assert refusal(call) == f"{text} {OUTSIDE}"


def test_utc_is_the_zone_unless_given() -> None:
    """None and 'UTC' are UTC itself, a tzinfo is itself, and a name is looked up."""
    found = zone(None), zone("UTC"), zone(KOLKATA), zone("Asia/Kolkata"), zone(Localizing())

    assert found == (UTC, UTC, KOLKATA, ZoneInfo("Asia/Kolkata"), ZoneInfo("Asia/Kolkata"))


@pytest.mark.parametrize(
    ("tz", "found", "hint"),
    [
        ("asia/kolkata", "'asia/kolkata'", "'Asia/Kolkata'"),
        ("Kolkata", "'Kolkata'", "'Asia/Kolkata'"),
        ("America/New York", "'America/New York'", "'America/New_York'"),
        ("Utc", "'Utc'", "'UTC'"),
        ("GMT+5:30", "'GMT+5:30'", "a name such as 'Asia/Kolkata'"),
        ("Etc/GMT+5:30", "'Etc/GMT+5:30'", "a name such as 'Asia/Kolkata'"),
        ("+05:30", "'+05:30'", "a name such as 'Asia/Kolkata'"),
        ("", "''", "a name such as 'Asia/Kolkata'"),
        ("../x", "'../x'", "a name such as 'Asia/Kolkata'"),
        ("/etc", "'/etc'", "a name such as 'Asia/Kolkata'"),
        ("Asia", "'Asia'", "a name such as 'Asia/Kolkata'"),
        ("x\0y", "'x\\x00y'", "a name such as 'Asia/Kolkata'"),
        ("\ud800", "'\\ud800'", "a name such as 'Asia/Kolkata'"),
        ("x" * 5000, f"'{'x' * 57}'…", "a name such as 'Asia/Kolkata'"),
        (5.5, "5.5", "a name such as 'Asia/Kolkata'"),
        (True, "True", "a name such as 'Asia/Kolkata'"),
    ],
)
def test_what_names_no_zone_is_refused(tz: Any, found: str, hint: str) -> None:
    """A zone is named as the time zone database names it; a near name is proposed."""
    text = refusal(zone, tz)

    assert text == f"tz: {found} is no time zone; write {hint}"
    assert refusal(start_of, "2026-01-01", tz) == text
    assert refusal(periods.today, tz=tz) == text


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
    """A period goes from the first second of its first day to the last of its last."""
    assert spoken(period) == (start, end)


@pytest.mark.parametrize(
    ("call", "numbers", "found", "most"),
    [
        (periods.year, (0,), "year: 0 is no year", 9999),
        (periods.year, (-(10**5000),), "year: a very large number is no year", 9999),
        (periods.month, (2026, 13), "month: 13 is no month", 12),
        (periods.month, (2026, True), "month: True is no month", 12),
        (periods.month, (2026, 3.0), "month: 3.0 is no month", 12),
        (periods.month, (2026, "3"), "month: '3' is no month", 12),
        (periods.month, (True, 3), "year: True is no year", 9999),
        (periods.quarter, (2026, 5), "quarter: 5 is no quarter", 4),
        (periods.week, (2026, 60), "week: 60 is no week of 2026", 53),
        (periods.week, (2025, 53), "week: 53 is no week of 2025", 52),
        (periods.week, (None, 1), "year: None is no year", 9999),
        (periods.day, (2026, 2, 31), "day: 31 is no day of 2026-02", 28),
        (periods.day, (28, 2, 30), "day: 30 is no day of 0028-02", 29),
        (periods.day, (2026, 0, 1), "month: 0 is no month", 12),
        (last_days, (0,), "n: 0 is no number of days before 2026-03-15", 739689),
        (last_days, (739690,), "n: 739690 is no number of days before 2026-03-15", 739689),
    ],
)
def test_an_impossible_number_is_refused(
    call: Callable[..., Period], numbers: tuple[Any, ...], found: str, most: int
) -> None:
    """A number that no calendar has is refused, with those it has."""
    assert refusal(call, *numbers) == f"{found}; write a whole number from 1 to {most}"


def test_a_number_counts_as_python_counts() -> None:
    """What Python takes for an index, as numbers of numpy are, is a whole number."""
    numbers: tuple[Any, Any] = (Index.YEAR, Index.MONTH)

    assert periods.month(*numbers) == periods.month(2026, 3)


@pytest.mark.parametrize("tz", ["Pacific/Apia", ZoneInfo("Pacific/Apia")])
def test_a_skipped_day_is_refused(tz: Any) -> None:
    """A day that a zone never had is no period, by any name."""
    text = refusal(periods.day, 2011, 12, 30, tz=tz)

    assert text == (
        "2011-12-30 is no day in Pacific/Apia, where clocks skipped it; "
        "write the day before or after"
    )
    assert refusal(periods.yesterday, tz=tz, now="2011-12-31") == text


@pytest.mark.parametrize(
    ("said", "found", "hint"),
    [("Sundy", "'Sundy'", "sunday"), ("x", "'x'", "monday"), (6, "6", "monday")],
)
def test_a_week_starts_on_a_day(said: Any, found: str, hint: str) -> None:
    """Days of the week go by their English names."""
    texts = {refusal(call, week_starts=said) for call in (periods.this_week, periods.last_week)}

    assert texts == {f"week_starts: {found} is no day of the week; write {hint!r}"}


def test_a_period_starts_before_it_ends() -> None:
    """A period that ends before it starts is refused, with both its ends."""
    text = refusal(between, "2026-02-01", "2026-01-01")

    assert text == (
        "start 2026-02-01 00:00:00 lies after end 2026-01-01 23:59:59 (UTC); "
        "write the earlier one first"
    )


def test_a_period_lies_between_values() -> None:
    """Each end is read as a moment of its own; a single second is a period."""
    period = between("2026-03-01", datetime(2026, 3, 2, 12), tz="Asia/Kolkata")
    instant = between("2026-03-01 12:00:00", "2026-03-01 12:00:00")

    assert spoken(period) == ("2026-02-28 18:30:00", "2026-03-02 06:30:00")
    assert instant.start == instant.end


def test_a_period_is_a_value() -> None:
    """Equal periods are one key, survive pickling, and are written as they are built."""
    period = periods.month(2026, 3)

    assert len({period, Period("2026-03-01", "2026-03-31")}) == 1
    assert pickle.loads(pickle.dumps(period)) == period
    assert repr(period) == "Period(start='2026-03-01 00:00:00', end='2026-03-31 23:59:59')"
    assert eval(repr(period)) == period
    with pytest.raises(AttributeError):
        period.start = period.end  # type: ignore[misc]  # frozen, which is the claim


def test_now_is_a_moment() -> None:
    """What is no moment is refused as `now`."""
    text = refusal(periods.today, now=5)

    assert text == f"now: 5 {NO_DATE}"


def test_now_is_the_present() -> None:
    """Without `now`, today holds the present moment."""
    before = datetime.now(UTC)
    period = periods.today(tz="Asia/Kolkata")
    after = datetime.now(UTC)

    assert period.start <= after
    assert before.replace(microsecond=0) <= period.end


def test_the_room_opens_fast() -> None:
    """Nothing that few people need is loaded with the periods."""
    heavy = ("zoneinfo", "difflib", "calendar", "requests")
    code = (
        "import sys, leadquery.periods as p; p.month(2026, 3, tz='UTC');"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout == "[]\n"


Pair = Callable[[date, str], tuple[Period, Period]]


def later(day: date, days: int) -> date:
    return day + timedelta(days=days)


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


NEIGHBOURS: dict[str, Pair] = {
    "days": two_days,
    "weeks": two_weeks,
    "months": two_months,
    "quarters": two_quarters,
    "years": lambda day, tz: (periods.year(day.year, tz=tz), periods.year(day.year + 1, tz=tz)),
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


def of_weeks(starts: Weekday) -> Pair:
    return lambda day, tz: (
        periods.last_week(tz=tz, now=day, week_starts=starts),
        periods.this_week(tz=tz, now=day, week_starts=starts),
    )


NEIGHBOURS |= {f"weeks from {starts}": of_weeks(starts) for starts in get_args(Weekday)}


@pytest.mark.parametrize("kind", NEIGHBOURS)
@given(day=dates, tz=zones)
@example(day=date(2024, 3, 9), tz="America/Havana")
@example(day=date(2024, 11, 3), tz="America/Havana")
@example(day=date(2024, 3, 31), tz="Asia/Beirut")
@example(day=date(2018, 11, 4), tz="America/Sao_Paulo")
@example(day=date(1919, 3, 30), tz="America/Toronto")
@example(day=date(2024, 4, 7), tz="Australia/Lord_Howe")
@example(day=date(2012, 1, 1), tz="Pacific/Apia")
@example(day=date(1867, 10, 18), tz="America/Sitka")
def test_neighbours_tile(kind: str, day: date, tz: str) -> None:
    """Where one period ends, the next begins a second later, in every zone."""
    assume(not any(skipped(later(day, days), tz) for days in (-1, 0, 1)))
    first, second = NEIGHBOURS[kind](day, tz)

    assert second.start - first.end == SECOND


@given(dates, st.sampled_from(get_args(Weekday)))
def test_a_week_holds_its_day(day: date, starts: Weekday) -> None:
    """A week begins on the day that weeks begin with, and the day of `now` lies in it."""
    week = periods.this_week(now=day, week_starts=starts)

    assert get_args(Weekday)[week.start.weekday()] == starts
    assert week.start <= start_of(day) <= week.end
    assert week.end - week.start == timedelta(days=7) - SECOND


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
def test_text_is_utc_unless_told(moment: datetime) -> None:
    """A text without offset means the same as with Z, and is read back as it was written."""
    text = timestamp(moment)

    assert start_of(text) == start_of(text + "Z") == start_of(text, "UTC")
    assert timestamp(start_of(text)) == text


@given(st.datetimes(timezones=st.timezones()) | st.dates() | st.datetimes(), st.none() | zones)
def test_every_date_is_read_or_refused(value: Any, tz: str | None) -> None:
    """Of all dates that Python has, each has a start not after its end, or is refused."""
    try:
        start, end = start_of(value, tz), end_of(value, tz)
    except QueryError:
        return

    assert start <= end + SECOND
    assert start.tzinfo is end.tzinfo is UTC


near_texts = st.from_regex(r"[0-2]\d{3}-?[01]\d-?[0-3]\d([ T+][0-2]\d(:?[0-6]\d){0,2}.{0,7})?")


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
