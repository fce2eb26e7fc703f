"""A condition: what a lead's fields must meet, and how conditions join, fold and turn round."""

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
    """Each filter once, with the word that built it."""


@frozen_with_message
@attrs.frozen
class Predicate(Combinable):
    """What a lead's fields must meet; several are joined by AND.

    Equal conditions send the same: the kind of the field takes no part.
    `a & b` joins, `~a` is the opposite among leads that have data in the field, and `a | b`
    is offered where the API can say it: one field, `==` and `is_in`. (API page: Lead Filters)

    >>> from leadquery.fields import Source
    >>> (Source == "Web") | (Source == "Fair")
    Source.is_in(["Web", "Fair"])
    """

    # A dict is copied without being hashed anew.
    conditions: Conditions = attrs.field(eq=tuple)

    _messages: ClassVar = CONDITION

    @property
    def filters(self) -> tuple[LeadFilter, ...]:
        """The lead filters that are sent."""
        return tuple(self.conditions)

    @property
    def words(self) -> tuple[BaseField[Any], ...]:
        """The words that built the filters, one for each."""
        return tuple(self.conditions.values())

    def __and__(self, other: Predicate) -> Predicate:
        if not isinstance(other, Predicate):
            raise condition_error(other)
        return Predicate({**self.conditions, **other.conditions})

    def __or__(self, other: Predicate) -> Predicate:
        if not isinstance(other, Predicate):
            raise condition_error(other)
        mine, theirs = _equality_values(self), _equality_values(other)
        one_field = {one.name for one in (*self.filters, *other.filters)}
        listed = all(map(_has_is_in, (*self.words, *other.words)))
        if mine and theirs and len(one_field) == 1 and listed:
            return membership(self.words[0], mine + theirs)
        several = "one of several values of one field is written A.is_in([...]), anything else"
        raise UnsupportedQueryError(
            f"lead filters are joined by AND only; {several if listed else 'this'} "
            "needs a query for each side"
        )

    def __invert__(self) -> Predicate:
        if len(self.conditions) == 1:
            return _negate_filter(self.filters[0], self.words[0])
        # Several `!=` on one field are the opposite of `is_in`, and so it of them.
        excluded = [
            one.value
            for one in self.filters
            if isinstance(one, ComparisonFilter) and one.operator is Operator.NOT_EQUAL
        ]
        names = {one.name for one in self.filters}
        if len(excluded) == len(self.filters) and len(names) == 1 and _has_is_in(self.words[0]):
            return membership(self.words[0], excluded)
        raise UnsupportedQueryError(
            "the opposite of conditions joined by AND is an OR, and lead filters are joined by "
            "AND only; turn round one condition at a time, as in (~a) & b"
        )

    def __repr__(self) -> str:
        from leadquery.expr.codegen import predicate_source

        return predicate_source(self)


def condition_error(value: object, arguments: Sequence[object] = ()) -> UsageError:
    """The error for one of several arguments, or for an operand of `&` or `|`, that is none."""
    position = next((at for at, argument in enumerate(arguments) if argument is value), 0)
    message = misplaced_message(value)
    if message is None:
        message = f"where() takes conditions such as Score < 5, not {type(value).__name__}"
    return UsageError(message, Misuse("not a condition", value=value, position=position))


def _equality_values(condition: Predicate) -> tuple[str, ...]:
    """The values of which a lead's may be any, where that is all a condition says."""
    match condition.filters:
        case (ComparisonFilter(_, value, Operator.EQUAL),):
            return (value,)
        case (MembershipFilter(_, _, values),):
            return values
    return ()


def _has_is_in(word: BaseField[Any]) -> bool:
    """Whether the kind of a word can be one of several values."""
    return hasattr(type(word), Operator.ONE_OF.python)


def membership(word: BaseField[Any], values: Iterable[str]) -> Predicate:
    """Leads whose field has one of several values, as they travel."""
    distinct = tuple(dict.fromkeys(values))
    if len(distinct) == 1:
        return comparison(word, Operator.EQUAL, distinct[0])
    return Predicate({MembershipFilter(word.name, ONE_OF, distinct): word})


def comparison(word: BaseField[Any], operator: Operator, text: str) -> Predicate:
    """Leads whose field compares with a value, as it travels."""
    return Predicate({ComparisonFilter(word.name, text, operator): word})


def _negate_filter(one: LeadFilter, word: BaseField[Any]) -> Predicate:
    if isinstance(one, MembershipFilter):
        return Predicate(
            {ComparisonFilter(one.name, value, Operator.NOT_EQUAL): word for value in one.values}
        )
    opposite = one.operator.opposite
    if opposite is None:
        raise UnsupportedQueryError(
            f"the API has no opposite of {one.operator.python}; turn round another condition"
        )
    if isinstance(one, PresenceFilter):
        return Predicate({PresenceFilter(one.name, opposite, None): word})
    return comparison(word, opposite, one.value)
