"""What is done with groups and leads once they are read: compared, chosen, sorted, limited."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from leadquery.expr.aggregate import (
    Function,
    GroupCondition,
    HavingCondition,
    Measure,
    SortKey,
)
from leadquery.expr.collation import whole_as_int
from leadquery.expr.field import BaseField
from leadquery.expr.field_types import Field
from leadquery.expr.group_key import GroupKey, key_field, key_name
from leadquery.fields import ProspectID
from leadquery.plan.recipe import Recipe
from leadquery.plan.terms import label_key, unify_spellings
from leadquery.plan.totals import Group, Groups
from leadquery.query.aggregation import SIDES, Aggregation, as_aggregation, local_steps
from leadquery.query.query import Query
from leadquery.wire.enums import LogicalOperator, Operator

Row = dict[str, Any]


def finish_groups(query: Query, wanted: Aggregation, groups: Groups) -> list[Row]:
    """The rows of groups. `wanted` has the columns of the query and those it is sorted by."""
    steps = local_steps(query)
    labels = unify_spellings(wanted.keys, [group.labels for group in groups.values()])
    for group, unified in zip(groups.values(), labels, strict=True):
        group.labels = unified
    kept = [
        group
        for group in groups.values()
        if (group.exists or not wanted.keys)
        and all(_meets(group, condition) for condition in steps.having)
    ]
    if steps.order:
        keys = [(_group_value(wanted, key), key.descending) for key in steps.order]
        sort_rows(kept, keys, [_label(number) for number in range(len(wanted.keys))])
    names = [key_name(key) for key in wanted.keys]
    own = as_aggregation(query.output).measures  # type: ignore[arg-type]
    columns = [column.of(side) for column in own for side in SIDES] if steps.comparison else own
    return [
        dict(zip(names, group.labels, strict=True))
        | {column.name: group.values[column.measure] for column in columns}
        for group in kept[: steps.limit]
    ]


def finish_list(query: Query, rows: list[Row]) -> list[Row]:
    """The rows of a list, sorted and limited, with the columns of the query."""
    steps = local_steps(query)
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
    columns = [one for column in wanted.measures for one in (column, *map(column.of, SIDES))]
    named = {column.name: column.measure for column in columns}[key.by]
    return lambda group: group.values[named]


def sort_rows(
    rows: list[Any],
    keys: Sequence[tuple[Callable[[Any], Any], bool]],
    ties: Sequence[Callable[[Any], Any]],
) -> None:
    """Sort rows by keys, each ascending or descending; rows without a value come last."""
    for key, descending in reversed([*keys, *((tie, False) for tie in ties)]):
        rows.sort(key=_ranked(key, descending), reverse=descending)


def _ranked(key: Callable[[Any], Any], descending: bool) -> Callable[[Any], tuple[bool, Any]]:
    """A sort key for a value of rows, by which no value is last, also in reverse."""

    def rank(row: Any) -> tuple[bool, Any]:
        value = key(row)
        if value != value:
            # NaN, which no order has.
            value = None
        return (value is None) != descending, _rank(value)

    return rank


def _rank(value: Any) -> tuple[int, Any]:
    """A key by which values of any type sort: numbers, dates, text without regard to case."""
    if value is None:
        return 3, ""
    if isinstance(value, (int, float)):
        return 0, value
    if isinstance(value, datetime) and value.tzinfo is not None:
        # Clocks that go back show some times twice.
        value = value.replace(tzinfo=None) - (value.utcoffset() or timedelta())
    return (1, value.isoformat()) if isinstance(value, date) else (2, str(value).casefold())


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


def compare_groups(
    wanted: Aggregation, before: Groups, after: Groups, fields: Mapping[str, BaseField[Any]]
) -> Recipe[Groups]:
    """The groups of two periods side by side, with the change of each measure."""
    groups: Groups = {}
    before, after = yield from _match(wanted.keys, before, after, fields)
    for key in dict.fromkeys([*before, *after]):
        first, second = before.get(key), after.get(key)
        known = [one for one in (first, second) if one is not None]
        group = Group(known[0].labels, sum(one.leads for one in known))
        group.is_listed = any(one.is_listed for one in known)
        for column in wanted.measures:
            values = [_value_of(one, column.measure) for one in (first, second)]
            change, per_cent = _change(*values)
            if isinstance(change, float) and column.measure.function is not Function.AVERAGE:
                change = whole_as_int(change)
            for side, value in zip(SIDES, (*values, change, per_cent), strict=True):
                group.values[column.of(side).measure] = value
        groups[key] = group
    return groups


def _match(
    keys: Sequence[GroupKey], before: Groups, after: Groups, fields: Mapping[str, BaseField[Any]]
) -> Recipe[list[Groups]]:
    """Groups by keys that are equal where the server would group them together."""
    label_keys = []
    for number, key in enumerate(keys):
        added: dict[Any, list[list[Any]]] = {}
        for side, groups in enumerate((before, after)):
            for folded, group in groups.items():
                others = (*folded[:number], *folded[number + 1 :])
                added.setdefault(others, [[], []])[side].append(group.labels[number])
        field = fields.get(key_field(key), Field(key_field(key)))
        label_keys.append((yield from label_key(field, added.values())))
    return [
        {
            tuple(its(label) for its, label in zip(label_keys, group.labels, strict=True)): group
            for group in groups.values()
        }
        for groups in (before, after)
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
