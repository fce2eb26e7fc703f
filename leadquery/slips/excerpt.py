"""A line of a payload or a program as it is shown: cut to what fits, and safe to print."""

from __future__ import annotations

from itertools import accumulate
from typing import Final, NamedTuple

from leadquery.slips.screen import columns

_BEFORE: Final = 30
"""The most characters that are shown before a place, where a line is cut."""


class Excerpt(NamedTuple):
    """A line, or a part of it, and the marks that point at a place in it."""

    line: str
    marks: str


def excerpt(line: str, column: int, width: int, room: int) -> Excerpt:
    """The part of a line around a place; `column` counts from 1, `room` is in columns."""
    at = column - 1
    # A caret may stand behind the last character.
    start = 0 if _fits(line, room - (at >= len(line))) else max(0, at - _BEFORE)
    shown = "…" * bool(start) + _fitting(line, start, room - bool(start))
    before = at - start + bool(start)
    marked = max(1, min(width, len(shown) - before))
    marks = " " * columns(shown[:before]) + "^" * max(1, columns(shown[before : before + marked]))
    return Excerpt(shown, marks)


def _fits(line: str, room: int) -> bool:
    return len(line) <= room and columns(_printable(line)) <= room


def _fitting(line: str, start: int, room: int) -> str:
    """What fits of a line from a place on; it ends in '…' where something is left out."""
    text = _printable(line[start : start + room])
    if start + room >= len(line) and columns(text) <= room:
        return text
    ends = accumulate(map(columns, text))
    return text[: sum(end < room for end in ends)] + "…"


def _printable(text: str) -> str:
    """The same number of characters; a tab is a blank."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else "\ufffd" for one in text.replace("\t", " "))
