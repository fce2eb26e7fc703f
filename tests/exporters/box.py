"""The embedded API behind a socket of this machine, which keeps what arrives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from attrs import Factory, frozen

from leadquery.emulator import Emulator
from leadquery.wire.protocol import CONTENT_TYPE
from tests.exporters.queries import LEADS

ACCESS: Final = "u$r&a=b+c%20/d?e#f g"
SECRET: Final = "s'\"\\`$(id){{host}}é"  # noqa: S105 - it opens the box alone
"""Keys with all that a URL, a shell or a template could read."""


@frozen
class Arrived:
    """A call as it arrived."""

    path: str
    parameters: dict[str, list[str]]
    kind: str | None
    body: bytes


@frozen
class Said:
    """An answer that comes before those of the emulator; of a length that may not be its own."""

    body: bytes = b""
    status: int = 200
    kind: str = CONTENT_TYPE
    location: str | None = None
    length: int | None = None
    chunked: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """Its headers, of which one says where the body ends."""
        length = str(len(self.body) if self.length is None else self.length)
        end = {"Transfer-Encoding": "chunked"} if self.chunked else {"Content-Length": length}
        place = {} if self.location is None else {"Location": self.location}
        return {"Content-Type": self.kind, **place, **end}


@frozen
class Box:
    """Where it stands, and what arrived there."""

    host: str
    calls: list[Arrived] = Factory(list)
    says: list[Said] = Factory(list)
    """Answers that come before those of the emulator."""


@contextmanager
def opened() -> Iterator[Box]:
    """An emulator on a port of its own, with the leads of the queries."""
    with Emulator(LEADS, keys=[(ACCESS, SECRET)]).session() as session:
        calls: list[Arrived] = []
        says: list[Said] = []

        class Handler(BaseHTTPRequestHandler):
            """Hands each call on to the emulator."""

            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                """Keep what arrives, and answer."""
                url = urlsplit(self.path)
                body = self.rfile.read(int(self.headers["Content-Length"]))
                kind = self.headers["Content-Type"]
                calls.append(Arrived(url.path, parse_qs(url.query), kind, body))
                if says:
                    said = says.pop(0)
                    self.answer(said.status, said.headers, said.body)
                    return
                reply = session.post(
                    f"https://api.example.com{self.path}", body, headers={"Content-Type": kind}
                )
                end = {"Content-Length": str(len(reply.content))}
                self.answer(reply.status_code, {**reply.headers, **end}, reply.content)

            def answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
                """Send an answer."""
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
                self.close_connection = True

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
                """Say nothing."""

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            Thread(target=server.serve_forever, args=(0.02,)).start()
            yield Box(f"http://127.0.0.1:{server.server_port}", calls, says)
            server.shutdown()
