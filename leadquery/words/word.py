"""A word and the conditions it builds: what every kind of lead field shares.

What a kind does not offer is refused at the call, with what to write instead, and unknown to
type checkers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NoReturn, TypeVar

import attrs

from leadquery import slips
from leadquery.errors import NotExpressibleError, QueryError, UnknownNameError
from leadquery.spec.model import Comparison, LeadFilter, Membership, Presence
from leadquery.spec.vocabulary import Operator

V = TypeVar("V")
"""What a kind of field is compared with."""


@attrs.frozen
class Condition:
    """What a lead's fields must meet; several are joined by AND.

    Equal conditions send the same: the kind of the field takes no part.
    `a & b` joins, `~a` is the opposite among leads that have data in the field, and `a | b`
    is offered where the API can say it: one field, `==` and `is_in`. (API page: Lead Filters)

    >>> from leadquery.fields import Source
    >>> (Source == "Web") | (Source == "Fair")
    Source.is_in(["Web", "Fair"])
    """

    filters: tuple[LeadFilter, ...]
    words: tuple[Word[Any], ...] = attrs.field(eq=False)

    def __and__(self, other: Condition) -> Condition:
        if not isinstance(other, Condition):
            slips.not_a_condition(other)
        joined = dict(zip(self.filters + other.filters, self.words + other.words, strict=True))
        return Condition(tuple(joined), tuple(joined.values()))

    def __rand__(self, other: object) -> NoReturn:
        slips.not_a_condition(other)

    def __or__(self, other: Condition) -> Condition:
        if not isinstance(other, Condition):
            slips.not_a_condition(other)
        mine, theirs = _alternatives(self), _alternatives(other)
        one_field = {one.name for one in (*self.filters, *other.filters)}
        if mine and theirs and len(one_field) == 1:
            word = self.words[0]
            if isinstance(word, Listed) and isinstance(other.words[0], Listed):
                return _one_of(word, mine + theirs)
        raise NotExpressibleError(
            "lead filters are joined by AND only; one of several values of one field is "
            "written A.is_in([...]), anything else needs a query for each side"
        )

    def __ror__(self, other: object) -> NoReturn:
        slips.not_a_condition(other)

    def __invert__(self) -> Condition:
        if len(self.filters) == 1:
            return _opposite(self.filters[0], self.words[0])
        values = [_excluded(one) for one in self.filters]
        word = self.words[0]
        if (
            all(value is not None for value in values)
            and len({one.name for one in self.filters}) == 1
            and isinstance(word, Listed)
        ):
            return _one_of(word, tuple(map(str, values)))
        raise NotExpressibleError(
            "the opposite of conditions joined by AND is an OR, and lead filters are joined by "
            "AND only; turn round one condition at a time, as in (~a) & b"
        )

    def __bool__(self) -> NoReturn:
        slips.truth("condition")

    def __iter__(self) -> NoReturn:
        slips.iteration("condition")

    def __contains__(self, item: object) -> NoReturn:
        slips.iteration("condition")

    def __repr__(self) -> str:
        from leadquery.words.said import condition_source

        return condition_source(self)


def _alternatives(condition: Condition) -> tuple[str, ...]:
    match condition.filters:
        case (Comparison(_, value, Operator.EQUAL),):
            return (value,)
        case (Membership(_, _, values),):
            return values
    return ()


def _excluded(one: LeadFilter) -> str | None:
    return one.value if one.operator is Operator.NOT_EQUAL else None


def _one_of(word: Word[Any], values: Iterable[str]) -> Condition:
    distinct = tuple(dict.fromkeys(values))
    if len(distinct) == 1:
        return _compared(word, Operator.EQUAL, distinct[0])
    return Condition((Membership(word.name, Operator.ONE_OF, distinct),), (word,))


def _compared(word: Word[Any], operator: Operator, text: str) -> Condition:
    return Condition((Comparison(word.name, text, operator),), (word,))


def _opposite(one: LeadFilter, word: Word[Any]) -> Condition:
    opposite = one.operator.opposite
    match one:
        case Membership(name, _, values):
            several = tuple(Comparison(name, value, Operator.NOT_EQUAL) for value in values)
            return Condition(several, (word,) * len(several))
        case Comparison(_, value):
            assert opposite is not None, "every operator of one value has an opposite"
            return _compared(word, opposite, value)
        case Presence(name):
            assert opposite is not None, "each of the two is the other's"
            return Condition((Presence(name, opposite, None),), (word,))


@attrs.frozen(eq=False, repr=False, init=False)
class Word(Generic[V]):
    """A lead field of some kind: a name to compare, select and group by, never a value.

    `name` is the schema name, `label` the name that people see.
    """

    kind_of_value: ClassVar[str] = "a value"

    name: str
    label: str

    def __init__(self, name: str, label: str | None = None) -> None:
        object.__setattr__(self, "name", _named(name))
        object.__setattr__(self, "label", label or name)

    def text(self, value: Any, operator: Operator = Operator.EQUAL) -> str:
        """A value as it travels."""
        raise NotImplementedError

    def _compare(self, operator: Operator, value: Any) -> Condition:
        if value is None or (isinstance(value, str) and not value):
            raise QueryError(
                f"{self!r} {operator.python} {value!r} compares with nothing; for leads without "
                f"data write {self!r}.has_no_data(), for leads with data {self!r}.has_data()"
            )
        if isinstance(value, (Word, Condition)):
            raise QueryError(
                f"{self!r} {operator.python} {value!r} compares a field with a field; "
                "the API compares fields with values only"
            )
        return _compared(self, operator, self.text(value, operator))

    def has_data(self) -> Condition:
        """Leads that have a value in the field. (API page: Lead Filters)"""
        return Condition((Presence(self.name, Operator.HAS_DATA, None),), (self,))

    def has_no_data(self) -> Condition:
        """Leads whose field is empty. (API page: Lead Filters)"""
        return Condition((Presence(self.name, Operator.HAS_NO_DATA, None),), (self,))

    def __eq__(self, value: V) -> Condition:  # type: ignore[override]
        return self._compare(Operator.EQUAL, value)

    def __ne__(self, value: V) -> Condition:  # type: ignore[override]
        return self._compare(Operator.NOT_EQUAL, value)

    __hash__ = object.__hash__

    def __bool__(self) -> NoReturn:
        slips.truth("field")

    def __repr__(self) -> str:
        from leadquery.words.said import word_source

        return word_source(self)

    if not TYPE_CHECKING:

        def __iter__(self) -> NoReturn:
            slips.iteration("field")

        def __contains__(self, item):
            slips.iteration("field")

        def __lt__(self, value):
            self._lacks("<")

        def __le__(self, value):
            self._lacks("<=")

        def __gt__(self, value):
            self._lacks(">")

        def __ge__(self, value):
            self._lacks(">=")

        def __getattr__(self, name):
            if name.startswith("_"):
                raise AttributeError(name)
            self._lacks(f".{name}()", UnknownNameError)

    def _lacks(self, operator: str, error: type[QueryError] = QueryError) -> NoReturn:
        kind = type(self).__name__
        raise error(
            f"{self!r} is a {kind} field, and a {kind} field has no {operator}; it has "
            f"{', '.join(offered(type(self)))}"
        )


def offered(kind: type[Word[Any]]) -> list[str]:
    """The operators of a kind, as they are written."""
    methods = ("is_in", "contains", "does_not_contain", "between", "during")
    return [
        "==, !=",
        *(["<, <=, >, >="] if issubclass(kind, Ordered) else []),
        *(f".{name}()" for name in methods if name in dir(kind)),
        ".has_data()",
        ".has_no_data()",
    ]


def _named(name: object) -> str:
    if isinstance(name, str) and name:
        return name
    raise QueryError(f"a field's name is text such as 'mx_City', not {name!r}")


def schema_name(field: Word[Any] | str) -> str:
    """The schema name of a word, or of a text that is one."""
    if isinstance(field, Word):
        return field.name
    if not isinstance(field, str):
        raise QueryError(f"name a field by its word or its schema name, not by {field!r}")
    parts = [part for part in re.split(r"[\s,]+", field) if part]
    if parts == [field]:
        return field
    if not parts:
        raise QueryError(f"{field!r} names no field; write a schema name such as 'mx_City'")
    raise QueryError(
        f"{field!r} is no schema name, which has no blank and no comma; "
        f"write {', '.join(map(repr, parts))}"
    )


class Ordered(Word[V]):
    """What has an order: four more comparisons."""

    __slots__ = ()

    def __lt__(self, value: V) -> Condition:
        return self._compare(Operator.BELOW, value)

    def __le__(self, value: V) -> Condition:
        return self._compare(Operator.AT_MOST, value)

    def __gt__(self, value: V) -> Condition:
        return self._compare(Operator.ABOVE, value)

    def __ge__(self, value: V) -> Condition:
        return self._compare(Operator.AT_LEAST, value)


class Ranged(Ordered[V]):
    """What has ranges."""

    __slots__ = ()

    def between(self, low: V, high: V) -> Condition:
        """Leads whose value lies from `low` to `high`, both included; it sends two filters."""
        start, end = self >= low, self <= high
        if self._backwards(start.filters[0].value, end.filters[0].value):  # type: ignore[union-attr]
            raise QueryError(
                f"{self!r}.between({low!r}, {high!r}) ends before it starts; "
                f"write between({high!r}, {low!r})"
            )
        return start & end

    def _backwards(self, low: Any, high: Any) -> bool:
        return bool(low > high)


class Listed(Word[V]):
    """What can be one of several values."""

    __slots__ = ()

    def is_in(self, values: Iterable[V]) -> Condition:
        """Leads whose value is one of `values`, a list or another collection of them.

        A single value is sent as `==`. Raises QueryError for a bare text and for none at all.
        (API page: Lead Filters)
        """
        if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
            raise QueryError(f"is_in takes a list of values; write {self!r}.is_in([{values!r}])")
        compared = [self._compare(Operator.EQUAL, value) for value in values]
        texts = [one.filters[0].value for one in compared]
        if not texts:
            raise QueryError(
                f"{self!r}.is_in([]) asks for none of the leads; give it at least one value, "
                "or leave the condition out"
            )
        return _one_of(self, map(str, texts))


class Searched(Word[str]):
    """What can be searched for a part of a text."""

    __slots__ = ()

    def contains(self, part: str) -> Condition:
        """Leads whose text holds `part`. (API page: Lead Filters)"""
        return self._compare(Operator.CONTAINS, part)

    def does_not_contain(self, part: str) -> Condition:
        """Leads whose text does not hold `part`. (API page: Lead Filters)"""
        return self._compare(Operator.DOES_NOT_CONTAIN, part)
