"""The slips of a text that is almost JSON: what is said of each, and what is read in its place."""

from __future__ import annotations

from typing import Final, NamedTuple, NoReturn

from leadquery.lint.diagnostics import Path
from leadquery.lint.json_parser.literals import MalformedLiteral
from leadquery.lint.json_parser.tokenizer import Token
from leadquery.lint.rules.base import Rule
from leadquery.lint.rules.syntax import (
    COMMENT,
    EXTRA_COMMA,
    INVALID_WHITESPACE,
    MISSING_PUNCTUATION,
    NOT_JSON,
    UNCLOSED,
)

CLOSERS: Final = {"{": "}", "[": "]"}

_NAMES: Final = {"{": "an object", "[": "a list"}

_QUOTES: Final = ('"', "'", "“", "‘")


class SyntaxIssue(NamedTuple):
    """A stretch of text that is not JSON, and what to read in its place; None ends the reading.

    `at` and `width` say where to point, which is at the next token where something is missing.
    """

    rule: Rule
    at: int
    width: int
    start: int
    end: int
    message: str
    hint: str | None
    path: Path
    to: str | None


class UnreadableError(Exception):
    """What stands here cannot be read on behind."""


class IssueCollector:
    """The slips that were met, in the order in which they were noted."""

    def __init__(self) -> None:
        self._slips: list[SyntaxIssue] = []

    def in_order(self) -> list[SyntaxIssue]:
        """In the order of the text."""
        return sorted(self._slips, key=lambda slip: (slip.start, slip.end))

    def instead(
        self, rule: Rule, at: Token, message: str, hint: str | None, to: str | None, path: Path
    ) -> None:
        """Something else is read in place of a token."""
        width = at.end - at.start
        self._slips.append(
            SyntaxIssue(rule, at.start, width, at.start, at.end, message, hint, path, to)
        )

    def lose(self, rule: Rule, at: Token, message: str, hint: str | None, path: Path) -> NoReturn:
        """Nobody can say what was meant from here on."""
        self.instead(rule, at, message, hint, None, path)
        raise UnreadableError

    def between(self, token: Token, path: Path) -> None:
        """A comment or a blank stands between tokens and belongs to none of them."""
        rule, message = COMMENT, "JSON has no comments"
        if token.kind == "blank":
            mark = token.text[0] == "\ufeff"
            strange = "a byte-order mark" if mark else "a blank that JSON lacks"
            rule, message = INVALID_WHITESPACE, f"{strange} stands here"
        self.instead(rule, token, message, "leave it out", "", path)

    def another_mark(self, token: Token, mark: str, path: Path) -> None:
        """Another mark stands for a colon or a comma."""
        message = f"{token.text!r} stands for {_called(mark)}"
        self.instead(MISSING_PUNCTUATION, token, message, f"write {mark!r}", mark, path)

    def missing_mark(self, before: Token, end: int, mark: str, path: Path) -> None:
        """A colon or a comma is missing; `end` is where the token in front of it ends."""
        width = before.end - before.start
        message, hint = f"{_called(mark)} is missing before this", f"write {mark!r}"
        rule = MISSING_PUNCTUATION
        self._slips.append(
            SyntaxIssue(rule, before.start, width, end, end, message, hint, path, mark)
        )

    def extra_comma(self, comma: Token, path: Path) -> None:
        """A comma has nothing behind it, or nothing in front."""
        if comma.text == ";":
            # It was noted as a comma before it was known that nothing follows.
            noted = len(self._slips) - 1
            while self._slips[noted].at != comma.start:
                noted -= 1
            del self._slips[noted]
        message = f"{comma.text!r} parts nothing"
        self.instead(EXTRA_COMMA, comma, message, "leave it out", "", path)

    def odd(self, token: Token, odd: MalformedLiteral, path: Path) -> None:
        """A key or a single value is written otherwise than JSON writes it."""
        hint = f"write {odd.right}" if len(odd.right) < 60 else None
        self.instead(odd.rule, token, odd.message, odd.hint or hint, odd.right, path)

    def open_end(self, at: Token, opener: str, path: Path) -> NoReturn:
        """The text ends inside an object or a list."""
        message = f"the text ends inside {_NAMES[opener]}"
        self.lose(UNCLOSED, at, message, f"close it with {CLOSERS[opener]!r}", path)

    def wrong_closer(self, token: Token, opener: str, path: Path) -> NoReturn:
        """A list is closed as an object, or the other way round."""
        message = f"{token.text!r} stands inside {_NAMES[opener]}"
        self.lose(UNCLOSED, token, message, f"close it first with {CLOSERS[opener]!r}", path)

    def unexpected(self, token: Token, expected: str, path: Path, *, inside: bool) -> NoReturn:
        """Another token stands where one is expected."""
        if token.text in ("}", "]") and inside:
            message = f"{expected} is missing before {token.text!r}"
            self.lose(NOT_JSON, token, message, None, path)
        if token.text in _QUOTES:
            message = "this text is not closed on its line"
            self.lose(UNCLOSED, token, message, "close it", path)
        message = f"{token.text!r} stands where {expected} belongs"
        self.lose(NOT_JSON, token, message, None, path)


def _called(mark: str) -> str:
    return "a colon" if mark == ":" else "a comma"
