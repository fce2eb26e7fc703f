"""Calls and names that leadquery spells otherwise, or gives to another method."""

from __future__ import annotations

import ast
from typing import Any, Final

from leadquery._explain import days, pages
from leadquery._explain.aliases import (
    DAY_METHODS,
    FIELD_ALIASES,
    KEYWORD_ALIASES,
    LIMIT_METHODS,
    OFFSET_METHODS,
    PATTERN_METHODS,
    QUERY_ALIASES,
    RECENT_METHODS,
)
from leadquery._explain.choices import are_nothing, check_list, is_list
from leadquery._explain.gathered import rewrite_all_any
from leadquery._explain.rewriter import LISTS, Rewriter, parenthesize
from leadquery._explain.rules_boolop import as_condition
from leadquery.expr._guards import (
    ATTRIBUTE,
    CONDITION,
    FIELD,
    QUERY,
    USER_CONDITION,
    Messages,
    NotBoolean,
)

_WORDS: Final = (FIELD, ATTRIBUTE)

_OTHER: Final = {"where": "owned_by", "owned_by": "where"}

_BELONGS: Final = {"where": CONDITION, "owned_by": USER_CONDITION}

_NARROWED: Final = "a condition narrows a query and never widens it; ask one query for each side"


def rewrite_attribute(writer: Rewriter, node: ast.Attribute) -> str | None:
    """A method by its name in other libraries, or one that is misspelt."""
    if _is_of(writer, node, QUERY):
        if (field := writer.scope.spelt(node.attr, FIELD)) is not None:
            return field
        return _renamed(
            writer, node, QUERY_ALIASES.get(node.attr.casefold()) or _near(writer, node)
        )
    if _is_of(writer, node, *_WORDS):
        name = FIELD_ALIASES.get(node.attr.casefold(), "")
        known = name if name.isidentifier() and writer.scope.offers(node.value, name) else None
        return _renamed(writer, node, known or _near(writer, node))
    return _renamed(writer, node, writer.slip.near) if _is_of_a_module(writer, node) else None


def _is_of_a_module(writer: Rewriter, node: ast.Attribute) -> bool:
    return node is writer.raised and writer.slip.live is None


def _is_of(writer: Rewriter, node: ast.Attribute, *texts: object) -> bool:
    """Whether what stands before the dot is one of our things."""
    if writer.scope.is_a(node.value, *texts):  # type: ignore[arg-type]
        return True
    live = writer.slip.live
    return node is writer.raised and isinstance(live, NotBoolean) and live._messages in texts


def _near(writer: Rewriter, node: ast.Attribute) -> str | None:
    """The name that is meant, where Python stopped at one that is not there."""
    if node is not writer.raised or not isinstance(writer.slip.live, NotBoolean):
        return None
    return writer.slip.near


def _renamed(writer: Rewriter, node: ast.Attribute, name: str | None) -> str | None:
    if name is None:
        return writer.unsure() if node is writer.raised else None
    end = writer.statement.span(node.value)[1]
    dot = writer.source(end, writer.statement.span(node)[1] - len(node.attr))
    return f"{writer.text(node.value)}{dot}{name}"


def rewrite_call(writer: Rewriter, node: ast.Call) -> str | None:
    """A call that is spelt otherwise as a whole."""
    if not isinstance(node.func, ast.Attribute):
        return _answered(writer, node)
    name = node.func.attr.casefold()
    if _is_of(writer, node.func, QUERY):
        if (found := _otherwise(writer, node, name)) is not None:
            return found
        method = QUERY_ALIASES.get(name, name)
        if method in LISTS and node.keywords:
            return _keywords(writer, node, method)
        return _misplaced(writer, node, method) if method in LISTS else None
    if _is_of(writer, node.func, *_WORDS):
        contains = writer.scope.offers(node.func.value, "contains")
        if name in PATTERN_METHODS and node.func is writer.raised and contains:
            part = f"{writer.segment(node.func.value)}.contains({_arguments(writer, node)})"
            writer.unsure(f"the API finds a part of a text wherever it stands: {part}")
        return _asked(writer, node, FIELD_ALIASES.get(name, name))
    if _is_of_a_module(writer, node.func):
        return days.counted(writer, node, _before(writer, node))
    return None


