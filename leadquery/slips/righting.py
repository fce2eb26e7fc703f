"""A statement written right, round by round: what one round puts in order, the next can read."""

from __future__ import annotations

import ast
from typing import Final, NamedTuple

from leadquery.slips import calls, comparisons, joins, said
from leadquery.slips.alternatives import alternatives
from leadquery.slips.scope import Scope
from leadquery.slips.source import Span, Statement
from leadquery.slips.texts import CONDITION
from leadquery.slips.values import Trial
from leadquery.slips.written import Rules, Slip, UnsureError, Writer, parents

RULES: Final[Rules] = {
    ast.Attribute: calls.named,
    ast.AugAssign: calls.assigned,
    ast.BinOp: calls.signs,
    ast.BoolOp: joins.joined,
    ast.Call: calls.called,
    ast.Compare: comparisons.compared,
    ast.Constant: said.constant,
    ast.IfExp: joins.chosen,
    ast.JoinedStr: said.formatted,
    ast.UnaryOp: joins.turned,
}
_ROUNDS: Final = 2
# Other names are seen inside of these, or there is nothing to join outside of them.
_OUTSIDE: Final = (
    *(ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.comprehension),
    *(ast.stmt, ast.mod, ast.arguments, ast.match_case, ast.ExceptHandler, ast.withitem),
)


class Right(NamedTuple):
    """The statement written right; None and what may be done where nobody knows for sure."""

    text: str | None
    hint: str = ""


def righted(statement: Statement, scope: Scope, slip: Slip) -> Right:
    """A statement written right."""
    try:
        text = _round(statement, scope, slip)
        for _ in range(_ROUNDS):
            new = Statement(statement.file, text, statement.first)
            text = _again(new, scope, _difference(statement.text, text))
        if text == statement.text:
            return Right(None)
        _tried(Statement(statement.file, text, statement.first), scope, statement.text)
    except UnsureError as unsure:
        return Right(None, str(unsure))
    return Right(text)


def _round(statement: Statement, scope: Scope, slip: Slip) -> str:
    """The statement with its slip put right, and those beside it."""
    around = [slip.node, *parents(statement, slip.node)]
    writer = Writer(statement, scope, RULES, slip, set(around))
    return _replaced(writer, _root(around))


def _again(statement: Statement, scope: Scope, changed: Span) -> str:
    """The statement with what can be read now put right too."""
    around = _around(statement, changed)
    writer = Writer(statement, scope, RULES, None, set(around))
    root = _root(around)
    _expressible(writer, root)
    return _replaced(writer, root)


def _tried(statement: Statement, scope: Scope, old: str) -> None:
    """Refuse a statement that one of our things would refuse."""
    around = _around(statement, _difference(old, statement.text))
    trial = Trial(Writer(statement, scope, RULES, None, set(around)))
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


def _replaced(writer: Writer, root: ast.AST) -> str:
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


def _expressible(writer: Writer, root: ast.AST) -> None:
    """Refuse what the API has no words for, as an OR of lead filters."""
    for node in ast.walk(root):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            above = writer.parent(node)
            inner = isinstance(above, ast.BinOp) and isinstance(above.op, ast.BitOr)
            said = inner or not writer.scope.is_a(node, CONDITION)
            if not said and alternatives(writer, _sides(node)) is None:
                writer.unsure(joins.SEVERAL)
        inverted = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert)
        if inverted and writer.scope.is_a(node.operand, CONDITION):  # type: ignore[attr-defined]
            joins.has_opposite(writer, node)  # type: ignore[arg-type]


def _sides(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return [*_sides(node.left), *_sides(node.right)]
    return [node]
