"""A row of a fixed list, by its token."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Final, Generic, TypeVar

import attrs

from leadquery._util.suggest import closest_match
from leadquery.lint.json_values import describe_json, report_wrong_type
from leadquery.lint.rules.registry import Rule
from leadquery.wire.enums import (
    ALIASES,
    UNSUPPORTED_OPERATORS,
    AggregateFunction,
    Arity,
    DateField,
    LogicalOperator,
    Operator,
    OutputType,
    WireEnum,
)
from leadquery.wire.types.string import BLANKS, Bind, string_type_error

if TYPE_CHECKING:
    from leadquery.lint.diagnostics import Cursor, Invalid, Json


T = TypeVar("T", bound=WireEnum)

UNKNOWN: Final[dict[type[WireEnum], tuple[Rule, str]]] = {
    Operator: (Rule.OPERATOR, "unknown operator"),
    LogicalOperator: (Rule.JOINER, "unknown logical operator"),
    DateField: (Rule.DATE_FIELD, "unknown date field"),
    AggregateFunction: (Rule.FUNCTION, "unknown aggregate function"),
    OutputType: (Rule.OUTPUT_TYPE, "unknown output type"),
}


@attrs.frozen(eq=False, repr=False)
class EnumType(Generic[T]):
    """A row of a fixed list; `takes` narrows the operators to those of one kind."""

    terms: type[T]
    takes: Arity | None = None
    only: T | None = None
    nullable: bool = False
    idle: bool = False
    """Whether nothing is read where this stands, so that any row of it is beside the point."""

    def allowed(self) -> tuple[T, ...]:
        """The rows that may stand here, in the order of the list."""
        return _allowed(self)

    def write_source(self, value: str, bind: Bind) -> str:
        return f"{value}.token"

    def read(self, raw: Json, spot: Cursor) -> T | Invalid | None:
        if raw is None and self.nullable:
            return None
        rows = self.allowed()
        if not isinstance(raw, str):
            return report_wrong_type(raw, _either(rows), spot)
        if self.idle:
            unused(raw, spot)
            return None
        for row in rows:
            if raw in row.spellings:
                return row
        return _recased(raw, rows, spot) or self._guessed(raw, rows, spot)

    def _guessed(self, raw: str, rows: tuple[T, ...], spot: Cursor) -> T | Invalid:
        rule, text = UNKNOWN[self.terms]
        message = f"{text} {describe_json(raw)}"
        row = _slip_of(raw, rows)
        sure = row is not None
        row = row or _near(raw, rows)
        if row is None:
            said = raw.strip(BLANKS).casefold() if self.terms is Operator else ""
            return spot.report(
                rule, message, UNSUPPORTED_OPERATORS.get(said, f"write {_either(rows)}")
            )
        fix = spot.write(row.token, safe=sure)
        spot.report(rule, message, f"write {row.token!r}", fix)
        return row

    def clean_source(self, raw: str, bind: Bind) -> str:
        if self.idle:
            return f"{raw} is None"
        tokens = frozenset(spelling for row in self.allowed() for spelling in row.spellings)
        test = f"type({raw}) is str and {raw} in {bind(tokens)}"
        return f"({raw} is None or {test})" if self.nullable else test

    def schema(self) -> dict[str, Json]:
        """The schema of the rows, with what each means; null is not among them."""
        said = [f"{row.token!r}: {row.label}" for row in self.allowed()]
        return {
            "type": "string",
            "enum": [*self.spelt()],
            "description": f"{(self.terms.__doc__ or '').partition(chr(10))[0]} {'; '.join(said)}.",
        }

    def spelt(self) -> dict[str, str]:
        """Each spelling of the rows, and its name: that of the row, or of another spelling of it.

        >>> EnumType(OutputType, only=OutputType.LIST).spelt()
        {'list': 'LIST', 'List': 'LIST_CAPITALISED'}
        """
        return {
            spelling: row.name if spelling == row.token else f"{row.name}_CAPITALISED"
            for row in self.allowed()
            for spelling in row.spellings
        }


def unused(raw: str, spot: Cursor) -> None:
    """Note a joining word that joins nothing, whatever its letters."""
    fix = spot.remove(safe=True)
    spot.report(
        Rule.IDLE_JOINER, f"{describe_json(raw)} is ignored: nothing to join here", "remove it", fix
    )


def _either(rows: Iterable[WireEnum]) -> str:
    *most, last = [repr(row.token) for row in rows]
    return f"{', '.join(most)} or {last}" if most else last


def _recased(raw: str, rows: Iterable[T], spot: Cursor) -> T | None:
    """The row whose token a text is but for letter case and blanks, noting that."""
    said = raw.strip(BLANKS).casefold()
    for row in rows:
        if said == row.token.casefold():
            what = "letter case" if len(raw) == len(row.token) else "letter case or spaces"
            problem = f"{describe_json(raw)} differs from {row.token!r} only in {what}"
            fix = spot.write(row.token, safe=True)
            spot.report(Rule.VALUE_CASE, problem, f"write {row.token!r}", fix)
            return row
    return None


def _slip_of(raw: str, rows: Iterable[T]) -> T | None:
    """The row that people are known to write so."""
    said = raw.strip(BLANKS).casefold()
    for row in rows:
        if said in map(str.casefold, ALIASES.get(row, ())):
            return row
    return None


def _near(raw: str, rows: Iterable[T]) -> T | None:
    """The row whose token a text is near to. A token of two letters is near to too much."""
    names = {row.token.casefold(): row for row in rows if len(row.token) > 2}
    return closest_match(raw.strip(BLANKS).casefold(), names)


@cache
def _allowed(form: EnumType[T]) -> tuple[T, ...]:
    return tuple(
        term
        for term in form.terms
        if form.only in (None, term) and form.takes in (None, getattr(term, "takes", None))
    )


@attrs.frozen(eq=False, repr=False)
class OpenEnumType(Generic[T]):
    """A list of which only some rows are known: any text may stand here."""

    terms: type[T]

    def write_source(self, value: str, bind: Bind) -> str:
        return value

    def read(self, raw: Json, spot: Cursor) -> str | Invalid:
        if not isinstance(raw, str):
            return string_type_error(raw, spot)
        if not raw:
            return spot.report(Rule.EMPTY, "the text is empty", f"write {_either(self.terms)}")
        if any(raw == row.token for row in self.terms):
            return raw
        row = _recased(raw, self.terms, spot)
        if row is None:
            self._unseen(raw, spot)
        return raw if row is None else row.token

    def _unseen(self, raw: str, spot: Cursor) -> None:
        message = f"unknown user operator {describe_json(raw)}"
        row = _slip_of(raw, self.terms) or _near(raw, self.terms)
        if row is None:
            spot.report(
                Rule.USER_OPERATOR, message, f"write {_either(self.terms)}, the only known ones"
            )
        else:
            fix = spot.write(row.token, safe=False)
            spot.report(Rule.USER_OPERATOR, message, f"write {row.token!r}", fix)

    def clean_source(self, raw: str, bind: Bind) -> str:
        known = bind(frozenset(row.token for row in self.terms))
        return f"type({raw}) is str and {raw} in {known}"

    def schema(self) -> dict[str, Json]:
        return {"type": "string", "minLength": 1, "examples": [row.token for row in self.terms]}
