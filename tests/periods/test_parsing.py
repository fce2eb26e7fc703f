"""Parsing of dates, datetimes and zones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from leadquery import Leads, periods
from leadquery.periods import end_of, is_whole_day, start_of, zone
from leadquery.periods.parsing import is_naive
from leadquery.wire.types import format_timestamp
from tests.periods.support import KOLKATA, NO_DATE, Localizing, Silent, refusal

NEW_YORK = ZoneInfo("America/New_York")

FOR_PERIODS = "in created_in(...), modified_in(...) or CreatedOn.during(...)"
OUTSIDE = "is outside the years 1 to 9999 in UTC; write a time within them"


class Timestamp(datetime):
    """A subclass of datetime, like that of pandas."""


class NotATime(datetime):
    """A datetime that equals nothing, like NaT of pandas."""

    def __ne__(self, other: object) -> bool:
        return True


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
    """Its first second as a start, its last as an end, in its zone."""
    read = format_timestamp(start_of(value, tz)), format_timestamp(end_of(value, tz))

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
        # 01:30 occurs twice, and the value says which it is.
        (datetime(2026, 11, 1, 1, 30, fold=1), "America/New_York", "2026-11-01 06:30:00"),
        (datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK), None, "2026-11-01 05:30:00"),
        (datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK, fold=1), None, "2026-11-01 06:30:00"),
        ("2026-11-01 01:30:00-04:00", "America/New_York", "2026-11-01 05:30:00"),
        ("0001-01-01 05:54:00", "Asia/Kolkata", "0001-01-01 00:00:32"),
    ],
)
def test_a_datetime_is_one_second(value: Any, tz: Any, moment: str) -> None:
    """As a start and as an end."""
    start = start_of(value, tz)

    assert format_timestamp(start) == moment
    assert start.microsecond == 0
    assert (type(start), start.tzinfo) == (datetime, UTC)
    assert end_of(value, tz) == start
    assert not is_whole_day(value)


@pytest.mark.parametrize(
    ("value", "tz", "start", "end"),
    [
        ("2026-03-29 02:00:00", "Europe/Berlin", "2026-03-29 01:00:00", "2026-03-29 00:59:59"),
        ("2026-03-29 02:59:59", "Europe/Berlin", "2026-03-29 01:00:00", "2026-03-29 00:59:59"),
        ("2026-03-08 02:30", "America/New_York", "2026-03-08 07:00:00", "2026-03-08 06:59:59"),
        (datetime(2026, 3, 8, 2, 30), NEW_YORK, "2026-03-08 07:00:00", "2026-03-08 06:59:59"),
        (
            datetime(2026, 3, 8, 2, 30, fold=1),
            NEW_YORK,
            "2026-03-08 07:00:00",
            "2026-03-08 06:59:59",
        ),
        (
            datetime(2026, 3, 8, 2, 30, tzinfo=NEW_YORK),
            None,
            "2026-03-08 07:00:00",
            "2026-03-08 06:59:59",
        ),
        ("2024-03-10 00:30", "America/Havana", "2024-03-10 05:00:00", "2024-03-10 04:59:59"),
        ("2024-10-06 02:15", "Australia/Lord_Howe", "2024-10-05 15:30:00", "2024-10-05 15:29:59"),
        ("2011-12-30 12:00", "Pacific/Apia", "2011-12-30 10:00:00", "2011-12-30 09:59:59"),
    ],
)
def test_a_time_that_clocks_skip_is_beside_the_gap(
    value: Any, tz: Any, start: str, end: str
) -> None:
    read = format_timestamp(start_of(value, tz)), format_timestamp(end_of(value, tz))

    assert read == (start, end)


@pytest.mark.parametrize(
    ("start", "end", "tz", "first", "last"),
    [
        ("02:00:00", "02:59:59", "Europe/Berlin", "2026-10-25 00:00:00", "2026-10-25 01:59:59"),
        ("01:00", "01:59:59", "America/New_York", "2026-11-01 05:00:00", "2026-11-01 06:59:59"),
        ("01:30", "01:59:59", "Australia/Lord_Howe", "2026-04-04 14:30:00", "2026-04-04 15:29:59"),
    ],
)
def test_a_repeated_hour_is_read_whole(
    start: str, end: str, tz: str, first: str, last: str
) -> None:
    """Nothing overlaps at its edges, so nothing warns."""
    day = {"E": "2026-10-25", "Am": "2026-11-01", "Au": "2026-04-05"}
    [date_text] = [text for prefix, text in day.items() if tz.startswith(prefix)]
    period = periods.between(f"{date_text} {start}", f"{date_text} {end}", tz)

    assert (format_timestamp(period.start), format_timestamp(period.end)) == (first, last)


def test_a_time_inside_a_repeated_hour_warns() -> None:
    value, tz = "2026-10-25 02:30:00", "Europe/Berlin"
    with pytest.warns(UserWarning, match="overlaps one that begins at it") as start_warnings:
        start = start_of(value, tz)
    with pytest.warns(UserWarning, match="overlaps one that begins at it") as end_warnings:
        end = end_of(value, tz)

    assert format_timestamp(start) == "2026-10-25 00:30:00"
    assert format_timestamp(end) == "2026-10-25 01:30:00"
    assert str(start_warnings[0].message) == (
        "start: '2026-10-25 02:30:00' occurs twice in Europe/Berlin, where clocks are set back; a "
        "range that ends at it includes both, and overlaps one that begins at it; write "
        "'2026-10-25 02:30:00+02:00' to keep this reading, or '2026-10-25 02:30:00+01:00'"
    )
    assert "write '2026-10-25 02:30:00+01:00' to keep this" in str(end_warnings[0].message)
    assert {w.filename for w in (*start_warnings, *end_warnings)} == {__file__}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("", "''"),
        ("someday", "'someday'"),
        # Python takes each of these for a moment that was not meant.
        ("2017-11-10+05:30", "'2017-11-10+05:30'"),
        ("2017-11-10 12:0000", "'2017-11-10 12:0000'"),
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
def test_other_values_are_rejected(value: Any, found: str) -> None:
    """Anything but a date, a datetime or an ISO 8601 text."""
    texts = refusal(start_of, value), refusal(end_of, value, "Asia/Kolkata", "to")

    assert texts == (f"start: {found} {NO_DATE}", f"to: {found} {NO_DATE}")
    assert not is_whole_day(value)


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("31/01/2026", "'2026-01-31'"),
        (" 2017-11-10", "'2017-11-10'"),
        ("2017-11-10\n", "'2017-11-10'"),
        ("01/02/2026", "'2026-02-01' or '2026-01-02', whichever is meant"),
        # Python takes it for a day.
        ("2017-W45", "'2017-11-06'"),
        ("yesterday", f"periods.yesterday(), {FOR_PERIODS}"),
        ("Last Month", f"periods.last_month(), {FOR_PERIODS}"),
    ],
)
def test_a_date_in_another_format_is_guessed(value: str, hint: str) -> None:
    for error in (refusal(start_of, value), refusal(end_of, value, "Asia/Kolkata", "start")):
        assert error == f"start: {value!r} is not a date; write {hint}"
    assert not is_whole_day(value)


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("2017-11-10 12:00:00\n", "'2017-11-10 12:00:00'"),
        ("2017-11-10 12:00:00 +05:30", "'2017-11-10 06:30:00'"),
    ],
)
def test_a_time_is_guessed_only_in_utc(value: str, hint: str) -> None:
    """In a zone it would be read as another time."""
    assert refusal(start_of, value) == f"start: {value!r} is not a date; write {hint}"
    assert refusal(start_of, value, "Asia/Kolkata") == f"start: {value!r} {NO_DATE}"


@pytest.mark.parametrize("name", ["today", "yesterday", "this week", "last year"])
def test_the_name_of_a_period_is_its_function(name: str) -> None:
    text = refusal(Leads.created_in, name)

    call = text.partition("; write ")[2]
    assert isinstance(eval(call, {"periods": periods}), periods.Period)


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
def test_dates_that_do_not_exist_are_rejected(text: str) -> None:
    found = refusal(start_of, text)

    assert found == f"start: {text!r} does not exist; write a day and time that exist"


def test_a_naive_datetime_needs_a_zone() -> None:
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
def test_years_out_of_range_are_rejected(call: Callable[[], object], text: str) -> None:
    """Before 1 or after 9999."""
    assert refusal(call) == f"{text} {OUTSIDE}"


def test_the_default_zone_is_utc() -> None:
    """None and 'UTC' are UTC; a tzinfo is returned; a name is looked up."""
    found = zone(None), zone("UTC"), zone(KOLKATA), zone("Asia/Kolkata"), zone(Localizing())

    assert found == (UTC, UTC, KOLKATA, ZoneInfo("Asia/Kolkata"), ZoneInfo("Asia/Kolkata"))


@pytest.mark.parametrize(
    ("tz", "found", "hint"),
    [
        ("asia/kolkata", "'asia/kolkata'", "'Asia/Kolkata'"),
        ("Kolkata", "'Kolkata'", "'Asia/Kolkata'"),
        ("America/New York", "'America/New York'", "'America/New_York'"),
        ("Utc", "'Utc'", "'UTC'"),
        ("Asia/Kolkatta", "'Asia/Kolkatta'", "'Asia/Kolkata'"),
        ("new york", "'new york'", "'America/New_York'"),
        # There are Asia/Dubai, America/Boise, and more than one zone of this name.
        ("Asia/Mumbai", "'Asia/Mumbai'", "a name such as 'Asia/Kolkata'"),
        ("America/Boston", "'America/Boston'", "a name such as 'Asia/Kolkata'"),
        ("Pacific", "'Pacific'", "a name such as 'Asia/Kolkata'"),
        ("UTC+5", "'UTC+5'", "a name such as 'Asia/Kolkata'"),
        ("Monday", "'Monday'", "a name such as 'Asia/Kolkata'"),
        ("sun", "'sun'", "a name such as 'Asia/Kolkata'"),
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
def test_unknown_zones_are_rejected(tz: Any, found: str, hint: str) -> None:
    """The message suggests a similar name."""
    text = refusal(zone, tz)

    assert text == f"tz: {found} is not a time zone; write {hint}"
    assert refusal(start_of, "2026-01-01", tz) == text
    assert refusal(periods.today, tz=tz) == text


@pytest.mark.parametrize(
    ("value", "naive"),
    [
        (datetime(2026, 1, 1), True),
        (datetime(2026, 1, 1, tzinfo=Silent()), True),
        (datetime(2026, 1, 1, tzinfo=UTC), False),
        (NotATime(2026, 1, 1), False),
        (date(2026, 1, 1), False),
        ("2026-01-01 00:00:00", False),
    ],
)
def test_naive_datetimes_are_recognized(value: object, naive: bool) -> None:
    """Any datetime without an offset."""
    assert is_naive(value) is naive


def test_wide_digits_are_corrected() -> None:
    """As keyboards for Chinese and Japanese write them."""
    assert refusal(start_of, "\uff12017-11-10") == (
        "start: '\uff12017-11-10' is not a date; write '2017-11-10'"
    )
