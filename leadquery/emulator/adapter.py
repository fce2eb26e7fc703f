"""The wire, as an adapter of requests: calls are answered in the process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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

from leadquery.emulator.faults import Fault
from leadquery.emulator.messages import ApiRequest
from leadquery.emulator.transport import (
    ConnectionLostError,
    DroppedError,
    RefusedError,
    TimedOutError,
    Transport,
)

SCHEMES: Final = ("https://", "http://")


class EmulatorSession(Session):
    """A session whose every call goes over a wire that is in this process.

    `unpaced` tells a client that no call need wait for its turn: true unless the emulator has a
    limit. `happened` holds what went wrong with each call so far, None where nothing did.
    """

    def __init__(self, wire: Transport, *, unpaced: bool) -> None:
        super().__init__()
        self.trust_env = False
        self.unpaced = unpaced
        self._wire = wire
        for scheme in SCHEMES:
            self.mount(scheme, EmulatorAdapter(wire))

    @property
    def happened(self) -> tuple[Fault | None, ...]:
        """What went wrong with each call so far."""
        return tuple(self._wire.happened)


class EmulatorAdapter(HTTPAdapter):
    """Takes calls to a wire. What is lost on it is lost as on a real one, with the same errors."""

    def __init__(self, wire: Transport) -> None:
        super().__init__()
        self._wire = wire

    def send(self, request: PreparedRequest, *given: Any, **named: Any) -> Response:
        """The reply to a call. Of the other arguments, the timeout for reading counts."""
        patience = _patience(given[1] if len(given) > 1 else named.get("timeout"))
        try:
            reply = self._wire.carry(_call(request), patience)
        except ConnectionLostError as error:
            raise _map_error(error, request, patience) from None
        raw = HTTPResponse(
            BytesIO(reply.body),
            reply.headers,
            reply.status.value,
            reason=reply.status.phrase,
            preload_content=False,
            request_method=request.method,
        )
        return self.build_response(request, raw)


def _patience(timeout: Any) -> float:
    """The seconds that a caller waits for a reply, in the forms that requests takes."""
    reading = timeout[1] if isinstance(timeout, tuple) else timeout
    seconds = getattr(reading, "read_timeout", reading)
    return inf if seconds is None else float(seconds)


def _map_error(
    error: ConnectionLostError, request: PreparedRequest, patience: float
) -> RequestException:
    """What requests raises; its texts hold the URL where the real ones do."""
    pool, url = connection_from_url(request.url or ""), request.path_url
    if isinstance(error, RefusedError):
        refused = NewConnectionError(cast("Any", pool), "[Errno 111] Connection refused")
        return NoConnection(MaxRetryError(pool, url, refused), request=request)
    if isinstance(error, TimedOutError):
        said = f"Read timed out. (read timeout={patience:g})"
        return ReadTimeout(ReadTimeoutError(pool, url, said), request=request)
    assert isinstance(error, DroppedError)  # noqa: S101 - there are no others
    closed = RemoteDisconnected("Remote end closed connection without response")
    return NoConnection(ProtocolError("Connection aborted.", closed), request=request)


def _call(request: PreparedRequest) -> ApiRequest:
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
    """The body of a call in the forms that requests prepares: text, bytes, a file or parts.

    A file or parts can be read but once.
    """
    body: object = request.body
    if body is None or isinstance(body, (str, bytes)):
        return body.encode() if isinstance(body, str) else body or b""
    read = getattr(body, "read", None)
    parts = cast("Iterable[str | bytes]", [read()] if read else body)
    return b"".join(part.encode() if isinstance(part, str) else part for part in parts)
