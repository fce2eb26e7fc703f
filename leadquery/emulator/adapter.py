"""The mock API as a `requests` adapter, in the process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from http.client import RemoteDisconnected
from io import BytesIO
from math import inf
from typing import Any, Final, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectionError as NoConnection, ReadTimeout, RequestException
from urllib3 import HTTPResponse, connection_from_url
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError, ReadTimeoutError

from leadquery.emulator.app import ApiRequest
from leadquery.emulator.faults import Fault
from leadquery.emulator.transport import (
    ConnectionLostError,
    Handle,
    RefusedError,
    TimedOutError,
    Transport,
)
from leadquery.fields import ProspectID
from leadquery.query.leads import LeadSet
from leadquery.query.query import Query
from leadquery.result import Result
from leadquery.result.empty import with_notes
from leadquery.wire.enums import ROWS, TOTAL

SCHEMES: Final = ("https://", "http://")


class EmulatorSession(Session):
    """A session whose calls all go to the mock API in this process.

    `unpaced` tells a client that no call needs to wait for its turn: true unless the mock API has
    a limit. `unwatched` tells it that it cannot see whether leads change while it counts them: true
    if some have no CreatedOn, which those of an account have. `is_mock` tells it that nothing is
    assumed of the API.
    """

    # The fixture gives these to other sessions, as properties.
    unpaced = True
    unwatched = False
    is_mock = True

    def __init__(
        self,
        transport: Transport,
        respond: Callable[[object], dict[str, Any]],
        *,
        unpaced: bool,
        unwatched: bool,
    ) -> None:
        super().__init__()
        self._respond = respond
        self.trust_env = False
        self.unpaced = unpaced
        self.unwatched = unwatched
        self._transport = transport
        for scheme in SCHEMES:
            self.mount(scheme, EmulatorAdapter(transport.handle))

    def explain_empty(self, result: Result, query: Query) -> Result:
        """The result, with the reasons if it is empty. No request is sent for them."""

        def count(leads: LeadSet) -> int:
            one = leads.select(ProspectID).page(1, 1)
            return int(self._respond(one.to_payload())[TOTAL])

        def values(grouped: Query) -> list[Any]:
            rows = self._respond(grouped.to_payload())[ROWS]
            return [row[grouped.output.columns[0]] for row in rows]

        return with_notes(result, query, count, values)

    @property
    def fault_log(self) -> tuple[Fault | None, ...]:
        """The fault of each call so far, None for a call without one."""
        return tuple(self._transport.fault_log)


class EmulatorAdapter(HTTPAdapter):
    """Handles requests in this process. A lost connection raises the same errors as a real one."""

    is_local = True
    """No request leaves the process: it may hold the keys."""

    def __init__(self, handle: Handle) -> None:
        super().__init__()
        self._handle = handle

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """The response to a request. Of the other arguments, only the read timeout counts."""
        timeout = _read_timeout(args[1] if len(args) > 1 else kwargs.get("timeout"))
        try:
            response = self._handle(_to_api_request(request), timeout)
        except ConnectionLostError as error:
            raise _map_error(error, request, timeout) from None
        raw = HTTPResponse(
            BytesIO(response.body),
            response.headers,
            response.status.value,
            reason=response.status.phrase,
            preload_content=False,
            request_method=request.method,
        )
        return self.build_response(request, raw)


def _read_timeout(timeout: Any) -> float:
    """The seconds to wait for a response, from any form that requests takes."""
    reading = timeout[1] if isinstance(timeout, tuple) else timeout
    seconds = getattr(reading, "read_timeout", reading)
    return inf if seconds is None else float(seconds)


def _map_error(
    error: ConnectionLostError, request: PreparedRequest, timeout: float
) -> RequestException:
    """The error that requests raises. Its text holds the URL where the real one does."""
    pool, url = connection_from_url(request.url or ""), request.path_url
    if isinstance(error, RefusedError):
        refused = NewConnectionError(cast("Any", pool), "[Errno 111] Connection refused")
        return NoConnection(MaxRetryError(pool, url, refused), request=request)
    if isinstance(error, TimedOutError):
        message = f"Read timed out. (read timeout={timeout:g})"
        return ReadTimeout(ReadTimeoutError(pool, url, message), request=request)
    closed = RemoteDisconnected("Remote end closed connection without response")
    return NoConnection(ProtocolError("Connection aborted.", closed), request=request)


def _to_api_request(request: PreparedRequest) -> ApiRequest:
    url = urlsplit(request.url or "")
    return ApiRequest(
        method=request.method or "",
        path=unquote(url.path),
        query=tuple(parse_qsl(url.query, keep_blank_values=True)),
        headers=_headers(request.headers),
        body=body_of(request),
    )


def _headers(headers: Mapping[str, str | bytes]) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else value.decode("latin-1")
        for name, value in headers.items()
    }


def body_of(request: PreparedRequest) -> bytes:
    """The body in any form that requests prepares: text, bytes, a file or parts.

    A file or parts can be read only once.
    """
    body: object = request.body
    if body is None or isinstance(body, (str, bytes)):
        return body.encode() if isinstance(body, str) else body or b""
    read = getattr(body, "read", None)
    parts = cast("Iterable[str | bytes]", [read()] if read else body)
    return b"".join(part.encode() if isinstance(part, str) else part for part in parts)
