"""Law 8: the JSON Schema agrees with `check` on the shape of payloads."""

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
    """The schema as a jsonschema validator."""
    return Draft202012Validator(schema())


def made(mode: GenerationMode) -> st.SearchStrategy[Any]:
    """Bodies that schemathesis generates from the schema: valid or invalid ones."""
    operation = schemathesis.openapi.from_dict(OPERATION)["/"]["POST"]
    return operation.as_strategy(generation_mode=mode).map(lambda case: case.body)


def agree(payload: Any) -> None:
    """Assert law 8 for one payload."""
    accepted = validator().is_valid(payload)
    report = check(payload)

    if accepted:
        assert [one for one in report if one.code.startswith("LQ2")] == []
    if not report.diagnostics:
        assert accepted


@given(made(GenerationMode.POSITIVE))
def test_bodies_generated_as_valid_have_no_errors_of_structure(payload: Any) -> None:
    """Law 8: no diagnostics of the 2xx rules."""
    assert validator().is_valid(payload)
    agree(payload)


@given(made(GenerationMode.NEGATIVE))
def test_bodies_generated_as_invalid_are_not_clean(payload: Any) -> None:
    """Law 8."""
    agree(payload)


@given(testing.payloads())
def test_the_schema_accepts_every_allowed_spelling(payload: Any) -> None:
    """Law 8."""
    assert [*validator().iter_errors(payload)] == []


@given(mutated(testing.payloads() | testing.queries().map(lambda one: one.to_payload())))
def test_the_schema_and_check_agree_on_mutated_payloads(payload: Any) -> None:
    """Law 8."""
    agree(payload)


@given(json_values)
def test_the_schema_and_check_agree_on_any_value(payload: Any) -> None:
    """Law 8."""
    agree(payload)
