"""The mock API as a WSGI application: for `httpx.WSGITransport`, and for any server of WSGI.

It also has what the real API has not: the journal of requests, and the headers with which a
browser lets pages of other origins call it (CORS).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from math import inf
from typing import Any, Final
from urllib.parse import parse_qsl

import attrs

from leadquery._util.text import describe_json
from leadquery.emulator.app import ApiRequest, ApiResponse, error_response
from leadquery.emulator.journal import JOURNAL_PATH, Journal
from leadquery.emulator.storage import iterate
from leadquery.emulator.transport import ConnectionLostError, Handle
from leadquery.errors import QueryError
from leadquery.wire.enums import ACCESS_KEY_HEADER, SECRET_KEY_HEADER

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
