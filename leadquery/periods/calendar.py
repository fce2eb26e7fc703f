"""Periods of the calendar, absolute (`month(2026, 3)`) and relative to now (`last_month()`).

`now` is the current time unless given, and is converted to `tz` before its date is taken.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from operator import index
from typing import Final, Literal, SupportsIndex, get_args

from leadquery._util.text import closest_match
from leadquery.errors import QueryError, check_call
from leadquery.periods.parsing import (
    DateLike,
    Period,
    TimeZone,
    between,
    out_of_range_error,
    repr_value,
    start_of,
    zone,
)
from leadquery.wire.types import format_timestamp


@check_call
def day(year: int, month: int, day: int, *, tz: TimeZone | None = None) -> Period:
    """One day, in `tz` (UTC unless given).

    Raises QueryError for a day that does not exist, also because clocks in `tz` skipped it.
    (API page: Date Filter)

    >>> day(2026, 3, 1, tz="Asia/Kolkata")
    Period(start='2026-02-28 18:30:00', end='2026-03-01 18:29:59')
    """
    last = _last_day(_check_year(year), _check_month(month))
    only = last.replace(day=positive_int("day", day, f"day of {str(last)[:7]}", last.day))
    return between(only, only, tz)


@check_call
def week(year: int, week: int, *, tz: TimeZone | None = None) -> Period:
    """One week of ISO 8601, Monday to Sunday, in `tz` (UTC unless given).

    Week 1 contains the first Thursday of the year, so it may begin in December.
    Raises QueryError for a week that the year does not have. (API page: Date Filter)

    >>> week(2026, 1)
    Period(start='2025-12-29 00:00:00', end='2026-01-04 23:59:59')
    """
    year = _check_year(year)
    weeks = date(year, 12, 28).isocalendar().week
    monday = date.fromisocalendar(year, positive_int("week", week, f"week of {year}", weeks), 1)
    return between(monday, add_days(monday, 6, "week"), tz)


@check_call
def month(year: int, month: int, *, tz: TimeZone | None = None) -> Period:
    """One month, in `tz` (UTC unless given).

    Raises QueryError for a month other than 1 to 12. (API page: Date Filter)

    >>> month(2028, 2)
    Period(start='2028-02-01 00:00:00', end='2028-02-29 23:59:59')
    """
    return _months(1, date(_check_year(year), _check_month(month), 1), tz)


@check_call
def quarter(year: int, quarter: int, *, tz: TimeZone | None = None) -> Period:
    """Three months of a calendar year, in `tz` (UTC unless given); quarter 1 begins in January.

    Raises QueryError for a quarter other than 1 to 4. (API page: Date Filter)

    >>> quarter(2026, 2)
    Period(start='2026-04-01 00:00:00', end='2026-06-30 23:59:59')
    """
    month = 3 * positive_int("quarter", quarter, "quarter", 4)
    return _months(3, date(_check_year(year), month, 1), tz)


@check_call
def year(year: int, *, tz: TimeZone | None = None) -> Period:
    """One calendar year, in `tz` (UTC unless given).

    Raises QueryError for a year other than 1 to 9999. (API page: Date Filter)

    >>> year(2026, tz="Asia/Kolkata")
    Period(start='2025-12-31 18:30:00', end='2026-12-31 18:29:59')
    """
    return _months(12, date(_check_year(year), 1, 1), tz)


def positive_int(what: str, value: SupportsIndex, noun: str, most: int) -> int:
    """A whole number from 1 to `most`; numbers of numpy are accepted, True is not."""
    try:
        number = 0 if isinstance(value, bool) else index(value)
    except TypeError:
        number = 0
    if not 1 <= number <= most:
        raise QueryError(
            f"{what}: {repr_value(value)} is not a {noun}; write a whole number from 1 to {most}"
        )
    return number


def add_days(day: date, count: int, what: str) -> date:
    """The day `count` days later."""
    try:
        return day + timedelta(days=count)
    except OverflowError:
        raise out_of_range_error(what, f"{day} {count:+} days") from None


def _check_year(value: int) -> int:
    return positive_int("year", value, "year", date.max.year)


def _check_month(value: int) -> int:
    return positive_int("month", value, "month", 12)


def _months(count: int, day: date, tz: TimeZone | None) -> Period:
    """The month (1), quarter (3) or year (12) that a day is in."""
    first = _first_day(count, day)
    return between(first, _last_day(first.year, first.month + count - 1), tz)


def _first_day(count: int, day: date) -> date:
    return date(day.year, day.month - (day.month - 1) % count, 1)


def first_day(unit: Unit, day: date, week_starts: int = 0) -> date:
    """The first day of the calendar period that a day is in; weeks begin on a weekday's number."""
    if unit == "week":
        return day - timedelta(days=(day.weekday() - week_starts) % 7)
    return day if unit == "day" else _first_day(_MONTHS[unit], day)


