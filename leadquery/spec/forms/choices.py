"""A row of a fixed list, by its token."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Generic, TypeVar

import attrs

from leadquery.slips import nearest
from leadquery.spec.findings import Broken, Json, Spot, mistyped, shown
from leadquery.spec.forms.texts import BLANKS, Bind, not_text
from leadquery.spec.rules import Rule
from leadquery.spec.vocabulary import (
    SLIPS,
    DateField,
    Function,
    Joiner,
    Operator,
    OutputType,
    Takes,
    Term,
)

T = TypeVar("T", bound=Term)

_UNKNOWN: Final[dict[type[Term], tuple[Rule, str]]] = {
    Operator: (Rule.OPERATOR, "is no operator of this API"),
    Joiner: (Rule.JOINER, "joins nothing"),
    DateField: (Rule.DATE_FIELD, "is no date field of this API"),
    Function: (Rule.FUNCTION, "is no aggregate function"),
    OutputType: (Rule.OUTPUT_TYPE, "is no output type"),
}


@attrs.frozen(eq=False, repr=False)
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
        if not isinstance(raw, str):
            return mistyped(raw, _either(rows), spot)
        for row in rows:
            if raw in row.spellings:
                return row
        return _recased(raw, rows, spot) or self._guessed(raw, rows, spot)

    def _guessed(self, raw: str, rows: tuple[T, ...], spot: Spot) -> T | Broken:
        rule, text = _UNKNOWN[self.terms]
        row = meant(raw, rows)
        expected = _either(rows) if row is None else repr(row.token)
        broken = spot.report(rule, f"{shown(raw)} {text}", f"write {expected}")
        return row or broken

    def clean_source(self, raw: str, bind: Bind) -> str:
        tokens = frozenset(spelling for row in self.allowed() for spelling in row.spellings)
        test = f"type({raw}) is str and {raw} in {bind(tokens)}"
        return f"({raw} is None or {test})" if self.nullable else test

    def schema(self) -> dict[str, Json]:
        tokens: list[str | None] = [
            spelling for row in self.allowed() for spelling in row.spellings
        ]
        return {"enum": [*tokens, None] if self.nullable else tokens}


def _either(rows: Iterable[Term]) -> str:
    *most, last = [repr(row.token) for row in rows]
    return f"{', '.join(most)} or {last}" if most else last


def _recased(raw: str, rows: Iterable[T], spot: Spot) -> T | None:
    """The row whose token a text is but for letter case and blanks, noting that."""
    said = raw.strip(BLANKS).casefold()
    for row in rows:
        if said == row.token.casefold():
            problem = f"{shown(raw)} is {row.token!r} in other letters"
            spot.report(Rule.VALUE_CASE, problem, f"write {row.token!r}")
            return row
    return None


def meant(raw: str, rows: Iterable[T]) -> T | None:
    """The row that a text most likely stands for: a known slip of it, or a near one."""
    said = raw.strip(BLANKS).casefold()
    rows = tuple(rows)
    for row in rows:
        if said in (row.token.casefold(), *map(str.casefold, SLIPS.get(row, ()))):
            return row
    # A word of two letters is near to too much.
    return nearest(said, {row.token.casefold(): row for row in rows if len(row.token) > 2})


@attrs.frozen(eq=False, repr=False)
class Open(Generic[T]):
    """A list of which only some rows are known: any text may stand here."""

    terms: type[T]

    def write_source(self, value: str, bind: Bind) -> str:
        return value

    def read(self, raw: Json, spot: Spot) -> str | Broken:
        if not isinstance(raw, str):
            return not_text(raw, spot)
        if not raw:
            return spot.report(Rule.EMPTY, "the text is empty", f"write {_either(self.terms)}")
        if any(raw == row.token for row in self.terms):
            return raw
        row = _recased(raw, self.terms, spot)
        return raw if row is None else row.token

    def clean_source(self, raw: str, bind: Bind) -> str:
        known = bind(frozenset(row.token for row in self.terms))
        other = bind(frozenset(row.token.casefold() for row in self.terms))
        strange = f"{raw} and {raw}.strip({BLANKS!r}).casefold() not in {other}"
        return f"type({raw}) is str and ({raw} in {known} or {strange})"

    def schema(self) -> dict[str, Json]:
        return {"type": "string", "minLength": 1, "examples": [row.token for row in self.terms]}
