"""A real local server with faults, which echoes what it received."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from operator import methodcaller
from pathlib import Path
from threading import Condition, Thread
from typing import Any, Final

from tests.client.scripted_server import ROWS
from tests.client.stub_server import error_body


class FaultyServer(ThreadingHTTPServer):
    """Plays the current act for every call, and records the calls."""

    daemon_threads = False
    act = "fine"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.got: list[str] = []
        self._arrival = Condition()
        self.connections: list[object] = []

    def process_request(self, request: Any, client_address: Any) -> None:
        """Count a new connection."""
        self.connections.append(client_address)
        super().process_request(request, client_address)

    def record(self, call: str) -> None:
        """Add a call to those that have arrived."""
        with self._arrival:
            self.got.append(call)
            self._arrival.notify_all()

    def wait_for_calls(self, number: int) -> None:
        """Wait until so many calls have arrived: a client may leave before its own has."""
        with self._arrival:
            assert self._arrival.wait_for(lambda: len(self.got) >= number, 30)

    def handle_error(self, *_: object) -> None:
        """Ignore clients that hang up."""


class Handler(BaseHTTPRequestHandler):
    """Answers as the act of the server says."""

    protocol_version = "HTTP/1.1"
    server: FaultyServer

    def do_POST(self) -> None:
        """Read the call, then act."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.record(f"{self.path}\n{self.headers}")
        REPLIES[self.server.act](self)

    def say(
        self,
        status: int,
        body: bytes,
        more: Mapping[str, str] | None = None,
        length: int | None = None,
    ) -> None:
        """Send a reply."""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in (more or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    @property
    def echo(self) -> str:
        """What it got, as a careless server repeats it."""
        keys = [self.headers.get(f"x-LSQ-{name}Key", "") for name in ("Access", "Secret")]
        return f"cannot answer http://{self.headers['Host']}{self.path} {' '.join(keys)}"

    def refuse(self, status: int) -> None:
        """Send the API's error body, with the whole call in it."""
        body = json.dumps(error_body("MXSomethingException", self.echo)).encode()
        self.say(status, body, {"Location": f"http://localhost:1{self.path}"})

    def hang_up(self) -> None:
        """Cut the line."""
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


def _cut(handler: Handler) -> None:
    handler.say(200, ROWS[:20], length=len(ROWS))
    handler.hang_up()


def _no_status(handler: Handler) -> None:
    handler.wfile.write(f"{handler.path} what\r\n\r\n".encode())
    handler.hang_up()


REPLIES: Final[dict[str, Callable[[Handler], object]]] = {
    "fine": lambda it: it.say(200, ROWS),
    **{
        str(status): methodcaller("refuse", status)
        for status in (200, 302, 400, 401, 404, 405, 429, 500, 503)
    },
    "silent 503": lambda it: it.say(503, b""),
    "not JSON": lambda it: it.say(200, it.echo.encode()),
    "no status": _no_status,
    "bad header": lambda it: it.say(500, b"", {f"a b {it.echo}": "c"}),
    "dropped": Handler.hang_up,
    "cut": _cut,
    "late": lambda it: it.connection.recv(1),  # It says nothing until the client leaves.
}


@contextmanager
def faulty_server(certificate: Path | None = None) -> Iterator[FaultyServer]:
    """A server that runs meanwhile, with TLS where it has a certificate."""
    with FaultyServer() as server:
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()
