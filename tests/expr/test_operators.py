"""Every field type with every operator: its filter, or its error."""

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
from leadquery.fields import Score
from tests.expr.support import literal, many, none, one, refusal, sent

DAY = periods.day(2026, 1, 31)


class Case(NamedTuple):
    """A field, two values for it and their encodings, and its message for unsupported operators."""

    field: Any
    low: object
    high: object
    texts: tuple[str, str]
    message: str

    @property
    def supported(self) -> list[str]:
        """The operators that the message lists."""
        return self.message.partition("; it has ")[2].split(", ")


_MOMENTS = ("2026-01-31 10:00:00", "2026-02-01 10:00:00")
CASES = [
    Case(
        Number("mx_A"),
        5,
        6.5,
        ("5", "6.5"),
        'Number("mx_A") is a Number field, and a Number field has no {}; it has '
        "==, !=, <, <=, >, >=, .is_in(), .between(), .has_data(), .has_no_data()",
    ),
    Case(
        Text("mx_A"),
        "a",
        "b",
        ("a", "b"),
        'Text("mx_A") is a Text field, and a Text field has no {}; it has '
        "==, !=, .is_in(), .contains(), .does_not_contain(), .has_data(), .has_no_data()",
    ),
    Case(
        Choice("mx_A"),
        "a",
        "b",
        ("a", "b"),
        'Choice("mx_A") is a Choice field, and a Choice field has no {}; it has '
        "==, !=, .is_in(), .contains(), .does_not_contain(), .has_data(), .has_no_data()",
    ),
    Case(
        Boolean("mx_A"),
        False,
        True,
        ("0", "1"),
        'Boolean("mx_A") is a Boolean field, and a Boolean field has no {}; it has '
        "==, !=, .has_data(), .has_no_data()",
    ),
    Case(
        Date("mx_A"),
        *_MOMENTS,
        _MOMENTS,
        'Date("mx_A") is a Date field, and a Date field has no {}; it has '
        "==, !=, <, <=, >, >=, .between(), .during(), .has_data(), .has_no_data()",
    ),
    Case(
        DateTime("mx_A"),
        *_MOMENTS,
        _MOMENTS,
        'DateTime("mx_A") is a DateTime field, and a DateTime field has no {}; it has '
        "==, !=, <, <=, >, >=, .between(), .during(), .has_data(), .has_no_data()",
    ),
    Case(
        Time("mx_A"),
        "09:30:00",
        "17:00:00",
        ("09:30:00", "17:00:00"),
        'Time("mx_A") is a Time field, and a Time field has no {}; it has '
        "==, !=, <, <=, >, >=, .has_data(), .has_no_data()",
    ),
    Case(
        Identifier("mx_A"),
        "a",
        "b",
        ("a", "b"),
        'Identifier("mx_A") is an Identifier field, and an Identifier field has no {}; it has '
        "==, !=, .is_in(), .has_data(), .has_no_data()",
    ),
    Case(
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
METHODS: dict[str, tuple[Callable[[Case], Any], Callable[[str, str], Any]]] = {
    ".is_in()": (lambda case: case.field.is_in([case.low, case.high]), lambda a, b: [many(a, b)]),
    ".contains()": (lambda case: case.field.contains(case.low), lambda a, _: [one("lik", a)]),
    ".does_not_contain()": (
        lambda case: case.field.does_not_contain(case.low),
        lambda a, _: [one("nlik", a)],
    ),
    ".between()": (
        lambda case: case.field.between(case.low, case.high),
        lambda a, b: [one(">=", a), one("<=", b)],
    ),
    ".during()": (
        lambda case: case.field.during(DAY),
        lambda *_: [one(">=", "2026-01-31 00:00:00"), one("<=", "2026-01-31 23:59:59")],
    ),
    ".has_data()": (lambda case: case.field.has_data(), lambda *_: [none("def")]),
    ".has_no_data()": (lambda case: case.field.has_no_data(), lambda *_: [none("ndef")]),
    # What the API has no operator for, and what people call an operator that it has.
    ".starts_with()": (lambda case: case.field.starts_with("a"), lambda *_: []),
    ".not_in()": (lambda case: case.field.not_in([case.low]), lambda *_: []),
}


def cells(*, offered: bool) -> list[Any]:
    """The pairs of field types and methods that are supported, or that are not."""
    return [
        pytest.param(case, name, id=f"{type(case.field).__name__}{name}")
        for case in CASES
        for name in METHODS
        if (name in case.supported) is offered
    ]


def signs(*, offered: bool) -> list[Any]:
    """The same for field types and comparison operators."""
    return [
        pytest.param(case, sign, id=f"{type(case.field).__name__} {sign}")
        for case in CASES
        for sign in SIGNS
        if (sign in case.supported) is offered
    ]


@pytest.mark.parametrize(("case", "sign"), signs(offered=True))
def test_a_comparison_is_one_filter(case: Case, sign: str) -> None:
    compare, token = SIGNS[sign]

    assert sent(compare(case.field, case.low)) == [one(token, case.texts[0])]


@pytest.mark.parametrize(("case", "sign"), signs(offered=False))
def test_unsupported_comparisons_are_rejected(case: Case, sign: str) -> None:
    """The message lists what the type supports."""
    text = refusal(lambda: SIGNS[sign][0](case.field, case.low))

    assert text == case.message.format(sign)


@pytest.mark.parametrize(("case", "name"), cells(offered=True))
def test_a_method_is_its_filters(case: Case, name: str) -> None:
    """One filter, or two for a range."""
    call, filters = METHODS[name]

    assert sent(call(case)) == filters(*case.texts)


@pytest.mark.parametrize(("case", "name"), cells(offered=False))
def test_unsupported_methods_are_rejected(case: Case, name: str) -> None:
    """The message lists what the type supports."""
    text = refusal(lambda: METHODS[name][0](case), UnknownNameError)

    assert text.split("; its aggregates are")[0] == case.message.format(name)


def test_a_missing_method_lists_the_aggregates() -> None:
    text = refusal(lambda: Score.starts_with, UnknownNameError)  # type: ignore[attr-defined]

    assert text.endswith(
        "; its aggregates are .average(), .sum(), .min(), .max(), .median(), .quantile(), "
        ".count_distinct()"
    )


def test_the_table_is_complete() -> None:
    """So a cell cannot move from one test to the other."""
    offered = {type(case.field).__name__: len(case.supported) for case in CASES}

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
def test_names_that_python_looks_up_are_plain_attribute_errors(name: str) -> None:
    with pytest.raises(AttributeError) as caught:
        getattr(Number("mx_A"), name)

    assert not isinstance(caught.value, QueryError)


@pytest.mark.parametrize("case", CASES, ids=lambda case: type(case.field).__name__)
@pytest.mark.parametrize("nothing", [None, ""])
@pytest.mark.parametrize("sign", ["==", "!="])
def test_none_and_empty_texts_are_rejected(case: Case, nothing: object, sign: str) -> None:
    """The message suggests has_data and has_no_data."""
    source = repr(case.field)

    assert refusal(lambda: SIGNS[sign][0](case.field, nothing), UsageError) == (
        f"{source} {sign} {literal(nothing)} compares with nothing; for leads without data write "
        f"{source}.has_no_data(), for leads with data {source}.has_data()"
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: type(case.field).__name__)
@pytest.mark.parametrize("other", [Text("mx_B"), Text("mx_B") == "b"], ids=["field", "condition"])
def test_a_field_is_compared_with_values_only(case: Case, other: Any) -> None:
    """The API has no operator between two fields."""
    text = refusal(lambda: case.field == other, UsageError)

    assert text == (
        f"{case.field!r} == {other!r} compares a field with a field; "
        "the API compares fields with values only"
    )
