"""Periods that the calendar names: a day, a week, a month, a quarter, a year."""

from __future__ import annotations

from datetime import date, timedelta
from operator import index
from typing import SupportsIndex

from leadquery.errors import QueryError
from leadquery.periods.parsing import TimeZone, out_of_range_error, repr_value
from leadquery.periods.period import Period, days


def day(year: int, month: int, day: int, *, tz: TimeZone | None = None) -> Period:
    """One day, in `tz` (UTC unless given).

    Raises QueryError for a day that no calendar has, or that clocks in `tz` skipped.
    API page: Date Filter.

    >>> day(2026, 3, 1, tz="Asia/Kolkata")
    Period(start='2026-02-28 18:30:00', end='2026-03-01 18:29:59')
    """
    last = _last_of(_year(year), _month(month))
    only = last.replace(day=positive_int("day", day, f"day of {str(last)[:7]}", last.day))
    return days(only, only, tz)


def week(year: int, week: int, *, tz: TimeZone | None = None) -> Period:
    """One week of ISO 8601, Monday to Sunday, in `tz` (UTC unless given).

    Week 1 holds the first Thursday of the year, so it may begin in the December before.
    Raises QueryError for a week that the year does not have. API page: Date Filter.

    >>> week(2026, 1)
    Period(start='2025-12-29 00:00:00', end='2026-01-04 23:59:59')
    """
    year = _year(year)
    weeks = date(year, 12, 28).isocalendar().week
    monday = date.fromisocalendar(year, positive_int("week", week, f"week of {year}", weeks), 1)
    return days(monday, add_days(monday, 6, "week"), tz)


def month(year: int, month: int, *, tz: TimeZone | None = None) -> Period:
    """One month, in `tz` (UTC unless given).

    Raises QueryError for a month other than 1 to 12. API page: Date Filter.

    >>> month(2028, 2)
    Period(start='2028-02-01 00:00:00', end='2028-02-29 23:59:59')
    """
    last = _last_of(_year(year), _month(month))
    return days(last.replace(day=1), last, tz)


def quarter(year: int, quarter: int, *, tz: TimeZone | None = None) -> Period:
    """Three months of a calendar year, in `tz` (UTC unless given); quarter 1 begins in January.

    Raises QueryError for a quarter other than 1 to 4. API page: Date Filter.

    >>> quarter(2026, 2)
    Period(start='2026-04-01 00:00:00', end='2026-06-30 23:59:59')
    """
    last = _last_of(_year(year), 3 * positive_int("quarter", quarter, "quarter", 4))
    return days(last.replace(month=last.month - 2, day=1), last, tz)


def year(year: int, *, tz: TimeZone | None = None) -> Period:
    """One calendar year, in `tz` (UTC unless given).

    Raises QueryError for a year other than 1 to 9999. API page: Date Filter.

    >>> year(2026, tz="Asia/Kolkata")
    Period(start='2025-12-31 18:30:00', end='2026-12-31 18:29:59')
    """
    number = _year(year)
    return days(date(number, 1, 1), date(number, 12, 31), tz)


def positive_int(what: str, value: SupportsIndex, kind: str, most: int) -> int:
    """A whole number from 1 on; numbers of numpy count, True does not."""
    try:
        number = 0 if isinstance(value, bool) else index(value)
    except TypeError:
        number = 0
    if not 1 <= number <= most:
        raise QueryError(
            f"{what}: {repr_value(value)} is no {kind}; write a whole number from 1 to {most}"
        )
    return number


def add_days(day: date, count: int, what: str) -> date:
    """The day so many days later."""
    try:
        return day + timedelta(days=count)
    except OverflowError:
        raise out_of_range_error(what, f"{day} {count:+} days") from None


def _year(value: int) -> int:
    return positive_int("year", value, "year", date.max.year)


def _month(value: int) -> int:
    return positive_int("month", value, "month", 12)


def _last_of(year: int, month: int) -> date:
    # December is set apart because no January follows that of the year 9999.
    return date(year, 12, 31) if month == 12 else date(year, month + 1, 1) - timedelta(days=1)
