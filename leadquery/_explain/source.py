"""Where a traceback stopped: the caller's frame, its statement as text and tree, the expression.

The statement is found among the lines of its file and parsed alone, so that the rest of the file
need not even be valid Python.
"""

from __future__ import annotations

import ast
import linecache
import os
import re
import warnings
from itertools import islice
from pathlib import Path
from types import CodeType, FrameType, TracebackType
from typing import Any, Final, NamedTuple

from leadquery._explain.type_inference import FrameTypes

Span = tuple[int, int]
"""A part of the statement: the indexes of its first character and of the one after its last."""

_MAX_CHARACTERS: Final = 100_000

_MAX_NODES: Final = 2_000

_PACKAGE: Final = str(Path(__file__).parent.parent)

_STANDARD_LIBRARY: Final = str(Path(os.__file__).parent)

# Code that is written while a program runs, as by attrs and dataclasses, is not the caller's.
_GENERATED: Final = ("<attrs generated", "<frozen ")

_STRING: Final = "|".join(
    rf"{quotes}(?:[^{quotes[0]}\\]++|\\.|{quotes[0]}(?!{quotes[1:]}))*+{quotes}"
    if len(quotes) == 3
    else rf"{quotes}(?:[^{quotes}\\\n]++|\\.)*+{quotes}"
    for quotes in ('"""', "'''", '"', "'")
)

_UNTIL_BRACKET: Final = re.compile(
    rf"(?:[^\"'#()\[\]{{}}\\\n]++|#[^\n]*+|\\.|{_STRING})*+([()\[\]{{}}\n]|\Z)", re.DOTALL
)
"""Everything before the next bracket or end of line, and that bracket or end."""

_INDENT: Final = re.compile(r"[ \t]*")

