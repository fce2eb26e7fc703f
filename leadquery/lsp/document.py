"""The text of an open file, and positions in it in the units that the editor counts in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Final, NamedTuple

import attrs

from leadquery.lint.source_text import LineIndex

UTF_16: Final = "utf-16"

_UNITS: Final = {"utf-8": ("utf-8", 1), UTF_16: ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
"""The codec of each encoding of positions, and the bytes of a unit."""

_CONTINUATION: Final = bytes(range(0x80, 0xC0))
"""The bytes of UTF-8 that start no character."""


class Position(NamedTuple):
    """A line, and a character of the line in the units of the editor, both from 0."""

    line: int
    character: int


class Range(NamedTuple):
    """From a position to before another."""

    start: Position
    end: Position


class Change(NamedTuple):
    """A text in place of a range, or of the whole text."""

    text: str
    range: Range | None = None


# `lines` is a cached property.
@attrs.frozen(slots=False)
class Document:
    """One version of a file."""

    uri: str
    language: str
    text: str = attrs.field(repr=False)
    version: int = 0
    encoding: str = UTF_16

    @cached_property
    def lines(self) -> LineIndex:
        """The lines, which end at the line ends that the protocol names."""
        return LineIndex(self.text)

    def offset(self, position: Position) -> int:
        """The offset of a position; what is behind the end of a line or of the text is that end."""
        line = max(0, position.line) + 1
        if line > self.lines.count:
            return len(self.text)
        text = self.lines.line(line)
        character = max(0, position.character)
        if not text.isascii():
            codec, size = _UNITS[self.encoding]
            head = text.encode(codec, "surrogatepass")[: character * size]
            if size == 1:
                character = len(head.translate(None, _CONTINUATION))
            else:
                character = len(head.decode(codec, "surrogatepass"))
        return self.lines.offset(line, min(character, len(text)) + 1)

    def position(self, offset: int) -> Position:
        """The position of an offset."""
        line, column = self.lines.position(offset)
        before = self.text[offset - column + 1 : offset]
        if before.isascii():
            return Position(line - 1, column - 1)
        codec, size = _UNITS[self.encoding]
        return Position(line - 1, len(before.encode(codec, "surrogatepass")) // size)

    def range(self, start: int, end: int) -> Range:
        """The range between two offsets."""
        return Range(self.position(start), self.position(end))

    def changed(self, version: int, changes: Iterable[Change]) -> Document:
        """The next version, after changes one after another."""
        document = attrs.evolve(self, version=version)
        for change in changes:
            text = change.text
            if change.range is not None:
                start, end = map(document.offset, change.range)
                text = f"{document.text[:start]}{text}{document.text[max(start, end) :]}"
            document = attrs.evolve(document, text=_joined(text))
        return document


_half = re.compile("[\ud800-\udfff]").search


def _joined(text: str) -> str:
    """The text with halves of a character that changes have put together as that character."""
    if text.isascii() or not _half(text):
        return text
    return text.encode(UTF_16, "surrogatepass").decode(UTF_16, "surrogatepass")
