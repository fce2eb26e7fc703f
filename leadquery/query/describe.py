"""Queries as English sentences; different queries have different sentences."""

from __future__ import annotations

import re
from collections import Counter
from contextvars import ContextVar, copy_context
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from leadquery._util.text import quote
from leadquery.expr.predicate import CompoundPredicate, OtherOwners, Predicate
from leadquery.wire.enums import (
    SEPARATOR,
    AggregateFunction,
    LogicalOperator,
    Operator,
    UserOperator,
)
from leadquery.wire.model import (
    FIRST_PAGE,
    AggregateOutput,
    ComparisonFilter,
    DateRange,
    LeadFilter,
    ListOutput,
    MembershipFilter,
    Paging,
)
from leadquery.wire.types import format_timestamp

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from leadquery.expr import BaseField
    from leadquery.expr.aggregate import HavingCondition, Measure, SortKey
    from leadquery.expr.group_key import GroupKey
    from leadquery.expr.predicate import Condition
    from leadquery.expr.user_field import UserPredicate
    from leadquery.periods import Period
    from leadquery.query.aggregation import Aggregation, Column, Comparison, LocalSteps
    from leadquery.query.base import BaseQuery
    from leadquery.query.query import Query
    from leadquery.wire import model
    from leadquery.wire.endpoints import ReportNode


# A name in all lower or all upper case could be a word of the sentence.
_plain_name = re.compile("(?=.*[a-z])(?=.*[A-Z_])[A-Za-z_][A-Za-z0-9_]*").fullmatch

_plain_number = re.compile(r"-?[0-9]+(\.[0-9]+)?").fullmatch

_AGGREGATE_PHRASES: Final = {AggregateFunction.AVERAGE: "Average", AggregateFunction.SUM: "Sum of"}


_labels: ContextVar[Mapping[str, str]] = ContextVar("_labels", default=MappingProxyType({}))
"""What to call fields instead of their schema names."""


def describe(query: Query) -> str:
    """The query as one English sentence."""
    output, leads = _describe_output(query.output), describe_leads(query)
    steps = "" if query._local is None else "".join(_describe_steps(query._local))
    return f"{output} of {leads}{steps}{_describe_page(query.paging)}."


def describe_with_labels(query: Query, fields: Mapping[str, BaseField[Any]]) -> str:
    """The same, with the display names of fields that no other field has, in place of names."""
    counts = Counter(field.label for field in fields.values())
    unique = {name: one.label for name, one in fields.items() if counts[one.label] == 1}
    return copy_context().run(_describe_with, query, unique)


def _describe_with(query: Query, labels: Mapping[str, str]) -> str:
    _labels.set(labels)
    return describe(query)


def describe_count(query: BaseQuery) -> str:
    """The count of the leads of a query, as one English sentence."""
    return f"Number of {describe_leads(query)}."


def _describe_output(output: ListOutput | AggregateOutput | Aggregation) -> str:
    if isinstance(output, ListOutput):
        return f"List of {_join_items([_quote_name(column) for column in output.columns], 'and')}"
    if not isinstance(output, AggregateOutput):
        return _describe_aggregation(output)
    group, field = _quote_name(output.group), _quote_name(output.field)
    if output.function in _AGGREGATE_PHRASES:
        return f"{_AGGREGATE_PHRASES[output.function]} {field} and number of leads per {group},"
    counted = "" if output.field == output.group else f" with {field} to count"
    return f"Number of leads per {group}{counted},"


def _describe_aggregation(aggregation: Aggregation) -> str:
    computed = _join_items(list(map(_describe_column, aggregation.measures)), "and")
    keys = list(map(_describe_key, aggregation.keys))
    per = f" per {_join_items(keys, 'and')}" if keys else ""
    return f"{computed[0].upper()}{computed[1:]}{per},"


def _describe_column(column: Column) -> str:
    computed = _describe_measure(column.measure)
    is_api_name = column.name == column.measure.name
    return computed if is_api_name else f"{computed} as {_quote_text(column.name)}"


