"""`and`, `or`, `not` and the conditional expression, written as conditions join."""

from __future__ import annotations

import ast
from itertools import pairwise
from typing import Any, Final

from leadquery._explain.alternatives import as_membership
from leadquery._explain.layout import join_arguments, join_operator, text_between
from leadquery._explain.rewriter import Rewriter, parenthesize
from leadquery._explain.switches import EACH, is_bool_flag, is_no_condition, literal
from leadquery.errors import QueryError
from leadquery.expr._guards import ATTRIBUTE, CONDITION, FIELD, QUERY, USER_CONDITION

OURS: Final = (CONDITION, FIELD, USER_CONDITION, ATTRIBUTE)

_EACH_SIDE: Final = "lead filters are joined by AND only; ask one query for each side"

SEVERAL: Final = f"{_EACH_SIDE}, and drop doubles by ProspectID"

_APART: Final = f"{_EACH_SIDE}, and none comes twice"

_SOMEBODY: Final = "owned_by names somebody; call it only if the other side holds"

_OPPOSITE: Final = "the opposite of it is an OR, and lead filters are joined by AND only"


def rewrite_boolop(writer: Rewriter, node: ast.BoolOp) -> str | None:
    """`and` and `or` between conditions."""
    ours = any(writer.scope.is_a(one, *OURS) for one in node.values)
    if not ours and node is not writer.raised:
        return None
    if any(writer.scope.is_a(one, QUERY) for one in node.values):
        writer.unsure()
    plain = [one for one in node.values if writer.scope.is_plain(one)]
    if isinstance(node.op, ast.Or) and any(map(literal, plain)):
        return _either(writer, node)
    if len(plain) == len(node.values) or any(is_no_condition(writer, one) for one in node.values):
        writer.unsure(EACH)
    if plain:
        return _where_it_holds(writer, node, plain)
    if isinstance(node.op, ast.Or):
        return _either(writer, node)
    texts = [as_condition(writer, one) for one in node.values]
    if _are_one(writer, node, texts) and not _has_comment(writer, node):
        return texts[0]
    if writer.is_listed(node):
        return join_arguments(writer, node.values, texts)
    return join_operator(writer, node.values, texts, "&")


def as_condition(writer: Rewriter, node: ast.expr) -> str:
    """A condition; a field that stands for one is asked for data, or whether it is true."""
    if not writer.scope.is_a(node, FIELD):
        return writer.text(node)
    field, truth = writer.segment(node), writer.scope.is_true_or_false(node)
    if truth is None:
        writer.unsure(f"compare the field, or write {field}.has_data()")
    return f"{field} == True" if truth else f"{field}.has_data()"


def _are_one(writer: Rewriter, node: ast.BoolOp, texts: list[str]) -> bool:
    """Whether sides are written in several ways and ask one thing of leads, as `A is None` and
    `A == ""` do.
    """
    ways = {writer.segment(one) for one in node.values}
    on_users = any(writer.scope.is_a(one, USER_CONDITION, ATTRIBUTE) for one in node.values)
    return len(set(texts)) == 1 < len(ways) and not on_users


def _has_comment(writer: Rewriter, node: ast.BoolOp) -> bool:
    return any("#" in text_between(writer, one, other) for one, other in pairwise(node.values))


def _are_apart(writer: Rewriter, node: ast.BoolOp, texts: list[str]) -> bool:
    """Whether two sides compare a field, and ask for leads without data in it."""
    fields = [one.left for one in node.values if isinstance(one, ast.Compare) and len(one.ops) == 1]
    without = [f"{writer.segment(one)}.has_no_data()" for one in fields]
    return len(texts) == 2 and any(one in texts for one in without)


def _either(writer: Rewriter, node: ast.BoolOp) -> str:
    texts = [writer.text(one) for one in node.values]
    if _are_one(writer, node, texts):
        if _has_comment(writer, node):
            writer.unsure(f"all sides say the same; write {texts[0]}")
        return texts[0]
    if all(writer.scope.is_a(one, USER_CONDITION) for one in node.values):
        return join_operator(writer, node.values, texts, "|")
    several = as_membership(writer, node.values, loose=True)
    if several is None and _are_apart(writer, node, texts):
        writer.unsure(_APART)
    if several is None:
        writer.unsure(EACH if any(map(literal, node.values)) else SEVERAL)
    gaps = "".join(text_between(writer, one, other) for one, other in pairwise(node.values))
    if several.values is None or ("#" in gaps and not any(map(literal, node.values))):
        return join_operator(writer, node.values, texts, "|")
    return f"{several.field}.is_in([{', '.join(several.values)}])"


