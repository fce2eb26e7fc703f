"""Whole numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from leadquery.spec.forms.texts import Bind
from leadquery.spec.rules import Rule
from leadquery.spec.values import mistyped, shown

if TYPE_CHECKING:
    from leadquery.spec.findings import Broken, Json, Spot

LARGEST: Final = 2**31 - 1

_DIGITS: Final = "[1-9][0-9]{0,8}"


class WholeNumber:
    """A count from 1; the upper end is what 32 bits hold."""

    def write_source(self, value: str, bind: Bind) -> str:
        return value

    def read(self, raw: Json, spot: Spot) -> int | Broken:
        if isinstance(raw, bool) or not isinstance(raw, (int, float)) or raw != raw // 1:
            if not isinstance(raw, str) or not re.fullmatch(_DIGITS, raw):
                return mistyped(raw, "a whole number", spot)
            fix = spot.write(int(raw), safe=True)
            mistyped(raw, "a whole number", spot, f"write {raw}, without quotes", fix)
            return int(raw)
        if not 1 <= raw <= LARGEST:
            return spot.report(
                Rule.PAGE_NUMBER,
                f"{shown(raw)} is out of range",
                f"write a number from 1 to {LARGEST}",
            )
        return int(raw)

    def clean_source(self, raw: str, bind: Bind) -> str:
        return f"type({raw}) is int and 1 <= {raw} <= {LARGEST}"

    def schema(self) -> dict[str, Json]:
        return {"type": "integer", "minimum": 1, "maximum": LARGEST}
