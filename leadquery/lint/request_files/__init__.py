"""Files of requests, such as a Postman collection: the bodies in them that are payloads.

Start reading at `read_requests`. `documents` finds requests in JSON, `bruno` in .bru files, `curl`
and `windows` in commands. `embedded` knows where a body is written in the file, and writes
corrections there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
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
    from_json,
)
from leadquery.lint.rules.wrapped import is_body
from leadquery.lint.source_text import LineIndex, Span, locate
from leadquery.wire.endpoints import Endpoint
from leadquery.wire.model import AggregateOutput, ListOutput, Request as Payload
from leadquery.wire.schema import key_name, keys_of
from leadquery.wire.types import Json


@frozen
class RequestBody:
    """The body of a request, and the name of the request; a `note` says why there is none.

    `endpoint` is the report of its URL, if that is known.
    """

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

    def position(self, text: EmbeddedText, offset: int) -> tuple[int, int]:
        """The line and the column of an offset in the written text of a body, changed or not."""
        first, start = self.lines.position(text.start)
        line, column = text.lines.position(offset)
        return first + line - 1, column if line > 1 else start + column - 1

    def with_texts(self, texts: Sequence[EmbeddedText | None]) -> RequestFile:
        """The file with the bodies as they are in `texts`."""
        parts: list[str] = []
        moved = dict(enumerate(self.bodies))
        end = shift = 0
        changed = zip(self.bodies, texts, strict=True)
        pairs = [(body.text, new, index) for index, (body, new) in enumerate(changed)]
        for old, new, index in sorted(
            ((old, new, index) for old, new, index in pairs if old and new),
            key=lambda one: one[0].start,
        ):
            parts += [self.text[end : old.start], new.written]
            end = old.start + len(old.written)
            at = EmbeddedText(new.pieces, old.start + shift)
            moved[index] = evolve(self.bodies[index], text=at)
            shift += len(new.written) - len(old.written)
        text = "".join([*parts, self.text[end:]])
        return RequestFile(self.label, text, tuple(moved.values()), self.others)


def read_requests(content: bytes) -> RequestFile | None:
    """The bodies in a file of requests; None if it is another file, such as a payload."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    document = text.removeprefix("\ufeff").lstrip()
    if document[:1] in ("{", "["):
        return _read_document(text)
    if is_bruno(text):
        return _read_bruno(text)
    return _read_commands(text) if next(find_commands(text), None) else None


def _read_commands(text: str) -> RequestFile:
    bodies: list[RequestBody] = []
    others = number = 0
    for number, command in enumerate(read_commands(text), 1):
        body = command.body and command.body.with_unknown(UNKNOWN)
        if _is_for_this_api(command.url, body.text if body else ""):
            endpoint = _endpoint_of(command.url)
            bodies.append(RequestBody(f"command {number}", body, command.note, endpoint))
        else:
            others += 1
    if number == 1:
        bodies = [evolve(body, name="") for body in bodies]
    label = "a curl command" if number == 1 else "a file of curl commands"
    return RequestFile(label, text, tuple(bodies), others)


def _read_bruno(text: str) -> RequestFile:
    name, url, body, note = read_bruno(text)
    is_ours = _is_for_this_api(url, body.text if body else "")
    bodies = (RequestBody(name, body, note, _endpoint_of(url)),) if is_ours else ()
    return RequestFile("a request of Bruno", text, bodies, 1 - len(bodies))


def _read_document(text: str) -> RequestFile | None:
    # A byte order mark is not JSON, and takes no column.
    start = text.startswith("\ufeff")
    try:
        raw = json.loads(text[start:])
        found = None if is_body(raw) else _requests(raw)
        return None if found is None else _read_bodies(text, start, raw, *found)
    except (ValueError, RecursionError):
        return None


def _requests(raw: Json) -> tuple[str, list[Request]] | None:
    for form in FORMATS:
        requests = form.requests(raw)
        if requests is not None:
            return form.label, list(requests)
    return None


def _read_bodies(
    text: str, start: int, raw: Json, label: str, requests: list[Request]
) -> RequestFile:
    chosen = [one for one in requests if _is_for_this_api(one.url, _raw_text(raw, one.body))]
    spans = locate(text[start:], [one.body for one in chosen if one.body])
    bodies = (
        _request_body(text, start, one, spans[one.body] if one.body else None) for one in chosen
    )
    urls = (_endpoint_of(one.url) for one in chosen)
    placed = (evolve(body, endpoint=url) for body, url in zip(bodies, urls, strict=True))
    return RequestFile(label, text, tuple(placed), len(requests) - len(chosen))


def _raw_text(raw: Json, path: Path | None) -> str:
    """A body in a document as text; it may be an object there."""
    if path is None:
        return ""
    for step in path:
        raw = raw[step]
    return raw if isinstance(raw, str) else json.dumps(raw)


def _request_body(text: str, start: int, request: Request, span: Span | None) -> RequestBody:
    if span is None:
        return RequestBody(request.name, None, request.note)
    literal, at = text[start + span.value : start + span.end], start + span.value
    if not literal.startswith('"'):
        return RequestBody(request.name, EmbeddedText((Piece(literal, literal, str),), at))
    body = from_json(literal, at)
    if request.templates is None:
        return RequestBody(request.name, body)
    if body.text.startswith(EXPRESSION):
        body = body.without_start(len(EXPRESSION))
    body = body.with_unknown(request.templates)
    if PLACEHOLDER.fullmatch(body.text.strip()):
        return RequestBody(request.name, None, _COMPUTED)
    return RequestBody(request.name, body)


_COMPUTED: Final = "its body is a variable or an expression; check what it stands for"


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
