"""The schema is a schema, and nobody's but the caller's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator

from leadquery import check, schema
from leadquery.wire.json_schema import DESCRIPTIONS
from leadquery.wire.schema import keys_of


def test_the_schema_is_valid() -> None:
    """The schema meets the metaschema of its draft."""
    made = schema()
    Draft202012Validator.check_schema(made)

    assert made["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


def test_each_schema_is_a_fresh_copy() -> None:
    """What one caller changes, the next does not see."""
    schema().clear()

    assert schema()["required"] == ["Output"]


def objects() -> list[dict[str, Any]]:
    """The root, and each object that it refers to."""
    made = schema()
    return [made, *(one for one in made["$defs"].values() if one["type"] == "object")]


def test_every_key_is_described() -> None:
    """In sentences, which generators write beside it; nothing else is described."""
    descriptions = [key["description"] for one in objects() for key in one["properties"].values()]

    assert all(re.fullmatch(r"[A-Z].+\.", one) for one in descriptions)
    assert {cls: [*keys_of(cls)] for cls in DESCRIPTIONS} == {
        cls: [*about] for cls, about in DESCRIPTIONS.items()
    }


def schemas(made: Any) -> Iterator[dict[str, Any]]:
    """A schema and all that stand in it."""
    yield made
    named = [one for key in ("properties", "$defs") for one in made.get(key, {}).values()]
    inner = [made[key] for key in ("items",) if key in made]
    for each in (*named, *inner, *made.get("anyOf", ())):
        yield from schemas(each)


def test_it_is_said_in_few_keywords() -> None:
    """A validator passes over what it does not know, so that a keyword misspelt is none."""
    assert {keyword for one in schemas(schema()) for keyword in one} == {
        *("$schema", "$defs", "$ref", "title", "description", "examples"),
        *("type", "enum", "const", "pattern", "minLength", "minimum", "maximum"),
        *("properties", "required", "additionalProperties", "items", "minItems", "anyOf"),
    }


def test_what_is_shown_is_allowed() -> None:
    """The examples of each part are valid under it."""
    made = schema()
    with_examples = [one for one in schemas(made) if "examples" in one]
    defined = {"$defs": made["$defs"]}

    assert len(with_examples) == 4
    for one in with_examples:
        assert [*map(Draft202012Validator({**one, **defined}).is_valid, one["examples"])] == (
            [True] * len(one["examples"])
        )


def test_what_people_read_is_written_for_them() -> None:
    """The title, a sentence for each object, and what is known of a form behind what a key says."""
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
    """There is one for each output."""
    examples = schema()["examples"]

    assert [one["Output"]["Type"] for one in examples] == ["list", "aggregate"]
    assert [check(one).diagnostics for one in examples] == [(), ()]


def test_every_fixed_list_has_a_name() -> None:
    """What is generated has a type for it; its rows are explained."""
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


def test_the_outputs_are_told_apart() -> None:
    """Each has a type of its own, so that one of them alone takes a payload."""
    made = schema()
    output = made["properties"]["Output"]
    rows = [made["$defs"][f"{name}OutputType"]["enum"] for name in ("List", "Aggregate")]

    assert output["anyOf"] == [{"$ref": "#/$defs/ListOutput"}, {"$ref": "#/$defs/AggregateOutput"}]
    assert rows == [["list", "List"], ["aggregate", "Aggregate"]]
