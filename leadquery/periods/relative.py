"""Periods of the calendar relative to now, such as `last_month()`.

`now` is the current time unless given, and is converted to `tz` before its date is taken.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from leadquery.errors import QueryError, check_call
from leadquery.periods.calendar import (
    MONTHS,
    Unit,
    Weekday,
    add_days,
    first_of_months,
    period_of_months,
    positive_int,
    weekday_number,
)
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


def _day_before(count: int, today_: date) -> date:
    """The last day of the month, quarter or year before today's."""
    return add_days(first_of_months(count, today_), -1, "now")


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
    return period_of_months(1, _local_date(tz, now), tz)


@check_call
def last_month(*, tz: TimeZone | None = None, now: DateLike | None = None) -> Period:
    """The month before `this_month`, in `tz` (UTC unless given).

    Raises QueryError for a `now` without a time zone unless `tz` is given.
    (API page: Date Filter)

    >>> last_month(now="2026-03-15 12:00:00")
    Period(start='2026-02-01 00:00:00', end='2026-02-28 23:59:59')
    """
    return period_of_months(1, _day_before(1, _local_date(tz, now)), tz)


@check_call
def this_quarter(*, tz: TimeZone | None = None, now: DateLike | None = None) -> Period:
    """The calendar quarter of today, to its end, in `tz` (UTC unless given).

    Raises QueryError for a `now` without a time zone unless `tz` is given.
    (API page: Date Filter)

    >>> this_quarter(now="2026-03-15 12:00:00")
    Period(start='2026-01-01 00:00:00', end='2026-03-31 23:59:59')
    """
    return period_of_months(3, _local_date(tz, now), tz)


@check_call
def last_quarter(*, tz: TimeZone | None = None, now: DateLike | None = None) -> Period:
    """The calendar quarter before `this_quarter`, in `tz` (UTC unless given).

    Raises QueryError for a `now` without a time zone unless `tz` is given.
    (API page: Date Filter)

    >>> last_quarter(now="2026-03-15 12:00:00")
    Period(start='2025-10-01 00:00:00', end='2025-12-31 23:59:59')
    """
    return period_of_months(3, _day_before(3, _local_date(tz, now)), tz)


@check_call
def this_year(*, tz: TimeZone | None = None, now: DateLike | None = None) -> Period:
    """The calendar year of today, to its end, in `tz` (UTC unless given).

    Raises QueryError for a `now` without a time zone unless `tz` is given.
    (API page: Date Filter)

    >>> this_year(now="2026-03-15 12:00:00")
    Period(start='2026-01-01 00:00:00', end='2026-12-31 23:59:59')
    """
    return period_of_months(12, _local_date(tz, now), tz)


@check_call
def last_year(*, tz: TimeZone | None = None, now: DateLike | None = None) -> Period:
    """The calendar year before `this_year`, in `tz` (UTC unless given).

    Raises QueryError for a `now` without a time zone unless `tz` is given.
    (API page: Date Filter)

    >>> last_year(now="2026-03-15 12:00:00")
    Period(start='2025-01-01 00:00:00', end='2025-12-31 23:59:59')
    """
    return period_of_months(12, _day_before(12, _local_date(tz, now)), tz)


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
    length = MONTHS[unit]
    # Months since the year 1.
    present = (12 * (today_.year - 1) + today_.month - 1) // length
    count = positive_int("n", n, f"number of {unit}s before {today_}", present)
    firsts = (length * (present - before) for before in range(count, 0, -1))
    return [
        period_of_months(length, date(first // 12 + 1, first % 12 + 1, 1), tz) for first in firsts
    ]


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
