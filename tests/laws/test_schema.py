"""Law 8: the schema accepts what `check` finds clean, and what it accepts has the right shape."""

from __future__ import annotations

from functools import cache
from typing import Any

import schemathesis
from hypothesis import given, strategies as st
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode

from leadquery import check, schema, testing
from tests.laws.mutations import json_values, mutated

OPERATION = {
    "openapi": "3.1.0",
    "info": {"title": "Lead Distribution Analytics", "version": "1"},
    # References are read from the root of the whole document.
    "$defs": schema()["$defs"],
    "paths": {
        "/": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": schema()}},
                },
                "responses": {"200": {"description": "a report"}},
            }
        }
    },
}


@cache
def validator() -> Draft202012Validator:
    """The schema, as the jsonschema package understands it."""
    return Draft202012Validator(schema())


def made(mode: GenerationMode) -> st.SearchStrategy[Any]:
    """Bodies that schemathesis makes of the schema: right ones, or wrong ones."""
    operation = schemathesis.openapi.from_dict(OPERATION)["/"]["POST"]
    return operation.as_strategy(generation_mode=mode).map(lambda case: case.body)


def agree(payload: Any) -> None:
    """Law 8, of one payload."""
    accepted = validator().is_valid(payload)
    report = check(payload)

    if accepted:
        assert [one for one in report if one.code.startswith("LQ2")] == []
    if not report.diagnostics:
        assert accepted


@given(made(GenerationMode.POSITIVE))
def test_what_is_made_right_by_the_schema_has_the_right_shape(payload: Any) -> None:
    """Law 8: payloads made of the schema have no problem of shape (2xx)."""
    assert validator().is_valid(payload)
    agree(payload)


@given(made(GenerationMode.NEGATIVE))
def test_what_is_made_wrong_by_the_schema_is_not_clean(payload: Any) -> None:
    """Law 8: payloads made to break the schema are not clean where they do."""
    agree(payload)


@given(testing.payloads())
def test_the_schema_accepts_what_is_allowed(payload: Any) -> None:
    """Law 8: a payload in any spelling that is allowed is valid."""
    assert [*validator().iter_errors(payload)] == []


@given(mutated(testing.payloads() | testing.queries().map(lambda one: one.to_payload())))
def test_the_schema_and_check_agree_on_what_went_wrong(payload: Any) -> None:
    """Law 8: of payloads that mutated, too."""
    agree(payload)


@given(json_values)
def test_the_schema_and_check_agree_on_any_value(payload: Any) -> None:
    """Law 8: of JSON values of any kind."""
    agree(payload)