# What completes a part of a compound statement, before and after it; `{i}` is its indent.
_COMPLETIONS: Final = (
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


class Position(NamedTuple):
    """A position in a file; lines count from 1, columns are in bytes and count from 0."""

    line: int
    column: int
    end_line: int
    end_column: int


class Statement:
    """A statement as text and as a tree; `first_line` is its line in the file."""

    def __init__(self, file: str, text: str, first_line: int) -> None:
        if len(text) > _MAX_CHARACTERS:
            raise LookupError("the statement is too long to be explained")
        self.file, self.text, self.first_line = file, text, first_line
        self._line_starts = [0]
        for line in re.findall(r"[^\n]*\n|[^\n]+", text):
            self._line_starts.append(self._line_starts[-1] + len(line))
        self.tree, self._lines_before = _parse(text)
        if next(islice(ast.walk(self.tree), _MAX_NODES, None), None) is not None:
            raise LookupError("the statement has too many parts to be explained")
        self.parents: dict[ast.AST, ast.AST] = {}
        self._spans: dict[ast.AST, Span] = {}
        self._index_nodes(self.tree)

    def _index_nodes(self, node: Any) -> None:
        if hasattr(node, "lineno") and node.lineno > self._lines_before:
            shift = self._lines_before + 1
            self._spans[node] = (
                self._index(node.lineno - shift, node.col_offset),
                self._index(node.end_lineno - shift, node.end_col_offset),
            )
        # The expressions of an f-string have no positions of their own before Python 3.12.
        for child in () if isinstance(node, ast.JoinedStr) else ast.iter_child_nodes(node):
            self.parents[child] = node
            self._index_nodes(child)

    @property
    def nodes(self) -> list[ast.AST]:
        """The nodes that have a span, parents before children."""
        return list(self._spans)

    def span(self, node: ast.AST) -> Span:
        """The span of a node; LookupError for a node of the completion."""
        return self._spans[node]

    def segment(self, node: ast.AST) -> str:
        """The text of a node."""
        start, end = self.span(node)
        return self.text[start:end]

    def span_of(self, position: Position) -> Span:
        """The span of a position in the file."""
        return (
            self._index(position.line - self.first_line, position.column),
            self._index(position.end_line - self.first_line, position.end_column),
        )

    def line_at(self, index: int) -> tuple[int, str, int]:
        """The line that holds a character: its number in the file, its text, and the column."""
        row = max(row for row, start in enumerate(self._line_starts) if start <= index)
        line = self.text[self._line_starts[row] :].partition("\n")[0]
        return self.first_line + row, line, index - self._line_starts[row]

    def _index(self, row: int, column: int) -> int:
        if row >= len(self._line_starts) - 1:
            return len(self.text)
        start = self._line_starts[row]
        line = self.text[start : start + column]
        if line.isascii():
            return min(start + column, len(self.text))
        return start + len(self.text[start:].encode()[:column].decode())


class Location:
    """Where Python stopped: the statement, the span in it, the operation, and the variables."""

    def __init__(self, statement: Statement, span: Span, operation: str, types: FrameTypes) -> None:
        self.statement, self.span, self.operation, self.types = statement, span, operation, types

    def smallest(self, *types: type[ast.AST]) -> Any:
        """The smallest node of some types that ends where Python stopped and contains the place.

        Python places a call or an attribute on a line of its own from its dot on.
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
            raise LookupError("Python stopped at a node of another type")
        return max(enumerate(found), key=lambda item: (self.statement.span(item[1])[0], item[0]))[1]

    def find_token(self, token: str, start: int, end: int) -> Span:
        """The span of a keyword or an operator between two operands, outside of comments."""
        pattern = re.compile(rf"#[^\n]*|({re.escape(token)})")
        found = pattern.finditer(self.statement.text, start, end)
        return next((match.span() for match in found if match[1]), (start, end))


def caller_entry(traceback: TracebackType | None) -> TracebackType | None:
    """The traceback entry of the caller's line; None before the error has reached it."""
    found = None
    while traceback is not None:
        if _is_callers(traceback.tb_frame.f_code.co_filename):
            found = traceback
        traceback = traceback.tb_next
    return found


def _is_callers(file: str) -> bool:
    return not file.startswith((_PACKAGE, *_GENERATED)) and not _is_standard_library(file)


def _is_standard_library(file: str) -> bool:
    # Packages are installed below the standard library.
    rest = file.removeprefix(_STANDARD_LIBRARY)
    return rest != file and "-packages" not in rest


def position_of(entry: TracebackType) -> Position:
    """Where a traceback entry stopped; LookupError if the code has no positions."""
    positions = entry.tb_frame.f_code.co_positions()
    line, end_line, column, end_column = next(islice(positions, entry.tb_lasti // 2, None))
    if line is None or end_line is None or column is None or end_column is None:
        raise LookupError("the code has no positions")
    return Position(line, column, end_line, end_column)


def statement_of(frame: FrameType, position: Position) -> Statement:
    """The statement around a position; LookupError if the source is not available."""
    lines = _source_lines(frame)
    if not 0 < position.line <= len(lines):
        raise LookupError("there is no such line")
    text, index = "".join(lines), sum(map(len, lines[: position.line - 1]))
    start, end = _logical_line(text, index)
    first_line = text.count("\n", 0, start) + 1
    return Statement(frame.f_code.co_filename, text[start:end], first_line)


def _logical_line(text: str, index: int) -> Span:
    """The logical line that holds a character: it ends at a line break outside of brackets."""
    start = depth = 0
    for run in _UNTIL_BRACKET.finditer(text):
        bracket = run[1]
        if bracket and bracket in "([{":
            depth += 1
        elif bracket and bracket in ")]}":
            depth -= 1
        elif bracket and depth <= 0:
            if run.end() > index:
                return start, run.start(1)
            start = run.end()
    return start, len(text)


def _source_lines(frame: FrameType) -> list[str]:
    """The lines of a file, of a notebook cell, or of what was typed at the prompt."""
    lines = linecache.getlines(frame.f_code.co_filename, frame.f_globals)
    return lines or _interactive_lines(frame.f_code)


def _interactive_lines(code: CodeType) -> list[str]:
    # Python keeps what was typed or passed with -c from 3.13 on.
    get_lines: Any = getattr(linecache, "_getlines_from_code", None)
    return get_lines(code) if get_lines else []


def _parse(text: str) -> tuple[ast.AST, int]:
    """The tree of a statement, or of a part of one, and how many lines were put before it."""
    indent = _INDENT.match(text)[0]  # type: ignore[index]  # It matches at least nothing.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for before, after in _COMPLETIONS:
            block = "if 1:\n" if indent and not before.startswith("match") else ""
            prefix = block + before.format(i=indent)
            try:
                return ast.parse(f"{prefix}{text}{after.format(i=indent)}"), prefix.count("\n")
            except SyntaxError:
                continue
    raise LookupError("the statement cannot be parsed alone")
