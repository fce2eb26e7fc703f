"""Lead filters and user filters as SQL conditions.

Sort keys are written in hexadecimal, so nothing in a value is ever read as SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from operator import and_, or_
from typing import Final

from leadquery.emulator.collations import SortKey, key_literal
from leadquery.emulator.storage import Column
from leadquery.errors import UnsupportedQueryError
from leadquery.expr.collation import SEARCHES, text_key
from leadquery.wire.enums import SEPARATOR, LogicalOperator, Operator, UserOperator
from leadquery.wire.model import (
    ComparisonFilter,
    LeadFilter,
    MembershipFilter,
    UserCondition,
    UserFilter,
    UserGroup,
)
from leadquery.wire.types import BLANKS

NEVER: Final = "0"


def lead_filter_sql(column: Column, lead_filter: LeadFilter) -> str:
    """The condition of a lead filter."""
    if isinstance(lead_filter, ComparisonFilter):
        return _comparison(column, lead_filter)
    if isinstance(lead_filter, MembershipFilter):
        return equals_any(column, lead_filter.values)
    is_present = lead_filter.operator is Operator.HAS_DATA
    return f"{column.text} IS {'NOT NULL' if is_present else 'NULL'}"


def _comparison(column: Column, comparison: ComparisonFilter) -> str:
    if comparison.operator in SEARCHES:
        operator, wanted = SEARCHES[comparison.operator]
        condition = _SEARCH_CONDITIONS[operator](column, comparison.value)
        return condition if wanted else f"NOT {condition}"
    key = column.collation.key(comparison.value)
    if key is None:
        return NEVER
    # The API's other comparison operators are those of SQL.
    return f"{column.sort_key} {comparison.operator.token} {key_literal(key)}"


def equals_any(column: Column, values: Iterable[str]) -> str:
    """The condition that a field equals one of the values."""
    keys = dict.fromkeys(map(column.collation.key, values))
    literals = ", ".join(key_literal(key) for key in keys if key is not None)
    return f"{column.sort_key} IN ({literals})" if literals else NEVER


def contains(column: Column, value: str) -> str:
    """The condition that a field's text contains the value, without regard to case."""
    return f"instr({column.folded}, {key_literal(text_key(value))})"


_SEARCH_CONDITIONS: Final = {Operator.CONTAINS: contains}


def between(column: Column, low: SortKey, high: SortKey) -> str:
    """The condition that a field's sort key lies between two keys, both included."""
    return f"{column.sort_key} BETWEEN {key_literal(low)} AND {key_literal(high)}"


def user_condition_sql(column: Column, condition: UserCondition) -> str:
    """The condition of a user condition.

    Raises UnsupportedQueryError for an operator whose meaning is not known.
    """
    build = _USER_OPERATORS.get(condition.operator)
    if build is None:
        known = " or ".join(repr(operator) for operator in _USER_OPERATORS)
        raise UnsupportedQueryError(
            f"the mock API does not support the user operator {condition.operator!r}; write {known}"
        )
    return build(column, condition.value)


def _equals(column: Column, value: str) -> str:
    """A value with commas in it means any of its parts."""
    if SEPARATOR not in value:
        return equals_any(column, [value])
    parts = (part.strip(BLANKS) for part in value.split(SEPARATOR))
    return equals_any(column, filter(None, parts))


_USER_OPERATORS: Final[dict[str, Callable[[Column, str], str]]] = {
    UserOperator.EQUAL.token: _equals,
    UserOperator.CONTAINS.token: contains,
}

Ids = frozenset[int]

FindUsers = Callable[[UserCondition], Ids]
"""Finds the users that meet one condition."""


def matching_users(user_filter: UserFilter, find: FindUsers) -> Ids:
    """The users that meet a filter.

    Groups nest to any depth, so there is no recursion: all levels are listed from the outside
    in, then evaluated from the inside out.
    """
    levels = [user_filter.groups]
    for groups in levels:
        levels.extend(group.groups for group in groups if group.groups)
    matches: dict[int, Ids] = {}
    for groups in reversed(levels):
        matched = [_match_group(group, matches, find) for group in groups]
        matches[id(groups)] = _combine(matched, groups[0])
    return matches[id(user_filter.groups)]


def _match_group(group: UserGroup, matches: dict[int, Ids], find: FindUsers) -> Ids:
    """A group's own conditions and its nested groups must both hold."""
    parts = [matches[id(group.groups)]] if group.groups else []
    if group.conditions:
        matched = [find(condition) for condition in group.conditions]
        parts.append(_combine(matched, group.conditions[0]))
    return reduce(and_, parts)


def _combine(parts: Sequence[Ids], first: UserCondition | UserGroup) -> Ids:
    """Combine the parts by the operator that all of a level share, so that of the first."""
    return reduce(or_ if first.joiner is LogicalOperator.OR else and_, parts)
