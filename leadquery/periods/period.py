"""A period: all moments from a first to a last one, and how whole days become one."""

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
    """The moments from `start` to `end`, both included, in UTC, to the second.

    Both are read as `start_of` and `end_of` read them, so its repr is an expression. That the API
    includes both ends is inferred (API page: Date Filter).

    Raises QueryError when it starts after its end, and for what is no date.

    >>> Period("2026-03-01", "2026-03-31")
    Period(start='2026-03-01 00:00:00', end='2026-03-31 23:59:59')
    """

    start: datetime = field(converter=start_of, repr=_repr_timestamp)
    end: datetime = field(converter=end_of, repr=_repr_timestamp)

    def __attrs_post_init__(self) -> None:
        if self.start > self.end:
            raise reversed_error(self.start, self.end)


def reversed_error(start: datetime, end: datetime) -> QueryError:
    """The error for a start after its end."""
    return QueryError(
        f"start {format_timestamp(start)} lies after end {format_timestamp(end)} (UTC); "
        "write the earlier one first"
    )


def between(start: DateLike, end: DateLike, tz: TimeZone | None = None) -> Period:
    """The period from one moment to another, both included, read in `tz` (UTC unless given).

    A date alone is a whole day: its first second as a start, its last as an end.
    Raises QueryError as `start_of` does, and when it starts after its end.
    API page: Date Filter.

    >>> between("2026-03-01", "2026-03-02 12:00:00", tz="Asia/Kolkata")
    Period(start='2026-02-28 18:30:00', end='2026-03-02 06:30:00')
    """
    # A period reads what it is given as UTC by itself.
    return Period(start, end) if tz is None else Period(start_of(start, tz), end_of(end, tz))


def whole_days(first: date, last: date, tz: TimeZone | None) -> Period:
    """The days from the first to the last, both whole."""
    start, end = start_of(first, tz), end_of(last, tz)
    if start > end:
        raise QueryError(
            f"{first} is no day in {zone(tz)}, where clocks skipped it; "
            "write the day before or after"
        )
    return Period(start, end)
