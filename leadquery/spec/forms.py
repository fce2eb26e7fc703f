"""The forms of a value: how it is written, how it is read, what its schema is.

Both directions stand side by side. `write_source` and `clean_source` give the same two as source,
for the functions that `leadquery.payload.compiled` makes of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from typing import Any, Final, Generic, TypeVar

import attrs

from leadquery.slips import nearest
from leadquery.spec.findings import Broken, Json, Spot, mistyped, shown
from leadquery.spec.rules import Rule
from leadquery.spec.vocabulary import (
    SEPARATOR,
    SLIPS,
    TIMESTAMP,
    DateField,
    Function,
    Joiner,
    Operator,
    OutputType,
    Takes,
    Term,
)

BLANKS: Final = " \t\r\n"
LARGEST: Final = 2**31 - 1

T = TypeVar("T", bound=Term)


Bind = Callable[[object], str]
"""Makes an object known to generated code and returns its name there."""


@attrs.frozen
class Text:
    """Any text."""

    def write_source(self, value: str, bind: Bind) -> str:
        return value

    def read(self, raw: Json, spot: Spot) -> str | Broken:
        return raw if isinstance(raw, str) else _not_text(raw, spot)

    def clean_source(self, raw: str, bind: Bind) -> str:
        return f"type({raw}) is str"

    def schema(self) -> dict[str, Json]:
        return {"type": "string"}


def _not_text(raw: Json, spot: Spot) -> Broken:
    if isinstance(raw, bool):
        return mistyped(raw, "text", spot, f"write {str(int(raw))!r}; values are text")
    if isinstance(raw, (int, float)):
        hint = "numbers travel as text"
        known = shown(raw)
        return mistyped(
            raw, "text", spot, f'write "{known}"; {hint}' if known[-1:].isdigit() else hint
        )
    return mistyped(raw, "text", spot)


@attrs.frozen
class Filled:
    """Text with something in it."""

    rule: Rule = Rule.EMPTY
    message: str = "the text is empty"
    hint: str = "write a name"

    def write_source(self, value: str, bind: Bind) -> str:
        return value

    def read(self, raw: Json, spot: Spot) -> str | Broken:
        if not isinstance(raw, str):
            return _not_text(raw, spot)
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


@attrs.frozen
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


@attrs.frozen
class WholeNumber:
    """A count from 1; the upper end is what 32 bits hold."""

    def write_source(self, value: str, bind: Bind) -> str:
        return value

    def read(self, raw: Json, spot: Spot) -> int | Broken:
        if isinstance(raw, bool) or not isinstance(raw, (int, float)) or raw != raw // 1:
            hint = (
                f"write {raw}, without quotes"
                if isinstance(raw, str) and re.fullmatch("[1-9][0-9]{0,8}", raw)
                else None
            )
            return mistyped(raw, "a whole number", spot, hint)
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


_TIMESTAMP = "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}"
_formatted = re.compile(_TIMESTAMP).fullmatch


def timestamp(moment: datetime) -> str:
    """A moment as the API writes it; `moment` is in UTC and has no fraction of a second."""
    return moment.isoformat(" ")[:19]


def moment(text: str) -> datetime:
    """The moment of a text in the API's format; ValueError for any other."""
    # Later versions of Python read 24:00 as the next midnight.
    if not _formatted(text) or text[11:13] > "23":
        raise ValueError(text)
    return datetime.fromisoformat(f"{text}Z")


def _is_moment(raw: Json) -> bool:
    try:
        return type(raw) is str and moment(raw) is not None
    except ValueError:
        return False


@attrs.frozen
class Moment:
    """A moment in UTC, to the second."""

    def write_source(self, value: str, bind: Bind) -> str:
        return f"{value}.isoformat(' ')[:19]"

    def read(self, raw: Json, spot: Spot) -> datetime | Broken:
        if not isinstance(raw, str):
            return mistyped(raw, f"a date written as text, {TIMESTAMP!r}", spot)
        try:
            return moment(raw)
        except ValueError:
            pass
        if _formatted(raw):
            return spot.report(
                Rule.CALENDAR, f"{raw!r} is not on the calendar", "write a day and time that exist"
            )
        return spot.report(
            Rule.TIMESTAMP, f"{shown(raw)} is not written as {TIMESTAMP!r}", _as_timestamp(raw)
        )

    def clean_source(self, raw: str, bind: Bind) -> str:
        return f"{bind(_is_moment)}({raw})"

    def schema(self) -> dict[str, Json]:
        return {"type": "string", "pattern": f"^{_TIMESTAMP}$", "description": f"{TIMESTAMP}, UTC"}


def _as_timestamp(raw: str) -> str:
    try:
        read = datetime.fromisoformat(raw.strip())
        if read.tzinfo is not None:
            read = read.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return "write '2026-01-31 00:00:00', in UTC"
    return f"write {timestamp(read)!r}"


_UNKNOWN: Final[dict[type[Term], tuple[Rule, str]]] = {
    Operator: (Rule.OPERATOR, "is no operator of this API"),
    Joiner: (Rule.JOINER, "joins nothing"),
    DateField: (Rule.DATE_FIELD, "is no date field of this API"),
    Function: (Rule.FUNCTION, "is no aggregate function"),
    OutputType: (Rule.OUTPUT_TYPE, "is no output type"),
}


