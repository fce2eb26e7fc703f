"""A fix as one replacement in a text."""

from __future__ import annotations

from typing import NamedTuple

from leadquery.lint.diagnostics import Fix
from leadquery.lint.edits import apply_to_text


class Replacement(NamedTuple):
    """What stands between two offsets makes way for a text."""

    start: int
    end: int
    text: str


def replacement(text: str, fix: Fix) -> Replacement:
    """The shortest stretch of a text that a fix changes, and what it becomes."""
    mended = apply_to_text(text, fix.edits)
    start = _common(text, mended)
    tail = _common(text[start:][::-1], mended[start:][::-1])
    return Replacement(start, len(text) - tail, mended[start : len(mended) - tail])


def _common(one: str, other: str) -> int:
    """How many characters two texts share from their start on, found by halving."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
