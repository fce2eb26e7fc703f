"""Removes keys from texts and logs, however they are escaped.

A text and a key are compared in their normal form: the escapes of URLs, HTML and programming
languages are decoded until none is left, also escapes of escapes; upper and lower case are the
same; backslashes are left out, since quoting adds them. Each character of the normal form knows
where in the text it comes from. All this takes time in proportion to the text.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from typing import Final, Self

from attrs import frozen

from leadquery.wire.enums import ACCESS_KEY, SECRET_KEY

REDACTED: Final = "***"

_MAX_ESCAPE: Final = 40
"""The most characters of an escape; the longest name of HTML has 31."""

_HEX: Final = "[0-9a-fA-F]"

_is_percent_escape = re.compile(rf"%{_HEX}{{2}}|%[uU]{_HEX}{{4}}").fullmatch

# In lower case, an escape of eight digits starts with four that stand for a control character.
_is_backslash_escape = re.compile(
    rf"\\[xX]{_HEX}{{2}}|\\[uU](?!000|0010){_HEX}{{4}}|\\[uU]00{_HEX}{{6}}|\\[uUxX]\{{{_HEX}{{1,8}}\}}"
).fullmatch

_is_html_escape = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);", re.ASCII).fullmatch

_is_octet_escape = re.compile(rf"%{_HEX}{{2}}|\\[xX]{_HEX}{{2}}").fullmatch

_ESCAPE_ENDS: Final = frozenset("0123456789abcdefABCDEF;}")

_needs_decoding = re.compile(r"[%&\\]|[^\x00-\x7f]").search


def _decode_hex(escape: str) -> str:
    return _character(escape.strip(r"%\uUxX{}"), 16) or escape


def _decode_html(escape: str) -> str:
    if match := _match_number(escape):
        # `unescape` would read 128 to 159 as Windows-1252.
        return (_character(match[1], 16) if match[1] else _character(match[2], 10)) or escape
    decoded = unescape(escape)
    return unescape(escape.lower()) if decoded == escape else decoded


_match_number = re.compile(r"&#(?:x(.+)|(.+));", re.IGNORECASE).fullmatch


def _character(digits: str, base: int) -> str | None:
    code = int(digits, base)
    return chr(code) if code <= sys.maxunicode else None


_ESCAPES: Final[dict[str, tuple[Callable[[str], object], Callable[[str], str]]]] = {
    "%": (_is_percent_escape, _decode_hex),
    "\\": (_is_backslash_escape, _decode_hex),
    "&": (_is_html_escape, _decode_html),
}
"""For the first character of an escape: whether a text is a whole one, and its meaning."""


@frozen
class _NormalForm:
    """Characters to compare, and for each the range of the text that it stands for."""

    text: str
    starts: list[int]
    ends: list[int]

    @classmethod
    def of(cls, characters: Iterable[tuple[str, int, int]]) -> Self:
        folded = [
            (each, start, end) for character, start, end in characters for each in _fold(character)
        ]
        return cls(
            "".join(each for each, _, _ in folded),
            [start for _, start, _ in folded],
            [end for _, _, end in folded],
        )

    def find(self, key: str) -> Iterator[tuple[int, int]]:
        """The ranges of the text that hold a key."""
        index = self.text.find(key) if key else -1
        while index >= 0:
            yield self.starts[index], self.ends[index + len(key) - 1]
            index = self.text.find(key, index + 1)


def _fold(character: str) -> str:
    """A character without its case; some letters have two as their other case."""
    # A form encodes a space as a plus sign.
    return "+" if character == " " else character.upper().casefold()


def _as_written(text: str) -> Iterator[tuple[str, int, int]]:
    return ((character, index, index + 1) for index, character in enumerate(text))


def _is_alike(one: tuple[str, int, int], other: tuple[str, int, int]) -> bool:
    """Whether these are the same character in the same spelling."""
    return one[0] == other[0] and one[2] - one[1] == other[2] - other[1]


class _Decoder:
    """Decodes escapes as soon as they are complete, so that a decoded one can complete another."""

    def __init__(self, *, join_octets: bool, join_backslashes: bool) -> None:
        self._join_octets = join_octets
        self._join_backslashes = join_backslashes
        self._characters: list[tuple[str, int, int]] = []
        self._openings: list[int] = []
        """Where in `_characters` an escape may start."""

    def decode(self, text: str) -> Iterator[tuple[str, int, int]]:
        """The decoded characters. Backslashes belong to the character before them."""
        for character, start, end in _as_written(text):
            self._add(character, start, end)
        kept: list[tuple[str, int, int]] = []
        for character, start, end in self._characters:
            if character != "\\":
                kept.append((character, start, end))
            elif kept:
                kept[-1] = (*kept[-1][:2], end)
        return iter(kept)

    def _add(self, character: str, start: int, end: int) -> None:
        if character in _ESCAPES:
            self._openings.append(len(self._characters))
        elif character not in "uUxX":
            while self._last(1) == "\\":
                # It only quotes this character, which may be a part of another escape.
                self._openings.pop()
                _, _, before = self._characters.pop()
                if self._characters:
                    self._characters[-1] = (*self._characters[-1][:2], before)
        self._characters.append((character, start, end))
        length, decoded = self._decode_last(character)
        if not length:
            return
        first = len(self._characters) - length
        opening = self._characters[first]
        if self._join_backslashes and opening[0] == "\\":
            # Quoting has doubled the backslash, maybe more than once.
            while first and _is_alike(opening, self._characters[first - 1]):
                first -= 1
        start = self._characters[first][1]
        del self._characters[first:]
        while self._openings and self._openings[-1] >= first:
            self._openings.pop()
        for each in decoded:
            self._add(each, start, end)

    def _decode_last(self, character: str) -> tuple[int, str]:
        """How many of the last characters are a whole escape, and its meaning; 0 if none is."""
        if character in _ESCAPE_ENDS and self._openings:
            length = len(self._characters) - self._openings[-1]
            escape = self._last(length) if length <= _MAX_ESCAPE else ""
            is_whole, decode = _ESCAPES[escape[:1] or "&"]
            if is_whole(escape) and (decoded := decode(escape)) != escape:
                if self._join_octets and _is_octet_escape(escape):
                    decoded = decoded.encode("latin-1").decode("ascii", "surrogateescape")
                return length, decoded
        if "\udc80" <= character <= "\udcbf" and (decoded := self._join_last()):
            return len(decoded.encode()), decoded
        if "\udc00" <= character <= "\udfff" and "\ud800" <= self._last(2) < "\udc00":
            return 2, self._last(2).encode("utf-16", "surrogatepass").decode("utf-16")
        return 0, ""

    def _join_last(self) -> str:
        """The character whose UTF-8 the last octets are, if any."""
        for length in (2, 3, 4):
            try:
                return self._last(length).encode("ascii", "surrogateescape").decode()
            except UnicodeError:
                continue
        return ""

    def _last(self, length: int) -> str:
        return "".join(character for character, _, _ in self._characters[-length:])


def _normal_forms(text: str) -> list[_NormalForm]:
    """The text as it is written, and decoded in four ways.

    As written, since the text around a key may complete an escape; with octets read as UTF-8 and
    without, since the key may have letters that look like octets; with backslashes before an
    escape read as one and without, since each may belong to an escape of its own.
    """
    written = _NormalForm.of(_as_written(text))
    if not _needs_decoding(text):
        return [written] * 5
    decoders = [
        _Decoder(join_octets=octets, join_backslashes=backslashes)
        for octets in (False, True)
        for backslashes in (True, False)
    ]
    return [written, *(_NormalForm.of(decoder.decode(text)) for decoder in decoders)]


def _spellings(secret: str) -> Iterable[str]:
    """A secret as it is, and as UTF-8 that was read as Latin-1 or Windows-1252, in each case."""
    if secret.isascii():
        return (secret,)
    cases = (secret, secret.lower(), secret.upper())
    latin = [each.encode().decode("latin-1") for each in cases]
    return dict.fromkeys((secret, *latin, *(each.translate(_WINDOWS_1252) for each in latin)))


# HTML reads these numbers as Windows-1252; the five that it lacks stay as they are.
_WINDOWS_1252: Final = {code: unescape(f"&#{code};") for code in range(0x80, 0xA0)}


def redact(text: str, secrets: Iterable[str]) -> str:
    """Replace the secrets in a text."""
    forms = _normal_forms(text)
    spellings = [spelling for secret in secrets for spelling in _spellings(secret)]
    ranges = sorted(
        found
        for secret in spellings
        for form, key in zip(forms, _normal_forms(secret), strict=True)
        for found in form.find(key.text)
    )
    parts, position = [], 0
    for start, end in ranges:
        if start >= position:
            parts += [text[position:start], REDACTED]
        position = max(position, end)
    return "".join([*parts, text[position:]])


LOGGERS: Final = (
    "urllib3.connection",
    "urllib3.connectionpool",
    "urllib3.poolmanager",
    "urllib3.response",
    "urllib3.util.retry",
)
"""Loggers that log URLs or responses. A logger's filter does not apply to its children."""

_redact_parameters = re.compile(rf"\b({ACCESS_KEY}|{SECRET_KEY})=[^&\s'\"]*", re.IGNORECASE).sub

_format_traceback = logging.Formatter().formatException


def redact_logs(redact_keys: Callable[[str], str]) -> None:
    """Remove from urllib3's logs the keys of the current call, and the keys in any URL."""

    def redacted(text: str) -> str:
        return _redact_parameters(rf"\1={REDACTED}", redact_keys(text))

    def redact_record(record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if (message := redacted(text)) != text:
            record.msg, record.args = message, None
        if record.exc_info:
            # A handler would format the traceback again from exc_info.
            record.exc_text, record.exc_info = redacted(_format_traceback(record.exc_info)), None
        return True

    for name in LOGGERS:
        logging.getLogger(name).addFilter(redact_record)
