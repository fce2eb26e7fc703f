"""The text of a payload: what it is read as, and where its places stand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

import attrs

from leadquery.lint.diagnostics import Path
from leadquery.lint.json_parser.issues import SyntaxIssue
from leadquery.lint.json_parser.literals import NAN_PLACEHOLDER
from leadquery.lint.json_parser.locations import LineIndex


@attrs.frozen(slots=False)
class SourceText:
    """A text, the JSON it is read as, and the slips that lie between the two."""

    text: str
    read_as: str
    slips: tuple[SyntaxIssue, ...]
    readable: bool = True

    @cached_property
    def lines(self) -> LineIndex:
        """The lines of the text."""
        return LineIndex(self.text)

    def original(self, offset: int) -> int:
        """Where in the text stands what stands at an offset of `read_as`."""
        starts, shifts = self._shifts
        return offset - shifts[bisect_right(starts, offset)]

    @cached_property
    def told(self) -> frozenset[Path]:
        """The places at which a number that JSON lacks says it all."""
        return frozenset(slip.path for slip in self.slips if slip.to == NAN_PLACEHOLDER)

    @property
    def unread(self) -> Iterator[tuple[int, int, str]]:
        """The numbers that JSON lacks: their place in `read_as`, and how they are written."""
        for slip, end in zip(self.slips, self._shifts[0], strict=True):
            if slip.to == NAN_PLACEHOLDER:
                yield end - len(NAN_PLACEHOLDER), end, self.text[slip.start : slip.end]

    @cached_property
    def _shifts(self) -> tuple[list[int], list[int]]:
        """Where in `read_as` each slip ends, and how far the text behind it has moved."""
        starts, shifts = [], [0]
        for slip in self.slips:
            moved = shifts[-1] + len(slip.to or "") - (slip.end - slip.start)
            starts.append(slip.end + moved)
            shifts.append(moved)
        return starts, shifts
