"""Sides of an OR that are values of one field, which the API can say."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import NamedTuple

from leadquery.slips.texts import FIELD
from leadquery.slips.written import Writer


class Alternatives(NamedTuple):
    """One field and the values of which it may have any; None where some stand in a list."""

    field: str
    values: list[str] | None


class _One(NamedTuple):
    field: ast.expr
    value: ast.expr | None


def alternatives(writer: Writer, nodes: Sequence[ast.expr]) -> Alternatives | None:
    """What several sides say of one field, or None where they say anything else."""
    ones = [_one(writer, node) for node in nodes]
    found = [one for one in ones if one is not None]
    if len(found) < len(ones):
        return None
    fields = {_identity(writer, one.field) for one in found}
    meant = writer.scope.meant(found[0].field)
    if len(fields) > 1 or meant is None or not hasattr(meant.kind, "is_in"):
        return None
    values = [writer.outer(one.value) for one in found if one.value is not None]
    field = writer.segment(found[0].field)
    return Alternatives(field, values if len(values) == len(found) else None)


def _one(writer: Writer, node: ast.expr) -> _One | None:
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


def _identity(writer: Writer, field: ast.expr) -> object:
    """What two mentions of one field share: the word, or the source that makes it."""
    meant = writer.scope.meant(field)
    return id(meant.value) if meant is not None and meant.known else ast.dump(field)
