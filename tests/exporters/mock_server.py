"""The mock API on a port of this machine, which records the calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from attrs import Factory, frozen

from leadquery.emulator import Emulator
from leadquery.wire.enums import CONTENT_TYPE
from tests.exporters.queries import LEADS

ACCESS: Final = "u$r&a=b+c%20/d?e#f g"
SECRET: Final = "s'\"\\`$(id){{host}}é"  # noqa: S105 - it is for the mock server
"""Keys with all characters that mean something in a URL, a shell or a template."""
SIMPLE_ACCESS: Final = ACCESS.replace(" ", "")
"""The same, for clients that take a blank for the end of a key."""


@frozen
class ReceivedCall:
    """A call as it arrived."""

    path: str
    parameters: dict[str, list[str]]
    content_type: str | None
    body: bytes
    encoding: str | None = None


@frozen
class CannedResponse:
    """A response in place of the mock API's; its Content-Length may be wrong."""

    body: bytes = b""
    status: int = 200
    content_type: str = CONTENT_TYPE
    location: str | None = None
    length: int | None = None
    chunked: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """Its headers, with the length of the body."""
        length = str(len(self.body) if self.length is None else self.length)
        end = {"Transfer-Encoding": "chunked"} if self.chunked else {"Content-Length": length}
        location = {} if self.location is None else {"Location": self.location}
        return {"Content-Type": self.content_type, **location, **end}


@frozen
class MockServer:
    """Its URL, the calls it received, and responses to give first."""

    host: str
    calls: list[ReceivedCall] = Factory(list)
    responses: list[CannedResponse] = Factory(list)


@contextmanager
def run_server() -> Iterator[MockServer]:
    """A mock API on a free port, with the leads of the queries."""
    with Emulator(LEADS, keys=[(ACCESS, SECRET), (SIMPLE_ACCESS, SECRET)]).session() as session:
        calls: list[ReceivedCall] = []
        responses: list[CannedResponse] = []

        class Handler(BaseHTTPRequestHandler):
            """Passes each call on to the mock API."""

            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                """Record the call, and respond."""
                url = urlsplit(self.path)
                body = self.rfile.read(int(self.headers["Content-Length"]))
                content_type = self.headers["Content-Type"]
                encoding = self.headers["Accept-Encoding"]
                calls.append(
                    ReceivedCall(url.path, parse_qs(url.query), content_type, body, encoding)
                )
                if responses:
                    canned = responses.pop(0)
                    self.respond(canned.status, canned.headers, canned.body)
                    return
                response = session.post(
                    f"https://api.example.com{self.path}",
                    body,
                    headers={"Content-Type": content_type},
                )
                end = {"Content-Length": str(len(response.content))}
                self.respond(response.status_code, {**response.headers, **end}, response.content)

            def respond(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
                """Send a response."""
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
                self.close_connection = True

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
                """Log nothing."""

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            Thread(target=server.serve_forever, args=(0.02,)).start()
            yield MockServer(f"http://127.0.0.1:{server.server_port}", calls, responses)
            server.shutdown()
