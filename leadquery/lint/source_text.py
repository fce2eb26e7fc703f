"""The text of a payload: its tokens, its lines, and where its values are.

`SourceText` knows how the text differs from the JSON that it is read as.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property, partial
from itertools import accumulate
from json import JSONDecoder
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import attrs

if TYPE_CHECKING:
    from leadquery.lint.diagnostics import Path
    from leadquery.lint.rules import Rule


class Token(NamedTuple):
    """A piece of text and its kind: the name of a group of the pattern below."""

    kind: str
    text: str
    start: int
    end: int


LITERALS: Final = frozenset(
    ("string", "doubled", "other_string", "date", "number", "identifier", "other_number")
)
"""The kinds of tokens that stand for a key or a single value."""

# Strings in quotes, numbers, identifiers and whitespace that only other languages allow have kinds
# of their own, so that the parser can say how JSON writes them; so have quotes that are doubled as
# in CSV, dates without quotes, and operators, which may also be in the place of a colon.
_tokens = partial(
    re.finditer,
    r"""
      (?P<space>        [ \t\n\r]+ )
    | (?P<doubled>      ""[^"\s,:{}\[\]][^"\r\n]*+""(?!") | ''[^'\s,:{}\[\]][^'\r\n]*+''(?!') )
    | (?P<string>       "(?: [^"\\\n\r]++ | \\[^\n\r] )*+" )
    | (?P<date>         [0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}[0-9:.Z]*+ )
    | (?P<number>       -?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![\w.+-]) )
    | (?P<punctuation>  [{}\[\],:] )
    | (?P<comment>      //[^\n\r]* | \#[^\n\r]* | /\*(?s:.*?)\*/ )
    | (?P<other_string> '(?: [^'\\\n\r]++ | \\[^\n\r] )*+'
                      | [“”„](?: [^“”„"\\\n\r]++ | \\[^\n\r] )*+[“”"]
                      | [‘’‚](?: [^‘’‚'\\\n\r]++ | \\[^\n\r] )*+[‘’']
                      | [`\u00b4\u2032][^`\u00b4\u2032'\n\r]*+[`\u00b4\u2032']
                      | [«»][^«»\n\r]*+[«»]
                      | [\u2033\uff02][^\u2033\uff02\n\r]*+[\u2033\uff02] )
    | (?P<identifier>   [^\W\d][\w$]*+(?:-[\w$]++)*+ )
    | (?P<operator>     [<>=!]{1,3} )
    | (?P<other_number> [+-]?\.?\d[\w.+-]* | -\w+ )
    | (?P<other_space>  [\ufeff\u00a0\u1680\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000]+ )
    | (?P<unknown>      (?s:.) )
    """,
    flags=re.VERBOSE,
)


def tokenize(text: str) -> Iterator[Token]:
    """The tokens of a text, without whitespace that JSON allows."""
    for match in _tokens(text):
        kind = match.lastgroup or ""
        if kind != "space":
            yield Token(kind, match[0], match.start(), match.end())


NAN: Final = "NaN"
"""What is read in place of a value when it is not known what it should be."""


class SyntaxIssue(NamedTuple):
    """A mistake in a text, and what to read in place of `start` to `end`.

    A replacement of None means that the text cannot be read any further. `position` and `width`
    say where to point: at the next token where something is missing. `path` is the path to the
    value or object that the mistake is in.
    """

    rule: Rule
    message: str
    hint: str | None
    path: Path
    start: int
    end: int
    replacement: str | None
    position: int
    width: int

    @property
    def is_correctable(self) -> bool:
        """Whether it is certain what to write instead."""
        return self.replacement not in (None, NAN)


@attrs.frozen(slots=False)
class SourceText:
    """A text, the JSON that it is read as, and the mistakes that make the difference."""

    text: str
    repaired: str
    issues: tuple[SyntaxIssue, ...] = ()
    readable: bool = True
    embedded: bool = False
    """Whether the JSON is only a part of the text, so that a correction would lose the rest."""

    @cached_property
    def lines(self) -> LineIndex:
        """The lines of the text."""
        return LineIndex(self.text)

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the text of a span in the repaired one, with the mistakes that are in it."""
        if not self.issues:
            return start, end
        ends, shifts = self._shifts
        before, after = bisect_right(ends, start), bisect_right(ends, max(start, end - 1))
        first = start - shifts[before]
        if before < len(ends):
            first = min(first, self.issues[before].end)
        last = end - shifts[after]
        if end > start and after < len(ends):
            issue = self.issues[after]
            if end > ends[after] - len(issue.replacement or ""):
                last = issue.end
        return first, last

    @cached_property
    def nan_paths(self) -> frozenset[Path]:
        """The paths of values that are read as NaN, which are reported already."""
        return frozenset(issue.path for issue in self.issues if issue.replacement == NAN)

    @property
    def nan_spans(self) -> Iterator[tuple[int, int, str]]:
        """Where in the repaired text NaN was inserted, and what the text has there."""
        for issue, end in zip(self.issues, self._shifts[0], strict=True):
            if issue.replacement == NAN:
                yield end - len(NAN), end, self.text[issue.start : issue.end]

    @cached_property
    def _shifts(self) -> tuple[list[int], list[int]]:
        """Where in the repaired text each issue ends, and how far the text after it has moved."""
        ends, shifts = [], [0]
        for issue in self.issues:
            shift = shifts[-1] + len(issue.replacement or "") - (issue.end - issue.start)
            ends.append(issue.end + shift)
            shifts.append(shift)
        return ends, shifts


class LineIndex:
    """The lines of a text, which end in any of the three line ends."""

    def __init__(self, text: str) -> None:
        self.text = text
        if "\r" in text:
            self._starts = [0, *(end.end() for end in _line_ends(text))]
        else:
            lengths = [len(line) + 1 for line in text.split("\n")]
            self._starts = [0, *accumulate(lengths[:-1])]

    @property
    def count(self) -> int:
        """How many lines there are, with an empty one behind the last line end."""
        return len(self._starts)

    def position(self, offset: int) -> tuple[int, int]:
        """The line and the column of an offset, both from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and a column, both from 1."""
        return self._starts[line - 1] + column - 1

    def line(self, number: int) -> str:
        """A line, without its end."""
        return self.text[self._starts[number - 1] : self.end(number)]

    def end(self, number: int) -> int:
        """The offset at which the text of a line ends."""
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return end


_line_ends = partial(re.finditer, r"\r\n|\r|\n")

_Match = Callable[[str, int], re.Match[str]]
"""Matches in JSON, at an offset where there is a match."""

_space = r"[ \t\n\r]*+"

_skip_comma = cast("_Match", re.compile(rf"{_space},?+{_space}").match)


@cache
def _entry() -> _Match:
    """Matches an entry of an object: its key, and its value with the comma if that is simple."""
    string = r'"(?:[^"\\]++|\\.)*+"'
    simple = rf'{string}|[^]\[{{}}",\s]++'
    pattern = rf"({string}){_space}:{_space}(?:({simple}){_space},?+{_space})?+"
    return cast("_Match", re.compile(pattern).match)


_STRIDE: Final = 64

_string = r'"[^"]*+(?<!\\)"'

_flat_object = rf'\{{[^"{{}}]*+(?:{_string}[^"{{}}]*+)*+\}}'


@cache
def _stride() -> re.Pattern[str]:
    """Matches `_STRIDE` entries of a list with their commas: strings, numbers or flat objects.

    None of the strings ends in a backslash, which could escape the quote after it.
    """
    value = rf'(?:{_string}|{_flat_object}|[^]["{{}},]++)'
    return re.compile(rf"(?:{value}{_space},{_space}){{{_STRIDE}}}+")


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
    start = _skip_comma(text, 0).end()
    end = _scan(text, start, wanted, (), found)
    found[()] = Span(start, start, start, end)
    return found


def _scan(text: str, offset: int, wanted: Wanted, path: Path, found: dict[Path, Span]) -> int:
    """The offset at which the value at an offset ends; adds the spans that are wanted in it."""
    scan = _SCANS.get(text[offset]) if wanted else None
    return scan(text, offset, wanted, path, found) if scan else _scan_value(text, offset)[1]


def _scan_object(
    text: str, offset: int, wanted: Wanted, path: Path, found: dict[Path, Span]
) -> int:
    entry = _entry()
    before, start = None, _skip_comma(text, offset + 1).end()
    while text[start] != "}":
        member = entry(text, start)
        key_end = member.end(1)
        key = text[start + 1 : key_end - 1]
        if "\\" in key:
            key, _ = _scan_value(text, start)
        value, end = member.span(2)
        after = member.end()
        under = wanted.get(key)
        if end < 0:
            value = after
            if under:
                end = _SCANS[text[value]](text, value, under, (*path, key), found)
            else:
                end = _scan_value(text, value)[1]
            after = _skip_comma(text, end).end()
        if under is not None:
            next_start = after if text[after] != "}" else None
            found[*path, key] = Span(start, key_end, value, end, before, next_start)
        start, before = after, end
    return start + 1


def _scan_list(text: str, offset: int, wanted: Wanted, path: Path, found: dict[Path, Span]) -> int:
    """Entries that are not wanted are skipped by the stride."""
    before, start, index = None, _skip_comma(text, offset + 1).end(), 0
    for step in sorted(step for step in wanted if isinstance(step, int)):
        if index < step:
            start, index, before = _skip_to(text, start, index, step, before)
        if text[start] == "]":
            break
        end = _scan(text, start, wanted[step], (*path, step), found)
        after = _skip_comma(text, end).end()
        next_start = after if text[after] != "]" else None
        found[*path, step] = Span(start, start, start, end, before, next_start)
        start, index, before = after, index + 1, end
    return _skip_to(text, start, index, sys.maxsize, before)[0] + 1


_Scan = Callable[[str, int, Wanted, "Path", dict["Path", Span]], int]

_SCANS: Final[dict[str, _Scan]] = {"{": _scan_object, "[": _scan_list}


def _skip_to(
    text: str, offset: int, index: int, until: int, before: int | None
) -> tuple[int, int, int | None]:
    """Go to the entry `until` or to the end of the list: offset, index, end of the one before."""
    retry_at = index
    while index < until and text[offset] != "]":
        skipped = _stride().match(text, offset) if retry_at <= index < until - _STRIDE else None
        if skipped:
            offset, index = skipped.end(), index + _STRIDE
            continue
        if retry_at <= index:
            retry_at = index + _STRIDE
        before = _scan_value(text, offset)[1]
        offset, index = _skip_comma(text, before).end(), index + 1
    return offset, index, before
