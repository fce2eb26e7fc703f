"""The arguments of a command for Windows: what cmd.exe passes on, and how a program divides it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from leadquery.lint.request_files.embedded import EmbeddedText, Piece

_SHELL_PART: Final = re.compile(
    r"""(?P<quoted>"[^"\r\n]*"?)|\^\r?\n(?P<newline>\r?\n)|(?P<joined>\^\r?\n)"""
    r"""|\^(?P<escaped>.)|(?P<plain>[^"^\r\n|&<>]+)""",
    re.DOTALL,
)
"""What cmd.exe reads: between quotes, a caret is itself."""

_ARGUMENT_PART: Final = re.compile(
    r"""(?P<slashes>\\+)(?P<quote>")|(?P<mark>""?)|(?P<space>[ \t\n]+)"""
    r"""|(?P<plain>\\+|[^\\" \t\n]+)"""
)
"""What a program reads: backslashes mean something before a quote only."""


def split_windows(text: str, start: int) -> tuple[list[EmbeddedText], int]:
    """The words of a command from an offset on, and where it ends."""
    line = EmbeddedText(tuple(_shell_parts(text, start)), start)
    words: list[EmbeddedText] = []
    pieces: list[Piece] = []
    in_quotes, begin, end = False, 0, 0
    for found in _ARGUMENT_PART.finditer(line.text):
        if found["space"] and not in_quotes:
            if pieces:
                words.append(EmbeddedText(tuple(pieces), start + begin))
            pieces, begin = [], line.written_span(*found.span())[1]
        else:
            pieces += _argument_parts(line, found, max(begin, end), in_quotes=in_quotes)
            in_quotes ^= _divides(found)
        end = line.written_span(*found.span())[1]
    if pieces:
        words.append(EmbeddedText(tuple(pieces), start + begin))
    return words, start + len(line.written)


def _shell_parts(text: str, start: int) -> Iterator[Piece]:
    offset = start
    while found := _SHELL_PART.match(text, offset):
        offset = found.end()
        kind = found.lastgroup or "plain"
        read = "" if kind == "joined" else "\n" if kind == "newline" else found[kind]
        yield Piece(read, found[0], _in_quotes if kind == "quoted" else _in_carets)


def _divides(found: re.Match[str]) -> bool:
    """Whether quotes begin or end here."""
    return bool(found["mark"] == '"' or (found["quote"] and len(found["slashes"]) % 2 == 0))


def _argument_parts(
    line: EmbeddedText, found: re.Match[str], begin: int, *, in_quotes: bool
) -> Iterator[Piece]:
    """The pieces of a part of an argument, which is written from `begin` on."""
    written = line.written[begin : line.written_span(*found.span())[1]]
    encode = line.piece_at(found.start()).encode
    if found["quote"]:
        slashes = len(found["slashes"])
        yield Piece("\\" * (slashes // 2) + '"' * (slashes % 2), written, encode)
    elif found["mark"]:
        # Two quotes between quotes stand for one.
        yield Piece('"' if in_quotes and found["mark"] == '""' else "", written, encode)
    else:
        for offset in range(*found.span()):
            end = line.written_span(offset, offset + 1)[1]
            yield Piece(line.text[offset], line.written[begin:end], encode)
            begin = end


def _in_quotes(text: str) -> str:
    return re.sub(r'(\\*)"', r'\1\1\\"', text)


def _in_carets(text: str) -> str:
    escaped = re.sub(r"[^\w\s:=+~'/.,?;()*`-]", r"^\g<0>", _in_quotes(text))
    return re.sub(r"\r?\n", "^\n\n", escaped)
