"""Write Markdown: tables, code, and escaped text."""

from __future__ import annotations

from collections.abc import Iterable


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table; a cell is Markdown on one line."""
    names = list(head)
    lines = [names, ["---"] * len(names), *map(list, rows)]
    return "".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines
    )


def code(text: str) -> str:
    """Return text as inline code."""
    return f"`{text}`"


def code_block(text: str, language: str = "") -> str:
    """Return text as a fenced block."""
    return f"```{language}\n{text.rstrip()}\n```\n"


def code_list(texts: Iterable[str]) -> str:
    """Return texts as inline code, joined by commas."""
    return ", ".join(map(code, texts))


def first_line(documented: object) -> str:
    """Return the first line of a docstring."""
    return (documented.__doc__ or "").strip().partition("\n")[0]


def escape(text: str) -> str:
    """Escape what Markdown would read as markup, except code in backticks."""
    parts = text.split("`")
    return "`".join(_escape(part) if index % 2 == 0 else part for index, part in enumerate(parts))


def _escape(text: str) -> str:
    for char in "\\*_<>[]{}#":
        text = text.replace(char, f"\\{char}")
    return text
