"""The forms that statements are built of, one function each, as expressions of sqlglot.

The writer builds with these functions, and the reader recognises what they build. Where dialects
differ, a table has the form of each, written in that dialect; `x_`, `n_` and other names that end
in an underscore stand for the parts of the form.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, cast

import sqlglot
from sqlglot import exp

from leadquery.sql.dialects import Dialect
from leadquery.wire.types import format_timestamp

Expr = exp.Expr


SECOND: Final = timedelta(seconds=1)


def form(dialect: Dialect, text: str, **parts: Expr) -> Expr:
    """A form of a dialect, with its parts in their places."""

    def put(node: Expr) -> Expr:
        if isinstance(node, exp.Column) and node.name[-1:] == "_" and node.name[:-1] in parts:
            return parts[node.name[:-1]].copy()
        return node

    return _parse(dialect.parser, text).copy().transform(put)


@cache
def _parse(parser: str, text: str) -> Expr:
    return sqlglot.parse_one(text, read=parser)


# Literals


def text_literal(text: str) -> Expr:
    return exp.Literal.string(text)


def number_literal(number: float) -> Expr:
    """A number by its digits. Long ones are written with an exponent, as doubles."""
    text = repr(number)
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e15:
        text = str(int(number))
    literal = exp.Literal.number(text.lstrip("-"))
    return exp.Neg(this=literal) if text.startswith("-") else literal


def truth_literal(dialect: Dialect, value: bool) -> Expr:
    """TRUE or FALSE; 1 or 0 where the engine has neither."""
    return exp.Boolean(this=value) if dialect.has_booleans else exp.Literal.number(int(value))


def moment_literal(dialect: Dialect, moment: datetime, *, aware: bool = False) -> Expr:
    """A moment in UTC. `aware` if it is compared with a column that has its time zone."""
    text = text_literal(format_timestamp(moment) + ("+00:00" if aware else ""))
    if dialect.dates_are_text:
        return text_literal(format_timestamp(moment))
    if dialect.moment and not aware:
        return form(dialect, dialect.moment, x=text)
    return cast_to(dialect, text, dialect.aware_timestamp if aware else dialect.timestamp)


def cast_to(dialect: Dialect, value: Expr, type_name: str) -> Expr:
    """A value as another type, by its name in the dialect."""
    # In ClickHouse, types that sqlglot knows by their common name take null, too.
    parser = None if dialect.name == "clickhouse" else dialect.parser
    return exp.cast(value.copy(), exp.DataType.build(type_name, dialect=parser))


def to_double(dialect: Dialect, x: Expr) -> Expr:
    return cast_to(dialect, x, "DOUBLE")


# Conditions


def has_text(dialect: Dialect, x: Expr, text: Expr) -> Expr:
    """A value whose text is neither null nor empty. `text <> ''` is false for null, too."""
    return has_value(x) if dialect.empty_is_null else exp.NEQ(this=text.copy(), expression=_empty())


def has_no_text(dialect: Dialect, x: Expr, text: Expr) -> Expr:
    """A value whose text is null or empty."""
    is_null = has_no_value(x)
    if dialect.empty_is_null:
        return is_null
    is_empty = exp.EQ(this=text.copy(), expression=_empty())
    return exp.paren(exp.or_(is_null, is_empty), copy=False)


def has_value(x: Expr) -> Expr:
    return exp.Not(this=has_no_value(x))


def has_no_value(x: Expr) -> Expr:
    return exp.Is(this=x.copy(), expression=exp.Null())


def text_or_null(dialect: Dialect, x: Expr) -> Expr:
    """Text, or null in place of empty text."""
    return x.copy() if dialect.empty_is_null else exp.Nullif(this=x.copy(), expression=_empty())


def _empty() -> Expr:
    return exp.Literal.string("")


def since(x: Expr, moment: Expr) -> Expr:
    return exp.GTE(this=x.copy(), expression=moment)


def before(x: Expr, moment: Expr) -> Expr:
    return exp.LT(this=x.copy(), expression=moment)


def one_of(x: Expr, values: Iterable[Expr]) -> Expr:
    """A value among others: by `=` if there is one, else by `IN`."""
    each = list(values)
    if not each:
        return never()
    if len(each) == 1:
        return exp.EQ(this=x.copy(), expression=each[0])
    return exp.In(this=x.copy(), expressions=each)


def never() -> Expr:
    """A condition that no lead meets, such as a comparison of a number with text."""
    return exp.EQ(this=exp.Literal.number(1), expression=exp.Literal.number(0))


# Rows


DUAL: Final = "dual"
"""The table of Oracle that has one row."""


def one_row(dialect: Dialect, *values: Expr) -> exp.Select:
    """A row of values from no table. Oracle has a table for that."""
    select = exp.select(*values)
    return select.from_(DUAL) if dialect.empty_is_null else select


def inline_rows(
    dialect: Dialect, names: Sequence[str], rows: Sequence[Sequence[Expr]]
) -> exp.Query:
    """Some rows as a subquery, which every engine can read: SELECT … UNION ALL SELECT …."""
    selects = [
        one_row(dialect, *(exp.alias_(value, name) for name, value in zip(names, row, strict=True)))
        for row in rows
    ]
    union: Any = selects[0]
    for select in selects[1:]:
        union = exp.union(union, select, distinct=False, copy=False)
    return cast("exp.Query", union)


def nulls_of_joins() -> Expr:
    """The setting by which a join gives null in ClickHouse, where it gives empty text and 0."""
    return exp.EQ(this=exp.column("join_use_nulls"), expression=exp.Literal.number(1))
