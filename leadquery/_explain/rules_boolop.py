"""Rewrites what joins conditions: `and`, `or`, `not`, `&`, `|`, `if ... else`, `all` and `any`."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

from leadquery._explain.rewriter import (
    ASK_FOR_COUNT,
    NoSuggestionError,
    Rewriter,
    branch_of,
    is_not,
    parenthesize,
)
from leadquery._explain.type_inference import MISSING, are_all
from leadquery.expr._guards import (
    AGGREGATE,
    ATTRIBUTE,
    CONDITION,
    FIELD,
    GROUP_CONDITION,
    QUERY,
    USER_CONDITION,
    Messages,
)

_CONDITION_EACH: Final = "write each side as a condition of its own"

_OWNED_BY_IF: Final = "call owned_by only if the other side is true"

_NARROWS_ONLY: Final = (
    "a condition narrows a query and never widens it; ask one query for each side"
)

_OPERANDS: Final = (CONDITION, FIELD, USER_CONDITION, ATTRIBUTE, GROUP_CONDITION, AGGREGATE)

_CONDITIONS: Final = (CONDITION, USER_CONDITION, GROUP_CONDITION)

_LIST_NODES: Final = (ast.List, ast.Tuple, ast.Set)

_BOOL_FUNCTIONS: Final = (bool, len, isinstance, issubclass, hasattr, callable)
"""Built-in functions whose result is meant as true or false."""

_NEEDS_NO_PARENTHESES: Final = (ast.stmt, ast.BoolOp, ast.Call, ast.keyword)
"""Parents in which `&` and `|` need no parentheses."""


def rewrite_boolop(rewriter: Rewriter, node: ast.BoolOp) -> str | None:
    """`and` and `or` between conditions.

    `A > 5 and B == 1` becomes two arguments of `where`, `A > 5 or B == 1` becomes
    `(A > 5) | (B == 1)`, `A == 1 or 2` becomes `A.is_in([1, 2])`, and `flag and A > 5` becomes
    `*([A > 5] if flag else [])`.
    """
    types, values = rewriter.types, node.values
    ours = any(types.is_type(value, *_OPERANDS) for value in values)
    if not ours and node is not rewriter.failing_node:
        return None
    if any(types.is_type(value, QUERY) for value in values):
        raise NoSuggestionError
    plain = [value for value in values if types.is_plain(value)]
    if isinstance(node.op, ast.Or) and any(map(literal, plain)):
        return _rewrite_or(rewriter, node)
    if len(plain) == len(values) or any(_is_no_condition(rewriter, value) for value in values):
        raise NoSuggestionError(_CONDITION_EACH)
    if plain:
        return _rewrite_switch(rewriter, node, plain)
    if isinstance(node.op, ast.Or):
        return _rewrite_or(rewriter, node)
    texts = [as_condition(rewriter, value) for value in values]
    if _are_equivalent(rewriter, values, texts) and not _has_comment(rewriter, values):
        return texts[0]
    if rewriter.is_argument(node):
        return rewriter.join_arguments(values, texts)
    return rewriter.join_operator(values, texts, "&")


def as_condition(rewriter: Rewriter, node: ast.expr) -> str:
    """A condition; a field in its place is asked for data, or compared with True."""
    if not rewriter.types.is_type(node, FIELD):
        return rewriter.rewrite(node)
    field, is_boolean = rewriter.segment(node), rewriter.types.is_boolean(node)
    if is_boolean is None:
        raise NoSuggestionError(f"compare the field, or write {field}.has_data()")
    return f"{field} == True" if is_boolean else f"{field}.has_data()"


def _rewrite_or(rewriter: Rewriter, node: ast.BoolOp) -> str:
    values = node.values
    texts = [rewriter.rewrite(value) for value in values]
    if _are_equivalent(rewriter, values, texts):
        if _has_comment(rewriter, values):
            raise NoSuggestionError(f"all sides say the same; write {texts[0]}")
        return texts[0]
    membership = as_membership(rewriter, values, bare_values=True)
    has_literal = any(map(literal, values))
    if membership is None and has_literal:
        raise NoSuggestionError(_CONDITION_EACH)
    keeps_comment = _has_comment(rewriter, values) and not has_literal
    if membership is None or membership.values is None or keeps_comment:
        return rewriter.join_operator(values, texts, "|")
    return f"{membership.field}.is_in([{', '.join(membership.values)}])"


def _rewrite_switch(rewriter: Rewriter, node: ast.BoolOp, plain: list[ast.expr]) -> str:
    """Conditions beside plain values that switch them on or off, as in `flag and Score < 5`."""
    if not all(_is_bool_flag(rewriter, value) for value in plain):
        raise NoSuggestionError(_CONDITION_EACH)
    if any(rewriter.types.is_type(value, USER_CONDITION) for value in node.values):
        raise NoSuggestionError(_OWNED_BY_IF)
    if not rewriter.is_argument(node):
        raise NoSuggestionError("give the condition to where(...) only if the other side is true")
    ours = [as_condition(rewriter, value) for value in node.values if value not in plain]
    flags = [rewriter.source(*rewriter.outer_span(value)) for value in plain]
    conditions, flag = ", ".join(ours), " and ".join(flags)
    if isinstance(node.op, ast.And):
        return f"*([{conditions}] if {flag} else [])"
    if len(ours) > 1 or len(plain) > 1:
        raise NoSuggestionError
    return f"*([] if {flag} else [{conditions}])"


def _are_equivalent(rewriter: Rewriter, nodes: Sequence[ast.expr], texts: list[str]) -> bool:
    """Whether sides are written differently and mean the same, as `A is None` and `A == ""`."""
    sources = {rewriter.segment(node) for node in nodes}
    on_users = any(rewriter.types.is_type(node, USER_CONDITION, ATTRIBUTE) for node in nodes)
    return len(set(texts)) == 1 < len(sources) and not on_users


def _has_comment(rewriter: Rewriter, nodes: Sequence[ast.expr]) -> bool:
    return any("#" in rewriter.text_between(left, right) for left, right in pairwise(nodes))


def rewrite_unary(rewriter: Rewriter, node: ast.UnaryOp) -> str | None:
    """`not` before a condition, `not` and `~` before a field."""
    types, operand = rewriter.types, node.operand
    if isinstance(node.op, ast.Not) and types.is_type(operand, *_CONDITIONS):
        text = rewriter.rewrite_outer(operand)
        return f"~{text if rewriter.is_parenthesized(operand) else parenthesize(text)}"
    if not isinstance(node.op, (ast.Not, ast.Invert)):
        return None
    if types.is_type(operand, FIELD):
        field, is_boolean = rewriter.rewrite(operand), types.is_boolean(operand)
        if is_boolean is None:
            raise NoSuggestionError(f"compare the field, or write {field}.has_no_data()")
        return f"{field} == False" if is_boolean else f"{field}.has_no_data()"
    return None


def rewrite_ifexp(rewriter: Rewriter, node: ast.IfExp) -> str | None:
    """A condition that counts only if a test holds: `Score < 5 if flag else None`."""
    types, arms = rewriter.types, (node.body, node.orelse)
    ours = [arm for arm in arms if types.is_type(arm, *_CONDITIONS)]
    others = [arm for arm in arms if arm not in ours]
    if types.is_type(node.test, *_OPERANDS):
        raise NoSuggestionError
    if len(ours) != 1 or not rewriter.is_argument(node) or not _is_none_or_true(others[0]):
        return None
    if types.is_type(ours[0], USER_CONDITION):
        raise NoSuggestionError(_OWNED_BY_IF)
    test, text = rewriter.rewrite_outer(node.test), rewriter.rewrite(ours[0])
    body, orelse = (f"[{text}]", "[]") if ours[0] is node.body else ("[]", f"[{text}]")
    return f"*({body} if {test} else {orelse})"


def _is_none_or_true(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and (node.value is None or node.value is True)


def rewrite_all_any(rewriter: Rewriter, node: ast.Call) -> str | None:
    """`all` or `any` of several conditions; None for a list of anything else."""
    items: Any = node.args[0]
    is_literal = isinstance(items, _LIST_NODES)
    if is_literal and not rewriter.types.is_type(node, *_CONDITIONS):
        return None
    operand = next((one for one in _CONDITIONS if _holds_only(rewriter, items, one)), None)
    if operand is None:
        if is_literal:
            raise NoSuggestionError(_CONDITION_EACH)
        return None
    if branch_of(rewriter.statement, node):
        raise NoSuggestionError(ASK_FOR_COUNT)
    is_all = rewriter.types.value(node.func) is all
    if not is_literal:
        return _unpack(rewriter, node, operand, is_all=is_all)
    if len(items.elts) > 1 and not is_all:
        return _rewrite_any(rewriter, node, operand)
    if rewriter.is_argument(node):
        return _items_as_arguments(rewriter, node)
    return _join_items(rewriter, node, "&")


def _holds_only(rewriter: Rewriter, items: Any, operand: Messages) -> bool:
    """Whether a list holds conditions of one type only, as far as it can be read."""
    if isinstance(items, (ast.Name, ast.Attribute)):
        return are_all(rewriter.types.value(items), operand)
    is_comprehension = isinstance(items, (ast.ListComp, ast.GeneratorExp))
    elements = [items.elt] if is_comprehension else getattr(items, "elts", [])
    return bool(elements) and all(rewriter.types.is_type(one, operand) for one in elements)


def _unpack(rewriter: Rewriter, node: ast.Call, operand: Messages, *, is_all: bool) -> str:
    """A list that is a variable, or a comprehension."""
    source = rewriter.segment(node.args[0])
    if not is_all:
        raise NoSuggestionError(f"join them by |, as functools.reduce(operator.or_, {source}) does")
    _check_comments(rewriter, node, node.args)
    if not rewriter.is_argument(node):
        method = "where" if operand is CONDITION else "owned_by"
        raise NoSuggestionError(f"give them to {method}(*{source})")
    return f"*{source}"


def _items_as_arguments(rewriter: Rewriter, node: ast.Call) -> str:
    items: Any = node.args[0]
    (start, end), text = rewriter.statement.span(items), rewriter.rewrite(items)
    first, last = rewriter.outer_span(items.elts[0])[0], rewriter.outer_span(items.elts[-1])[1]
    _check_comments(rewriter, node, items.elts)
    return text[first - start : len(text) - (end - last)]


def _rewrite_any(rewriter: Rewriter, node: ast.Call, operand: Messages) -> str:
    elements: list[ast.expr] = node.args[0].elts  # type: ignore[attr-defined]  # A list.
    if operand is CONDITION:
        membership = as_membership(rewriter, elements)
        if membership is not None and membership.values is not None:
            _check_comments(rewriter, node, elements, between=True)
            return f"{membership.field}.is_in([{', '.join(membership.values)}])"
    return _join_items(rewriter, node, "|")


def _join_items(rewriter: Rewriter, node: ast.Call, operator: str) -> str:
    elements: list[ast.expr] = node.args[0].elts  # type: ignore[attr-defined]  # A list.
    _check_comments(rewriter, node, elements, between=True)
    text = f" {operator} ".join(parenthesize(rewriter.rewrite(item)) for item in elements)
    return text if isinstance(rewriter.parent(node), _NEEDS_NO_PARENTHESES) else f"({text})"


def _check_comments(
    rewriter: Rewriter, node: ast.Call, kept: list[ast.expr], *, between: bool = False
) -> None:
    """Give up if a comment around the kept parts of a call, or between them, would be lost."""
    start, end = rewriter.statement.span(node)
    lost = rewriter.source(start, rewriter.outer_span(kept[0])[0])
    lost += rewriter.source(rewriter.outer_span(kept[-1])[1], end)
    if "#" in lost or (between and _has_comment(rewriter, kept)):
        raise NoSuggestionError


class Membership(NamedTuple):
    """A field and the values that it may have; None for values that are in lists."""

    field: str
    values: list[str] | None


class _Side(NamedTuple):
    field: ast.expr | None
    value: ast.expr | None


def as_membership(
    rewriter: Rewriter, nodes: Sequence[ast.expr], *, bare_values: bool = False
) -> Membership | None:
    """The values of one field that the sides of an OR allow; None if they say anything else.

    With `bare_values`, sides may be values without a field, as in `A == 1 or 2`.
    """
    sides: list[_Side] = []
    for node in nodes:
        side = _equality(rewriter, node)
        if side is None and bare_values and literal(node):
            side = _Side(None, node)
        if side is None:
            return None
        sides.append(side)
    fields = [side.field for side in sides if side.field is not None]
    if not fields or len({_identity(rewriter, field) for field in fields}) > 1:
        return None
    if not rewriter.types.supports(fields[0], "is_in"):
        return None
    values = [side.value for side in sides if side.value is not None]
    has_all_values = len(values) == len(sides)
    if len(fields) < len(sides) and not (has_all_values and _are_same_type(values)):
        return None
    texts = [*map(rewriter.rewrite_outer, values)] if has_all_values else None
    return Membership(rewriter.segment(fields[0]), texts)


def _equality(rewriter: Rewriter, node: ast.expr) -> _Side | None:
    """The field and the value of an equality, or the field of a membership test."""
    is_type = rewriter.types.is_type
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = node.left, node.comparators[0]
        if isinstance(node.ops[0], ast.In) and is_type(left, FIELD):
            return _Side(left, None)
        if isinstance(node.ops[0], ast.Eq):
            for field, value in ((left, right), (right, left)):
                if is_type(field, FIELD):
                    nothing = isinstance(value, ast.Constant) and value.value in (None, "")
                    return None if nothing else _Side(field, value)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        is_membership = node.func.attr == "is_in" and is_type(node.func.value, FIELD)
        return _Side(node.func.value, None) if is_membership else None
    return None


def _are_same_type(values: list[ast.expr]) -> bool:
    """Whether values are literals, all strings or all numbers."""
    literals = [literal(value) for value in values]
    types = {isinstance(one.value, str) for one in literals if one is not None}
    return None not in literals and len(types) == 1


def _identity(rewriter: Rewriter, field: ast.expr) -> object:
    """Equal for two mentions of one field."""
    inferred = rewriter.types.infer(field)
    if inferred is None or inferred.value is MISSING:
        return ast.dump(field)
    return id(inferred.value)


def literal(node: ast.expr) -> ast.Constant | None:
    """The number or the non-empty string of an expression, with or without a sign."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        node = node.operand
    if not isinstance(node, ast.Constant) or node.value == "":
        return None
    return node if type(node.value) in (str, int, float) else None


