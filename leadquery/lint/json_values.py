"""How values are named in messages. Apart from findings, which queries never make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadquery.lint.rules.registry import Rule

if TYPE_CHECKING:
    from leadquery.lint.diagnostics import Cursor, Fix, Invalid, Json


def describe_json(value: Json) -> str:
    """A value in a message: texts and numbers as they are, shortened; the rest by its kind."""
    if isinstance(value, str):
        return repr(value) if len(value) <= 60 else f"{value[:57]!r}…"
    if isinstance(value, (bool, list, dict)) or value is None:
        return json_type_name(value)
    if isinstance(value, int) and value.bit_length() > 190:
        return "a very large number"
    return str(value)[:60] if isinstance(value, (int, float)) else json_type_name(value)


def json_type_name(value: Json) -> str:
    """The kind of a JSON value, in the words of people."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    for kind, name in _KINDS:
        if isinstance(value, kind):
            return name
    return f"a Python {type(value).__name__}"


_KINDS = ((str, "text"), (list, "a list"), (dict, "an object"), ((int, float), "a number"))


def report_wrong_type(
    value: Json, expected: str, spot: Cursor, hint: str | None = None, fix: Fix | None = None
) -> Invalid:
    """Report null, or any other value of the wrong kind."""
    if value is None:
        message = "null stands where a value belongs"
        return spot.report(Rule.NULL, message, hint or f"write {expected}")
    if not spot.path and hasattr(type(value), "to_payload"):
        hint = "write query.to_payload()"
    return spot.report(Rule.WRONG_TYPE, f"{describe_json(value)} is not {expected}", hint, fix)
