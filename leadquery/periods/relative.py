"""Periods as seen from now: today, last month, the last 30 days.

`now` is a moment, as `start_of` reads it, and the present one unless given. It is converted to
`tz` before its date is taken.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Literal, get_args

from leadquery._util.suggest import closest_match
from leadquery.errors import QueryError
from leadquery.periods import calendar
from leadquery.periods.calendar import add_days, positive_int
from leadquery.periods.parsing import (
    DateLike,
    TimeZone,
    out_of_range_error,
    repr_value,
    start_of,
    zone,
)
from leadquery.periods.period import Period, days
from leadquery.wire.types import format_timestamp

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
"""The day a week begins with."""


def today(*, tz: TimeZone | None = None, now: DateLike | None = None) -> Period:
    """The whole day that `now` falls in, in `tz` (UTC unless given), hours to come included.

    Raises QueryError for a `now` without time zone, unless `tz` is given. API page: Date Filter.

    >>> today(tz="Asia/Kolkata", now="2026-03-15 20:00:00+00:00")
    Period(start='2026-03-15 18:30:00', end='2026-03-16 18:29:59')
    """
    here = _date(tz, now)
    return days(here, here, tz)


def yesterday(*, tz: TimeZone | None = None, now: DateLike | None = None) -> Period:
    """The whole day before `today`, in `tz` (UTC unless given).

    Raises QueryError for a `now` without time zone, unless `tz` is given. API page: Date Filter.

    >>> yesterday(now="2026-03-01 12:00:00")
    Period(start='2026-02-28 00:00:00', end='2026-02-28 23:59:59')
    """
    before = add_days(_date(tz, now), -1, "now")
    return days(before, before, tz)


def last_days(n: int, *, tz: TimeZone | None = None, now: DateLike | None = None) -> Period:
    """The `n` whole days before today, in `tz` (UTC unless given); today is not among them.

    Raises QueryError for an `n` below 1, and for a `now` without time zone, unless `tz` is given.
    API page: Date Filter.

    >>> last_days(7, now="2026-03-15 12:00:00")
    Period(start='2026-03-08 00:00:00', end='2026-03-14 23:59:59')
    """
    here = _date(tz, now)
    count = positive_int("n", n, f"number of days before {here}", here.toordinal() - 1)
    return days(add_days(here, -count, "n"), add_days(here, -1, "n"), tz)


def this_week(
    *, tz: TimeZone | None = None, now: DateLike | None = None, week_starts: Weekday = "monday"
) -> Period:
    """The whole week that `now` falls in, in `tz` (UTC unless given), days to come included.

    Weeks are those of ISO 8601 and begin on Monday, unless `week_starts` says otherwise.
    Raises QueryError for an unknown `week_starts`, and for a `now` without time zone, unless `tz`
    is given. API page: Date Filter.

    >>> this_week(now="2026-03-15 12:00:00", week_starts="sunday")
    Period(start='2026-03-15 00:00:00', end='2026-03-21 23:59:59')
    """
    return _week(_date(tz, now), 0, tz, week_starts)


def last_week(
    *, tz: TimeZone | None = None, now: DateLike | None = None, week_starts: Weekday = "monday"
) -> Period:
    """The whole week before `this_week`, in `tz` (UTC unless given).

    Weeks are those of ISO 8601 and begin on Monday, unless `week_starts` says otherwise.
    Raises QueryError for an unknown `week_starts`, and for a `now` without time zone, unless `tz`
    is given. API page: Date Filter.

    >>> last_week(now="2026-03-15 12:00:00")
    Period(start='2026-03-02 00:00:00', end='2026-03-08 23:59:59')
    """
    return _week(_date(tz, now), -7, tz, week_starts)


def this_month(*, tz: TimeZone | None = None, now: DateLike | None = None) -> Period:
    """The whole month that `now` falls in, in `tz` (UTC unless given), days to come included.

    Raises QueryError for a `now` without time zone, unless `tz` is given. API page: Date Filter.

    >>> this_month(now="2026-03-15 12:00:00")
    Period(start='2026-03-01 00:00:00', end='2026-03-31 23:59:59')
    """
    here = _date(tz, now)
    return calendar.month(here.year, here.month, tz=tz)


def last_month(*, tz: TimeZone | None = None, now: DateLike | None = None) -> Period:
    """The whole month before `this_month`, in `tz` (UTC unless given).

    Raises QueryError for a `now` without time zone, unless `tz` is given. API page: Date Filter.

    >>> last_month(now="2026-03-15 12:00:00")
    Period(start='2026-02-01 00:00:00', end='2026-02-28 23:59:59')
    """
    before = add_days(_date(tz, now).replace(day=1), -1, "now")
    return calendar.month(before.year, before.month, tz=tz)


def this_quarter(*, tz: TimeZone | None = None, now: DateLike | None = None) -> Period:
    """The whole calendar quarter that `now` falls in, in `tz` (UTC unless given).

    Raises QueryError for a `now` without time zone, unless `tz` is given. API page: Date Filter.

    >>> this_quarter(now="2026-03-15 12:00:00")
    Period(start='2026-01-01 00:00:00', end='2026-03-31 23:59:59')
    """
    here = _date(tz, now)
    return calendar.quarter(here.year, _quarter(here), tz=tz)


def last_quarter(*, tz: TimeZone | None = None, now: DateLike | None = None) -> Period:
    """The whole calendar quarter before `this_quarter`, in `tz` (UTC unless given).

    Raises QueryError for a `now` without time zone, unless `tz` is given. API page: Date Filter.

    >>> last_quarter(now="2026-03-15 12:00:00")
    Period(start='2025-10-01 00:00:00', end='2025-12-31 23:59:59')
    """
    here = _date(tz, now)
    before = add_days(date(here.year, 3 * _quarter(here) - 2, 1), -1, "now")
    return calendar.quarter(before.year, _quarter(before), tz=tz)


def this_year(*, tz: TimeZone | None = None, now: DateLike | None = None) -> Period:
    """The whole calendar year that `now` falls in, in `tz` (UTC unless given).

    Raises QueryError for a `now` without time zone, unless `tz` is given. API page: Date Filter.

    >>> this_year(now="2026-03-15 12:00:00")
    Period(start='2026-01-01 00:00:00', end='2026-12-31 23:59:59')
    """
    return calendar.year(_date(tz, now).year, tz=tz)


def last_year(*, tz: TimeZone | None = None, now: DateLike | None = None) -> Period:
    """The whole calendar year before `this_year`, in `tz` (UTC unless given).

    Raises QueryError for a `now` without time zone, unless `tz` is given. API page: Date Filter.

    >>> last_year(now="2026-03-15 12:00:00")
    Period(start='2025-01-01 00:00:00', end='2025-12-31 23:59:59')
    """
    before = add_days(_date(tz, now).replace(month=1, day=1), -1, "now")
    return calendar.year(before.year, tz=tz)


def since(start: DateLike, *, tz: TimeZone | None = None, now: DateLike | None = None) -> Period:
    """From `start` until now, both read in `tz` (UTC unless given).

    Raises QueryError for a start after now, and for a moment without time zone, unless `tz` is
    given. API page: Date Filter.

    >>> since("2026-03-01", now="2026-03-15 12:00:00")
    Period(start='2026-03-01 00:00:00', end='2026-03-15 12:00:00')
    """
    first, present = start_of(start, tz), _moment(tz, now)
    if first > present:
        raise QueryError(
            f"start {format_timestamp(first)} lies in the future; now is {format_timestamp(present)} (UTC)"
        )
    return Period(first, present)


def _moment(tz: TimeZone | None, now: DateLike | None) -> datetime:
    return datetime.now(UTC) if now is None else start_of(now, tz, "now")


def _date(tz: TimeZone | None, now: DateLike | None) -> date:
    moment = _moment(tz, now)
    try:
        return moment.astimezone(zone(tz)).date()
    except OverflowError:
        raise out_of_range_error("now", repr_value(now)) from None


def _week(here: date, shift: int, tz: TimeZone | None, week_starts: Weekday) -> Period:
    into = (here.weekday() - _weekday(week_starts)) % 7
    first = add_days(here, shift - into, "now")
    return days(first, add_days(first, 6, "now"), tz)


def _weekday(name: object) -> int:
    names = {name: number for number, name in enumerate(get_args(Weekday))}
    if isinstance(name, str) and name in names:
        return names[name]
    near = (
        closest_match(name.casefold(), {name: name for name in names})
        if isinstance(name, str)
        else None
    )
    raise QueryError(
        f"week_starts: {repr_value(name)} is no day of the week; write {near or 'monday'!r}"
    )


def _quarter(here: date) -> int:
    return (here.month + 2) // 3
