"""`is_in`: one of several values."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from leadquery.errors import QueryError, UsageError
from leadquery.expr.field_types import Choice, Field, Identifier, Number, Text
from tests.expr.support import literal, many, one, refusal, sent

TEXT = Text("mx_A")


def letters() -> Iterator[str]:
    """An iterator of values."""
    yield from "ab"


@pytest.mark.parametrize(
    "values",
    [
        ["a", "b"],
        ("a", "b"),
        letters(),
        {"a": 1, "b": 2},
        {"a": 1, "b": 2}.keys(),
        ["a", "b", "a"],
        dict.fromkeys("ab"),
    ],
    ids=["list", "tuple", "generator", "dict", "keys", "repeated", "fromkeys"],
)
def test_any_collection_is_a_list_of_values(values: Any) -> None:
    """In order, each once."""
    assert sent(TEXT.is_in(values)) == [many("a", "b")]


def test_a_set_is_a_list_of_values() -> None:
    """In any order."""
    (filter_,) = sent(TEXT.is_in({"a", "b", "c"}))

    assert sorted(filter_["LookUpValues"]) == ["a", "b", "c"]


@pytest.mark.parametrize("values", [["a"], ("a", "a"), {"a"}, frozenset("a"), iter("a")])
def test_a_list_of_one_value_is_a_comparison(values: Any) -> None:
    """Also if the value occurs twice."""
    assert sent(TEXT.is_in(values)) == [one("=", "a")]


@pytest.mark.parametrize(
    ("values", "filters"),
    [
        ([1, 2.5], [many("1", "2.5")]),
        ([1, 1.0, Decimal("1.00")], [one("=", "1")]),
        (range(3), [many("0", "1", "2")]),
    ],
)
def test_values_with_the_same_encoding_are_one(values: Any, filters: Any) -> None:
    """Such as 1 and 1.0."""
    assert sent(Number("mx_A").is_in(values)) == filters


@pytest.mark.parametrize(
    ("field", "bare"),
    [
        *((one, "ab") for one in (TEXT, Choice("mx_A"), Identifier("mx_A"))),
        *((Field("mx_A"), one) for one in ("ab", 5, True)),
        (Number("mx_A"), 5),
    ],
)
def test_a_single_value_is_no_collection(field: Any, bare: Any) -> None:
    """Not even a text."""
    assert refusal(lambda: field.is_in(bare)) == (
        f"is_in takes a list of values; write {field!r}.is_in([{literal(bare)}])"
    )


@pytest.mark.parametrize("field", [TEXT, Choice("mx_A"), Identifier("mx_A"), Number("mx_A")])
@pytest.mark.parametrize("bare", ["", b"ab", None, True])
def test_a_value_that_no_list_may_hold_is_not_put_in_one(field: Any, bare: Any) -> None:
    is_nothing = bare in ("", None)

    message = refusal(lambda: field.is_in(bare), UsageError if is_nothing else QueryError)

    assert f"is_in([{literal(bare)}])" not in message
    assert "has_no_data()" in message if is_nothing else "compares with" in message


class Boastful(list[str]):
    """A list with a repr of several lines."""

    def __repr__(self) -> str:
        return "0    Web\n1    Fair\ndtype: text"


class Broken(list[str]):
    """A list whose repr fails."""

    def __repr__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    ("values", "source"),
    [
        (["a", "b"], "['a', 'b']"),
        (("a",), "('a',)"),
        ({"a"}, "{'a'}"),
        (frozenset("a"), "frozenset({'a'})"),
        ({"a": 1}, "{'a': 1}"),
        ({"a": 1}.keys(), "dict_keys(['a'])"),
        ({1: "a"}.values(), "dict_values(['a'])"),
        (range(3), "range(0, 3)"),
        ([], "[]"),
        (["a" * 100], "['" + "a" * 58 + "..."),
        (pd.Series(["Web", "Fair"], dtype=object), r"0     Web\n1    Fair\ndtype: object"),
        (np.array([1, 2]), "array([1, 2])"),
        (Boastful(), r"0    Web\n1    Fair\ndtype: text"),
        (Broken(), "<Broken>"),
    ],
)
@pytest.mark.parametrize("field", [Number("mx_A"), TEXT, Identifier("mx_A"), Field("mx_A")])
def test_comparing_with_a_list_suggests_is_in(field: Any, values: Any, source: str) -> None:
    """In a message of one line, whatever the repr of the list."""
    assert refusal(lambda: field == values) == (
        f"{field!r} == {source} asks for one of several values; write {field!r}.is_in([...])"
    )
    assert refusal(lambda: field != values) == (
        f"{field!r} != {source} asks for none of several values; write ~{field!r}.is_in([...])"
    )


@pytest.mark.parametrize("values", [["a"], Boastful(), Broken()])
def test_an_order_takes_one_value(values: Any) -> None:
    """The message is one line and suggests no list."""
    text = refusal(lambda: Number("mx_A") < values)

    assert text.startswith('Number("mx_A") compares with a number such as 20 or 0.5, not ')
    assert "\n" not in text


@pytest.mark.parametrize("empty", [[], (), set(), {}, iter(())])
def test_an_empty_collection_is_rejected(empty: Any) -> None:
    """The API has no such filter."""
    assert refusal(lambda: TEXT.is_in(empty)) == (
        'Text("mx_A").is_in([]) matches no lead; give it at least one value, '
        "or leave the condition out"
    )


@pytest.mark.parametrize("nothing", [None, ""])
def test_an_empty_value_in_a_list_is_rejected(nothing: Any) -> None:
    """As a single one is."""
    assert refusal(lambda: TEXT.is_in(["a", nothing]), UsageError) == (
        f'Text("mx_A") == {literal(nothing)} compares with nothing; for leads without data write '
        'Text("mx_A").has_no_data(), for leads with data Text("mx_A").has_data()'
    )


@pytest.mark.parametrize(
    ("field", "values", "text"),
    [
        (TEXT, ["a", 5], 'Text("mx_A") compares with text, not 5'),
        (TEXT, [["a"]], "Text(\"mx_A\") compares with text, not ['a']"),
        (
            Number("mx_A"),
            [1, True],
            'Number("mx_A") compares with a number such as 20 or 0.5, not True',
        ),
        (Number("mx_A"), [math.inf], 'Number("mx_A") compares with a finite number, not inf'),
    ],
)
def test_each_value_of_a_list_is_validated(field: Any, values: Any, text: str) -> None:
    """As a single one is."""
    assert refusal(lambda: field.is_in(values)) == text


@pytest.mark.parametrize("day", [date(2026, 1, 31), date(2024, 2, 29)])
def test_a_list_takes_no_whole_days(day: date) -> None:
    """The message says how to write a day."""
    assert refusal(lambda: Field("mx_A").is_in(["a", day])) == (
        f"{day!r} is a whole day, which is a range; write between({day!r}, {day!r})"
    )
