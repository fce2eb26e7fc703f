"""A query as one English sentence: equal queries read equal, different ones differently."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from leadquery._util.python_literals import quote
from leadquery.wire.enums import AggregateFunction, Operator, UserOperator
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
from leadquery.wire.protocol import SEPARATOR
from leadquery.wire.types import format_timestamp

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from leadquery.expr.user_predicate import UserPredicate
    from leadquery.query.base import BaseQuery
    from leadquery.query.query import Query
    from leadquery.wire import model


# A name all in small or all in capital letters could be a word of the sentence.
_plain_name = re.compile("(?=.*[a-z])(?=.*[A-Z_])[A-Za-z_][A-Za-z0-9_]*").fullmatch

_plain_number = re.compile(r"-?[0-9]+(\.[0-9]+)?").fullmatch

_COMPUTED: Final = {AggregateFunction.AVERAGE: "Average", AggregateFunction.SUM: "Sum of"}


def describe(query: Query) -> str:
    """The query in English, with every part of it."""
    shown = _shown(query.output)
    return f"{shown} of {_leads(query)}{_page(query.paging)}."


def describe_count(question: BaseQuery) -> str:
    """What counting the leads of a question says."""
    return f"Number of {_leads(question)}."


def _shown(output: ListOutput | AggregateOutput) -> str:
    if isinstance(output, ListOutput):
        return f"List of {_series([_name(column) for column in output.columns], 'and')}"
    group, field = _name(output.group), _name(output.field)
    if output.function in _COMPUTED:
        return f"{_COMPUTED[output.function]} {field} and number of leads per {group},"
    counted = "" if output.field == output.group else f" with {field} to count"
    return f"Number of leads per {group}{counted},"


def _leads(query: BaseQuery) -> str:
    parts = list(_limits(query))
    return f"leads {' '.join(parts)}" if parts else "all leads"


def _limits(query: BaseQuery) -> Iterator[str]:
    if query.dates:
        yield " and ".join(map(_dated, query.dates))
    if query.filters:
        yield f"with {' and '.join(map(_filter, query.filters))}"
    if query.users is not None:
        both = "and " if query.filters else ""
        yield f"{both}owned by users with {_users(query.users)}"


def _dated(one: DateRange) -> str:
    return (
        f"{one.field.label} from {format_timestamp(one.start)} to {format_timestamp(one.end)} (UTC)"
    )


def _filter(one: LeadFilter) -> str:
    name = _name(one.name)
    match one:
        case ComparisonFilter(_, value, operator):
            return f"{name} {operator.label} {_value(value)}"
        case MembershipFilter(_, operator, values):
            return f"{name} {operator.label} {_series(list(map(_value, values)), 'or')}"
    return f"{name} {one.operator.label}"


def _users(condition: UserPredicate) -> str:
    groups = [f" {condition.joiner.other.token} ".join(map(_user, one)) for one in condition.groups]
    if len(groups) == 1:
        return groups[0]
    return f" {condition.joiner.token} ".join(
        f"({text})" if len(group) > 1 else text
        for text, group in zip(groups, condition.groups, strict=True)
    )


def _user(one: model.UserCondition) -> str:
    name, values = _name(one.name), one.value.split(SEPARATOR)
    if one.operator == UserOperator.EQUAL.token and len(values) > 1:
        return f"{name} {Operator.ONE_OF.label} {_series(list(map(_value, values)), 'or')}"
    labels = {known.token: known.label for known in UserOperator}
    return f"{name} {labels.get(one.operator, quote(one.operator))} {_value(one.value)}"


def _page(paging: Paging | None) -> str:
    if paging is None:
        return ", without paging"
    if paging == FIRST_PAGE:
        return ""
    return f", page {paging.index} of {paging.size} rows each"


def _series(items: Sequence[str], last: str) -> str:
    *most, end = items
    return f"{', '.join(most)} {last} {end}" if most else end


def _name(name: str) -> str:
    return name if _plain_name(name) else quote(name)


def _value(value: str) -> str:
    return value if _plain_number(value) else quote(value)
