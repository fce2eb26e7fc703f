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
    from leadquery.lint.rules.structure import wrong_type

    return spot.add(wrong_type(spot.path, value, expected, hint, fix))
