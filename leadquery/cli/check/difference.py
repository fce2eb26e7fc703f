"""Two states of a file as a unified diff: in linear time, for files are as large as they like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from os import fsencode
from typing import Final, NamedTuple

from leadquery._util.text import escape_unprintable

CONTEXT: Final = 3
"""Lines shown around a change."""

FEW: Final = 2_000
"""Lines that difflib compares in a moment; what it takes grows with their square."""

_split = re.compile(rb"[^\n]*\n|[^\n]+").findall


class Change(NamedTuple):
    """Lines from `start` to `end` make way for those from `new_start` to `new_end`."""

    start: int
    end: int
    new_start: int
    new_end: int


def difference(file: str, before: bytes, after: bytes) -> bytes:
    """What turns one state into the other; bytes stay as they are, so do line ends."""
    if before == after:
        return b""
    name = fsencode(escape_unprintable(file))
    old, new = _split(before), _split(after)
    parts = [b"--- ", name, b"\n+++ ", name, b"\n"]
    for hunk in _hunks(list(_changes(old, new))):
        parts += _written(hunk, old, new)
    return b"".join(parts)


def _changes(old: list[bytes], new: list[bytes]) -> Iterator[Change]:
    if len(old) == len(new):
        for same, run in groupby(range(len(old)), lambda at: old[at] == new[at]):
            if not same:
                first, *_, last = [*run] * 2
                yield Change(first, last + 1, first, last + 1)
        return
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    end, new_end = len(old) - tail, len(new) - tail
    if max(end, new_end) - head > FEW:
        yield Change(head, end, head, new_end)
        return
    from difflib import SequenceMatcher

    for kind, *span in SequenceMatcher(None, old[head:end], new[head:new_end]).get_opcodes():
        if kind != "equal":
            yield Change(*(head + at for at in span))


def _shared(one: list[bytes], other: list[bytes]) -> int:
    """How many lines two texts have in common from their start on."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _hunks(changes: list[Change]) -> Iterator[list[Change]]:
    """Changes whose surroundings meet."""
    hunk = changes[:1]
    for change in changes[1:]:
        if change.start - hunk[-1].end > 2 * CONTEXT:
            yield hunk
            hunk = []
        hunk.append(change)
    yield hunk


def _written(hunk: list[Change], old: list[bytes], new: list[bytes]) -> Iterator[bytes]:
    first, last = hunk[0], hunk[-1]
    start, end = max(first.start - CONTEXT, 0), min(last.end + CONTEXT, len(old))
    new_start = first.new_start - first.start + start
    new_end = last.new_end - last.end + end
    yield b"@@ -%s +%s @@\n" % (_range(start, end), _range(new_start, new_end))
    at = start
    for change in hunk:
        yield from _marked(b" ", old[at : change.start])
        yield from _marked(b"-", old[change.start : change.end])
        yield from _marked(b"+", new[change.new_start : change.new_end])
        at = change.end
    yield from _marked(b" ", old[at:end])


def _range(start: int, end: int) -> bytes:
    count = end - start
    if count == 1:
        return b"%d" % (start + 1)
    return b"%d,%d" % (start + 1 if count else start, count)


def _marked(mark: bytes, lines: list[bytes]) -> Iterator[bytes]:
    for line in lines:
        yield mark + line
        if not line.endswith(b"\n"):
            yield b"\n\\ No newline at end of file\n"
