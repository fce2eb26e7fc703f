"""The forms of groups: what leads are grouped by, what is computed of them, and their order."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from sqlglot import exp

from leadquery.sql.date_patterns import to_epoch
from leadquery.sql.dialects import Dialect
from leadquery.sql.patterns import (
    Expr,
    before,
    form,
    has_no_value,
    number_literal,
    since,
    text_literal,
    text_or_null,
    to_double,
)

if TYPE_CHECKING:
    from leadquery.expr.group_key import Bins


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


def changes(dialect: Dialect, first: Expr, second: Expr, *, are_dates: bool) -> tuple[Expr, Expr]:
    """The change from one value to another, of dates in seconds, and in per cent."""
    if are_dates:
        seconds = to_epoch(dialect, second) - to_epoch(dialect, first)
        return seconds, to_double(dialect, exp.Null())
    change = second.copy() - first.copy()
    per_cent = exp.Mul(
        this=exp.Literal.number(100), expression=to_double(dialect, exp.paren(change))
    )
    base = exp.Nullif(this=first.copy(), expression=exp.Literal.number(0))
    return change, exp.Div(this=per_cent, expression=base, typed=True)


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
