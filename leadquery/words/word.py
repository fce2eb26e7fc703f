"""A word and the conditions it builds: what every kind of lead field shares.

What a kind does not offer is refused at the call, with what to write instead, and unknown to
type checkers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

import attrs

from leadquery import slips
from leadquery.errors import QueryError, UnknownNameError
from leadquery.spec.model import Comparison, Presence
from leadquery.spec.vocabulary import Operator
from leadquery.words.condition import Condition, compared, one_of

V = TypeVar("V")
"""What a kind of field is compared with."""


def _named(name: object) -> str:
    if isinstance(name, str) and name:
        return name
    raise QueryError(f"a field's name is text such as 'mx_City', not {name!r}")


def _own_name(word: Word[Any]) -> str:
    return word.name


@attrs.frozen(eq=False, repr=False)
class Word(Generic[V]):
    """A lead field of some kind: a name to compare, select and group by, never a value.

    `name` is the schema name, `label` the name that people see.
    """

    name: str = attrs.field(converter=_named)
    label: str = attrs.field(default=attrs.Factory(_own_name, takes_self=True))

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
        return compared(self, operator, self.text(value, operator))

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
        if self._backwards(_sent(start, low), _sent(end, high)):
            raise QueryError(
                f"{self!r}.between({low!r}, {high!r}) ends before it starts; "
                f"write between({high!r}, {low!r})"
            )
        return start & end

    def _backwards(self, low: Any, high: Any) -> bool:
        return bool(low > high)


def _sent(condition: Condition, value: object) -> str:
    """The value of a condition as it travels, where it is a single one."""
    match condition.filters:
        case (Comparison(_, text, _),):
            return text
    raise QueryError(
        f"{value!r} is a whole day, and so a range of its own; write between({value!r}, {value!r})"
    )


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
        texts = [_sent(self._compare(Operator.EQUAL, value), value) for value in values]
        if not texts:
            raise QueryError(
                f"{self!r}.is_in([]) asks for none of the leads; give it at least one value, "
                "or leave the condition out"
            )
        return one_of(self, texts)


class Searched(Word[str]):
    """What can be searched for a part of a text."""

    __slots__ = ()

    def contains(self, part: str) -> Condition:
        """Leads whose text holds `part`. (API page: Lead Filters)"""
        return self._compare(Operator.CONTAINS, part)

    def does_not_contain(self, part: str) -> Condition:
        """Leads whose text does not hold `part`. (API page: Lead Filters)"""
        return self._compare(Operator.DOES_NOT_CONTAIN, part)
