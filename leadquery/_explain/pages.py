"""How many rows, and from which on: the pages that they stand on."""

from __future__ import annotations

import ast
from typing import Final

from leadquery._explain.aliases import LIMIT_METHODS
from leadquery._explain.rewriter import Rewriter

_HUNDRED: Final = "write page(1, 100) for the first hundred rows"

_WHOLE: Final = "page(n, size) leaves out n - 1 whole pages of that size"


def first(writer: Rewriter, node: ast.Call, before: str) -> str:
    """The first page, by the number of its rows."""
    if len(node.args) != 1 or node.keywords:
        writer.unsure(_HUNDRED)
    return f"{before}page(1, {writer.outer(node.args[0])})"


def later(writer: Rewriter, node: ast.Call) -> str:
    """The page behind so many rows, where they are whole pages."""
    inner = node.func.value  # type: ignore[attr-defined]  # A method is called.
    if not isinstance(inner, ast.Call) or not isinstance(inner.func, ast.Attribute):
        writer.unsure(_WHOLE)
    names = (node.func.attr.casefold(), inner.func.attr.casefold())  # type: ignore[attr-defined]
    numbers = [_number(one) for one in (node, inner)]
    (left_out, size) = numbers if names[1] in LIMIT_METHODS else numbers[::-1]
    if (
        not size
        or left_out is None
        or left_out % size
        or (names[0] in LIMIT_METHODS) is (names[1] in LIMIT_METHODS)
    ):
        writer.unsure(_WHOLE)
    start = writer.statement.span(inner.func.value)[1]
    dot = writer.source(start, writer.statement.span(inner.func)[1] - len(names[1]))
    return f"{writer.text(inner.func.value)}{dot}page({left_out // size + 1}, {size})"


def _number(node: ast.Call) -> int | None:
    """The whole number that is all a call is given."""
    one = node.args[0] if len(node.args) == 1 and not node.keywords else None
    number = one.value if isinstance(one, ast.Constant) else None
    return number if type(number) is int else None
