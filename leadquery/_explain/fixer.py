"""A statement written right, round by round: what one round puts in order, the next can read."""

from __future__ import annotations

import ast
from typing import Final, NamedTuple

from leadquery._explain import rules_boolop, rules_calls, rules_compare, rules_text
from leadquery._explain.alternatives import as_membership
from leadquery._explain.rewriter import Detection, NoSuggestion, Rewriter, Rules, parents
from leadquery._explain.source import Span, Statement
from leadquery._explain.type_inference import FrameTypes
from leadquery._explain.verify import Evaluator
from leadquery.expr._guards import CONDITION

RULES: Final[Rules] = {
    ast.Attribute: rules_calls.rewrite_attribute,
    ast.AugAssign: rules_calls.rewrite_assignment,
    ast.BinOp: rules_calls.rewrite_binop,
    ast.BoolOp: rules_boolop.rewrite_boolop,
    ast.Call: rules_calls.rewrite_call,
    ast.Compare: rules_compare.rewrite_compare,
    ast.Constant: rules_text.constant,
    ast.IfExp: rules_boolop.rewrite_ifexp,
    ast.JoinedStr: rules_text.formatted,
    ast.UnaryOp: rules_boolop.rewrite_unary,
}

_ROUNDS: Final = 2

# Other names are seen inside of these, or there is nothing to join outside of them.
_OUTSIDE: Final = (
    *(ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.comprehension),
    *(ast.stmt, ast.mod, ast.arguments, ast.match_case, ast.ExceptHandler, ast.withitem),
)


class Suggestion(NamedTuple):
    """The statement written right; None and what may be done where nobody knows for sure."""

    text: str | None
    hint: str = ""


def suggest_fix(statement: Statement, scope: FrameTypes, slip: Detection) -> Suggestion:
    """A statement written right."""
    try:
        text = _round(statement, scope, slip)
        for _ in range(_ROUNDS):
            new = Statement(statement.file, text, statement.first)
            text = _again(new, scope, _difference(statement.text, text))
        if text == statement.text:
            return Suggestion(None)
        _verified(Statement(statement.file, text, statement.first), scope, statement.text)
    except NoSuggestion as unsure:
        return Suggestion(None, str(unsure))
    return Suggestion(text)


def _round(statement: Statement, scope: FrameTypes, slip: Detection) -> str:
    """The statement with its slip put right, and those beside it."""
    around = [slip.node, *parents(statement, slip.node)]
    writer = Rewriter(statement, scope, RULES, slip, set(around))
    return _replaced(writer, _root(around))


def _again(statement: Statement, scope: FrameTypes, changed: Span) -> str:
    """The statement with what can be read now put right too."""
    around = _around(statement, changed)
    writer = Rewriter(statement, scope, RULES, None, set(around))
    root = _root(around)
    _expressible(writer, root)
    return _replaced(writer, root)


def _verified(statement: Statement, scope: FrameTypes, old: str) -> None:
    """Refuse a statement that one of our things would refuse."""
    around = _around(statement, _difference(old, statement.text))
    trial = Evaluator(Rewriter(statement, scope, RULES, None, set(around)))
    for node in ast.walk(_root(around)):
        trial.made(node)


def _around(statement: Statement, changed: Span) -> list[ast.AST]:
    """What a part of a statement belongs to, from the inside out."""
    start, end = changed
    spans = [(node, statement.span(node)) for node in statement.nodes]
    return [node for node, span in spans if span[0] <= start and span[1] >= end][::-1]


def _root(around: list[ast.AST]) -> ast.AST:
    """The outermost of some parts, from the inside out, whose names are those of the line."""
    root = around[0]
    for node in around[1:]:
        if isinstance(node, _OUTSIDE):
            break
        root = node
    return root


def _replaced(writer: Rewriter, root: ast.AST) -> str:
    start, end = writer.statement.span(root)
    text = writer.statement.text
    return f"{text[:start]}{writer.text(root)}{text[end:]}"


def _difference(old: str, new: str) -> Span:
    """The part of a new text in which it differs from the old one."""
    most = min(len(old), len(new))
    start = next((at for at in range(most) if old[at] != new[at]), most)
    rest = most - start
    same = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    return start, len(new) - same


def _expressible(writer: Rewriter, root: ast.AST) -> None:
    """Refuse what the API has no words for, as an OR of lead filters."""
    for node in ast.walk(root):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            above = writer.parent(node)
            inner = isinstance(above, ast.BinOp) and isinstance(above.op, ast.BitOr)
            said = inner or not writer.scope.is_a(node, CONDITION)
            if not said and as_membership(writer, _sides(node)) is None:
                writer.unsure(rules_boolop.SEVERAL)
        inverted = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert)
        if inverted and writer.scope.is_a(node.operand, CONDITION):  # type: ignore[attr-defined]
            rules_boolop.has_opposite(writer, node)  # type: ignore[arg-type]


def _sides(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return [*_sides(node.left), *_sides(node.right)]
    return [node]
