"""Where the entries of a payload stand in its text: found only for what is reported."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable
from json import JSONDecoder
from typing import Any, Final, NamedTuple

from leadquery.lint.diagnostics import Path

_blanks = re.compile(r"[ \t\n\r]*").match

_comma = re.compile(r"[ \t\n\r]*,?[ \t\n\r]*").match

_line_ends = re.compile(r"\r\n|\r|\n").finditer

_new_lines = re.compile(r"\n").finditer

_STRIDE: Final = 64

_blank = r"[ \t\n\r]*+"

_text = r'"[^"]*+(?<!\\)"'

_flat = rf'\{{[^"{{}}]*+(?:{_text}[^"{{}}]*+)*+\}}'

_many = re.compile(rf'(?:(?:{_text}|{_flat}|[^]["{{}},]++){_blank},{_blank}){{{_STRIDE}}}+').match
"""So many entries of a list, each with its comma: texts, numbers, or objects without another.

No text among them ends behind a backslash, which may escape its quote.
"""

# The stubs leave it out.
_value: Callable[[str, int], tuple[Any, int]] = JSONDecoder().scan_once  # type: ignore[attr-defined]

Wanted = dict[str | int, Any]
"""The places asked for, as a tree of steps."""


class Span(NamedTuple):
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


def locate(text: str, paths: Iterable[Path]) -> dict[Path, Span]:
    """The places of some paths, and of all that lead to them, in a text that is JSON.

    A path that is not there is left out. Of a repeated key the last one counts.
    """
    wanted: Wanted = {}
    for path in paths:
        under = wanted
        for step in path:
            under = under.setdefault(step, {})
    found: dict[Path, Span] = {}
    start = _after_blanks(text, 0)
    end = _scan(text, start, wanted, (), found)
    found[()] = Span(start, start, start, end)
    return found


def _after_blanks(text: str, at: int) -> int:
    blanks = _blanks(text, at)
    return blanks.end() if blanks else at


def _after_comma(text: str, at: int) -> int:
    comma = _comma(text, at)
    return comma.end() if comma else at


def _scan(text: str, at: int, wanted: Wanted | None, path: Path, found: dict[Path, Span]) -> int:
    """Where the value that starts here ends; on the way, the places wanted in it are noted."""
    if not wanted or text[at] not in "{[":
        return _value(text, at)[1]
    if text[at] == "[":
        return _scan_list(text, at, wanted, path, found)
    before = None
    at = _after_blanks(text, at + 1)
    while text[at] != "}":
        key, key_end = _value(text, at)
        value = _after_blanks(text, _after_blanks(text, key_end) + 1)
        end = _scan(text, value, wanted.get(key), (*path, key), found)
        after = _after_comma(text, end)
        if key in wanted:
            behind = after if text[after] != "}" else None
            found[*path, key] = Span(at, key_end, value, end, before, behind)
        at, before = after, end
    return at + 1


def _scan_list(text: str, at: int, wanted: Wanted, path: Path, found: dict[Path, Span]) -> int:
    """The same for a list. Where nothing is wanted for long, many entries are passed at once."""
    steps = sorted(step for step in wanted if isinstance(step, int))
    before = None
    at, index = _after_blanks(text, at + 1), 0
    for step in steps:
        at, index, before = _passed(text, at, index, step, before)
        if text[at] == "]":
            break
        end = _scan(text, at, wanted[step], (*path, step), found)
        after = _after_comma(text, end)
        behind = after if text[after] != "]" else None
        found[*path, step] = Span(at, at, at, end, before, behind)
        at, index, before = after, index + 1, end
    return _passed(text, at, index, sys.maxsize, before)[0] + 1


def _passed(
    text: str, at: int, index: int, until: int, before: int | None
) -> tuple[int, int, int | None]:
    """Where the entry `until` starts or the list ends, its index, and where the one before ends."""
    try_at = index
    while index < until and text[at] != "]":
        many = _many(text, at) if try_at <= index < until - _STRIDE else None
        if many:
            at, index = many.end(), index + _STRIDE
            continue
        if try_at <= index:
            try_at = index + _STRIDE
        before = _value(text, at)[1]
        at, index = _after_comma(text, before), index + 1
    return at, index, before


class LineIndex:
    """The lines of a text; they end as any editor thinks they do."""

    def __init__(self, text: str) -> None:
        self._text = text
        ends = _line_ends if "\r" in text else _new_lines
        self._starts = [0, *(end.end() for end in ends(text))]

    def place(self, offset: int) -> tuple[int, int]:
        """The line and the column of an offset, both from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """A line, without its end."""
        return self._text[self._starts[number - 1] : self.end(number)]

    def end(self, number: int) -> int:
        """The offset at which the text of a line ends."""
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self._text)
        while end > start and self._text[end - 1] in "\r\n":
            end -= 1
        return end
