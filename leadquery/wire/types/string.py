"""Text: any, with something in it, none, or names joined by commas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

import attrs

from leadquery.lint.json_values import describe_json, report_wrong_type
from leadquery.lint.rules.registry import Rule
from leadquery.wire.enums import Operator
from leadquery.wire.protocol import FALSE, SEPARATOR, TRUE

if TYPE_CHECKING:
    from leadquery.lint.diagnostics import Cursor, Fix, Invalid, Json


BLANKS: Final = " \t\r\n"

Bind = Callable[[object], str]
"""Makes an object known to generated code and returns its name there."""


class AnyString:
    """Any text, under a key that is not read."""

    def read(self, raw: Json, spot: Cursor) -> str | Invalid:
        return raw if isinstance(raw, str) else string_type_error(raw, spot)

    def schema(self) -> dict[str, Json]:
        return {"type": "string"}


Several = Callable[[list[str], "Cursor"], "tuple[str, Fix | None]"]
"""What to write for a list of texts, and a fix."""


def string_type_error(
    raw: Json, spot: Cursor, hint: str | None = None, several: Several | None = None
) -> str | Invalid:
    """Note what is no text; a number is read as the text that it is written as.

    A list of one text is that text; `several` says what to write for one of more, `hint` for any
    other.
    """
    if isinstance(raw, list):
        texts = [str(one) for one in raw if isinstance(one, str) and one]
        if not texts or len(texts) < len(raw):
            return report_wrong_type(raw, "text", spot, hint)
        if len(texts) > 1:
            return report_wrong_type(
                raw, "text", spot, *(several(texts, spot) if several else (hint, None))
            )
        report_wrong_type(
            raw, "text", spot, f"write {describe_json(texts[0])}", spot.write(texts[0], safe=True)
        )
        return texts[0]
    if isinstance(raw, bool):
        text = TRUE if raw else FALSE
        fix = spot.write(text, safe=False)
        return report_wrong_type(raw, "text", spot, f"write {text!r}; values are sent as text", fix)
    if isinstance(raw, (int, float)):
        known = describe_json(raw)
        if not known[-1:].isdigit():
            return report_wrong_type(raw, "text", spot, "write numbers as text")
        fix = spot.write(known, safe=True)
        report_wrong_type(raw, "text", spot, f"write {known!r}; numbers are sent as text", fix)
        return known
    return report_wrong_type(raw, "text", spot)


def _one_name(texts: list[str], _spot: Cursor) -> tuple[str, Fix | None]:
    return f"write one name, such as {describe_json(texts[0])}", None


@attrs.frozen(eq=False, repr=False)
class NonEmptyString:
    """Text with something in it."""

    rule: Rule = Rule.EMPTY
    message: str = "the text is empty"
    hint: str = "write a name"
    several: Several = _one_name

    def write_source(self, value: str, bind: Bind) -> str:
        return value

    def read(self, raw: Json, spot: Cursor) -> str | Invalid:
        if raw is None:
            return report_wrong_type(raw, "text", spot, self.hint)
        if not isinstance(raw, str):
            return string_type_error(raw, spot, self.hint, self.several)
        return raw or spot.report(self.rule, self.message, self.hint)

    def clean_source(self, raw: str, bind: Bind) -> str:
        return f"type({raw}) is str and {raw}"

    def schema(self) -> dict[str, Json]:
        return {"type": "string", "minLength": 1}


def name() -> NonEmptyString:
    """The name of a field or an attribute."""
    return NonEmptyString()


def value() -> NonEmptyString:
    """A value to compare with."""
    return NonEmptyString(
        Rule.EMPTY_VALUE,
        "the value is empty",
        f"write a value, or find empty fields with {Operator.HAS_NO_DATA.token!r}",
        _one_value,
    )


def values() -> NonEmptyString:
    """A value to compare with, in which commas part several."""
    return NonEmptyString(Rule.EMPTY_VALUE, "the value is empty", "write a value", _joined)


def _one_value(_texts: list[str], _spot: Cursor) -> tuple[str, Fix | None]:
    several = Operator.ONE_OF.token
    return f"write one text; for one of several values, use the operator {several!r}", None


def _joined(texts: list[str], spot: Cursor) -> tuple[str, Fix | None]:
    text = SEPARATOR.join(texts)
    hint = f"write {describe_json(text)}, where commas separate alternatives"
    return hint, spot.write(text, safe=False)


class EmptyString:
    """The empty text that may stand where no value belongs; it is never written."""

    def write_source(self, value: str, bind: Bind) -> str:
        return value

    def read(self, raw: Json, spot: Cursor) -> Invalid | None:
        if raw is None:
            return spot.report(Rule.NULL, "unexpected null", "remove it")
        if not isinstance(raw, str) or raw:
            return spot.report(
                Rule.NEEDLESS_VALUE,
                f"unexpected value {describe_json(raw)}: this operator takes none",
                "remove it, or use an operator that compares",
            )
        return None

    def clean_source(self, raw: str, bind: Bind) -> str:
        return f'{raw} == ""'

    def schema(self) -> dict[str, Json]:
        return {"const": ""}


class CommaList:
    """Schema names in one text, joined by commas."""

    def write_source(self, value: str, bind: Bind) -> str:
        return f"{bind(SEPARATOR.join)}({value})"

    def read(self, raw: Json, spot: Cursor) -> tuple[str, ...] | Invalid:
        if not isinstance(raw, str):
            return _mistyped_columns(raw, spot)
        parts = [part.strip(BLANKS) for part in raw.split(SEPARATOR)]
        names = _names(parts)
        if not names:
            return spot.report(
                Rule.EMPTY,
                "no column is named",
                "name the lead fields to show, separated by commas",
            )
        fix = spot.write(SEPARATOR.join(names), safe=True)
        if raw != SEPARATOR.join(parts) or "" in parts:
            odd = "empty name" if "" in parts else "spaces"
            hint = "separate the names by commas only"
            spot.report(Rule.COLUMN_LIST, f"{odd} in the column list", hint, fix)
        seen: set[str] = set()
        for name in filter(None, parts):
            if name in seen:
                spot.report(Rule.REPEATED, f"duplicate column {name!r}", "name it once", fix)
            seen.add(name)
        return names

    def clean_source(self, raw: str, bind: Bind) -> str:
        return f"{bind(_is_tidy)}({raw}, {bind(re.compile(_BLANKS).search)})"

    def schema(self) -> dict[str, Json]:
        return {"type": "string", "pattern": r"[^, \t\r\n]"}


def _is_tidy(raw: Json, blanks: Callable[[str], object]) -> bool:
    if type(raw) is not str:
        return False
    names = raw.split(SEPARATOR)
    return "" not in names and len(set(names)) == len(names) and not blanks(raw)


_BLANKS: Final = f"(^|{SEPARATOR})[{BLANKS}]|[{BLANKS}]({SEPARATOR}|$)"


def _names(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, parts)))


def _mistyped_columns(raw: Json, spot: Cursor) -> tuple[str, ...] | Invalid:
    """Note what is no text; a list of names is read as one."""
    expected = "text with names separated by commas"
    if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
        return report_wrong_type(raw, expected, spot)
    names = _names(part.strip(BLANKS) for item in raw for part in item.split(SEPARATOR))
    if not names:
        return report_wrong_type(raw, expected, spot)
    text = SEPARATOR.join(names)
    hint = f"write {text!r}" if len(text) <= 60 else None
    report_wrong_type(raw, expected, spot, hint, spot.write(text, safe=True))
    return names
