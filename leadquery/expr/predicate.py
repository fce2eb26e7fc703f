"""Conditions on lead fields, and their `&`, `|` and `~`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, cast, overload

import attrs

from leadquery.errors import Misuse, UnsupportedQueryError, UsageError
from leadquery.expr._guards import (
    CONDITION,
    Comparable,
    check_depth,
    frozen_class,
    frozen_with_message,
    misplaced_message,
    position_of,
)
from leadquery.expr.joined import flatten, has_several, join_parts, leaves_of
from leadquery.expr.user_field import UserPredicate
from leadquery.wire.enums import ONE_OF, LogicalOperator, Operator
from leadquery.wire.model import ComparisonFilter, LeadFilter, MembershipFilter, PresenceFilter

if TYPE_CHECKING:
    from leadquery.expr.field import BaseField
    from leadquery.expr.joined import Joined

    Conditions = dict[LeadFilter, BaseField[Any]]
    """The filters, each once, with the field that built each."""

    JoinedConditions: TypeAlias = Joined[Conditions | "OneOf"]
    """Conditions joined by AND: all in one dict, or those of two operands."""


@attrs.frozen(eq=False)
class OneOf:
    """Values of one field that were joined by `|`, of which one filter is made when needed."""

    field: BaseField[Any]
    values: Joined[dict[str, None]]

    @property
    def conditions(self) -> Conditions:
        """The filter, with its field."""
        return membership(self.field, flatten(self.values))._conditions


def conditions_of(joined: JoinedConditions) -> Conditions:
    """The conditions in one dict."""
    if isinstance(joined, dict):
        return joined
    conditions: Conditions = {}
    for leaf in leaves_of(joined):
        conditions |= leaf.conditions if isinstance(leaf, OneOf) else leaf
    return conditions


@frozen_with_message
@attrs.frozen(eq=False, repr=False)
class Predicate(Comparable):
    """A condition on lead fields: one filter, or several joined by AND.

    `a & b` joins two conditions. `~a` is the opposite, among the leads that have data in the
    field. `a | b` works for `==` and `is_in` of one field; the API has no other OR between lead
    filters. Conditions are equal if they send the same filters. (API page: Lead Filters)

    >>> from leadquery.fields import Source
    >>> (Source == "Web") | (Source == "Fair")
    Source.is_in(["Web", "Fair"])
    """

    _joined: JoinedConditions

    _messages: ClassVar = CONDITION
    _compared: ClassVar = attrgetter("filters")

    @property
    def _conditions(self) -> Conditions:
        return conditions_of(self._joined)

    @property
    def filters(self) -> tuple[LeadFilter, ...]:
        """The lead filters that are sent, in order."""
        return tuple(self._conditions)

    @overload
    def __and__(self, other: Predicate) -> Predicate: ...

    @overload
    def __and__(self, other: Condition) -> Condition: ...

    def __and__(self, other: Condition) -> Condition:
        if isinstance(other, Predicate):
            return Predicate((self._joined, other._joined))
        if not isinstance(other, Condition):
            raise condition_error(other)
        return join(LogicalOperator.AND, self, other)

    def __or__(self, other: Condition) -> Condition:
        if not isinstance(other, Condition):
            raise condition_error(other)
        if not isinstance(other, Predicate):
            return join(LogicalOperator.OR, self, other)
        left, right = _one_of(self), _one_of(other)
        if left and right and left.field.name == right.field.name:
            return Predicate(OneOf(left.field, (left.values, right.values)))
        return join(LogicalOperator.OR, self, other)

    def __invert__(self) -> Condition:
        filters, field = self.filters, next(iter(self._conditions.values()))
        # The opposite of several `!=` on one field is `is_in`.
        excluded = [
            lead_filter.value
            for lead_filter in filters
            if isinstance(lead_filter, ComparisonFilter)
            and lead_filter.operator is Operator.NOT_EQUAL
        ]
        names = {lead_filter.name for lead_filter in filters}
        if len(excluded) == len(filters) > 1 and len(names) == 1 and _has_is_in(field):
            return membership(field, excluded)
        opposites = [_negate_filter(one, its_field) for one, its_field in self._conditions.items()]
        return opposites[0] if len(opposites) == 1 else join(LogicalOperator.OR, *opposites)

    def __reduce__(self) -> tuple[Any, ...]:
        # Pickling many that were added one by one would exceed the recursion limit.
        return Predicate, (self._conditions,)

    def __repr__(self) -> str:
        from leadquery.expr.codegen import predicate_source

        return predicate_source(self)


class _Joined(Comparable):
    """What conditions other than plain filters share: `&`, `|` and their source."""

    __slots__ = ()
    _messages: ClassVar = CONDITION

    def __and__(self, other: Condition) -> Condition:
        if not isinstance(other, Condition):
            raise condition_error(other)
        return join(LogicalOperator.AND, cast("Condition", self), other)

    def __or__(self, other: Condition) -> Condition:
        if not isinstance(other, Condition):
            raise condition_error(other)
        return join(LogicalOperator.OR, cast("Condition", self), other)

    def __repr__(self) -> str:
        from leadquery.expr.codegen import condition_source

        return condition_source(cast("Condition", self))


@frozen_class
class OtherOwners(_Joined):
    """The opposite of a condition on users: every lead but those of their owners."""

    __slots__ = ("__weakref__", "users")
    users: UserPredicate

    _compared: ClassVar = attrgetter("users")

    def __init__(self, users: UserPredicate) -> None:
        object.__setattr__(self, "users", users)

    def __invert__(self) -> UserPredicate:
        return self.users


@frozen_class
class CompoundPredicate(_Joined):
    """Conditions joined by AND or OR that need not be one filter, on lead fields or users.

    `~` of a condition on a field leaves out the leads without data in the field, as in SQL.

    >>> from leadquery.fields import Score, mx_City
    >>> ~((mx_City == "Delhi") & (Score > 80))
    (mx_City != "Delhi") | (Score <= 80)
    """

    __slots__ = ("__weakref__", "_depth", "_filters", "_parts", "joiner")
    joiner: LogicalOperator
    # In an AND, the lead filters are one condition: None stands for it, so that adding a filter
    # does not hash the others.
    _parts: Joined[dict[Condition | None, None]]
    _filters: Predicate | None
    _depth: int

    _compared: ClassVar = attrgetter("joiner", "parts")

    def __init__(
        self,
        joiner: LogicalOperator,
        parts: Joined[dict[Any, None]],
        filters: Predicate | None = None,
        depth: int = 1,
    ) -> None:
        object.__setattr__(self, "joiner", joiner)
        object.__setattr__(self, "_parts", parts)
        object.__setattr__(self, "_filters", filters)
        object.__setattr__(self, "_depth", depth)

    @property
    def parts(self) -> tuple[Condition, ...]:
        """The conditions that are joined, each once and in order."""
        filters = cast("Predicate", self._filters)
        return tuple(filters if part is None else part for part in flatten(self._parts))

    def __invert__(self) -> Condition:
        return join(self.joiner.other, *(~part for part in self.parts))

    def __reduce__(self) -> tuple[Any, ...]:
        # As that of a Predicate.
        return CompoundPredicate, (self.joiner, flatten(self._parts), self._filters, self._depth)


def join(joiner: LogicalOperator, *conditions: Condition) -> Condition:
    """Conditions joined by AND or OR: those of the same kind are joined by themselves first."""
    parts: list[Joined[dict[Condition | None, None]]] = []
    filters: Predicate | None = None
    depth = 1
    for condition in conditions:
        own: Predicate | None = None
        if isinstance(condition, CompoundPredicate):
            depth = max(depth, condition._depth + (condition.joiner is not joiner))
        check_depth(depth, "use is_in for the values of a field, or several queries")
        if isinstance(condition, CompoundPredicate) and condition.joiner is joiner:
            parts.append(condition._parts)
            own = condition._filters
        elif isinstance(condition, Predicate) and joiner is LogicalOperator.AND:
            parts.append({None: None})
            own = condition
        else:
            parts.append({condition: None})
        if own is not None:
            filters = own if filters is None else filters & own
    joined = join_parts(parts)
    compound = CompoundPredicate(joiner, joined, filters, depth)
    return compound if has_several(joined) else compound.parts[0]


def condition_error(value: object, arguments: Sequence[object] = ()) -> UsageError:
    """The error for an argument, or an operand of `&` or `|`, that is not a condition."""
    message = misplaced_message(value)
    if message is None:
        message = f"where() takes conditions such as Score < 5, not {type(value).__name__}"
    misuse = Misuse("not a condition", value=value, position=position_of(value, arguments))
    return UsageError(message, misuse)


def equality_values(condition: Predicate) -> tuple[str, ...]:
    """The values of a condition that is a single `==` or `is_in`."""
    match condition.filters:
        case (ComparisonFilter(_, value, Operator.EQUAL),):
            return (value,)
        case (MembershipFilter(_, _, values),):
            return values
    return ()


def _has_is_in(field: BaseField[Any]) -> bool:
    return hasattr(type(field), Operator.ONE_OF.python)


def _one_of(condition: Predicate) -> OneOf | None:
    """The values of a condition that is a single `==` or `is_in`, if the field has both."""
    if isinstance(condition._joined, OneOf):
        return condition._joined
    values, field = equality_values(condition), next(iter(condition._conditions.values()))
    return OneOf(field, dict.fromkeys(values)) if values and _has_is_in(field) else None


def membership(field: BaseField[Any], values: Iterable[str]) -> Predicate:
    """The condition that the field has one of several encoded values."""
    distinct = tuple(dict.fromkeys(values))
    if len(distinct) == 1:
        return comparison(field, Operator.EQUAL, distinct[0])
    return Predicate({MembershipFilter(field.name, ONE_OF, distinct): field})


def comparison(field: BaseField[Any], operator: Operator, text: str) -> Predicate:
    """The condition that compares the field with an encoded value."""
    return Predicate({ComparisonFilter(field.name, text, operator): field})


def _negate_filter(lead_filter: LeadFilter, field: BaseField[Any]) -> Predicate:
    if isinstance(lead_filter, MembershipFilter):
        return Predicate(
            {
                ComparisonFilter(lead_filter.name, value, Operator.NOT_EQUAL): field
                for value in lead_filter.values
            }
        )
    opposite = lead_filter.operator.opposite
    if opposite is None:
        raise UnsupportedQueryError(
            f"the API has no opposite of {lead_filter.operator.python}; invert another condition"
        )
    if isinstance(lead_filter, PresenceFilter):
        return Predicate({PresenceFilter(lead_filter.name, opposite, None): field})
    return comparison(field, opposite, lead_filter.value)


def leaves(condition: Condition) -> Iterator[Predicate | UserPredicate]:
    """The conditions that a tree joins."""
    if isinstance(condition, CompoundPredicate):
        for part in condition.parts:
            yield from leaves(part)
    else:
        yield condition.users if isinstance(condition, OtherOwners) else condition


def filter_names(condition: Condition) -> set[str]:
    """The names of the fields that a condition is about."""
    predicates = [leaf for leaf in leaves(condition) if isinstance(leaf, Predicate)]
    return {lead_filter.name for leaf in predicates for lead_filter in leaf.filters}


def fields_in(condition: Condition) -> Iterator[BaseField[Any]]:
    """The fields that built the filters of a condition."""
    for leaf in leaves(condition):
        if isinstance(leaf, Predicate):
            yield from leaf._conditions.values()


def is_about_users(condition: Condition) -> bool:
    """Whether a condition is about the owners of leads, too."""
    return any(isinstance(leaf, UserPredicate) for leaf in leaves(condition))


def filters_by_field(predicate: Predicate) -> dict[str, tuple[LeadFilter, ...]]:
    """The filters of a condition on lead fields, by field."""
    found: dict[str, list[LeadFilter]] = {}
    for lead_filter in predicate.filters:
        found.setdefault(lead_filter.name, []).append(lead_filter)
    return {name: tuple(filters) for name, filters in found.items()}


Condition = Predicate | CompoundPredicate | OtherOwners | UserPredicate
"""A condition of any kind: on lead fields, on users, or several joined by AND and OR."""
