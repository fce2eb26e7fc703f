"""Rewrites limits, offsets and days, which queries have under other names or later."""

from __future__ import annotations

import ast
import re
from typing import Any, Final

from leadquery._explain.aliases import DAY_METHODS, LIMIT_METHODS, OFFSET_METHODS, RECENT_METHODS
from leadquery._explain.rewriter import NoSuggestionError, Rewriter
from leadquery._explain.rules_boolop import literal

_OUTPUTS: Final = ("count().order_by(count().desc())", "select(...)")
"""What comes before a limit: of groups, and of leads."""

_WHOLE_PAGES: Final = "page(n, size) leaves out n - 1 whole pages of that size"

_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def rewrite_page_or_days(rewriter: Rewriter, node: ast.Call, function: ast.Attribute) -> str | None:
    """`limit`, `offset`, `created_on`, `created_last` and their kind."""
    name = function.attr.casefold()
    called = getattr(function.value, "func", None)
    inner = called if isinstance(called, ast.Attribute) else None
    after_offset = inner is not None and inner.attr.casefold() in OFFSET_METHODS
    if name in OFFSET_METHODS or (name in LIMIT_METHODS and after_offset):
        return _offset_page(rewriter, node, function)
    is_early = inner is not None and _comes_too_early(rewriter, inner)
    if inner is not None and is_early and name == "select":
        # The limit of a list comes after its columns.
        size, columns = _limit(rewriter, function.value), rewriter.arguments(node)
        return f"{rewriter.before_name(inner)}{function.attr}({columns}).limit({size})"
    is_failing = function is rewriter.failing_node
    if name in LIMIT_METHODS and (is_failing or name != "limit"):
        call, before = f"limit({_limit(rewriter, node)})", rewriter.before_name(function)
        if _comes_too_early(rewriter, function):
            output = _OUTPUTS["group_by" in dir(rewriter.detection.target)]
            raise NoSuggestionError(f"write {before}{output}.{call}")
        return f"{before}{call}"
    if name in DAY_METHODS:
        return _one_day(rewriter, node, function)
    if name in RECENT_METHODS:
        return _recent_days(rewriter, node, function)
    return None


def _comes_too_early(rewriter: Rewriter, function: ast.Attribute) -> bool:
    """Whether Python stopped at a limit of a query without an output."""
    is_limit = function is rewriter.failing_node and function.attr.casefold() in LIMIT_METHODS
    return is_limit and not hasattr(type(rewriter.detection.target), "limit")


def _limit(rewriter: Rewriter, node: Any) -> str:
    """The number of a call of `limit` or `head`."""
    [size] = node.args if len(node.args) == 1 and not node.keywords else [None]
    text = None if size is None else literal(size)
    if size is None or (text is not None and type(text.value) is not int):
        return "100"
    return rewriter.rewrite_outer(size)


def _offset_page(rewriter: Rewriter, node: ast.Call, function: ast.Attribute) -> str:
    """The page after an offset, if the offset is a number of whole pages."""
    inner = function.value
    if not isinstance(inner, ast.Call) or not isinstance(inner.func, ast.Attribute):
        raise NoSuggestionError(_WHOLE_PAGES)
    name, inner_name = function.attr.casefold(), inner.func.attr.casefold()
    numbers = [_only_number(node), _only_number(inner)]
    offset, size = numbers if inner_name in LIMIT_METHODS else numbers[::-1]
    one_of_each = (name in LIMIT_METHODS) is not (inner_name in LIMIT_METHODS)
    if not size or offset is None or offset % size or not one_of_each:
        raise NoSuggestionError(_WHOLE_PAGES)
    return f"{rewriter.before_name(inner.func)}page({offset // size + 1}, {size})"


def _only_number(node: ast.Call) -> int | None:
    """The whole number that is the only argument of a call."""
    argument = node.args[0] if len(node.args) == 1 and not node.keywords else None
    number = argument.value if isinstance(argument, ast.Constant) else None
    return number if type(number) is int else None


def _one_day(rewriter: Rewriter, node: ast.Call, function: ast.Attribute) -> str:
    method, argument = DAY_METHODS[function.attr.casefold()], next(iter(node.args), None)
    is_name = isinstance(argument, (ast.Name, ast.Constant))
    day: Any = rewriter.types.value(argument) if is_name else None  # type: ignore[arg-type]
    only_tz = all(keyword.arg == "tz" for keyword in node.keywords)
    if len(node.args) != 1 or not only_tz or type(day) is not str or not _DAY.fullmatch(day):
        raise NoSuggestionError(f"write {method}(day, day), each such as '2026-01-31'")
    text = rewriter.segment(node.args[0])
    arguments = [text, text, *map(rewriter.segment, node.keywords)]
    return f"{rewriter.before_name(function)}{method}({', '.join(arguments)})"


def _recent_days(rewriter: Rewriter, node: ast.Call, function: ast.Attribute) -> str:
    method, periods = (
        RECENT_METHODS[function.attr.casefold()],
        rewriter.types.module_alias("periods"),
    )
    count = literal(node.args[0]) if len(node.args) == 1 and not node.keywords else None
    if periods is None or count is None or type(count.value) is not int:
        raise NoSuggestionError(
            f"write {method}(periods.last_days(n)) for n whole days before today"
        )
    days = rewriter.segment(node.args[0])
    return f"{rewriter.before_name(function)}{method}({periods}.last_days({days}))"