@attrs.frozen
class OneOf(Generic[T]):
    """A row of a fixed list; `takes` narrows the operators to those of one kind."""

    terms: type[T]
    takes: Takes | None = None
    only: T | None = None
    nullable: bool = False

    def allowed(self) -> tuple[T, ...]:
        """The rows that may stand here, in the order of the list."""
        return tuple(
            term
            for term in self.terms
            if self.only in (None, term) and self.takes in (None, getattr(term, "takes", None))
        )

    def write_source(self, value: str, bind: Bind) -> str:
        return f"{value}.token"

    def read(self, raw: Json, spot: Spot) -> T | Broken | None:
        if raw is None and self.nullable:
            return None
        rows = self.allowed()
        expected = _either([row.token for row in rows])
        if not isinstance(raw, str):
            return mistyped(raw, expected, spot)
        for row in rows:
            if raw in row.spellings:
                return row
        row = meant(raw, rows)
        if row is None or raw.strip(BLANKS).casefold() != row.token.casefold():
            return self._unknown(raw, row, expected, spot)
        spot.report(
            Rule.VALUE_CASE,
            f"{shown(raw)} is {row.token!r} in other letters",
            f"write {row.token!r}",
        )
        return row

    def _unknown(self, raw: str, row: T | None, expected: str, spot: Spot) -> T | Broken:
        rule, text = _UNKNOWN[self.terms]
        if row is None:
            return spot.report(rule, f"{shown(raw)} {text}", f"write {expected}")
        spot.report(rule, f"{shown(raw)} {text}", f"write {row.token!r}")
        return row

    def clean_source(self, raw: str, bind: Bind) -> str:
        tokens = frozenset(spelling for row in self.allowed() for spelling in row.spellings)
        test = f"type({raw}) is str and {raw} in {bind(tokens)}"
        return f"({raw} is None or {test})" if self.nullable else test

    def schema(self) -> dict[str, Json]:
        tokens: list[str | None] = [
            spelling for row in self.allowed() for spelling in row.spellings
        ]
        return {"enum": [*tokens, None] if self.nullable else tokens}


def _either(tokens: Iterable[str]) -> str:
    *most, last = [repr(token) for token in tokens]
    return f"{', '.join(most)} or {last}" if most else last


def meant(raw: str, rows: Iterable[T]) -> T | None:
    """The row that a text most likely stands for: its own letters, a known slip, or a near one."""
    said = raw.strip(BLANKS).casefold()
    rows = tuple(rows)
    for row in rows:
        if said == row.token.casefold() or said in _slips(row):
            return row
    return nearest(said, {row.token.casefold(): row for row in rows})


def _slips(row: Term) -> tuple[str, ...]:
    return tuple(slip.casefold() for slip in SLIPS.get(row, ()))


@attrs.frozen
class Open(Generic[T]):
    """A list of which only some rows are known: any text may stand here."""

    terms: type[T]

    def write_source(self, value: str, bind: Bind) -> str:
        return value

    def read(self, raw: Json, spot: Spot) -> str | Broken:
        if not isinstance(raw, str):
            return _not_text(raw, spot)
        if not raw:
            return spot.report(Rule.EMPTY, "the text is empty", f"write {self._known()}")
        for row in self.terms:
            if raw != row.token and raw.strip(BLANKS).casefold() == row.token.casefold():
                spot.report(
                    Rule.VALUE_CASE,
                    f"{shown(raw)} is {row.token!r} in other letters",
                    f"write {row.token!r}",
                )
                return row.token
        return raw

    def clean_source(self, raw: str, bind: Bind) -> str:
        known = bind(frozenset(row.token for row in self.terms))
        other = bind(frozenset(row.token.casefold() for row in self.terms))
        strange = f"{raw} and {raw}.strip({BLANKS!r}).casefold() not in {other}"
        return f"type({raw}) is str and ({raw} in {known} or {strange})"

    def schema(self) -> dict[str, Json]:
        return {"type": "string", "minLength": 1, "examples": [row.token for row in self.terms]}

    def _known(self) -> str:
        return _either(row.token for row in self.terms)


@attrs.frozen
class Columns:
    """Schema names in one text, joined by commas."""

    def write_source(self, value: str, bind: Bind) -> str:
        return f"{SEPARATOR!r}.join({value})"

    def read(self, raw: Json, spot: Spot) -> tuple[str, ...] | Broken:
        if not isinstance(raw, str):
            joined = (
                raw
                if isinstance(raw, list) and all(isinstance(item, str) for item in raw)
                else None
            )
            hint = f'write "{SEPARATOR.join(joined)[:60]}"' if joined else None
            return mistyped(raw, "text with names joined by commas", spot, hint)
        names = (part.strip(BLANKS) for part in raw.split(SEPARATOR))
        return tuple(dict.fromkeys(filter(None, names))) or spot.report(
            Rule.EMPTY, "no column is named", "name the lead fields to show, joined by commas"
        )

    def clean_source(self, raw: str, bind: Bind) -> str:
        return f"type({raw}) is str and {raw}.strip({SEPARATOR + BLANKS!r})"

    def schema(self) -> dict[str, Json]:
        return {"type": "string", "pattern": r"[^, \t\r\n]"}


Leaf = Text | Filled | Nothing | WholeNumber | Moment | OneOf[Any] | Open[Any] | Columns
