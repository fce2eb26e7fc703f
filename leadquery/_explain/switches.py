"""Plain values beside conditions: switches that say whether a condition counts, or values meant."""

from __future__ import annotations

import ast
import builtins
from typing import Final

from leadquery._explain.rewriter import Rewriter

EACH: Final = "write each side as a condition of its own"

_ASKING: Final = (bool, len, isinstance, issubclass, hasattr, callable)
"""Python's own functions whose answer is meant as a yes or a no."""


def is_bool_flag(writer: Rewriter, node: ast.expr) -> bool:
    """Whether a plain value is a yes or a no, for sure; a number or a text may be a value."""
    parts = [one for one in ast.walk(node) if isinstance(one, ast.expr)]
    if any(map(writer.scope.is_ours, parts)):
        return False
    if isinstance(node, ast.NamedExpr):
        return is_bool_flag(writer, node.value)
    if isinstance(node, ast.BoolOp):
        return all(is_bool_flag(writer, one) for one in node.values)
    if isinstance(node, ast.Call):
        return any(writer.scope.value(node.func) is one for one in _ASKING)
    if isinstance(node, (ast.Name, ast.Attribute, ast.Constant)):
        meant = writer.scope.meant(node)
        return meant is not None and any(meant.kind is one for one in (bool, type(None)))
    return isinstance(node, ast.Compare) or _is_not(node)


def is_no_condition(writer: Rewriter, node: ast.expr) -> bool:
    """Whether a side that nobody knows is none for sure: what Python's own functions make."""
    if writer.scope.meant(node) is not None:
        return False
    if _is_not(node):
        return True
    if not isinstance(node, ast.Call) or isinstance(node.func, ast.Attribute):
        return False
    made = writer.scope.value(node.func)
    return any(made is one for one in vars(builtins).values())


def literal(node: ast.expr) -> ast.Constant | None:
    """The number or the text that a part of a line is, with or without its sign."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        node = node.operand
    if not isinstance(node, ast.Constant) or node.value == "":
        return None
    return node if type(node.value) in (str, int, float) else None


def _is_not(node: ast.expr) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