def _day_before(count: int, today_: date) -> date:
    """The last day of the month, quarter or year before today's."""
    return add_days(_first_day(count, today_), -1, "now")


def _last_day(year: int, month: int) -> date:
    # December of the year 9999 has no next month.
    return date(year, 12, 31) if month == 12 else date(year, month + 1, 1) - timedelta(days=1)


Unit = Literal["day", "week", "month", "quarter", "year"]
"""A calendar period."""

_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
"""The first day of a week."""


@check_call
def today(*, tz: TimeZone | None = None, now: DateLike | None = None) -> Period:
    """Today, to the end of the day, in `tz` (UTC unless given).

    Raises QueryError for a `now` without a time zone unless `tz` is given.
    (API page: Date Filter)

    >>> today(tz="Asia/Kolkata", now="2026-03-15 20:00:00+00:00")
    Period(start='2026-03-15 18:30:00', end='2026-03-16 18:29:59')
    """
    today_ = _local_date(tz, now)
    return between(today_, today_, tz)


@check_call
def yesterday(*, tz: TimeZone | None = None, now: DateLike | None = None) -> Period:
    """Yesterday, in `tz` (UTC unless given).

    Raises QueryError for a `now` without a time zone unless `tz` is given.
    (API page: Date Filter)

    >>> yesterday(now="2026-03-01 12:00:00")
    Period(start='2026-02-28 00:00:00', end='2026-02-28 23:59:59')
    """
    before = add_days(_local_date(tz, now), -1, "now")
    return between(before, before, tz)


@check_call
def last_days(n: int, *, tz: TimeZone | None = None, now: DateLike | None = None) -> Period:
    """The `n` whole days before today, without today, in `tz` (UTC unless given).

    Raises QueryError for an `n` below 1, and for a `now` without a time zone unless `tz` is given.
    (API page: Date Filter)

    >>> last_days(7, now="2026-03-15 12:00:00")
    Period(start='2026-03-08 00:00:00', end='2026-03-14 23:59:59')
    """
    today_ = _local_date(tz, now)
    count = positive_int("n", n, f"number of days before {today_}", today_.toordinal() - 1)
    return between(add_days(today_, -count, "n"), add_days(today_, -1, "n"), tz)


@check_call
def this_week(
    *, tz: TimeZone | None = None, now: DateLike | None = None, week_starts: Weekday = "monday"
) -> Period:
    """The week of today, to its end, in `tz` (UTC unless given).

    Weeks begin on Monday, as in ISO 8601, or on `week_starts`. Raises QueryError for an unknown
    `week_starts`, and for a `now` without a time zone unless `tz` is given.
    (API page: Date Filter)

    >>> this_week(now="2026-03-15 12:00:00", week_starts="sunday")
    Period(start='2026-03-15 00:00:00', end='2026-03-21 23:59:59')
    """
    return _week_of(_local_date(tz, now), 0, tz, week_starts)


@check_call
def last_week(
    *, tz: TimeZone | None = None, now: DateLike | None = None, week_starts: Weekday = "monday"
) -> Period:
    """The week before `this_week`, in `tz` (UTC unless given).

    Arguments and errors are those of `this_week`.

    >>> last_week(now="2026-03-15 12:00:00")
    Period(start='2026-03-02 00:00:00', end='2026-03-08 23:59:59')
    """
    return _week_of(_local_date(tz, now), -7, tz, week_starts)


@check_call
def this_month(*, tz: TimeZone | None = None, now: DateLike | None = None) -> Period:
    """The month of today, to its end, in `tz` (UTC unless given).

    Raises QueryError for a `now` without a time zone unless `tz` is given.
    (API page: Date Filter)

    >>> this_month(now="2026-03-15 12:00:00")
    Period(start='2026-03-01 00:00:00', end='2026-03-31 23:59:59')
    """
    return _months(1, _local_date(tz, now), tz)


