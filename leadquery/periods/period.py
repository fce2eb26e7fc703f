"""The class `Period`, and periods made of two dates."""

from __future__ import annotations

from datetime import date, datetime

from attrs import field, frozen

from leadquery.errors import QueryError
from leadquery.periods.parsing import DateLike, TimeZone, end_of, start_of, zone
from leadquery.wire.types import format_timestamp


def _repr_timestamp(moment: datetime) -> str:
    return repr(format_timestamp(moment))


@frozen
class Period:
    """The time from `start` to `end`, both included, as datetimes in UTC, to the second.

    The arguments are read by `start_of` and `end_of`. Raises QueryError if `start` is after `end`,
    and for a value that is not a date. (API page: Date Filter)

    >>> Period("2026-03-01", "2026-03-31")
    Period(start='2026-03-01 00:00:00', end='2026-03-31 23:59:59')
    """

    start: datetime = field(converter=start_of, repr=_repr_timestamp)
    end: datetime = field(converter=end_of, repr=_repr_timestamp)

    def __attrs_post_init__(self) -> None:
        if self.start > self.end:
            raise reversed_error(self.start, self.end)


def reversed_error(start: datetime, end: datetime) -> QueryError:
    """The error for a start after the end."""
    return QueryError(
        f"start {format_timestamp(start)} is after end {format_timestamp(end)} (UTC); "
        "write the earlier one first"
    )


def between(start: DateLike, end: DateLike, tz: TimeZone | None = None) -> Period:
    """The period between two dates, both included, read in the time zone `tz`, by default UTC.

    A date without a time is a whole day. Raises QueryError as `start_of` does, and if `start` is
    after `end`. (API page: Date Filter)

    >>> between("2026-03-01", "2026-03-02 12:00:00", tz="Asia/Kolkata")
    Period(start='2026-02-28 18:30:00', end='2026-03-02 06:30:00')
    """
    return Period(start, end) if tz is None else Period(start_of(start, tz), end_of(end, tz))


def whole_days(first: date, last: date, tz: TimeZone | None) -> Period:
    """The whole days from the first to the last."""
    start, end = start_of(first, tz), end_of(last, tz)
    if start > end:
        raise QueryError(
            f"{first} does not exist in {zone(tz)}, where clocks skipped it; "
            "write the day before or after"
        )
    return Period(start, end)
