"""Conditions that were given as a text: read as Python, or as the little SQL that people write."""

from __future__ import annotations

import ast
import re
from typing import Final

from leadquery._explain.rewriter import Rewriter, parenthesize
from leadquery.expr._guards import ATTRIBUTE, FIELD

_SQL: Final = (
    (r"(?i)\band\b", "and"),
    (r"(?i)\bor\b", "or"),
    (r"(?i)\bis\s+not\s+null\b", "is not None"),
    (r"(?i)\bis\s+null\b", "is None"),
    (r"(?i)\bnot\s+in\b", "not in"),
    (r"(?i)\bin\b", "in"),
    (r"<>", "!="),
    (r"(?<![=<>!])=(?!=)", "=="),
)
"""Other spellings, outside of quotes."""

_QUOTED: Final = re.compile(r"""("[^"]*"|'[^']*')""")

_QUOTES: Final = re.compile("""['"]""")

_READ: Final = (
    *(ast.Expression, ast.Compare, ast.BoolOp, ast.Name, ast.Constant, ast.List, ast.Tuple),
    *(ast.UnaryOp, ast.USub, ast.Not, ast.boolop, ast.cmpop, ast.expr_context),
)


def constant(writer: Rewriter, node: ast.Constant) -> str | None:
    """A text that stands where a condition belongs."""
    if node is not writer.raised or not isinstance(node.value, str):
        return None
    return _condition(writer, node.value)


def formatted(writer: Rewriter, node: ast.JoinedStr) -> str:
    """A text with fields and values in braces: what is in them is Python already."""
    parts: list[str] = []
    for part in node.values:
        if isinstance(part, ast.FormattedValue) and len(_QUOTES.findall("".join(parts))) % 2:
            # The value stands inside of quotes: as a whole it is a value, as a part of it none.
            writer.unsure("write the value without quotes, as in Source == value")
        if isinstance(part, ast.FormattedValue):
            if part.conversion != -1 or part.format_spec is not None:
                writer.unsure()
            parts.append(parenthesize(ast.unparse(part.value)))
        else:
            parts.append(str(part.value))  # type: ignore[attr-defined]  # A constant.
    return _condition(writer, "".join(parts), names=True)


def _condition(writer: Rewriter, text: str, *, names: bool = False) -> str:
    """The text as Python, with each field as the line may spell it."""
    parts = _QUOTED.split(text.strip())
    # A quote in quotes is written twice in SQL, and as two texts it says another thing.
    if "\\" in text or any(not one.strip() for one in parts[2:-1:2]):
        writer.unsure()
    source = "".join(part if part[:1] in ("'", '"') else _spelt_out(part) for part in parts)
    try:
        tree = ast.parse(source, mode="eval")
    except (SyntaxError, ValueError):
        writer.unsure()
    # Places in a tree count bytes.
    if not source.isascii():
        writer.unsure()
    fields = _fields(writer, tree, names=names)
    if fields is None:
        writer.unsure()
    for node, field in sorted(fields, key=lambda found: -found[0].col_offset):
        source = source[: node.col_offset] + field + source[node.end_col_offset :]
    return source


def _spelt_out(text: str) -> str:
    for pattern, spelling in _SQL:
        text = re.sub(pattern, spelling, text)
    return text


def _fields(
    writer: Rewriter, tree: ast.Expression, *, names: bool
) -> list[tuple[ast.Name, str]] | None:
    """The fields of a text with the names that the line has for them; None where one has none."""
    if not isinstance(tree.body, (ast.Compare, ast.BoolOp)):
        return None
    found = []
    for node in ast.walk(tree):
        if not names and not isinstance(node, _READ):
            return None
        if isinstance(node, ast.Name):
            field = writer.scope.spelt(node.id, FIELD) or writer.scope.spelt(node.id, ATTRIBUTE)
            if field is None and not (names and writer.scope.is_plain(node)):
                return None
            found.append((node, field or node.id))
    return found or None
