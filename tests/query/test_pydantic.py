"""Queries and payloads as fields of pydantic models."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import assume, given
from jsonschema import Draft202012Validator
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from leadquery import Leads, Query, check
from leadquery.fields import Phone, Score, mx_City
from leadquery.pydantic import Payload
from leadquery.query.query import OneRequest
from leadquery.testing import queries


class Saved(BaseModel):
    """A query with a name."""

    name: str
    query: Query


class Sent(BaseModel):
    """What one request carries."""

    query: Query[OneRequest]
    payload: Payload


LOW = Leads.where(Score < 5).select(Phone)
SEVERAL = Leads.where((Score < 5) | (mx_City == "Delhi")).select(Phone)
BAD = {
    "Output": {"Type": "list", "IncludeCSV": "Phone"},
    "ReportFilter": {
        "LeadFilters": [{"LookUpName": "Score", "LookUpValue": 5, "SqlOperator": "LIKE"}]
    },
}


@pytest.mark.parametrize("value", [LOW, LOW.to_payload(), LOW.to_json(), LOW.to_json().encode()])
def test_what_a_query_is_made_of(value: Any) -> None:
    saved = Saved(name="low", query=value)
    sent = Sent(query=value, payload=value)

    assert (saved.query, sent.query, sent.payload) == (LOW, LOW, LOW.to_payload())


def test_a_query_of_several_requests_stays_itself() -> None:
    """It has no payload to dump."""
    saved = Saved(name="either", query=SEVERAL)

    assert saved.query is SEVERAL
    assert saved.model_dump() == {"name": "either", "query": SEVERAL}
    with pytest.raises(PydanticSerializationError, match="this query takes 3 requests"):
        saved.model_dump_json()


def errors(model: type[BaseModel], **values: Any) -> list[tuple[Any, ...]]:
    """The place, the type and the message of each error."""
    with pytest.raises(ValidationError) as caught:
        model(**values)
    return [(error["loc"], error["type"], error["msg"]) for error in caught.value.errors()]


def test_each_error_of_a_payload_is_at_its_key() -> None:
    """With the code of its rule, its message and its hint, as `check` has them."""
    report = [one for one in check(BAD) if one.severity == "error"]
    place = "ReportFilter", "LeadFilters", 0
    expected = [
        (
            ("query", *place, key),
            one.code,
            f"{one.message}; {one.hint}" if one.hint else one.message,
        )
        for key, one in zip(("LookUpValue", "SqlOperator"), report, strict=True)
    ]

    assert errors(Saved, name="bad", query=BAD) == expected
    assert [error[0][0] for error in errors(Sent, query=BAD, payload=BAD)] == (
        ["query"] * 2 + ["payload"] * 2
    )


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (5, "LQ204", "expected an object, found 5"),
        ("{", "LQ111", "the text ends before the object is closed; close it with '}'"),
        (
            Leads,
            "unfinished",
            (
                "the query has no output; add select(...), or group_by(...) and count(), "
                "average(...), sum(...) or aggregate(...)"
            ),
        ),
        (
            LOW.to_payload,
            "unsupported",
            "from_payload was given the method .to_payload itself; call it: .to_payload()",
        ),
    ],
)
def test_what_is_no_query(value: Any, error: str, message: str) -> None:
    [(place, type_, text)] = errors(Saved, name="bad", query=value)

    assert (place, type_, text) == (("query",), error, message)


def test_a_field_that_needs_a_payload() -> None:
    found = errors(Sent, query=SEVERAL, payload=SEVERAL)

    assert [(place, type_) for place, type_, _ in found] == [
        (("query",), "several_requests"),
        (("payload",), "several_requests"),
    ]
    assert found[0][2].startswith("this query takes 3 requests")


def test_messages_with_braces() -> None:
    payload = {"Output": {"Type": "list", "IncludeCSV": "Phone"}, "{name}": 1}

    [(place, _, message)] = errors(Saved, name="bad", query=payload)

    assert place == ("query", "{name}")
    assert "{name}" in message


@given(queries())
def test_a_query_survives_its_json(query: Query) -> None:
    """And its dump is its payload, which the JSON Schema accepts. Halves of emoji are no UTF-8."""
    assume(not re.search("[\ud800-\udfff]", json.dumps(query.to_payload(), ensure_ascii=False)))
    sent = Sent(query=query, payload=query.to_payload())

    text = sent.model_dump_json()

    assert json.loads(text) == {"query": query.to_payload(), "payload": query.to_payload()}
    assert Sent.model_validate_json(text) == sent
    assert VALIDATOR.is_valid(json.loads(text))


VALIDATOR = Draft202012Validator(Sent.model_json_schema())


def test_the_json_schema_is_that_of_a_payload() -> None:
    """Wherever it is in the schema of a model."""
    listed = TypeAdapter(list[Query]).json_schema()

    assert not Draft202012Validator(listed).is_valid([BAD])
    assert Draft202012Validator(listed).is_valid([LOW.to_payload()] * 2)
    assert not VALIDATOR.is_valid({"query": BAD, "payload": LOW.to_payload()})
    Draft202012Validator.check_schema(Saved.model_json_schema())


def test_pydantic_is_imported_only_for_models() -> None:
    code = "import leadquery.pydantic, sys; print('pydantic_core' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout == "False\n"
