"""Find where in a JSON text the values of some paths are."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from json import JSONDecoder
from typing import Any, Final, NamedTuple

from leadquery.lint.diagnostics import Path

_whitespace = re.compile(r"[ \t\n\r]*").match

_comma = re.compile(r"[ \t\n\r]*,?[ \t\n\r]*").match

_STRIDE: Final = 64

_space = r"[ \t\n\r]*+"

_string = r'"[^"]*+(?<!\\)"'

_flat_object = rf'\{{[^"{{}}]*+(?:{_string}[^"{{}}]*+)*+\}}'

_skip_stride = re.compile(
    rf'(?:(?:{_string}|{_flat_object}|[^]["{{}},]++){_space},{_space}){{{_STRIDE}}}+'
).match
"""Matches `_STRIDE` entries of a list with their commas: strings, numbers or flat objects.

None of the strings ends in a backslash, which could escape the quote after it.
"""

# The stubs lack `scan_once`.
_scan_value: Callable[[str, int], tuple[Any, int]] = JSONDecoder().scan_once  # type: ignore[attr-defined]

Wanted = dict[str | int, Any]
"""The paths to find, as a tree of their keys and indexes."""


class Span(NamedTuple):
    """The offsets of an entry of an object or list, or of the whole value.

    Its key is `start` to `key_end`, its value `value` to `end`. `before` is where the previous
    entry ends and `after` where the next one starts, or None.
    """

    start: int
    key_end: int
    value: int
    end: int
    before: int | None = None
    after: int | None = None


def locate(text: str, paths: Iterable[Path]) -> dict[Path, Span]:
    """The spans of some paths, and of their parents, in a JSON text.

    A path that does not exist is left out. The last one of duplicate keys counts.
    """
    wanted: Wanted = {}
    for path in paths:
        under = wanted
        for step in path:
            under = under.setdefault(step, {})
    found: dict[Path, Span] = {}
    start = _skip_whitespace(text, 0)
    end = _scan(text, start, wanted, (), found)
    found[()] = Span(start, start, start, end)
    return found


def _skip_whitespace(text: str, offset: int) -> int:
    space = _whitespace(text, offset)
    return space.end() if space else offset


def _skip_comma(text: str, offset: int) -> int:
    comma = _comma(text, offset)
    return comma.end() if comma else offset


def _scan(
    text: str, offset: int, wanted: Wanted | None, path: Path, found: dict[Path, Span]
) -> int:
    """The offset at which the value at an offset ends; adds the spans that are wanted in it."""
    if not wanted or text[offset] not in "{[":
        return _scan_value(text, offset)[1]
    if text[offset] == "[":
        return _scan_list(text, offset, wanted, path, found)
    before = None
    offset = _skip_whitespace(text, offset + 1)
    while text[offset] != "}":
        key, key_end = _scan_value(text, offset)
        value = _skip_whitespace(text, _skip_whitespace(text, key_end) + 1)
        end = _scan(text, value, wanted.get(key), (*path, key), found)
        after = _skip_comma(text, end)
        if key in wanted:
            next_start = after if text[after] != "}" else None
            found[*path, key] = Span(offset, key_end, value, end, before, next_start)
        offset, before = after, end
    return offset + 1


def _scan_list(text: str, offset: int, wanted: Wanted, path: Path, found: dict[Path, Span]) -> int:
    """Like `_scan`, for a list. Entries that are not wanted are skipped by the stride."""
    steps = sorted(step for step in wanted if isinstance(step, int))
    before = None
    offset, index = _skip_whitespace(text, offset + 1), 0
    for step in steps:
        offset, index, before = _skip_to(text, offset, index, step, before)
        if text[offset] == "]":
            break
        end = _scan(text, offset, wanted[step], (*path, step), found)
        after = _skip_comma(text, end)
        next_start = after if text[after] != "]" else None
        found[*path, step] = Span(offset, offset, offset, end, before, next_start)
        offset, index, before = after, index + 1, end
    return _skip_to(text, offset, index, sys.maxsize, before)[0] + 1


def _skip_to(
    text: str, offset: int, index: int, until: int, before: int | None
) -> tuple[int, int, int | None]:
    """Go to the entry `until` or to the end of the list: offset, index, end of the one before."""
    retry_at = index
    while index < until and text[offset] != "]":
        skipped = _skip_stride(text, offset) if retry_at <= index < until - _STRIDE else None
        if skipped:
            offset, index = skipped.end(), index + _STRIDE
            continue
        if retry_at <= index:
            retry_at = index + _STRIDE
        before = _scan_value(text, offset)[1]
        offset, index = _skip_comma(text, before), index + 1
    return offset, index, before
