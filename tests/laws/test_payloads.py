"""Laws 1 and 2: what is built is right, and what is written is read as the same query."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

from hypothesis import assume, given, strategies as st
from jsonschema import Draft202012Validator

from leadquery import check, from_payload, schema, testing
from leadquery.errors import UnsupportedQueryError
from leadquery.lint.rules.values import UNKNOWN_USER_OPERATOR
from leadquery.query.query import Query
from tests.laws.respelling import respelt

CHOSEN: Final = frozenset({UNKNOWN_USER_OPERATOR.code})
"""Warnings that are true of a query and that a person chose, beside the smells (5xx)."""


@cache
def validator() -> Draft202012Validator:
    """The schema, as the jsonschema package understands it."""
    Draft202012Validator.check_schema(schema())
    return Draft202012Validator(schema())


def read(payload: object) -> Query:
    """The query of a payload; one that asks for more groups than can be said is not tried."""
    try:
        return from_payload(payload)
    except UnsupportedQueryError:
        assume(False)
        raise


@given(testing.queries())
def test_what_is_built_is_right(query: Query) -> None:
    """Law 1: a query's payload has no error, and no warning but those a person chose."""
    said = {one.code for one in check(query.to_payload()) if not one.code.startswith("LQ5")}

    assert said <= CHOSEN


@given(testing.queries())
def test_what_is_built_is_valid_under_the_schema(query: Query) -> None:
    """Law 1: the jsonschema package accepts a query's payload."""
    assert [*validator().iter_errors(query.to_payload())] == []


@given(testing.queries())
def test_what_is_written_is_read_as_the_same_query(query: Query) -> None:
    """Law 2: an object, its text and its bytes all read as the query they were written from."""
    payload, text = query.to_payload(), query.to_json()

    assert from_payload(payload) == query
    assert from_payload(text) == query
    assert from_payload(text.encode()) == query
    assert hash(from_payload(payload)) == hash(query)


@given(testing.queries(), st.sampled_from((None, 0, 2)))
def test_text_is_the_payload_as_the_json_module_writes_it(query: Query, indent: int | None) -> None:
    """Law 2: `to_json()` is `to_payload()`, in ASCII."""
    text = query.to_json(indent)

    assert text == json.dumps(query.to_payload(), indent=indent)
    assert text.isascii()


@given(testing.payloads())
def test_a_payload_is_rewritten_in_one_way(payload: dict[str, Any]) -> None:
    """Law 2: what is read is written in one way, which is read and written as it stands."""
    query = read(payload)
    once = query.to_json()

    assert {one.code for one in check(once) if not one.code.startswith("LQ5")} <= CHOSEN
    assert from_payload(once) == query
    assert from_payload(once).to_json() == once


@given(testing.payloads())
def test_a_payload_reads_the_same_from_text(payload: dict[str, Any]) -> None:
    """Law 2: an object and its text are one payload."""
    text = json.dumps(payload)

    assert read(text) == read(payload)
    assert read(text.encode()) == read(payload)


@given(testing.queries().flatmap(lambda one: st.tuples(st.just(one), respelt(one.to_payload()))))
def test_another_spelling_asks_the_same(case: tuple[Query, dict[str, Any]]) -> None:
    """Law 2: keys in another order, idle keys, other spellings: the query is the same."""
    query, payload = case

    assert from_payload(payload) == query
    assert from_payload(payload).to_json() == query.to_json()
