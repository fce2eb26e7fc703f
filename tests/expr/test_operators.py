"""Every kind of field with every operator: the filter it becomes, or its refusal."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from leadquery import periods
from leadquery.errors import QueryError, UnknownNameError, UsageError
from leadquery.expr.field_types import (
    Boolean,
    Choice,
    Date,
    DateTime,
    Field,
    Identifier,
    Number,
    Text,
    Time,
)
from tests.expr.support import literal, many, none, one, refusal, sent

DAY = periods.day(2026, 1, 31)


class Kind(NamedTuple):
    """A kind, two values for it, how they travel, and what it says of an operator it lacks."""

    word: Any
    low: object
    high: object
    texts: tuple[str, str]
    lacks: str

    @property
    def has(self) -> list[str]:
        """What the kind has, by its own words."""
        return self.lacks.partition("; it has ")[2].split(", ")


_MOMENTS = ("2026-01-31 10:00:00", "2026-02-01 10:00:00")
KINDS = [
    Kind(
        Number("mx_A"),
        5,
        6.5,
        ("5", "6.5"),
        'Number("mx_A") is a Number field, and a Number field has no {}; it has '
        "==, !=, <, <=, >, >=, .is_in(), .between(), .has_data(), .has_no_data()",
    ),
    Kind(
        Text("mx_A"),
        "a",
        "b",
        ("a", "b"),
        'Text("mx_A") is a Text field, and a Text field has no {}; it has '
        "==, !=, .is_in(), .contains(), .does_not_contain(), .has_data(), .has_no_data()",
    ),
    Kind(
        Choice("mx_A"),
        "a",
        "b",
        ("a", "b"),
        'Choice("mx_A") is a Choice field, and a Choice field has no {}; it has '
        "==, !=, .is_in(), .contains(), .does_not_contain(), .has_data(), .has_no_data()",
    ),
    Kind(
        Boolean("mx_A"),
        False,
        True,
        ("0", "1"),
        'Boolean("mx_A") is a Boolean field, and a Boolean field has no {}; it has '
        "==, !=, .has_data(), .has_no_data()",
    ),
    Kind(
        Date("mx_A"),
        *_MOMENTS,
        _MOMENTS,
        'Date("mx_A") is a Date field, and a Date field has no {}; it has '
        "==, !=, <, <=, >, >=, .between(), .during(), .has_data(), .has_no_data()",
    ),
    Kind(
        DateTime("mx_A"),
        *_MOMENTS,
        _MOMENTS,
        'DateTime("mx_A") is a DateTime field, and a DateTime field has no {}; it has '
        "==, !=, <, <=, >, >=, .between(), .during(), .has_data(), .has_no_data()",
    ),
    Kind(
        Time("mx_A"),
        "09:30:00",
        "17:00:00",
        ("09:30:00", "17:00:00"),
        'Time("mx_A") is a Time field, and a Time field has no {}; it has '
        "==, !=, <, <=, >, >=, .has_data(), .has_no_data()",
    ),
    Kind(
        Identifier("mx_A"),
        "a",
        "b",
        ("a", "b"),
        'Identifier("mx_A") is an Identifier field, and an Identifier field has no {}; it has '
        "==, !=, .is_in(), .has_data(), .has_no_data()",
    ),
    Kind(
        Field("mx_A"),
        "a",
        "b",
        ("a", "b"),
        'Field("mx_A") has no {}; it has '
        "==, !=, <, <=, >, >=, .is_in(), .contains(), .does_not_contain(), .between(), "
        ".during(), .has_data(), .has_no_data()",
    ),
]

SIGNS: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "==": (operator.eq, "="),
    "!=": (operator.ne, "<>"),
    "<": (operator.lt, "<"),
    "<=": (operator.le, "<="),
    ">": (operator.gt, ">"),
    ">=": (operator.ge, ">="),
}
METHODS: dict[str, tuple[Callable[[Kind], Any], Callable[[str, str], Any]]] = {
    ".is_in()": (lambda kind: kind.word.is_in([kind.low, kind.high]), lambda a, b: [many(a, b)]),
    ".contains()": (lambda kind: kind.word.contains(kind.low), lambda a, _: [one("lik", a)]),
    ".does_not_contain()": (
        lambda kind: kind.word.does_not_contain(kind.low),
        lambda a, _: [one("nlik", a)],
    ),
    ".between()": (
        lambda kind: kind.word.between(kind.low, kind.high),
        lambda a, b: [one(">=", a), one("<=", b)],
    ),
    ".during()": (
        lambda kind: kind.word.during(DAY),
        lambda *_: [one(">=", "2026-01-31 00:00:00"), one("<=", "2026-01-31 23:59:59")],
    ),
    ".has_data()": (lambda kind: kind.word.has_data(), lambda *_: [none("def")]),
    ".has_no_data()": (lambda kind: kind.word.has_no_data(), lambda *_: [none("ndef")]),
    # What the API has no operator for, and what people call an operator that it has.
    ".starts_with()": (lambda kind: kind.word.starts_with("a"), lambda *_: []),
    ".not_in()": (lambda kind: kind.word.not_in([kind.low]), lambda *_: []),
}


def cells(*, offered: bool) -> list[Any]:
    """The cells of the table of kinds and methods that have something, or that have nothing."""
    return [
        pytest.param(kind, name, id=f"{type(kind.word).__name__}{name}")
        for kind in KINDS
        for name in METHODS
        if (name in kind.has) is offered
    ]


def signs(*, offered: bool) -> list[Any]:
    """The same for kinds and signs."""
    return [
        pytest.param(kind, sign, id=f"{type(kind.word).__name__} {sign}")
        for kind in KINDS
        for sign in SIGNS
        if (sign in kind.has) is offered
    ]


@pytest.mark.parametrize(("kind", "sign"), signs(offered=True))
def test_a_sign_is_one_filter(kind: Kind, sign: str) -> None:
    """A comparison becomes one filter, with the operator of the wire and the value as text."""
    compare, token = SIGNS[sign]

    assert sent(compare(kind.word, kind.low)) == [one(token, kind.texts[0])]


@pytest.mark.parametrize(("kind", "sign"), signs(offered=False))
def test_a_sign_that_a_kind_lacks_is_refused(kind: Kind, sign: str) -> None:
    """The text names the kind, the sign and what there is in its place."""
    text = refusal(lambda: SIGNS[sign][0](kind.word, kind.low))

    assert text == kind.lacks.format(sign)


@pytest.mark.parametrize(("kind", "name"), cells(offered=True))
def test_a_method_is_its_filters(kind: Kind, name: str) -> None:
    """A method becomes the filters of its row; ranges are two."""
    call, filters = METHODS[name]

    assert sent(call(kind)) == filters(*kind.texts)


@pytest.mark.parametrize(("kind", "name"), cells(offered=False))
def test_a_method_that_a_kind_lacks_is_refused(kind: Kind, name: str) -> None:
    """The text names the kind, the method and what there is in its place."""
    text = refusal(lambda: METHODS[name][0](kind), UnknownNameError)

    assert text == kind.lacks.format(name)


def test_each_kind_offers_what_its_row_says() -> None:
    """The table of the language, counted: a cell cannot go over from one test to the other."""
    offered = {type(kind.word).__name__: len(kind.has) for kind in KINDS}

    assert offered == {
        "Number": 10,
        "Text": 7,
        "Choice": 7,
        "Boolean": 4,
        "Date": 10,
        "DateTime": 10,
        "Time": 8,
        "Identifier": 5,
        "Field": 13,
    }


@pytest.mark.parametrize("name", ["__length_hint__", "_hidden", "__array__"])
def test_python_may_ask_for_what_a_word_lacks(name: str) -> None:
    """Names that Python and other libraries look for are an ordinary AttributeError."""
    with pytest.raises(AttributeError) as caught:
        getattr(Number("mx_A"), name)

    assert not isinstance(caught.value, QueryError)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind.word).__name__)
@pytest.mark.parametrize("nothing", [None, ""])
@pytest.mark.parametrize("sign", ["==", "!="])
def test_nothing_is_no_value(kind: Kind, nothing: object, sign: str) -> None:
    """Neither None nor an empty text is sent; the text names the two methods for it."""
    said = repr(kind.word)

    assert refusal(lambda: SIGNS[sign][0](kind.word, nothing), UsageError) == (
        f"{said} {sign} {literal(nothing)} compares with nothing; for leads without data write "
        f"{said}.has_no_data(), for leads with data {said}.has_data()"
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind.word).__name__)
@pytest.mark.parametrize("other", [Text("mx_B"), Text("mx_B") == "b"], ids=["field", "condition"])
def test_a_field_is_compared_with_values_only(kind: Kind, other: Any) -> None:
    """The API has no operator between two fields."""
    text = refusal(lambda: kind.word == other, UsageError)

    assert text == (
        f"{kind.word!r} == {other!r} compares a field with a field; "
        "the API compares fields with values only"
    )
