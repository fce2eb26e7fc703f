"""The arguments of a command for Windows: what cmd.exe passes on, and how a program divides it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from leadquery.lint.request_files.embedded import EmbeddedText, Piece, embed, join

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
    shell_parts = list(_shell_parts(text, start))
    line = embed(text, start, shell_parts)
    words: list[EmbeddedText] = []
    parts: list[EmbeddedText] = []
    in_quotes = False
    for found in _ARGUMENT_PART.finditer(line.text):
        if found["space"] and not in_quotes:
            words += [join(parts)] if parts else []
            parts = []
        else:
            parts.append(_argument_part(line, found, in_quotes=in_quotes))
            in_quotes ^= _divides(found)
    words += [join(parts)] if parts else []
    return words, start + sum(len(piece.written) for piece in shell_parts)


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


def _argument_part(line: EmbeddedText, found: re.Match[str], *, in_quotes: bool) -> EmbeddedText:
    """A part of an argument as a program reads it."""
    if found["quote"]:
        slashes = len(found["slashes"])
        read = "\\" * (slashes // 2) + '"' * (slashes % 2)
    elif found["mark"]:
        # Two quotes between quotes stand for one.
        read = '"' if in_quotes and found["mark"] == '""' else ""
    else:
        return line[slice(*found.span())]
    return line.read_as(*found.span(), read, line.encoders[found.start()])


def _in_quotes(text: str) -> str:
    return re.sub(r'(\\*)"', r'\1\1\\"', text)


def _in_carets(text: str) -> str:
    escaped = re.sub(r"[^\w\s:=+~'/.,?;()*`-]", r"^\g<0>", _in_quotes(text))
    return re.sub(r"\r?\n", "^\n\n", escaped)
