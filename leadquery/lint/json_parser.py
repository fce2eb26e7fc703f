"""A parser for text that is almost JSON: it reports mistakes and reads on as if corrected.

Start reading at `RecoveringParser`. The messages are in `lint.rules.syntax`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final, NoReturn

from leadquery._util.text import plain_letters
from leadquery.lint.diagnostics import Path
from leadquery.lint.rules import syntax
from leadquery.lint.rules.syntax import check_key, check_value
from leadquery.lint.source_text import LITERALS, SyntaxIssue, Token, tokenize

_CLOSERS: Final = {"{": "}", "[": "]"}

_MARKS: Final = frozenset("{}[]:,")

_BARE: Final = frozenset(("date", "identifier", "operator", "other_number"))

_VALUES: Final = LITERALS | {"operator"}

MAX_DEPTH: Final = 1_000


def find_issues(text: str) -> tuple[list[SyntaxIssue], bool]:
    """The mistakes of a text in its order, and whether it could be read to its end."""
    parser = RecoveringParser()
    readable = True
    try:
        for token in tokenize(text):
            parser.feed(token)
        parser.finish(len(text.rstrip()))
    except UnreadableError:
        readable = _skip_rest(parser, text)
    issues = sorted(parser.issues, key=lambda issue: (issue.start, issue.end))
    return _with_blanks(text, issues), readable


def _with_blanks(text: str, issues: list[SyntaxIssue]) -> list[SyntaxIssue]:
    """The issues, where comments at the end of a line take the blanks before them, or the line."""
    widened = [*issues]
    start_of_last = None
    for index in range(len(issues) - 1, -1, -1):
        issue = issues[index]
        is_last = issue.end == start_of_last or _rest_of_line(text, issue.end)
        if issue.rule is syntax.COMMENT and is_last:
            widened[index] = _with_blanks_of(text, issue)
            start_of_last = widened[index].start
    return widened


def _with_blanks_of(text: str, comment: SyntaxIssue) -> SyntaxIssue:
    start = comment.start
    while start and text[start - 1] in " \t":
        start -= 1
    rest = _rest_of_line(text, comment.end)
    if rest is None:
        return comment._replace(start=start)
    is_whole_line = start == 0 or text[start - 1] in "\r\n"
    return comment._replace(start=start, end=rest.end() if is_whole_line else rest.end(1))


_rest_of_line = re.compile(r"([ \t]*+)(?:\r\n|\r|\n|\Z)").match


def _skip_rest(parser: RecoveringParser, text: str) -> bool:
    """Read an object without the text after it, such as lines of a log, if that holds no other."""
    issue = parser.issues[-1]
    end = len(text.rstrip())
    rest = text[issue.start : end]
    if not parser.is_done or not text.lstrip().startswith("{") or _find_opener(rest):
        return False
    parser.issues[-1] = issue._replace(end=end, replacement="", width=len(rest))
    return True


_find_opener = re.compile(r"[{\[]").search


def repair(text: str, issues: Iterable[SyntaxIssue]) -> str:
    """The text with its mistakes corrected; the issues are in the order of the text."""
    parts, end = [], 0
    for issue in issues:
        parts += [text[end : issue.start], issue.replacement or ""]
        end = issue.end
    return "".join([*parts, text[end:]])


class UnreadableError(Exception):
    """It cannot be guessed what was meant from here on."""


class _Container:
    """An open object or list, and the key or index of its current entry."""

    def __init__(self, opener: Token) -> None:
        self.opener = opener.text
        self.is_object = opener.text == "{"
        self.step: str | int | None = None if self.is_object else 0


class RecoveringParser:
    """Takes tokens one by one; `expect` is the method that takes the next one.

    value  = object | list | literal
    object = "{" [ key ":" value { "," key ":" value } ] "}"
    list   = "[" [ value { "," value } ] "]"
    """

    def __init__(self) -> None:
        self.issues: list[SyntaxIssue] = []
        self.open: list[_Container] = []
        self.expect = self._value
        self.last_comma: Token | None = None
        self.last_end = 0

    @property
    def is_done(self) -> bool:
        """Whether there is a whole value."""
        return self.expect == self._end

    @property
    def path(self) -> Path:
        """The path to the current value."""
        return tuple(level.step for level in self.open if level.step is not None)

    @property
    def parent(self) -> Path:
        """The path to the open object or list."""
        return tuple(level.step for level in self.open[:-1] if level.step is not None)

    def feed(self, token: Token) -> None:
        if token.kind == "comment":
            self.issues.append(syntax.comment(token, self.parent))
        elif token.kind == "other_space":
            self.issues.append(syntax.invalid_whitespace(token, self.parent))
        else:
            if token.kind == "unknown" and (mark := plain_letters(token.text)) in _MARKS:
                self.issues.append(syntax.wide_punctuation(token, mark, self.parent))
                token = token._replace(kind="punctuation", text=mark)
            self.expect(token)
            self.last_end = token.end

    def finish(self, end: int) -> None:
        """Take the end of the text."""
        token = Token("end", "", end, end)
        if self.open:
            opener = self.open[-1].opener
            self._fail(syntax.unclosed(token, opener, _CLOSERS[opener], self.parent))
        if not self.is_done:
            self._fail(syntax.no_json(token))

    def _value(self, token: Token) -> None:
        if token.text in _CLOSERS:
            self._open(token)
        elif token.kind in _VALUES and (self.open or token.kind not in _BARE):
            if issue := check_value(token):
                self.issues.append(issue._replace(path=self.path))
            self._after_value()
        elif self.last_comma is not None and token.text in ("]", ","):
            self._extra_comma(token)
        else:
            self._unexpected(token, "a value" if self.open else "an object")

    def _first_value(self, token: Token) -> None:
        """The first value of a list, or its end."""
        if token.text == "]":
            self._close(token)
        elif token.text == ",":
            self.issues.append(syntax.extra_comma(token, self.parent))
        else:
            self._value(token)

    def _key(self, token: Token) -> None:
        if token.kind in LITERALS:
            issue = check_key(token)
            self.open[-1].step = json.loads((issue and issue.replacement) or token.text)
            if issue is not None:
                self.issues.append(issue._replace(path=self.path))
            self.expect, self.last_comma = self._colon, None
        elif self.last_comma is not None and token.text in ("}", ","):
            self._extra_comma(token)
        else:
            self._unexpected(token, "a key")

    def _first_key(self, token: Token) -> None:
        """The first key of an object, or its end."""
        if token.text == "}":
            self._close(token)
        elif token.text == ",":
            self.issues.append(syntax.extra_comma(token, self.parent))
        else:
            self._key(token)

    def _colon(self, token: Token) -> None:
        self.expect = self._value
        if token.text == ":":
            return
        if token.text in ("=", "=>"):
            self.issues.append(syntax.wrong_punctuation(token, ":", self.path))
        elif _starts_value(token):
            self.issues.append(syntax.missing_punctuation(token, self.last_end, ":", self.path))
            self._value(token)
        else:
            self._unexpected(token, "a colon")

    def _comma(self, token: Token) -> None:
        """A comma, or the end of the open object or list."""
        if token.text in ("}", "]"):
            self._close(token)
            return
        separated = token.text in (",", ";")
        if token.text == ";":
            self.issues.append(syntax.wrong_punctuation(token, ",", self.parent))
        elif not separated and _starts_value(token):
            self.issues.append(syntax.missing_punctuation(token, self.last_end, ",", self.parent))
        elif not separated:
            self._unexpected(token, "a comma")
        container = self.open[-1]
        container.step = container.step + 1 if isinstance(container.step, int) else None
        self.expect = self._key if container.is_object else self._value
        if separated:
            self.last_comma = token
        else:
            self.expect(token)

    def _end(self, token: Token) -> None:
        self._fail(syntax.text_after_payload(token))

    def _open(self, token: Token) -> None:
        if len(self.open) == MAX_DEPTH:
            self._fail(syntax.too_deep(token))
        self.open.append(_Container(token))
        self.expect = self._first_key if token.text == "{" else self._first_value

    def _close(self, token: Token) -> None:
        opener = self.open[-1].opener
        if token.text != _CLOSERS[opener]:
            self._fail(syntax.mismatched_bracket(token, opener, _CLOSERS[opener], self.parent))
        self.open.pop()
        self._after_value()

    def _after_value(self) -> None:
        self.last_comma = None
        self.expect = self._comma if self.open else self._end

    def _extra_comma(self, token: Token) -> None:
        """A comma before another one, or before the end of an object or list."""
        if token.text == ",":
            self.issues.append(syntax.extra_comma(token, self.parent))
            return
        comma = self.last_comma or token
        if comma.text == ";":
            # It was reported as a comma before it was known that nothing follows.
            index = len(self.issues) - 1
            while self.issues[index].start != comma.start:
                index -= 1
            del self.issues[index]
        self.issues.append(syntax.trailing_comma(comma, self.parent))
        self._close(token)

    def _unexpected(self, token: Token, expected: str) -> NoReturn:
        self._fail(syntax.unexpected_token(token, expected, self.path, inside=bool(self.open)))

    def _fail(self, issue: SyntaxIssue) -> NoReturn:
        self.issues.append(issue)
        raise UnreadableError


def _starts_value(token: Token) -> bool:
    return token.kind in LITERALS or token.text in _CLOSERS
