"""Keys and single values that are written otherwise than JSON writes them."""

from __future__ import annotations

import json
import re
from typing import Final, NamedTuple

from leadquery.payload.tokens import Token
from leadquery.spec.rules import Rule

NO_NUMBER: Final = "NaN"
"""What the json module reads in place of a number that JSON lacks."""

_BARE: Final = "bare"
"""The kind of a key without quotes, whatever it would be as a value."""

_WORDS: Final = ("true", "false", "null")
_FOREIGN: Final = {"True": "true", "False": "false", "None": "null", "undefined": "null"}
_NO_NUMBERS: Final = ("NaN", "Infinity", "-Infinity", "nan", "inf", "-inf")
_OTHER_QUOTES: Final = "'‘’‚“”„"
_pieces = re.compile(rf"\\(?:[\"\\/bfnrt{_OTHER_QUOTES}]|u[0-9a-fA-F]{{4}})|[\"\\\x00-\x1f]").sub


class Oddity(NamedTuple):
    """What is odd about a key or a value, and how JSON writes it."""

    rule: Rule
    message: str
    right: str
    hint: str | None = None


def as_key(token: Token) -> Token:
    """A token as a key: whatever has no quotes is a word."""
    return token if token.kind in ("string", "quoted") else token._replace(kind=_BARE)


def oddity(token: Token) -> Oddity | None:
    """What is odd about a token, if anything is."""
    text = token.text
    if token.kind == "string":
        message = "a character stands here that text holds only escaped"
        right = _quoted(text[1:-1])
        return None if right == text else Oddity(Rule.ESCAPE, message, right)
    if token.kind == "quoted":
        right = _quoted(text[1:-1])
        return Oddity(Rule.QUOTES, f"{text[0]} is no quote of JSON", right)
    if token.kind == "word" and text in _FOREIGN:
        return Oddity(Rule.FOREIGN, f"{text} is not JSON", _FOREIGN[text])
    if token.kind != _BARE and text in _NO_NUMBERS:
        return Oddity(Rule.FOREIGN, f"{text} is no number of JSON", NO_NUMBER, "write a number")
    if token.kind == "number" or (token.kind == "word" and text in _WORDS):
        return None
    return Oddity(Rule.QUOTES, "text has no quotes", _quoted(text))


def _quoted(content: str) -> str:
    """What stands between quotes, in the quotes of JSON and escaped as JSON escapes it."""
    return f'"{_pieces(_escaped, content)}"'


def _escaped(piece: re.Match[str]) -> str:
    text = piece[0]
    if len(text) == 1:
        return json.dumps(text)[1:-1]
    # Other languages escape quotes that JSON does not know.
    return text[1] if text[1] in _OTHER_QUOTES else text
