"""Strategies for fields, values, conditions on fields, and leads."""

from __future__ import annotations

import operator
from collections.abc import Callable
from contextlib import suppress
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
    """Text of at least one character, often awkward; `commas=False` leaves out commas.

    It may contain lone surrogates, which JSON escapes.

    >>> from hypothesis import given
    >>> @given(texts(commas=False))
    ... def test_no_comma(text):
    ...     assert text and "," not in text
    >>> test_no_comma()
    """
    letters = st.characters(exclude_characters="" if commas else ",", exclude_categories=["Cs"])
    awkward = (*_AWKWARD, *_LONG, *(_COMMAS if commas else ()))
    return st.sampled_from(awkward) | st.text(letters, min_size=1, max_size=8)


def _custom_fields(field_type: type[BaseField[Any]]) -> st.SearchStrategy[BaseField[Any]]:
    names = st.sampled_from(_NAMES) | texts()
    if field_type is Choice:
        options = st.lists(texts(), max_size=3)
        return st.builds(lambda name, values: Choice(name, options=values), names, options)
    return names.map(field_type)


@cache
def fields(*field_types: type[BaseField[Any]]) -> st.SearchStrategy[BaseField[Any]]:
    """Lead fields, standard and custom, of the given field types, or of any.

    >>> from hypothesis import given
    >>> from leadquery.fields import Number
    >>> @given(fields(Number))
    ... def test_numbers_have_an_order(field):
    ...     assert len((field < 5).filters) == 1
    >>> test_numbers_have_an_order()
    """
    chosen = field_types or FIELD_TYPES
    standard = [
        [field for field in STANDARD.values() if type(field) is field_type] for field_type in chosen
    ]
    custom = st.one_of(*map(_custom_fields, chosen))
    # Each type is as likely as any other, however many standard fields it has.
    return st.one_of(custom, *map(st.sampled_from, filter(None, standard)))


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


def values(field: BaseField[Any]) -> st.SearchStrategy[Any]:
    """Values that `==` of a field takes; for a `Choice` with options, one of these.

    >>> from hypothesis import given
    >>> from leadquery.fields import DoNotCall
    >>> @given(values(DoNotCall))
    ... def test_true_or_false(value):
    ...     assert value in (True, False)
    >>> test_true_or_false()
    """
    if isinstance(field, Choice) and field.options:
        return st.sampled_from(field.options)
    return _VALUES[type(field)]


