"""Rewrites parts of a statement in the caller's own text; everything else stays as it is.

`Rewriter` walks the tree and applies one rule per node type. The rules are in `rules_boolop.py`,
`rules_calls.py`, `rules_pages.py` and `rules_compare.py`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

from leadquery._explain.aliases import QUERY_ALIASES
from leadquery._explain.source import Span, Statement
from leadquery._explain.type_inference import FrameTypes

JOINING_METHODS: Final = ("where", "owned_by")
"""The methods whose arguments are joined by AND."""

BRANCHES: Final[dict[type[ast.AST], tuple[str, str]]] = {
    ast.If: ("if", "test"),
    ast.While: ("while", "test"),
    ast.Assert: ("assert", "test"),
    ast.IfExp: ("if ... else", "test"),
    ast.comprehension: ("if", "ifs"),
    ast.match_case: ("if", "guard"),
}
"""Nodes that branch: the keyword, and the attribute that holds the test."""

ASK_FOR_COUNT: Final = (
    "give it to where(...), or ask client.count(Leads.where(...)) how many leads match"
)

_BLANK: Final = re.compile(r"(?:\s|\\\n|#[^\n]*\n)*")

_JOINER: Final = re.compile(r"^((?:[^#\w&|]|#[^\n]*)*)(?:and\b|or\b|&|\|)")

# Inside of these, names may mean something else.
_SCOPES: Final = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

_ATOMS: Final = (ast.Call, ast.Name, ast.Attribute, ast.Subscript, ast.Constant)


class NoSuggestionError(Exception):
    """Ends the rewriting of a statement: it is not certain what was intended.

    Rules raise it. Its text, if any, is a hint for the message, which then has no suggested line.
    """


class Detection(NamedTuple):
    """The node at which Python stopped, and what is known of the misuse.

    `span` is the part to underline. `heading` replaces the general message, `hint` says what to
    do if no line can be suggested. `target` is the object it happened to, `suggestion` the name
    that was intended, and `replacements` rewrite nodes that only this misuse makes wrong.
    """

    node: ast.AST
    span: Span = (0, 0)
    heading: str = ""
    hint: str = ""
    target: object = None
    suggestion: str | None = None
    replacements: Mapping[Any, Callable[[Rewriter], str]] = {}


class Rewriter:
    """Rewrites a statement as far as it is certain what was intended.

    `detection` is None for a statement that was already rewritten. A rule returns the new text of a
    node, None to leave it as it is, or raises NoSuggestionError for the whole statement, whose hint
    is shown if it is about one of the nodes in `required`.
    """

    def __init__(
        self,
        statement: Statement,
        types: FrameTypes,
        rules: Rules,
        detection: Detection | None,
        required: Collection[ast.AST],
    ) -> None:
        self.statement, self.types, self._rules, self._required = statement, types, rules, required
        self.detection = Detection(ast.Pass()) if detection is None else detection

    @property
    def failing_node(self) -> ast.AST:
        """The node at which Python stopped."""
        return self.detection.node

    def rewrite(self, node: ast.AST) -> str:
        """The text of a node, rewritten."""
        if isinstance(node, ast.JoinedStr) or (
            isinstance(node, _SCOPES) and node not in self._required
        ):
            return self.segment(node)
        if node in self.detection.replacements:
            return self.detection.replacements[node](self)
        rule = self._rules.get(type(node))
        try:
            text = rule(self, node) if rule else None
            return self._rewrite_children(node) if text is None else text
        except NoSuggestionError:
            if node in self._required:
                raise
            # The line would fail there. The hint is not about the mistake that was met first.
            raise NoSuggestionError from None

    def rewrite_outer(self, node: ast.AST) -> str:
        """The text of a node, rewritten, with its parentheses."""
        (start, end), (inner_start, inner_end) = self.outer_span(node), self.statement.span(node)
        before, after = self.source(start, inner_start), self.source(inner_end, end)
        return f"{before}{self.rewrite(node)}{after}"

    def before_name(self, node: ast.Attribute) -> str:
        """The text before the name of an attribute, including the dot."""
        start = self.statement.span(node.value)[1]
        dot = self.source(start, self.statement.span(node)[1] - len(node.attr))
        return f"{self.rewrite(node.value)}{dot}"

    def arguments(self, node: ast.Call) -> str:
        """The text between the parentheses of a call."""
        start, end = self.statement.span(node.func)[1], self.statement.span(node)[1]
        return self.source(start, end).strip().removeprefix("(").removesuffix(")")

    def segment(self, node: ast.AST) -> str:
        """The text of a node as it is."""
        return self.statement.segment(node)

    def source(self, start: int, end: int) -> str:
        """A part of the text as it is."""
        return self.statement.text[start:end]

    def items_source(self, node: ast.List | ast.Tuple) -> str:
        """The items of a list as they are, without its brackets."""
        return self.source(self.outer_span(node.elts[0])[0], self.outer_span(node.elts[-1])[1])

    def parent(self, node: ast.AST) -> Any:
        """The parent of a node."""
        return self.statement.parents.get(node)

    def is_argument(self, node: ast.AST) -> bool:
        """Whether several arguments may replace a node: it is one of `where` or `owned_by`."""
        parent = self.parent(node)
        if self.is_parenthesized(node):
            return False
        if isinstance(parent, ast.BoolOp) and isinstance(parent.op, ast.And):
            return self.is_argument(parent)
        return isinstance(parent, ast.Call) and node in parent.args and joins_arguments(parent)

    def is_parenthesized(self, node: ast.AST) -> bool:
        """Whether a node has parentheses of its own."""
        return self.outer_span(node) != self.statement.span(node)

    def outer_span(self, node: ast.AST) -> Span:
        """The span of a node with its parentheses."""
        start, end = self.statement.span(node)
        text, limit = self.statement.text, self._outer_limit(node)
        while True:
            before = _opening_parenthesis(text, limit, start)
            after = _BLANK.match(text, end).end()  # type: ignore[union-attr]  # Maybe empty.
            if before is None or text[after : after + 1] != ")":
                return start, end
            start, end = before, after + 1

    def text_between(self, left: ast.AST, right: ast.AST) -> str:
        """The text between two nodes and their parentheses."""
        return self.source(self.outer_span(left)[1], self.outer_span(right)[0])

    def join_arguments(self, nodes: Sequence[ast.AST], texts: Sequence[str]) -> str:
        """Operands as arguments: commas replace what joined them, comments and breaks stay."""
        joined = self._in_parentheses(nodes[0], texts[0])
        for (left, right), text in zip(pairwise(nodes), texts[1:], strict=True):
            before, after = _split_joiner(self.text_between(left, right))
            joined += f",{_gap(before, after)}{self._in_parentheses(right, text)}"
        return joined

    def join_operator(self, nodes: Sequence[ast.AST], texts: Sequence[str], operator: str) -> str:
        """Operands joined by `&` or `|`, each in parentheses; comments and breaks stay."""
        joined = self._parenthesize(nodes[0], texts[0])
        for (left, right), text in zip(pairwise(nodes), texts[1:], strict=True):
            before, after = _split_joiner(self.text_between(left, right))
            joined += f"{before}{operator}{after}{self._parenthesize(right, text)}"
        return joined

    def _in_parentheses(self, node: ast.AST, text: str) -> str:
        """A new text in the parentheses that the node has, if any."""
        (before, after), (start, end) = self.outer_span(node), self.statement.span(node)
        return self.source(before, start) + text + self.source(end, after)

    def _parenthesize(self, node: ast.AST, text: str) -> str:
        if self.is_parenthesized(node):
            return self._in_parentheses(node, text)
        return parenthesize(text)

    def _outer_limit(self, node: ast.AST) -> int:
        """The end of what precedes a node in its parent: its own parentheses open after that."""
        parent = self.parent(node)
        if not hasattr(parent, "lineno"):
            return 0
        start = self.statement.span(node)[0]
        ends = [self.statement.span(child)[1] for child in _children(parent) if child is not node]
        before = max((end for end in ends if end <= start), default=self.statement.span(parent)[0])
        is_first = isinstance(parent, ast.Call) and before == self.statement.span(parent.func)[1]
        # The parenthesis of a call does not belong to its first argument.
        return self.statement.text.index("(", before) + 1 if is_first else before

    def _rewrite_children(self, node: ast.AST) -> str:
        position, end = self.statement.span(node)
        parts: list[str] = []
        for child in sorted(_children(node), key=self.statement.span):
            child_start, child_end = self.statement.span(child)
            parts += [self.source(position, child_start), self.rewrite(child)]
            position = child_end
        return "".join(parts) + self.source(position, end)


Rules = Mapping[type[ast.AST], Callable[[Rewriter, Any], str | None]]
"""How to rewrite nodes, by type; None leaves a node as it is."""


def parenthesize(text: str) -> str:
    """An expression, in parentheses if it needs them beside `&` or `|`."""
    node = ast.parse(f"({text}\n)", mode="eval").body
    is_inverted = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert)
    return text if is_inverted or isinstance(node, _ATOMS) else f"({text})"


def ancestors(statement: Statement, node: ast.AST) -> Iterator[ast.AST]:
    """The parent of a node, its parent, and so on."""
    while (parent := statement.parents.get(node)) is not None:
        yield parent
        node = parent


def joins_arguments(call: ast.Call) -> bool:
    """Whether a call is one of `where` or `owned_by`, or of a name that means one of them."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    return QUERY_ALIASES.get(name.casefold(), name) in JOINING_METHODS


