"""Aggregates of groups, and the conditions and the order that they make.

`Measure` is what is computed, as a plain value. `Aggregate` is a measure to compare and to sort by:
`count() > 50` is a `GroupCondition`, `Score.average().desc()` a `SortKey`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import Enum
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

import attrs

from leadquery._util.text import python_literal
from leadquery.errors import Misuse, QueryError, UsageError, check_call
from leadquery.expr import encoders
from leadquery.expr._guards import (
    AGGREGATE,
    GROUP_CONDITION,
    Combinable,
    Comparable,
    NotBoolean,
    Operand,
    check_depth,
    frozen_class,
    frozen_with_message,
)
from leadquery.expr.joined import flatten, has_several, join_parts
from leadquery.periods import DateLike, end_of, is_whole_day, start_of
from leadquery.periods.parsing import is_naive
from leadquery.wire.enums import (
    ABOVE,
    AT_LEAST,
    AT_MOST,
    BELOW,
    EQUAL,
    NOT_EQUAL,
    LogicalOperator,
    Operator,
)

if TYPE_CHECKING:
    from decimal import Decimal

    from leadquery.expr.field import BaseField
    from leadquery.expr.joined import Joined

    Number = float | Decimal

Side = Literal["before", "after", "change", "change_pct"]
"""A column of a comparison of two periods."""


class Function(Enum):
    """What is computed of a group; the value is how its columns are named."""

    COUNT = "Count"
    AVERAGE = "Average"
    SUM = "Sum"
    MIN = "Min"
    MAX = "Max"
    MEDIAN = "Median"
    QUANTILE = "Quantile"
    COUNT_DISTINCT = "CountDistinct"

    @property
    def is_by_rank(self) -> bool:
        """Whether it is a value at a rank: one of the values of a field, in their order."""
        return self in _BY_RANK


_BY_RANK: Final = (Function.MIN, Function.MAX, Function.MEDIAN, Function.QUANTILE)


@attrs.frozen
class Measure:
    """What is computed: a function of a field; for `Function.QUANTILE` the quantile `q`.

    `side` is the column that a comparison of two periods makes of it.
    """

    function: Function
    field: str = ""
    q: float | None = None
    side: Side | None = None

    @property
    def name(self) -> str:
        """The name of its column, as the API names those that it has."""
        parts = [self.function.value, *([] if self.q is None else [repr(self.q)])]
        return "_".join([*parts, *filter(None, (self.field, self.side))])


@frozen_with_message
@attrs.frozen(eq=False, repr=False)
class Aggregate(Operand):
    """An aggregate of each group: the number of leads, or a function of a field.

    Compare it in `having`, sort by it in `order_by`. After `compare`, `before`, `after`, `change`
    and `change_pct` are the columns of the two periods.

    >>> from leadquery import count
    >>> count() > 50
    count() > 50
    """

    measure: Measure
    # Its type decides what the values are; None for the count.
    field: BaseField[Any] | None = None

    _messages: ClassVar = AGGREGATE

    @property
    def name(self) -> str:
        """The name of its column, such as Count or Average_Score."""
        return self.measure.name

    def _compare(self, operator: Operator, value: Number | DateLike) -> HavingCondition:
        if operator in (EQUAL, NOT_EQUAL) and takes_dates(self, value) and is_whole_day(value):
            # A whole day is a range.
            if operator is EQUAL:
                return self._compare(AT_LEAST, value) & self._compare(AT_MOST, value)
            return self._compare(BELOW, value) | self._compare(ABOVE, value)
        return GroupCondition(self, operator, _operand(self, operator, value))

    @check_call
    def __eq__(self, value: Number | DateLike) -> HavingCondition:  # type: ignore[override]
        return self._compare(EQUAL, value)

    @check_call
    def __ne__(self, value: Number | DateLike) -> HavingCondition:  # type: ignore[override]
        return self._compare(NOT_EQUAL, value)

    @check_call
    def __lt__(self, value: Number | DateLike) -> HavingCondition:
        return self._compare(BELOW, value)

    @check_call
    def __le__(self, value: Number | DateLike) -> HavingCondition:
        return self._compare(AT_MOST, value)

    @check_call
    def __gt__(self, value: Number | DateLike) -> HavingCondition:
        return self._compare(ABOVE, value)

    @check_call
    def __ge__(self, value: Number | DateLike) -> HavingCondition:
        return self._compare(AT_LEAST, value)

    __hash__ = object.__hash__

    def asc(self) -> SortKey:
        """Sort by it, from low to high."""
        return SortKey(self)

    def desc(self) -> SortKey:
        """Sort by it, from high to low."""
        return SortKey(self, descending=True)

    @property
    def before(self) -> Aggregate:
        """Its value in the first period of a comparison."""
        return self._of("before")

    @property
    def after(self) -> Aggregate:
        """Its value in the second period of a comparison."""
        return self._of("after")

    @property
    def change(self) -> Aggregate:
        """The second value minus the first."""
        return self._of("change")

    @property
    def change_pct(self) -> Aggregate:
        """The change in per cent of the first value."""
        return self._of("change_pct")

    def _of(self, side: Side) -> Aggregate:
        return attrs.evolve(self, measure=attrs.evolve(self.measure, side=side))

    def __repr__(self) -> str:
        from leadquery.expr.codegen import aggregate_node
        from leadquery.expr.source_layout import render_flat

        return render_flat(aggregate_node(self))

    def _described(self) -> str:
        return f"{self!r} is an aggregate, which"

    def _offered(self) -> list[str]:
        return ["==", "!=", "<", "<=", ">", ">=", ".asc()", ".desc()"]


@check_call
def count() -> Aggregate:
    """The number of leads of each group, for `aggregate`, `having` and `order_by`.

    >>> from leadquery import Leads, count
    >>> from leadquery.fields import OwnerId
    >>> Leads.group_by(OwnerId).count().having(count() > 50).describe()
    'Number of leads per OwnerId, of all leads, only groups with number of leads above 50.'
    """
    return Aggregate(Measure(Function.COUNT))


def _identity(aggregate: Aggregate) -> Measure:
    return aggregate.measure


@frozen_with_message
@attrs.frozen(repr=False)
class GroupCondition(Combinable):
    """A condition on an aggregate of each group. A group without a value does not meet it."""

    aggregate: Aggregate = attrs.field(eq=_identity)
    operator: Operator
    value: float | datetime

    _messages: ClassVar = GROUP_CONDITION

    def __and__(self, other: HavingCondition) -> HavingCondition:
        return _join(LogicalOperator.AND, self, other)

    def __or__(self, other: HavingCondition) -> HavingCondition:
        return _join(LogicalOperator.OR, self, other)

    def __invert__(self) -> GroupCondition:
        # Every operator that compares values has an opposite.
        return attrs.evolve(self, operator=self.operator.opposite)  # type: ignore[arg-type]

    def __repr__(self) -> str:
        return _source(self)

    def __hash__(self) -> int:
        return hash((self.aggregate.measure, self.operator, self.value))


@frozen_class
class JoinedGroupCondition(Comparable):
    """Conditions on aggregates joined by AND or OR."""

    __slots__ = ("_depth", "_parts", "joiner")
    joiner: LogicalOperator
    _parts: Joined[dict[HavingCondition, None]]
    _depth: int

    _messages: ClassVar = GROUP_CONDITION
    _compared: ClassVar = attrgetter("joiner", "parts")

    def __init__(
        self, joiner: LogicalOperator, parts: Joined[dict[HavingCondition, None]], depth: int = 1
    ) -> None:
        object.__setattr__(self, "joiner", joiner)
        object.__setattr__(self, "_parts", parts)
        object.__setattr__(self, "_depth", depth)

    @property
    def parts(self) -> tuple[HavingCondition, ...]:
        """The conditions that are joined, each once and in order."""
        return tuple(flatten(self._parts))

    def __and__(self, other: HavingCondition) -> HavingCondition:
        return _join(LogicalOperator.AND, self, other)

    def __or__(self, other: HavingCondition) -> HavingCondition:
        return _join(LogicalOperator.OR, self, other)

    def __invert__(self) -> JoinedGroupCondition:
        opposites = dict.fromkeys([~part for part in self.parts])
        return JoinedGroupCondition(self.joiner.other, opposites, self._depth)

    def __reduce__(self) -> tuple[Any, ...]:
        # As that of a Predicate.
        return JoinedGroupCondition, (self.joiner, flatten(self._parts), self._depth)

    def __repr__(self) -> str:
        return _source(self)


HavingCondition = GroupCondition | JoinedGroupCondition


def aggregates_in(condition: HavingCondition) -> Iterator[Aggregate]:
    """The aggregates that a condition compares."""
    if isinstance(condition, GroupCondition):
        yield condition.aggregate
    else:
        for part in condition.parts:
            yield from aggregates_in(part)


@attrs.frozen
class SortKey:
    """What rows are sorted by: an aggregate, or a group key or column by its name."""

    by: Aggregate | str = attrs.field(eq=lambda by: by if isinstance(by, str) else by.measure)
    descending: bool = False

    def __hash__(self) -> int:
        return hash((self.column, self.descending))

    def __repr__(self) -> str:
        from leadquery.expr.codegen import sort_node
        from leadquery.expr.source_layout import render_flat

        return render_flat(sort_node(self))

    @property
    def column(self) -> str:
        """The name of the column of a result that it sorts by."""
        return self.by if isinstance(self.by, str) else self.by.measure.name


def _join(joiner: LogicalOperator, left: HavingCondition, right: object) -> HavingCondition:
    if not isinstance(right, HavingCondition):
        raise UsageError(
            f"having joins conditions on aggregates such as count() > 50, not {right!r}; "
            "conditions on leads belong in where(...)",
            Misuse("not a condition", value=right),
        )
    return join_groups(joiner, (left, right))


def join_groups(joiner: LogicalOperator, conditions: Iterable[HavingCondition]) -> HavingCondition:
    """Conditions on aggregates joined by AND or OR."""
    parts: list[Joined[dict[HavingCondition, None]]] = []
    depth = 1
    for one in conditions:
        if isinstance(one, JoinedGroupCondition):
            depth = max(depth, one._depth + (one.joiner is not joiner))
        if isinstance(one, JoinedGroupCondition) and one.joiner is joiner:
            parts.append(one._parts)
        else:
            parts.append({one: None})
    check_depth(depth, "choose among the rows of the result instead")
    joined = join_parts(parts)
    if not has_several(joined):
        (single,) = flatten(joined)
        return single
    return JoinedGroupCondition(joiner, joined, depth)


def _source(condition: HavingCondition) -> str:
    from leadquery.expr.codegen import having_node
    from leadquery.expr.source_layout import render_flat

    return render_flat(having_node(condition))


def _operand(aggregate: Aggregate, operator: Operator, value: Any) -> float | datetime:
    """The value that an aggregate is compared with: a number, or a moment for dates."""
    source = f"{aggregate!r} {operator.python} {python_literal(value)}"
    if isinstance(value, NotBoolean):
        raise UsageError(
            f"{source} compares an aggregate with something else than a value; compare it with a "
            "number, and columns with each other in the rows of client.run(query)",
            Misuse("comparison", aggregate),
        )
    if not takes_dates(aggregate, value):
        return encoders.to_number(aggregate, value)
    if not isinstance(value, (str, date)):
        raise QueryError(f"{source}: compare a date with a date such as '2026-01-31'")
    if is_naive(value):
        raise QueryError(
            f"{source}: the time has no time zone; write text, which is read as UTC, or "
            "datetime(..., tzinfo=timezone.utc)"
        )
    read = end_of if operator in (ABOVE, AT_MOST) else start_of
    return read(value, what=aggregate.name)


def has_dates(aggregate: Aggregate) -> bool:
    """Whether the values of an aggregate are dates."""
    from leadquery.expr.field_types import Date

    return isinstance(aggregate.field, Date) and aggregate.measure.function.is_by_rank


def takes_dates(aggregate: Aggregate, value: object) -> bool:
    """Whether an aggregate is compared with a date; for an untyped field, the value decides."""
    from leadquery.expr.field_types import Field

    if isinstance(aggregate.field, Field) and aggregate.measure.function.is_by_rank:
        return isinstance(value, (str, date))
    return has_dates(aggregate)
