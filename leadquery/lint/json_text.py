"""Text to JSON values: by the standard library if it can, else by way of the repaired text."""

from __future__ import annotations

import json
from collections.abc import Callable
from json import JSONDecoder
from typing import Final, NamedTuple

import attrs

from leadquery.lint.diagnostics import Path, RawDiagnostic
from leadquery.lint.json_parser import find_issues, repair
from leadquery.lint.rules import syntax
from leadquery.lint.source_text import SourceText, SyntaxIssue, Token, tokenize
from leadquery.wire.types import BLANKS, Json


class Parsed(NamedTuple):
    """The JSON value of a text, the text, and the duplicate keys."""

    raw: Json
    source: SourceText
    duplicates: tuple[RawDiagnostic, ...] = ()


def parse(payload: str | bytes | bytearray) -> Parsed:
    """The JSON value of a text."""
    if isinstance(payload, str):
        return _parse_text(payload)
    content = bytes(payload)
    encoding = json.detect_encoding(content)
    if (wide := _decode_wide(content, encoding)) is not None:
        return _parse_wide(wide, encoding)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        readable = content[: error.start].decode()
        return _unreadable(readable, [syntax.not_utf8(content, error.start)])
    return _parse_text(text)


def _decode_wide(content: bytes, encoding: str) -> str | None:
    """The text of bytes in UTF-16 or UTF-32; None for any other bytes."""
    if encoding.startswith("utf-8"):
        return None
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    # Without a byte order mark, the encoding is a guess.
    has_mark = encoding in ("utf-16", "utf-32")
    return text if has_mark or (text[:4].isascii() and "\0" not in text) else None


def _parse_wide(text: str, encoding: str) -> Parsed:
    """The JSON value of a text, which has to be saved as UTF-8."""
    parsed = _parse_text(text)
    issues = (syntax.wide_unicode(encoding[:6].upper()), *parsed.source.issues)
    return parsed._replace(source=attrs.evolve(parsed.source, issues=issues))


def _parse_text(text: str) -> Parsed:
    try:
        raw, duplicates = _decode(text)
    except RecursionError:
        return _too_deep(text)
    except (json.JSONDecodeError, _NotANumberError):
        return _parse_repaired(text)
    except ValueError:
        return _number_too_long(text)
    return Parsed(raw, SourceText(text, text), duplicates)


def _parse_repaired(text: str) -> Parsed:
    issues, readable = find_issues(text)
    if not readable:
        return _unreadable(text, issues)
    repaired = repair(text, issues)
    try:
        raw, duplicates = _decode_collecting(repaired)
    except RecursionError:
        return _too_deep(text)
    except ValueError:
        return _number_too_long(text)
    return Parsed(raw, SourceText(text, repaired, tuple(issues)), duplicates)


def _too_deep(text: str) -> Parsed:
    issues, _ = find_issues(text)
    if not issues or issues[-1].rule is not syntax.TOO_DEEP:
        issues = [syntax.too_deep(Token("unknown", "", 0, 1))]
    return _unreadable(text, issues)


_MAX_DIGITS: Final = 4_300
"""Python reads no whole number with more digits."""


def _number_too_long(text: str) -> Parsed:
    starts = (
        token.start
        for token in tokenize(text)
        if len(token.text) > _MAX_DIGITS and token.kind in ("number", "other_number")
    )
    return _unreadable(text, [syntax.number_too_long(next(starts, 0))])


def _unreadable(text: str, issues: list[SyntaxIssue]) -> Parsed:
    return Parsed(None, SourceText(text, text, tuple(issues), readable=False))


class _DuplicateKeyError(Exception):
    """An object has a key twice."""


class _NotANumberError(Exception):
    """NaN or infinity, which the standard library reads by default."""


def _decode(text: str) -> tuple[Json, tuple[RawDiagnostic, ...]]:
    """The value of a text and its duplicate keys, without a second pass if it has none."""
    start = len(text) - len(text.lstrip(BLANKS))
    try:
        raw, end = _raw_decode(text, start)
    except _DuplicateKeyError:
        return _decode_collecting(text, _reject)
    if end < len(text) and text[end:].strip(BLANKS):
        raise json.JSONDecodeError("Extra data", text, end)
    return raw, ()


def _unique_members(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    # Of the ways to write this, the fastest for objects of a few members.
    members = {}
    for key, value in pairs:
        members[key] = value  # noqa: PERF403
    if len(members) != len(pairs):
        raise _DuplicateKeyError
    return members


def _reject(constant: str) -> Json:
    raise _NotANumberError(constant)


# JSONDecoder.decode calls this too, and takes longer to look for whitespace around the value.
_raw_decode = JSONDecoder(object_pairs_hook=_unique_members, parse_constant=_reject).raw_decode


def _decode_collecting(
    text: str, parse_constant: Callable[[str], Json] = float
) -> tuple[Json, tuple[RawDiagnostic, ...]]:
    """The value of a text, with the last one of duplicate keys, and these keys."""
    # The objects are kept, so that no other object gets the identity of one that is dropped.
    duplicates: dict[int, tuple[dict[str, Json], list[str]]] = {}

    def collect(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        members = dict(pairs)
        if len(members) != len(pairs):
            duplicates[id(members)] = members, _duplicates([key for key, _ in pairs])
        return members

    raw = json.loads(text, object_pairs_hook=collect, parse_constant=parse_constant)
    return raw, tuple(_located(raw, duplicates)) if duplicates else ()


def _duplicates(keys: list[str]) -> list[str]:
    seen: set[str] = set()
    found: dict[str, None] = {}
    for key in keys:
        if key in seen:
            found[key] = None
        seen.add(key)
    return list(found)


def _located(
    raw: Json, duplicates: dict[int, tuple[dict[str, Json], list[str]]]
) -> list[RawDiagnostic]:
    """The duplicate keys of objects, which come by their identity, with their paths."""
    diagnostics: list[RawDiagnostic] = []
    waiting: list[tuple[Path, Json]] = [((), raw)]
    while waiting:
        path, node = waiting.pop()
        if isinstance(node, dict):
            _, keys = duplicates.get(id(node), (node, []))
            diagnostics += [syntax.duplicate_key((*path, key)) for key in keys]
        entries = node.items() if isinstance(node, dict) else enumerate(node)
        waiting += [
            ((*path, step), value) for step, value in entries if isinstance(value, (dict, list))
        ]
    return diagnostics
