"""Files of requests, such as a Postman collection: the bodies in them that are payloads.

Start reading at `read_requests`. `documents` finds requests in JSON, `bruno` in .bru files, `http`
in .http files, `curl` in commands. `embedded` knows where a body is written in the file, and what
changes there; `checking` checks it. `lint.checked_file` is the file with all its reports.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from functools import cached_property
from typing import Final
from urllib.parse import unquote

from attrs import evolve, frozen

from leadquery.lint.diagnostics import Path
from leadquery.lint.key_matching import normalize_key
from leadquery.lint.request_files.bruno import is_bruno, read_bruno
from leadquery.lint.request_files.curl import UNKNOWN, find_commands, read_commands
from leadquery.lint.request_files.documents import EXPRESSION, FORMATS, Request
from leadquery.lint.request_files.embedded import (
    PLACEHOLDER,
    EmbeddedText,
    Piece,
    embed,
    from_json,
)
from leadquery.lint.request_files.http import is_http, read_http
from leadquery.lint.rules.wrapped import is_body
from leadquery.lint.source_text import LineIndex, Span, locate
from leadquery.wire.endpoints import Endpoint
from leadquery.wire.model import AggregateOutput, ListOutput, Request as Payload
from leadquery.wire.schema import key_name, keys_of
from leadquery.wire.types import Json


@frozen
class RequestBody:
    """The body of a request, and the name of the request; a `note` says why there is none.

    `number` is that of the request in the file, from 1, and `endpoint` the report of its URL, if
    that is known.
    """

    number: int
    name: str
    text: EmbeddedText | None
    note: str = ""
    endpoint: Endpoint | None = None


# `lines` is a cached property.
@frozen(slots=False)
class RequestFile:
    """A file of requests: its text, and the bodies of those for this API.

    `label` is what messages call it, `others` the number of requests for other APIs.
    """

    label: str
    text: str
    bodies: tuple[RequestBody, ...]
    others: int

    @cached_property
    def lines(self) -> LineIndex:
        """The lines of the file."""
        return LineIndex(self.text)


IsChosen = Callable[[int, str, str], bool]
"""Whether a request is to be read, by its number, its URL and its body."""


def read_requests(
    content: bytes | str, numbers: Collection[int] | None = None
) -> RequestFile | None:
    """The bodies in a file of requests; None if it is another file, such as a payload.

    `numbers` are those of the requests to read, if they are known to be for this API.
    """
    try:
        text = content if isinstance(content, str) else content.decode()
    except UnicodeDecodeError:
        return None

    def is_chosen(number: int, url: str, body: str) -> bool:
        return _is_for_this_api(url, body) if numbers is None else number in numbers

    document = text.removeprefix("\ufeff").lstrip()
    if document[:1] in ("{", "["):
        return _read_document(text, is_chosen)
    if is_bruno(text):
        return _read_bruno(text, is_chosen)
    if is_http(text):
        return _read_http(text, is_chosen)
    return _read_commands(text, is_chosen) if next(find_commands(text), None) else None


def _read_commands(text: str, is_chosen: IsChosen) -> RequestFile:
    bodies: list[RequestBody] = []
    number = 0
    for number, command in enumerate(read_commands(text), 1):
        body = command.body and command.body.with_unknown(UNKNOWN)
        if is_chosen(number, command.url, body.text if body else ""):
            name, endpoint = f"command {number}", _endpoint_of(command.url)
            if body is not None and _is_computed(body):
                bodies.append(RequestBody(number, name, None, _COMPUTED, endpoint))
            else:
                bodies.append(RequestBody(number, name, body, command.note, endpoint))
    if number == 1:
        bodies = [evolve(body, name="") for body in bodies]
    label = "a curl command" if number == 1 else "a file of curl commands"
    return RequestFile(label, text, tuple(bodies), number - len(bodies))


def _read_bruno(text: str, is_chosen: IsChosen) -> RequestFile:
    name, url, body, note = read_bruno(text)
    is_ours = is_chosen(1, url, body.text if body else "")
    bodies = (RequestBody(1, name, body, note, _endpoint_of(url)),) if is_ours else ()
    return RequestFile("a request of Bruno", text, bodies, 1 - len(bodies))


def _read_http(text: str, is_chosen: IsChosen) -> RequestFile:
    bodies: list[RequestBody] = []
    number = 0
    for number, (name, url, body, note) in enumerate(read_http(text), 1):
        if is_chosen(number, url, body.text if body else ""):
            found = RequestBody(number, name, body, note, _endpoint_of(url))
            is_computed = body is not None and _is_computed(body)
            bodies.append(evolve(found, text=None, note=_COMPUTED) if is_computed else found)
    label = "an HTTP request" if number == 1 else "a file of HTTP requests"
    return RequestFile(label, text, tuple(bodies), number - len(bodies))


def _read_document(text: str, is_chosen: IsChosen) -> RequestFile | None:
    # A byte order mark is not JSON, and takes no column.
    start = text.startswith("\ufeff")
    try:
        raw = json.loads(text[start:])
        found = None if is_body(raw) else _requests(raw)
        if found is None:
            return None
        label, requests = found
        chosen = [
            (number, one)
            for number, one in enumerate(requests, 1)
            if is_chosen(number, one.url, _raw_text(raw, one.body))
        ]
        spans = locate(text[start:], [one.body for _, one in chosen if one.body])
    except (ValueError, RecursionError):
        return None
    bodies = [
        _request_body(text, start, number, one, spans[one.body] if one.body else None)
        for number, one in chosen
    ]
    return RequestFile(label, text, tuple(bodies), len(requests) - len(chosen))


def _requests(raw: Json) -> tuple[str, list[Request]] | None:
    for form in FORMATS:
        requests = form.requests(raw)
        if requests is not None:
            return form.label, list(requests)
    return None


def _raw_text(raw: Json, path: Path | None) -> str:
    """A body in a document as text; it may be an object there."""
    if path is None:
        return ""
    for step in path:
        raw = raw[step]
    return raw if isinstance(raw, str) else json.dumps(raw)


def _request_body(
    text: str, offset: int, number: int, request: Request, span: Span | None
) -> RequestBody:
    endpoint = _endpoint_of(request.url)
    if span is None:
        return RequestBody(number, request.name, None, request.note, endpoint)
    start, end = offset + span.value, offset + span.end
    if not text.startswith('"', start):
        literal = text[start:end]
        body = embed(text, start, [Piece(literal, literal, str)])
        return RequestBody(number, request.name, body, endpoint=endpoint)
    body = from_json(text, start, end)
    if request.templates is not None:
        if body.text.startswith(EXPRESSION):
            body = body[len(EXPRESSION) :]
        body = body.with_unknown(request.templates)
        if _is_computed(body):
            return RequestBody(number, request.name, None, _COMPUTED, endpoint)
    return RequestBody(number, request.name, body, endpoint=endpoint)


_COMPUTED: Final = "its body is a variable or an expression; check what it stands for"


def _is_computed(body: EmbeddedText) -> bool:
    return PLACEHOLDER.fullmatch(body.text.strip()) is not None


_FILTER_KEYS: Final = frozenset(
    normalize_key(key_name(Payload, attribute)) for attribute in ("report", "dates")
)

_OUTPUT: Final = normalize_key(key_name(Payload, "output"))

_OUTPUT_KEYS: Final = frozenset(
    normalize_key(key.name)
    for cls in (ListOutput, AggregateOutput)
    for attribute, key in keys_of(cls).items()
    if attribute != "type"
)

_other_api = re.compile(r"\.svc(?:/|\Z)|/leads?[./](?!leaddistribution)").search


def _path_of(url: str) -> str:
    return re.sub("/+", "/", unquote(url.partition("?")[0])).casefold()


def _endpoint_of(url: str) -> Endpoint | None:
    """The report that a URL is of."""
    path = _path_of(url)
    return next((one for one in Endpoint if one.path.casefold() in path), None)


def _is_for_this_api(url: str, body: str) -> bool:
    """Whether a request is one of this API: by its URL, or by the keys of its body."""
    if _endpoint_of(url) is not None:
        return True
    return not _other_api(_path_of(url)) and holds_payload(body)


def holds_payload(text: str) -> bool:
    """Whether a text has keys of this API, also if it is no JSON or is unfinished."""
    folded = normalize_key(text)
    return any(f'"{key}"' in folded for key in _FILTER_KEYS) or (
        f'"{_OUTPUT}"' in folded and any(f'"{key}"' in folded for key in _OUTPUT_KEYS)
    )
