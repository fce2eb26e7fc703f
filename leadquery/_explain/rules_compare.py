"""Comparisons that Python reads otherwise: chains, `in`, `is`, `== None`, and missing brackets."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from leadquery._explain.choices import are_nothing, check_list
from leadquery._explain.rewriter import Rewriter, parenthesize
from leadquery.expr._guards import ATTRIBUTE, CONDITION, FIELD, USER_CONDITION

SIGNS: Final[dict[type[ast.AST], str]] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}

_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}

_WORDS: Final = (FIELD, ATTRIBUTE)

_RUNNING: Final = (ast.Call, ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)


class Pair(NamedTuple):
    """Two neighbours of a comparison, and how they are compared."""

    left: ast.expr
    op: ast.cmpop
    right: ast.expr


def rewrite_compare(writer: Rewriter, node: ast.Compare) -> str | None:
    """A comparison, where it is no plain one."""
    sides = [node.left, *node.comparators]
    if any(
        _is_joining(writer, side) and _parts_conditions(writer, sides, at)
        for at, side in enumerate(sides)
    ):
        return _unbracketed(writer, node)
    if _is_inverted(writer, node.left):
        return f"~({_rest(writer, node)})"
    if _is_answered(writer, node):
        return writer.text(node.left)
    if not any(writer.scope.is_a(side, *_WORDS) for side in sides):
        return writer.unsure() if node is writer.raised else None
    pairs = [
        Pair(left, op, right) for (left, right), op in zip(pairwise(sides), node.ops, strict=True)
    ]
    return _chained(writer, node, pairs) if len(pairs) > 1 else rewrite_pair(writer, pairs[0])


def _is_answered(writer: Rewriter, node: ast.Compare) -> bool:
    """Whether a condition is compared with True, where the condition itself belongs."""
    side = node.comparators[0]
    said = isinstance(side, ast.Constant) and side.value is True and len(node.ops) == 1
    asks = said and isinstance(node.ops[0], (ast.Is, ast.Eq)) and writer.is_listed(node)
    return asks and writer.scope.is_a(node.left, CONDITION, USER_CONDITION)


def rewrite_pair(writer: Rewriter, pair: Pair) -> str | None:
    """One comparison; None where it is right."""
    left, op, right = pair
    if writer.scope.is_a(left, *_WORDS) and writer.scope.is_a(right, *_WORDS):
        both = f"{writer.segment(left)}, {writer.segment(right)}"
        writer.unsure(f"ask for both and compare them row by row: select({both})")
    if isinstance(op, (ast.In, ast.NotIn)):
        return _among(writer, pair)
    field, value = (left, right) if writer.scope.is_a(left, *_WORDS) else (right, left)
    if not writer.scope.is_a(field, *_WORDS) or not isinstance(value, ast.Constant):
        return None
    nothing = value.value is None or value.value == ""
    if nothing and isinstance(op, (ast.Eq, ast.NotEq, ast.Is, ast.IsNot)):
        if not writer.scope.is_a(field, FIELD):
            writer.unsure("a user attribute is compared with text only")
        data = "has_data" if isinstance(op, (ast.NotEq, ast.IsNot)) else "has_no_data"
        return f"{writer.outer(field)}.{data}()"
    if isinstance(op, (ast.Is, ast.IsNot)):
        sign = "==" if isinstance(op, ast.Is) else "!="
        return f"{writer.outer(field)} {sign} {writer.outer(value)}"
    return writer.unsure() if nothing else None


def _among(writer: Rewriter, pair: Pair) -> str:
    left, op, right = pair
    without = isinstance(op, ast.NotIn)
    one, other = writer.outer(left), writer.outer(right)
    if writer.scope.is_a(left, *_WORDS):
        if not writer.scope.offers(left, "is_in"):
            writer.unsure("a field of its kind has no .is_in; ask one query for each value")
        if without and not writer.scope.is_a(left, FIELD):
            writer.unsure("no opposite is known for users; name those who do meet it")
        if are_nothing(right) and writer.scope.is_a(left, FIELD):
            return f"{one}.{'has_data' if without else 'has_no_data'}()"
        check_list(writer, right)
        return f"{'~' * without}{one}.is_in({other})"
    method = "does_not_contain" if without else "contains"
    if writer.scope.offers(right, method):
        return f"{other}.{method}({one})"
    if without and not writer.scope.is_a(right, FIELD):
        writer.unsure("no opposite is known for users; name those who do meet it")
    return f"{other} {'!=' if without else '=='} {one}"


def _chained(writer: Rewriter, node: ast.Compare, pairs: list[Pair]) -> str:
    """A range, or two comparisons and more."""
    if len(pairs) == 2 and (text := _between(writer, *pairs)):
        return text
    if any(_runs(writer, pair.right) for pair in pairs[:-1]):
        writer.unsure("write two comparisons, with what is called in a name of its own")
    texts = [_half(writer, pair) for pair in pairs]
    if writer.is_listed(node):
        return ", ".join(texts)
    return " & ".join(map(parenthesize, texts))


def _runs(writer: Rewriter, middle: ast.expr) -> bool:
    """Whether the middle of a chain runs code, which two comparisons would run twice."""
    calls = [one for one in ast.walk(middle) if isinstance(one, _RUNNING)]
    if writer.scope.is_a(middle, *_WORDS) and isinstance(middle, ast.Call):
        given = [*middle.args, *(one.value for one in middle.keywords)]
        return not all(isinstance(one, ast.Constant) for one in given)
    return bool(calls)


def _between(writer: Rewriter, low: Pair, high: Pair) -> str | None:
    """Both ends included, as `between` reads them."""
    ends = {(ast.LtE, ast.LtE): (low.left, high.right), (ast.GtE, ast.GtE): (high.right, low.left)}
    found = ends.get((type(low.op), type(high.op)))
    if found is None or not writer.scope.offers(low.right, "between"):
        return None
    if any(map(writer.scope.is_ours, found)):
        return None
    start, end = map(writer.outer, found)
    return f"{writer.outer(low.right)}.between({start}, {end})"


def _half(writer: Rewriter, pair: Pair) -> str:
    """One half of a chain, the field first."""
    left, op, right = pair
    if not writer.scope.is_a(left, *_WORDS) and not writer.scope.is_a(right, *_WORDS):
        writer.unsure()
    text = rewrite_pair(writer, pair)
    if text is not None:
        return text
    sign = SIGNS[type(op)]
    if writer.scope.is_a(left, *_WORDS):
        return f"{writer.outer(left)} {sign} {writer.outer(right)}"
    return f"{writer.outer(right)} {_MIRRORED.get(sign, sign)} {writer.outer(left)}"


def _parts_conditions(writer: Rewriter, sides: list[ast.expr], at: int) -> bool:
    """Whether a side holds one of our things, or parts a field before it from one behind it."""
    if writer.scope.is_ours(sides[at]):
        return True
    return any(map(writer.scope.is_ours, sides[:at])) and any(
        map(writer.scope.is_ours, sides[at + 1 :])
    )


def _is_joining(writer: Rewriter, node: ast.AST) -> bool:
    """Whether `&` or `|` took a side of a comparison for its own."""
    joins = isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitAnd, ast.BitOr))
    return joins and not writer.is_bracketed(node)


def _is_inverted(writer: Rewriter, node: ast.AST) -> bool:
    if not isinstance(node, ast.UnaryOp) or not isinstance(node.op, ast.Invert):
        return False
    return not writer.is_bracketed(node) and writer.scope.is_a(node.operand, FIELD)


def _rest(writer: Rewriter, node: ast.Compare) -> str:
    """A comparison behind its `~`."""
    start = writer.outer_span(node.left.operand)[0]  # type: ignore[attr-defined]
    return writer.source(start, writer.statement.span(node)[1])


def _unbracketed(writer: Rewriter, node: ast.Compare) -> str:
    """Brackets around each comparison that `&` or `|` should join; what is in them stays."""
    written, at = "", writer.statement.span(node)[0]
    for first, last in _parts(writer, node):
        start, end = writer.outer_span(first)[0], writer.outer_span(last)[1]
        written += writer.source(at, start)
        if first is last:
            written += writer.source(start, end)
        elif isinstance(first, ast.UnaryOp) and _is_inverted(writer, first):
            written += f"~({writer.source(writer.outer_span(first.operand)[0], end)})"
        else:
            written += f"({writer.source(start, end)})"
        at = end
    return written


def _parts(writer: Rewriter, node: ast.Compare) -> list[tuple[ast.expr, ast.expr]]:
    """The first and the last operand of each comparison between the signs."""
    parts: list[list[ast.expr]] = [[]]
    for side in (node.left, *node.comparators):
        operands = list(_operands(writer, side))
        parts[-1].append(operands[0])
        parts += [[one] for one in operands[1:]]
    return [(part[0], part[-1]) for part in parts]


def _operands(writer: Rewriter, node: ast.expr) -> Iterator[ast.expr]:
    """What stands between the signs."""
    if isinstance(node, ast.BinOp) and _is_joining(writer, node):
        yield from _operands(writer, node.left)
        yield from _operands(writer, node.right)
    else:
        yield node
