"""Classifies a test of truth, such as `and` between conditions."""

from __future__ import annotations

import ast
from itertools import pairwise
from typing import Any, Final

from leadquery._explain.rewriter import (
    ASK_FOR_COUNT,
    BRANCHES,
    Detection,
    NoSuggestionError,
    Rewriter,
    ancestors,
    branch_of,
    is_not,
)
from leadquery._explain.source import Location, Span
from leadquery._explain.type_inference import is_a
from leadquery.errors import Misuse
from leadquery.expr._guards import CONDITION, Messages, NotBoolean

_CALL_OPERATIONS: Final = ("CALL", "PRECALL")


def detect_truth(location: Location, misuse: Misuse) -> Detection:
    """An object whose truth was tested: by `and`, `not`, `if`, a chain, `in` or a call."""
    node = _guarded_case(location, location.smallest(ast.AST))
    if isinstance(node, ast.UnaryOp) and location.operation == "CONTAINS_OP":
        # Python 3.14 compiles `not a in b` as `a not in b`.
        node = node.operand
    if isinstance(node, ast.Assert):
        node = _tested_in_assert(location, node)
    branch = _branch(location, node)
    if branch is not None:
        return _branch_detection(location, branch, misuse)
    span = location.statement.span(node)
    if isinstance(node, ast.Call) and location.operation.startswith(_CALL_OPERATIONS):
        return _truth(misuse, node, span, f"{ast.unparse(node.func)}(...)")
    if isinstance(node, ast.Compare):
        if isinstance(node.ops[0], (ast.In, ast.NotIn)) and len(node.ops) == 1:
            span = operator_span(location, "in", node.left, node.comparators[0])
            return _truth(misuse, node, span, "`in`")
        return _truth(misuse, node, span, "a chain of comparisons")
    joined = node if isinstance(node, (ast.BoolOp, ast.UnaryOp)) else _tester(location, node)
    if isinstance(joined, ast.BoolOp):
        keyword = "and" if isinstance(joined.op, ast.And) else "or"
        return _truth(misuse, joined, _keyword_span(location, joined, keyword), f"`{keyword}`")
    start = location.statement.span(joined)[0]
    return _truth(misuse, joined, (start, start + len("not")), "`not`")


def _truth(misuse: Misuse, node: ast.AST, span: Span, tester: str, hint: str = "") -> Detection:
    messages = misuse.target._messages  # type: ignore[attr-defined]  # A NotBoolean.
    heading = f"{tester} asks {messages.noun} whether it is true, {messages.reason}"
    return Detection(node, span, heading, hint, misuse.target)


def _guarded_case(location: Location, node: ast.AST) -> ast.AST:
    """The case whose guard was tested; Python 3.11 gives the position of its pattern."""
    below = node
    for above in ancestors(location.statement, node):
        if isinstance(above, ast.match_case) and below is above.pattern:
            return above
        below = above
    return node


def _branch(location: Location, node: ast.AST) -> ast.AST | None:
    """The node that branches on a test, if the test itself was tested for truth."""
    in_call = location.operation.startswith(_CALL_OPERATIONS)
    if type(node) in BRANCHES and not (isinstance(node, ast.IfExp) and in_call):
        return node
    if not in_call and (generators := getattr(node, "generators", None)):
        # Python 3.11 gives the position of the whole comprehension.
        return next((generator for generator in generators if generator.ifs), None)
    # A call, a chain or `in` tests its operands before the branch tests the result.
    tests_operands = (isinstance(node, ast.Call) and in_call) or (
        isinstance(node, ast.Compare)
        and (len(node.ops) > 1 or isinstance(node.ops[0], (ast.In, ast.NotIn)))
    )
    return None if tests_operands else branch_of(location.statement, node)


def _branch_detection(location: Location, branch: ast.AST, misuse: Misuse) -> Detection:
    keyword, attribute = BRANCHES[type(branch)]
    tests: Any = getattr(branch, attribute)
    test = tests[0] if isinstance(tests, list) else tests
    hint = ASK_FOR_COUNT if is_target(misuse, CONDITION) else ""
    detection = _truth(misuse, test, location.statement.span(test), f"`{keyword}`", hint)

    def refuse(_rewriter: Rewriter) -> str:
        raise NoSuggestionError(hint)

    return detection._replace(replacements={test: refuse})


def _tested_in_assert(location: Location, node: ast.Assert) -> ast.AST:
    """The `and`, `or` or chain in an assertion; pytest gives the position of the whole."""
    found = [
        one
        for one in ast.walk(node.test)
        if any(map(location.types.is_operand, _tested_operands(one)))
    ]
    return next(iter(sorted(found, key=lambda one: isinstance(one, ast.Compare))), node)


def _tested_operands(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.BoolOp):
        return node.values
    is_chain = isinstance(node, ast.Compare) and len(node.ops) > 1
    return [node.left, *node.comparators] if is_chain else []  # type: ignore[attr-defined]


def _tester(location: Location, node: ast.AST) -> ast.AST:
    parent = location.statement.parents.get(node)
    if isinstance(parent, ast.BoolOp) or is_not(parent):
        return parent  # type: ignore[return-value]
    raise LookupError("nothing tests the truth of this expression")


def _keyword_span(location: Location, node: ast.BoolOp, keyword: str) -> Span:
    """The keyword after the first operand that is one of leadquery's types."""
    pairs = [*pairwise(node.values)]
    pair = next((pair for pair in pairs if location.types.is_operand(pair[0])), pairs[0])
    return operator_span(location, keyword, *pair)


def operator_span(location: Location, operator: str, left: ast.expr, right: ast.expr) -> Span:
    statement = location.statement
    return location.find_token(operator, statement.span(left)[1], statement.span(right)[0])


def is_target(misuse: Misuse, *operands: Messages) -> bool:
    target = misuse.target
    return is_a(target, NotBoolean) and any(target._messages is one for one in operands)  # type: ignore[attr-defined]
