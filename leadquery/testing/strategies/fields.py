"""Strategies for texts, dates and periods, and for fields, their values, conditions, and leads."""

from __future__ import annotations

import operator
import warnings
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import cache
from inspect import signature
from typing import Any, Final, get_args
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from leadquery import periods as period_functions
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
from leadquery.periods import DateLike, Period, TimeZone, end_of, is_whole_day, start_of
from leadquery.wire.enums import Arity, Operator
from leadquery.wire.types import format_timestamp

_AWKWARD: Final = (
    *("a", "A", " a ", " ", "Straße", "e\u0301", "é", "語", "🎈", "\u202e", "%", "_", "'", '"'),
    *("\\", "\n", "a\r\nb", "\t", "\0", "\ud800", "'; DROP TABLE leads", "</b>&amp;", "a b", "#"),
    *('it\'s "so"', "\\'\\\""),
    *("null", "True", "1", "0.50", "-0", "1e5", "2026-01-31", "2026-01-31 00:00:00", "09:30:00"),
    *("word " * 12, "語" * 30),
)

_COMMAS: Final = ("a,b", ",", "a, b", ",,")

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
    awkward = (*_AWKWARD, *(_COMMAS if commas else ()))
    return st.sampled_from(awkward) | st.text(letters, min_size=1, max_size=8)


_MIN, _MAX = datetime(1970, 1, 1), datetime(2100, 12, 31)  # noqa: DTZ001 - the zone is added later
_EDGES: Final = ("0001-01-01", "0001-01-01 00:00:00", "9999-12-31", "9999-12-31T23:59:59Z")
_OFFSETS: Final[tuple[tzinfo, ...]] = (
    UTC,
    timezone(timedelta(hours=5, minutes=30)),
    timezone(timedelta(hours=-11)),
    ZoneInfo("America/New_York"),
    ZoneInfo("Australia/Lord_Howe"),
)
ZONES: Final[tuple[TimeZone, ...]] = (*_OFFSETS, "UTC", "Asia/Kolkata", "Europe/London")

_naive = st.one_of(
    st.datetimes(_MIN, _MAX).map(lambda moment: moment.replace(microsecond=0)),
    st.datetimes(_MIN, _MAX),
)
_aware = st.builds(
    lambda moment, zone: moment.replace(tzinfo=zone), _naive, st.sampled_from(_OFFSETS)
)
_safe: st.SearchStrategy[DateLike] = st.one_of(
    st.dates(_MIN.date(), _MAX.date()).map(date.isoformat),
    _naive.map(format_timestamp),
    st.dates(_MIN.date(), _MAX.date()),
    _aware,
    st.builds(datetime.isoformat, _naive, st.sampled_from((" ", "T"))),
    # One strategy for each form, so that none is rare.
    _aware.map(lambda moment: moment.isoformat(" ")),
    _aware.map(lambda moment: moment.isoformat("T")),
    _naive.map(lambda moment: f"{moment.isoformat()}Z"),
)


def moments() -> st.SearchStrategy[DateLike]:
    """Values for a date field: text in each accepted form, dates, and aware datetimes.

    Naive datetimes are left out, since they need a time zone. (API page: Date Filter)

    >>> from hypothesis import given
    >>> from leadquery.fields import LastVisitDate
    >>> @given(moments())
    ... def test_one_day_at_most(moment):
    ...     assert len((LastVisitDate == moment).filters) <= 2
    >>> test_one_day_at_most()
    """
    return _safe | st.sampled_from(_EDGES)


def _typed(zone: TimeZone) -> st.SearchStrategy[DateLike]:
    """Values to be read in a time zone, without those that clocks skip or repeat."""
    return (_safe | _naive).filter(lambda value: _occurs_once(value, zone))


def _occurs_once(value: DateLike, zone: TimeZone) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return is_whole_day(value) or start_of(value, zone) == end_of(value, zone)


@st.composite
def ranges(draw: st.DrawFn) -> tuple[DateLike, DateLike, TimeZone | None]:
    """A start, an end not before it, and the time zone of both, which may be None."""
    zone = draw(st.none() | st.sampled_from(ZONES))
    dates = moments() if zone is None else _typed(zone)
    start, end = sorted((draw(dates), draw(dates)), key=lambda moment: start_of(moment, zone))
    return start, end, zone


@st.composite
def starts(draw: st.DrawFn) -> tuple[DateLike, TimeZone | None, datetime]:
    """A start, its time zone, and a later datetime to serve as now."""
    zone = draw(st.none() | st.sampled_from(ZONES))
    start, now = draw(_safe if zone is None else _typed(zone)), draw(_aware)
    return start, zone, max(now, start_of(start, zone))


