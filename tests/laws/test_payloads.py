"""Laws 1 and 2: queries are valid, and round-trip through their payload."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

from hypothesis import assume, given, strategies as st
from jsonschema import Draft202012Validator

from leadquery import check, from_payload, schema, testing
from leadquery.errors import UnsupportedQueryError
from leadquery.lint.rules.fixed_lists import UNKNOWN_USER_OPERATOR
from leadquery.lint.rules.user_values import UNKNOWN_USER_VALUE, USER_LIST_FORMAT
from leadquery.query.query import Query
from tests.laws.reports import every_query
from tests.laws.respelling import respelled

CHOSEN: Final = frozenset(
    {UNKNOWN_USER_OPERATOR.code, USER_LIST_FORMAT.code, UNKNOWN_USER_VALUE.code}
)
"""Warnings that a valid query may have, besides those of suspicious patterns (5xx)."""


@cache
def validator() -> Draft202012Validator:
    """The schema as a jsonschema validator."""
    Draft202012Validator.check_schema(schema())
    return Draft202012Validator(schema())


def read(payload: object) -> Query:
    """The query of a payload; discards payloads that need too many groups."""
    try:
        return from_payload(payload)
    except UnsupportedQueryError:
        assume(False)
        raise


@given(every_query)
def test_a_query_has_no_errors(query: Query) -> None:
    """Law 1: it has at most suspicious patterns and warnings about users."""
    codes = {one.code for one in check(query.to_payload()) if not one.code.startswith("LQ5")}

    assert codes <= CHOSEN


@given(every_query)
def test_a_query_is_valid_under_the_schema(query: Query) -> None:
    """Law 1."""
    assert [*validator().iter_errors(query.to_payload())] == []


@given(every_query)
def test_a_query_round_trips(query: Query) -> None:
    """Law 2: through an object, a text and bytes."""
    payload, text = query.to_payload(), query.to_json()

    assert from_payload(payload) == query
    assert from_payload(text) == query
    assert from_payload(text.encode()) == query
    assert hash(from_payload(payload)) == hash(query)


@given(every_query, st.sampled_from((None, 0, 2)))
def test_to_json_is_the_payload_in_ascii_json(query: Query, indent: int | None) -> None:
    """Law 2."""
    text = query.to_json(indent)

    assert text == json.dumps(query.to_payload(), indent=indent)
    assert text.isascii()


@given(testing.payloads())
def test_a_payload_has_one_canonical_form(payload: dict[str, Any]) -> None:
    """Law 2: reading and writing it again changes nothing."""
    query = read(payload)
    once = query.to_json()

    assert {one.code for one in check(once) if not one.code.startswith("LQ5")} <= CHOSEN
    assert from_payload(once) == query
    assert from_payload(once).to_json() == once


@given(testing.payloads())
def test_a_payload_reads_the_same_from_text(payload: dict[str, Any]) -> None:
    """Law 2."""
    text = json.dumps(payload)

    assert read(text) == read(payload)
    assert read(text.encode()) == read(payload)


@given(every_query.flatmap(lambda one: st.tuples(st.just(one), respelled(one.to_payload()))))
def test_allowed_spellings_read_as_the_same_query(case: tuple[Query, dict[str, Any]]) -> None:
    """Law 2: key order, unused keys and alternative spellings do not matter."""
    query, payload = case

    assert from_payload(payload) == query
    assert from_payload(payload).to_json() == query.to_json()
