"""What is done with groups and leads once they are read: compared, chosen, sorted, limited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import attrs

from leadquery.expr.aggregate import (
    Function,
    GroupCondition,
    HavingCondition,
    Measure,
    SortKey,
)
from leadquery.expr.group_key import key_name
from leadquery.fields import ProspectID
from leadquery.plan.slices import distinct_labels, fold
from leadquery.plan.totals import Group, Groups
from leadquery.query.aggregation import NO_STEPS, SIDES, Aggregation, as_aggregation
from leadquery.query.query import Query
from leadquery.wire.enums import LogicalOperator, Operator

Row = dict[str, Any]


def finish_groups(query: Query, wanted: Aggregation, groups: Groups) -> list[Row]:
    """The rows of groups. `wanted` has the columns of the query and those it is sorted by."""
    steps = query._local or NO_STEPS
    rows = [group for group in groups.values() if group.exists or not wanted.keys]
    for condition in steps.having:
        rows = [group for group in rows if _meets(group, condition)]
    keys = [_group_value(wanted, key) for key in steps.order]
    ties = [_label(number) for number in range(len(wanted.keys))]
    if steps.order:
        sort_rows(rows, [*zip(keys, (key.descending for key in steps.order), strict=True)], ties)
    names = [key_name(key) for key in wanted.keys]
    own = as_aggregation(query.output).measures  # type: ignore[arg-type]
    sides = SIDES if steps.comparison else (None,)
    columns = [
        (f"{column.name}_{side}" if side else column.name, attrs.evolve(column.measure, side=side))
        for column in own
        for side in sides
    ]
    return [
        dict(zip(names, group.labels, strict=True))
        | {name: group.values[measure] for name, measure in columns}
        for group in rows[: steps.limit]
    ]


def finish_list(query: Query, rows: list[Row]) -> list[Row]:
    """The rows of a list, sorted and limited, with the columns of the query."""
    steps = query._local or NO_STEPS
    if steps.order:
        keys = [(_column(key.column), key.descending) for key in steps.order]
        sort_rows(rows, keys, [_column(ProspectID.name)])
    names = query.output.columns
    return [{name: row[name] for name in names} for row in rows[: steps.limit]]


def _column(name: str) -> Callable[[Row], Any]:
    return lambda row: row[name]


def _label(number: int) -> Callable[[Group], Any]:
    return lambda group: group.labels[number]


def _group_value(wanted: Aggregation, key: SortKey) -> Callable[[Group], Any]:
    """The value of a group that a sort key names."""
    if not isinstance(key.by, str):
        measure = key.by.measure
        return lambda group: group.values[measure]
    names = list(map(key_name, wanted.keys))
    if key.by in names:
        return _label(names.index(key.by))
    measures = {
        f"{column.name}_{side}" if side else column.name: attrs.evolve(column.measure, side=side)
        for column in wanted.measures
        for side in (None, *SIDES)
    }
    named = measures[key.by]
    return lambda group: group.values[named]


def sort_rows(
    rows: list[Any],
    keys: Sequence[tuple[Callable[[Any], Any], bool]],
    ties: Iterable[Callable[[Any], Any]],
) -> None:
    """Sort rows by keys, each ascending or descending; rows without a value come last."""
    for key in reversed([*ties]):
        rows.sort(key=lambda row, key=key: _rank(key(row)))  # type: ignore[misc]
    for key, descending in reversed(keys):
        rows.sort(
            key=lambda row, key=key, descending=descending: (  # type: ignore[misc]
                (key(row) is not None) if descending else (key(row) is None),
                _rank(key(row)),
            ),
            reverse=descending,
        )


def _rank(value: Any) -> tuple[int, Any]:
    """A key by which values of any type sort: numbers, dates, text without regard to case."""
    if value is None:
        return 3, ""
    if isinstance(value, str):
        return 2, value.casefold()
    return (1, value.isoformat()) if isinstance(value, date) else (0, value)


_COMPARE: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQUAL: lambda value, other: value == other,
    Operator.NOT_EQUAL: lambda value, other: value != other,
    Operator.ABOVE: lambda value, other: value > other,
    Operator.BELOW: lambda value, other: value < other,
    Operator.AT_LEAST: lambda value, other: value >= other,
    Operator.AT_MOST: lambda value, other: value <= other,
}


def _meets(group: Group, condition: HavingCondition) -> bool:
    if not isinstance(condition, GroupCondition):
        combine = all if condition.joiner is LogicalOperator.AND else any
        return combine(_meets(group, part) for part in condition.parts)
    value = group.values[condition.aggregate.measure]
    return value is not None and _COMPARE[condition.operator](value, condition.value)


def compare_groups(wanted: Aggregation, before: Groups, after: Groups) -> Groups:
    """The groups of two periods side by side, with the change of each measure."""
    groups: Groups = {}
    before, after = _match(before, after)
    for key in dict.fromkeys([*before, *after]):
        first, second = before.get(key), after.get(key)
        known = [one for one in (first, second) if one is not None]
        group = Group(known[0].labels, sum(one.leads for one in known))
        group.is_listed = any(one.is_listed for one in known)
        for column in wanted.measures:
            values = [_value_of(one, column.measure) for one in (first, second)]
            change, per_cent = _change(*values)
            for side, value in zip(SIDES, (*values, change, per_cent), strict=True):
                group.values[attrs.evolve(column.measure, side=side)] = value
        groups[key] = group
    return groups


def _match(*several: Groups) -> list[Groups]:
    """Groups by keys that are equal where the server would group them together."""
    distinct = distinct_labels(
        labels
        for groups in several
        for labels in zip(*(group.labels for group in groups.values()), strict=True)
    )
    return [
        {
            tuple(label if label in distinct else fold(label) for label in group.labels): group
            for group in groups.values()
        }
        for groups in several
    ]


_COUNTS = (Function.COUNT, Function.COUNT_DISTINCT)


def _value_of(group: Group | None, measure: Measure) -> Any:
    return no_value(measure) if group is None else group.values[measure]


def no_value(measure: Measure) -> int | None:
    """The value of a measure in a group without leads."""
    return 0 if measure.function in _COUNTS else None


def _change(before: Any, after: Any) -> tuple[Any, float | None]:
    """The change from one value to another, of dates in seconds, and in per cent."""
    if before is None or after is None:
        return None, None
    change = after - before
    if isinstance(before, date):
        return change.total_seconds(), None
    return change, 100 * change / before if before else None
