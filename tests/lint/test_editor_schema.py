"""The JSON Schema for editors agrees with `check`, also with the fields of an account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, strategies as st
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter

from leadquery import check, from_payload, schema, testing
from leadquery.emulator import Emulator
from leadquery.errors import PayloadError
from leadquery.expr.field_types import Boolean, Choice, Date, Field, Number, Text
from leadquery.fields import FIELD_TYPES, STANDARD
from leadquery.lint.catalog import FieldCatalog
from leadquery.lint.editor_schema import editor_schema
from leadquery.pydantic import Payload

ACCOUNT = FieldCatalog.of(
    [
        Choice("mx_Course", options=["MBA", "BSc", "MBA"]),
        Choice("mx_Town", options=["Pune"], others=True),
        Number("mx_Fee"),
        Boolean("mx_Alumnus"),
        Date("mx_Joined"),
        Text("mx_Nick.name"),
        Field("mx_Custom_3"),
    ]
)
VALIDATOR = Draft202012Validator(editor_schema(ACCOUNT))
STANDARD_VALIDATOR = Draft202012Validator(editor_schema())


@pytest.mark.parametrize("validator", [VALIDATOR, STANDARD_VALIDATOR], ids=["account", "any"])
@pytest.mark.parametrize("name", [5, None, ["Score"], ""])
def test_a_name_is_text(validator: Draft202012Validator, name: Any) -> None:
    assert not validator.is_valid(listing(one(name, "=", "5")))


def parts(made: Any) -> Iterator[dict[str, Any]]:
    """A schema and all that is in it."""
    if isinstance(made, dict):
        yield made
    for one in made.values() if isinstance(made, dict) else made if isinstance(made, list) else ():
        yield from parts(one)


def test_an_editor_warns_of_what_is_ignored() -> None:
    """Of a text that is not empty."""
    [condition] = {
        str(one["if"]) for one in parts(editor_schema()) if "if" in one and "doNotSuggest" in one
    }
    ignored = Draft202012Validator(eval(condition))

    assert [ignored.is_valid(value) for value in ("AND", "", None)] == [True, False, False]


def test_an_editor_says_what_a_text_looks_like() -> None:
    messages = {one.get("patternErrorMessage") for one in parts(editor_schema())}

    assert messages == {
        None,
        "write a date and time as yyyy-MM-dd HH:mm:ss, in UTC, such as 2026-01-31 00:00:00",
        "write schema names of lead fields, separated by commas",
    }


def listing(*filters: dict[str, Any], columns: str = "mx_Fee") -> dict[str, Any]:
    """A list of leads with these filters."""
    report = {"ReportFilter": {"LeadFilters": [*filters]}} if filters else {}
    output = {"Type": "list", "IncludeCSV": columns}
    return {**report, "Output": output, "Paging": {"PageIndex": 1, "PageSize": 9}}


def one(name: str, operator: str, value: Any) -> dict[str, Any]:
    """A filter; its values are in a list for `in`."""
    key = "LookUpValues" if isinstance(value, list) else "LookUpValue"
    return {"LookUpName": name, key: value, "SqlOperator": operator}


def group(name: str, function: str, field: str) -> dict[str, Any]:
    """Groups of leads."""
    output = {"GroupBy": name, "AggregateFunction": function, "AggregateField": field}
    return {**listing(), "Output": {"Type": "aggregate", **output}}


@pytest.mark.parametrize("made", [editor_schema(), editor_schema(ACCOUNT)], ids=["any", "account"])
def test_the_schema_is_valid(made: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(made)


@pytest.mark.parametrize(
    "payload",
    [
        listing(columns="mx_Fee,mx_Nick.name,OwnerIdName,mx_Custom_3~mx_A"),
        listing(one("mx_Course", "=", "MBA")),
        listing(one("mx_Course", "in", ["MBA", "BSc"])),
        listing(one("mx_Course", "lik", "M")),
        listing(one("mx_Town", "=", "Nagpur")),
        listing(one("mx_Fee", ">=", "-0.5")),
        listing(one("mx_Alumnus", "=", "1")),
        listing(one("mx_Joined", "<", "2026-01-31 00:00:00")),
        listing(one("mx_Custom_3~mx_A", "=", "x")),
        group("mx_Course", "Sum", "mx_Fee"),
        group("mx_Course", "Average", "mx_Custom_3"),
        group("mx_Course", "Count", "mx_Course"),
    ],
    ids=str,
)
def test_accepted(payload: dict[str, Any]) -> None:
    assert [*check(payload, ACCOUNT)] == []
    assert VALIDATOR.is_valid(payload)


@pytest.mark.parametrize(
    "payload",
    [
        listing(columns="mx_Fees"),
        listing(columns="mx_Fee,mx_Nickxname"),
        listing(one("mx_Fees", "=", "5")),
        listing(one("Phone", "=", "5")),
        listing(one("mx_Course", "=", "mba")),
        listing(one("mx_Course", "<>", "MBA ")),
        listing(one("mx_Course", "in", ["MBA", "MSc"])),
        listing(one("mx_Course", ">", "MBA")),
        listing(one("mx_Fee", ">", "five")),
        listing(one("mx_Fee", "lik", "5")),
        listing(one("mx_Alumnus", "=", "true")),
        listing(one("mx_Alumnus", "in", ["1"])),
        group("mx_Curse", "Count", "mx_Fee"),
        group("mx_Course", "Count", "mx_Fees"),
        group("mx_Course", "Sum", "mx_Course"),
    ],
    ids=str,
)
def test_refused(payload: dict[str, Any]) -> None:
    assert [*check(payload, ACCOUNT)] != []
    assert not VALIDATOR.is_valid(payload)


@st.composite
def accounts(draw: st.DrawFn) -> FieldCatalog:
    """Fields of any types, under names that payloads have."""
    types = [cls for cls in FIELD_TYPES if cls.__name__ != "DerivedColumn"]
    names = draw(st.lists(st.sampled_from([*STANDARD]) | testing.texts(), min_size=40))
    return FieldCatalog.of([draw(st.sampled_from(types))(name) for name in names])


@given(accounts(), testing.payloads())
def test_what_check_passes_is_accepted(account: FieldCatalog, payload: Any) -> None:
    if not [*check(payload, account)]:
        assert Draft202012Validator(editor_schema(account)).is_valid(payload)


@given(testing.payloads())
def test_a_payload_of_its_own_fields_is_accepted(payload: Any) -> None:
    """Unlike those of another account, many of them pass `check`."""
    found = check(payload).payload
    names = {*STANDARD, *filter(None, _names(found))}
    account = FieldCatalog.of([STANDARD.get(name, Field(name)) for name in names])

    if not [*check(payload, account)]:
        assert Draft202012Validator(editor_schema(account)).is_valid(payload)


def _names(payload: Any) -> set[str]:
    """Every text in a payload, of which some are names of fields."""
    if isinstance(payload, dict):
        return set().union(*map(_names, payload.values()))
    if isinstance(payload, list):
        return set().union(*map(_names, payload))
    return {*payload.split(","), payload} if isinstance(payload, str) else set()


def test_a_payload_may_name_its_schema() -> None:
    """The key is allowed in a file, and not sent."""
    payload = listing()
    named = {"$schema": "./leadquery.schema.json", **payload}

    assert [*check(named)] == [*check(named, ACCOUNT)] == []
    assert check(named).fixed() == named
    assert from_payload(named).to_payload() == payload
    assert TypeAdapter(Payload).validate_python(named) == payload
    with pytest.raises(PayloadError, match=r"unknown key '\$schema'"):
        Emulator([]).answer(named)
    assert STANDARD_VALIDATOR.is_valid(named)
    assert VALIDATOR.is_valid(named)
    assert not Draft202012Validator(schema()).is_valid(named)


@pytest.mark.parametrize(
    ("payload", "path"),
    [
        ({**listing(), "$schema": 1}, "$['$schema']"),
        ({**listing(), "$Schema": "x"}, "$['$Schema']"),
        ({**listing(), "Paging": {"$schema": "x", "PageIndex": 1, "PageSize": 9}}, "$.Paging"),
    ],
)
def test_another_key_is_no_schema(payload: dict[str, Any], path: str) -> None:
    """Neither is one of another value, or in another place."""
    [found] = check(payload)

    assert found.code == "LQ201"
    assert found.path.startswith(path)


def test_mistakes_beside_the_schema_are_reported_and_fixed() -> None:
    text = '{"$schema": "x", "output": {"Type": "list", "IncludeCSV": "Phone"}}'
    report = check(text)

    assert [(one.code, one.column) for one in report] == [("LQ503", 1), ("LQ202", 18)]
    assert report.fixed() == text.replace("output", "Output")


@given(testing.payloads())
def test_every_payload_without_diagnostics_is_accepted(payload: dict[str, Any]) -> None:
    if check(payload).diagnostics == ():
        assert STANDARD_VALIDATOR.is_valid(payload)
