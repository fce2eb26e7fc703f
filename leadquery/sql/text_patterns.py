"""The forms of text: values in it, its letter case and its order.

The API is taken to compare text by its case folding, and engines have lower case. They differ in
a few hundred characters, such as the German sharp s: `LOWER('Straße')` is not `LOWER('STRASSE')`.
Statements that go anywhere compare in lower case. Those that `Table` runs on DuckDB and SQLite undo
the difference for the characters that matter to a value, and use a function for group keys.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from sqlglot import exp

from leadquery.expr.collation import BOOLEANS
from leadquery.sql.dialects import Dialect
from leadquery.sql.patterns import (
    Expr,
    cast_to,
    form,
    one_of,
    text_literal,
    text_or_null,
    to_double,
    truth_literal,
)
from leadquery.wire.enums import FALSE, TRUE

# Values in text, as exported


_NUMBER: Final = "^[+-]?([0-9]+([.][0-9]+)?|[.][0-9]+)([eE][+-]?[0-9]+)?$"


_MOMENT: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?$"


_MATCHES: Final = {
    "duckdb": "REGEXP_MATCHES(x_, pattern_)",
    "postgres": "x_ ~ pattern_",
    "redshift": "x_ ~ pattern_",
    "mysql": "REGEXP_LIKE(x_, pattern_)",
    "bigquery": "REGEXP_CONTAINS(x_, pattern_)",
    "snowflake": "REGEXP_LIKE(x_, pattern_)",
    "spark": "x_ RLIKE pattern_",
    "trino": "REGEXP_LIKE(x_, pattern_)",
    "clickhouse": "match(x_, pattern_)",
    "oracle": "REGEXP_LIKE(x_, pattern_)",
}


NUMBER_FUNCTION: Final = "leadquery_number"


MOMENT_FUNCTION: Final = "leadquery_moment"
"""The functions that `Table` adds to a connection to SQLite, which has no regular expressions."""


_ISO: Final = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*"


def number_of_text(dialect: Dialect, x: Expr, *, exact: bool = False) -> Expr:
    """The number in text; null if it has none."""
    if dialect.name == "sqlite":
        if exact:
            return exp.func(NUMBER_FUNCTION, x.copy())
        return to_double(dialect, text_or_null(dialect, x))
    return _guarded(dialect, x, _NUMBER, "DOUBLE")


def moment_of_text(dialect: Dialect, x: Expr, *, exact: bool = False) -> Expr:
    """The moment in text; null if it has none."""
    if dialect.dates_are_text:
        if exact:
            is_iso = form(dialect, "x_ GLOB pattern_", x=x, pattern=text_literal(_ISO))
            return exp.Case().when(is_iso, x.copy()).else_(exp.func(MOMENT_FUNCTION, x.copy()))
        return text_or_null(dialect, x)
    if dialect.name == "duckdb":
        return exp.TryCast(this=x.copy(), to=exp.DataType.build("TIMESTAMP"))
    return _guarded(dialect, x, _MOMENT, dialect.timestamp)


def _guarded(dialect: Dialect, x: Expr, pattern: str, type_name: str) -> Expr:
    """Text as another type, if it matches a pattern."""
    converted = cast_to(dialect, x, type_name)
    if dialect.name == "tsql":
        return exp.TryCast(this=x.copy(), to=converted.args["to"])
    matches = form(dialect, _MATCHES[dialect.family], x=x, pattern=text_literal(pattern))
    return exp.Case().when(matches, converted)


def truth_of_text(dialect: Dialect, x: Expr) -> Expr:
    """True or false in text, in any of its spellings; null if it has neither."""
    case = exp.Case()
    for value in (True, False):
        texts = [text_literal(text) for text, meaning in BOOLEANS.items() if meaning is value]
        case = case.when(one_of(lowered(dialect, x), texts), truth_literal(dialect, value))
    return case


def text_of_number(dialect: Dialect, x: Expr) -> Expr:
    """The digits of a number, those of a whole one without a point."""
    whole = cast_to(dialect, cast_to(dialect, x, "BIGINT"), dialect.text)
    any_number = cast_to(dialect, to_double(dialect, x), dialect.text)
    is_whole = form(dialect, "ABS(x_) < 1E15 AND FLOOR(x_) = x_", x=x)
    return exp.Case().when(is_whole, whole).else_(any_number)


def text_of_truth(x: Expr) -> Expr:
    """1 or 0, as text."""
    case = exp.Case().when(x.copy(), text_literal(TRUE))
    return case.when(exp.Not(this=x.copy()), text_literal(FALSE))


def text_of_day(x: Expr) -> Expr:
    """A date as it is exported, such as 2026-01-31."""
    return exp.TimeToStr(this=x.copy(), format=text_literal("%Y-%m-%d"))


def text_of_moment(dialect: Dialect, x: Expr) -> Expr:
    """A moment as it is exported, such as 2026-01-31 18:30:00."""
    if dialect.name == "bigquery":
        return form(dialect, "FORMAT_DATETIME('%F %T', x_)", x=x)
    return exp.TimeToStr(this=x.copy(), format=text_literal("%Y-%m-%d %H:%M:%S"))


# Letter case and collations


def lowered(dialect: Dialect, x: Expr) -> Expr:
    """Text in lower case, to be compared by its characters."""
    return collated(dialect, exp.Lower(this=x.copy()))


def collated(dialect: Dialect, x: Expr) -> Expr:
    """Text that is compared by its characters, whatever the collation of the column."""
    return _collate(x, dialect.collation)


def ordered(dialect: Dialect, x: Expr) -> Expr:
    """Text that is sorted by its characters, whatever the collation of the column."""
    return _collate(x, dialect.order_collation)


def _collate(x: Expr, name: str | None) -> Expr:
    if name is None:
        return x
    # PostgreSQL takes names of collations as identifiers.
    collation = exp.to_identifier(name, quoted=True) if name == "C" else exp.var(name)
    return exp.Collate(this=x, expression=collation)


def is_ascii(dialect: Dialect, x: Expr) -> Expr:
    """Text that is ASCII, which has as many bytes as characters."""
    bytes_ = "STRLEN(x_)" if dialect.name == "duckdb" else "LENGTH(CAST(x_ AS BLOB))"
    return form(dialect, f"{bytes_} = LENGTH(x_)", x=x)


SPECIAL: Final = frozenset("%_\\[")
"""Characters that LIKE reads as more than themselves, in some dialect."""


def contains(x: Expr, part: str) -> Expr:
    """Text that contains another one: by LIKE, or by its position if LIKE would read more in it."""
    if SPECIAL.isdisjoint(part):
        return exp.Like(this=x.copy(), expression=text_literal(f"%{part}%"))
    position = exp.StrPosition(this=x.copy(), substr=text_literal(part))
    return exp.GT(this=position, expression=exp.Literal.number(0))


# Case folding


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


def lowered_but(dialect: Dialect, x: exp.Expr, pairs: list[tuple[str, str]]) -> exp.Expr:
    """A text in lower case in DuckDB, but for some characters, which fold to others."""
    for pair in pairs:
        if pair[0] == _DOTTED_I:
            x = _replaced(x, *pair)
    lower = lowered(dialect, x)
    for pair in pairs:
        if pair[0] != _DOTTED_I:
            lower = _replaced(lower, *pair)
    return lower


def _replaced(x: exp.Expr, old: str, new: str) -> exp.Expr:
    return exp.Replace(this=x.copy(), expression=text_literal(old), replacement=text_literal(new))


def folded(dialect: Dialect, x: exp.Expr) -> exp.Expr:
    """Any text without regard to case, by the function that `Table` adds."""
    exact = exp.func(CASEFOLD, x.copy())
    if dialect.name != "duckdb":
        return exact
    # In Python, so only for text that is not ASCII, which has more bytes than characters.
    return exp.Case().when(is_ascii(dialect, x), lowered(dialect, x)).else_(exact)
