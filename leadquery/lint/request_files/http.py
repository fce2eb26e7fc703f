"""The requests in .http and .rest files of editors, and requests as HTTP writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from leadquery.lint.request_files.documents import BRACES, NO_BODY
from leadquery.lint.request_files.embedded import EmbeddedText, Piece, embed

_METHOD: Final = "(?:GET|POST|PUT|DELETE|PATCH|OPTIONS|HEAD)"

is_http = re.compile(
    rf"\ufeff?(?:[ \t]*(?:#.*|//.*|@[\w-]+[ \t]*=.*)?\r?\n)*+{_METHOD}[ \t]+\S+"
).match
"""Whether a text begins with the line of a request, behind comments and variables."""

_separators = re.compile(r"^###(.*)$", re.MULTILINE).finditer

# An address may go on in lines that are indented.
_find_request = re.compile(
    rf"^{_METHOD}[ \t]+(?P<url>[^\r\n]*(?:\r?\n[ \t]+[?&/][^\r\n]*)*)", re.MULTILINE
).search

_find_name = re.compile(r"^(?:#|//)[ \t]*@name[ \t=]+(.*)$", re.MULTILINE).search

_find_blank_line = re.compile(r"\r?\n[ \t]*\r?\n").search

# What an editor does with the response.
_find_script = re.compile(r"^(?:>|<>)[ \t]", re.MULTILINE).search

_FROM_FILE: Final = "its body is in another file; check that file"


class HttpRequest(NamedTuple):
    """A request and its name; a `note` says why there is no body to check."""

    name: str
    url: str
    body: EmbeddedText | None
    note: str = ""


def read_http(text: str) -> Iterator[HttpRequest]:
    """The requests in a text, which lines that begin with ### separate."""
    separators = [*_separators(text)]
    starts = [0, *(one.end() for one in separators)]
    ends = [*(one.start() for one in separators), len(text)]
    titles = ["", *(one[1].strip() for one in separators)]
    for title, start, end in zip(titles, starts, ends, strict=True):
        part = text[start:end]
        if found := _find_request(part):
            named = _find_name(part)
            url = re.sub(r"\s+(?:HTTP/[\d.]+\s*)?", "", found["url"])
            name = named[1].strip() if named else title
            yield HttpRequest(name, url, *_body(text, start + found.end(), end))


def _body(text: str, start: int, end: int) -> tuple[EmbeddedText | None, str]:
    """What is behind the headers, or why it cannot be checked."""
    blank = _find_blank_line(text[start:end])
    if blank is None:
        return None, NO_BODY
    start += blank.end()
    content = text[start:end]
    if script := _find_script(content):
        content = content[: script.start()]
    if not content.strip():
        return None, NO_BODY
    if content.lstrip().startswith("<"):
        return None, _FROM_FILE
    content = content.rstrip()
    body = embed(text, start, [Piece(content, content, str)])
    return body.with_unknown(BRACES), ""
