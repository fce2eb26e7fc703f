"""Texts and bytes that are no JSON, and values of kinds that no text holds."""

from __future__ import annotations

import pytest

from leadquery import check
from leadquery.spec.findings import kind_of, shown


def test_a_text_problem_has_its_place() -> None:
    """What is not JSON is named at its line and column."""
    [problem] = check('{\n  "Output": \n}').problems

    assert (problem.line, problem.column) == (3, 1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a" * 61, f"'{'a' * 57}'…"),
        (True, "true"),
        (False, "false"),
        (None, "null"),
        ([], "a list"),
        ({}, "an object"),
        (1.5, "1.5"),
        (10**70, "a very large number"),
        (b"", "a Python bytes"),
    ],
)
def test_a_value_is_shown_in_the_words_of_people(value: object, text: str) -> None:
    """Texts and numbers are shown, shortened; the rest by its kind."""
    assert shown(value) == text


@pytest.mark.parametrize(("value", "kind"), [("", "text"), (1, "a number")])
def test_kinds_have_names(value: object, kind: str) -> None:
    """A text is text, and a number a number."""
    assert kind_of(value) == kind
