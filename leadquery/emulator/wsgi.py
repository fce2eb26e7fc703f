"""The mock API as a WSGI application: for `httpx.WSGITransport`, and for any server of WSGI.

It also has what the real API has not: the journal of requests, and the headers with which a
browser lets pages of other origins call it (CORS).
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from math import inf
from threading import Lock
from typing import Any, Final
from urllib.parse import parse_qsl

import attrs

from leadquery._util.text import describe_json
from leadquery.emulator.app import ApiRequest, ApiResponse, error_response, json_response
from leadquery.emulator.storage import iterate
from leadquery.emulator.transport import ConnectionLostError, Handle
from leadquery.errors import QueryError
from leadquery.lint.check import check
from leadquery.wire.endpoints import Endpoint
from leadquery.wire.enums import ACCESS_KEY_HEADER, SECRET_KEY_HEADER

JOURNAL_PATH: Final = "/__admin/requests"
"""As in WireMock."""

MAX_REQUESTS: Final = 1_000
"""The most requests to keep. Earlier ones are only counted."""

MAX_BODY: Final = 1 << 18
"""Bytes of the longest body to keep."""

MIN_KEY: Final = 8
"""Characters of a key that is removed wherever it is; a shorter one may be a part of any word."""

REDACTED: Final = "[redacted]"

_REPORT_PATHS: Final = {endpoint.path for endpoint in Endpoint}

_redact_parameters = re.compile(r"((?:access|secret)[_-]?key)=[^&\s]*", re.IGNORECASE).sub

_redact_members = re.compile(
    r'("[\w-]*(?:access|secret)[_-]?key"\s*:\s*)("(?:[^"\\]|\\.)*"|[^\s,}\]]+)', re.IGNORECASE
).sub


@attrs.frozen
class _Entry:
    request: ApiRequest
    status: HTTPStatus | None
    is_whole: bool
    """Whether the request has its body, which is not kept if it is long."""

    def to_json(self) -> dict[str, Any]:
        """The entry as a JSON object."""
        path = self.request.path
        text = self._redact(self.request.body.decode("utf-8", "replace"))
        is_report = path in _REPORT_PATHS
        return {
            "method": self.request.method,
            "path": self._redact(path),
            "status": None if self.status is None else self.status.value,
            "payload": _parse(text) if text else None,
            "diagnostics": _diagnostics(text) if self.is_whole and is_report else [],
        }

    def _redact(self, text: str) -> str:
        text = _redact_parameters(rf"\1={REDACTED}", text)
        text = _redact_members(rf'\1"{REDACTED}"', text)
        for key in self.request.keys:
            if key and len(key) >= MIN_KEY:
                text = text.replace(key, REDACTED).replace(json.dumps(key)[1:-1], REDACTED)
        return text


class Journal:
    """The requests that arrived, in the order of their responses. Threads may share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._entries: deque[_Entry] = deque(maxlen=MAX_REQUESTS)
        self._total = 0

    def add(self, request: ApiRequest, status: HTTPStatus | None) -> None:
        """Add a request; its status is None if it got no response."""
        is_whole = len(request.body) <= MAX_BODY
        kept = request if is_whole else attrs.evolve(request, body=b"")
        with self._lock:
            self._total += 1
            self._entries.append(_Entry(kept, status, is_whole))

    def handle(self, request: ApiRequest) -> ApiResponse:
        """The response to a request of `JOURNAL_PATH`: GET lists, and DELETE forgets."""
        if request.method == "GET":
            with self._lock:
                entries, total = [*self._entries], self._total
            requests = [entry.to_json() for entry in entries]
            return json_response(HTTPStatus.OK, {"requests": requests, "meta": {"total": total}})
        if request.method == "DELETE":
            with self._lock:
                self._entries.clear()
                self._total = 0
            return json_response(HTTPStatus.OK, {})
        return error_response(
            "this method is not allowed; write GET to list the requests, or DELETE to forget them",
            HTTPStatus.METHOD_NOT_ALLOWED,
            headers={"Allow": "GET, DELETE"},
        )


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _diagnostics(text: str) -> list[dict[str, Any]]:
    """What `check` reports, with the keys of `leadquery check --format json`."""
    without_fix = attrs.filters.exclude("fix")
    return [attrs.asdict(diagnostic, filter=without_fix) for diagnostic in check(text)]


