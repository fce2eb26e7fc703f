"""The statement that a frame runs: found among the lines of its file, parsed alone."""

from __future__ import annotations

import ast
import linecache
import re
import warnings
from itertools import islice
from types import CodeType, FrameType, TracebackType
from typing import Any, Final, NamedTuple

from leadquery._explain.type_inference import FrameTypes

Span = tuple[int, int]
"""A part of the statement, as the numbers of its first letter and of the one behind its last."""

_TEXTS: Final = "|".join(
    rf"{quotes}(?:[^{quotes[0]}\\]++|\\.|{quotes[0]}(?!{quotes[1:]}))*+{quotes}"
    if len(quotes) == 3
    else rf"{quotes}(?:[^{quotes}\\\n]++|\\.)*+{quotes}"
    for quotes in ('"""', "'''", '"', "'")
)

_RUN: Final = re.compile(
    rf"(?:[^\"'#()\[\]{{}}\\\n]++|#[^\n]*+|\\.|{_TEXTS})*+([()\[\]{{}}\n]|\Z)", re.DOTALL
)
"""What lies before the next bracket or the end of the line, and that bracket or end."""

_LONGEST: Final = 100_000

_MOST: Final = 2_000
"""The letters and the parts of the longest statement that is explained."""

_FIRST: Final = re.compile(r"[ \t]*")

# What stands before and after a part of a statement that is none alone; `{i}` is its indent.
_WHOLE: Final = (
    ("", ""),
    ("", "\n{i} pass"),
    ("{i}if 1: pass\n", "\n{i} pass"),
    ("{i}if 1: pass\n", ""),
    ("{i}try: pass\n", "\n{i} pass"),
    ("", "\n{i}def f(): pass"),
    ("match 0:\n", "\n{i} pass"),
    ("match 0:\n", ""),
    ("{i}try: pass\n", ""),
    ("", "\n{i}finally: pass"),
    ("", "\n{i} case _: pass"),
)


class Place(NamedTuple):
    """Where a frame stands, lines from 1 and columns in bytes from 0."""

    line: int
    column: int
    last_line: int
    last_column: int


class Statement:
    """A statement in the words of its file, and as a tree.

    `first` is the number of its first line.
    """

    def __init__(self, file: str, text: str, first: int) -> None:
        self.file, self.text, self.first = file, text, first
        self._starts = [0]
        for line in re.findall(r"[^\n]*\n|[^\n]+", text):
            self._starts.append(self._starts[-1] + len(line))
        if len(text) > _LONGEST:
            raise LookupError("the statement is too long to be explained")
        self.tree, self._before = _parsed(text)
        if next(islice(ast.walk(self.tree), _MOST, None), None) is not None:
            raise LookupError("the statement has too many parts to be explained")
        self.parents: dict[ast.AST, ast.AST] = {}
        self._spans: dict[ast.AST, Span] = {}
        self._walk(self.tree)

    def _walk(self, node: ast.AST) -> None:
        span = self._span(node)
        if span is not None:
            self._spans[node] = span
        # The parts of a text in braces have no places of their own before Python 3.12.
        for child in () if isinstance(node, ast.JoinedStr) else ast.iter_child_nodes(node):
            self.parents[child] = node
            self._walk(child)

    def _span(self, node: Any) -> Span | None:
        if not hasattr(node, "lineno") or node.lineno <= self._before:
            return None
        shift = self._before + 1
        return (
            self._index(node.lineno - shift, node.col_offset),
            self._index(node.end_lineno - shift, node.end_col_offset),
        )

    @property
    def nodes(self) -> list[ast.AST]:
        """The parts of the text, each behind what it is a part of."""
        return list(self._spans)

    def span(self, node: ast.AST) -> Span:
        """The part of the text that a node is; LookupError where it is none."""
        return self._spans[node]

    def segment(self, node: ast.AST) -> str:
        """The text of a node."""
        start, end = self.span(node)
        return self.text[start:end]

    def span_of(self, place: Place) -> Span:
        """The part of the text at a place of the file."""
        return (
            self._index(place.line - self.first, place.column),
            self._index(place.last_line - self.first, place.last_column),
        )

    def line_at(self, index: int) -> tuple[int, str, int]:
        """The line of a letter: its number in the file, its text, and the letter's column."""
        row = max(row for row, start in enumerate(self._starts) if start <= index)
        line = self.text[self._starts[row] :].partition("\n")[0]
        return self.first + row, line, index - self._starts[row]

    def _index(self, row: int, column: int) -> int:
        if row >= len(self._starts) - 1:
            return len(self.text)
        start = self._starts[row]
        line = self.text[start : start + column]
        if line.isascii():
            return min(start + column, len(self.text))
        return start + len(self.text[start:].encode()[:column].decode())


def position_of(entry: TracebackType) -> Place:
    """Where a traceback entry stopped; LookupError if the code has no positions."""
    positions = entry.tb_frame.f_code.co_positions()
    line, last_line, column, last_column = next(islice(positions, entry.tb_lasti // 2, None))
    if line is None or last_line is None or column is None or last_column is None:
        raise LookupError("the code has no positions")
    return Place(line, column, last_line, last_column)


def statement_of(frame: FrameType, place: Place) -> Statement:
    """The statement around a place; LookupError where its text cannot be had."""
    lines = _lines(frame)
    if not 0 < place.line <= len(lines):
        raise LookupError("there is no such line")
    text, target = "".join(lines), sum(map(len, lines[: place.line - 1]))
    start, end = _around(text, target)
    first = text.count("\n", 0, start) + 1
    return Statement(frame.f_code.co_filename, text[start:end], first)


def _around(text: str, target: int) -> Span:
    """The logical line that holds a letter: it ends where a line does and no bracket is open."""
    start = depth = 0
    for run in _RUN.finditer(text):
        sign = run[1]
        if sign and sign in "([{":
            depth += 1
        elif sign and sign in ")]}":
            depth -= 1
        elif sign and depth <= 0:
            if run.end() > target:
                return start, run.start(1)
            start = run.end()
    return start, len(text)


def _lines(frame: FrameType) -> list[str]:
    """The lines of a file, of a cell of a notebook, or of what was typed."""
    lines = linecache.getlines(frame.f_code.co_filename, frame.f_globals)
    return lines or _typed(frame.f_code)


def _typed(code: CodeType) -> list[str]:
    """The lines of code that has no file, which Python keeps from 3.13 on."""
    kept: Any = getattr(linecache, "_getlines_from_code", None)
    return kept(code) if kept else []


def _parsed(text: str) -> tuple[ast.AST, int]:
    """The tree of a statement, or of the head of one, and how many lines were put before it."""
    indent = _FIRST.match(text)[0]  # type: ignore[index]  # It matches nothing at least.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for before, after in _WHOLE:
            head = "if 1:\n" if indent and not before.startswith("match") else ""
            start = head + before.format(i=indent)
            try:
                return ast.parse(f"{start}{text}{after.format(i=indent)}"), start.count("\n")
            except SyntaxError:
                continue
    raise LookupError("the statement cannot be read alone")


class Location:
    """Where Python stopped: a statement, a part of it, and the operation."""

    def __init__(self, statement: Statement, span: Span, operation: str, scope: FrameTypes) -> None:
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
