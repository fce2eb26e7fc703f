"""The request in a .bru file of Bruno."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from leadquery.lint.request_files.documents import BRACES, NO_BODY
from leadquery.lint.request_files.embedded import EmbeddedText, Piece, embed

is_bruno = re.compile(r"\ufeff?\s*meta[ \t]*\{[ \t]*\r?\n").match
"""Whether a text is a .bru file, which Bruno begins with this block."""

_METHODS: Final = ("get", "post", "put", "delete", "patch", "options", "head", "http")

_opening = re.compile(r"\ufeff?([\w:-]+)[ \t]*\{[ \t]*\r?\n").fullmatch

_pairs = re.compile(r"^[ \t]*([\w-]+)[ \t]*:[ \t]*(.*?)[ \t\r]*$", re.MULTILINE).findall

_parts = re.compile(r"(?P<end>\r\n?|\n)(?: {2})?|[^\r\n]+").finditer


class BrunoRequest(NamedTuple):
    """The request in a .bru file; a `note` says why there is no body to check."""

    name: str
    url: str
    body: EmbeddedText | None
    note: str = ""


def read_bruno(text: str) -> BrunoRequest:
    """The request in a .bru file."""
    blocks = {name: (start, text[start:end]) for name, start, end in _blocks(text)}
    none = 0, ""
    method = next((name for name in _METHODS if name in blocks), "")
    name = dict(_pairs(blocks["meta"][1])).get("name", "") if "meta" in blocks else ""
    request = dict(_pairs(blocks.get(method, none)[1]))
    url, mode = request.get("url", ""), request.get("body", "none")
    start, content = blocks.get(f"body:{mode}", none)
    if not content.strip():
        return BrunoRequest(name, url, None, NO_BODY)
    if mode not in ("json", "text"):
        return BrunoRequest(name, url, None, f"its body is in the mode {mode!r}, not 'json'")
    body = embed(text, start, _pieces(content.rstrip("\r\n")))
    return BrunoRequest(name, url, body.with_unknown(BRACES))


def _blocks(text: str) -> Iterator[tuple[str, int, int]]:
    """The names of the blocks in a file, and where the lines inside each begin and end."""
    name, start = "", 0
    for line in re.finditer(r".*\n|.+", text):
        opening = None if name else _opening(line[0])
        if opening:
            name, start = opening[1], line.end()
        elif name and line[0].startswith("}"):
            yield name, start, line.start()
            name = ""


def _pieces(content: str) -> Iterator[Piece]:
    """The lines of a block, without the two spaces that Bruno puts before each."""
    indent = "  " if content.startswith("  ") else ""
    if indent:
        yield Piece("", indent, _indented)
    for part in _parts(content, len(indent)):
        yield Piece("\n" if part["end"] else part[0], part[0], _indented)


def _indented(text: str) -> str:
    return text.replace("\n", "\n  ")
