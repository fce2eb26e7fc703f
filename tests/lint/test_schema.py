"""The JSON Schema."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from leadquery import check, schema
from leadquery.wire.json_schema import DESCRIPTIONS
from leadquery.wire.schema import keys_of


def test_the_schema_is_valid() -> None:
    """Against its metaschema."""
    made = schema()
    Draft202012Validator.check_schema(made)

    assert made["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


def test_each_schema_is_a_fresh_copy() -> None:
    schema().clear()

    assert schema()["required"] == ["Output"]


def objects() -> list[dict[str, Any]]:
    """The root and each referenced object."""
    made = schema()
    return [made, *(one for one in made["$defs"].values() if one["type"] == "object")]


def test_every_key_is_described() -> None:
    """In sentences, for generators; nothing else is."""
    descriptions = [key["description"] for one in objects() for key in one["properties"].values()]

    assert all(re.fullmatch(r"[A-Z].+\.", one) for one in descriptions)
    assert {cls: [*keys_of(cls)] for cls in DESCRIPTIONS} == {
        cls: [*about] for cls, about in DESCRIPTIONS.items()
    }


def schemas(made: Any) -> Iterator[dict[str, Any]]:
    """A schema and all its subschemas."""
    yield made
    named = [one for key in ("properties", "$defs") for one in made.get(key, {}).values()]
    inner = [made[key] for key in ("items",) if key in made]
    for each in (*named, *inner, *made.get("anyOf", ())):
        yield from schemas(each)


def test_it_uses_few_keywords() -> None:
    """Validators ignore unknown ones, so a misspelt keyword has no effect."""
    assert {keyword for one in schemas(schema()) for keyword in one} == {
        *("$schema", "$defs", "$ref", "title", "description", "examples"),
        *("type", "enum", "const", "pattern", "minLength", "minimum", "maximum"),
        *("properties", "required", "additionalProperties", "items", "minItems", "anyOf"),
    }


def test_examples_are_valid() -> None:
    """Each under its subschema."""
    made = schema()
    with_examples = [one for one in schemas(made) if "examples" in one]
    defined = {"$defs": made["$defs"]}

    assert len(with_examples) == 4
    for one in with_examples:
        assert [*map(Draft202012Validator({**one, **defined}).is_valid, one["examples"])] == (
            [True] * len(one["examples"])
        )


def test_titles_and_descriptions() -> None:
    made = schema()
    sentences = [one["description"] for one in objects()]

    assert made["title"] == "Lead Distribution Analytics request"
    assert all(re.fullmatch(r"[A-Z].+\.", one) for one in sentences)
    assert made["$defs"]["DateRange"]["properties"]["FromDate"]["description"].endswith(
        ". Written as yyyy-MM-dd HH:mm:ss, in UTC."
    )
    assert made["$defs"]["ListOutput"]["properties"]["GroupBy"] == {
        "type": "string",
        "description": "Ignored for this type.",
    }


def test_the_examples_are_clean() -> None:
    """One for each output."""
    examples = schema()["examples"]

    assert [one["Output"]["Type"] for one in examples] == ["list", "aggregate"]
    assert [one["Paging"] for one in examples] == [{"PageIndex": 1, "PageSize": 100}] * 2
    assert [check(one).diagnostics for one in examples] == [(), ()]


def test_every_enum_has_a_name() -> None:
    """So generators make a type for it."""
    lists = {name: one for name, one in schema()["$defs"].items() if "enum" in one}

    assert [*lists] == [
        "LogicalOperator",
        "ComparisonFilterOperator",
        "MembershipFilterOperator",
        "PresenceFilterOperator",
        "DateField",
        "ListOutputType",
        "AggregateOutputType",
        "AggregateFunction",
    ]
    assert lists["DateField"]["description"] == (
        "The two dates a report can be limited by. "
        "'LeadCreatedOn': created; 'LeadModifiedOn': modified."
    )


def test_the_outputs_are_distinct() -> None:
    """A payload is valid under one only."""
    made = schema()
    output = made["properties"]["Output"]
    rows = [made["$defs"][f"{name}OutputType"]["enum"] for name in ("List", "Aggregate")]

    assert output["anyOf"] == [{"$ref": "#/$defs/ListOutput"}, {"$ref": "#/$defs/AggregateOutput"}]
    assert rows == [["list", "List"], ["aggregate", "Aggregate"]]


@pytest.mark.parametrize(("operator", "is_valid"), [("eq", True), ("~", True), ("", False)])
def test_operators_on_users_are_not_all_documented(operator: str, is_valid: bool) -> None:
    condition = {"LookupName": "Role", "Operator": operator, "LookupValue": "x"}
    users = {"GroupConditions": [{"Condition": [condition]}]}
    payload = {"ReportFilter": {"UserFilter": users}, "Output": {"Type": "list", "IncludeCSV": "x"}}

    assert Draft202012Validator(schema()).is_valid(payload) is is_valid


def test_the_examples(check_golden: Callable[[Path, str], None]) -> None:
    """Which editors, generators and assistants show."""
    examples = schema()["examples"]

    check_golden(Path(__file__).with_name("examples.json"), json.dumps(examples, indent=2) + "\n")
    assert [check(one).diagnostics for one in examples] == [()] * len(examples)