_ARGUMENTS: Final[dict[str, st.SearchStrategy[Any]]] = {
    # Before any end, and any `now`.
    "start": st.dates(date(1960, 1, 1), date(1969, 12, 30)).map(date.isoformat),
    "end": _safe,
    "year": st.integers(1971, 2099),
    "quarter": st.integers(1, 4),
    "month": st.integers(1, 12),
    # Those that every year and month has.
    "week": st.integers(1, 52),
    "day": st.integers(1, 28),
    "n": st.integers(1, 400),
    "tz": st.sampled_from(ZONES),
    "now": _aware,
    "week_starts": st.sampled_from(get_args(period_functions.Weekday)),
}
PERIOD_FUNCTIONS: Final[tuple[Callable[..., Period], ...]] = tuple(
    function
    for function in (getattr(period_functions, name) for name in period_functions.__all__)
    if getattr(function, "__annotations__", {}).get("return") in (Period, Period.__name__)
)


@st.composite
def _periods(draw: st.DrawFn, build: Callable[..., Period]) -> Period:
    # Without `now` every run would draw another period.
    return build(**{name: draw(_ARGUMENTS[name]) for name in signature(build).parameters})


def periods() -> st.SearchStrategy[Period]:
    """Periods from every function of `leadquery.periods`, in several time zones.

    >>> from hypothesis import given
    >>> from leadquery import Leads
    >>> @given(periods())
    ... def test_a_period_is_one_range(period):
    ...     assert len(Leads.created_in(period).dates) == 1
    >>> test_a_period_is_one_range()
    """
    return st.one_of(*map(_periods, PERIOD_FUNCTIONS))


def _custom_fields(field_type: type[BaseField[Any]]) -> st.SearchStrategy[BaseField[Any]]:
    names = st.sampled_from(_NAMES) | texts()
    if field_type is Choice:
        return st.builds(Choice, names, options=st.lists(texts(), max_size=3))
    return names.map(field_type)


@cache
def fields(*field_types: type[BaseField[Any]]) -> st.SearchStrategy[BaseField[Any]]:
    """Lead fields, standard and custom, of the given field types, or of any.

    >>> from hypothesis import given
    >>> from leadquery.fields import Number
    >>> @given(fields(Number))
    ... def testnumbers_have_an_order(field):
    ...     assert len((field < 5).filters) == 1
    >>> testnumbers_have_an_order()
    """
    chosen = field_types or FIELD_TYPES
    standard = [
        [field for field in STANDARD.values() if type(field) is field_type] for field_type in chosen
    ]
    custom = st.one_of(*map(_custom_fields, chosen))
    # Each type is as likely as any other, however many standard fields it has.
    return st.one_of(custom, *map(st.sampled_from, filter(None, standard)))


numbers: st.SearchStrategy[Any] = st.one_of(
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
    Field: texts() | numbers | st.booleans() | moments() | _times,
    Identifier: texts(commas=False),
    Number: numbers,
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


COMPARISONS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

_ARITY: Final = {row.python: row.takes for row in Operator}

_OPERATORS: Final = (*_ARITY, "between", "during")

_FILTERABLE: Final = tuple(
    field_type for field_type in FIELD_TYPES if field_type is not DerivedColumn
)


def _has_operator(field_type: type[BaseField[Any]], operator_name: str) -> bool:
    if operator_name not in COMPARISONS:
        return hasattr(field_type, operator_name)
    method = f"__{COMPARISONS[operator_name].__name__}__"
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
    if operator_name not in COMPARISONS:
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
    name = draw(st.sampled_from([one for one in _OPERATORS if _has_operator(type(field), one)]))
    compare = COMPARISONS.get(name) or getattr(type(field), name)
    condition: Predicate = compare(field, *_arguments(draw, field, name))
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
    chosen = fields(*_FILTERABLE) if field is None else st.just(field)
    first = draw(chosen)
    condition = draw(_single_condition(first))
    match draw(st.sampled_from(("single", "~", "~~", "&", "|"))):
        case "~":
            return _inverse(condition)
        case "~~":
            return _inverse(_inverse(condition))
        case "&":
            return condition & draw(_single_condition(draw(chosen)))
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
def _or_operand(draw: st.DrawFn, field: Any) -> Predicate:
    """A condition that `|` can combine with another on the same field."""
    value = draw(values(field).filter(lambda value: not _is_day(field, value)))
    condition: Predicate = field == value if draw(st.booleans()) else field.is_in([value])
    return condition


_OTHER_FIELDS: Final = tuple(
    field
    for name, field in STANDARD.items()
    if name != ProspectID.name and not isinstance(field, DerivedColumn)
)


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
    some = draw(st.lists(st.sampled_from(_OTHER_FIELDS), max_size=5))
    chosen = {field.name: field for field in (*fields, *some)}
    lead: dict[str, Any] = {ProspectID.name: str(draw(st.uuids(version=4)))}
    for field in chosen.values():
        lead[field.name] = draw(st.none() | st.just("") | values(field) | values(field))
    return lead
