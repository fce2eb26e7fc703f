"""Days that other libraries have methods for: one day is a range, the last ones are a period."""

from __future__ import annotations

import ast
import re
from typing import Any, Final

from leadquery._explain.aliases import DAY_METHODS, RECENT_METHODS, counted_days
from leadquery._explain.rewriter import Rewriter
from leadquery._explain.switches import literal

_A_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def one_day(writer: Rewriter, node: ast.Call, before: str) -> str:
    """A day as a range, where it is one."""
    name, given = _name(node), node.args[0] if len(node.args) == 1 else None
    known = writer.scope.value(given) if isinstance(given, (ast.Name, ast.Constant)) else None
    zoned = all(one.arg == "tz" for one in node.keywords)
    if given is None or type(known) is not str or not _A_DAY.fullmatch(known) or not zoned:
        writer.unsure(f"write {DAY_METHODS[name]}(day, day), each such as '2026-01-31'")
    day = writer.segment(given)
    said = [day, day, *map(writer.segment, node.keywords)]
    return f"{before}{DAY_METHODS[name]}({', '.join(said)})"


def recent(writer: Rewriter, node: ast.Call, before: str) -> str:
    """The days before today as a period."""
    way, room = RECENT_METHODS[_name(node)], writer.scope.room("periods")
    count = literal(node.args[0]) if len(node.args) == 1 and not node.keywords else None
    if room is None or count is None or type(count.value) is not int:
        writer.unsure(f"write {way}(periods.last_days(n)) for n whole days before today")
    return f"{before}{way}({room}.last_days({writer.segment(node.args[0])}))"


def counted(writer: Rewriter, node: ast.Call, before: str) -> str | None:
    """A period that has a number in its name."""
    count = counted_days(_name(node))
    if count is None or node.args:
        return None
    return f"{before}last_days({', '.join([count, *map(writer.segment, node.keywords)])})"


def _name(node: ast.Call) -> str:
    method: Any = node.func
    return str(method.attr).casefold()
