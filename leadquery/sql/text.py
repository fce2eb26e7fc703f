"""Text without regard to case, exactly where the engine is ours to extend.

The API is taken to compare text by its case folding, and engines have lower case. They differ in
a few hundred characters, such as the German sharp s: `LOWER('Straße')` is not `LOWER('STRASSE')`.
Statements that go anywhere compare in lower case. Those that `Table` runs on DuckDB and SQLite undo
the difference for the characters that matter to a value, and use a function for group keys.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from sqlglot import exp

from leadquery.sql import patterns
from leadquery.sql.dialects import Dialect

CASEFOLD: Final = "leadquery_casefold"
"""The name of the function that `Table` adds to a connection."""


@cache
def differences() -> dict[str, str]:
    """Characters in lower case that case folding changes further."""
    found: dict[str, str] = {}
    for number in (*range(0x80, 0xD800), *range(0xE000, 0x1F000)):
        lower = chr(number).lower()
        folded = lower.casefold()
        if lower != folded:
            found[lower] = folded
    return found


_DOTTED_I: Final = "\u0130"
"""DuckDB lowers it to a plain i, case folding to an i with a dot above."""


def overlaps(folded: str, value: str, *, anywhere: bool) -> bool:
    """Whether what a character folds to may be part of a match of a value.

    `anywhere` if the value is looked for within a text, so that a match may begin or end in it.
    """
    if folded in value:
        return True
    ends = (folded[:size] for size in range(1, len(folded)))
    starts = (folded[-size:] for size in range(1, len(folded)))
    return anywhere and (
        value in folded or any(map(value.endswith, ends)) or any(map(value.startswith, starts))
    )


def differing(value: str, *, anywhere: bool) -> list[tuple[str, str]]:
    """The characters, with what they fold to, that keep lower case from finding a folded value."""
    dotted = [(_DOTTED_I, _DOTTED_I.casefold())] if "i" in value else []
    others = differences().items()
    return dotted + [pair for pair in others if overlaps(pair[1], value, anywhere=anywhere)]


def folded_for(dialect: Dialect, x: exp.Expr, value: str, *, anywhere: bool) -> exp.Expr:
    """A text in DuckDB, to compare with a folded value."""
    pairs = differing(value, anywhere=anywhere)
    for pair in pairs:
        if pair[0] == _DOTTED_I:
            x = _replaced(x, *pair)
    lower = patterns.lowered(dialect, x)
    for pair in pairs:
        if pair[0] != _DOTTED_I:
            lower = _replaced(lower, *pair)
    return lower


def _replaced(x: exp.Expr, old: str, new: str) -> exp.Expr:
    return exp.Replace(
        this=x.copy(), expression=patterns.text_literal(old), replacement=patterns.text_literal(new)
    )


def folded(dialect: Dialect, x: exp.Expr) -> exp.Expr:
    """Any text without regard to case, by the function that `Table` adds."""
    exact = exp.func(CASEFOLD, x.copy())
    if dialect.name != "duckdb":
        return exact
    # In Python, so only for text that is not ASCII, which has more bytes than characters.
    return exp.Case().when(patterns.is_ascii(dialect, x), patterns.lowered(dialect, x)).else_(exact)
