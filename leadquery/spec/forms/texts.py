"""Text: any, with something in it, none, or names joined by commas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs

from leadquery.spec.findings import Broken, Json, Spot, mistyped, shown
from leadquery.spec.rules import Rule
from leadquery.spec.vocabulary import SEPARATOR, Operator

BLANKS: Final = " \t\r\n"

Bind = Callable[[object], str]
"""Makes an object known to generated code and returns its name there."""


class Text:
    """Any text."""

    def write_source(self, value: str, bind: Bind) -> str:
        return value

    def read(self, raw: Json, spot: Spot) -> str | Broken:
        return raw if isinstance(raw, str) else not_text(raw, spot)

    def clean_source(self, raw: str, bind: Bind) -> str:
        return f"type({raw}) is str"

    def schema(self) -> dict[str, Json]:
        return {"type": "string"}


def not_text(raw: Json, spot: Spot) -> Broken:
    if isinstance(raw, bool):
        return mistyped(raw, "text", spot, f"write {str(int(raw))!r}; values are text")
    if isinstance(raw, (int, float)):
        hint = "numbers travel as text"
        known = shown(raw)
        return mistyped(
            raw, "text", spot, f'write "{known}"; {hint}' if known[-1:].isdigit() else hint
        )
    return mistyped(raw, "text", spot)


@attrs.frozen(eq=False, repr=False)
class Filled:
    """Text with something in it."""

    rule: Rule = Rule.EMPTY
    message: str = "the text is empty"
    hint: str = "write a name"

    def write_source(self, value: str, bind: Bind) -> str:
        return value

    def read(self, raw: Json, spot: Spot) -> str | Broken:
        if not isinstance(raw, str):
            return not_text(raw, spot)
        return raw or spot.report(self.rule, self.message, self.hint)

    def clean_source(self, raw: str, bind: Bind) -> str:
        return f"type({raw}) is str and {raw}"

    def schema(self) -> dict[str, Json]:
        return {"type": "string", "minLength": 1}


def name() -> Filled:
    """The name of a field or an attribute."""
    return Filled()


def value() -> Filled:
    """A value to compare with."""
    return Filled(
        Rule.EMPTY_VALUE,
        "the value is empty",
        f"write a value, or ask for empty fields with {Operator.HAS_NO_DATA.token!r}",
    )


class Nothing:
    """The empty text that may stand where no value belongs; it is never written."""

    def write_source(self, value: str, bind: Bind) -> str:
        return value

    def read(self, raw: Json, spot: Spot) -> Broken | None:
        if raw is None:
            return spot.report(Rule.NULL, "null stands where a value belongs", "leave it out")
        if raw != "":
            return spot.report(
                Rule.NEEDLESS_VALUE,
                f"{shown(raw)} stands beside an operator that takes no value",
                "leave it out, or compare with another operator",
            )
        return None

    def clean_source(self, raw: str, bind: Bind) -> str:
        return f'{raw} == ""'

    def schema(self) -> dict[str, Json]:
        return {"const": ""}


class Columns:
    """Schema names in one text, joined by commas."""

    def write_source(self, value: str, bind: Bind) -> str:
        return f"{SEPARATOR!r}.join({value})"

    def read(self, raw: Json, spot: Spot) -> tuple[str, ...] | Broken:
        if not isinstance(raw, str):
            return mistyped(raw, "text with names joined by commas", spot, _joined(raw))
        names = (part.strip(BLANKS) for part in raw.split(SEPARATOR))
        return tuple(dict.fromkeys(filter(None, names))) or spot.report(
            Rule.EMPTY, "no column is named", "name the lead fields to show, joined by commas"
        )

    def clean_source(self, raw: str, bind: Bind) -> str:
        return f"type({raw}) is str and {raw}.strip({SEPARATOR + BLANKS!r})"

    def schema(self) -> dict[str, Json]:
        return {"type": "string", "pattern": r"[^, \t\r\n]"}


def _joined(raw: Json) -> str | None:
    """What to write in place of a list of names."""
    if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
        return None
    text = SEPARATOR.join(raw)
    return f'write "{text}"' if 0 < len(text) <= 60 else None
