"""Rewrites attributes, calls and operators that leadquery has under another name or on another
object.
"""

from __future__ import annotations

import ast
from typing import Any, Final

from leadquery._explain.aliases import (
    EXTREME_METHODS,
    FIELD_ALIASES,
    KEYWORD_ALIASES,
    PATTERN_METHODS,
    QUERY_ALIASES,
    STATISTICS,
    counted_days,
)
from leadquery._explain.rewriter import JOINING_METHODS, NoSuggestionError, Rewriter
from leadquery._explain.rules_boolop import literal, rewrite_all_any
from leadquery._explain.rules_compare import NO_MEMBERSHIP, are_nothing, check_list, is_list
from leadquery._explain.rules_pages import rewrite_page_or_days
from leadquery._explain.type_inference import is_a
from leadquery.expr._guards import (
    ATTRIBUTE,
    CONDITION,
    FIELD,
    GROUP_CONDITION,
    QUERY,
    USER_CONDITION,
    Messages,
    NotBoolean,
)

_COMPARED: Final = (FIELD, ATTRIBUTE)

_OTHER_METHOD: Final = {"where": "owned_by", "owned_by": "where"}

_ARGUMENT_TYPES: Final = {"where": CONDITION, "owned_by": USER_CONDITION}

_NO_WILDCARDS: Final = "the API has no wildcards; write .contains(...) for a part of a text"

AGGREGATES: Final = (sum, max, min)
"""Functions of Python that are aggregates of a field."""


def rewrite_attribute(rewriter: Rewriter, node: ast.Attribute) -> str | None:
    """A method under its name in another library, or misspelled."""
    if _is_of(rewriter, node, QUERY):
        if (field := rewriter.types.name_for(node.attr, FIELD)) is not None:
            return field
        name = QUERY_ALIASES.get(node.attr.casefold()) or _suggested_name(rewriter, node)
        return _rename(rewriter, node, name)
    if _is_of(rewriter, node, *_COMPARED):
        alias = FIELD_ALIASES.get(node.attr.casefold(), "")
        supported = alias.isidentifier() and rewriter.types.supports(node.value, alias)
        return _rename(rewriter, node, alias if supported else _suggested_name(rewriter, node))
    if _is_of_module(rewriter, node):
        return _rename(rewriter, node, rewriter.detection.suggestion)
    return None


def _is_of(rewriter: Rewriter, node: ast.Attribute, *operands: Messages) -> bool:
    """Whether an attribute is looked up on one of these types."""
    if rewriter.types.is_type(node.value, *operands):
        return True
    target: Any = rewriter.detection.target
    is_failing = node is rewriter.failing_node and is_a(target, NotBoolean)
    return is_failing and target._messages in operands


def _is_of_module(rewriter: Rewriter, node: ast.Attribute) -> bool:
    return node is rewriter.failing_node and rewriter.detection.target is None


def _suggested_name(rewriter: Rewriter, node: ast.Attribute) -> str | None:
    is_failing = node is rewriter.failing_node and is_a(rewriter.detection.target, NotBoolean)
    return rewriter.detection.suggestion if is_failing else None


def _rename(rewriter: Rewriter, node: ast.Attribute, name: str | None) -> str | None:
    if name is None:
        if node is rewriter.failing_node:
            raise NoSuggestionError
        return None
    return f"{rewriter.before_name(node)}{name}"


def rewrite_call(rewriter: Rewriter, node: ast.Call) -> str | None:
    """A call that is written differently as a whole."""
    function = node.func
    if not isinstance(function, ast.Attribute):
        return _builtin_call(rewriter, node)
    name = function.attr.casefold()
    if _is_of(rewriter, function, QUERY):
        if (text := rewrite_page_or_days(rewriter, node, function)) is not None:
            return text
        if (text := _of_groups(rewriter, node, function)) is not None:
            return text
        method = QUERY_ALIASES.get(name, name)
        if method not in JOINING_METHODS:
            return None
        if node.keywords:
            return _keywords(rewriter, node, function, method)
        return _arguments_by_type(rewriter, node, function, method)
    if _is_of(rewriter, function, *_COMPARED):
        contains = rewriter.types.supports(function.value, "contains")
        if name in PATTERN_METHODS and function is rewriter.failing_node and contains:
            part = f"{rewriter.segment(function.value)}.contains({rewriter.arguments(node)})"
            raise NoSuggestionError(f"the API finds a part of a text wherever it occurs: {part}")
        return _field_method(rewriter, node, function, FIELD_ALIASES.get(name, name))
    if _is_of_module(rewriter, function):
        return _counted_days(rewriter, node, function)
    return None