def _is_bool_flag(rewriter: Rewriter, node: ast.expr) -> bool:
    """Whether a plain value is certainly a flag; a number or a text may be a value."""
    expressions = [child for child in ast.walk(node) if isinstance(child, ast.expr)]
    if any(map(rewriter.types.is_operand, expressions)):
        return False
    if isinstance(node, ast.NamedExpr):
        return _is_bool_flag(rewriter, node.value)
    if isinstance(node, ast.BoolOp):
        return all(_is_bool_flag(rewriter, value) for value in node.values)
    if isinstance(node, ast.Call):
        function = rewriter.types.value(node.func)
        return any(function is one for one in _BOOL_FUNCTIONS)
    if isinstance(node, (ast.Name, ast.Attribute, ast.Constant)):
        inferred = rewriter.types.infer(node)
        return inferred is not None and (inferred.cls is bool or inferred.cls is type(None))
    return isinstance(node, ast.Compare) or is_not(node)


def _is_no_condition(rewriter: Rewriter, node: ast.expr) -> bool:
    """Whether an expression of unknown type is certainly no condition."""
    if rewriter.types.infer(node) is not None:
        return False
    if is_not(node):
        return True
    if not isinstance(node, ast.Call) or isinstance(node.func, ast.Attribute):
        return False
    function = rewriter.types.value(node.func)
    return any(function is one for one in vars(builtins).values())


