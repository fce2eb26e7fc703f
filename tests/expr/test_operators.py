"""Every field type with every operator: its filter, or its error."""

from __future__ import annotations

import operator
from typing import Any, NamedTuple

import pytest

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
from leadquery.fields import FIELD_TYPES, Score
from leadquery.wire.enums import Operator
from tests.expr.support import literal, refusal, sent
from tests.operators import EVERY, OPERATORS, OperatorCase, names_of


class Case(NamedTuple):
    """A field, two values for it, and their encodings."""

    field: Any
    low: object
    high: object
    texts: tuple[str, str]

    @property
    def type(self) -> str:
        """The name of the field's type."""
        return type(self.field).__name__


_MOMENTS = ("2026-01-31 10:00:00", "2026-02-01 10:00:00")
CASES = [
    Case(Number("mx_A"), 5, 6.5, ("5", "6.5")),
    Case(Text("mx_A"), "a", "b", ("a", "b")),
    Case(Choice("mx_A"), "a", "b", ("a", "b")),
    Case(Boolean("mx_A"), False, True, ("0", "1")),
    Case(Date("mx_A"), *_MOMENTS, _MOMENTS),
    Case(DateTime("mx_A"), *_MOMENTS, _MOMENTS),
    Case(Time("mx_A"), "09:30:00", "17:00:00", ("09:30:00", "17:00:00")),
    Case(Identifier("mx_A"), "a", "b", ("a", "b")),
    Case(Field("mx_A"), "a", "b", ("a", "b")),
]


def message(field: Any, name: str) -> str:
    """The message for an operator that a field does not have."""
    field_type = type(field).__name__
    article = "an" if field_type == "Identifier" else "a"
    known = f"is {article} {field_type} field, and {article} {field_type} field "
    return (
        f"{field!r} {'' if field_type == 'Field' else known}has no {name}; "
        f"it has {', '.join(names_of(field_type))}"
    )


def cells(*, offered: bool) -> list[Any]:
    """The pairs of field types and operators that are supported, or that are not."""
    return [
        pytest.param(case, row, id=f"{case.type} {row.name}")
        for case in CASES
        for row in OPERATORS
        if (case.type in row.types) is offered
    ]


@pytest.mark.parametrize(("case", "row"), cells(offered=True))
def test_an_operator_is_its_filters(case: Case, row: OperatorCase) -> None:
    """One filter, or two for a range."""
    assert sent(row.call(case.field, case.low, case.high)) == row.filters(*case.texts)


@pytest.mark.parametrize(("case", "row"), cells(offered=False))
def test_unsupported_operators_are_rejected(case: Case, row: OperatorCase) -> None:
    """The message lists what the type supports."""
    error = UnknownNameError if row.name.startswith(".") else QueryError
    text = refusal(lambda: row.call(case.field, case.low, case.high), error)

    assert text.split(AGGREGATES)[0] == message(case.field, row.name)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.type)
@pytest.mark.parametrize("name", ["sounds_like", "not_in"])
def test_other_operators_are_rejected(case: Case, name: str) -> None:
    """What the API has no operator for, and what people call an operator that it has."""
    text = refusal(lambda: getattr(case.field, name)(case.low), UnknownNameError)

    assert text.split(AGGREGATES)[0] == message(case.field, f".{name}()")


AGGREGATES = "; its aggregates are"


def test_a_missing_method_lists_the_aggregates() -> None:
    text = refusal(lambda: Score.starts_with, UnknownNameError)  # type: ignore[attr-defined]

    assert text.endswith(
        f"{AGGREGATES} .average(), .sum(), .min(), .max(), .median(), .quantile(), "
        ".count_distinct(); its group keys are .bins()"
    )


def test_the_table_is_complete() -> None:
    """Each operator of the API, and each field type but derived columns, which have none."""
    assert set().union(*(row.tokens for row in OPERATORS)) == {row.token for row in Operator}
    assert {case.type for case in CASES} == EVERY
    assert {one.__name__ for one in FIELD_TYPES} == {*EVERY, "DerivedColumn"}


SIGNS = {"==": operator.eq, "!=": operator.ne}


@pytest.mark.parametrize("name", ["__length_hint__", "_hidden", "__array__"])
def test_names_that_python_looks_up_are_plain_attribute_errors(name: str) -> None:
    with pytest.raises(AttributeError) as caught:
        getattr(Number("mx_A"), name)

    assert not isinstance(caught.value, QueryError)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.type)
@pytest.mark.parametrize("nothing", [None, ""])
@pytest.mark.parametrize("sign", SIGNS)
def test_none_and_empty_texts_are_rejected(case: Case, nothing: object, sign: str) -> None:
    """The message suggests has_data and has_no_data."""
    source = repr(case.field)

    assert refusal(lambda: SIGNS[sign](case.field, nothing), UsageError) == (
        f"{source} {sign} {literal(nothing)} compares with nothing; for leads without data write "
        f"{source}.has_no_data(), for leads with data {source}.has_data()"
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.type)
@pytest.mark.parametrize("other", [Text("mx_B"), Text("mx_B") == "b"], ids=["field", "condition"])
def test_a_field_is_compared_with_values_only(case: Case, other: Any) -> None:
    """The API has no operator between two fields."""
    text = refusal(lambda: case.field == other, UsageError)

    assert text == (
        f"{case.field!r} == {other!r} compares a field with a field; "
        "the API compares fields with values only"
    )
