"""Text in screen columns: wrapped, or a part of a line with carets below it."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Final, NamedTuple

_MAX_BEFORE: Final = 30
"""Screen columns before a mistake that are kept when a long line is shortened."""


class Snippet(NamedTuple):
    """A line, or part of it, and the carets below it."""

    line: str
    carets: str


def snippet(line: str, column: int, width: int, max_width: int) -> Snippet:
    """The part of a line around `column` (from 1), with carets below `width` characters.

    `max_width` is the number of screen columns there are.
    """
    at = column - 1
    # The caret may be after the last character.
    fits = _fits_width(line, max_width - (at >= len(line)))
    start = 0 if fits else _cut_before(line, at, width, max_width)
    part = "…" * bool(start) + _truncate(line, start, max_width - bool(start))
    before = at - start + bool(start)
    marked = max(1, min(width, len(part) - before))
    carets = max(1, display_width(part[before : before + marked]))
    return Snippet(part, " " * display_width(part[:before]) + "^" * carets)


def _cut_before(line: str, at: int, width: int, max_width: int) -> int:
    """Where to cut a long line so that the characters from `at` on are shown, if they fit."""
    marked = display_width(_replace_unprintable(line[at : at + min(width, max_width)]))
    columns = min(_MAX_BEFORE, max(max_width - marked - 2, max_width // 4))
    start = at
    while (
        start and (columns := columns - display_width(_replace_unprintable(line[start - 1]))) >= 0
    ):
        start -= 1
    return start


def _fits_width(line: str, max_width: int) -> bool:
    return len(line) <= max_width and display_width(_replace_unprintable(line)) <= max_width


def _truncate(line: str, start: int, max_width: int) -> str:
    """As much of the line from `start` as fits, with '…' at the end if it is cut."""
    text = _replace_unprintable(line[start : start + max_width])
    if start + max_width >= len(line) and display_width(text) <= max_width:
        return text
    ends = accumulate(map(display_width, text))
    return text[: sum(end < max_width for end in ends)] + "…"


def _replace_unprintable(text: str) -> str:
    """The text with the same length, tabs as spaces and unprintable characters as '\ufffd'."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else "\ufffd" for character in text.replace("\t", " ")
    )


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` screen columns: broken at spaces, or in long words.

    >>> wrap("write 'PageIndex'   [fix: safe]", 20)
    ["write 'PageIndex'", '[fix: safe]']
    """
    lines, line = [], ""
    for word in re.findall(r" *(?:\[fix: \w+\]|[^ ]+)", text):
        if display_width(line + word) <= width:
            line += word
            continue
        lines += [line] if line else []
        line = word.lstrip(" ")
        while display_width(line) > width:
            ends = accumulate(map(display_width, line))
            fitting = max(1, sum(end <= width for end in ends))
            lines.append(line[:fitting])
            line = line[fitting:]
    return [*lines, line]


def display_width(text: str) -> int:
    """The number of screen columns; most East Asian characters and emoji take two."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(
        0
        if category(character) in ("Mn", "Me")
        else 2
        if east_asian_width(character) in "WF"
        else 1
        for character in text
    )
