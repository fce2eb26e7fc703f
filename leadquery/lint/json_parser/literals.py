"""Keys and single values that are written otherwise than JSON writes them."""

from __future__ import annotations

import json
import re
from typing import Final, NamedTuple

from leadquery._util.suggest import closest_match
from leadquery.lint.json_parser.tokenizer import Token
from leadquery.lint.rules.base import Rule
from leadquery.lint.rules.syntax import INVALID_LITERAL, INVALID_QUOTES, UNESCAPED_CHARACTER

NAN_PLACEHOLDER: Final = "NaN"
"""What is read in place of a value of which it is not known what it should be."""

_BARE: Final = "bare"
"""The kind of a key without quotes, whatever it would be as a value."""

_WORDS: Final = ("true", "false", "null")

_FOREIGN: Final = {**{word: word for word in _WORDS}, "none": "null", "undefined": "null"}

_NO_NUMBERS: Final = ("nan", "infinity", "inf")

# Hexadecimal, signs, bare points, underscores and leading zeros are numbers elsewhere.
_figure = re.compile(
    r"[+-]?(?:0[xX][0-9a-fA-F_]+|[0-9][0-9_]*\.?[0-9_]*|\.[0-9_]+)", re.ASCII
).fullmatch

_OTHER_QUOTES: Final = "'‘’‚“”„"

_pieces = re.compile(
    rf"\\(?:[\"\\/bfnrt{_OTHER_QUOTES}]|u[0-9a-fA-F]{{4}}|x[0-9a-fA-F]{{2}})|[\"\\\x00-\x1f]"
).sub

_ESCAPES: Final = {one: json.dumps(one)[1:-1] for one in ('"', "\\", *map(chr, range(0x20)))}


class MalformedLiteral(NamedTuple):
    """What is odd about a key or a value, and how JSON writes it."""

    rule: Rule
    message: str
    right: str
    hint: str | None = None


def as_key(token: Token) -> Token:
    """A token as a key: whatever has no quotes is a word."""
    return token if token.kind in ("string", "quoted") else token._replace(kind=_BARE)


def malformed(token: Token) -> MalformedLiteral | None:
    """What is odd about a token, if anything is."""
    text = token.text
    if token.kind == "string":
        message = "a character stands here that text holds only escaped"
        right = _quoted(text[1:-1])
        return None if right == text else MalformedLiteral(UNESCAPED_CHARACTER, message, right)
    if token.kind == "quoted":
        right = _quoted(text[1:-1])
        return MalformedLiteral(INVALID_QUOTES, f"{text[0]} is no quote of JSON", right)
    if token.kind in ("number", _BARE) or text in _WORDS:
        return None if token.kind != _BARE else _bare(text)
    return _foreign(text) or _bare(text)


def _bare(text: str) -> MalformedLiteral:
    return MalformedLiteral(INVALID_QUOTES, "text has no quotes", _quoted(text))


def _foreign(text: str) -> MalformedLiteral | None:
    """A value of another language, or one that is almost a word of JSON."""
    said = text.casefold()
    if said in _FOREIGN:
        return MalformedLiteral(INVALID_LITERAL, f"{text} is not JSON", _FOREIGN[said])
    if said.lstrip("+-") in _NO_NUMBERS:
        return MalformedLiteral(
            INVALID_LITERAL, f"{text} is no number of JSON", NAN_PLACEHOLDER, "write a number"
        )
    if _figure(text):
        hint = f"write it as JSON does, or as text: {_quoted(text)}"
        return MalformedLiteral(
            INVALID_LITERAL, f"{text} is no number of JSON", NAN_PLACEHOLDER, hint
        )
    near = closest_match(said, {word: word for word in _WORDS})
    if near is not None and near[0] == said[0]:
        return MalformedLiteral(
            INVALID_LITERAL,
            f"{text} is not JSON",
            NAN_PLACEHOLDER,
            f"write {near}, or {_quoted(text)}",
        )
    return None


def _quoted(content: str) -> str:
    """What stands between quotes, in the quotes of JSON and escaped as JSON escapes it."""
    return f'"{_pieces(_escaped, content)}"'


def _escaped(piece: re.Match[str]) -> str:
    text = piece[0]
    if len(text) == 1:
        return _ESCAPES[text]
    if text[1] == "x":
        return f"\\u00{text[2:]}"
    # Other languages escape quotes that JSON does not know.
    return text[1] if text[1] in _OTHER_QUOTES else text