@check_call
def last_month(*, tz: TimeZone | None = None, now: DateLike | None = None) -> Period:
    """The month before `this_month`, in `tz` (UTC unless given).

    Raises QueryError for a `now` without a time zone unless `tz` is given.
    (API page: Date Filter)

    >>> last_month(now="2026-03-15 12:00:00")
    Period(start='2026-02-01 00:00:00', end='2026-02-28 23:59:59')
    """
    return _months(1, _day_before(1, _local_date(tz, now)), tz)


@check_call
def this_quarter(*, tz: TimeZone | None = None, now: DateLike | None = None) -> Period:
    """The calendar quarter of today, to its end, in `tz` (UTC unless given).

    Raises QueryError for a `now` without a time zone unless `tz` is given.
    (API page: Date Filter)

    >>> this_quarter(now="2026-03-15 12:00:00")
    Period(start='2026-01-01 00:00:00', end='2026-03-31 23:59:59')
    """
    return _months(3, _local_date(tz, now), tz)


@check_call
def last_quarter(*, tz: TimeZone | None = None, now: DateLike | None = None) -> Period:
    """The calendar quarter before `this_quarter`, in `tz` (UTC unless given).

    Raises QueryError for a `now` without a time zone unless `tz` is given.
    (API page: Date Filter)

    >>> last_quarter(now="2026-03-15 12:00:00")
    Period(start='2025-10-01 00:00:00', end='2025-12-31 23:59:59')
    """
    return _months(3, _day_before(3, _local_date(tz, now)), tz)


@check_call
def this_year(*, tz: TimeZone | None = None, now: DateLike | None = None) -> Period:
    """The calendar year of today, to its end, in `tz` (UTC unless given).

    Raises QueryError for a `now` without a time zone unless `tz` is given.
    (API page: Date Filter)

    >>> this_year(now="2026-03-15 12:00:00")
    Period(start='2026-01-01 00:00:00', end='2026-12-31 23:59:59')
    """
    return _months(12, _local_date(tz, now), tz)


@check_call
def last_year(*, tz: TimeZone | None = None, now: DateLike | None = None) -> Period:
    """The calendar year before `this_year`, in `tz` (UTC unless given).

    Raises QueryError for a `now` without a time zone unless `tz` is given.
    (API page: Date Filter)

    >>> last_year(now="2026-03-15 12:00:00")
    Period(start='2025-01-01 00:00:00', end='2025-12-31 23:59:59')
    """
    return _months(12, _day_before(12, _local_date(tz, now)), tz)


@check_call
def since(start: DateLike, *, tz: TimeZone | None = None, now: DateLike | None = None) -> Period:
    """From `start` until now, both read in `tz` (UTC unless given).

    Raises QueryError for a start in the future, and for a datetime without a time zone unless `tz`
    is given. (API page: Date Filter)

    >>> since("2026-03-01", now="2026-03-15 12:00:00")
    Period(start='2026-03-01 00:00:00', end='2026-03-15 12:00:00')
    """
    first, present = start_of(start, tz), _resolve_now(tz, now)
    if first > present:
        raise QueryError(
            f"start {format_timestamp(first)} is in the future; "
            f"now is {format_timestamp(present)} (UTC)"
        )
    return Period(first, present)


@check_call
def weeks(year: int, *, tz: TimeZone | None = None) -> list[Period]:
    """The weeks of ISO 8601 of a year in their order, in `tz` (UTC unless given); see `week`.

    >>> len(weeks(2026)), weeks(2026)[0]
    (53, Period(start='2025-12-29 00:00:00', end='2026-01-04 23:59:59'))
    """
    last = date(_check_year(year), 12, 28).isocalendar().week
    return [week(year, number, tz=tz) for number in range(1, last + 1)]


@check_call
def months(year: int, *, tz: TimeZone | None = None) -> list[Period]:
    """The twelve months of a year in their order, in `tz` (UTC unless given).

    >>> months(2026)[1]
    Period(start='2026-02-01 00:00:00', end='2026-02-28 23:59:59')
    """
    return [month(year, number, tz=tz) for number in range(1, 13)]


