"""Where the entries of a payload stand in its text: found only for what is reported."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from json import JSONDecoder
from typing import Any, NamedTuple

from leadquery.spec.findings import Path

_blanks = re.compile(r"[ \t\n\r]*").match
_line_ends = re.compile(r"\r\n|\r|\n").finditer
_value = JSONDecoder().raw_decode

Wanted = dict[str | int, Any]
"""The places asked for, as a tree of steps."""


class Place(NamedTuple):
    """An entry of an object or a list, or the whole: offsets into the text.

    `start` to `key_end` is its key, `value` to `end` its value. `before` is where the entry
    before it ends, `after` where the next one starts; None where there is none.
    """

    start: int
    key_end: int
    value: int
    end: int
    before: int | None = None
    after: int | None = None


def find(text: str, paths: Iterable[Path]) -> dict[Path, Place]:
    """The places of some paths, and of all that lead to them, in a text that is JSON.

    A path that is not there is left out. Of a repeated key the last one counts.
    """
    wanted: Wanted = {}
    for path in paths:
        under = wanted
        for step in path:
            under = under.setdefault(step, {})
    found: dict[Path, Place] = {}
    start = _after_blanks(text, 0)
    end = _scan(text, start, wanted, (), found)
    found[()] = Place(start, start, start, end)
    return found


def _after_blanks(text: str, at: int) -> int:
    blanks = _blanks(text, at)
    return blanks.end() if blanks else at


def _scan(text: str, at: int, wanted: Wanted | None, path: Path, found: dict[Path, Place]) -> int:
    """Where the value that starts here ends; on the way, the places wanted in it are noted."""
    if not wanted or text[at] not in "{[":
        return _value(text, at)[1]
    keyed = text[at] == "{"
    index, before = 0, None
    at = _after_blanks(text, at + 1)
    while text[at] not in "}]":
        step: str | int = index
        start = value = key_end = at
        if keyed:
            step, key_end = _value(text, at)
            value = _after_blanks(text, _after_blanks(text, key_end) + 1)
        under = wanted.get(step)
        end = _scan(text, value, under, (*path, step), found)
        at = _after_blanks(text, end)
        after = None
        if text[at] == ",":
            at = after = _after_blanks(text, at + 1)
        if under is not None:
            found[*path, step] = Place(start, key_end, value, end, before, after)
        index, before = index + 1, end
    return at + 1


class Lines:
    """The lines of a text; they end as any editor thinks they do."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(end.end() for end in _line_ends(text))]

    def place(self, offset: int) -> tuple[int, int]:
        """The line and the column of an offset, both from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """A line, without its end."""
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self._text)
        return self._text[start:end].rstrip("\r\n")
