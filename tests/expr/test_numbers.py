"""Encoding of numbers, text and booleans."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from leadquery.expr.field_types import Boolean, Field, Identifier, Number, Text
from tests.expr.support import many, one, refusal, sent

NUMBER = Number("mx_A")


class Index:
    """A whole number that is not an int, as in numpy."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __index__(self) -> int:
        return self.value


class Label(str):
    """A subclass of str."""

    __slots__ = ()


@pytest.mark.parametrize("field_type", [Number, Field])
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (0.0, "0"),
        (Decimal("-0.0"), "0"),
        (Decimal("0E-5"), "0"),
        (20, "20"),
        (-5, "-5"),
        (20.0, "20"),
        (0.1, "0.1"),
        (-0.5, "-0.5"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e5, "100000"),
        (1e-7, "0.0000001"),
        (1e21, "1000000000000000000000"),
        (5e-324, f"0.{'0' * 323}5"),
        (1.7976931348623157e308, f"17976931348623157{'0' * 292}"),
        (10**9, "1000000000"),
        (-(10**9), "-1000000000"),
        (10**30, "1000000000000000000000000000000"),
        (12345678901234567890, "12345678901234567890"),
        (Decimal("1e5"), "100000"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("1.500"), "1.5"),
        (Decimal(100), "100"),
        (Decimal("0.1000000000000000055511151231257827"), "0.1000000000000000055511151231257827"),
        (Decimal("1E+400"), f"1{'0' * 400}"),
        (Decimal("1E-400"), f"0.{'0' * 399}1"),
        (Index(20), "20"),
        (Index(10**30), f"1{'0' * 30}"),
    ],
)
def test_a_number_is_a_plain_decimal(field_type: Any, value: Any, text: str) -> None:
    """No exponent, no trailing zeros, no minus before zero, no lost digit."""
    assert sent(field_type("mx_A") == value) == [one("=", text)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, "a number such as 20 or 0.5, not True"),
        (False, "a number such as 20 or 0.5, not False"),
        ("20", "a number such as 20 or 0.5, not '20'; write 20 without quotes"),
        (" -0.5 ", "a number such as 20 or 0.5, not ' -0.5 '; write -0.5 without quotes"),
        ("020", "a number such as 20 or 0.5, not '020'"),
        ("a lot", "a number such as 20 or 0.5, not 'a lot'"),
        (b"20", "a number such as 20 or 0.5, not b'20'"),
        (1 + 2j, "a number such as 20 or 0.5, not (1+2j)"),
        ([5], "a number such as 20 or 0.5, not [5]"),
        (int, "a number such as 20 or 0.5, not <class 'int'>"),
        (float("inf"), "a finite number, not inf"),
        (float("-inf"), "a finite number, not -inf"),
        (Decimal("sNaN"), "a finite number, not Decimal('sNaN')"),
        (Decimal("Infinity"), "a finite number, not Decimal('Infinity')"),
        (10**401, "a number of at most 400 digits"),
        (Decimal("1E+401"), "a number of at most 400 digits"),
        (Decimal("1E-401"), "a number of at most 400 digits"),
    ],
)
def test_other_values_are_no_numbers(value: Any, expected: str) -> None:
    """Text, booleans, infinities and numbers that are too large."""
    assert refusal(lambda: NUMBER >= value) == f'Number("mx_A") compares with {expected}'


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (1_000, 5_000, ("1000", "5000")),
        (5, 5, ("5", "5")),
        (-1, -0.0, ("-1", "0")),
        (9, 10, ("9", "10")),
        (-10, -9, ("-10", "-9")),
        (0.5, Decimal("0.50"), ("0.5", "0.5")),
    ],
)
def test_between_includes_both_ends(low: Any, high: Any, texts: tuple[str, str]) -> None:
    """They are compared as numbers."""
    assert sent(NUMBER.between(low, high)) == [one(">=", texts[0]), one("<=", texts[1])]