def _builtin_call(rewriter: Rewriter, node: ast.Call) -> str | None:
    """`all` or `any` of several conditions; `bool` of one, where the condition itself belongs."""
    function = rewriter.types.value(node.func)
    if len(node.args) != 1 or node.keywords:
        return None
    if function is all or function is any:
        return rewrite_all_any(rewriter, node)
    [argument] = node.args
    if rewriter.types.is_type(argument, FIELD) and any(function is one for one in AGGREGATES):
        method = function.__name__
        is_aggregate = rewriter.types.supports(argument, method)
        return f"{rewriter.segment(argument)}.{method}()" if is_aggregate else None
    if function is not bool or not rewriter.is_argument(node):
        return None
    is_condition = rewriter.types.is_type(argument, CONDITION, USER_CONDITION)
    return rewriter.rewrite(argument) if is_condition else None


def _of_groups(rewriter: Rewriter, node: ast.Call, function: ast.Attribute) -> str | None:
    """Aggregates as methods of a query, orders, and conditions in the place of others."""
    name, before = function.attr.casefold(), rewriter.before_name(function)
    if name in STATISTICS and function is rewriter.failing_node:
        return f"{before}aggregate({_aggregate(rewriter, node, STATISTICS[name])})"
    if name in EXTREME_METHODS and function is rewriter.failing_node:
        return _extreme(rewriter, node, before, descending=EXTREME_METHODS[name])
    if QUERY_ALIASES.get(name) == "aggregate" and any(
        isinstance(one, ast.Dict) for one in node.args
    ):
        raise NoSuggestionError("write aggregate(count(), Score.average())")
    if QUERY_ALIASES.get(name) == "order_by" and node.keywords:
        return f"{before}order_by({_order(rewriter, node)})"
    conditions = [rewriter.types.is_type(one, GROUP_CONDITION) for one in node.args]
    if name == "where" and conditions and all(conditions) and not node.keywords:
        return f"{before}having({', '.join(map(rewriter.rewrite_outer, node.args))})"
    return None


def _aggregate(rewriter: Rewriter, node: ast.Call, method: str) -> str:
    """The aggregate that a call of a query names: `max(Score)` as `Score.max()`."""
    if not node.args or node.keywords:
        raise NoSuggestionError(f"write aggregate(Score.{method}())")
    field = _column(rewriter, node.args[0])
    if field is None:
        raise NoSuggestionError(f"write aggregate(Score.{method}())")
    return f"{field}.{method}({', '.join(map(rewriter.segment, node.args[1:]))})"


def _column(rewriter: Rewriter, node: ast.expr) -> str | None:
    """A field, also one that is given by its name."""
    if rewriter.types.is_type(node, FIELD):
        return rewriter.segment(node)
    text = literal(node)
    if text is None or not isinstance(text.value, str):
        return None
    return rewriter.types.name_for(text.value, FIELD)


def _extreme(rewriter: Rewriter, node: ast.Call, before: str, *, descending: bool) -> str:
    """`nlargest(5, Score)` as an order and a limit."""
    by = _column(rewriter, node.args[1]) if len(node.args) == 2 and not node.keywords else None
    if by is None:
        raise NoSuggestionError(f"write order_by(Score{'.desc()' if descending else ''}).limit(5)")
    direction = ".desc()" if descending else ""
    number = rewriter.segment(node.args[0])
    return f"{before}order_by({by}{direction}).limit({number})"


def _order(rewriter: Rewriter, node: ast.Call) -> str:
    """The arguments of a sort whose direction is a keyword."""
    [keyword] = node.keywords if len(node.keywords) == 1 else [None]
    value = keyword.value.value if keyword and isinstance(keyword.value, ast.Constant) else None
    if keyword is None or type(value) is not bool or keyword.arg not in _DIRECTIONS:
        raise NoSuggestionError("write order_by(column.desc())")
    descending = value is not (keyword.arg == "ascending")
    texts = [_column(rewriter, one) or rewriter.rewrite_outer(one) for one in node.args]
    return ", ".join(f"{text}.desc()" if descending else text for text in texts)


_DIRECTIONS: Final = ("ascending", "descending", "desc", "reverse")


def _counted_days(rewriter: Rewriter, node: ast.Call, function: ast.Attribute) -> str | None:
    """A period with a number in its name, such as `last_7_days`."""
    count = counted_days(function.attr)
    if count is None or node.args:
        return None
    arguments = ", ".join([count, *map(rewriter.segment, node.keywords)])
    return f"{rewriter.before_name(function)}last_days({arguments})"


def _field_method(
    rewriter: Rewriter, node: ast.Call, function: ast.Attribute, name: str
) -> str | None:
    """A method of a field that is an operator here, or has another meaning."""
    if name == "like":
        return _like(rewriter, node, function)
    if name == "~is_in":
        if not rewriter.types.supports(function.value, "is_in"):
            raise NoSuggestionError
        return f"~{rewriter.before_name(function)}is_in({rewriter.arguments(node)})"
    if name.isidentifier() or len(node.args) != 1:
        return None
    field, value = rewriter.rewrite_outer(function.value), rewriter.rewrite_outer(node.args[0])
    comparison = f"{field} {name} {value}"
    return comparison if rewriter.is_argument(node) else f"({comparison})"


