"""The door, as an adapter of requests: calls are answered in the process."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Final, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from requests import PreparedRequest, Response, Session
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers

from leadquery.emulator.door import Call, Reply

SCHEMES: Final = ("https://", "http://")


def session(door: Callable[[Call], Reply]) -> Session:
    """A session whose every call goes to a door."""
    made = DoorSession()
    made.trust_env = False
    for scheme in SCHEMES:
        made.mount(scheme, DoorAdapter(door))
    return made


class DoorSession(Session):
    """A session that opens no socket, so that a client sets no pace for it."""

    in_process = True


class DoorAdapter(BaseAdapter):
    """Takes calls to a door."""

    def __init__(self, door: Callable[[Call], Reply]) -> None:
        super().__init__()
        self._door = door

    def send(self, request: PreparedRequest, *_: object, **__: object) -> Response:
        """The door's reply. There is no wire for the other arguments to act on."""
        reply = self._door(_call(request))
        response = Response()
        response.status_code = reply.status.value
        response.reason = reply.status.phrase
        response.headers = CaseInsensitiveDict(reply.headers)
        response.encoding = get_encoding_from_headers(response.headers)
        response.raw = BytesIO(reply.body)
        response.request = request
        response.url = request.url or ""
        return response

    def close(self) -> None:
        """There is nothing to close."""


def _call(request: PreparedRequest) -> Call:
    url = urlsplit(request.url or "")
    return Call(
        method=request.method or "",
        path=unquote(url.path),
        query=tuple(parse_qsl(url.query, keep_blank_values=True)),
        headers={name: _text(value) for name, value in request.headers.items()},
        body=_bytes(request.body),
    )


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")


def _bytes(body: object) -> bytes:
    """A body that requests has prepared: text, bytes, a file or parts."""
    if body is None or isinstance(body, (str, bytes)):
        return body.encode() if isinstance(body, str) else body or b""
    read = getattr(body, "read", None)
    parts = cast("Iterable[str | bytes]", [read()] if read else body)
    return b"".join(part.encode() if isinstance(part, str) else part for part in parts)
