"""`all` and `any` of several conditions, written as conditions join."""

from __future__ import annotations

import ast
from itertools import pairwise
from typing import Any, Final

from leadquery._explain.alternatives import as_membership
from leadquery._explain.detect_truth import COUNTED, branching
from leadquery._explain.layout import text_between
from leadquery._explain.rewriter import Rewriter, parenthesize
from leadquery._explain.rules_boolop import SEVERAL
from leadquery._explain.safe_getattr import are_all
from leadquery._explain.switches import EACH
from leadquery.expr._guards import CONDITION, USER_CONDITION, Messages

_KINDS: Final = (CONDITION, USER_CONDITION)

_MADE: Final = (ast.ListComp, ast.GeneratorExp)

_OPEN: Final = (ast.stmt, ast.BoolOp, ast.Call, ast.keyword)
"""What parts nothing that `&` and `|` join."""


def rewrite_all_any(writer: Rewriter, node: ast.Call) -> str | None:
    """What `all` or `any` was given, joined; None where that is none of ours."""
    several: Any = node.args[0]
    written = isinstance(several, (ast.List, ast.Tuple, ast.Set))
    if written and not writer.scope.is_a(node, *_KINDS):
        return None
    texts = next((kind for kind in _KINDS if _holds(writer, several, kind)), None)
    if texts is None:
        return writer.unsure(EACH) if written else None
    if branching(writer.statement, node):
        writer.unsure(COUNTED)
    every = writer.scope.value(node.func) is all
    if not written:
        return _spread(writer, node, texts, every=every)
    if len(several.elts) > 1 and not every:
        return _either(writer, node, texts)
    return _inside(writer, node) if writer.is_listed(node) else _signed(writer, node, "&")


def _holds(writer: Rewriter, several: Any, texts: Messages) -> bool:
    """Whether a list holds one kind of conditions alone, as far as it is read."""
    if isinstance(several, (ast.Name, ast.Attribute)):
        return are_all(writer.scope.value(several), texts)
    made = [several.elt] if isinstance(several, _MADE) else getattr(several, "elts", [])
    return bool(made) and all(writer.scope.is_a(one, texts) for one in made)


def _spread(writer: Rewriter, node: ast.Call, texts: Messages, *, every: bool) -> str:
    """Conditions that stand in a list elsewhere, or are made one by one."""
    if not every:
        writer.unsure(SEVERAL if texts is CONDITION else "")
    spread = f"*{writer.segment(node.args[0])}"
    _keep(writer, node, node.args)
    if not writer.is_listed(node):
        writer.unsure(f"give them to {'where' if texts is CONDITION else 'owned_by'}({spread})")
    return spread


def _inside(writer: Rewriter, node: ast.Call) -> str:
    """What stands in the list, with its layout."""
    several: Any = node.args[0]
    (start, end), text = writer.statement.span(several), writer.text(several)
    first, last = writer.outer_span(several.elts[0])[0], writer.outer_span(several.elts[-1])[1]
    _keep(writer, node, several.elts)
    return text[first - start : len(text) - (end - last)]


def _either(writer: Rewriter, node: ast.Call, texts: Messages) -> str:
    """A list of values, or conditions on users that are joined by OR."""
    if texts is CONDITION:
        elements = node.args[0].elts  # type: ignore[attr-defined]  # A list.
        found = as_membership(writer, elements)
        if found is None:
            writer.unsure(SEVERAL)
        if found.values is not None:
            _keep(writer, node, elements, commas=False)
            return f"{found.field}.is_in([{', '.join(found.values)}])"
    return _signed(writer, node, "|")


def _signed(writer: Rewriter, node: ast.Call, sign: str) -> str:
    elements = node.args[0].elts  # type: ignore[attr-defined]  # A list.
    _keep(writer, node, elements, commas=False)
    text = f" {sign} ".join(parenthesize(writer.text(one)) for one in elements)
    return text if isinstance(writer.parent(node), _OPEN) else f"({text})"


def _keep(writer: Rewriter, node: ast.Call, parts: list[ast.expr], *, commas: bool = True) -> None:
    """Refuse to lose the comments around some parts of a call, or between them with the commas."""
    start, end = writer.statement.span(node)
    gone = writer.source(start, writer.outer_span(parts[0])[0])
    gone += writer.source(writer.outer_span(parts[-1])[1], end)
    if not commas:
        gone += "".join(text_between(writer, one, other) for one, other in pairwise(parts))
    if "#" in gone:
        writer.unsure()
