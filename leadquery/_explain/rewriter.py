"""A line written right: what is meant is put into the user's own text, the rest of it stays."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final, NamedTuple, NoReturn

from leadquery._explain.source import Span, Statement
from leadquery._explain.type_inference import FrameTypes

LISTS: Final = ("where", "owned_by")
"""The methods whose arguments are joined by AND."""

_BLANK: Final = re.compile(r"(?:\s|\\\n|#[^\n]*\n)*")

# Their names are others than those of the line, or their letters are no Python.
_CLOSED: Final = (
    *(ast.JoinedStr, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)

_TIGHT: Final = (ast.Call, ast.Name, ast.Attribute, ast.Subscript, ast.Constant)


class NoSuggestion(Exception):
    """What is meant is not known for sure; the text says what may be written."""


class Detection(NamedTuple):
    """The part of a line that Python stopped at, and what is known of it.

    `name` is what is said of it, in place of the general text; `hint` what may be done, where no
    line can be written for it. `mark` is the part that is marked. `live` is the thing, `near` the
    name that was meant, and `instead` writes parts that only the slip makes wrong.
    """

    node: ast.AST
    mark: Span = (0, 0)
    name: str = ""
    hint: str = ""
    live: object = None
    near: str | None = None
    instead: Mapping[Any, Callable[[Rewriter], str]] = {}


class Rewriter:
    """Writes a statement right, as far as it is sure what is meant.

    `slip` is the part of the line that Python stopped at and what is known of it, where that
    part is still there; around it, and around the parts in `must`, being unsure is final.
    """

    def __init__(
        self,
        statement: Statement,
        scope: FrameTypes,
        rules: Rules,
        slip: Detection | None,
        must: Collection[ast.AST],
    ) -> None:
        self.statement, self.scope, self._rules, self._must = statement, scope, rules, must
        self.slip = Detection(ast.Pass()) if slip is None else slip

    @property
    def raised(self) -> ast.AST:
        """The part of the line that Python stopped at."""
        return self.slip.node

    def text(self, node: ast.AST) -> str:
        """A part of the line, written right."""
        rule = self._rules.get(type(node))
        if isinstance(node, _CLOSED) and node not in self._must:
            return self.segment(node)
        if node in self.slip.instead:
            return self.slip.instead[node](self)
        try:
            new = rule(self, node) if rule else None
            return self._spliced(node) if new is None else new
        except NoSuggestion:
            if node in self._must:
                raise
            return self.segment(node)

    def unsure(self, hint: str = "") -> NoReturn:
        """Leave it at advice."""
        raise NoSuggestion(hint)

    def outer(self, node: ast.AST) -> str:
        """A part of the line with the brackets that it stands in."""
        start, end = self.outer_span(node)
        inner_start, inner_end = self.statement.span(node)
        before, after = self.source(start, inner_start), self.source(inner_end, end)
        return f"{before}{self.text(node)}{after}"

    def segment(self, node: ast.AST) -> str:
        """A part of the line as it is."""
        return self.statement.segment(node)

    def inside(self, node: ast.List | ast.Tuple) -> str:
        """The parts of a list as they stand in it."""
        start = self.outer_span(node.elts[0])[0]
        return self.source(start, self.outer_span(node.elts[-1])[1])

    def source(self, start: int, end: int) -> str:
        """A part of the text as it is."""
        return self.statement.text[start:end]

    def parent(self, node: ast.AST) -> Any:
        """What a part of the line belongs to."""
        return self.statement.parents.get(node)

    def is_listed(self, node: ast.AST) -> bool:
        """Whether a part of the line may be several: an argument of `where`, without brackets."""
        parent = self.parent(node)
        if self.is_bracketed(node):
            return False
        if isinstance(parent, ast.BoolOp) and isinstance(parent.op, ast.And):
            return self.is_listed(parent)
        return isinstance(parent, ast.Call) and node in parent.args and _joins(parent)

    def is_bracketed(self, node: ast.AST) -> bool:
        """Whether brackets of its own stand around a part of the line."""
        return self.outer_span(node) != self.statement.span(node)

    def outer_span(self, node: ast.AST) -> Span:
        """The span of a part of the line with its brackets."""
        start, end = self.statement.span(node)
        text, limit = self.statement.text, self._limit(node)
        while True:
            before = _opening(text, limit, start)
            after = _BLANK.match(text, end).end()  # type: ignore[union-attr]  # Maybe empty.
            if before is None or text[after : after + 1] != ")":
                return start, end
            start, end = before, after + 1

    def _limit(self, node: ast.AST) -> int:
        """Where the part of the line before a part ends: brackets of its own open behind it."""
        parent = self.parent(node)
        if not hasattr(parent, "lineno"):
            return 0
        start = self.statement.span(node)[0]
        ends = [self.statement.span(one)[1] for one in _children(parent) if one is not node]
        before = max((end for end in ends if end <= start), default=self.statement.span(parent)[0])
        called = isinstance(parent, ast.Call) and before == self.statement.span(parent.func)[1]
        # The bracket of a call is none of its argument's.
        return self.statement.text.index("(", before) + 1 if called else before

    def _spliced(self, node: ast.AST) -> str:
        """The text of a part of the line, with the parts of it written right."""
        at, end = self.statement.span(node)
        written = []
        for child in sorted(_children(node), key=self.statement.span):
            start, behind = self.statement.span(child)
            written += [self.source(at, start), self.text(child)]
            at = behind
        return "".join(written) + self.source(at, end)


Rules = Mapping[type[ast.AST], Callable[[Rewriter, Any], str | None]]
"""How parts of a line are written right; None where there is nothing to right."""


def parenthesize(text: str) -> str:
    """An expression, in brackets unless nothing can part it."""
    node = ast.parse(f"({text}\n)", mode="eval").body
    turned = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert)
    return text if turned or isinstance(node, _TIGHT) else f"({text})"


def parents(statement: Statement, node: ast.AST) -> Iterator[ast.AST]:
    """What a part of the line belongs to, from the inside out."""
    while (above := statement.parents.get(node)) is not None:
        yield above
        node = above


def _joins(call: ast.Call) -> bool:
    from leadquery._explain.aliases import QUERY_ALIASES

    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    return QUERY_ALIASES.get(name.casefold(), name) in LISTS


def _children(node: ast.AST) -> Iterator[Any]:
    """The parts of a part that have a place."""
    for child in ast.iter_child_nodes(node):
        if hasattr(child, "lineno"):
            yield child
        else:
            yield from _children(child)


def _opening(text: str, limit: int, end: int) -> int | None:
    """Where the nearest bracket before a place opens, if nothing else is between."""
    found = text.rfind("(", limit, end)
    if found < 0 or not _BLANK.fullmatch(text, found + 1, end):
        return None
    return found
