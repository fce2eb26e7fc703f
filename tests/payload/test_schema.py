"""The schema is a schema, and nobody's but the caller's."""

from __future__ import annotations

import re
from typing import Any

from jsonschema import Draft202012Validator

from leadquery import check, schema
from leadquery.spec.about import ABOUT
from leadquery.spec.shapes import keys_of


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
    said = [key["description"] for one in objects() for key in one["properties"].values()]

    assert all(re.fullmatch(r"[A-Z].+\.", one) for one in said)
    assert {cls: [*keys_of(cls)] for cls in ABOUT} == {
        cls: [*about] for cls, about in ABOUT.items()
    }


def test_the_examples_are_clean() -> None:
    """There is one for each output."""
    examples = schema()["examples"]

    assert [one["Output"]["Type"] for one in examples] == ["list", "aggregate"]
    assert [check(one).problems for one in examples] == [(), ()]


def test_every_fixed_list_has_a_name() -> None:
    """What is generated has a type for it; its rows are explained."""
    lists = {name: one for name, one in schema()["$defs"].items() if "enum" in one}

    assert [*lists] == [
        "Joiner",
        "ComparisonOperator",
        "MembershipOperator",
        "PresenceOperator",
        "DateField",
        "ListingOutputType",
        "AggregateOutputType",
        "Function",
    ]
    assert lists["DateField"]["description"] == (
        "The two dates a report can be limited by. "
        "'LeadCreatedOn': created; 'LeadModifiedOn': modified."
    )


def test_the_outputs_are_told_apart() -> None:
    """Each has a type of its own, so that one of them alone takes a payload."""
    made = schema()
    output = made["properties"]["Output"]
    rows = [made["$defs"][f"{name}OutputType"]["enum"] for name in ("Listing", "Aggregate")]

    assert output["anyOf"] == [{"$ref": "#/$defs/Listing"}, {"$ref": "#/$defs/Aggregate"}]
    assert rows == [["list", "List"], ["aggregate", "Aggregate"]]
