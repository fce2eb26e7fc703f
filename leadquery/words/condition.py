"""A condition: what a lead's fields must meet, and how conditions join, fold and turn round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from leadquery import slips
from leadquery.errors import NotExpressibleError
from leadquery.spec.model import Comparison, LeadFilter, Membership, Presence
from leadquery.spec.vocabulary import ONE_OF, Operator

if TYPE_CHECKING:
    from leadquery.words.word import Word

    Conditions = Mapping[LeadFilter, Word[Any]]
    """Each filter once, with the word that built it."""


@slips.unchanging
@attrs.frozen
class Condition(slips.Joinable):
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

    _slips: ClassVar = slips.CONDITION

    @property
    def filters(self) -> tuple[LeadFilter, ...]:
        """The lead filters that are sent."""
        return tuple(self.conditions)

    @property
    def words(self) -> tuple[Word[Any], ...]:
        """The words that built the filters, one for each."""
        return tuple(self.conditions.values())

    def __and__(self, other: Condition) -> Condition:
        if not isinstance(other, Condition):
            raise slips.not_a_condition(other)
        return Condition({**self.conditions, **other.conditions})

    def __or__(self, other: Condition) -> Condition:
        if not isinstance(other, Condition):
            raise slips.not_a_condition(other)
        mine, theirs = _alternatives(self), _alternatives(other)
        one_field = {one.name for one in (*self.filters, *other.filters)}
        listed = all(map(_lists, (*self.words, *other.words)))
        if mine and theirs and len(one_field) == 1 and listed:
            return one_of(self.words[0], mine + theirs)
        several = "one of several values of one field is written A.is_in([...]), anything else"
        raise NotExpressibleError(
            f"lead filters are joined by AND only; {several if listed else 'this'} "
            "needs a query for each side"
        )

    def __invert__(self) -> Condition:
        if len(self.conditions) == 1:
            return _opposite(self.filters[0], self.words[0])
        # Several `!=` on one field are the opposite of `is_in`, and so it of them.
        excluded = [
            one.value
            for one in self.filters
            if isinstance(one, Comparison) and one.operator is Operator.NOT_EQUAL
        ]
        names = {one.name for one in self.filters}
        if len(excluded) == len(self.filters) and len(names) == 1 and _lists(self.words[0]):
            return one_of(self.words[0], excluded)
        raise NotExpressibleError(
            "the opposite of conditions joined by AND is an OR, and lead filters are joined by "
            "AND only; turn round one condition at a time, as in (~a) & b"
        )

    def __repr__(self) -> str:
        from leadquery.words.said import condition_source

        return condition_source(self)


def _alternatives(condition: Condition) -> tuple[str, ...]:
    """The values of which a lead's may be any, where that is all a condition says."""
    match condition.filters:
        case (Comparison(_, value, Operator.EQUAL),):
            return (value,)
        case (Membership(_, _, values),):
            return values
    return ()


def _lists(word: Word[Any]) -> bool:
    """Whether the kind of a word can be one of several values."""
    return hasattr(type(word), Operator.ONE_OF.python)


def one_of(word: Word[Any], values: Iterable[str]) -> Condition:
    """Leads whose field has one of several values, as they travel."""
    distinct = tuple(dict.fromkeys(values))
    if len(distinct) == 1:
        return compared(word, Operator.EQUAL, distinct[0])
    return Condition({Membership(word.name, ONE_OF, distinct): word})


def compared(word: Word[Any], operator: Operator, text: str) -> Condition:
    """Leads whose field compares with a value, as it travels."""
    return Condition({Comparison(word.name, text, operator): word})


def _opposite(one: LeadFilter, word: Word[Any]) -> Condition:
    if isinstance(one, Membership):
        return Condition(
            {Comparison(one.name, value, Operator.NOT_EQUAL): word for value in one.values}
        )
    opposite = one.operator.opposite
    if opposite is None:
        raise NotExpressibleError(
            f"the API has no opposite of {one.operator.python}; turn round another condition"
        )
    if isinstance(one, Presence):
        return Condition({Presence(one.name, opposite, None): word})
    return compared(word, opposite, one.value)