def _otherwise(writer: Rewriter, node: ast.Call, name: str) -> str | None:
    """Rows and days that a query is asked for in other ways."""
    inner = getattr(getattr(node.func, "value", None), "func", None)
    skips = (
        name in LIMIT_METHODS
        and isinstance(inner, ast.Attribute)
        and inner.attr.casefold() in OFFSET_METHODS
    )
    if name in OFFSET_METHODS or skips:
        return pages.later(writer, node)
    for names, rule in (
        (LIMIT_METHODS, pages.first),
        (DAY_METHODS, days.one_day),
        (RECENT_METHODS, days.recent),
    ):
        if name in names:
            return rule(writer, node, _before(writer, node))
    return None


def _answered(writer: Rewriter, node: ast.Call) -> str | None:
    """`bool` of a condition, where the condition belongs; `all` or `any` of several."""
    made = writer.scope.value(node.func)
    if len(node.args) != 1 or node.keywords:
        return None
    if made is all or made is any:
        return rewrite_all_any(writer, node)
    if made is not bool:
        return None
    ours = writer.scope.is_a(node.args[0], CONDITION, USER_CONDITION)
    return writer.text(node.args[0]) if ours and writer.is_listed(node) else None


def _before(writer: Rewriter, node: ast.Call) -> str:
    """What stands before the name of a method, its dot included."""
    func: Any = node.func
    end = writer.statement.span(func.value)[1]
    name = writer.statement.span(func)[1] - len(func.attr)
    return writer.text(func.value) + writer.source(end, name)


def _asked(writer: Rewriter, node: ast.Call, name: str) -> str | None:
    """What is asked of a field by a method that is a sign here, or a word with another meaning."""
    owner = node.func.value  # type: ignore[attr-defined]  # A method is called.
    field = writer.outer(owner)
    if name == "like":
        return _alike(writer, node, field)
    if name == "~is_in":
        if not writer.scope.offers(owner, "is_in"):
            writer.unsure()
        return f"~{_before(writer, node)}is_in({_arguments(writer, node)})"
    if name.isidentifier() or len(node.args) != 1:
        return None
    comparison = f"{field} {name} {writer.outer(node.args[0])}"
    return comparison if writer.is_listed(node) else f"({comparison})"


def _alike(writer: Rewriter, node: ast.Call, field: str) -> str:
    """`like` with a pattern that is a part of a text, or a whole one."""
    given = node.args[0] if len(node.args) == 1 else None
    pattern = given.value if isinstance(given, ast.Constant) else None
    if not isinstance(pattern, str) or given is None:
        writer.unsure("write .contains(...) for a part of a text")
    quote = writer.segment(given)[-1]
    part = pattern.strip("%")
    if not part or "%" in part or "_" in part or quote in part or "\\" in part:
        writer.unsure("the API knows no wildcards; write .contains(...) for a part of a text")
    if pattern == f"%{part}%" and writer.scope.offers(node.func.value, "contains"):  # type: ignore[attr-defined]
        return f"{field}.contains({quote}{part}{quote})"
    if pattern == part:
        return f"{field} == {quote}{part}{quote}"
    return writer.unsure("the API knows no beginning and no end of a text; write .contains(...)")


def _arguments(writer: Rewriter, node: ast.Call) -> str:
    """What stands between the brackets of a call."""
    start, end = writer.statement.span(node.func)[1], writer.statement.span(node)[1]
    return writer.source(start, end).strip().removeprefix("(").removesuffix(")")


def _keywords(writer: Rewriter, node: ast.Call, method: str) -> str:
    """Keywords as comparisons."""
    conditions = [*map(writer.outer, node.args)]
    conditions += [_keyword(writer, one, _BELONGS[method]) for one in node.keywords]
    return f"{_before(writer, node)}{method}({', '.join(conditions)})"