_MEASURES: Final = {
    "COUNT": "number of leads",
    "AVERAGE": "average of {field}",
    "SUM": "sum of {field}",
    "MIN": "minimum of {field}",
    "MAX": "maximum of {field}",
    "MEDIAN": "median of {field}",
    "QUANTILE": "quantile {q} of {field}",
    "COUNT_DISTINCT": "number of different values of {field}",
}

_SIDES: Final = {
    "before": "{} in the first period",
    "after": "{} in the second period",
    "change": "change of {}",
    "change_pct": "change in per cent of {}",
}


def _describe_measure(measure: Measure) -> str:
    text = _MEASURES[measure.function.name].format(field=_quote_name(measure.field), q=measure.q)
    return _SIDES[measure.side].format(text) if measure.side else text


def _describe_key(key: GroupKey) -> str:
    from leadquery.expr.group_key import Bins, DateBucket

    if isinstance(key, str):
        return _quote_name(key)
    field = _quote_name(key.field)
    if isinstance(key, Bins):
        return f"range of {field} (edges {', '.join(map(str, key.edges))})"
    if not isinstance(key, DateBucket):
        named = [f"{quote(name)} {_describe_period(period)}" for name, period in key.periods]
        return f"period of {field} ({_join_items(named, 'or')} in UTC)"
    first = f" from {key.week_starts.capitalize()}" if key.week_starts != "monday" else ""
    tz = "UTC" if key.tz is None else str(key.tz)
    filled = f" with empty {key.unit}s" if key.fill else ""
    return f"{key.unit}{first} of {field} in {tz}{filled}"


def _describe_period(period: Period) -> str:
    return f"from {format_timestamp(period.start)} to {format_timestamp(period.end)}"


def _describe_steps(steps: LocalSteps) -> Iterator[str]:
    if steps.comparison is not None:
        yield _describe_comparison(steps.comparison)
    if steps.having:
        conditions = map(_describe_group_condition, steps.having)
        yield f", only groups with {' and '.join(conditions)}"
    if steps.owner_names:
        yield ", with the names of owners"
    if steps.order:
        yield f", sorted by {_join_items(list(map(_describe_sort_key, steps.order)), 'and')}"
    if steps.limit is not None:
        number = "any" if not steps.order else "the first"
        yield f", {number} {steps.limit} row{'' if steps.limit == 1 else 's'}"


def _describe_comparison(comparison: Comparison) -> str:
    before, after = _describe_period(comparison.before), _describe_period(comparison.after)
    field = _quote_name(comparison.on)
    cut = ", both up to the time that has passed in the second" if comparison.to_date else ""
    return f", compared by {field} {before} and {after} in UTC{cut}"


def _describe_group_condition(condition: HavingCondition) -> str:
    """A condition in brackets, unless it is a single one."""
    from leadquery.expr.aggregate import GroupCondition

    if isinstance(condition, GroupCondition):
        value = condition.value
        text = format_timestamp(value) if isinstance(value, datetime) else str(value)
        return f"{_describe_measure(condition.aggregate.measure)} {condition.operator.label} {text}"
    parts = map(_describe_group_condition, condition.parts)
    return f"({f' {condition.joiner.label} '.join(parts)})"


def _describe_sort_key(key: SortKey) -> str:
    by = _quote_name(key.by) if isinstance(key.by, str) else _describe_measure(key.by.measure)
    return f"{by} from high to low" if key.descending else by


def describe_leads(query: BaseQuery) -> str:
    """The leads of a query, in English."""
    parts, node = list(_describe_limits(query)), describe_node(query._node)
    if node:
        return f"leads {node}{', ' if parts else ''}{' '.join(parts)}"
    return f"leads {' '.join(parts)}" if parts else "all leads"