@pytest.mark.parametrize(("low", "high"), [(10, 9), (-9, -10), (0.5, Decimal("0.25"))])
def test_a_reversed_between_is_rejected(low: Any, high: Any) -> None:
    """The message has the ends in order."""
    assert refusal(lambda: NUMBER.between(low, high)) == (
        f'Number("mx_A").between({low!r}, {high!r}) ends before it starts; '
        f"write between({high!r}, {low!r})"
    )


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        ("10", "9", ("10", "9")),
        ("b", "a", ("b", "a")),
        (5, "1", ("5", "1")),
        (9, 10, ("9", "10")),
        (Index(9), 10.5, ("9", "10.5")),
        (date(2026, 1, 2), 5, ("2026-01-02 00:00:00", "5")),
        (True, False, ("1", "0")),
    ],
)
def test_the_order_of_texts_in_an_untyped_between_is_not_checked(
    low: Any, high: Any, texts: Any
) -> None:
    """It is unknown whether "9" precedes "10"."""
    assert sent(Field("mx_A").between(low, high)) == [one(">=", texts[0]), one("<=", texts[1])]


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (10, 9),
        (Index(10), Decimal("9.5")),
        (date(2026, 1, 3), date(2026, 1, 2)),
        (date(2026, 1, 3), datetime(2026, 1, 2, tzinfo=UTC)),
        (time(10), time(9, 30)),
    ],
)
def test_the_order_of_other_values_in_an_untyped_between_is_checked(low: Any, high: Any) -> None:
    """If both have the same type."""
    assert refusal(lambda: Field("mx_A").between(low, high)) == (
        f'Field("mx_A").between({low!r}, {high!r}) ends before it starts; '
        f"write between({high!r}, {low!r})"
    )


@pytest.mark.parametrize("field_type", [Boolean, Field])
@pytest.mark.parametrize(("value", "text"), [(True, "1"), (False, "0")])
def test_a_boolean_is_one_or_zero(field_type: Any, value: bool, text: str) -> None:
    assert sent(field_type("mx_A") == value) == [one("=", text)]


@pytest.mark.parametrize(("value", "word"), [("true", True), ("FALSE", False)])
def test_a_boolean_is_written_without_quotes(value: str, word: bool) -> None:
    assert refusal(lambda: Boolean("mx_A") == value) == (
        f'Boolean("mx_A") compares with True or False, not {value!r}; write {word} without quotes'
    )


@pytest.mark.parametrize("value", [1, 0, "1", "yes", 1.0])
def test_other_values_are_no_booleans(value: Any) -> None:
    """Not even 1 and 0."""
    assert refusal(lambda: Boolean("mx_A") == value) == (
        f'Boolean("mx_A") compares with True or False, not {value!r}'
    )


@pytest.mark.parametrize("field_type", [Text, Identifier, Field])
@pytest.mark.parametrize(
    "text", ["a", " a ", "0.50", "é語🎈", "a\nb", "'\"\\", "None", "%a%", "x" * 5_000]
)
def test_text_is_sent_unchanged(field_type: Any, text: str) -> None:
    assert sent(field_type("mx_A") == text) == [one("=", text)]


@pytest.mark.parametrize("field_type", [Text, Field])
def test_text_may_have_commas(field_type: Any) -> None:
    """An id has none."""
    assert sent(field_type("mx_A") == "a,b") == [one("=", "a,b")]


def test_a_subclass_of_text_is_sent_as_text() -> None:
    (filter_,) = sent(Text("mx_A") == Label("a"))

    assert type(filter_["LookUpValue"]) is str


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        (Text("mx_A"), 5, 'Text("mx_A") compares with text, not 5'),
        (Text("mx_A"), True, 'Text("mx_A") compares with text, not True'),
        (Text("mx_A"), b"a", "Text(\"mx_A\") compares with text, not b'a'"),
        (Identifier("mx_A"), 5, 'Identifier("mx_A") compares with an id as text, not 5'),
    ],
)
def test_other_values_are_no_text(field: Any, value: Any, text: str) -> None:
    """Numbers are not converted."""
    assert refusal(lambda: field == value) == text


@pytest.mark.parametrize(("part", "expected"), [(5, "5"), (True, "True"), (["a"], "['a']")])
def test_a_search_text_is_text(part: Any, expected: str) -> None:
    assert refusal(lambda: Text("mx_A").contains(part)) == (
        f'Text("mx_A") compares with text, not {expected}'
    )


def test_an_untyped_field_encodes_values_by_their_type() -> None:
    assert sent(Field("mx_A").is_in(["a", 1e5, True])) == [many("a", "100000", "1")]
