"""Text that is almost JSON: its slips are named, and it is read on as if it were right."""

from __future__ import annotations

import json
from typing import Final, NamedTuple

from leadquery.payload.literals import as_key, oddity
from leadquery.payload.tokens import Token, tokens
from leadquery.spec.findings import Path
from leadquery.spec.rules import Rule


class Slip(NamedTuple):
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


_VALUES: Final = {"string", "number", "quoted", "word", "figure"}
_CLOSERS: Final = {"{": "}", "[": "]"}
_NAMES: Final = {"{": "object", "[": "list"}


_DEEPEST: Final = 1_000


class _UnreadableError(Exception):
    """What stands here cannot be read on behind."""


class _Level:
    """An object or a list that is open."""

    def __init__(self, opener: Token) -> None:
        self.opener = opener
        self.keyed = opener.text == "{"
        self.step: str | int | None = None if self.keyed else 0


def slips(text: str) -> tuple[list[Slip], bool]:
    """The slips of a text in its order, and whether it was read to its end."""
    reader = _Reader()
    try:
        for token in tokens(text):
            reader.take(token)
        reader.finish(len(text.rstrip()))
    except _UnreadableError:
        return sorted(reader.slips, key=_stretch), False
    return sorted(reader.slips, key=_stretch), True


def _stretch(slip: Slip) -> tuple[int, int]:
    return slip.start, slip.end


def mended(text: str, found: list[Slip]) -> str:
    """The text with its slips read as if they were right."""
    parts, at = [], 0
    for slip in found:
        parts += [text[at : slip.start], slip.to or ""]
        at = slip.end
    return "".join([*parts, text[at:]])


class _Reader:
    """Takes tokens one by one; `expect` says what may come next."""

    def __init__(self) -> None:
        self.slips: list[Slip] = []
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

    def slip(
        self,
        rule: Rule,
        at: Token,
        message: str,
        hint: str | None,
        to: str | None,
        path: Path | None = None,
    ) -> None:
        width = at.end - at.start
        path = self.path if path is None else path
        self.slips.append(Slip(rule, at.start, width, at.start, at.end, message, hint, path, to))

    def lose(
        self,
        rule: Rule,
        at: Token,
        message: str,
        hint: str | None = None,
        path: Path | None = None,
    ) -> None:
        self.slip(rule, at, message, hint, None, path)
        raise _UnreadableError

    def take(self, token: Token) -> None:
        if token.kind == "comment":
            self._between(Rule.COMMENT, token, "JSON has no comments")
        elif token.kind == "blank":
            strange = (
                "a byte-order mark" if token.text[0] == "\ufeff" else "a blank that JSON lacks"
            )
            self._between(Rule.STRANGE_BLANK, token, f"{strange} stands here")
        else:
            self.expect(token)
            self.last = token.end

    def finish(self, end: int) -> None:
        """Take the end of the text."""
        at = Token("end", "", end, end)
        if self.levels:
            opener = self.levels[-1].opener.text
            self.lose(
                Rule.LOST_END,
                at,
                f"the text ends inside {_a(opener)}",
                f"close it with {_CLOSERS[opener]!r}",
                self.around,
            )
        if self.expect != self._in_end:
            self.lose(Rule.NOT_JSON, at, "there is no JSON here", "write an object: { … }")

    def _in_value(self, token: Token) -> None:
        """A value has to come."""
        if token.text in _CLOSERS:
            if len(self.levels) == _DEEPEST:
                self.lose(Rule.TOO_DEEP, token, "the text is nested too deeply", path=())
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
            self._literal(as_key(token), key=True)
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
            self.slip(Rule.MISSING_MARK, token, "'=' stands for a colon", "write ':'", ":")
        elif token.kind in _VALUES or token.text in _CLOSERS:
            self._insert(token, ":", "a colon is missing before this", self.path)
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
            message = "';' stands for a comma"
            self.slip(Rule.MISSING_MARK, token, message, "write ','", ",", self.around)
            self.comma = token
        elif token.kind not in _VALUES and token.text not in _CLOSERS:
            self._unexpected(token, "a comma")
        else:
            self._insert(token, ",", "a comma is missing before this", self.around)
        level.step = level.step + 1 if isinstance(level.step, int) else None
        self.expect = self._in_key if level.keyed else self._in_value
        if token.text not in (",", ";"):
            self.expect(token)

    def _in_end(self, token: Token) -> None:
        """Nothing may follow the payload."""
        self.lose(
            Rule.NOT_JSON, token, "more text stands behind the payload", "leave it out, or send one"
        )

    def _valued(self) -> None:
        self.comma = None
        self.expect = self._in_comma if self.levels else self._in_end

    def _close(self, token: Token) -> None:
        opener = self.levels[-1].opener.text
        if token.text != _CLOSERS[opener]:
            self.lose(
                Rule.LOST_END,
                token,
                f"{token.text!r} stands inside {_a(opener)}",
                f"close it first with {_CLOSERS[opener]!r}",
                self.around,
            )
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
        if comma.text == ";":
            # It was noted as a comma before it was known that nothing follows.
            noted = len(self.slips) - 1
            while self.slips[noted].at != comma.start:
                noted -= 1
            del self.slips[noted]
        self._between(Rule.EXTRA_COMMA, comma, f"{comma.text!r} parts nothing")

    def _between(self, rule: Rule, token: Token, message: str) -> None:
        """Note what stands between the entries of an object or a list, and belongs to none."""
        self.slip(rule, token, message, "leave it out", "", self.around)

    def _insert(self, before: Token, mark: str, message: str, path: Path) -> None:
        width, end = before.end - before.start, self.last
        self.slips.append(
            Slip(
                Rule.MISSING_MARK,
                before.start,
                width,
                end,
                end,
                message,
                f"write {mark!r}",
                path,
                mark,
            )
        )

    def _unexpected(self, token: Token, expected: str) -> None:
        if token.text in ("}", "]") and self.levels:
            self.lose(Rule.NOT_JSON, token, f"{expected} is missing before {token.text!r}")
        if token.text in ('"', "'", "“", "‘"):
            self.lose(Rule.LOST_END, token, "this text is not closed on its line", "close it")
        self.lose(Rule.NOT_JSON, token, f"{token.text!r} stands where {expected} belongs")

    def _literal(self, token: Token, *, key: bool = False) -> None:
        """Take a key or a value, and note how JSON writes it otherwise."""
        odd = oddity(token)
        if key:
            self.levels[-1].step = json.loads(odd.right if odd else token.text)
        if odd:
            hint = f"write {odd.right}" if len(odd.right) < 60 else None
            self.slip(odd.rule, token, odd.message, odd.hint or hint, odd.right)


def _a(opener: str) -> str:
    return f"{'an' if opener == '{' else 'a'} {_NAMES[opener]}"