def _where_it_holds(writer: Rewriter, node: ast.BoolOp, plain: list[ast.expr]) -> str:
    """Conditions beside plain values: they count where the values hold."""
    if not all(is_bool_flag(writer, one) for one in plain):
        writer.unsure(EACH)
    if any(writer.scope.is_a(one, USER_CONDITION) for one in node.values):
        writer.unsure(_SOMEBODY)
    if not writer.is_listed(node):
        writer.unsure("give the condition to where(...) only if the other side holds")
    ours = [as_condition(writer, one) for one in node.values if one not in plain]
    holding = [writer.source(*writer.outer_span(one)) for one in plain]
    conditions, held = ", ".join(ours), " and ".join(holding)
    if isinstance(node.op, ast.And):
        return f"*([{conditions}] if {held} else [])"
    if len(ours) > 1 or len(plain) > 1:
        writer.unsure()
    return f"*([] if {held} else [{conditions}])"


def rewrite_unary(writer: Rewriter, node: ast.UnaryOp) -> str | None:
    """`not` before a condition, and `~` before a field."""
    scope, side = writer.scope, node.operand
    if isinstance(node.op, ast.Not) and scope.is_a(side, CONDITION):
        has_opposite(writer, node)
        text = writer.outer(side)
        return f"~{text if writer.is_bracketed(side) else parenthesize(text)}"
    if isinstance(node.op, (ast.Not, ast.Invert)) and scope.is_a(side, FIELD):
        field, truth = writer.text(side), scope.is_true_or_false(side)
        if truth is None:
            writer.unsure(f"compare the field, or write {field}.has_no_data()")
        return f"{field} == False" if truth else f"{field}.has_no_data()"
    if isinstance(node.op, (ast.Not, ast.Invert)) and scope.is_a(side, USER_CONDITION, ATTRIBUTE):
        writer.unsure("no opposite is known for users; name those who do meet it")
    return None


def has_opposite(writer: Rewriter, node: ast.UnaryOp) -> None:
    """Refuse the opposite of conditions that are joined by AND."""
    side = node.operand
    if isinstance(side, ast.BoolOp) and isinstance(side.op, ast.And):
        writer.unsure(_OPPOSITE)
    if isinstance(side, ast.BinOp) and isinstance(side.op, ast.BitAnd):
        writer.unsure(_OPPOSITE)
    if isinstance(side, ast.Compare) and len(side.ops) > 1:
        writer.unsure(_OPPOSITE)
    meant = writer.scope.meant(side)
    condition: Any = meant.value if meant is not None and meant.known else None
    if condition is None and node is writer.raised:
        condition = writer.slip.live
    try:
        _ = condition is None or ~condition  # One of our own.
    except QueryError:
        writer.unsure(_OPPOSITE)


def rewrite_ifexp(writer: Rewriter, node: ast.IfExp) -> str | None:
    """A condition that counts only if something holds, the other arm being no condition."""
    arms = [node.body, node.orelse]
    ours = [one for one in arms if writer.scope.is_a(one, CONDITION, USER_CONDITION)]
    others = [one for one in arms if one not in ours]
    if writer.scope.is_a(node.test, *OURS):
        writer.unsure()
    if not (len(ours) == 1 and writer.is_listed(node) and _says_nothing(others[0])):
        return None
    if writer.scope.is_a(ours[0], USER_CONDITION):
        writer.unsure(_SOMEBODY)
    test, text = writer.outer(node.test), writer.text(ours[0])
    pair = (f"[{text}]", "[]") if ours[0] is node.body else ("[]", f"[{text}]")
    return f"*({pair[0]} if {test} else {pair[1]})"


def _says_nothing(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and (node.value is None or node.value is True)