def describe_node(node: ReportNode) -> str:
    """Which leads a sibling report has, in English; nothing for the main report."""
    from leadquery.query.reports import calls_of

    endpoint = node.endpoint
    if endpoint.node is None:
        return ""
    if (calls := calls_of(node)) is None:
        return f"{endpoint.phrase} by {endpoint.key} {node.text}"
    arguments = dict(calls)
    open_tasks = next((phrase for method, phrase in _OPEN_TASKS.items() if method in arguments), "")
    codes, types = arguments.get("activities", ()), arguments.get("task_types", ())
    selected = f" {_join_items(codes, 'or')}" if codes else ""
    if types:
        selected = f" of type {_join_items(list(map(quote, types)), 'or')}"
    return f"{open_tasks or endpoint.phrase}{selected}"


_OPEN_TASKS: Final = {"pending": "with pending tasks", "overdue": "with overdue tasks"}


def _describe_limits(query: BaseQuery) -> Iterator[str]:
    if query.dates:
        yield " and ".join(map(_describe_dates, query.dates))
    limits = [*map(_describe_filter, query.filters), *map(_describe_condition, query._compounds)]
    if limits:
        yield f"with {' and '.join(limits)}"
    if query.users is not None:
        both = "and " if limits else ""
        yield f"{both}owned by users with {_describe_users(query.users)}"


def _describe_dates(dates: DateRange) -> str:
    start, end = format_timestamp(dates.start), format_timestamp(dates.end)
    return f"{dates.field.label} from {start} to {end} (UTC)"


def _describe_condition(condition: Condition) -> str:
    """A condition in brackets, unless it is a single one."""
    if isinstance(condition, Predicate):
        parts, joiner = list(map(_describe_filter, condition.filters)), LogicalOperator.AND
    elif isinstance(condition, CompoundPredicate):
        parts, joiner = list(map(_describe_condition, condition.parts)), condition.joiner
    elif isinstance(condition, OtherOwners):
        return f"an owner without ({_describe_users(condition.users)})"
    else:
        return f"an owner with ({_describe_users(condition)})"
    return parts[0] if len(parts) == 1 else f"({f' {joiner.label} '.join(parts)})"


def _describe_filter(lead_filter: LeadFilter) -> str:
    name = _quote_name(lead_filter.name)
    match lead_filter:
        case ComparisonFilter(_, value, operator):
            return f"{name} {operator.label} {_quote_value(value)}"
        case MembershipFilter(_, operator, values):
            return f"{name} {operator.label} {_join_items(list(map(_quote_value, values)), 'or')}"
    return f"{name} {lead_filter.operator.label}"


def _describe_users(condition: UserPredicate) -> str:
    groups = [
        f" {condition.joiner.other.token} ".join(map(_describe_user_condition, group))
        for group in condition.groups
    ]
    if len(groups) == 1:
        return groups[0]
    return f" {condition.joiner.token} ".join(
        f"({text})" if len(group) > 1 else text
        for text, group in zip(groups, condition.groups, strict=True)
    )


def _describe_user_condition(condition: model.UserCondition) -> str:
    name, values = _quote_text(condition.name), condition.value.split(SEPARATOR)
    if condition.operator == UserOperator.EQUAL.token and len(values) > 1:
        return (
            f"{name} {Operator.ONE_OF.label} {_join_items(list(map(_quote_value, values)), 'or')}"
        )
    labels = {known.token: known.label for known in UserOperator}
    operator = labels.get(condition.operator, quote(condition.operator))
    return f"{name} {operator} {_quote_value(condition.value)}"


def _describe_page(paging: Paging | None) -> str:
    if paging is None:
        return ", without paging"
    if paging == FIRST_PAGE:
        return ""
    return f", page {paging.index} of {paging.size} rows each"


def _join_items(items: Sequence[str], last: str) -> str:
    *most, end = items
    return f"{', '.join(most)} {last} {end}" if most else end


def _quote_name(name: str) -> str:
    """What to call a field."""
    return _quote_text(_labels.get().get(name, name))


def _quote_text(name: str) -> str:
    return name if _plain_name(name) else quote(name)


def _quote_value(value: str) -> str:
    return value if _plain_number(value) else quote(value)
