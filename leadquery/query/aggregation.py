"""What a query computes that one request cannot: many aggregates or keys, and local steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, get_args

import attrs
from attrs import frozen

from leadquery.expr.aggregate import (
    Function,
    HavingCondition,
    Measure,
    Side,
    SortKey,
)
from leadquery.expr.group_key import GroupKey, key_name
from leadquery.fields import OwnerId, OwnerIdName
from leadquery.periods import Period
from leadquery.wire.enums import COUNT, AggregateFunction, OutputType
from leadquery.wire.model import AggregateOutput

if TYPE_CHECKING:
    from leadquery.query.query import Query


@frozen
class Column:
    """A column of a result: its name, and what is computed."""

    name: str
    measure: Measure

    def of(self, side: Side) -> Column:
        """One of the columns that a comparison of two periods makes of it."""
        return Column(f"{self.name}_{side}", attrs.evolve(self.measure, side=side))


@frozen
class Aggregation:
    """Aggregates of each combination of several keys; without keys, of all leads in one row."""

    keys: tuple[GroupKey, ...]
    measures: tuple[Column, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return (*map(key_name, self.keys), *(column.name for column in self.measures))


@frozen
class Comparison:
    """Two periods of a date field, whose groups are compared.

    `to_date` cuts both after the time that has elapsed in the second.
    """

    before: Period
    after: Period
    on: str
    to_date: bool = False


@frozen
class LocalSteps:
    """What is done with the rows of the requests: groups chosen, sorted, limited, named."""

    having: tuple[HavingCondition, ...] = ()
    order: tuple[SortKey, ...] = ()
    limit: int | None = None
    owner_names: bool = False
    comparison: Comparison | None = None


NO_STEPS: Final = LocalSteps()

SIDES: Final[tuple[Side, ...]] = get_args(Side)


def as_aggregation(output: AggregateOutput | Aggregation) -> Aggregation:
    """The output of one request as an aggregation."""
    if isinstance(output, Aggregation):
        return output
    count = Column(COUNT, Measure(Function.COUNT))
    if output.function is AggregateFunction.COUNT:
        return Aggregation((output.group,), (count,))
    measure = Measure(Function[output.function.name], output.field)
    return Aggregation((output.group,), (count, Column(measure.name, measure)))


def simplest(aggregation: Aggregation) -> AggregateOutput | Aggregation:
    """The output as one request says it, if it can with the same columns."""
    if len(aggregation.keys) != 1 or not isinstance(aggregation.keys[0], str):
        return aggregation
    group = aggregation.keys[0]
    last = aggregation.measures[-1].measure
    if last.function.name not in AggregateFunction.__members__:
        return aggregation
    function = AggregateFunction[last.function.name]
    output = AggregateOutput(OutputType.AGGREGATE, group, function, last.field or group)
    return output if as_aggregation(output) == aggregation else aggregation


def with_measures(aggregation: Aggregation, measures: list[Measure]) -> Aggregation:
    """The aggregation with more columns, for those that are compared or sorted by only."""
    known = {column.measure for column in aggregation.measures}
    added = tuple(
        Column(measure.name, measure) for measure in dict.fromkeys(measures) if measure not in known
    )
    return attrs.evolve(aggregation, measures=(*aggregation.measures, *added))


def local_steps(query: Query) -> LocalSteps:
    """What is done with the rows of a query."""
    return query._local or NO_STEPS


def result_columns(query: Query) -> tuple[str, ...]:
    """The names of the columns of a query's result."""
    steps = local_steps(query)
    columns = query.output.columns
    if steps.comparison is not None:
        wanted = as_aggregation(query.output)  # type: ignore[arg-type]
        compared = (column.of(side).name for column in wanted.measures for side in SIDES)
        columns = (*map(key_name, wanted.keys), *compared)
    if not steps.owner_names:
        return columns
    place = columns.index(OwnerId.name) + 1
    return (*columns[:place], OwnerIdName.name, *columns[place:])


def reason_for_plan(query: Query) -> str:
    """Why one request cannot answer a query."""
    return " and ".join(_reasons(query))


def _reasons(query: Query) -> Iterator[str]:
    if query._compounds:
        yield "its conditions are joined by more than AND"
    if isinstance(query.output, Aggregation):
        keys, measures = query.output.keys, query.output.measures
        is_one_field = len(keys) == 1 and isinstance(keys[0], str)
        if not keys:
            yield "one request computes groups only"
        elif not is_one_field:
            yield "one request groups by one field"
        if len(measures) > 1 or is_one_field:
            yield "one request computes a count, or a count with one average or sum"
    steps = local_steps(query)
    if steps != NO_STEPS:
        names = {
            "having": bool(steps.having),
            "order_by": bool(steps.order),
            "limit": steps.limit is not None,
            "with_owner_names": steps.owner_names,
            "compare": steps.comparison is not None,
        }
        yield f"{', '.join(name for name, used in names.items() if used)} is done with the rows"