ANY_ORIGIN: Final = "*"

_match_origin = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#\s]+").fullmatch

PREFLIGHT_HEADERS: Final = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": f"Content-Type, {ACCESS_KEY_HEADER}, {SECRET_KEY_HEADER}",
    "Access-Control-Max-Age": "600",
}
"""What a page of an allowed origin may send."""


class WsgiApp:
    """A WSGI application that handles requests, and writes them into a journal.

    Pages of the origins in `cors` may call it from a browser. Raises ConnectionLostError for a
    fault that loses the connection, and QueryError for an invalid origin.
    """

    def __init__(self, handle: Handle, cors: Iterable[str] = ()) -> None:
        self._handle = handle
        self._origins = parse_origins(cors)
        self._journal = Journal()

    def __call__(
        self, environ: Mapping[str, Any], start_response: Callable[..., object]
    ) -> Iterable[bytes]:
        """The body of the response. (PEP 3333)"""
        request = _to_api_request(environ)
        response = self._add_cors(request, self._respond(request))
        status = f"{response.status.value} {response.status.phrase}"
        start_response(status, [*response.headers.items()])
        return [response.body]

    def _respond(self, request: ApiRequest) -> ApiResponse:
        if request.method == "OPTIONS" and request.header("Access-Control-Request-Method"):
            return self._preflight(request.header("Origin") or "null")
        if request.path == JOURNAL_PATH:
            return self._journal.handle(request)
        try:
            response = self._handle(request, inf)
        except ConnectionLostError:
            self._journal.add(request, None)
            raise
        self._journal.add(request, response.status)
        return response

    def _preflight(self, origin: str) -> ApiResponse:
        if self._allows(origin):
            return ApiResponse(HTTPStatus.NO_CONTENT, PREFLIGHT_HEADERS, b"")
        return error_response(
            f"pages of {describe_json(origin)} may not call the mock API; "
            f"write leadquery serve --cors {origin}",
            HTTPStatus.FORBIDDEN,
        )

    def _allows(self, origin: str) -> bool:
        return not self._origins.isdisjoint((ANY_ORIGIN, origin.lower()))

    def _add_cors(self, request: ApiRequest, response: ApiResponse) -> ApiResponse:
        """The response with the headers that let a page of another origin read it."""
        origin = request.header("Origin")
        if origin is None or not self._allows(origin):
            return response
        headers = {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Expose-Headers": "Content-Disposition, Date",
            "Vary": "Origin",
        }
        return attrs.evolve(response, headers={**response.headers, **headers})


def parse_origins(origins: Iterable[str]) -> frozenset[str]:
    """The origins in lower case. Raises QueryError for one that no browser sends."""
    hint = "cors= takes a list of origins; write ['http://localhost:3000']"
    if isinstance(origins, str):
        raise QueryError(f"{describe_json(origins)} is not a list; {hint}")
    return frozenset(map(parse_origin, iterate(origins, hint)))


def parse_origin(origin: str) -> str:
    """An origin in lower case. Raises QueryError for one that no browser sends."""
    lower = origin.lower() if isinstance(origin, str) else ""
    if lower in (ANY_ORIGIN, "null") or _match_origin(lower):
        return lower
    raise QueryError(
        f"{describe_json(origin)} is not an origin; write a scheme, a host and a port, as in "
        f"'http://localhost:3000', or {ANY_ORIGIN!r} for any page"
    )


def _to_api_request(environ: Mapping[str, Any]) -> ApiRequest:
    headers = {
        name.removeprefix("HTTP_").replace("_", "-"): value
        for name, value in environ.items()
        if name.startswith("HTTP_") or name == "CONTENT_TYPE"
    }
    return ApiRequest(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"),
        query=tuple(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)),
        headers=headers,
        body=_read_body(environ),
    )


def _read_body(environ: Mapping[str, Any]) -> bytes:
    """The body. Only some servers end the stream where the body ends."""
    is_chunked = "HTTP_TRANSFER_ENCODING" in environ
    length = -1 if is_chunked else int(environ.get("CONTENT_LENGTH") or 0)
    body: bytes = environ["wsgi.input"].read(length)
    return body
