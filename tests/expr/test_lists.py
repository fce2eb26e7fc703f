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

from leadquery.errors import UsageError
from leadquery.expr.field_types import Choice, Field, Identifier, Number, Text
from tests.expr.support import literal, many, one, refusal, sent

TEXT = Text("mx_A")


def letters() -> Iterator[str]:
    """Values that can be gone over only once."""
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
    """The values stand in the order they come in, each once."""
    assert sent(TEXT.is_in(values)) == [many("a", "b")]


def test_a_set_is_a_list_of_values() -> None:
    """A set has no order, but all its values are sent."""
    (filter_,) = sent(TEXT.is_in({"a", "b", "c"}))

    assert sorted(filter_["LookUpValues"]) == ["a", "b", "c"]


@pytest.mark.parametrize("values", [["a"], ("a", "a"), {"a"}, frozenset("a"), iter("a")])
def test_one_value_is_compared_with(values: Any) -> None:
    """A list of one is `==`; so is a list that says one value again."""
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
    """Numbers are compared as they are written."""
    assert sent(Number("mx_A").is_in(values)) == filters


@pytest.mark.parametrize("word", [TEXT, Choice("mx_A"), Identifier("mx_A"), Field("mx_A")])
@pytest.mark.parametrize("bare", ["ab", "", b"ab", 5, None, True])
def test_what_is_no_collection_is_refused(word: Any, bare: Any) -> None:
    """A text is a collection to Python, of its letters; here it is one value."""
    assert refusal(lambda: word.is_in(bare)) == (
        f"is_in takes a list of values; write {word!r}.is_in([{literal(bare)}])"
    )


class Boastful(list[str]):
    """A list that says itself on several lines."""

    def __repr__(self) -> str:
        return "0    Web\n1    Fair\ndtype: text"


class Broken(list[str]):
    """A list that cannot say itself."""

    def __repr__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    ("values", "said"),
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
@pytest.mark.parametrize("word", [Number("mx_A"), TEXT, Identifier("mx_A"), Field("mx_A")])
def test_several_values_are_compared_with_by_is_in(word: Any, values: Any, said: str) -> None:
    """The text says so on one line, whatever holds the values and says of itself."""
    assert refusal(lambda: word == values) == (
        f"{word!r} == {said} asks for one of several values; write {word!r}.is_in([...])"
    )
    assert refusal(lambda: word != values) == (
        f"{word!r} != {said} asks for none of several values; write ~{word!r}.is_in([...])"
    )


@pytest.mark.parametrize("values", [["a"], Boastful(), Broken()])
def test_an_order_takes_one_value(values: Any) -> None:
    """No list is proposed where none would be right, and the text is one line all the same."""
    text = refusal(lambda: Number("mx_A") < values)

    assert text.startswith('Number("mx_A") compares with a number such as 20 or 0.5, not ')
    assert "\n" not in text


@pytest.mark.parametrize("empty", [[], (), set(), {}, iter(())])
def test_an_empty_collection_is_refused(empty: Any) -> None:
    """No lead has one of no values, and the API has no such filter."""
    assert refusal(lambda: TEXT.is_in(empty)) == (
        'Text("mx_A").is_in([]) matches no lead; give it at least one value, '
        "or leave the condition out"
    )


@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_is_none_of_several_values(nothing: Any) -> None:
    """An empty value in a list is refused as it is alone."""
    assert refusal(lambda: TEXT.is_in(["a", nothing]), UsageError) == (
        f'Text("mx_A") == {literal(nothing)} compares with nothing; for leads without data write '
        'Text("mx_A").has_no_data(), for leads with data Text("mx_A").has_data()'
    )


@pytest.mark.parametrize(
    ("word", "values", "text"),
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
def test_each_value_is_held_to_its_kind(word: Any, values: Any, text: str) -> None:
    """A list is no way around what `==` refuses."""
    assert refusal(lambda: word.is_in(values)) == text


@pytest.mark.parametrize("day", [date(2026, 1, 31), date(2024, 2, 29)])
def test_a_whole_day_is_no_single_value(day: date) -> None:
    """A list holds moments; the text says how to write a day."""
    assert refusal(lambda: Field("mx_A").is_in(["a", day])) == (
        f"{day!r} is a whole day, which is a range; write between({day!r}, {day!r})"
    )
