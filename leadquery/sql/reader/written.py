"""The forms that `to_sql` writes, as the plain SQL that they stand for.

`simplify` rewrites a statement in place. Each form is taken from `patterns`, which the writer
builds with: a form that changes there is recognised here. What a form stands for holds for any
statement, because the API does not tell empty text from no data, and reads dates to the second.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Final

import sqlglot
from sqlglot import exp

from leadquery.sql import date_patterns, patterns
from leadquery.sql.reader.literals import is_empty_text, unwrap
from leadquery.sql.reader.statement import generate

if TYPE_CHECKING:
    from leadquery.sql.dialects import Dialect


Parts = dict[str, exp.Expr]


def simplify(select: exp.Select, dialect: Dialect) -> None:
    """Rewrite the forms in a statement."""
    settings = select.args.get("settings") or []
    if all(isinstance(one, exp.EQ) and one.this.name == "join_use_nulls" for one in settings):
        # ClickHouse joins as other engines do only with it.
        select.set("settings", None)
    _replace(select, dialect)
    _join_ranks(select)
    _join_owners(select)
    _drop_null_keys(select)


def match(pattern: exp.Expr, node: exp.Expr) -> Parts | None:
    """The parts of a node that stand where a pattern has names such as `x_`; None if it differs."""
    parts: Parts = {}
    return parts if _matches(pattern, node, parts) else None


def _matches(pattern: object, node: object, parts: Parts) -> bool:
    if isinstance(pattern, list) and isinstance(node, list):
        same = len(pattern) == len(node)
        return same and all(map(_matches, pattern, node, [parts] * len(node)))
    if not isinstance(pattern, exp.Expr) or not isinstance(node, exp.Expr):
        return (pattern or None) == (node or None)
    pattern, node = unwrap(pattern), unwrap(node)
    if isinstance(pattern, exp.Column) and pattern.name.endswith("_"):
        return parts.setdefault(pattern.name[:-1], node) == node
    if type(pattern) is not type(node):
        return False
    names = {*pattern.args, *node.args}
    return all(_matches(pattern.args.get(one), node.args.get(one), parts) for one in names)


def hole(name: str) -> exp.Column:
    """A part of a form, which may be anything."""
    return exp.column(f"{name}_")


_Q: Final = 0.123
"""Stands for the number of a quantile while its form is built."""


_FORMS: Final[dict[str, Callable[[Dialect], exp.Expr | None]]] = {
    "second": lambda dialect: date_patterns.to_second(dialect, hole("x")),
    "moment": lambda dialect: (
        patterns.form(dialect, dialect.moment, x=hole("x")) if dialect.moment else None
    ),
    "epoch": lambda dialect: date_patterns.to_epoch(dialect, hole("x")),
    "from epoch": lambda dialect: date_patterns.from_epoch(dialect, hole("n")),
    "quantile": lambda dialect: patterns.quantile(dialect, hole("x"), _Q),
    "ranked": lambda _: patterns.ranked_quantile(hole("x"), hole("rank"), hole("count"), _Q),
    "double": lambda dialect: patterns.to_double(dialect, hole("x")),
}


@cache
def _form(name: str, dialect: Dialect) -> exp.Expr | None:
    """A form with names for its parts, as it is parsed after it was written."""
    built = _FORMS[name](dialect)
    if built is None:
        return None
    parsed = sqlglot.parse_one(built.sql(dialect.name), read=dialect.name)
    for literal in list(parsed.find_all(exp.Literal)):
        if literal.this == str(_Q):
            literal.replace(hole("q"))
    return parsed


def sql_of(node: exp.Expr, dialect: Dialect) -> str:
    """A node as SQL, without warnings of what the dialect lacks."""
    return generate(node, dialect.name)


def find(name: str, dialect: Dialect, node: exp.Expr) -> Parts | None:
    """The parts of a node that has a form of a dialect."""
    form = _form(name, dialect)
    return None if form is None else match(form, node)


def _replace(tree: exp.Expr, dialect: Dialect) -> None:
    """Rewrite expressions, those inside others first."""
    for node in reversed(list(tree.walk())):
        found = _plain(node, dialect)
        if found is not None:
            node.replace(found)


def _plain(node: exp.Expr, dialect: Dialect) -> exp.Expr | None:
    """What an expression stands for; None if that is itself."""
    if isinstance(node, exp.Collate):
        known = (dialect.collation, dialect.order_collation)
        return node.this if node.expression.name in known else None
    if isinstance(node, exp.Nullif):
        return node.this if is_empty_text(node.expression) else None
    if isinstance(node, exp.GT):
        return _search(node)
    is_test = isinstance(node, (exp.EQ, exp.NEQ)) and is_empty_text(node.expression)
    if isinstance(node, exp.Lower) or is_test:
        node.set("this", text_of_column(node.this))
        return None
    for name, replace in _REPLACED.items():
        parts = find(name, dialect, node)
        if parts is not None:
            return replace(parts, dialect)
    return None


def text_of_column(node: exp.Expr) -> exp.Expr:
    """A column without the cast to text that makes it one; any other node as it is."""
    is_text = isinstance(node, exp.Cast) and node.to.this in exp.DataType.TEXT_TYPES
    return node.this if is_text and isinstance(node.this, exp.Column) else node


def _search(node: exp.GT) -> exp.Expr | None:
    """The LIKE that finds what the position of a text is asked for."""
    position = unwrap(node.this)
    part = position.args.get("substr")
    if not isinstance(position, exp.StrPosition) or not isinstance(part, exp.Literal):
        return None
    if node.expression != exp.Literal.number(0) or position.args.get("position"):
        return None
    text = part.this
    for character in "!%_":
        text = text.replace(character, f"!{character}")
    like = exp.Like(this=position.this, expression=exp.Literal.string(f"%{text}%"))
    return exp.Escape(this=like, expression=exp.Literal.string("!"))


def _moment(parts: Parts, _: Dialect) -> exp.Expr | None:
    x = parts["x"]
    return exp.cast(x, "TIMESTAMP") if isinstance(x, exp.Literal) else None


def _second(parts: Parts, _: Dialect) -> exp.Expr | None:
    # A date by itself that is cut to seconds is another thing than the date.
    return parts["x"] if isinstance(parts["x"], (exp.Min, exp.Max, exp.Column)) else None


def _from_epoch(parts: Parts, dialect: Dialect) -> exp.Expr | None:
    """The quantile of dates, from that of their seconds since 1970."""
    found = parts["n"]
    for node in list(found.walk()):
        inner = find("epoch", dialect, node)
        if inner is not None:
            node.replace(inner["x"])
            return found
    return None


def _quantile(parts: Parts, _: Dialect) -> exp.Expr:
    x = parts["x"]
    return exp.PercentileCont(this=x, expression=parts["q"])


_REPLACED: Final[dict[str, Callable[[Parts, Dialect], exp.Expr | None]]] = {
    "ranked": _quantile,
    "quantile": _quantile,
    "from epoch": _from_epoch,
    "second": _second,
    "moment": _moment,
}
"""What the forms above stand for."""


def _join_ranks(select: exp.Select) -> None:
    """Leads that come with their ranks, for quantiles, as the leads."""
    inner = _subquery(select, "leads")
    if inner is None or not inner.expressions or not isinstance(inner.expressions[0], exp.Star):
        return
    if all(_is_rank(one) for one in inner.expressions[1:]):
        for name in ("from_", "joins", "where"):
            select.set(name, inner.args.get(name))


def _is_rank(node: exp.Expr) -> bool:
    return isinstance(node, exp.Alias) and node.alias.startswith(("rank_", "values_"))


def _subquery(select: exp.Select, alias: str) -> exp.Select | None:
    """The SELECT in FROM with an alias."""
    source = select.args.get("from_")
    found = None if source is None else source.this
    if not isinstance(found, exp.Subquery) or found.alias != alias:
        return None
    return found.this if isinstance(found.this, exp.Select) else None


def _join_owners(select: exp.Select) -> None:
    """Users that the leads are joined to, as the condition on the owners of the leads."""
    users, joins = _subquery(select, "owners"), select.args.get("joins") or []
    if users is None or len(joins) != 1 or joins[0].side != "LEFT":
        return
    on, source, where = joins[0].args.get("on"), users.args.get("from_"), users.args.get("where")
    if on is None or source is None or where is None or len(users.expressions) != _OWNER_COLUMNS:
        return
    [is_owned, *conditions] = and_operands(on)
    if not isinstance(is_owned, exp.EQ) or is_owned.expression.name != "owner_key":
        return
    owner, key = is_owned.this, users.expressions[1].unalias()
    ids = exp.select(key.copy()).from_(source.this).where(where.this)
    owned = exp.In(this=owner.copy(), query=exp.Subquery(this=ids))
    select.set("from_", exp.From(this=joins[0].this))
    select.set("joins", None)
    select.set("where", exp.Where(this=exp.and_(*conditions, owned, copy=False)))
    for node in list(select.walk()):
        column = owner.this if isinstance(owner, exp.Lower) else owner
        if isinstance(node, exp.Column) and node.name == "owner_key":
            node.replace(owner.copy())
        elif isinstance(node, exp.Count) and node.this == column:
            node.set("this", exp.Star())
        elif isinstance(node, exp.Min) and node.this == users.expressions[0].unalias().this:
            node.set("this", column.copy())


_OWNER_COLUMNS: Final = 2
"""The id of a user as it is displayed, and the key that the leads are joined by."""


def and_operands(node: exp.Expr) -> list[exp.Expr]:
    """The operands of AND."""
    return [unwrap(one) for one in node.flatten()] if isinstance(node, exp.And) else [node]


def _drop_null_keys(select: exp.Select) -> None:
    """Sort keys that put rows without a value last, before those of the values."""
    order = select.args.get("order")
    if order is None:
        return
    kept: list[exp.Expr] = []
    after = False
    for key in order.expressions:
        if _NULL_KEY is not None and match(_NULL_KEY, key.this) is not None:
            after = True
            continue
        if after:
            key.set("nulls_first", False)
        after = False
        kept.append(key)
    order.set("expressions", kept)


_NULL_KEY: Final = (
    exp.Case()
    .when(patterns.has_no_value(hole("x")), exp.Literal.number(1))
    .else_(exp.Literal.number(0))
)
