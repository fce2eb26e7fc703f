"""User attributes, conditions on them, and the user filter that is sent for those.

A user filter has two levels: groups, and the conditions in each group. A `UserPredicate` is in
conjunctive normal form (an AND of OR groups) or disjunctive normal form (an OR of AND groups), and
`combine` keeps it so by the distributive law, up to `MAX_CONDITIONS`.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, product
from math import prod
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Final, NoReturn, SupportsIndex, overload

from leadquery._util.text import exact_str, python_literal, safe_repr
from leadquery.errors import QueryError, UnsupportedQueryError, UsageError, check_call
from leadquery.expr._guards import (
    ATTRIBUTE,
    USER_CONDITION,
    Comparable,
    Operand,
    frozen_class,
)
from leadquery.expr.encoders import enum_member_hint, list_hint, type_error
from leadquery.expr.joined import flatten, has_several, join_parts
from leadquery.expr.registry import ATTRIBUTES, standard_attribute
from leadquery.wire import model
from leadquery.wire.enums import AND, SEPARATOR, LogicalOperator, UserOperator

if TYPE_CHECKING:
    from leadquery.expr.joined import Joined
    from leadquery.expr.predicate import Condition, OtherOwners

    JoinedGroup = Joined[dict[model.UserCondition, None]]
    """The conditions of a group, or those of two operands."""

MAX_CONDITIONS: Final = 64
"""The most conditions that the distributive law may produce, unless as many were written."""

Group = tuple[model.UserCondition, ...]


@frozen_class
class UserPredicate(Comparable):
    """A condition on users, for `owned_by`; `&` and `|` combine any two of them.

    `groups` are joined by `joiner`, the conditions in each group by the other operator.
    (API page: User Filter)

    >>> from leadquery import users
    >>> (users.Role == "Sales_User") & (users.Department == "North")
    (users.Role == "Sales_User") & (users.Department == "North")
    """

    __slots__ = ("__weakref__", "_groups", "joiner")
    _groups: tuple[JoinedGroup, ...]
    joiner: LogicalOperator

    _messages: ClassVar = USER_CONDITION
    _compared: ClassVar = attrgetter("groups", "joiner")

    def __init__(self, groups: tuple[JoinedGroup, ...], joiner: LogicalOperator) -> None:
        object.__setattr__(self, "_groups", groups)
        object.__setattr__(self, "joiner", joiner)

    @property
    def groups(self) -> tuple[Group, ...]:
        """The conditions of each group, each once and in order."""
        return tuple(tuple(flatten(group)) for group in self._groups)

    @overload
    def __and__(self, other: UserPredicate) -> UserPredicate: ...

    @overload
    def __and__(self, other: Condition) -> Condition: ...

    def __and__(self, other: Condition) -> Condition:
        return self._join(LogicalOperator.AND, other)

    @overload
    def __or__(self, other: UserPredicate) -> UserPredicate: ...

    @overload
    def __or__(self, other: Condition) -> Condition: ...

    def __or__(self, other: Condition) -> Condition:
        return self._join(LogicalOperator.OR, other)

    def __invert__(self) -> OtherOwners:
        from leadquery.expr.predicate import OtherOwners

        return OtherOwners(self)

    def _join(self, joiner: LogicalOperator, other: Condition) -> Condition:
        if isinstance(other, UserPredicate):
            return combine(joiner, self, other)
        from leadquery.expr.predicate import CompoundPredicate, OtherOwners, Predicate, join

        if isinstance(other, (Predicate, CompoundPredicate, OtherOwners)):
            return join(joiner, self, other)
        return combine(joiner, self, other)

    def __reduce__(self) -> tuple[Any, ...]:
        # As that of a Predicate.
        return UserPredicate, (tuple(map(flatten, self._groups)), self.joiner)

    def __repr__(self) -> str:
        from leadquery.expr.codegen import user_node
        from leadquery.expr.source_layout import render_flat

        return render_flat(user_node(self))


def one_condition(name: str, operator: str, value: str) -> UserPredicate:
    """A condition on one attribute."""
    condition = model.UserCondition(name, operator, value, None)
    return UserPredicate(({condition: None},), AND)


def combine(joiner: LogicalOperator, *operands: UserPredicate) -> UserPredicate:
    """The operands joined by AND or OR, in the shorter of the two normal forms."""
    for operand in operands:
        if not isinstance(operand, UserPredicate):
            raise UsageError(
                f"{operand!r} is not a condition; join conditions on users and lead fields, "
                "each in brackets"
            )
    groups = [group for one in operands if (group := _group_joined_by(joiner, one))]
    if len(groups) == len(operands):
        return _simplify(UserPredicate((join_parts(groups),), joiner.other))
    forms = (_concatenate(joiner, operands), _distribute(joiner, operands))
    shortest = min((form for form in forms if form is not None), key=_size, default=None)
    limit = max(MAX_CONDITIONS, sum(map(_size, operands)))
    if shortest is None or _size(shortest) > limit:
        raise UnsupportedQueryError(
            f"the API's user groups need more than {MAX_CONDITIONS} conditions for this; "
            "use several queries"
        )
    return _simplify(shortest)


def _group_joined_by(joiner: LogicalOperator, predicate: UserPredicate) -> JoinedGroup | None:
    """The group of a predicate that has only one, if `joiner` joins its conditions."""
    group, *others = predicate._groups
    if others:
        return None
    return group if predicate.joiner is not joiner or not has_several(group) else None


def _size(predicate: UserPredicate) -> int:
    return sum(map(len, predicate.groups))


def _concatenate(
    joiner: LogicalOperator, operands: Iterable[UserPredicate]
) -> UserPredicate | None:
    """The normal form with `joiner` outside: the groups of all operands."""
    groups: list[Group] = []
    for operand in operands:
        operand_groups = _groups_joined_by(joiner, operand)
        if operand_groups is None:
            return None
        groups += operand_groups
    return _distinct(groups, joiner)


def _distribute(joiner: LogicalOperator, operands: Iterable[UserPredicate]) -> UserPredicate | None:
    """The normal form with `joiner` inside: each group with each group of the other operands."""
    factors: list[tuple[Group, ...]] = []
    for operand in operands:
        operand_groups = _groups_joined_by(joiner.other, operand)
        if operand_groups is None:
            return None
        factors.append(operand_groups)
    if prod(map(len, factors)) > MAX_CONDITIONS:
        return None
    groups = (tuple(chain.from_iterable(combination)) for combination in product(*factors))
    return _distinct(groups, joiner.other)


def _groups_joined_by(
    joiner: LogicalOperator, predicate: UserPredicate
) -> tuple[Group, ...] | None:
    """The groups of the normal form with `joiner` outside; None if it exceeds the limit."""
    if predicate.joiner is joiner:
        return predicate.groups
    size = prod(map(len, predicate.groups)) * len(predicate.groups)
    if size > MAX_CONDITIONS and len(predicate.groups) > 1:
        return None
    return _distinct(product(*predicate.groups), joiner).groups


def _distinct(groups: Iterable[Group], joiner: LogicalOperator) -> UserPredicate:
    """The condition with each group once, and each condition of a group once."""
    distinct = dict.fromkeys(tuple(dict.fromkeys(group)) for group in groups)
    return UserPredicate(tuple(map(dict.fromkeys, distinct)), joiner)


def _simplify(predicate: UserPredicate) -> UserPredicate:
    """AND in place of OR for a single condition."""
    is_single = len(predicate._groups) == 1 and not has_several(predicate._groups[0])
    return UserPredicate(predicate._groups, LogicalOperator.AND) if is_single else predicate


def to_model(predicate: UserPredicate) -> model.UserFilter:
    """The user filter that is sent."""
    joiner = predicate.joiner
    *most, last = predicate.groups
    if not most:
        return model.UserFilter((model.UserGroup(_with_joiners(last, joiner), None, None),), None)
    groups = [model.UserGroup(_with_joiners(group, joiner), None, joiner) for group in most]
    last_group = model.UserGroup(_with_joiners(last, joiner), None, None)
    return model.UserFilter((*groups, last_group), None)


def _with_joiners(group: Group, outer: LogicalOperator) -> Group:
    """The conditions of a group, each but the last with the operator that joins it to the next."""
    if len(group) == 1:
        return group
    *most, last = group
    joined = [
        model.UserCondition(condition.name, condition.operator, condition.value, outer.other)
        for condition in most
    ]
    return (*joined, last)


def from_model(users: model.UserFilter) -> UserPredicate:
    """The condition of a user filter; a group joins its conditions and nested groups by AND."""
    return _from_groups(users.groups)


def _from_groups(groups: tuple[model.UserGroup, ...]) -> UserPredicate:
    return _join([_from_group(group) for group in groups], groups[0].joiner)


def _from_group(group: model.UserGroup) -> UserPredicate:
    parts = []
    if group.conditions:
        conditions = [
            one_condition(condition.name, condition.operator, condition.value)
            for condition in group.conditions
        ]
        parts.append(_join(conditions, group.conditions[0].joiner))
    if group.groups:
        parts.append(_from_groups(group.groups))
    return _join(parts, LogicalOperator.AND)


def _join(predicates: list[UserPredicate], joiner: LogicalOperator | None) -> UserPredicate:
    if len(predicates) == 1:
        return predicates[0]
    return combine(joiner or LogicalOperator.AND, *predicates)


# One value may contain several of these, joined by commas.
_COMMA_JOINED: Final = ("UserID", "EmailAddress")


def _check_name(name: str) -> str:
    if isinstance(name, str) and name:
        return exact_str(name)
    raise QueryError(f"an attribute's name is text such as 'Team', not {name!r}")


def _split_source(values: list[Any]) -> str:
    """The source of a list of the comma-separated parts of some values."""
    from leadquery.expr.source_layout import list_node, render_flat

    texts = [value for value in values if isinstance(value, str)]
    parts = [part.strip() for text in texts for part in text.split(SEPARATOR)]
    return render_flat(list_node(dict.fromkeys(filter(None, parts)))) if any(parts) else "[...]"


@frozen_class
class Attribute(Operand):
    """A user attribute, for `owned_by`.

    Values are text. `==` and `is_in` do not take commas, which the API reads as "one of". The
    documented attributes are in `leadquery.users`. (API page: User Filter)

    >>> from leadquery import users
    >>> users.Attribute("Team").is_in(["North", "South"])
    (users.Attribute("Team") == "North") | (users.Attribute("Team") == "South")
    """

    __slots__ = ("__weakref__", "name")
    name: str

    _messages: ClassVar = ATTRIBUTE

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "name", _check_name(name))

    @check_call
    def __eq__(self, value: str) -> UserPredicate:  # type: ignore[override]
        try:
            text = self._encode_single(value)
        except QueryError as error:
            raise list_hint(self, "==", value) or error from None
        return one_condition(self.name, UserOperator.EQUAL.token, text)

    __hash__ = object.__hash__

    @check_call
    def __ne__(self, value: object) -> NoReturn:
        literal = python_literal(value) if isinstance(value, str) else safe_repr(value)
        raise UnsupportedQueryError(
            f"{self!r} != {literal}: the API has no documented operator for this; write "
            f"~({self!r} == ...) for all other leads, or list the users to include"
        )

    @check_call
    def is_in(self, values: Iterable[str]) -> UserPredicate:
        """Users whose attribute is one of `values`.

        For ids and e-mail addresses this sends one condition with comma-joined values, for other
        attributes conditions joined by OR. (API page: User Filter)
        """
        if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
            value = python_literal(self._encode_single(values))
            raise QueryError(f"is_in takes a list of values; write {self!r}.is_in([{value}])")
        items = list(values)
        texts = dict.fromkeys([self._encode_single(item, items) for item in items])
        if not texts:
            raise QueryError(f"{self!r}.is_in([]) matches no user; give it at least one value")
        equal = UserOperator.EQUAL.token
        if self.name in _COMMA_JOINED:
            return one_condition(self.name, equal, SEPARATOR.join(texts))
        group = [model.UserCondition(self.name, equal, text, None) for text in texts]
        return UserPredicate((dict.fromkeys(group),), LogicalOperator.AND)

    @check_call
    def contains(self, part: str) -> UserPredicate:
        """Users whose attribute contains `part`. (API page: User Filter)"""
        return one_condition(self.name, UserOperator.CONTAINS.token, self._encode(part))

    @check_call
    def matches(self, operator: str, value: str) -> UserPredicate:
        """Users by any operator and value, sent unchanged, for undocumented operators."""
        if not isinstance(operator, str) or not operator:
            raise QueryError(f"an operator is text such as 'eq', not {operator!r}")
        for known in UserOperator:
            if operator != known.token and operator.strip().casefold() == known.token:
                raise QueryError(f"{operator!r} is {known.token!r} in another case; write that")
        return one_condition(self.name, exact_str(operator), self._encode(value))

    def _encode(self, value: object) -> str:
        if not isinstance(value, str) or not value:
            raise self._value_error(value)
        return exact_str(value)

    def _value_error(self, value: object) -> QueryError:
        error = type_error(self, value, "text")
        return enum_member_hint(error, value, self._encode) or error

    def _encode_single(self, value: object, siblings: list[Any] | None = None) -> str:
        """The text of a single value; `siblings` are the values of its list."""
        text = self._encode(value)
        if not text.strip():
            raise self._value_error(text)
        if SEPARATOR in text:
            raise QueryError(
                f"{text!r} contains a comma, which the API reads as 'one of'; "
                f"write {self!r}.is_in({_split_source(siblings or [value])})"
            )
        return text

    def _described(self) -> str:
        return f"{self!r} is a user attribute, and a user attribute"

    def _offered(self) -> list[str]:
        return ["==", ".is_in()", ".contains()", ".matches()"]

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Any, ...]:
        # A standard attribute is the same object in every process.
        if ATTRIBUTES.get(self.name) is self:
            return standard_attribute, (self.name,)
        return super().__reduce_ex__(protocol)

    def __repr__(self) -> str:
        from leadquery.expr.codegen import attribute_node
        from leadquery.expr.source_layout import render_flat

        return render_flat(attribute_node(self))
