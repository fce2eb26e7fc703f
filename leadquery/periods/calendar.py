"""Periods of the calendar by their numbers, such as `month(2026, 3)`."""

from __future__ import annotations

from datetime import date, timedelta
from operator import index
from typing import Final, Literal, SupportsIndex, get_args

from leadquery._util.text import closest_match
from leadquery.errors import QueryError, check_call
from leadquery.periods.parsing import Period, TimeZone, between, out_of_range_error, repr_value


@check_call
def day(year: int, month: int, day: int, *, tz: TimeZone | None = None) -> Period:
    """One day, in `tz` (UTC unless given).

    Raises QueryError for a day that does not exist, also because clocks in `tz` skipped it.
    (API page: Date Filter)

    >>> day(2026, 3, 1, tz="Asia/Kolkata")
    Period(start='2026-02-28 18:30:00', end='2026-03-01 18:29:59')
    """
    last = last_of_month(_check_year(year), _check_month(month))
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
    return period_of_months(1, date(_check_year(year), _check_month(month), 1), tz)


@check_call
def quarter(year: int, quarter: int, *, tz: TimeZone | None = None) -> Period:
    """Three months of a calendar year, in `tz` (UTC unless given); quarter 1 begins in January.

    Raises QueryError for a quarter other than 1 to 4. (API page: Date Filter)

    >>> quarter(2026, 2)
    Period(start='2026-04-01 00:00:00', end='2026-06-30 23:59:59')
    """
    month = 3 * positive_int("quarter", quarter, "quarter", 4)
    return period_of_months(3, date(_check_year(year), month, 1), tz)


@check_call
def year(year: int, *, tz: TimeZone | None = None) -> Period:
    """One calendar year, in `tz` (UTC unless given).

    Raises QueryError for a year other than 1 to 9999. (API page: Date Filter)

    >>> year(2026, tz="Asia/Kolkata")
    Period(start='2025-12-31 18:30:00', end='2026-12-31 18:29:59')
    """
    return period_of_months(12, date(_check_year(year), 1, 1), tz)


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


def first_day(unit: Unit, day: date, week_starts: int = 0) -> date:
    """The first day of the calendar period that a day is in; weeks begin on a weekday's number."""
    if unit == "week":
        return day - timedelta(days=(day.weekday() - week_starts) % 7)
    return day if unit == "day" else first_of_months(MONTHS[unit], day)


def last_of_month(year: int, month: int) -> date:
    # December of the year 9999 has no next month.
    return date(year, 12, 31) if month == 12 else date(year, month + 1, 1) - timedelta(days=1)


Unit = Literal["day", "week", "month", "quarter", "year"]
"""A calendar period."""

MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}


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


Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
"""The first day of a week."""


def weekday_number(name: object) -> int:
    """The number of a weekday, from Monday as 0. Raises QueryError for an unknown name."""
    names = {name: number for number, name in enumerate(get_args(Weekday))}
    if isinstance(name, str) and name in names:
        return names[name]
    written = name.casefold().strip(". ") if isinstance(name, str) else ""
    short = [day for day in names if len(written) > 1 and day.startswith(written)]
    near = closest_match(written, {day: day for day in names}) or "".join(short[:1])
    hint = repr(near) if near else "the name of a day such as 'sunday'"
    raise QueryError(f"week_starts: {repr_value(name)} is not a day of the week; write {hint}")


def period_of_months(count: int, day: date, tz: TimeZone | None) -> Period:
    """The month (1), quarter (3) or year (12) that a day is in."""
    first = first_of_months(count, day)
    return between(first, last_of_month(first.year, first.month + count - 1), tz)


def first_of_months(count: int, day: date) -> date:
    return date(day.year, day.month - (day.month - 1) % count, 1)
