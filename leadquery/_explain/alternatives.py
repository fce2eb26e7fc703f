"""Sides of an OR that are values of one field, which the API can say."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import NamedTuple

from leadquery._explain.rewriter import Rewriter
from leadquery._explain.switches import literal
from leadquery.expr._guards import FIELD


class Alternatives(NamedTuple):
    """One field and the values of which it may have any; None where some stand in a list."""

    field: str
    values: list[str] | None


class _One(NamedTuple):
    field: ast.expr | None
    value: ast.expr | None


def as_membership(
    writer: Rewriter, nodes: Sequence[ast.expr], *, loose: bool = False
) -> Alternatives | None:
    """What several sides say of one field, or None where they say anything else.

    A `loose` value stands beside equalities, as in `A == 1 or 2`.
    """
    ones = [_one(writer, node) or (_loose(node) if loose else None) for node in nodes]
    found = [one for one in ones if one is not None]
    named = [one.field for one in found if one.field is not None]
    if len(found) < len(ones) or not named:
        return None
    same = len({_identity(writer, field) for field in named}) == 1
    if not same or not writer.scope.offers(named[0], "is_in"):
        return None
    values = [one.value for one in found if one.value is not None]
    sure = len(named) == len(found) or (len(values) == len(found) and _alike(values))
    texts = [*map(writer.outer, values)] if len(values) == len(found) else None
    return Alternatives(writer.segment(named[0]), texts) if sure else None


def _loose(node: ast.expr) -> _One | None:
    return _One(None, node) if literal(node) else None


def _alike(values: list[ast.expr]) -> bool:
    """Whether values are all texts, or all numbers."""
    written = [literal(one) for one in values]
    kinds = {isinstance(one.value, str) for one in written if one is not None}
    return None not in written and len(kinds) == 1


def _one(writer: Rewriter, node: ast.expr) -> _One | None:
    """A field and its one value, where a side is an equality, or a field and a list."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = node.left, node.comparators[0]
        if isinstance(node.ops[0], ast.In) and writer.scope.is_a(left, FIELD):
            return _One(left, None)
        if isinstance(node.ops[0], ast.Eq) and writer.scope.is_a(left, FIELD):
            return None if _is_nothing(right) else _One(left, right)
        if isinstance(node.ops[0], ast.Eq) and writer.scope.is_a(right, FIELD):
            return None if _is_nothing(left) else _One(right, left)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        listed = node.func.attr == "is_in" and writer.scope.is_a(node.func.value, FIELD)
        return _One(node.func.value, None) if listed else None
    return None


def _is_nothing(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in (None, "")


def _identity(writer: Rewriter, field: ast.expr) -> object:
    """What two mentions of one field share: the word, or the source that makes it."""
    meant = writer.scope.meant(field)
    return id(meant.value) if meant is not None and meant.known else ast.dump(field)