def branch_of(statement: Statement, node: ast.AST) -> ast.AST | None:
    """The node that branches on a test, if the test is a node or joins it with others."""
    below, above = node, statement.parents.get(node)
    while isinstance(above, ast.BoolOp) or is_not(above):
        below, above = above, statement.parents.get(above)  # type: ignore[assignment, arg-type]
    if above is None or type(above) not in BRANCHES:
        return None
    test = getattr(above, BRANCHES[type(above)][1])
    return above if test is below or (isinstance(test, list) and below in test) else None


def is_not(node: ast.AST | None) -> bool:
    """Whether a node is `not ...`."""
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def _children(node: ast.AST) -> Iterator[Any]:
    """The children that have a position."""
    for child in ast.iter_child_nodes(node):
        if hasattr(child, "lineno"):
            yield child
        else:
            yield from _children(child)


def _opening_parenthesis(text: str, limit: int, end: int) -> int | None:
    """The nearest parenthesis that opens before a place, if only blanks are between."""
    found = text.rfind("(", limit, end)
    return None if found < 0 or not _BLANK.fullmatch(text, found + 1, end) else found


def _split_joiner(between: str) -> tuple[str, str]:
    """The text before and after the operator between two operands."""
    _, before, after = _JOINER.split(between, maxsplit=1)
    return before, after


def _gap(before: str, after: str) -> str:
    """The layout around an operator that a comma replaces."""
    if "\n" in before:
        return before + after.lstrip(" \t")
    return after if after[:1].isspace() else f" {after}"
