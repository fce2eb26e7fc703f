"""Options of dropdowns, and warnings about other values."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from leadquery import QueryError
from leadquery.expr.field_types import Choice
from tests.expr.support import one, refusal, sent

COURSE = Choice("mx_Course", options=["Marketing", "Science", "Business"])


@pytest.mark.parametrize(
    ("build", "value", "near"),
    [
        (lambda: COURSE == "marketing", "marketing", "Marketing"),
        (lambda: COURSE != "Busines", "Busines", "Business"),
        (lambda: COURSE == "Science ", "Science ", "Science"),
        (lambda: COURSE.is_in(["Science", "Sciences"]), "Sciences", "Science"),
    ],
)
def test_a_value_outside_the_options_warns(build: Callable[[], Any], value: str, near: str) -> None:
    """With the nearest option, at the line of the caller; the value is sent."""
    with pytest.warns(UserWarning, match="is none of the options") as caught:
        condition = build()

    (warning,) = caught
    assert str(warning.message) == (
        f"{value!r} is none of the options of mx_Course; the nearest is {near!r}"
    )
    assert warning.filename == __file__
    assert value in str(sent(condition))


@pytest.mark.parametrize(
    ("options", "value", "near"),
    [
        (["MBA", "BSc"], "mba", "MBA"),
        (["MBA", "BSc"], "MBa", "MBA"),
        (["MBA", "BSc"], "bsc", "BSc"),
        (["IT", "HR"], "it", "IT"),
        (["Straße"], "STRASSE", "Straße"),
    ],
)
def test_the_nearest_option_is_found_in_any_case(options: list[str], value: str, near: str) -> None:
    """However short."""
    with pytest.warns(UserWarning, match="is none of the options") as caught:
        _ = Choice("mx_A", options=options) == value

    (warning,) = caught
    assert str(warning.message) == (
        f"{value!r} is none of the options of mx_A; the nearest is {near!r}"
    )


def test_a_warning_lists_the_options_if_none_is_similar() -> None:
    """At the line of the caller."""
    with pytest.warns(UserWarning, match="is none of the options") as caught:
        condition = COURSE == "Law"

    (warning,) = caught
    assert str(warning.message) == (
        "'Law' is none of the options of mx_Course; they are Marketing, Science, Business"
    )
    assert warning.filename == __file__
    assert sent(condition) == [one("=", "Law", "mx_Course")]


@pytest.mark.parametrize(
    "condition",
    [
        COURSE == "Science",
        COURSE.is_in(["Science", "Business"]),
        COURSE.contains("ness"),
        COURSE.does_not_contain("x"),
        COURSE.has_data(),
        Choice("mx_Course") == "Law",
        Choice("mx_Course", options=[]) == "Law",
    ],
    ids=repr,
)
def test_nothing_else_warns(condition: Any) -> None:
    """Options, search texts and dropdowns without options (warnings are errors)."""
    assert sent(condition)


def test_options_are_a_list() -> None:
    """Not a text."""
    assert refusal(lambda: Choice("mx_A", options="MBA")) == (
        'options are a list of texts; write options=["MBA"]'
    )
    assert Choice("mx_A", options=iter(["MBA", "BSc"])).options == ("MBA", "BSc")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (5, 'options are a list of texts such as ["MBA", "BSc"], not 5'),
        (None, 'options are a list of texts such as ["MBA", "BSc"], not None'),
        (["a", 5], 'an option is text such as "MBA", not 5'),
        ([b"a"], "an option is text such as \"MBA\", not b'a'"),
    ],
)
def test_invalid_options_are_rejected(options: Any, text: str) -> None:
    assert refusal(lambda: Choice("mx_A", options=options)) == text


@pytest.mark.parametrize("copied", [copy.copy, lambda field: pickle.loads(pickle.dumps(field))])
def test_a_copy_of_a_dropdown_has_its_attributes(copied: Callable[[Choice], Choice]) -> None:
    field = copied(Choice("mx_Course", "Course", options=["MBA"], others=True))

    assert (field.name, field.label) == ("mx_Course", "Course")
    assert (field.options, field.others) == (("MBA",), True)


def test_a_copy_of_a_field_type_of_your_own_has_its_attributes() -> None:
    class Rating(Choice):
        note = ""

    field = Rating("mx_Rating", options=["A"])
    object.__setattr__(field, "note", "from A to C")

    assert (copy.copy(field).options, copy.copy(field).note) == (("A",), "from A to C")


def test_options_in_place_of_a_label_are_rejected() -> None:
    """The message names the parameter."""
    untyped: Any = Choice

    with pytest.raises(QueryError) as raised:
        untyped("mx_C", ["MBA"])

    assert str(raised.value) == (
        "a field's label is text such as 'City', not ['MBA']; options are written options=[...]"
    )


def test_code_without_a_module_name_is_warned() -> None:
    """Such as code that `exec` runs."""
    code = "from leadquery.fields import Choice\nChoice('mx_A', options=['a']) == 'b'"

    with pytest.warns(UserWarning, match="is none of the options"):
        exec(code, {})  # noqa: S102 - code of ours
