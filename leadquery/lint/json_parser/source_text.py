"""The text of a payload: its tokens, its lines, and how it differs from the JSON it is read as."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple

import attrs

from leadquery.lint.diagnostics import Path
from leadquery.lint.rules.base import Rule


class Token(NamedTuple):
    """A piece of text and its kind: the name of a group of the pattern below."""

    kind: str
    text: str
    start: int
    end: int


LITERALS: Final = frozenset(("string", "other_string", "number", "identifier", "other_number"))
"""The kinds of tokens that stand for a key or a single value."""

# Strings in quotes, numbers, identifiers and whitespace that only other languages allow have kinds
# of their own, so that the parser can say how JSON writes them.
_TOKENS: Final = re.compile(
    r"""
      (?P<space>        [ \t\n\r]+ )
    | (?P<string>       "(?: [^"\\\n\r]++ | \\[^\n\r] )*+" )
    | (?P<number>       -?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![\w.+-]) )
    | (?P<punctuation>  [{}\[\],:] )
    | (?P<comment>      //[^\n\r]* | \#[^\n\r]* | /\*(?s:.*?)\*/ )
    | (?P<other_string> '(?: [^'\\\n\r]++ | \\[^\n\r] )*+'
                      | [“”„](?: [^“”„"\\\n\r]++ | \\[^\n\r] )*+[“”"]
                      | [‘’‚](?: [^‘’‚'\\\n\r]++ | \\[^\n\r] )*+[‘’'] )
    | (?P<identifier>   [^\W\d][\w$]*+(?:-[\w$]++)*+ )
    | (?P<other_number> [+-]?\.?\d[\w.+-]* | -\w+ )
    | (?P<other_space>  [\ufeff\u00a0\u1680\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000]+ )
    | (?P<unknown>      (?s:.) )
    """,
    re.VERBOSE,
)


def tokenize(text: str) -> Iterator[Token]:
    """The tokens of a text, without whitespace that JSON allows."""
    for match in _TOKENS.finditer(text):
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

    def original_offset(self, offset: int) -> int:
        """The offset in the text of an offset in the repaired one."""
        ends, shifts = self._shifts
        return offset - shifts[bisect_right(ends, offset)]

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
        self._text = text
        ends = _any_line_end if "\r" in text else _newline
        self._starts = [0, *(end.end() for end in ends(text))]

    def position(self, offset: int) -> tuple[int, int]:
        """The line and the column of an offset, both from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """A line, without its end."""
        return self._text[self._starts[number - 1] : self.end(number)]

    def end(self, number: int) -> int:
        """The offset at which the text of a line ends."""
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self._text)
        while end > start and self._text[end - 1] in "\r\n":
            end -= 1
        return end


_any_line_end = re.compile(r"\r\n|\r|\n").finditer

_newline = re.compile(r"\n").finditer
