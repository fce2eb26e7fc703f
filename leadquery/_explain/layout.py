"""How parts of a line are put together anew: brackets, comments and line breaks stay."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from leadquery._explain.rewriter import Rewriter, parenthesize

_SIGN: Final = re.compile(r"^((?:[^#\w&|]|#[^\n]*)*)(?:and\b|or\b|&|\|)")


def join_arguments(writer: Rewriter, nodes: Sequence[ast.AST], texts: Sequence[str]) -> str:
    """Several arguments where one was: a comma stands behind each."""
    written = _outer(writer, nodes[0], texts[0])
    for (one, other), text in zip(pairwise(nodes), texts[1:], strict=True):
        before, after = _parted(text_between(writer, one, other))
        written += f",{_between(before, after)}{_outer(writer, other, text)}"
    return written


def join_operator(
    writer: Rewriter, nodes: Sequence[ast.AST], texts: Sequence[str], sign: str
) -> str:
    """Parts joined by a sign that binds tight: each in brackets."""
    written = _bracketed(writer, nodes[0], texts[0])
    for (one, other), text in zip(pairwise(nodes), texts[1:], strict=True):
        before, after = _parted(text_between(writer, one, other))
        written += f"{before}{sign}{after}{_bracketed(writer, other, text)}"
    return written


def text_between(writer: Rewriter, one: ast.AST, other: ast.AST) -> str:
    """What stands between two parts, their own brackets left out."""
    return writer.source(writer.outer_span(one)[1], writer.outer_span(other)[0])


def _parted(between: str) -> tuple[str, str]:
    """What stands before and after the sign between two parts."""
    _, before, after = _SIGN.split(between, maxsplit=1)
    return before, after


def _between(before: str, after: str) -> str:
    """The layout around a sign that is gone."""
    if "\n" in before:
        return before + after.lstrip(" \t")
    return after if after[:1].isspace() else f" {after}"


def _outer(writer: Rewriter, node: ast.AST, text: str) -> str:
    (before, after), (start, end) = writer.outer_span(node), writer.statement.span(node)
    return writer.source(before, start) + text + writer.source(end, after)


def _bracketed(writer: Rewriter, node: ast.AST, text: str) -> str:
    return _outer(writer, node, text) if writer.is_bracketed(node) else parenthesize(text)
