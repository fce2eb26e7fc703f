"""A condition on users: groups of one joining word each, and how they join into others."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from math import prod
from typing import ClassVar, Final, NoReturn

import attrs

from leadquery import slips
from leadquery.errors import NotExpressibleError, SlipError
from leadquery.spec import model
from leadquery.spec.vocabulary import Joiner
from leadquery.words.nodes import flat

MOST: Final = 64
"""How many conditions may come of distributing AND over OR, unless as many were written."""

Group = tuple[model.UserCondition, ...]


@attrs.frozen(repr=False)
class UserCondition(slips.Joinable):
    """What a user must meet: groups joined by `joiner`, and joined inside by the other word.

    `&` and `|` mix freely, since the groups of the API can say both.
    """

    groups: tuple[Group, ...]
    joiner: Joiner

    _slips: ClassVar = slips.USER_CONDITION

    def __and__(self, other: UserCondition) -> UserCondition:
        return combined(Joiner.AND, self, other)

    def __or__(self, other: UserCondition) -> UserCondition:
        return combined(Joiner.OR, self, other)

    def __invert__(self) -> NoReturn:
        raise NotExpressibleError(
            "no opposite of a user condition is known to the API; name the users who do meet it, "
            "or say an operator of your account with users.Attribute(...).matches(...)"
        )

    def __repr__(self) -> str:
        from leadquery.words.said import user_node

        return flat(user_node(self))


def one_condition(name: str, operator: str, value: str) -> UserCondition:
    """A condition of one attribute."""
    return UserCondition(((model.UserCondition(name, operator, value, None),),), Joiner.AND)


def combined(joiner: Joiner, left: UserCondition, right: UserCondition) -> UserCondition:
    """Both sides joined, as groups of one word each, in the shorter of the two ways."""
    for side in (left, right):
        if not isinstance(side, UserCondition):
            raise SlipError(
                f"{side!r} is no user condition; join user conditions only with user conditions, "
                "each in brackets, and give lead conditions to where(...)"
            )
    ways = (_gathered(joiner, left, right), _distributed(joiner, left, right))
    found = min((one for one in ways if one is not None), key=_size, default=None)
    if found is None or _size(found) > max(MOST, _size(left) + _size(right)):
        raise NotExpressibleError(
            f"the API's groups could say this only with more than {MOST} conditions; "
            "ask in several queries"
        )
    return _tidy(found)


def _size(condition: UserCondition) -> int:
    return sum(map(len, condition.groups))


def _gathered(joiner: Joiner, left: UserCondition, right: UserCondition) -> UserCondition | None:
    """The groups of both sides, one after the other."""
    one, other = _groups(left, joiner), _groups(right, joiner)
    return None if one is None or other is None else UserCondition(_distinct(one + other), joiner)


def _distributed(joiner: Joiner, left: UserCondition, right: UserCondition) -> UserCondition | None:
    """Each group of one side joined with each group of the other."""
    one, other = _groups(left, joiner.other), _groups(right, joiner.other)
    if one is None or other is None or len(one) * len(other) > MOST:
        return None
    return UserCondition(_distinct(a + b for a, b in product(one, other)), joiner.other)


def _groups(condition: UserCondition, joiner: Joiner) -> tuple[Group, ...] | None:
    """A condition as groups joined by a word; None where that takes too many conditions."""
    if condition.joiner is joiner:
        return condition.groups
    if (
        prod(map(len, condition.groups)) * len(condition.groups) > MOST
        and len(condition.groups) > 1
    ):
        return None
    return _distinct(product(*condition.groups))


def _distinct(groups: Iterable[Group]) -> tuple[Group, ...]:
    return tuple(dict.fromkeys(tuple(dict.fromkeys(group)) for group in groups))


def _tidy(condition: UserCondition) -> UserCondition:
    """Groups of one condition each are one group."""
    if len(condition.groups) > 1 and all(len(group) == 1 for group in condition.groups):
        return UserCondition(
            (tuple(group[0] for group in condition.groups),), condition.joiner.other
        )
    if len(condition.groups) == 1 and len(condition.groups[0]) == 1:
        return UserCondition(condition.groups, Joiner.AND)
    return condition


def to_model(condition: UserCondition) -> model.UserFilter:
    """The user filter that travels."""
    inner, last = condition.joiner.other, len(condition.groups) - 1
    groups = [
        model.UserGroup(_chained(group, inner), None, condition.joiner if index < last else None)
        for index, group in enumerate(condition.groups)
    ]
    return model.UserFilter(tuple(groups), None)


def _chained(group: Group, joiner: Joiner) -> Group:
    if len(group) == 1:
        return group
    named = tuple(
        model.UserCondition(one.name, one.operator, one.value, joiner) for one in group[:-1]
    )
    return (*named, group[-1])


def from_model(users: model.UserFilter) -> UserCondition:
    """The condition of a user filter; a group's conditions and its nested groups must both hold."""
    return _level(users.groups)


def _level(groups: tuple[model.UserGroup, ...]) -> UserCondition:
    return _joined([_group(group) for group in groups], groups[0].joiner)


def _group(group: model.UserGroup) -> UserCondition:
    parts = []
    if group.conditions:
        bare = [one_condition(one.name, one.operator, one.value) for one in group.conditions]
        parts.append(_joined(bare, group.conditions[0].joiner))
    if group.groups:
        parts.append(_level(group.groups))
    return _joined(parts, Joiner.AND)


def _joined(parts: list[UserCondition], joiner: Joiner | None) -> UserCondition:
    first, *rest = parts
    for part in rest:
        first = combined(joiner or Joiner.AND, first, part)
    return first