_COMPARISONS: Final[dict[str, Callable[[Any, Any], Predicate]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

_ARITY: Final = {row.python: row.takes for row in Operator}

_FILTERABLE: Final = tuple(
    field_type for field_type in FIELD_TYPES if field_type is not DerivedColumn
)


def _operator_names(field_type: type[BaseField[Any]]) -> list[str]:
    return [
        operator_name
        for operator_name in (*_ARITY, "between", "during")
        if _has_operator(field_type, operator_name)
    ]


def _has_operator(field_type: type[BaseField[Any]], operator_name: str) -> bool:
    if operator_name not in _COMPARISONS:
        return hasattr(field_type, operator_name)
    method = f"__{_COMPARISONS[operator_name].__name__}__"
    # Every field has every method; those that BaseField defines only raise an error.
    return operator_name in ("==", "!=") or getattr(field_type, method) is not getattr(
        BaseField, method
    )


def _arguments(draw: st.DrawFn, field: BaseField[Any], operator_name: str) -> tuple[Any, ...]:
    takes = _ARITY.get(operator_name)
    # A whole day is two comparisons, so `is_in` and `!=` do not take one.
    single = values(field).filter(lambda value: not _is_day(field, value))
    if takes is Arity.NONE:
        return ()
    if takes is Arity.MANY:
        return (draw(st.lists(single, min_size=1, max_size=4)),)
    if operator_name == "during":
        return (draw(periods()),)
    if operator_name == "between":
        return _ordered_pair(draw, field)
    if operator_name not in _COMPARISONS:
        return (draw(texts()),)
    return (draw(single if operator_name == "!=" else values(field)),)


def _is_day(field: BaseField[Any], value: Any) -> bool:
    """Whether a field reads a value as a whole day."""
    return is_whole_day(value) and (isinstance(field, Date) or not isinstance(value, str))


def _ordered_pair(draw: st.DrawFn, field: Any) -> tuple[Any, Any]:
    low, high = draw(values(field)), draw(values(field))
    try:
        field.between(low, high)
    except QueryError:
        return high, low
    return low, high


@st.composite
def _single_condition(draw: st.DrawFn, field: BaseField[Any]) -> Predicate:
    operator_name = draw(st.sampled_from(_operator_names(type(field))))
    compare = _COMPARISONS.get(operator_name)
    arguments = _arguments(draw, field, operator_name)
    condition: Predicate = (
        compare(field, *arguments) if compare else getattr(field, operator_name)(*arguments)
    )
    return condition


@st.composite
def conditions(draw: st.DrawFn, field: BaseField[Any] | None = None) -> Predicate:
    """Conditions on lead fields, or on one: every operator, `~`, `&`, and `|` where it is allowed.

    >>> from hypothesis import given
    >>> from leadquery.fields import EngagementScore
    >>> @given(conditions(EngagementScore))
    ... def test_one_field(condition):
    ...     assert {filter.name for filter in condition.filters} == {"EngagementScore"}
    >>> test_one_field()
    """
    first = draw(fields(*_FILTERABLE)) if field is None else field
    condition = draw(_single_condition(first))
    match draw(st.sampled_from(("single", "~", "~~", "&", "|"))):
        case "~":
            return _inverse(condition)
        case "~~":
            return _inverse(_inverse(condition))
        case "&":
            return condition & draw(
                _single_condition(draw(fields(*_FILTERABLE)) if field is None else field)
            )
        case "|" if _has_operator(type(first), "is_in"):
            either = draw(_or_operand(first)) | draw(_or_operand(first))
            return either if isinstance(either, Predicate) else condition
    return condition


def _inverse(condition: Predicate) -> Predicate:
    """The opposite, unless there is none, or it needs an OR."""
    with suppress(UnsupportedQueryError):
        opposite = ~condition
        if isinstance(opposite, Predicate):
            return opposite
    return condition


@st.composite
def _or_operand(draw: st.DrawFn, field: BaseField[Any]) -> Predicate:
    """A condition that `|` can combine with another on the same field."""
    operator_name = draw(st.sampled_from(("==", "is_in")))
    value = draw(values(field).filter(lambda value: not _is_day(field, value)))
    condition: Predicate = (
        field == value if operator_name == "==" else getattr(field, operator_name)([value])
    )
    return condition


_OTHER_FIELDS: Final = tuple(
    field
    for name, field in STANDARD.items()
    if name != ProspectID.name and not isinstance(field, DerivedColumn)
)

_MAX_FIELDS: Final = 5


@st.composite
def leads(draw: st.DrawFn, *fields: BaseField[Any]) -> dict[str, Any]:
    """Leads as the mock API takes them: an id, the given fields, and up to 5 standard ones.

    Values fit the type of the field, and any but the id may be missing. For a list of leads with
    distinct ids use `unique_by`:

    >>> from hypothesis import given, strategies as st
    >>> from leadquery.emulator import Emulator
    >>> @given(st.lists(leads(), unique_by=lambda lead: lead["ProspectID"]))
    ... def test_all_are_there(given):
    ...     assert Emulator(given).leads == len(given)
    >>> test_all_are_there()
    """
    chosen = {field.name: field for field in (*fields, *draw(_some_fields))}
    lead: dict[str, Any] = {ProspectID.name: str(draw(st.uuids(version=4)))}
    for field in chosen.values():
        lead[field.name] = draw(st.none() | st.just("") | values(field) | values(field))
    return lead


_some_fields = st.lists(st.sampled_from(_OTHER_FIELDS), max_size=_MAX_FIELDS)