@check_call
def quarters(year: int, *, tz: TimeZone | None = None) -> list[Period]:
    """The four calendar quarters of a year in their order, in `tz` (UTC unless given).

    >>> quarters(2026)[1]
    Period(start='2026-04-01 00:00:00', end='2026-06-30 23:59:59')
    """
    return [quarter(year, number, tz=tz) for number in range(1, 5)]


@check_call
def last_weeks(
    n: int,
    *,
    tz: TimeZone | None = None,
    now: DateLike | None = None,
    week_starts: Weekday = "monday",
) -> list[Period]:
    """The `n` whole weeks before this one, the earliest first, in `tz` (UTC unless given).

    The last one is `last_week`, whose arguments and errors these are. Raises QueryError for an `n`
    below 1.

    >>> last_weeks(2, now="2026-03-15 12:00:00")[0]
    Period(start='2026-02-23 00:00:00', end='2026-03-01 23:59:59')
    """
    today_ = _local_date(tz, now)
    count = positive_int("n", n, f"number of weeks before {today_}", today_.toordinal() // 7)
    return [_week_of(today_, -7 * before, tz, week_starts) for before in range(count, 0, -1)]


@check_call
def last_months(n: int, *, tz: TimeZone | None = None, now: DateLike | None = None) -> list[Period]:
    """The `n` whole months before this one, the earliest first, in `tz` (UTC unless given).

    Raises QueryError for an `n` below 1, and for a `now` without a time zone unless `tz` is given.

    >>> last_months(3, now="2026-03-15 12:00:00")[0]
    Period(start='2025-12-01 00:00:00', end='2025-12-31 23:59:59')
    """
    return _last_periods("month", n, tz, now)


@check_call
def last_quarters(
    n: int, *, tz: TimeZone | None = None, now: DateLike | None = None
) -> list[Period]:
    """The `n` whole calendar quarters before this one; see `last_months`.

    >>> last_quarters(2, now="2026-03-15 12:00:00")[0]
    Period(start='2025-07-01 00:00:00', end='2025-09-30 23:59:59')
    """
    return _last_periods("quarter", n, tz, now)


@check_call
def last_years(n: int, *, tz: TimeZone | None = None, now: DateLike | None = None) -> list[Period]:
    """The `n` whole calendar years before this one; see `last_months`.

    >>> last_years(2, now="2026-03-15 12:00:00")[0]
    Period(start='2024-01-01 00:00:00', end='2024-12-31 23:59:59')
    """
    return _last_periods("year", n, tz, now)


def _last_periods(unit: Unit, n: int, tz: TimeZone | None, now: DateLike | None) -> list[Period]:
    today_ = _local_date(tz, now)
    length = _MONTHS[unit]
    # Months since the year 1.
    present = (12 * (today_.year - 1) + today_.month - 1) // length
    count = positive_int("n", n, f"number of {unit}s before {today_}", present)
    firsts = (length * (present - before) for before in range(count, 0, -1))
    return [_months(length, date(first // 12 + 1, first % 12 + 1, 1), tz) for first in firsts]


def _resolve_now(tz: TimeZone | None, now: DateLike | None) -> datetime:
    return datetime.now(UTC) if now is None else start_of(now, tz, "now")


def _local_date(tz: TimeZone | None, now: DateLike | None) -> date:
    moment = _resolve_now(tz, now)
    try:
        return moment.astimezone(zone(tz)).date()
    except OverflowError:
        raise out_of_range_error("now", repr_value(now)) from None


def _week_of(today_: date, shift: int, tz: TimeZone | None, week_starts: Weekday) -> Period:
    days_into_week = (today_.weekday() - weekday_number(week_starts)) % 7
    first = add_days(today_, shift - days_into_week, "now")
    return between(first, add_days(first, 6, "now"), tz)


def weekday_number(name: object) -> int:
    """The number of a weekday, from Monday as 0. Raises QueryError for an unknown name."""
    names = {name: number for number, name in enumerate(get_args(Weekday))}
    if isinstance(name, str) and name in names:
        return names[name]
    near = (
        closest_match(name.casefold(), {name: name for name in names})
        if isinstance(name, str)
        else None
    )
    raise QueryError(
        f"week_starts: {repr_value(name)} is not a day of the week; write {near or 'monday'!r}"
    )
