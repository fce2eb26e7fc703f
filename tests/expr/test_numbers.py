"""Numbers, text and booleans on the wire."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from leadquery.expr.field_types import Boolean, Field, Identifier, Number, Text
from tests.expr.support import many, one, refusal, sent

NUMBER = Number("mx_A")


class Index:
    """A whole number that is no int, as numbers of numpy are."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __index__(self) -> int:
        return self.value


class Label(str):
    """A text that is more than one, as an enum's member may be."""

    __slots__ = ()


@pytest.mark.parametrize("kind", [Number, Field])
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
def test_a_number_is_a_plain_decimal(kind: Any, value: Any, text: str) -> None:
    """No exponent, no trailing zero, no minus before zero, no digit lost."""
    assert sent(kind("mx_A") == value) == [one("=", text)]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (True, "a number such as 20 or 0.5, not True"),
        (False, "a number such as 20 or 0.5, not False"),
        ("20", "a number such as 20 or 0.5, not '20'"),
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
def test_what_is_no_number_is_refused(value: Any, said: str) -> None:
    """Text, truth values, what is not finite, and what no field holds."""
    assert refusal(lambda: NUMBER >= value) == f'Number("mx_A") compares with {said}'


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
    """A range is two filters, compared as numbers, not as text."""
    assert sent(NUMBER.between(low, high)) == [one(">=", texts[0]), one("<=", texts[1])]


@pytest.mark.parametrize(("low", "high"), [(10, 9), (-9, -10), (0.5, Decimal("0.25"))])
def test_between_that_ends_before_it_starts_is_refused(low: Any, high: Any) -> None:
    """The text holds the range the other way round."""
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
def test_the_range_of_an_untyped_field_stands_as_it_is(low: Any, high: Any, texts: Any) -> None:
    """What stands in the field is not known, so neither is whether "9" comes before "10"."""
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
def test_the_order_of_numbers_dates_and_times_is_known(low: Any, high: Any) -> None:
    """Where both ends are alike, an untyped field knows which comes first."""
    assert refusal(lambda: Field("mx_A").between(low, high)) == (
        f'Field("mx_A").between({low!r}, {high!r}) ends before it starts; '
        f"write between({high!r}, {low!r})"
    )


@pytest.mark.parametrize("kind", [Boolean, Field])
@pytest.mark.parametrize(("value", "text"), [(True, "1"), (False, "0")])
def test_a_truth_value_is_one_or_zero(kind: Any, value: bool, text: str) -> None:
    """The word true is an error to the API."""
    assert sent(kind("mx_A") == value) == [one("=", text)]


@pytest.mark.parametrize("value", [1, 0, "1", "true", 1.0])
def test_what_is_no_truth_value_is_refused(value: Any) -> None:
    """A number that Python takes for a truth value is none."""
    assert refusal(lambda: Boolean("mx_A") == value) == (
        f'Boolean("mx_A") compares with True or False, not {value!r}'
    )


@pytest.mark.parametrize("kind", [Text, Identifier, Field])
@pytest.mark.parametrize(
    "text", ["a", " a ", "0.50", "a,b", "é語🎈", "a\nb", "'\"\\", "None", "%a%", "x" * 5_000]
)
def test_text_stands_as_it_is(kind: Any, text: str) -> None:
    """Nothing is stripped, folded or escaped."""
    assert sent(kind("mx_A") == text) == [one("=", text)]


def test_a_subclass_of_text_is_sent_as_text() -> None:
    """A condition holds a plain text, whatever it was given."""
    (filter_,) = sent(Text("mx_A") == Label("a"))

    assert type(filter_["LookUpValue"]) is str


@pytest.mark.parametrize(
    ("word", "value", "text"),
    [
        (Text("mx_A"), 5, 'Text("mx_A") compares with text, not 5'),
        (Text("mx_A"), True, 'Text("mx_A") compares with text, not True'),
        (Text("mx_A"), b"a", "Text(\"mx_A\") compares with text, not b'a'"),
        (Identifier("mx_A"), 5, 'Identifier("mx_A") compares with an id as text, not 5'),
    ],
)
def test_what_is_no_text_is_refused(word: Any, value: Any, text: str) -> None:
    """A number is not written as text on the quiet."""
    assert refusal(lambda: word == value) == text


@pytest.mark.parametrize(("part", "said"), [(5, "5"), (True, "True"), (["a"], "['a']")])
def test_a_part_is_text(part: Any, said: str) -> None:
    """What is looked for in a text is a text."""
    assert refusal(lambda: Text("mx_A").contains(part)) == (
        f'Text("mx_A") compares with text, not {said}'
    )


def test_an_untyped_field_writes_each_value_as_its_kind_would() -> None:
    """A list may hold values of several kinds."""
    assert sent(Field("mx_A").is_in(["a", 1e5, True])) == [many("a", "100000", "1")]
