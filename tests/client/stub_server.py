"""A transport with responses that no emulator sends: broken ones, and none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO

import requests
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from leadquery import Client

ACCESS = "u$r+access/key=="
SECRET = "secret key"  # noqa: S105 - of nobody


def response_of(
    request: PreparedRequest, status: int, body: bytes, headers: Mapping[str, str] | None = None
) -> Response:
    """A response of requests."""
    response = Response()
    response.status_code = status
    response.raw = BytesIO(body)
    response.request = request
    response.url = request.url or ""
    response.headers.update(headers or {})
    return response


class StubServer(BaseAdapter):
    """Responds to each call with one status and body, or raises one error."""

    def __init__(self, status: int, body: bytes, error: Exception | None = None) -> None:
        super().__init__()
        self.calls: list[PreparedRequest] = []
        self._status = status
        self._body = body
        self._error = error

    def send(self, request: PreparedRequest, *_: object, **__: object) -> Response:
        self.calls.append(request)
        if self._error is not None:
            raise self._error
        headers = {"Location": "https://elsewhere.example.com/"}
        return response_of(request, self._status, self._body, headers)

    def close(self) -> None:
        """There is nothing to close."""


def client_of(wire: BaseAdapter) -> Client:
    """A client without rate limit and retries."""
    session = requests.Session()
    session.mount("https://", wire)
    return Client("api.example.com", ACCESS, SECRET, session, rate=None, max_attempts=1)


def client_with_response(status: int = 200, body: object = None) -> Client:
    """A client that gets this status and body; other values become JSON."""
    return client_of(
        StubServer(status, body if isinstance(body, bytes) else json.dumps(body).encode())
    )


def client_with_error(error: Exception) -> Client:
    """A client whose calls raise an error."""
    return client_of(StubServer(0, b"", error))


def error_body(exception_type: object = None, message: object = None) -> dict[str, object]:
    """The API's error body."""
    return {"Status": "Error", "ExceptionType": exception_type, "ExceptionMessage": message}
