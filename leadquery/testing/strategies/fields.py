"""Strategies for words, the values each takes, and the conditions it builds."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import time
from decimal import Decimal
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st

from leadquery.errors import QueryError, UnsupportedQueryError
from leadquery.expr import (
    BaseField,
    Boolean,
    Choice,
    Date,
    DateTime,
    DerivedColumn,
    Field,
    Identifier,
    Number,
    Predicate,
    Text,
    Time,
)
from leadquery.fields import FIELD_TYPES, STANDARD, ProspectID
from leadquery.periods import is_whole_day
from leadquery.testing.strategies.moments import moments, periods
from leadquery.wire.enums import Arity, Operator

_AWKWARD: Final = (
    *("a", "A", " a ", " ", "Straße", "e\u0301", "é", "語", "🎈", "\u202e", "%", "_", "'", '"'),
    *("\\", "\n", "a\r\nb", "\t", "\0", "\ud800", "'; DROP TABLE leads", "</b>&amp;", "a b", "#"),
    *('it\'s "so"', "\\'\\\""),
    *("null", "True", "1", "0.50", "-0", "1e5", "2026-01-31", "2026-01-31 00:00:00", "09:30:00"),
)

_COMMAS: Final = ("a,b", ",", "a, b", ",,")

_LONG: Final = ("word " * 12, "語" * 30)

_NAMES: Final = (
    *("mx_x", "mx_Deal_Value", "mx_Zoë", "a b", "2nd", "users", "Leads", "scorE", "'"),
    *(f"mx_{'D' * length}" for length in (20, 50, 90)),
)


def texts(*, commas: bool = True) -> st.SearchStrategy[str]:
    """Texts with something in them, awkward ones often; without commas where those part values.

    Lone surrogates are among them: JSON carries them escaped.

    >>> from hypothesis import given
    >>> @given(texts(commas=False))
    ... def test_no_comma(text):
    ...     assert text and "," not in text
    >>> test_no_comma()
    """
    letters = st.characters(exclude_characters="" if commas else ",", exclude_categories=["Cs"])
    awkward = (*_AWKWARD, *_LONG, *(_COMMAS if commas else ()))
    return st.sampled_from(awkward) | st.text(letters, min_size=1, max_size=8)


def _custom_fields(kind: type[BaseField[Any]]) -> st.SearchStrategy[BaseField[Any]]:
    names = st.sampled_from(_NAMES) | texts()
    if kind is Choice:
        options = st.lists(texts(), max_size=3)
        return st.builds(lambda name, given: Choice(name, options=given), names, options)
    return names.map(kind)


@cache
def fields(*kinds: type[BaseField[Any]]) -> st.SearchStrategy[BaseField[Any]]:
    """Lead fields, standard and of your own; of these kinds alone, where some are named.

    >>> from hypothesis import given
    >>> from leadquery.fields import Number
    >>> @given(fields(Number))
    ... def test_numbers_have_an_order(word):
    ...     assert len((word < 5).filters) == 1
    >>> test_numbers_have_an_order()
    """
    chosen = kinds or FIELD_TYPES
    standard = [[word for word in STANDARD.values() if type(word) is kind] for kind in chosen]
    own = st.one_of(*map(_custom_fields, chosen))
    # One kind is drawn as often as another, however many fields it has.
    return st.one_of(own, *map(st.sampled_from, filter(None, standard)))


_numbers: st.SearchStrategy[Any] = st.one_of(
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(-(10**20), 10**20, places=6),
    st.sampled_from((20, 0.5, -0.0, 1e22, 10**30, Decimal("1.50"))),
)

_times: st.SearchStrategy[Any] = st.times() | st.times().map(time.isoformat)

_VALUES: Final[dict[type[BaseField[Any]], st.SearchStrategy[Any]]] = {
    Boolean: st.booleans(),
    Choice: texts(),
    Date: moments(),
    DateTime: moments(),
    Field: texts() | _numbers | st.booleans() | moments() | _times,
    Identifier: texts(),
    Number: _numbers,
    Text: texts(),
    Time: _times,
}


def values(word: BaseField[Any]) -> st.SearchStrategy[Any]:
    """What `==` of a word takes: of a `Choice` with options, one of these.

    >>> from hypothesis import given
    >>> from leadquery.fields import DoNotCall
    >>> @given(values(DoNotCall))
    ... def test_true_or_false(value):
    ...     assert value in (True, False)
    >>> test_true_or_false()
    """
    if isinstance(word, Choice) and word.options:
        return st.sampled_from(word.options)
    return _VALUES[type(word)]


_COMPARISONS: Final[dict[str, Callable[[Any, Any], Predicate]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

_ARITY: Final = {row.python: row.takes for row in Operator}

_FILTERABLE: Final = tuple(kind for kind in FIELD_TYPES if kind is not DerivedColumn)


def _operators_of(kind: type[BaseField[Any]]) -> list[str]:
    """How a kind is compared: the operators and ranges it has."""
    return [way for way in (*_ARITY, "between", "during") if _has_operator(kind, way)]


def _has_operator(kind: type[BaseField[Any]], way: str) -> bool:
    if way not in _COMPARISONS:
        return hasattr(kind, way)
    method = f"__{_COMPARISONS[way].__name__}__"
    # Every word has the method of every sign, most often only to say that its kind does not.
    return way in ("==", "!=") or getattr(kind, method) is not getattr(BaseField, method)


def _arguments(draw: st.DrawFn, word: BaseField[Any], way: str) -> tuple[Any, ...]:
    takes = _ARITY.get(way)
    # A whole day is two comparisons, which no list holds and nothing is the opposite of.
    single = values(word).filter(lambda value: not _is_day_of(word, value))
    if takes is Arity.NONE:
        return ()
    if takes is Arity.MANY:
        return (draw(st.lists(single, min_size=1, max_size=4)),)
    if way == "during":
        return (draw(periods()),)
    if way == "between":
        return _ordered_pair(draw, word)
    if way not in _COMPARISONS:
        return (draw(texts()),)
    return (draw(single if way == "!=" else values(word)),)


def _is_day_of(word: BaseField[Any], value: Any) -> bool:
    """Whether a word reads a value as a whole day."""
    return is_whole_day(value) and (isinstance(word, Date) or not isinstance(value, str))


def _ordered_pair(draw: st.DrawFn, word: Any) -> tuple[Any, Any]:
    low, high = draw(values(word)), draw(values(word))
    try:
        word.between(low, high)
    except QueryError:
        return high, low
    return low, high


@st.composite
def _single_condition(draw: st.DrawFn, word: BaseField[Any]) -> Predicate:
    way = draw(st.sampled_from(_operators_of(type(word))))
    call = _COMPARISONS.get(way)
    arguments = _arguments(draw, word, way)
    built: Predicate = call(word, *arguments) if call else getattr(word, way)(*arguments)
    return built


@st.composite
def conditions(draw: st.DrawFn, word: BaseField[Any] | None = None) -> Predicate:
    """Conditions on lead fields, or on one word: each operator, `~`, `&`, and `|` where it stands.

    >>> from hypothesis import given
    >>> from leadquery.fields import EngagementScore
    >>> @given(conditions(EngagementScore))
    ... def test_one_field(condition):
    ...     assert {one.name for one in condition.filters} == {"EngagementScore"}
    >>> test_one_field()
    """
    first = draw(fields(*_FILTERABLE)) if word is None else word
    condition = draw(_single_condition(first))
    match draw(st.sampled_from(("alone", "~", "~~", "&", "|"))):
        case "~":
            return _inverse(condition)
        case "~~":
            return _inverse(_inverse(condition))
        case "&":
            return condition & draw(
                _single_condition(draw(fields(*_FILTERABLE)) if word is None else word)
            )
        case "|" if _has_operator(type(first), "is_in"):
            return draw(_or_operand(first)) | draw(_or_operand(first))
    return condition


def _inverse(condition: Predicate) -> Predicate:
    """The opposite, where it needs no OR."""
    try:
        return ~condition
    except UnsupportedQueryError:
        return condition


@st.composite
def _or_operand(draw: st.DrawFn, word: BaseField[Any]) -> Predicate:
    """What may stand beside `|`."""
    way = draw(st.sampled_from(("==", "is_in")))
    given = draw(values(word).filter(lambda value: not _is_day_of(word, value)))
    built: Predicate = word == given if way == "==" else getattr(word, way)([given])
    return built


_OTHER_FIELDS: Final = tuple(
    word
    for name, word in STANDARD.items()
    if name != ProspectID.name and not isinstance(word, DerivedColumn)
)

_MAX_FIELDS: Final = 5


@st.composite
def leads(draw: st.DrawFn, *fields: BaseField[Any]) -> dict[str, Any]:
    """Leads, one at a time: an id, each of the fields named, and a few standard ones.

    Values are of each field's kind, in every form that the emulator takes; of the fields, but for
    the id, each may be empty. A list of leads has an id for each with `unique_by`:

    >>> from hypothesis import given, strategies as st
    >>> from leadquery.emulator import Emulator
    >>> @given(st.lists(leads(), unique_by=lambda lead: lead["ProspectID"]))
    ... def test_all_are_there(given):
    ...     assert Emulator(given).leads == len(given)
    >>> test_all_are_there()
    """
    chosen = {word.name: word for word in (*fields, *draw(_some_fields))}
    lead: dict[str, Any] = {ProspectID.name: str(draw(st.uuids(version=4)))}
    for word in chosen.values():
        lead[word.name] = draw(st.none() | st.just("") | values(word) | values(word))
    return lead


_some_fields = st.lists(st.sampled_from(_OTHER_FIELDS), max_size=_MAX_FIELDS)
