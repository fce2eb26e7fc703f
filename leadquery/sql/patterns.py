"""The forms that statements are built of, one function each, as expressions of sqlglot.

The writer builds with these functions, and the reader recognises what they build. Where dialects
differ, a table has the form of each, written in that dialect; `x_`, `n_` and other names that end
in an underscore stand for the parts of the form.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, cast

import sqlglot
from sqlglot import exp

from leadquery.sql.dialects import Dialect
from leadquery.wire.types import format_timestamp

if TYPE_CHECKING:
    from leadquery.expr.group_key import Bins


Expr = exp.Expr


SECOND: Final = timedelta(seconds=1)


def form(dialect: Dialect, text: str, **parts: Expr) -> Expr:
    """A form of a dialect, with its parts in their places."""

    def put(node: Expr) -> Expr:
        if isinstance(node, exp.Column) and node.name[-1:] == "_" and node.name[:-1] in parts:
            return parts[node.name[:-1]].copy()
        return node

    return _parse(dialect.name, text).copy().transform(put)


@cache
def _parse(dialect: str, text: str) -> Expr:
    return sqlglot.parse_one(text, read=dialect)


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
    known = None if dialect.name == "clickhouse" else dialect.name
    return exp.cast(value.copy(), exp.DataType.build(type_name, dialect=known))


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


# Keys


def bins_of(x: Expr, key: Bins) -> Expr:
    """The label of the range that a number is in."""
    first, last = key.edges[0], key.edges[-1]
    case = exp.Case().when(before(x, number_literal(first)), text_literal(f"below {first}"))
    for low, high in pairwise(key.edges):
        case = case.when(before(x, number_literal(high)), text_literal(f"{low} to {high}"))
    return case.when(since(x, number_literal(last)), text_literal(f"{last} and above"))


# Aggregates


def average(dialect: Dialect, x: Expr) -> Expr:
    """The average of numbers as a double, which a column of whole numbers would round."""
    return exp.Avg(this=to_double(dialect, x))


def quantile(dialect: Dialect, x: Expr, q: float) -> Expr | None:
    """The quantile that interpolates linearly; None if the engine has no exact one."""
    if dialect.quantile is None:
        return None
    return form(dialect, dialect.quantile, value=to_double(dialect, x), q=number_literal(q))


def ranked_quantile(x: Expr, rank: Expr, count: Expr, q: float) -> Expr:
    """The same, from numbers with their ranks from 0, and how many there are.

    The two numbers around the quantile count, each the more the nearer it is.
    """
    last = exp.paren(exp.Sub(this=count.copy(), expression=exp.Literal.number(1)))
    place = exp.Mul(this=last, expression=number_literal(q))
    distance = exp.Abs(this=exp.Sub(this=rank.copy(), expression=place))
    weight = exp.paren(exp.Sub(this=exp.Literal.number(1), expression=distance))
    near = exp.LT(this=distance.copy(), expression=exp.Literal.number(1))
    return exp.Sum(this=exp.Case().when(near, exp.Mul(this=x.copy(), expression=weight)))


# Order


def last_nulls(dialect: Dialect, x: Expr, *, descending: bool = False) -> list[Expr]:
    """The sort keys by which rows without a value come last, in both directions."""
    if not dialect.nulls_are_small:
        return [exp.Ordered(this=x.copy(), desc=descending or None, nulls_first=False)]
    # Without NULLS LAST: ascending, they would come first.
    key = exp.Ordered(this=x.copy(), desc=descending or None, nulls_first=not descending)
    is_null = exp.Case().when(has_no_value(x), exp.Literal.number(1)).else_(exp.Literal.number(0))
    return [key] if descending else [exp.Ordered(this=is_null, nulls_first=True), key]


# Owners


def owner_in(owner: Expr, users: exp.Select, *, negated: bool = False) -> Expr:
    """Leads whose owner is among some users; negated, leads of others or of no owner."""
    found = exp.In(this=owner.copy(), query=exp.Subquery(this=users))
    if not negated:
        return found
    return exp.paren(exp.or_(has_no_value(owner), exp.Not(this=found)), copy=False)


def full_name(dialect: Dialect, first: Expr, last: Expr) -> Expr:
    """The first and the last name of a user, as far as they are known."""
    parts = [
        exp.Coalesce(this=exp.Trim(this=one.copy()), expressions=[text_literal("")])
        for one in (first, last)
    ]
    both = exp.DPipe(
        this=exp.DPipe(this=parts[0], expression=exp.Literal.string(" ")), expression=parts[1]
    )
    return text_or_null(dialect, exp.Trim(this=both))