def rewrite_binop(rewriter: Rewriter, node: ast.BinOp) -> str | None:
    """`&` and `|` with something that is no condition: a query, a field, True."""
    if not isinstance(node.op, (ast.BitAnd, ast.BitOr)):
        return None
    is_and, types = isinstance(node.op, ast.BitAnd), rewriter.types
    pairs = ((node.left, node.right), (node.right, node.left))
    for query, condition in pairs:
        if types.is_type(query, QUERY):
            if not is_and or types.is_type(condition, QUERY):
                raise NoSuggestionError(_NARROWS_ONLY)
            method = "owned_by" if types.is_type(condition, USER_CONDITION) else "where"
            return f"{rewriter.rewrite_outer(query)}.{method}({rewriter.rewrite(condition)})"
    for true, condition in pairs:
        if isinstance(true, ast.Constant) and true.value is True and is_and:
            in_call = rewriter.is_argument(node)
            return rewriter.rewrite(condition) if in_call else rewriter.rewrite_outer(condition)
    if not any(types.is_type(side, FIELD) for side in pairs[0]):
        return None
    sides = [
        parenthesize(as_condition(rewriter, side))
        if types.is_type(side, FIELD)
        else rewriter.rewrite_outer(side)
        for side in pairs[0]
    ]
    return f"{sides[0]} {'&' if is_and else '|'} {sides[1]}"


def rewrite_assignment(rewriter: Rewriter, node: ast.AugAssign) -> str | None:
    """`query &= condition`."""
    if not rewriter.types.is_type(node.target, QUERY):
        return None
    if not isinstance(node.op, ast.BitAnd):
        raise NoSuggestionError(_NARROWS_ONLY)
    target, condition = rewriter.segment(node.target), rewriter.rewrite(node.value)
    return f"{target} = {target}.where({condition})"
