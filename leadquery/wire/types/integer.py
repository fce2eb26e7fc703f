"""Whole numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from leadquery.lint.json_values import describe_json, report_wrong_type
from leadquery.lint.rules.registry import Rule
from leadquery.wire.types.string import Bind

if TYPE_CHECKING:
    from leadquery.lint.diagnostics import Cursor, Invalid, Json


MAX_INT: Final = 2**31 - 1

_DIGITS: Final = "[1-9][0-9]{0,8}"


class PositiveInt:
    """A count from 1; the upper end is what 32 bits hold."""

    def write_source(self, value: str, bind: Bind) -> str:
        return value

    def read(self, raw: Json, spot: Cursor) -> int | Invalid:
        if isinstance(raw, bool) or not isinstance(raw, (int, float)) or raw != raw // 1:
            if not isinstance(raw, str) or not re.fullmatch(_DIGITS, raw):
                return report_wrong_type(raw, "a whole number", spot)
            fix = spot.write(int(raw), safe=True)
            report_wrong_type(raw, "a whole number", spot, f"write {raw}, without quotes", fix)
            return int(raw)
        if not 1 <= raw <= MAX_INT:
            return spot.report(
                Rule.PAGE_NUMBER,
                f"{describe_json(raw)} is out of range",
                f"write a number from 1 to {MAX_INT}",
            )
        return int(raw)

    def clean_source(self, raw: str, bind: Bind) -> str:
        return f"type({raw}) is int and 1 <= {raw} <= {MAX_INT}"

    def schema(self) -> dict[str, Json]:
        return {"type": "integer", "minimum": 1, "maximum": MAX_INT}
