"""Markdown: tables, code, and text that means nothing else in it."""

from __future__ import annotations

from collections.abc import Iterable


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table; cells are Markdown on one line."""
    names = list(head)
    lines = [names, ["---"] * len(names), *map(list, rows)]
    return "".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines
    )


def code(text: str) -> str:
    """A text as code within a line."""
    return f"`{text}`"


def block(text: str, language: str = "") -> str:
    """A text as a block of code."""
    return f"```{language}\n{text.rstrip()}\n```\n"


def listed(texts: Iterable[str]) -> str:
    """Texts as code, one after another."""
    return ", ".join(map(code, texts))


def first_line(thing: object) -> str:
    """What the first line of a docstring says."""
    return (thing.__doc__ or "").strip().partition("\n")[0]


def plain(text: str) -> str:
    """A text whose signs mean nothing to Markdown, but for what it writes as code."""
    parts = text.split("`")
    return "`".join(_escaped(part) if place % 2 == 0 else part for place, part in enumerate(parts))


def _escaped(text: str) -> str:
    for sign in "\\*_<>[]{}#":
        text = text.replace(sign, f"\\{sign}")
    return text
