"""A server that follows a script: one act for each call; the last one repeats."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

import requests
from attrs import field, frozen
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from leadquery import Client
from tests.client.clocks import InstantClock
from tests.client.stub_server import ACCESS, SECRET, error_body, response_of

RATE = "MXAPIRateLimitExceededException"
INPUT = "MXInvalidInputException"
ROWS = json.dumps({"TotalCount": "3", "Results": [{"Score": "1"}]}).encode()


@frozen
class Reply:
    """A response or an error; `cut` truncates the body."""

    status: int = 200
    body: bytes = ROWS
    headers: Mapping[str, str] = field(factory=dict)
    error: Exception | None = None
    cut: int | None = None
    takes: float = 0.0


def error_response(
    status: int, exception_type: object = None, message: object = None, **headers: str
) -> Reply:
    """A reply with the API's error body."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, json.dumps(error_body(exception_type, message)).encode(), named)


class Cut(BytesIO):
    """A body that breaks off."""

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        if not piece:
            raise requests.exceptions.ChunkedEncodingError("Connection broken")
        return piece


class Script(BaseAdapter):
    """Plays its acts, and records the calls."""

    def __init__(self, *acts: Reply, clock: InstantClock | None = None) -> None:
        super().__init__()
        self.calls: list[PreparedRequest] = []
        self.clock = clock or InstantClock()
        self._acts = self._played(acts)

    def send(self, request: PreparedRequest, *_: object, **__: object) -> Response:
        self.calls.append(request)
        act = next(self._acts)
        self.clock.sleep(act.takes)
        if act.error is not None:
            raise act.error
        response = response_of(request, act.status, act.body, act.headers)
        if act.cut is not None:
            response.raw = Cut(act.body[: act.cut])
        return response

    def close(self) -> None:
        """Nothing to close."""

    @staticmethod
    def _played(acts: tuple[Reply, ...]) -> Iterator[Reply]:
        yield from acts
        while True:
            yield acts[-1]


def client_of(script: Script, **options: Any) -> Client:
    """A client whose calls go to a script, with its clock."""
    session = requests.Session()
    session.mount("https://", script)
    wanted = {"rate": None, "clock": script.clock, **options}
    return Client("api.example.com", ACCESS, SECRET, session, **wanted)
