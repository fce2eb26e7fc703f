"""Unified diffs of two versions of a file, for `check --diff`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import groupby
from os import fsencode
from typing import Any, Final

from leadquery._util.text import escape_unprintable

CONTEXT_LINES: Final = 3

MAX_COMPARED_LINES: Final = 2_000
"""difflib takes time that grows with the square of the number of lines."""

_split_lines = re.compile(rb"[^\n]*\n|[^\n]+").findall


def unified_diff(file: str, before: bytes, after: bytes) -> bytes:
    """The unified diff of two versions of a file, of any size.

    `difflib.unified_diff` would take minutes for fifty thousand lines, and does not mark a missing
    line end.
    """
    if before == after:
        return b""
    name = fsencode(escape_unprintable(file))
    old, new = _split_lines(before), _split_lines(after)
    lines = [b"--- %s\n+++ %s\n" % (name, name)]
    for hunk in _LineMatcher(old, new).get_grouped_opcodes(CONTEXT_LINES):
        (_, start, _, new_start, _), (_, _, end, _, new_end) = hunk[0], hunk[-1]
        lines.append(b"@@ -%s +%s @@\n" % (_range(start, end), _range(new_start, new_end)))
        for tag, start, end, new_start, new_end in hunk:
            if tag == "equal":
                lines += _marked(b" ", old[start:end])
            else:
                lines += _marked(b"-", old[start:end])
                lines += _marked(b"+", new[new_start:new_end])
    return b"".join(lines)


class _LineMatcher(SequenceMatcher[bytes]):
    """Compares long texts line by line if they have as many lines, or only where they differ."""

    def __init__(self, old: list[bytes], new: list[bytes]) -> None:
        super().__init__(None, old, new)
        self._lines = old, new

    def get_opcodes(self) -> list[Any]:
        old, new = self._lines
        opcodes: list[Any] = []
        if len(old) == len(new):
            for equal, numbers in groupby(range(len(old)), lambda at: old[at] == new[at]):
                first, *_, last = [*numbers] * 2
                opcodes.append(("equal" if equal else "replace", first, last + 1, first, last + 1))
            return opcodes
        head = _shared(old, new)
        tail = _shared(old[head:][::-1], new[head:][::-1])
        end, new_end = len(old) - tail, len(new) - tail
        if max(end, new_end) - head > MAX_COMPARED_LINES:
            middle: list[Any] = [("replace", 0, end - head, 0, new_end - head)]
        else:
            middle = SequenceMatcher(None, old[head:end], new[head:new_end]).get_opcodes()
        opcodes.append(("equal", 0, head, 0, head))
        opcodes += [(tag, *(head + number for number in numbers)) for tag, *numbers in middle]
        opcodes.append(("equal", end, len(old), new_end, len(new)))
        return opcodes


def _shared(lines: list[bytes], others: list[bytes]) -> int:
    """How many lines at the start are the same."""
    pairs = zip(lines, others, strict=False)
    different = (number for number, (line, other) in enumerate(pairs) if line != other)
    return next(different, min(len(lines), len(others)))


def _range(start: int, end: int) -> bytes:
    count = end - start
    if count == 1:
        return b"%d" % (start + 1)
    return b"%d,%d" % (start + 1 if count else start, count)


def _marked(mark: bytes, lines: Iterable[bytes]) -> Iterator[bytes]:
    for line in lines:
        yield mark + line
        if not line.endswith(b"\n"):
            yield b"\n\\ No newline at end of file\n"
