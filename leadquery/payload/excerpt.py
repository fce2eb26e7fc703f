"""A line of a payload as it is shown: cut to what fits, and safe to print."""

from __future__ import annotations

from typing import Final, NamedTuple
from unicodedata import category, east_asian_width

WINDOW: Final = 88
"""The most characters of a line that are shown."""

_BEFORE: Final = 40


class Excerpt(NamedTuple):
    """A line, or a part of it, and the marks that point at a place in it."""

    line: str
    marks: str


def excerpt(line: str, column: int, width: int) -> Excerpt:
    """The part of a line around a place; `column` counts from 1."""
    start = 0 if len(line) <= WINDOW else max(0, column - 1 - _BEFORE)
    end = start + WINDOW
    shown = ("…" if start else "") + line[start:end] + ("…" if end < len(line) else "")
    before = column - 1 - start + bool(start)
    marked = max(1, min(width, len(shown) - before))
    marks = " " * columns(shown[:before]) + "^" * max(1, columns(shown[before : before + marked]))
    return Excerpt("".join(map(_printable, shown)), marks)


def columns(text: str) -> int:
    """Columns on a screen; most East Asian letters and emoji take two."""
    if text.isascii():
        return len(text)
    return sum(
        0 if category(one) in ("Mn", "Me") else 2 if east_asian_width(one) in "WF" else 1
        for one in text
    )


def _printable(character: str) -> str:
    if character == "\t":
        return " "
    return character if character.isprintable() else "\ufffd"
