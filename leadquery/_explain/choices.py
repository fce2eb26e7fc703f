"""Lists of values that a field may have any of: those that the API can be asked for."""

from __future__ import annotations

import ast
from typing import Any, Final

from leadquery._explain.rewriter import Rewriter
from leadquery._explain.safe_getattr import is_a
from leadquery._explain.switches import literal
from leadquery.expr._guards import NotBoolean

_LISTS: Final = (list, tuple, set, frozenset)


def is_list(writer: Rewriter, node: ast.expr) -> bool:
    """Whether a part of the line is a list of values."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return True
    return type(_value(writer, node)) in _LISTS


def are_nothing(node: ast.expr) -> bool:
    """Whether all that a list holds stands for no data."""
    if not isinstance(node, (ast.List, ast.Tuple, ast.Set)) or not node.elts:
        return False
    return all(isinstance(one, ast.Constant) and one.value in (None, "") for one in node.elts)


def check_list(writer: Rewriter, node: ast.expr) -> None:
    """Refuse a list that is empty, or that holds fields, or nothing beside values."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        if not node.elts:
            writer.unsure("the list is empty; give it at least one value")
        for one in node.elts:
            _is_value(writer, one)
    value = _value(writer, node)
    if type(value) in _LISTS:
        if not value:
            writer.unsure("the list is empty; give it at least one value")
        if any(one is None or is_a(one, NotBoolean) for one in value):
            writer.unsure()


def _is_value(writer: Rewriter, node: ast.expr) -> None:
    if literal(node) is not None:
        return
    if isinstance(node, ast.Constant) and node.value in (None, ""):
        writer.unsure("ask for leads without data by a query of their own, with has_no_data()")
    if writer.scope.is_ours(node):
        writer.unsure("the API compares fields with values only; compare them row by row")


def _value(writer: Rewriter, node: ast.expr) -> Any:
    return writer.scope.value(node) if isinstance(node, (ast.Name, ast.Attribute)) else None
