"""Statements of several steps, as `to_sql` writes them, as one SELECT.

Owners' names, empty periods and comparisons of two periods take subqueries in WITH. `flatten` finds
the one that groups the leads, and puts the columns, the conditions on groups and the order of the
last SELECT into it.
"""

from __future__ import annotations

from typing import Any, ClassVar

import attrs
from sqlglot import exp
from sqlglot.expressions.core import Expression

from leadquery.query.aggregation import SIDES
from leadquery.sql import date_patterns
from leadquery.sql.dialects import Dialect
from leadquery.sql.reader.joined import is_test_of_text
from leadquery.sql.reader.literals import unfold, unwrap
from leadquery.sql.reader.written import and_operands, simplify, sql_of, text_of_column


class ComparedAggregate(Expression):
    """An aggregate of one side of a comparison, in the conditions and the order of groups."""

    arg_types: ClassVar[Any] = {"this": True, "side": True}


@attrs.frozen
class Flat:
    """The SELECT of a statement of several steps, and what the other steps do.

    `compared` are the ranges of two dates, each as the conditions `>=` and `<`.
    """

    select: exp.Select
    filled: frozenset[str] = frozenset()
    has_owner_names: bool = False
    compared: tuple[exp.Expr, ...] = ()


def flatten(select: exp.Select, dialect: Dialect) -> Flat | None:
    """The SELECT that groups the leads, with the parts of the last one; None for other steps."""
    steps: dict[str, Any] = {one.alias: one.this for one in select.args["with_"].expressions}
    before, after = (steps.get(f"found_{side}") for side in SIDES[:2])
    first = steps.get("found") or before
    if not isinstance(first, exp.Select):
        return None
    items = (*first.expressions, *select.expressions)
    if not all(isinstance(one, (exp.Column, exp.Alias)) for one in items):
        return None
    for one in (select, first):
        simplify(one, dialect)
    compared: tuple[exp.Expr, ...] = ()
    if isinstance(after, exp.Select):
        simplify(after, dialect)
        compared = _periods(first, after)
    values = _values(first, dialect, is_compared=bool(compared))
    columns = [_column(one, values, dialect) for one in select.expressions]
    for name in ("where", "order", "limit"):
        part = select.args.get(name)
        if part is not None:
            _substitute(part, values, dialect)
        if name == "where" and part is not None:
            part = exp.Having(this=part.this)
        first.set("having" if name == "where" else name, part)
    first.set("expressions", [one for one in columns if one is not None])
    every = [name.removeprefix("every_") for name in steps if name.startswith("every_")]
    filled = frozenset(name.removesuffix(f"_{SIDES[0]}") for name in every)
    return Flat(first, filled, bool(select.args.get("joins")), compared)


def _periods(before: exp.Select, after: exp.Select) -> tuple[exp.Expr, ...]:
    """The ranges of the dates that two steps differ in, which the first is left without."""
    each = [
        [] if one.args.get("where") is None else and_operands(one.args["where"].this)
        for one in (before, after)
    ]
    first, second = each
    for place in range(min(map(len, each)) - 1):
        ends = (*first[place : place + 2], *second[place : place + 2])
        types = [type(one) for one in ends]
        if types == [exp.GTE, exp.LT] * 2 and ends[:2] != ends[2:]:
            rest = [*first[:place], *first[place + 2 :]]
            if rest[place:] and is_test_of_text(rest[place], ends[1].this):
                del rest[place]
            where = exp.Where(this=exp.and_(*rest, copy=False)) if rest else None
            before.set("where", where)
            return ends
    return ()


def _values(select: exp.Select, dialect: Dialect, *, is_compared: bool) -> dict[str, exp.Expr]:
    """What the columns of a step, and what is computed of them, stand for: by their SQL."""
    values: dict[str, exp.Expr] = {}
    group = select.args.get("group")
    keys = [] if group is None else [unwrap(one) for one in group.expressions]
    folded = [unfold(one) for one in keys if unfold(one) is not one]
    for item in select.expressions:
        value = item.unalias()
        if isinstance(value, exp.Min) and text_of_column(value.this) in folded:
            value = text_of_column(value.this)
        name = item.args["alias"] if isinstance(item, exp.Alias) else value.this
        if not is_compared or value in (*keys, *folded):
            values[sql_of(exp.column(name.copy()), dialect)] = item.unalias()
            if value is not item.unalias():
                values[sql_of(exp.column(name.copy()), dialect)] = value
            continue
        sides = [exp.column(_with_side(name, side)) for side in SIDES[:2]]
        for are_dates in (False, True):
            each = date_patterns.changes(dialect, *sides, are_dates=are_dates)
            for side, computed in zip(SIDES, (*sides, *each), strict=True):
                node = ComparedAggregate(this=value.copy(), side=side)
                values.setdefault(sql_of(computed, dialect), node)
    return values


def _with_side(name: exp.Identifier, side: str) -> exp.Identifier:
    return exp.to_identifier(f"{name.this}_{side}", quoted=name.args.get("quoted"))


def _column(node: exp.Expr, values: dict[str, exp.Expr], dialect: Dialect) -> exp.Expr | None:
    """A column of the last SELECT as one of the groups; None for one that is derived."""
    value = values.get(sql_of(node.unalias(), dialect))
    if value is None:
        return None
    name = node.args["alias"] if isinstance(node, exp.Alias) else node.this
    if not isinstance(value, ComparedAggregate):
        return value if isinstance(value, exp.Column) else exp.alias_(value.copy(), name.copy())
    if value.args["side"] != SIDES[0]:
        return None
    own = exp.to_identifier(name.this.removesuffix(f"_{SIDES[0]}"), quoted=name.args.get("quoted"))
    return exp.alias_(value.this.copy(), own)


def _substitute(tree: exp.Expr, values: dict[str, exp.Expr], dialect: Dialect) -> None:
    """Put what columns stand for in their places, the largest parts first."""
    rest = [tree]
    while rest:
        node = rest.pop()
        # An order may be written as its value is.
        is_whole = node is tree or isinstance(node, exp.Ordered)
        value = None if is_whole else values.get(sql_of(node, dialect))
        if value is not None:
            node.replace(value.copy())
        else:
            rest += node.iter_expressions()
