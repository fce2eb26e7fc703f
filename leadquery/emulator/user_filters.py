"""User filters: which users meet one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from operator import and_, or_
from typing import Final

from leadquery.emulator.sql_filters import contains, one_of
from leadquery.emulator.storage import Column
from leadquery.errors import UnsupportedQueryError
from leadquery.wire.enums import LogicalOperator, UserOperator
from leadquery.wire.model import UserCondition, UserFilter, UserGroup
from leadquery.wire.protocol import SEPARATOR
from leadquery.wire.types import BLANKS

Ids = frozenset[int]

Find = Callable[[UserCondition], Ids]
"""Finds the users that meet one condition."""


def matching_users(chosen: UserFilter, find: Find) -> Ids:
    """The users that meet a filter.

    Groups nest as deep as they like: all levels are listed from the outside in, then met from
    the inside out.
    """
    levels = [chosen.groups]
    for groups in levels:
        levels.extend(group.groups for group in groups if group.groups)
    met: dict[int, Ids] = {}
    for groups in reversed(levels):
        met[id(groups)] = _joined([_of_group(group, met, find) for group in groups], groups[0])
    return met[id(chosen.groups)]


def _of_group(group: UserGroup, met: dict[int, Ids], find: Find) -> Ids:
    """A group's own conditions and its nested groups must both hold."""
    parts = [met[id(group.groups)]] if group.groups else []
    if group.conditions:
        own = [find(condition) for condition in group.conditions]
        parts.append(_joined(own, group.conditions[0]))
    return reduce(and_, parts)


def _joined(parts: Sequence[Ids], first: UserCondition | UserGroup) -> Ids:
    """Joined by the word that all of a level share, so the first one has it."""
    return reduce(or_ if first.joiner is LogicalOperator.OR else and_, parts)


def of_condition(column: Column, chosen: UserCondition) -> str:
    """The condition as SQL.

    Raises UnsupportedQueryError for an operator nobody has seen.
    """
    build = _BUILT.get(chosen.operator)
    if build is None:
        known = " and ".join(repr(operator) for operator in _BUILT)
        raise UnsupportedQueryError(
            f"the emulator knows no user operator {chosen.operator!r}; it knows {known}"
        )
    return build(column, chosen.value)


def _equal(column: Column, value: str) -> str:
    """Equal to a comma-joined text is one of."""
    if SEPARATOR not in value:
        return one_of(column, [value])
    parts = (part.strip(BLANKS) for part in value.split(SEPARATOR))
    return one_of(column, filter(None, parts))


_BUILT: Final[dict[str, Callable[[Column, str], str]]] = {
    UserOperator.EQUAL.token: _equal,
    UserOperator.CONTAINS.token: contains,
}
