"""Conditions on lead fields, and their `&`, `|` and `~`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from leadquery.errors import Misuse, UnsupportedQueryError, UsageError
from leadquery.expr._guards import CONDITION, Combinable, frozen_with_message, misplaced_message
from leadquery.wire.enums import ONE_OF, Operator
from leadquery.wire.model import ComparisonFilter, LeadFilter, MembershipFilter, PresenceFilter

if TYPE_CHECKING:
    from leadquery.expr.field import BaseField

    Conditions = Mapping[LeadFilter, BaseField[Any]]
    """The filters, each once, with the field that built each."""


@frozen_with_message
@attrs.frozen
class Predicate(Combinable):
    """A condition on lead fields: one filter, or several joined by AND.

    `a & b` joins two conditions. `~a` is the opposite, among the leads that have data in the
    field. `a | b` works for `==` and `is_in` of one field; the API has no other OR between lead
    filters. Conditions are equal if they send the same filters. (API page: Lead Filters)

    >>> from leadquery.fields import Source
    >>> (Source == "Web") | (Source == "Fair")
    Source.is_in(["Web", "Fair"])
    """

    # A dict, because a copy of it does not hash the filters again.
    _conditions: Conditions = attrs.field(eq=tuple)

    _messages: ClassVar = CONDITION

    @property
    def filters(self) -> tuple[LeadFilter, ...]:
        """The lead filters that are sent, in order."""
        return tuple(self._conditions)

    def __and__(self, other: Predicate) -> Predicate:
        if not isinstance(other, Predicate):
            raise condition_error(other)
        return Predicate({**self._conditions, **other._conditions})

    def __or__(self, other: Predicate) -> Predicate:
        if not isinstance(other, Predicate):
            raise condition_error(other)
        left, right = _equality_values(self), _equality_values(other)
        fields = (*self._conditions.values(), *other._conditions.values())
        has_is_in = all(map(_has_is_in, fields))
        if left and right and len({field.name for field in fields}) == 1 and has_is_in:
            return membership(fields[0], left + right)
        alternative = "one of several values of one field is written A.is_in([...]), anything else"
        raise UnsupportedQueryError(
            f"lead filters are joined by AND only; {alternative if has_is_in else 'this'} "
            "needs a query for each side"
        )

    def __invert__(self) -> Predicate:
        filters, field = self.filters, next(iter(self._conditions.values()))
        if len(filters) == 1:
            return _negate_filter(filters[0], field)
        # The opposite of several `!=` on one field is `is_in`.
        excluded = [
            lead_filter.value
            for lead_filter in filters
            if isinstance(lead_filter, ComparisonFilter)
            and lead_filter.operator is Operator.NOT_EQUAL
        ]
        names = {lead_filter.name for lead_filter in filters}
        if len(excluded) == len(filters) and len(names) == 1 and _has_is_in(field):
            return membership(field, excluded)
        raise UnsupportedQueryError(
            "the opposite of conditions joined by AND is an OR, and lead filters are joined by "
            "AND only; invert one condition at a time, as in (~a) & b"
        )

    def __repr__(self) -> str:
        from leadquery.expr.codegen import predicate_source

        return predicate_source(self)


def condition_error(value: object, arguments: Sequence[object] = ()) -> UsageError:
    """The error for an argument, or an operand of `&` or `|`, that is not a condition."""
    position = next((index for index, argument in enumerate(arguments) if argument is value), 0)
    message = misplaced_message(value)
    if message is None:
        message = f"where() takes conditions such as Score < 5, not {type(value).__name__}"
    return UsageError(message, Misuse("not a condition", value=value, position=position))


def _equality_values(condition: Predicate) -> tuple[str, ...]:
    """The values of a condition that is a single `==` or `is_in`."""
    match condition.filters:
        case (ComparisonFilter(_, value, Operator.EQUAL),):
            return (value,)
        case (MembershipFilter(_, _, values),):
            return values
    return ()


def _has_is_in(field: BaseField[Any]) -> bool:
    return hasattr(type(field), Operator.ONE_OF.python)


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
