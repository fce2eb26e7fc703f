"""A condition on users: groups of one joining word each, and how they join into others."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, product
from math import prod
from typing import ClassVar, Final, NoReturn

import attrs

from leadquery.errors import UnsupportedQueryError, UsageError
from leadquery.expr._guards import USER_CONDITION, Combinable, frozen_with_message
from leadquery.wire import model
from leadquery.wire.enums import LogicalOperator

MAX_CONDITIONS: Final = 64
"""How many conditions may come of distributing AND over OR, unless as many were written."""

Group = tuple[model.UserCondition, ...]


@frozen_with_message
@attrs.frozen(repr=False)
class UserPredicate(Combinable):
    """What a user must meet: groups joined by `joiner`, and joined inside by the other word.

    `&` and `|` mix freely, since the groups of the API can say both.
    """

    groups: tuple[Group, ...]
    joiner: LogicalOperator

    _messages: ClassVar = USER_CONDITION

    def __and__(self, other: UserPredicate) -> UserPredicate:
        return combine(LogicalOperator.AND, self, other)

    def __or__(self, other: UserPredicate) -> UserPredicate:
        return combine(LogicalOperator.OR, self, other)

    def __invert__(self) -> NoReturn:
        raise UnsupportedQueryError(
            "no opposite of a user condition is known to the API; name the users who do meet it, "
            "or say an operator of your account with users.Attribute(...).matches(...)"
        )

    def __repr__(self) -> str:
        from leadquery.expr.codegen import render_flat, user_node

        return render_flat(user_node(self))


def one_condition(name: str, operator: str, value: str) -> UserPredicate:
    """A condition of one attribute."""
    return UserPredicate(
        ((model.UserCondition(name, operator, value, None),),), LogicalOperator.AND
    )


def combine(joiner: LogicalOperator, *sides: UserPredicate) -> UserPredicate:
    """All sides joined, as groups of one word each, in the shorter of the two ways."""
    for side in sides:
        if not isinstance(side, UserPredicate):
            raise UsageError(
                f"{side!r} is no user condition; join user conditions only with user conditions, "
                "each in brackets, and give lead conditions to where(...)"
            )
    ways = (_as_cnf(joiner, sides), _as_dnf(joiner, sides))
    found = min((one for one in ways if one is not None), key=_size, default=None)
    if found is None or _size(found) > max(MAX_CONDITIONS, sum(map(_size, sides))):
        raise UnsupportedQueryError(
            f"the API's groups could say this only with more than {MAX_CONDITIONS} conditions; "
            "ask in several queries"
        )
    return _simplify(found)


def _size(condition: UserPredicate) -> int:
    return sum(map(len, condition.groups))


def _as_cnf(joiner: LogicalOperator, sides: Iterable[UserPredicate]) -> UserPredicate | None:
    """The groups of all sides, one after the other."""
    groups = [_groups(side, joiner) for side in sides]
    held = [group for one in groups for group in one or ()]
    return None if None in groups else UserPredicate(_distinct(held), joiner)


def _as_dnf(joiner: LogicalOperator, sides: Iterable[UserPredicate]) -> UserPredicate | None:
    """Each group of one side joined with each group of the others."""
    groups = [_groups(side, joiner.other) for side in sides]
    held = [one for one in groups if one is not None]
    if len(held) < len(groups) or prod(map(len, held)) > MAX_CONDITIONS:
        return None
    joined = (tuple(chain.from_iterable(picked)) for picked in product(*held))
    return UserPredicate(_distinct(joined), joiner.other)


def _groups(condition: UserPredicate, joiner: LogicalOperator) -> tuple[Group, ...] | None:
    """A condition as groups joined by a word; None where that takes too many conditions."""
    if condition.joiner is joiner:
        return condition.groups
    if (
        prod(map(len, condition.groups)) * len(condition.groups) > MAX_CONDITIONS
        and len(condition.groups) > 1
    ):
        return None
    return _distinct(product(*condition.groups))


def _distinct(groups: Iterable[Group]) -> tuple[Group, ...]:
    return tuple(dict.fromkeys(tuple(dict.fromkeys(group)) for group in groups))


def _simplify(condition: UserPredicate) -> UserPredicate:
    """Groups of one condition each are one group."""
    if len(condition.groups) > 1 and all(len(group) == 1 for group in condition.groups):
        return UserPredicate(
            (tuple(group[0] for group in condition.groups),), condition.joiner.other
        )
    if len(condition.groups) == 1 and len(condition.groups[0]) == 1:
        return UserPredicate(condition.groups, LogicalOperator.AND)
    return condition


def to_model(condition: UserPredicate) -> model.UserFilter:
    """The user filter that travels."""
    outer = condition.joiner
    if len(condition.groups) == 1:
        [only] = condition.groups
        return model.UserFilter((model.UserGroup(_chained(only, outer), None, None),), None)
    *most, last = condition.groups
    groups = [model.UserGroup(_chained(group, outer), None, outer) for group in most]
    return model.UserFilter((*groups, model.UserGroup(_chained(last, outer), None, None)), None)


def _chained(group: Group, outer: LogicalOperator) -> Group:
    """A group whose conditions name the word that joins them, which is not the one outside."""
    if len(group) == 1:
        return group
    *most, last = group
    inner = outer.other
    named = [model.UserCondition(one.name, one.operator, one.value, inner) for one in most]
    return (*named, last)


def from_model(users: model.UserFilter) -> UserPredicate:
    """The condition of a user filter; a group's conditions and its nested groups must both hold."""
    return _level(users.groups)


def _level(groups: tuple[model.UserGroup, ...]) -> UserPredicate:
    return _joined([_group(group) for group in groups], groups[0].joiner)


def _group(group: model.UserGroup) -> UserPredicate:
    parts = []
    if group.conditions:
        bare = [one_condition(one.name, one.operator, one.value) for one in group.conditions]
        parts.append(_joined(bare, group.conditions[0].joiner))
    if group.groups:
        parts.append(_level(group.groups))
    return _joined(parts, LogicalOperator.AND)


def _joined(parts: list[UserPredicate], joiner: LogicalOperator | None) -> UserPredicate:
    return parts[0] if len(parts) == 1 else combine(joiner or LogicalOperator.AND, *parts)
