"""How texts enter what other clients read: templates, comments, and JSON."""

from __future__ import annotations

import json
import re
from typing import Final

from leadquery.errors import QueryError
from leadquery.exporters.base import INDEX, PAGING, PAUSE, ExportRequest
from leadquery.lint.diagnostics import Json
from leadquery.wire.protocol import (
    ACCESS,
    ACCESS_KEY,
    CALLS,
    CONTENT_TYPE,
    CSV_CONTENT_TYPE,
    HOST,
    METHOD,
    PATH,
    RESPONSE_FORMAT,
    ROWS,
    SECONDS,
    SECRET,
    SECRET_KEY,
    STATUS,
    STATUS_ERROR,
    TOTAL,
)

TIMEOUT: Final = 60
"""Seconds that a script waits for an answer."""

CONTEXT: Final = {
    "ACCESS": ACCESS,
    "CALLS": str(CALLS),
    "CONTENT_TYPE": CONTENT_TYPE,
    "CSV": CSV_CONTENT_TYPE,
    "ERROR": STATUS_ERROR,
    "HOST": HOST,
    "INDEX": INDEX,
    "METHOD": METHOD,
    "PAGING": PAGING,
    "PATH": PATH,
    "PAUSE": str(PAUSE),
    "ROWS": ROWS,
    "SECONDS": str(SECONDS),
    "SECRET": SECRET,
    "STATUS": STATUS,
    "TIMEOUT": str(TIMEOUT),
    "TOTAL": TOTAL,
    "access": ACCESS_KEY,
    "format": RESPONSE_FORMAT,
    "secret": SECRET_KEY,
}
"""What templates may name of the API and of the environment."""

_parts = re.compile(r"⟨(\w+)⟩").sub


def render(template: str, sending: ExportRequest, **own: str) -> str:
    """A template with its parts, `⟨name⟩`, filled in. What is filled in is not read again."""
    parts = {**CONTEXT, "answer": sending.response.value, **own}
    return _parts(lambda found: parts[found[1]], template)


def comment(sending: ExportRequest, mark: str) -> str:
    """What a sending asks, as lines of comment; nothing where no words are known."""
    return f"{mark} {one_line(sending.sentence)}\n" if sending.sentence else ""


def one_line(text: str) -> str:
    """A text that ends no comment: in ASCII, on one line, without signs that languages read."""
    return "".join(one if " " <= one <= "~" else _escape(one) for one in _apart(r"\g<0> ", text))


_apart = re.compile(r"\{(?=\{)|\}(?=\})|\?(?=>)|<(?=/)|\*(?=/)").sub


def _escape(one: str) -> str:
    return one.encode("unicode_escape", "surrogatepass").decode("ascii")


def as_json(value: Json) -> str:
    """JSON in ASCII that can be printed, so that no encoding on the way can spoil it."""
    return json.dumps(value, indent=2).replace("\x7f", r"\u007f")


def yaml_safe_json(value: Json) -> str:
    """JSON that readers of YAML take as well: they know no pairs of escapes for one character."""
    return _pairs(_one_character, as_json(value))


_pairs = re.compile(r"(?<!\\)((?:\\\\)*)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})").sub


def _one_character(found: re.Match[str]) -> str:
    return found[1] + bytes.fromhex(found[2] + found[3]).decode("utf-16-be")


def plain_json(value: Json) -> str:
    """The same, with nothing in it that a client takes for a variable: `{{` is escaped."""
    # Between values, the layout keeps braces apart: two stand together in texts alone.
    return as_json(value).replace("{{", r"\u007b\u007b").replace("}}", r"\u007d\u007d")


def whole_pairs(text: str, target: str) -> str:
    """A text that is Unicode; QueryError for half a surrogate pair, which most languages lack."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        half = text[error.start]
        raise QueryError(
            f"{target} has no text with {half!r}, half a surrogate pair; write another target"
        ) from None
    return text