def _keyword(writer: Rewriter, one: ast.keyword, belongs: object) -> str:
    name, _, way = (one.arg or "").partition("__")
    kind = FIELD if belongs is CONDITION else ATTRIBUTE
    field, sign = (
        writer.scope.spelt(name, kind, loose=True),
        KEYWORD_ALIASES.get(way, "" if way else "=="),
    )
    value = writer.outer(one.value)
    if sign == "==" and is_list(writer, one.value):
        sign = "is_in"
    if not sign:
        writer.unsure()
    if field is None:
        writer.unsure()
    if sign == "has_no_data" or (sign == "==" and are_nothing(ast.List([one.value]))):
        if sign == "has_no_data" and value not in ("True", "False"):
            writer.unsure()
        return f"{field}.{'has_data' if value == 'False' else 'has_no_data'}()"
    if sign == "is_in":
        check_list(writer, one.value)
        if not writer.scope.offers(ast.parse(field, mode="eval").body, "is_in"):
            writer.unsure("a field of its kind has no .is_in; ask one query for each value")
    return f"{field}.{sign}({value})" if sign.isidentifier() else f"{field} {sign} {value}"


def _misplaced(writer: Rewriter, node: ast.Call, method: str) -> str | None:
    """Conditions on users that `where` was given, or conditions on leads in `owned_by`."""
    other = _OTHER[method]
    if (unlisted := _unlisted(writer, node, _BELONGS[method])) is not None:
        return f"{_before(writer, node)}{method}{unlisted}"
    if _is_true(writer, node):
        return f"{_before(writer, node)}where()"
    theirs = [one for one in node.args if writer.scope.is_a(one, _BELONGS[other])]
    if not theirs:
        return None
    ours = [one for one in node.args if one not in theirs]
    calls = [(method, ours)] * bool(ours) + [(other, theirs)]
    said = [f"{name}({', '.join(map(writer.outer, given))})" for name, given in calls]
    return _before(writer, node) + ".".join(said)


def _unlisted(writer: Rewriter, node: ast.Call, texts: Messages) -> str | None:
    """What stands in the brackets of a call that was given one list, with what the list holds."""
    one = node.args[0] if len(node.args) == 1 else None
    if not isinstance(one, ast.List) or not one.elts or one is writer.raised:
        return None
    if not all(writer.scope.is_a(each, texts) for each in one.elts):
        return None
    start, end = writer.statement.span(one)
    before = writer.source(writer.statement.span(node.func)[1], start)
    return before + writer.text(one)[1:-1] + writer.source(end, writer.statement.span(node)[1])


def _is_true(writer: Rewriter, node: ast.Call) -> bool:
    """Whether all that a query was given is True: every lead meets that."""
    one = node.args[0] if len(node.args) == 1 else None
    return one is writer.raised and isinstance(one, ast.Constant) and one.value is True


def rewrite_binop(writer: Rewriter, node: ast.BinOp) -> str | None:
    """`&` and `|` with what is no condition: a query, a field, True."""
    if not isinstance(node.op, (ast.BitAnd, ast.BitOr)):
        return None
    left, right = node.left, node.right
    conjoined = isinstance(node.op, ast.BitAnd)
    for query, condition in ((left, right), (right, left)):
        if writer.scope.is_a(query, QUERY):
            if not conjoined or writer.scope.is_a(condition, QUERY):
                writer.unsure(_NARROWED)
            method = "owned_by" if writer.scope.is_a(condition, USER_CONDITION) else "where"
            return f"{writer.outer(query)}.{method}({writer.text(condition)})"
    for truth, condition in ((left, right), (right, left)):
        if isinstance(truth, ast.Constant) and truth.value is True and conjoined:
            return writer.text(condition) if writer.is_listed(node) else writer.outer(condition)
    if not any(writer.scope.is_a(one, FIELD) for one in (left, right)):
        return None
    sides = [
        parenthesize(as_condition(writer, one))
        if writer.scope.is_a(one, FIELD)
        else writer.outer(one)
        for one in (left, right)
    ]
    return f"{sides[0]} {'&' if conjoined else '|'} {sides[1]}"


def rewrite_assignment(writer: Rewriter, node: ast.AugAssign) -> str | None:
    """`query &= condition`; with another sign, as in `query |= condition`, it is no query."""
    if not writer.scope.is_a(node.target, QUERY):
        return None
    if not isinstance(node.op, ast.BitAnd):
        writer.unsure(_NARROWED)
    target, condition = writer.segment(node.target), writer.text(node.value)
    return f"{target} = {target}.where({condition})"
