"""How values are named in messages. Apart from findings, which queries never make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadquery._util.text import describe_json as describe_json, json_type_name as json_type_name

if TYPE_CHECKING:
    from leadquery.lint.diagnostics import Cursor, Fix, Invalid, Json


def report_wrong_type(
    value: Json, expected: str, spot: Cursor, hint: str | None = None, fix: Fix | None = None
) -> Invalid:
    """Report null, or any other value of the wrong kind."""
    from leadquery.lint.rules.registry import Rule

    if value is None:
        message = "null stands where a value belongs"
        return spot.report(Rule.NULL, message, hint or f"write {expected}")
    if not spot.path and hasattr(type(value), "to_payload"):
        hint = "write query.to_payload()"
    return spot.report(Rule.WRONG_TYPE, f"{describe_json(value)} is not {expected}", hint, fix)
