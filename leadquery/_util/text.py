"""A line of a payload or a program as it is shown: cut to what fits, and safe to print."""

from __future__ import annotations

from itertools import accumulate
from typing import Final, NamedTuple
from unicodedata import category, east_asian_width

_BEFORE: Final = 30
"""The most characters that are shown before a place, where a line is cut."""


class Snippet(NamedTuple):
    """A line, or a part of it, and the marks that point at a place in it."""

    line: str
    marks: str


def snippet(line: str, column: int, width: int, room: int) -> Snippet:
    """The part of a line around a place; `column` counts from 1, `room` is in columns."""
    at = column - 1
    # A caret may stand behind the last character.
    start = 0 if _fits(line, room - (at >= len(line))) else max(0, at - _BEFORE)
    shown = "…" * bool(start) + _fitting(line, start, room - bool(start))
    before = at - start + bool(start)
    marked = max(1, min(width, len(shown) - before))
    marks = " " * display_width(shown[:before]) + "^" * max(
        1, display_width(shown[before : before + marked])
    )
    return Snippet(shown, marks)


def _fits(line: str, room: int) -> bool:
    return len(line) <= room and display_width(_printable(line)) <= room


def _fitting(line: str, start: int, room: int) -> str:
    """What fits of a line from a place on; it ends in '…' where something is left out."""
    text = _printable(line[start : start + room])
    if start + room >= len(line) and display_width(text) <= room:
        return text
    ends = accumulate(map(display_width, text))
    return text[: sum(end < room for end in ends)] + "…"


def _printable(text: str) -> str:
    """The same number of characters; a tab is a blank."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else "\ufffd" for one in text.replace("\t", " "))


_LONGEST: Final = 60
"""The most characters that are shown of a value."""


def display_width(text: str) -> int:
    """Columns on a screen; most East Asian letters and emoji take two."""
    if text.isascii():
        return len(text)
    return sum(
        0 if category(one) in ("Mn", "Me") else 2 if east_asian_width(one) in "WF" else 1
        for one in text
    )


def safe_repr(value: object) -> str:
    """A value as it may stand in a line: on one line, cut, and by its kind where its repr fails."""
    try:
        text = escape_unprintable(repr(value))
    except Exception:  # noqa: BLE001 - the repr is the user's own code.
        return f"<{type(value).__name__}>"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def escape_unprintable(text: str) -> str:
    """A text as it may stand in a line: what cannot be printed, or would steer a terminal, is
    written as Python escapes it.
    """
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in text
    )
