"""From text to JSON values, by the standard library; slips of the text are read on behind."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from json import JSONDecoder
from typing import Final, NamedTuple

from leadquery.lint.diagnostics import Json, Path, RawDiagnostic
from leadquery.lint.json_parser.issues import SyntaxIssue
from leadquery.lint.json_parser.parser import parse_recovering, repaired_text
from leadquery.lint.json_parser.source_map import SourceText
from leadquery.lint.json_parser.tokenizer import tokens
from leadquery.lint.rules.base import Rule
from leadquery.lint.rules.syntax import DUPLICATE_KEY, NOT_JSON, NOT_UTF8, TOO_DEEP


class Parsed(NamedTuple):
    """What a payload holds: its JSON value, its text if it came as one, and repeated keys."""

    raw: Json
    source: SourceText | None = None
    repeated: tuple[RawDiagnostic, ...] = ()

    @property
    def readable(self) -> bool:
        """Whether there is a value at all."""
        return self.source is None or self.source.readable

    @property
    def faultless(self) -> bool:
        """Whether it came as a text in which nothing is wrong yet."""
        source = self.source
        return source is not None and source.readable and not (source.slips or self.repeated)


def parse(payload: object) -> Parsed:
    """The JSON value of a text or of bytes; anything else is taken as read already."""
    if isinstance(payload, (bytes, bytearray)):
        raw = bytes(payload)
        try:
            payload = raw.decode()
        except UnicodeDecodeError as wrong:
            return _not_utf8(raw, wrong.start)
    return _parse_text(payload) if isinstance(payload, str) else Parsed(payload)


def _not_utf8(payload: bytes, start: int) -> Parsed:
    text = payload[:start].decode()
    hint = "save the text as UTF-8"
    if payload[:2] in (b"\xff\xfe", b"\xfe\xff"):
        hint = "this looks like UTF-16; save it as UTF-8"
    return _lost(text, NOT_UTF8, len(text), f"byte {start + 1} is not UTF-8", hint)


def _parse_text(text: str) -> Parsed:
    try:
        raw, repeated, no_numbers = _loads(text)
    except RecursionError:
        return _too_deep(text)
    except json.JSONDecodeError:
        return _parse_slips(text)
    except ValueError:
        return _too_long(text)
    if no_numbers:
        return _parse_slips(text)
    return Parsed(raw, SourceText(text, text, ()), repeated)


def _too_deep(text: str) -> Parsed:
    found, _ = parse_recovering(text)
    if found and found[-1].rule is TOO_DEEP:
        return _unreadable(text, found)
    return _lost(text, TOO_DEEP, 0, "the text is nested too deeply")


# Python reads no whole number of more digits. Letters behind them are found after that.
_DIGITS: Final = 4_300

_FIGURES: Final = ("number", "figure")


def _too_long(text: str) -> Parsed:
    long = (one for one in tokens(text) if len(one.text) > _DIGITS and one.kind in _FIGURES)
    at = next((one.start for one in long), 0)
    message = "a number has more digits than can be read"
    return _lost(text, NOT_JSON, at, message, "write a smaller one")


def _parse_slips(text: str) -> Parsed:
    found, readable = parse_recovering(text)
    if not readable:
        return _unreadable(text, found)
    read_as = repaired_text(text, found)
    source = SourceText(text, read_as, tuple(found))
    try:
        raw, repeated, _ = _loads(read_as)
    except RecursionError:
        return _too_deep(text)
    except ValueError:
        return _too_long(text)
    return Parsed(raw, source, repeated)


def _lost(text: str, rule: Rule, at: int, message: str, hint: str | None = None) -> Parsed:
    return _unreadable(text, [SyntaxIssue(rule, at, 1, at, at, message, hint, (), None)])


def _unreadable(text: str, found: list[SyntaxIssue]) -> Parsed:
    return Parsed(None, SourceText(text, text, tuple(found), readable=False))


def _loads(text: str) -> tuple[Json, tuple[RawDiagnostic, ...], bool]:
    """The value of a text, its repeated keys, and whether numbers stand in it that JSON lacks."""
    try:
        counting = _idle.pop()
    except IndexError:
        counting = _counting()
    raw, kept, no_numbers = counting(text)
    _idle.append(counting)
    repeated = _may_repeat(text, kept) and _repeated(*_pairs(text))
    return raw, repeated or (), no_numbers


_Counting = Callable[[str], tuple[Json, int, bool]]

# To make a decoder takes longer than to read a short text; threads take one each.
_idle: Final[list[_Counting]] = []


def _counting() -> _Counting:
    """A decoder that counts the keys it keeps, and knows of numbers that JSON lacks."""
    kept, no_numbers = 0, False

    def members(found: dict[str, Json]) -> dict[str, Json]:
        nonlocal kept
        kept += len(found)
        return found

    def no_number(_: str) -> float:
        nonlocal no_numbers
        no_numbers = True
        return math.nan

    decode = JSONDecoder(object_hook=members, parse_constant=no_number).decode

    def decoded(text: str) -> tuple[Json, int, bool]:
        nonlocal kept, no_numbers
        kept, no_numbers = 0, False
        return decode(text), kept, no_numbers

    return decoded


def _may_repeat(text: str, kept: int) -> bool:
    """Whether a key may have been lost, where so many were kept.

    Behind each key stands a colon, and before that a quote or a blank. A text may hold such a
    colon too.
    """
    colons, before = text.count(":"), _before_colons(text)
    quoted = colons - len(before) == kept and _BLANKS.isdisjoint(before)
    return not quoted and colons != kept


# The count of one sign, and a pattern that begins with one, look at little of a long text.
_before_colons = re.compile(r':(?<=([^"]):)').findall

_BLANKS: Final = frozenset(" \t\n\r")


def _pairs(text: str) -> tuple[Json, dict[int, list[str]]]:
    """The value of a text, and the repeated keys of its objects, by their identity."""
    doubled: dict[int, list[str]] = {}

    def members(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        found = dict(pairs)
        if len(found) != len(pairs):
            doubled[id(found)] = _doubled([key for key, _ in pairs])
        return found

    return json.loads(text, object_pairs_hook=members), doubled


def _doubled(keys: list[str]) -> list[str]:
    seen: set[str] = set()
    doubled: dict[str, None] = {}
    for key in keys:
        if key in seen:
            doubled[key] = None
        seen.add(key)
    return list(doubled)


_MESSAGE: Final = "{0!r} stands twice in this object; only the last one counts"


def _repeated(raw: Json, doubled: dict[int, list[str]]) -> tuple[RawDiagnostic, ...]:
    """The repeated keys of objects, at their places."""
    if not doubled:
        return ()
    findings: list[RawDiagnostic] = []
    waiting: list[tuple[Path, Json]] = [((), raw)]
    while waiting:
        path, node = waiting.pop()
        if isinstance(node, dict):
            findings += [
                RawDiagnostic(DUPLICATE_KEY, (*path, key), _MESSAGE.format(key), "keep one of them")
                for key in doubled.get(id(node), ())
            ]
        entries = node.items() if isinstance(node, dict) else enumerate(node)
        waiting += [
            ((*path, step), under) for step, under in entries if isinstance(under, (dict, list))
        ]
    return tuple(findings)
