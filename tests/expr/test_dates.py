"""Dates and times of day in conditions."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest

from leadquery import periods
from leadquery.expr.field_types import Date, DateTime, Field, Time
from tests.expr.support import literal, one, refusal, sent

DAY = Date("mx_A")
KOLKATA = timezone(timedelta(hours=5, minutes=30))
NAIVE = datetime(2026, 1, 31, 10)
_FIRST, _LAST = "2026-01-31 00:00:00", "2026-01-31 23:59:59"
SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
TOKENS = {sign: {"==": "=", "!=": "<>"}.get(sign, sign) for sign in SIGNS}


@pytest.mark.parametrize("field_type", [Date, DateTime])
@pytest.mark.parametrize("day", ["2026-01-31", "20260131", date(2026, 1, 31)])
@pytest.mark.parametrize(
    ("sign", "filters"),
    [
        ("==", [one(">=", _FIRST), one("<=", _LAST)]),
        ("<", [one("<", _FIRST)]),
        ("<=", [one("<=", _LAST)]),
        (">", [one(">", _LAST)]),
        (">=", [one(">=", _FIRST)]),
    ],
)
def test_a_bare_date_is_its_whole_day(field_type: Any, day: Any, sign: str, filters: Any) -> None:
    """For every comparison."""
    assert sent(SIGNS[sign](field_type("mx_A"), day)) == filters


@pytest.mark.parametrize("day", ["2026-01-31", date(2026, 1, 31)])
def test_all_but_one_day_is_refused(day: Any) -> None:
    """Before or after a day is two ranges."""
    assert refusal(lambda: day != DAY) == (
        f'Date("mx_A") != {literal(day)} is two ranges; write '
        f'(Date("mx_A") < {literal(day)}) | (Date("mx_A") > {literal(day)})'
    )


def test_an_untyped_field_reads_a_date_as_a_day_and_text_as_text() -> None:
    """A text that looks like a date is sent unchanged."""
    field = Field("mx_A")

    assert sent(field == date(2026, 1, 31)) == [one(">=", _FIRST), one("<=", _LAST)]
    assert sent(field > date(2026, 1, 31)) == [one(">", _LAST)]
    assert sent(field == "2026-01-31") == [one("=", "2026-01-31")]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2026-01-31 10:00:00", "2026-01-31 10:00:00"),
        ("2026-01-31T10:00", "2026-01-31 10:00:00"),
        ("2026-01-31T10:00:00Z", "2026-01-31 10:00:00"),
        ("2026-01-31T10:00:00+05:30", "2026-01-31 04:30:00"),
        ("2026-01-31 23:00:00-02:00", "2026-02-01 01:00:00"),
        ("2026-01-31 10:00:00.999999", "2026-01-31 10:00:00"),
        (datetime(2026, 1, 31, 10, tzinfo=UTC), "2026-01-31 10:00:00"),
        (datetime(2026, 1, 31, 10, tzinfo=KOLKATA), "2026-01-31 04:30:00"),
        (datetime(2026, 1, 31, tzinfo=UTC), "2026-01-31 00:00:00"),
        (datetime(2026, 1, 31, 10, 0, 0, 999_999, tzinfo=UTC), "2026-01-31 10:00:00"),
    ],
)
def test_a_moment_is_sent_in_utc_to_the_second(sign: str, value: Any, text: str) -> None:
    """Offsets are converted, fractions dropped; midnight is one second, not a day."""
    assert sent(SIGNS[sign](DAY, value)) == [one(TOKENS[sign], text)]


@pytest.mark.parametrize("field", [DAY, DateTime("mx_A"), Field("mx_A")])
@pytest.mark.parametrize("sign", SIGNS)
def test_a_naive_datetime_is_rejected(field: Any, sign: str) -> None:
    """It usually is the local time of the machine."""
    text = refusal(lambda: SIGNS[sign](field, NAIVE))

    assert text == (
        "mx_A: 2026-01-31 10:00:00 has no time zone; write datetime(..., tzinfo=timezone.utc), or "
        f"text, which is read as UTC; for another zone use {field!r}.during(period)"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, 'Date("mx_A") compares with a date such as {date}, not 5'),
        (True, 'Date("mx_A") compares with a date such as {date}, not True'),
        (time(9, 30), 'Date("mx_A") compares with a date such as {date}, not datetime.time(9, 30)'),
        ("31.01.2026", "mx_A: '31.01.2026' is not a date; write '2026-01-31'"),
        ("2026-1-31", "mx_A: '2026-1-31' is not a date; write '2026-01-31'"),
        ("someday", "mx_A: 'someday' is not a date; {moments}"),
        ("2026-02-30", "mx_A: '2026-02-30' does not exist; {exist}"),
        ("2026-01-31 24:00:00", "mx_A: '2026-01-31 24:00:00' does not exist; {exist}"),
    ],
)
def test_other_values_are_no_dates(value: Any, text: str) -> None:
    """The message names the field, the value and the format of dates."""
    message = text.format(
        date="'2026-01-31' or datetime.date(2026, 1, 31)",
        moments="write '2026-01-31', '2026-01-31 12:00:00', a date or a datetime",
        exist="write a day and time that exist",
    )

    assert refusal(lambda: value == DAY) == message


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        ("2026-01-31", "2026-02-02", (_FIRST, "2026-02-02 23:59:59")),
        (date(2026, 1, 31), date(2026, 1, 31), (_FIRST, _LAST)),
        ("2026-01-31 10:00:00", "2026-01-31", ("2026-01-31 10:00:00", _LAST)),
        ("2026-01-31", "2026-01-31 10:00:00", (_FIRST, "2026-01-31 10:00:00")),
        ("2026-01-31T10:00:00Z", "2026-01-31T15:30:00+05:30", ("2026-01-31 10:00:00",) * 2),
    ],
)
def test_between_days_is_whole_days(low: Any, high: Any, texts: tuple[str, str]) -> None:
    """From the first second of the first day to the last of the last."""
    assert sent(DAY.between(low, high)) == [one(">=", texts[0]), one("<=", texts[1])]


@pytest.mark.parametrize(
    ("low", "high"),
    [
        ("2026-02-01", "2026-01-31"),
        (date(2026, 2, 1), date(2026, 1, 31)),
        ("2026-01-31 10:00:01", "2026-01-31 10:00:00"),
        ("2026-01-31T10:00:00Z", "2026-01-31T10:00:00+05:30"),
    ],
)
def test_a_reversed_between_is_rejected(low: Any, high: Any) -> None:
    """The message has the ends in order."""
    assert refusal(lambda: DAY.between(low, high)) == (
        f'Date("mx_A").between({literal(low)}, {literal(high)}) ends before it starts; '
        f"write between({literal(high)}, {literal(low)})"
    )


@pytest.mark.parametrize("field", [DAY, DateTime("mx_A"), Field("mx_A")])
@pytest.mark.parametrize(
    ("period", "texts"),
    [
        (periods.day(2026, 1, 31), (_FIRST, _LAST)),
        (
            periods.day(2026, 1, 31, tz="Asia/Kolkata"),
            ("2026-01-30 18:30:00", "2026-01-31 18:29:59"),
        ),
        (periods.month(2026, 2), ("2026-02-01 00:00:00", "2026-02-28 23:59:59")),
        (periods.last_days(1, now="2026-02-01 12:00:00"), (_FIRST, _LAST)),
    ],
)
def test_during_is_a_period_with_both_ends(field: Any, period: Any, texts: tuple[str, str]) -> None:
    """A period in any zone is two filters in UTC."""
    assert sent(field.during(period)) == [one(">=", texts[0]), one("<=", texts[1])]


@pytest.mark.parametrize("given", ["2026-01", None, date(2026, 1, 31)])
def test_during_takes_a_period(given: Any) -> None:
    """Not a text."""
    assert refusal(lambda: DAY.during(given)) == (
        f'Date("mx_A").during takes a period such as periods.last_month(), not {literal(given)}'
    )


@pytest.mark.parametrize("field_type", [Time, Field])
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (time(9, 30), "09:30:00"),
        (time(0), "00:00:00"),
        (time(23, 59, 59, 999_999), "23:59:59"),
    ],
)
def test_a_time_of_day_is_sent_to_the_second(field_type: Any, value: time, text: str) -> None:
    """Fractions are dropped."""
    assert sent(field_type("mx_A") == value) == [one("=", text)]


@pytest.mark.parametrize(
    ("value", "text"),
    [("09:30:00", "09:30:00"), ("09:30", "09:30:00"), ("09:30:15.999", "09:30:15")],
)
def test_a_text_is_read_as_a_time_of_day(value: str, text: str) -> None:
    """Seconds are optional."""
    assert sent(Time("mx_A") >= value) == [one(">=", text)]


@pytest.mark.parametrize(
    "value",
    [
        *("9:30", "24:00", "25:00:00", "09:60", "9 am", "09:30Z", "2026", "T09", "0930", "093000"),
        *("09", "09:30:", "09:30:0", "09:30:00.", "\uff109:30", "09:30\n", " 09:30"),
        *(5, time(9, 30, tzinfo=UTC), NAIVE),
    ],
)
def test_other_values_are_no_times_of_day(value: Any) -> None:
    """Such as times with one digit, or with a zone."""
    assert refusal(lambda: Time("mx_A") == value) == (
        'Time("mx_A") compares with a time of day written HH:MM or HH:MM:SS, without a zone, '
        f"not {value!r}"
    )
