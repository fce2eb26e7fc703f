"""Templates, comments, JSON and literals for the documents that exporters write."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Final

from attrs import frozen

from leadquery.errors import QueryError
from leadquery.exporters.base import INDEX, PAGING, SIZE, Exporter, ExportRequest
from leadquery.wire.enums import (
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
    STATUS_ERROR,
    TOTAL,
)
from leadquery.wire.types import Json

TIMEOUT: Final = 60
"""Seconds that a script waits for a response."""

PAUSE: Final = SECONDS / CALLS
"""Seconds that a loop waits between two calls, which keeps the API's rate limit."""

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
    "SIZE": SIZE,
    "TIMEOUT": str(TIMEOUT),
    "TOTAL": TOTAL,
    "access": ACCESS_KEY,
    "format": RESPONSE_FORMAT,
    "secret": SECRET_KEY,
}
"""What every template may use: constants of the API, and names of environment variables."""

_replace_placeholders = re.compile(r"⟨(\w+)⟩").sub


def render(template: str, request: ExportRequest, **parts: str) -> str:
    """The template with its placeholders, `⟨name⟩`, replaced. Replaced text is not read again."""
    paging = request.payload.get(PAGING, {})
    context = {
        **CONTEXT,
        "response_format": request.response_format.value,
        "size": str(paging.get(SIZE)),
        **parts,
    }
    return _replace_placeholders(lambda match: context[match[1]], template)


@frozen
class ResponseCode:
    """The code of a script for one response format.

    `check` tests whether a response is a good one, `one_page` makes one call, and `all_pages`
    loops over all pages. JSON may lack the list of rows if the total is 0, which it also is after
    the last page, and a page may be empty before the total says that it is the last.
    """

    check: str
    one_page: str
    all_pages: str


@frozen
class ScriptTemplate:
    """The templates of a script: `frame` around the code for a response format.

    `comment_mark` begins a comment of the language.
    """

    comment_mark: str
    frame: str
    json: ResponseCode
    csv: ResponseCode

    def render(self, request: ExportRequest, **parts: str) -> str:
        """The script of a request. `parts` are what only this language's template uses."""
        code = self.csv if request.is_csv else self.json
        calls = code.all_pages if request.all_pages else code.one_page
        return render(
            self.frame,
            request,
            comment=comment(request, self.comment_mark),
            check=render(code.check, request),
            calls=render(calls, request),
            **parts,
        )


def script_exporter(
    name: str,
    title: str,
    suffix: str,
    template: ScriptTemplate,
    parts: Callable[[ExportRequest], dict[str, str]],
    written_by: str,
) -> Exporter:
    """An exporter for a script. `parts` makes what only this language's template uses."""
    return Exporter(
        name=name,
        title=title,
        suffix=suffix,
        write=lambda requests: template.render(requests[0], **parts(requests[0])),
        written_by=written_by,
        loops=True,
    )


def comment(request: ExportRequest, mark: str) -> str:
    """The description of a request as a line of comment; nothing if it has none."""
    return f"{mark} {comment_text(request.description)}\n" if request.description else ""


def comment_text(text: str) -> str:
    """Text that cannot end a comment: ASCII on one line, without tags or delimiters."""
    return "".join(
        char if " " <= char <= "~" else _unicode_escape(char) for char in _separate(r"\g<0> ", text)
    )


_separate = re.compile(r"\{(?=\{)|\}(?=\})|\?(?=>)|<(?=/)|\*(?=/)").sub


def _unicode_escape(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")


def ascii_json(value: Json) -> str:
    """JSON in printable ASCII, which no encoding can damage."""
    return json.dumps(value, indent=2).replace("\x7f", r"\u007f")


def yaml_safe_json(value: Json) -> str:
    """JSON that YAML parsers accept too: they know no pairs of escapes for one character."""
    return _replace_pairs(_decode_pair, ascii_json(value))


_replace_pairs = re.compile(r"(?<!\\)((?:\\\\)*)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})").sub


def _decode_pair(match: re.Match[str]) -> str:
    return match[1] + bytes.fromhex(match[2] + match[3]).decode("utf-16-be")


def brace_safe_json(value: Json) -> str:
    """JSON without `{{` and `}}`, which clients take for variables."""
    # Outside of strings, the indented layout never puts two braces side by side.
    return ascii_json(value).replace("{{", r"\u007b\u007b").replace("}}", r"\u007d\u007d")


def require_unicode(text: str, exporter: str) -> str:
    """The text. Raises QueryError for a lone surrogate, which most languages cannot write."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        surrogate = text[error.start]
        raise QueryError(
            f"{exporter} cannot write {surrogate!r}, a lone surrogate; choose another exporter"
        ) from None
    return text


INDENT: Final = 4


@frozen
class LiteralSyntax:
    """How a language writes a payload as a literal.

    `text` writes a string. `braces` and `brackets` enclose an object and a list. `key_separator`
    comes between key and value, `entry_end` after each entry of an object, a comma after each
    item of a list and `last_item_end` after the last one. `empty` is an object without entries;
    a payload has no empty lists.
    """

    text: Callable[[str], str]
    braces: tuple[str, str]
    brackets: tuple[str, str]
    key_separator: str
    entry_end: str
    last_item_end: str
    empty: str

    def literal(self, value: Json, indent: int = 0) -> str:
        """A payload, one entry per line."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, int):
            return str(value)
        if value == {}:
            return self.empty
        inner = indent + INDENT
        if isinstance(value, dict):
            entries = [
                f"{self.text(key)}{self.key_separator}{self.literal(entry, inner)}{self.entry_end}"
                for key, entry in value.items()
            ]
            return _enclose(self.braces, entries, indent)
        *items, last = (self.literal(item, inner) for item in value)
        lines = [*(f"{item}," for item in items), f"{last}{self.last_item_end}"]
        return _enclose(self.brackets, lines, indent)


def _enclose(enclosing: tuple[str, str], lines: list[str], indent: int) -> str:
    first, last = enclosing
    padding = " " * (indent + INDENT)
    return "\n".join([first, *(f"{padding}{line}" for line in lines), f"{' ' * indent}{last}"])
