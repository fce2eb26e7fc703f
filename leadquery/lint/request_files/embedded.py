"""A text inside another one, where it is escaped or quoted: its places there, and changes to it."""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final, NamedTuple

import attrs

from leadquery.lint.fixes import Replacement
from leadquery.lint.source_text import LineIndex

Encode = Callable[[str], str]


class Piece(NamedTuple):
    """A part of a text, how a file writes it, and how the file writes other text there.

    Where both are equal, each character stands for itself. Quotes around a part are pieces without
    text. `encode` is None for a part that stands for an unknown value.
    """

    text: str
    written: str
    encode: Encode | None


# `lines` is a cached property.
@attrs.frozen(repr=False, slots=False)
class EmbeddedText:
    """A text as it is read, and where a file writes each of its characters.

    That is from `starts` to `ends` in the file; characters that are written together have the same
    place, and between two places are quotes. `encoders` write other text there, and are None in a
    part that stands for an unknown value; `unknown` has each of these with how the file writes it.
    `start` is where an empty text would be.
    """

    file: str
    start: int
    text: str = ""
    starts: array[int] = attrs.field(factory=lambda: array("q"))
    ends: array[int] = attrs.field(factory=lambda: array("q"))
    encoders: list[Encode | None] = attrs.field(factory=list)
    unknown: Mapping[str, str] = attrs.field(factory=dict)

    def __getitem__(self, part: slice) -> EmbeddedText:
        """Some of its characters."""
        starts = self.starts[part]
        start = starts[0] if starts else self.ends[-1] if self.ends else self.start
        places = starts, self.ends[part], self.encoders[part]
        return EmbeddedText(self.file, start, self.text[part], *places, self.unknown)

    @cached_property
    def lines(self) -> LineIndex:
        """The lines of the text as it is read."""
        return LineIndex(self.text)

    @property
    def as_written(self) -> str:
        """The text, with unknown values as the file writes them."""
        return "".join(self.unknown.get(part, part) for part in _split(self.text))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where some characters are in the file; the last one for offsets behind it."""
        if not self.text:
            return self.start, self.start
        last = len(self.text) - 1
        return self.starts[min(start, last)], self.ends[min(end - 1, last)]

    def written_replacement(self, part: Replacement) -> Replacement:
        """What changes in the file if a part of the text is replaced.

        ValueError for a part that starts or ends within what is written together, or that starts
        in an unknown value.
        """
        length = len(self.text)
        encode = self.encoders[min(part.start, length - 1)]
        is_cut = any(
            0 < cut < length and self.starts[cut - 1] == self.starts[cut] for cut in part[:2]
        )
        if encode is None or is_cut:
            raise ValueError(self.file[slice(*self.span(part.start, part.end))])
        start = end = self.starts[part.start] if part.start < length else self.ends[-1]
        written = [self.unknown.get(one) or encode(one) for one in _split(part.text)]
        if part.end > part.start:
            end = self.ends[part.end - 1]
            inside = range(part.start, part.end - 1)
            written += (self.file[self.ends[at] : self.starts[at + 1]] for at in inside)
        return Replacement(start, end, "".join(written))

    def read_as(self, start: int, end: int, text: str, encode: Encode | None) -> EmbeddedText:
        """Some of its characters, which are read together as another text."""
        place = self.span(start, end)
        return embed(self.file, place[0], [Piece(text, self.file[slice(*place)], encode)])

    def with_unknown(self, pattern: re.Pattern[str]) -> EmbeddedText:
        """The text with each match of a pattern as an unknown value.

        In quotes, such a value is a text; elsewhere it may be anything.
        """
        parts: list[EmbeddedText] = []
        unknown: dict[str, str] = {}
        last = 0
        for number, (start, end, in_quotes) in enumerate(_templates(self.text, pattern), 1):
            name = f"{MARK}{number}_" if in_quotes else f'"{MARK}VALUE_{number}_"'
            unknown[name] = self.file[slice(*self.span(start, end))]
            parts += [self[last:start], self.read_as(start, end, name, None)]
            last = end
        return attrs.evolve(join([*parts, self[last:]]), unknown=unknown)


def embed(file: str, start: int, pieces: Iterable[Piece]) -> EmbeddedText:
    """The text of pieces that a file writes one after another from an offset on."""
    whole = EmbeddedText(file, start)
    texts = []
    for text, written, encode in pieces:
        end = start + len(written)
        if text == written and encode is not None:
            whole.starts.extend(range(start, end))
            whole.ends.extend(range(start + 1, end + 1))
        else:
            whole.starts.extend([start] * len(text))
            whole.ends.extend([end] * len(text))
        whole.encoders.extend([encode] * len(text))
        texts.append(text)
        start = end
    return attrs.evolve(whole, text="".join(texts))


def join(parts: list[EmbeddedText]) -> EmbeddedText:
    """Some parts of a file as one text."""
    whole = EmbeddedText(parts[0].file, parts[0].start, "".join(part.text for part in parts))
    for part in parts:
        whole.starts.extend(part.starts)
        whole.ends.extend(part.ends)
        whole.encoders.extend(part.encoders)
    return whole


MARK: Final = "LEADQUERY_UNKNOWN_"

PLACEHOLDER: Final = re.compile(rf'"{MARK}VALUE_\d+_"|{MARK}\d+_')
"""What is read in place of an unknown value; all have the mark."""

_split = re.compile(f"({PLACEHOLDER.pattern})").split


def _templates(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int, bool]]:
    """The spans of templates in a JSON text, and whether each is in quotes.

    Postman allows comments, whose quotes do not count.
    """
    outside, inside = (
        re.compile(
            rf'(?P<template>{pattern.pattern})|{skipped}\\["\\]|(?P<quote>")', re.DOTALL
        ).search
        for skipped in (r"//[^\r\n]*|#[^\r\n]*|/\*.*?\*/|", "")
    )
    in_quotes, offset = False, 0
    while found := (inside if in_quotes else outside)(text, offset):
        offset = found.end()
        if found["template"] is not None:
            yield *found.span(), in_quotes
        elif found["quote"]:
            in_quotes = not in_quotes


# Texts in JSON

_json_parts = re.compile(
    r"(?P<escape>\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u[\da-fA-F]{4}|\\.)"
    r"|[^\\]+"
).finditer


def encode_json(text: str) -> str:
    """A text as it is written between the quotes of JSON."""
    return json.dumps(text, ensure_ascii=not text.isprintable())[1:-1]


def from_json(file: str, start: int, end: int) -> EmbeddedText:
    """The text of a string of JSON, which a file has with its quotes between two offsets."""
    parts = _json_parts(file, start + 1, end - 1)
    return embed(file, start + 1, map(_json_piece, parts))


def _json_piece(part: re.Match[str]) -> Piece:
    read = json.loads(f'"{part[0]}"') if part["escape"] else part[0]
    return Piece(read, part[0], encode_json)
