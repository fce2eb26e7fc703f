"""Group keys other than a field: calendar periods of a date, ranges of a number, named periods."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import frozen

from leadquery.expr.aggregate import SortKey
from leadquery.periods import Period, TimeZone

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


@frozen
class DateBucket(_Key):
    """The calendar period that a date is in; its column has the period's first day.

    Dates are read in the time zone `tz`, None for UTC. `fill` adds periods without leads.
    """

    field: str
    unit: Unit
    tz: TimeZone | None = None
    week_starts: Weekday = "monday"
    fill: bool = False

    @property
    def name(self) -> str:  # type: ignore[override]
        """The name of its column, such as CreatedOn_month."""
        return f"{self.field}_{self.unit}"


@frozen
class Bins(_Key):
    """The range that a number is in: below the first edge, from an edge to the next, or above."""

    field: str
    edges: tuple[int | float | Decimal, ...]

    @property
    def name(self) -> str:  # type: ignore[override]
        """The name of its column, such as Score_bin."""
        return f"{self.field}_bin"


@frozen
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
