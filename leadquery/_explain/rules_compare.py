"""Rewrites comparisons: chains, `in`, `is`, `== None`, and missing parentheses."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final, NamedTuple

from leadquery._explain.rewriter import NoSuggestionError, Rewriter, parenthesize
from leadquery._explain.rules_boolop import literal
from leadquery._explain.type_inference import is_a
from leadquery.expr._guards import ATTRIBUTE, CONDITION, FIELD, USER_CONDITION, NotBoolean

NO_MEMBERSHIP: Final = "a field of its kind has no .is_in; ask one query for each value"

_OPERATORS: Final[dict[type[ast.AST], str]] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}

_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}

_COMPARED: Final = (FIELD, ATTRIBUTE)

_LIST_NODES: Final = (ast.List, ast.Tuple, ast.Set)

_LISTS: Final = (list, tuple, set, frozenset)

_EFFECTS: Final = (ast.Call, ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)

_EMPTY: Final = "the list is empty; give it at least one value"


class Pair(NamedTuple):
    """Two operands of a comparison and the operator between them."""

    left: ast.expr
    operator: ast.cmpop
    right: ast.expr


def rewrite_compare(rewriter: Rewriter, node: ast.Compare) -> str | None:
    """A comparison; None if it is right."""
    sides = [node.left, *node.comparators]
    if any(_separates_conditions(rewriter, sides, index) for index in range(len(sides))):
        return _parenthesize_comparisons(rewriter, node)
    if _is_inverted_field(rewriter, node.left):
        return f"~({_after_invert(rewriter, node)})"
    if _is_compared_with_true(rewriter, node):
        return rewriter.rewrite(node.left)
    if not any(rewriter.types.is_type(side, *_COMPARED) for side in sides):
        if node is rewriter.failing_node:
            raise NoSuggestionError
        return None
    pairs = [
        Pair(left, operator, right)
        for (left, right), operator in zip(pairwise(sides), node.ops, strict=True)
    ]
    return _chain(rewriter, node, pairs) if len(pairs) > 1 else rewrite_pair(rewriter, pairs[0])


def rewrite_pair(rewriter: Rewriter, pair: Pair) -> str | None:
    """One comparison of a field; None if it is right."""
    left, operator, right = pair
    types = rewriter.types
    if types.is_type(left, *_COMPARED) and types.is_type(right, *_COMPARED):
        both = f"{rewriter.segment(left)}, {rewriter.segment(right)}"
        raise NoSuggestionError(f"ask for both and compare them row by row: select({both})")
    if isinstance(operator, (ast.In, ast.NotIn)):
        return _membership(rewriter, pair)
    field, value = (left, right) if types.is_type(left, *_COMPARED) else (right, left)
    if not types.is_type(field, *_COMPARED) or not isinstance(value, ast.Constant):
        return None
    if is_nothing(value) and isinstance(operator, (ast.Eq, ast.NotEq, ast.Is, ast.IsNot)):
        if not types.is_type(field, FIELD):
            raise NoSuggestionError("a user attribute is compared with text only")
        method = "has_data" if isinstance(operator, (ast.NotEq, ast.IsNot)) else "has_no_data"
        return f"{rewriter.rewrite_outer(field)}.{method}()"
    if isinstance(operator, (ast.Is, ast.IsNot)):
        sign = "==" if isinstance(operator, ast.Is) else "!="
        return f"{rewriter.rewrite_outer(field)} {sign} {rewriter.rewrite_outer(value)}"
    if is_nothing(value):
        raise NoSuggestionError
    return None


def is_nothing(node: ast.expr) -> bool:
    """Whether an expression is None or the empty string, which stand for no data."""
    return isinstance(node, ast.Constant) and node.value in (None, "")


def are_nothing(node: ast.expr) -> bool:
    """Whether an expression is a list of None and empty strings only."""
    return isinstance(node, _LIST_NODES) and bool(node.elts) and all(map(is_nothing, node.elts))


def is_list(rewriter: Rewriter, node: ast.expr) -> bool:
    """Whether an expression is a list of values."""
    return isinstance(node, _LIST_NODES) or type(_variable(rewriter, node)) in _LISTS


def check_list(rewriter: Rewriter, node: ast.expr) -> None:
    """Give up a list that is empty, or holds fields, or no data beside values."""
    if isinstance(node, _LIST_NODES):
        if not node.elts:
            raise NoSuggestionError(_EMPTY)
        for item in node.elts:
            if literal(item) is None and is_nothing(item):
                raise NoSuggestionError(
                    "ask for leads without data by a query of their own, with has_no_data()"
                )
            if literal(item) is None and rewriter.types.is_operand(item):
                raise NoSuggestionError(
                    "the API compares fields with values only; compare them row by row"
                )
    value = _variable(rewriter, node)
    if type(value) in _LISTS:
        if not value:
            raise NoSuggestionError(_EMPTY)
        if any(item is None or is_a(item, NotBoolean) for item in value):
            raise NoSuggestionError


def _variable(rewriter: Rewriter, node: ast.expr) -> Any:
    return rewriter.types.value(node) if isinstance(node, (ast.Name, ast.Attribute)) else None


def _membership(rewriter: Rewriter, pair: Pair) -> str:
    """`field in values`, or `value in field`."""
    left, operator, right = pair
    types, negated = rewriter.types, isinstance(operator, ast.NotIn)
    left_text, right_text = rewriter.rewrite_outer(left), rewriter.rewrite_outer(right)
    if types.is_type(left, *_COMPARED):
        if not types.supports(left, "is_in"):
            raise NoSuggestionError(NO_MEMBERSHIP)
        if are_nothing(right) and types.is_type(left, FIELD):
            return f"{left_text}.{'has_data' if negated else 'has_no_data'}()"
        check_list(rewriter, right)
        return f"{'~' * negated}{left_text}.is_in({right_text})"
    method = "does_not_contain" if negated else "contains"
    if types.supports(right, method):
        return f"{right_text}.{method}({left_text})"
    if negated and not types.is_type(right, FIELD):
        return f"~({right_text} == {left_text})"
    return f"{right_text} {'!=' if negated else '=='} {left_text}"


def _chain(rewriter: Rewriter, node: ast.Compare, pairs: list[Pair]) -> str:
    """A chain as a range, or as several comparisons."""
    if len(pairs) == 2 and (text := _between(rewriter, *pairs)):
        return text
    if any(_has_effects(rewriter, pair.right) for pair in pairs[:-1]):
        raise NoSuggestionError("write two comparisons, with the result of the call in a variable")
    texts = [_part_of_chain(rewriter, pair) for pair in pairs]
    if rewriter.is_argument(node):
        return ", ".join(texts)
    return " & ".join(map(parenthesize, texts))


def _between(rewriter: Rewriter, low: Pair, high: Pair) -> str | None:
    """`between`, if both ends are included."""
    ends: dict[tuple[type[ast.cmpop], ...], tuple[ast.expr, ast.expr]] = {
        (ast.LtE, ast.LtE): (low.left, high.right),
        (ast.GtE, ast.GtE): (high.right, low.left),
    }
    found = ends.get((type(low.operator), type(high.operator)))
    if found is None or not rewriter.types.supports(low.right, "between"):
        return None
    if any(map(rewriter.types.is_operand, found)):
        return None
    start, end = map(rewriter.rewrite_outer, found)
    return f"{rewriter.rewrite_outer(low.right)}.between({start}, {end})"


def _has_effects(rewriter: Rewriter, node: ast.expr) -> bool:
    """Whether the middle of a chain runs code, which two comparisons would run twice."""
    if rewriter.types.is_type(node, *_COMPARED) and isinstance(node, ast.Call):
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        return not all(isinstance(argument, ast.Constant) for argument in arguments)
    return any(isinstance(child, _EFFECTS) for child in ast.walk(node))


def _part_of_chain(rewriter: Rewriter, pair: Pair) -> str:
    """One comparison of a chain, the field first."""
    left, operator, right = pair
    types = rewriter.types
    if not types.is_type(left, *_COMPARED) and not types.is_type(right, *_COMPARED):
        raise NoSuggestionError
    text = rewrite_pair(rewriter, pair)
    if text is not None:
        return text
    sign = _OPERATORS[type(operator)]
    if types.is_type(left, *_COMPARED):
        return f"{rewriter.rewrite_outer(left)} {sign} {rewriter.rewrite_outer(right)}"
    sign = _MIRRORED.get(sign, sign)
    return f"{rewriter.rewrite_outer(right)} {sign} {rewriter.rewrite_outer(left)}"


def _is_compared_with_true(rewriter: Rewriter, node: ast.Compare) -> bool:
    """Whether a condition is compared with True where the condition itself belongs."""
    right = node.comparators[0]
    is_true = isinstance(right, ast.Constant) and right.value is True and len(node.ops) == 1
    equal = is_true and isinstance(node.ops[0], (ast.Is, ast.Eq)) and rewriter.is_argument(node)
    return equal and rewriter.types.is_type(node.left, CONDITION, USER_CONDITION)


def _separates_conditions(rewriter: Rewriter, sides: list[ast.expr], index: int) -> bool:
    """Whether a side is `&` or `|` that took operands of two comparisons for its own."""
    if not _is_bare_join(rewriter, sides[index]):
        return False
    is_operand = rewriter.types.is_operand
    before, after = sides[:index], sides[index + 1 :]
    return is_operand(sides[index]) or (
        any(map(is_operand, before)) and any(map(is_operand, after))
    )


def _is_bare_join(rewriter: Rewriter, node: ast.AST) -> bool:
    is_join = isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitAnd, ast.BitOr))
    return is_join and not rewriter.is_parenthesized(node)


def _is_inverted_field(rewriter: Rewriter, node: ast.AST) -> bool:
    if not isinstance(node, ast.UnaryOp) or not isinstance(node.op, ast.Invert):
        return False
    return not rewriter.is_parenthesized(node) and rewriter.types.is_type(node.operand, FIELD)


def _after_invert(rewriter: Rewriter, node: ast.Compare) -> str:
    """A comparison without the `~` before its field."""
    start = rewriter.outer_span(node.left.operand)[0]  # type: ignore[attr-defined]
    return rewriter.source(start, rewriter.statement.span(node)[1])


def _parenthesize_comparisons(rewriter: Rewriter, node: ast.Compare) -> str:
    """Parentheses around each comparison that `&` or `|` should join."""
    text, position = "", rewriter.statement.span(node)[0]
    for first, last in _joined_comparisons(rewriter, node):
        start, end = rewriter.outer_span(first)[0], rewriter.outer_span(last)[1]
        text += rewriter.source(position, start)
        if first is last:
            text += rewriter.source(start, end)
        elif isinstance(first, ast.UnaryOp) and _is_inverted_field(rewriter, first):
            text += f"~({rewriter.source(rewriter.outer_span(first.operand)[0], end)})"
        else:
            text += f"({rewriter.source(start, end)})"
        position = end
    return text


def _joined_comparisons(rewriter: Rewriter, node: ast.Compare) -> list[tuple[ast.expr, ast.expr]]:
    """The first and the last operand of each comparison between `&` and `|`."""
    parts: list[list[ast.expr]] = [[]]
    for side in (node.left, *node.comparators):
        operands = list(_join_operands(rewriter, side))
        parts[-1].append(operands[0])
        parts += [[operand] for operand in operands[1:]]
    return [(part[0], part[-1]) for part in parts]


def _join_operands(rewriter: Rewriter, node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and _is_bare_join(rewriter, node):
        yield from _join_operands(rewriter, node.left)
        yield from _join_operands(rewriter, node.right)
    else:
        yield node
