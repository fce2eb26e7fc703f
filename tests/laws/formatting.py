"""Formats JSON in many styles, and records the position of each entry, token and gap."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from hypothesis import strategies as st

Json = Any
Path = tuple[str | int, ...]

_plain = re.compile(r"[A-Za-z_][A-Za-z0-9_]*").fullmatch
_line_end = re.compile(r"\r\n|\r|\n")


class Style(NamedTuple):
    """The whitespace between tokens, and which characters of strings are escaped."""

    line: str
    indent: str
    trailing: str
    around_colon: tuple[str, str]
    around_comma: tuple[str, str]
    around_all: tuple[str, str]
    escaped: str

    def gap(self, depth: int, otherwise: str = "") -> str:
        """The whitespace before an entry or a closing bracket."""
        return f"{self.trailing}{self.line}{self.indent * depth}" if self.line else otherwise


styles = st.builds(
    Style,
    line=st.sampled_from(("\n", "\r\n", "\r", "")),
    indent=st.sampled_from(("  ", "    ", "\t", " ", "")),
    trailing=st.sampled_from(("", "", " ", "\t  ")),
    around_colon=st.sampled_from((("", " "), ("", ""), (" ", " "), ("\t", "\n"))),
    around_comma=st.sampled_from((("", " "), ("", ""), (" ", ""))),
    around_all=st.sampled_from((("", "\n"), ("", ""), ("\n ", " \r\n\r\n"), ("\t", "\r"))),
    escaped=st.sampled_from(("needed", "ascii", "all", "slash")),
)


class Span(NamedTuple):
    """An entry: from `start` to `key_end` its key, from `value` to `end` its value.

    `before` is where the one before it ends, `after` where the next one, or the closer, starts.
    """

    start: int
    key_end: int
    value: int
    end: int
    before: int
    after: int


class Gap(NamedTuple):
    """A position between two tokens, and the path of the innermost open object or list."""

    at: int
    within: Path


class Mark(NamedTuple):
    """A token and its position; the path is that of a colon's key, or of the container."""

    text: str
    at: int
    path: Path


class Layout:
    """A JSON value in one style; `spans` holds the position of each entry by path."""

    def __init__(self, value: Json, style: Style) -> None:
        self.style = style
        self.spans: dict[Path, Span] = {}
        self.gaps: list[Gap] = []
        self.marks: list[Mark] = []
        self._parts: list[str] = []
        self._at = 0
        self._gap(style.around_all[0], ())
        start = self._at
        self._value(value, ())
        end = self._at
        self._gap(style.around_all[1], ())
        self.spans[()] = Span(start, start, start, end, start, end)
        self.text = "".join(self._parts)

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._at += len(text)

    def _gap(self, text: str, within: Path) -> None:
        self.gaps.append(Gap(self._at, within))
        self._write(text)

    def _mark(self, text: str, path: Path) -> None:
        self.marks.append(Mark(text, self._at, path))
        self._write(text)

    def _value(self, node: Json, path: Path) -> None:
        if isinstance(node, dict):
            self._entries("{}", [*node.items()], path)
        elif isinstance(node, list):
            self._entries("[]", [*enumerate(node)], path)
        else:
            self._write(literal(node, self.style.escaped))

    def _entries(self, pair: str, entries: list[tuple[Any, Json]], path: Path) -> None:
        depth = len(path)
        self._mark(pair[0], path)
        before, noted = self._at, list[Span]()
        for place, (step, value) in enumerate(entries):
            if place:
                self._gap(self.style.around_comma[0], path)
                self._mark(",", path)
            self._gap(self.style.gap(depth + 1, self.style.around_comma[1] * bool(place)), path)
            noted.append(self._entry(step, value, path, before, keyed=pair == "{}"))
            before = noted[-1].end
        self._gap(self.style.gap(depth), path)
        afters = [*(one.start for one in noted), self._at][1:]
        for (step, _), one, after in zip(entries, noted, afters, strict=True):
            self.spans[*path, step] = one._replace(after=after)
        self._mark(pair[1], path)

    def _entry(self, step: Any, value: Json, path: Path, before: int, *, keyed: bool) -> Span:
        start = key_end = self._at
        if keyed:
            self._write(literal(step, self.style.escaped))
            key_end = self._at
            self._gap(self.style.around_colon[0], path)
            self._mark(":", (*path, step))
            self._gap(self.style.around_colon[1], path)
        at = self._at
        self._value(value, (*path, step))
        return Span(start, key_end, at, self._at, before, self._at)


def literal(value: Json, escaped: str) -> str:
    """The JSON of a scalar, with characters escaped according to the style."""
    if not isinstance(value, str):
        return json.dumps(value)
    if escaped == "all":
        units = value.encode("utf-16-be", "surrogatepass")
        pairs = zip(units[::2], units[1::2], strict=True)
        return '"' + "".join(f"\\u{high:02x}{low:02X}" for high, low in pairs) + '"'
    lone = any("\ud800" <= one <= "\udfff" for one in value)
    text = json.dumps(value, ensure_ascii=lone or escaped == "ascii")
    return text.replace("/", "\\/") if escaped == "slash" else text


def line_and_column(text: str, at: int) -> tuple[int, int]:
    """The line and column of an offset, both counted from 1."""
    ends = [end.end() for end in _line_end.finditer(text) if end.end() <= at]
    return len(ends) + 1, at - (ends[-1] if ends else 0) + 1


def path_text(path: Iterable[str | int]) -> str:
    """A path as diagnostics show it: `$.Output.Type`."""
    steps = (
        f".{step}" if isinstance(step, str) and _plain(step) else f"[{step!r}]" for step in path
    )
    return "".join(["$", *steps])
