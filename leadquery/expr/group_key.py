"""Group keys other than a field: calendar periods of a date, ranges of a number, named periods."""

from __future__ import annotations

from datetime import timezone
from typing import TYPE_CHECKING

from attrs import frozen

from leadquery.errors import QueryError
from leadquery.expr.aggregate import SortKey
from leadquery.periods import Period, TimeZone, zone
from leadquery.wire.types import format_timestamp

if TYPE_CHECKING:
    from leadquery.periods.calendar import Unit, Weekday


class _Key:
    """What group keys share: their order. `name` is the name of their column."""

    name: str

    def asc(self) -> SortKey:
        """Sort by the key, from low to high."""
        return SortKey(self.name)

    def desc(self) -> SortKey:
        """Sort by the key, from high to low."""
        return SortKey(self.name, descending=True)

    def __repr__(self) -> str:
        from leadquery.expr.codegen import key_node
        from leadquery.expr.source_layout import render_flat

        return render_flat(key_node(self))  # type: ignore[arg-type]


@frozen(repr=False)
class DateBucket(_Key):
    """The calendar period that a date is in; its column has the period's first day.

    Dates are read in the time zone `tz`, None for UTC. `fill` adds periods without leads.
    """

    field: str
    unit: Unit
    tz: str | timezone | None = None
    week_starts: Weekday = "monday"
    fill: bool = False

    @property
    def name(self) -> str:  # type: ignore[override]
        """The name of its column, such as CreatedOn_month."""
        return f"{self.field}_{self.unit}"


@frozen(repr=False)
class Bins(_Key):
    """The range that a number is in: below the first edge, from an edge to the next, or above."""

    field: str
    edges: tuple[float, ...]

    @property
    def name(self) -> str:  # type: ignore[override]
        """The name of its column, such as Score_bin."""
        return f"{self.field}_bin"


@frozen(repr=False)
class NamedPeriods(_Key):
    """The named period that a date is in. Periods may overlap: then a lead is in several groups."""

    field: str
    periods: tuple[tuple[str, Period], ...]

    @property
    def name(self) -> str:  # type: ignore[override]
        """The name of its column, such as CreatedOn_period."""
        return f"{self.field}_period"


GroupKey = str | DateBucket | Bins | NamedPeriods
"""What leads are grouped by: a field, by its schema name, or periods or ranges of one."""


def key_name(key: GroupKey) -> str:
    """The name of the column of a group key."""
    return key if isinstance(key, str) else key.name


def key_field(key: GroupKey) -> str:
    """The schema name of the field of a group key."""
    return key if isinstance(key, str) else key.field


def zone_key(tz: TimeZone | None) -> str | timezone | None:
    """A time zone as a value to compare, hash and pickle: its name or its offset; None is UTC.

    Raises QueryError for an unknown name, and for a `tzinfo` without a name or a fixed offset.
    """
    known = zone(tz)
    if isinstance(known, timezone):
        # Without the name that it may have been given.
        offset = known.utcoffset(None)
        return timezone(offset) if offset else None
    name = tz if isinstance(tz, str) else getattr(known, "key", None)
    if not isinstance(name, str):
        raise QueryError(f"tz: {tz!r} has no name to group by; write a name such as 'Asia/Kolkata'")
    return None if name == "UTC" else name


def period_name(period: Period) -> str:
    """The name of a period that was given without one, such as '2026-01-01 to 2026-01-31'."""
    ends = format_timestamp(period.start), format_timestamp(period.end)
    days = tuple(end[:10] for end in ends)
    is_whole = ends == (f"{days[0]} 00:00:00", f"{days[1]} 23:59:59")
    start, end = days if is_whole else ends
    return start if start == end else f"{start} to {end}"
