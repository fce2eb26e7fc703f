"""A text inside another one, where it is escaped or quoted: its places there, and changes to it."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

import attrs

from leadquery.lint.fixes import Replacement
from leadquery.lint.source_text import LineIndex


class Piece(NamedTuple):
    """A part of the text, how the file writes it, and how the file writes other text there.

    Where both are equal, each character stands for itself. Quotes around a part are pieces without
    text. `encode` is None for a part that stands for an unknown value.
    """

    text: str
    written: str
    encode: Callable[[str], str] | None

    @property
    def is_literal(self) -> bool:
        """Whether it is written as it is read, so that it can be divided."""
        return self.text == self.written and self.encode is not None


@attrs.frozen(slots=False)
class EmbeddedText:
    """A text as it is read, and as it is written in a file from the offset `start` on."""

    pieces: tuple[Piece, ...]
    start: int

    @cached_property
    def text(self) -> str:
        """The text as it is read."""
        return "".join(piece.text for piece in self.pieces)

    @cached_property
    def written(self) -> str:
        """The text as the file writes it."""
        return "".join(piece.written for piece in self.pieces)

    @cached_property
    def lines(self) -> LineIndex:
        """The lines of the text as the file writes it."""
        return LineIndex(self.written)

    @property
    def as_written(self) -> str:
        """The text, with unknown values as the file writes them."""
        return "".join(piece.text if piece.encode else piece.written for piece in self.pieces)

    @cached_property
    def unknown(self) -> dict[str, str]:
        """The parts that stand for unknown values, each with how the file writes it."""
        return {piece.text: piece.written for piece in self.pieces if piece.encode is None}

    @cached_property
    def _visible(self) -> list[tuple[Piece, int]]:
        """The pieces that have text, with where they are written."""
        starts = accumulate((len(piece.written) for piece in self.pieces), initial=0)
        return [(piece, at) for piece, at in zip(self.pieces, starts, strict=False) if piece.text]

    @cached_property
    def _starts(self) -> list[int]:
        lengths = (len(piece.text) for piece, _ in self._visible)
        return [*accumulate(lengths, initial=0)][:-1]

    def written_span(self, start: int, end: int) -> tuple[int, int]:
        """Where some characters are written, from the start of the written text."""
        return self._written(start)[0], self._written(end - 1)[1]

    def piece_at(self, offset: int) -> Piece:
        """The piece that a character is in."""
        return self._visible[bisect_right(self._starts, offset) - 1][0]

    def _written(self, offset: int) -> tuple[int, int]:
        """Where a character is written; the last one for an offset behind it."""
        if not self._visible:
            return 0, 0
        offset = min(offset, len(self.text) - 1)
        index = bisect_right(self._starts, offset) - 1
        piece, at = self._visible[index]
        if not piece.is_literal:
            return at, at + len(piece.written)
        at += offset - self._starts[index]
        return at, at + 1

    def replace(self, replacements: Iterable[Replacement]) -> EmbeddedText:
        """The text with some parts replaced; all else stays as it is written.

        Where two overlap, the first one counts. ValueError for one that starts or ends in an
        unknown value.
        """
        ordered = sorted(replacements)
        cuts = sorted({cut for one in ordered for cut in (one.start, one.end)})
        waiting = iter(ordered)
        current = next(waiting, None)
        pieces: list[Piece] = []
        position = end = after_last = 0
        last: Piece | None = None
        for piece in self._divided(cuts):
            while current is not None and piece.text and current.start == position:
                if position >= end:
                    pieces += self._encoded(current.text, piece)
                    end = current.end
                current = next(waiting, None)
            if not piece.text or position >= end:
                pieces.append(piece)
            position += len(piece.text)
            if piece.text:
                last, after_last = piece, len(pieces)
        if current is not None and last is not None:
            pieces[after_last:after_last] = self._encoded(current.text, last)
        return EmbeddedText(tuple(pieces), self.start)

    def written_replacement(self, part: Replacement) -> Replacement:
        """What `replace` changes in the file for one replacement. ValueError as there."""
        first, start = self._cut(part.start)
        like, _ = self._visible[min(first, len(self._visible) - 1)]
        parts = [piece.written for piece in self._encoded(part.text, like)]
        end = start
        if part.end > part.start:
            behind, _ = self._cut(part.end)
            _, end = self._written(part.end - 1)
            inside = [one for one in self._visible[first : behind + 1] if one[1] < end]
            parts += (
                self.written[at + len(piece.written) : following]
                for (piece, at), (_, following) in pairwise(inside)
            )
        return Replacement(self.start + start, self.start + end, "".join(parts))

    def _cut(self, offset: int) -> tuple[int, int]:
        """The index of the piece that goes on at an offset, and where it does in the file.

        ValueError inside a piece that cannot be divided.
        """
        index = bisect_right(self._starts, offset) - 1
        piece, at = self._visible[index]
        inside = offset - self._starts[index]
        if inside == len(piece.text):
            return index + 1, at + len(piece.written)
        if inside and not piece.is_literal:
            raise ValueError(piece.written)
        return index, at + inside

    def without_start(self, offset: int) -> EmbeddedText:
        """The text from an offset on."""
        pieces, position = [], 0
        for piece in self._divided([offset]):
            if position >= offset:
                pieces.append(piece)
            position += len(piece.text)
        skipped = len(self.written) - sum(len(piece.written) for piece in pieces)
        return EmbeddedText(tuple(pieces), self.start + skipped)

    def _encoded(self, text: str, like: Piece) -> Iterator[Piece]:
        """A new text as pieces, with the unknown values in it written as before."""
        encode = like.encode
        if encode is None:
            raise ValueError(like.written)
        unknown = self.unknown
        for part in re.split(f"({PLACEHOLDER.pattern})", text) if unknown else [text]:
            if part in unknown:
                yield Piece(part, unknown[part], None)
            elif part:
                yield from _pieces(part, encode)

    def _divided(self, cuts: list[int]) -> Iterator[Piece]:
        """The pieces, divided at some offsets. ValueError if that is inside an unknown value."""
        position = 0
        inside = iter(cuts)
        cut = next(inside, None)
        for piece in self.pieces:
            text, written, encode = piece
            while cut is not None and cut < position + len(text):
                if cut > position:
                    if not piece.is_literal:
                        raise ValueError(written)
                    part = text[: cut - position]
                    yield Piece(part, part, encode)
                    text = written = text[cut - position :]
                    position = cut
                cut = next(inside, None)
            yield Piece(text, written, encode)
            position += len(text)

    def with_unknown(self, pattern: re.Pattern[str]) -> EmbeddedText:
        """The text with each match of a pattern as an unknown value.

        In quotes, such a value is a text; elsewhere it may be anything.
        """
        found = list(_templates(self.text, pattern))
        if not found:
            return self
        cuts = sorted({cut for start, end, _ in found for cut in (start, end)})
        spans = iter([*found, (len(self.text) + 1, 0, False)])
        start, end, in_quotes = next(spans)
        pieces: list[Piece] = []
        position, number, template = 0, 0, ""
        for piece in self._divided(cuts):
            if start <= position < end and piece.text:
                template += piece.written
                if position + len(piece.text) == end:
                    number += 1
                    name = f"{MARK}{number}_" if in_quotes else f'"{MARK}VALUE_{number}_"'
                    pieces.append(Piece(name, template, None))
                    template = ""
                    start, end, in_quotes = next(spans)
                    position = position + len(piece.text)
                    continue
            else:
                pieces.append(piece)
            position += len(piece.text)
        return EmbeddedText(tuple(pieces), self.start)


MARK: Final = "LEADQUERY_UNKNOWN_"

PLACEHOLDER: Final = re.compile(rf'"{MARK}VALUE_\d+_"|{MARK}\d+_')
"""What is read in place of an unknown value; all have the mark."""


def _templates(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int, bool]]:
    """The spans of templates in a JSON text, and whether each is in quotes.

    Postman allows comments, whose quotes do not count.
    """
    outside, inside = (
        re.compile(rf'(?P<template>{pattern.pattern})|{skipped}\\.|(?P<quote>")', re.DOTALL).search
        for skipped in (r"//[^\r\n]*|#[^\r\n]*|/\*.*?\*/|", "")
    )
    in_quotes, offset = False, 0
    while found := (inside if in_quotes else outside)(text, offset):
        offset = found.end()
        if found["template"] is not None:
            yield *found.span(), in_quotes
        elif found["quote"]:
            in_quotes = not in_quotes


def _pieces(text: str, encode: Callable[[str], str]) -> Iterator[Piece]:
    """A text as pieces that can be divided again, if its characters are encoded one by one."""
    parts = [Piece(part, encode(part), encode) for part in re.findall(r"\w+|[^\w]", text)]
    if "".join(part.written for part in parts) == encode(text):
        yield from parts
    else:
        yield Piece(text, encode(text), encode)


# Texts in JSON

_json_escapes = re.compile(
    r"\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u[\da-fA-F]{4}|\\."
).finditer


def encode_json(text: str) -> str:
    """A text as it is written between the quotes of JSON."""
    return json.dumps(text, ensure_ascii=not text.isprintable())[1:-1]


def from_json(literal: str, start: int) -> EmbeddedText:
    """The text of a string of JSON, which is written with its quotes at an offset of a file."""
    written = literal[1:-1]
    pieces: list[Piece] = []
    end = 0
    for escape in _json_escapes(written):
        part = written[end : escape.start()]
        pieces += [Piece(part, part, encode_json)] if part else []
        pieces.append(Piece(json.loads(f'"{escape[0]}"'), escape[0], encode_json))
        end = escape.end()
    part = written[end:]
    pieces += [Piece(part, part, encode_json)] if part else []
    return EmbeddedText(tuple(pieces), start + 1)
