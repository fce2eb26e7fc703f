"""Where Python stopped in a line."""

from __future__ import annotations

import ast
import re
from typing import Any

from leadquery.slips.scope import Scope
from leadquery.slips.source import Span, Statement


class Stop:
    """Where Python stopped: a statement, a part of it, and the operation."""

    def __init__(self, statement: Statement, span: Span, operation: str, scope: Scope) -> None:
        self.statement, self.span, self.operation, self.scope = statement, span, operation, scope

    def at(self, *types: type[ast.AST]) -> Any:
        """The smallest part of a kind that ends where Python stopped, and holds that place.

        A call and an attribute on a line of their own are placed from their dot on.
        """
        start, end = self.span
        found = [
            node
            for node in self.statement.nodes
            if isinstance(node, types)
            and self.statement.span(node)[1] == end
            and self.statement.span(node)[0] <= start
        ]
        if not found:
            raise LookupError("Python stopped at none of these")
        return max(enumerate(found), key=lambda one: (self.statement.span(one[1])[0], one[0]))[1]

    def mark(self, word: str, start: int, end: int) -> Span:
        """Where a word or a sign stands between two parts, comments left out."""
        pattern = re.compile(rf"#[^\n]*|({re.escape(word)})")
        found = pattern.finditer(self.statement.text, start, end)
        return next((match.span() for match in found if match[1]), (start, end))
