"""The schema is a schema, and nobody's but the caller's."""

from __future__ import annotations

from jsonschema import Draft202012Validator

from leadquery import schema


def test_the_schema_is_valid() -> None:
    """The schema meets the metaschema of its draft."""
    made = schema()
    Draft202012Validator.check_schema(made)

    assert made["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


def test_each_schema_is_a_fresh_copy() -> None:
    """What one caller changes, the next does not see."""
    schema().clear()

    assert schema()["required"] == ["Output"]
