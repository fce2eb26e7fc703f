"""Text that is almost JSON: its slips are noted, and it is read on as if it were right."""

from __future__ import annotations

import json
from typing import Final

from leadquery.lint.diagnostics import Path
from leadquery.lint.json_parser.issues import CLOSERS, IssueCollector, SyntaxIssue, UnreadableError
from leadquery.lint.json_parser.literals import as_key, malformed
from leadquery.lint.json_parser.tokenizer import Token, tokens
from leadquery.lint.rules.syntax import NOT_JSON, TOO_DEEP

_VALUES: Final = {"string", "number", "quoted", "word", "figure"}

_DEEPEST: Final = 1_000


class _Level:
    """An object or a list that is open."""

    def __init__(self, opener: Token) -> None:
        self.opener = opener.text
        self.keyed = opener.text == "{"
        self.step: str | int | None = None if self.keyed else 0


def parse_recovering(text: str) -> tuple[list[SyntaxIssue], bool]:
    """The slips of a text in its order, and whether it was read to its end."""
    reader = _RecoveringParser()
    try:
        for token in tokens(text):
            reader.take(token)
        reader.finish(len(text.rstrip()))
    except UnreadableError:
        return reader.noted.in_order(), False
    return reader.noted.in_order(), True


def repaired_text(text: str, found: list[SyntaxIssue]) -> str:
    """The text with its slips read as if they were right."""
    parts, at = [], 0
    for slip in found:
        parts += [text[at : slip.start], slip.to or ""]
        at = slip.end
    return "".join([*parts, text[at:]])


class _RecoveringParser:
    """Takes tokens one by one; `expect` says what may come next."""

    def __init__(self) -> None:
        self.noted = IssueCollector()
        self.levels: list[_Level] = []
        self.expect = self._in_value
        self.comma: Token | None = None
        self.last = 0

    @property
    def path(self) -> Path:
        return tuple(level.step for level in self.levels if level.step is not None)

    @property
    def around(self) -> Path:
        """The path to the object or list that is open."""
        return tuple(level.step for level in self.levels[:-1] if level.step is not None)

    def take(self, token: Token) -> None:
        if token.kind in ("comment", "blank"):
            self.noted.between(token, self.around)
        else:
            self.expect(token)
            self.last = token.end

    def finish(self, end: int) -> None:
        """Take the end of the text."""
        at = Token("end", "", end, end)
        if self.levels:
            self.noted.open_end(at, self.levels[-1].opener, self.around)
        if self.expect != self._in_end:
            message = "there is no JSON here"
            self.noted.lose(NOT_JSON, at, message, "write an object: { … }", self.path)

    def _in_value(self, token: Token) -> None:
        """A value has to come."""
        if token.text in CLOSERS:
            if len(self.levels) == _DEEPEST:
                message = "the text is nested too deeply"
                self.noted.lose(TOO_DEEP, token, message, None, ())
            self.levels.append(_Level(token))
            self.expect = self._in_first_key if token.text == "{" else self._in_first
        elif token.kind in _VALUES:
            self._literal(token)
            self._valued()
        elif self.comma is not None and token.text in ("]", ","):
            self._needless(token)
        else:
            self._unexpected(token, "a value")

    def _in_first(self, token: Token) -> None:
        """The first value of a list, or its end."""
        if token.text == "]":
            self._close(token)
        elif token.text == ",":
            self._extra(token)
        else:
            self._in_value(token)

    def _in_key(self, token: Token) -> None:
        """A key has to come."""
        if token.kind in _VALUES:
            self._key(as_key(token))
            self.expect, self.comma = self._in_colon, None
        elif self.comma is not None and token.text in ("}", ","):
            self._needless(token)
        else:
            self._unexpected(token, "a key")

    def _in_first_key(self, token: Token) -> None:
        """The first key of an object, or its end."""
        if token.text == "}":
            self._close(token)
        elif token.text == ",":
            self._extra(token)
        else:
            self._in_key(token)

    def _in_colon(self, token: Token) -> None:
        """The colon behind a key."""
        self.expect = self._in_value
        if token.text == ":":
            return
        if token.text == "=":
            self.noted.another_mark(token, ":", self.path)
        elif token.kind in _VALUES or token.text in CLOSERS:
            self.noted.missing_mark(token, self.last, ":", self.path)
            self._in_value(token)
        else:
            self._unexpected(token, "a colon")

    def _in_comma(self, token: Token) -> None:
        """What follows a value: a comma or the end of its object or list."""
        level = self.levels[-1]
        if token.text == ",":
            self.comma = token
        elif token.text in ("}", "]"):
            self._close(token)
            return
        elif token.text == ";":
            self.noted.another_mark(token, ",", self.around)
            self.comma = token
        elif token.kind not in _VALUES and token.text not in CLOSERS:
            self._unexpected(token, "a comma")
        else:
            self.noted.missing_mark(token, self.last, ",", self.around)
        level.step = level.step + 1 if isinstance(level.step, int) else None
        self.expect = self._in_key if level.keyed else self._in_value
        if token.text not in (",", ";"):
            self.expect(token)

    def _in_end(self, token: Token) -> None:
        """Nothing may follow the payload."""
        message = "more text stands behind the payload"
        self.noted.lose(NOT_JSON, token, message, "leave it out, or send one", self.path)

    def _key(self, token: Token) -> None:
        odd = malformed(token)
        self.levels[-1].step = json.loads(odd.right if odd else token.text)
        if odd:
            self.noted.odd(token, odd, self.path)

    def _literal(self, token: Token) -> None:
        if odd := malformed(token):
            self.noted.odd(token, odd, self.path)

    def _valued(self) -> None:
        self.comma = None
        self.expect = self._in_comma if self.levels else self._in_end

    def _close(self, token: Token) -> None:
        opener = self.levels[-1].opener
        if token.text != CLOSERS[opener]:
            self.noted.wrong_closer(token, opener, self.around)
        self.levels.pop()
        self._valued()

    def _needless(self, token: Token) -> None:
        """A comma with nothing behind it."""
        if token.text == ",":
            self._extra(token)
            return
        self._extra(self.comma or token)
        self._close(token)

    def _extra(self, comma: Token) -> None:
        self.noted.extra_comma(comma, self.around)

    def _unexpected(self, token: Token, expected: str) -> None:
        self.noted.unexpected(token, expected, self.path, inside=bool(self.levels))