def _like(rewriter: Rewriter, node: ast.Call, function: ast.Attribute) -> str:
    """`like` with a pattern that is a part of a text, or a whole text."""
    argument = node.args[0] if len(node.args) == 1 else None
    pattern = argument.value if isinstance(argument, ast.Constant) else None
    if not isinstance(pattern, str) or argument is None:
        raise NoSuggestionError("write .contains(...) for a part of a text")
    quote, part = rewriter.segment(argument)[-1], pattern.strip("%")
    if not part or any(special in part for special in ("%", "_", "\\", quote)):
        raise NoSuggestionError(_NO_WILDCARDS)
    field = rewriter.rewrite_outer(function.value)
    if pattern == f"%{part}%" and rewriter.types.supports(function.value, "contains"):
        return f"{field}.contains({quote}{part}{quote})"
    if pattern == part:
        return f"{field} == {quote}{part}{quote}"
    raise NoSuggestionError(
        "the API cannot match the beginning or the end of a text; write .contains(...)"
    )


def _keywords(rewriter: Rewriter, node: ast.Call, function: ast.Attribute, method: str) -> str:
    """Keywords as comparisons."""
    compared = FIELD if method == "where" else ATTRIBUTE
    conditions = [*map(rewriter.rewrite_outer, node.args)]
    conditions += [_keyword(rewriter, keyword, compared) for keyword in node.keywords]
    return f"{rewriter.before_name(function)}{method}({', '.join(conditions)})"


def _keyword(rewriter: Rewriter, keyword: ast.keyword, compared: Messages) -> str:
    name, _, lookup = (keyword.arg or "").partition("__")
    field = rewriter.types.name_for(name, compared, loose=True)
    operator = KEYWORD_ALIASES.get(lookup, "" if lookup else "==")
    if operator == "==" and is_list(rewriter, keyword.value):
        operator = "is_in"
    if not operator or field is None:
        raise NoSuggestionError
    value = rewriter.rewrite_outer(keyword.value)
    is_nothing = operator == "==" and are_nothing(ast.List([keyword.value]))
    if operator == "has_no_data" or is_nothing:
        if operator == "has_no_data" and value not in ("True", "False"):
            raise NoSuggestionError
        return f"{field}.{'has_data' if value == 'False' else 'has_no_data'}()"
    if operator == "is_in":
        check_list(rewriter, keyword.value)
        if not rewriter.types.supports(ast.parse(field, mode="eval").body, "is_in"):
            raise NoSuggestionError(NO_MEMBERSHIP)
    return (
        f"{field}.{operator}({value})" if operator.isidentifier() else f"{field} {operator} {value}"
    )


def _arguments_by_type(
    rewriter: Rewriter, node: ast.Call, function: ast.Attribute, method: str
) -> str | None:
    """Conditions on users that were passed to `where`, or on leads to `owned_by`."""
    other = _OTHER_METHOD[method]
    unpacked = _unpack_list(rewriter, node, _ARGUMENT_TYPES[method])
    if unpacked is not None:
        return f"{rewriter.before_name(function)}{method}{unpacked}"
    only = node.args[0] if len(node.args) == 1 else None
    is_true = isinstance(only, ast.Constant) and only.value is True
    if is_true and only is rewriter.failing_node:
        # Every lead meets True.
        return f"{rewriter.before_name(function)}where()"
    others = [one for one in node.args if rewriter.types.is_type(one, _ARGUMENT_TYPES[other])]
    if not others:
        return None
    rest = [argument for argument in node.args if argument not in others]
    calls = [(method, rest)] * bool(rest) + [(other, others)]
    texts = [f"{name}({', '.join(map(rewriter.rewrite_outer, args))})" for name, args in calls]
    return rewriter.before_name(function) + ".".join(texts)


def _unpack_list(rewriter: Rewriter, node: ast.Call, operand: Messages) -> str | None:
    """The parentheses of a call and the items of the list that is its only argument."""
    only = node.args[0] if len(node.args) == 1 else None
    if not isinstance(only, ast.List) or not only.elts or only is rewriter.failing_node:
        return None
    if not all(rewriter.types.is_type(item, operand) for item in only.elts):
        return None
    start, end = rewriter.statement.span(only)
    before = rewriter.source(rewriter.statement.span(node.func)[1], start)
    after = rewriter.source(end, rewriter.statement.span(node)[1])
    return before + rewriter.rewrite(only)[1:-1] + after
