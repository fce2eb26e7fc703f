"""Who asked whether a thing is true: `and`, `not`, `if`, a chain of comparisons, `in`, a call."""

from __future__ import annotations

import ast
from typing import Any, Final

from leadquery._explain.rewriter import Detection, parents
from leadquery._explain.source import Location, Span, Statement
from leadquery.errors import Misuse
from leadquery.expr._guards import CONDITION, NotBoolean

_BRANCHES: Final[dict[type[ast.AST], tuple[str, str]]] = {
    ast.If: ("if", "test"),
    ast.While: ("while", "test"),
    ast.Assert: ("assert", "test"),
    ast.IfExp: ("if ... else", "test"),
    ast.comprehension: ("if", "ifs"),
    ast.match_case: ("if", "guard"),
}
"""What goes one way or another, and the part that is asked which."""

_COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

_CALLS: Final = ("CALL", "PRECALL")

COUNTED: Final = (
    "give it to where(...), or ask client.count(Leads.where(...)) how many leads meet it"
)


def detect_truth(stop: Location, misuse: Misuse) -> Detection:
    """The slip of a thing that was asked whether it is true."""
    node = _guarded(stop, stop.at(ast.AST))
    if isinstance(node, ast.UnaryOp) and stop.operation == "CONTAINS_OP":
        # Python 3.14 reads `not a in b` as `a not in b`.
        node = node.operand
    if isinstance(node, ast.Assert):
        node = _inside(stop, node)
    branch = _branch(stop, node)
    if branch is not None:
        return _branched(stop, branch, misuse)
    if isinstance(node, ast.Call) and stop.operation.startswith(_CALLS):
        return _slip(misuse, node, stop.statement.span(node), f"{_name(node)}(...)")
    if isinstance(node, ast.Compare):
        return _compared(stop, node, misuse)
    joined = node if isinstance(node, (ast.BoolOp, ast.UnaryOp)) else _above(stop, node)
    if isinstance(joined, ast.BoolOp):
        sign = "and" if isinstance(joined.op, ast.And) else "or"
        return _slip(misuse, joined, _between(stop, joined, sign), f"`{sign}`")
    start = stop.statement.span(joined)[0]
    return _slip(misuse, joined, (start, start + len("not")), "`not`")


def _guarded(stop: Location, node: ast.AST) -> ast.AST:
    """The case with a guard, whose pattern Python 3.11 places what the guard asks at."""
    below = node
    for above in parents(stop.statement, node):
        if isinstance(above, ast.match_case) and below is above.pattern:
            return above
        below = above
    return node


def _slip(misuse: Misuse, node: ast.AST, mark: Span, what: str, hint: str = "") -> Detection:
    texts = misuse.target._messages  # type: ignore[attr-defined]  # One of our things.
    return Detection(
        node,
        mark,
        f"{what} asks {texts.noun} whether it is true, {texts.reason}",
        hint,
        misuse.target,
    )


def _branch(stop: Location, node: ast.AST) -> ast.AST | None:
    """What goes one way or another by a part of the line, by itself or joined with others."""
    if type(node) in _BRANCHES and not isinstance(node, ast.IfExp):
        return node
    if isinstance(node, ast.IfExp) and not stop.operation.startswith(_CALLS):
        return node
    if isinstance(node, _COMPREHENSIONS) and not stop.operation.startswith(_CALLS):
        # Python 3.11 places what a comprehension asks at the comprehension.
        return next((one for one in node.generators if one.ifs), None)
    # What a chain or a list asks is asked before.
    return None if _asks_itself(stop, node) else branching(stop.statement, node)


def branching(statement: Statement, node: ast.AST) -> ast.AST | None:
    """What goes one way or another by a part of the line, or by what that is joined with."""
    below, above = node, statement.parents.get(node)
    while isinstance(above, ast.BoolOp) or _is_not(above):
        below, above = above, statement.parents.get(above)  # type: ignore[assignment, arg-type]
    if above is None or type(above) not in _BRANCHES:
        return None
    asked = getattr(above, _BRANCHES[type(above)][1])
    mine = below in asked if isinstance(asked, list) else below is asked
    return above if mine else None


def _inside(stop: Location, node: ast.Assert) -> ast.AST:
    """The `and` or `or` of an assertion, which pytest places at the assertion as a whole."""
    joins = [one for one in ast.walk(node.test) if isinstance(one, ast.BoolOp)]
    ours = (one for one in joins if any(map(stop.scope.is_ours, one.values)))
    chains = (
        one
        for one in ast.walk(node.test)
        if isinstance(one, ast.Compare)
        and len(one.ops) > 1
        and any(map(stop.scope.is_ours, (one.left, *one.comparators)))
    )
    return next(ours, None) or next(chains, node)


def _asks_itself(stop: Location, node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return stop.operation.startswith(_CALLS)
    if not isinstance(node, ast.Compare):
        return False
    return len(node.ops) > 1 or isinstance(node.ops[0], (ast.In, ast.NotIn))


def _branched(stop: Location, branch: ast.AST, misuse: Misuse) -> Detection:
    word, part = _BRANCHES[type(branch)]
    asked: Any = getattr(branch, part)
    test = asked[0] if isinstance(asked, list) else asked
    hint = ""
    if isinstance(misuse.target, NotBoolean) and misuse.target._messages is CONDITION:
        hint = COUNTED
    slip = _slip(misuse, test, stop.statement.span(test), f"`{word}`", hint)
    return slip._replace(instead={test: lambda writer: writer.unsure(hint)})


def _compared(stop: Location, node: ast.Compare, misuse: Misuse) -> Detection:
    if isinstance(node.ops[0], (ast.In, ast.NotIn)) and len(node.ops) == 1:
        end = stop.statement.span(node.left)[1]
        mark = stop.mark("in", end, stop.statement.span(node.comparators[0])[0])
        return _slip(misuse, node, mark, "`in`")
    return _slip(misuse, node, stop.statement.span(node), "a chain of comparisons")


def _above(stop: Location, node: ast.AST) -> ast.AST:
    above = stop.statement.parents.get(node)
    if isinstance(above, ast.BoolOp) or _is_not(above):
        return above  # type: ignore[return-value]
    raise LookupError("nothing asks here")


def _is_not(node: ast.AST | None) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def _between(stop: Location, node: ast.BoolOp, sign: str) -> Span:
    """The sign behind the first side that is one of our things."""
    sides = node.values[:-1]
    first = next((one for one in sides if stop.scope.is_ours(one)), sides[0])
    after = node.values[node.values.index(first) + 1]
    return stop.mark(sign, stop.statement.span(first)[1], stop.statement.span(after)[0])


def _name(node: ast.Call) -> str:
    return ast.unparse(node.func)
