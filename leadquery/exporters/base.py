"""`ExportRequest`, a payload to send, and `Exporter`, which writes it for a client.

Below them is what the exporters share: templates, comments, JSON and literals.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, count
from typing import TYPE_CHECKING, Any, Final

import attrs
from attrs import frozen

from leadquery.errors import QueryError
from leadquery.wire.endpoints import (
    Endpoint,
    assumptions_of,
    configured_path,
    endpoint_of_payload,
    path_variable,
)
from leadquery.wire.enums import (
    ACCESS,
    ACCESS_KEY,
    CALLS,
    CONTENT_TYPE,
    CSV_CONTENT_TYPE,
    HOST,
    METHOD,
    RESPONSE_FORMAT,
    ROWS,
    SECONDS,
    SECRET,
    SECRET_KEY,
    STATUS_ERROR,
    TOTAL,
    ResponseFormat,
)
from leadquery.wire.model import FIRST_PAGE, Paging, Request
from leadquery.wire.schema import key_name
from leadquery.wire.types import Json

if TYPE_CHECKING:
    from leadquery.query.query import Query

PAGING: Final = key_name(Request, "paging")

INDEX: Final = key_name(Paging, "index")

SIZE: Final = key_name(Paging, "size")


ASSUMED: Final = " Assumed, not documented: "
"""Begins what the description of a sibling report says of its assumptions."""


@frozen
class ExportRequest:
    """A payload to send, with its name for people and its description in English.

    `all_pages` asks for a loop over all pages. `endpoint` is the report that the payload is for, by
    default by its nodes.
    """

    payload: dict[str, Json]
    name: str = "query"
    description: str = ""
    response_format: ResponseFormat = ResponseFormat.JSON
    all_pages: bool = False
    endpoint: Endpoint | None = None

    @classmethod
    def of(cls, query: Query, name: str = "query", **options: Any) -> ExportRequest:
        """The request of a query; its description says what is assumed of the report."""
        text, node = query.describe(), query._node
        assumed = assumptions_of(node, has_path=path_variable(node.endpoint) in os.environ)
        if assumed:
            text = f"{text}{ASSUMED}{'; '.join(assumed)}."
        return cls(query.to_payload(), name, text, endpoint=node.endpoint, **options)

    @property
    def path(self) -> str:
        """The path of the report: that of the environment, or the known one."""
        endpoint = self.endpoint or endpoint_of_payload(self.payload)
        return configured_path(endpoint)

    @property
    def is_csv(self) -> bool:
        """Whether the response is CSV."""
        return self.response_format is ResponseFormat.CSV

    def page(self, index: int) -> ExportRequest:
        """The request for another page, of the same size."""
        size = self.payload.get(PAGING, {SIZE: FIRST_PAGE.size})[SIZE]
        paging = {INDEX: index, SIZE: size}
        return attrs.evolve(self, payload={**self.payload, PAGING: paging})

    def with_all_pages(self) -> ExportRequest:
        """The request as a loop that starts at the first page."""
        return attrs.evolve(self.page(1), all_pages=True)

    def pages(self, count: int) -> list[ExportRequest]:
        """A request for each of the first pages, with the page number in its name."""
        width = len(str(count))
        return [
            attrs.evolve(self.page(index), name=f"{self.name}-{index:0{width}}")
            for index in range(1, count + 1)
        ]


@frozen
class Exporter:
    """Writes requests for a client.

    `suffix` ends the names of its files. `loops` says whether it can write a loop over all pages,
    `several` whether one document can hold several requests, `has_url` whether the document holds
    the URL, which names the response format. `written_by` is for the docs: the library, if any,
    that writes the format. `has_comment` says whether it holds the description, `script` is the
    longer form of one that writes a command.
    """

    name: str
    title: str
    suffix: str
    write: Callable[[Sequence[ExportRequest]], str] = attrs.field(repr=False)
    written_by: str
    loops: bool = False
    several: bool = False
    has_url: bool = True
    has_comment: bool = True
    script: Exporter | None = None

    def export(self, requests: Iterable[ExportRequest]) -> str:
        """The document for the client, in Unicode, with a line end.

        Raises QueryError for what the client does not support.
        """
        named = _with_unique_names(requests)
        self._check(named)
        return self.write(named)

    def _check(self, requests: Sequence[ExportRequest]) -> None:
        if len(requests) != 1 and not self.several:
            raise QueryError(f"{self.name} takes one query at a time; write a file for each")
        if not self.has_url and any(request.is_csv for request in requests):
            raise QueryError(
                f"{self.name} has no URL, which names the response format; choose another exporter"
            )
        if not self.loops and any(request.all_pages for request in requests):
            hint = "write its script, with script=True, or " if self.script else ""
            raise QueryError(
                f"{self.name} has no loop; "
                f"{hint}export a request for each page: query.page(1), and so on"
            )


def _with_unique_names(requests: Iterable[ExportRequest]) -> tuple[ExportRequest, ...]:
    """The requests, with a number added to a name that is taken."""
    named: dict[str, ExportRequest] = {}
    for request in requests:
        numbered = (f"{request.name}-{number}" for number in count(2))
        name = next(name for name in chain([request.name], numbered) if name not in named)
        named[name] = attrs.evolve(request, name=name)
    return tuple(named.values())


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
        "PATH": request.path,
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
    item of a list and `last_item_end` after the last one. `empty` is an object without entries.
    `constants` are null, false and true. `lone_list` comes before a list that is the only item of
    another, where the language would unpack it.
    """

    text: Callable[[str], str]
    braces: tuple[str, str]
    brackets: tuple[str, str]
    key_separator: str
    entry_end: str
    last_item_end: str
    empty: str
    constants: tuple[str, str, str]
    lone_list: str = ""

    def literal(self, value: Json, indent: int = 0) -> str:
        """A payload, one entry per line."""
        if isinstance(value, str):
            return self.text(value)
        if value is None or isinstance(value, bool):
            return self.constants[(None, False, True).index(value)]
        if isinstance(value, (int, float)):
            return repr(value)
        if not value:
            return self.empty if isinstance(value, dict) else "".join(self.brackets)
        inner = indent + INDENT
        if isinstance(value, dict):
            entries = [
                f"{self.text(key)}{self.key_separator}{self.literal(entry, inner)}{self.entry_end}"
                for key, entry in value.items()
            ]
            return _enclose(self.braces, entries, indent)
        *items, last = (self.literal(item, inner) for item in value)
        if not items and isinstance(value[0], list):
            last = f"{self.lone_list}{last}"
        lines = [*(f"{item}," for item in items), f"{last}{self.last_item_end}"]
        return _enclose(self.brackets, lines, indent)


def _enclose(enclosing: tuple[str, str], lines: list[str], indent: int) -> str:
    first, last = enclosing
    padding = " " * (indent + INDENT)
    return "\n".join([first, *(f"{padding}{line}" for line in lines), f"{' ' * indent}{last}"])
