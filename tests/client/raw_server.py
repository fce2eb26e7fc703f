"""A server that sends bytes as a test writes them, valid HTTP or not."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import Any

Respond = Callable[[socket.socket, bytes], object]
"""Gets the connection and the request."""


class RawServer:
    """Reads requests and responds to each; closes the connection when `respond` returns."""

    def __init__(self, respond: Respond, *, tls: Any = None) -> None:
        self.respond = respond
        self.requests: list[bytes] = []
        self.stopped = Event()
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self._thread = Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self.stopped.set()
        # Wakes `accept`.
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        threads = []
        while True:
            connection, _ = self._listener.accept()
            if self.stopped.is_set():
                connection.close()
                break
            threads.append(Thread(target=self._handle, args=(connection,)))
            threads[-1].start()
        for thread in threads:
            thread.join()

    def _handle(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.settimeout(5)
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            request = read_request(connection)
            if request:
                self.requests.append(request)
                self.respond(connection, request)


@contextmanager
def refusing_port() -> Iterator[int]:
    """A port that nobody listens on, nor can in this block."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def read_request(connection: socket.socket) -> bytes:
    request = b""
    while b"\r\n\r\n" not in request:
        piece = connection.recv(65_536)
        if not piece:
            return b""
        request += piece
    head, _, body = request.partition(b"\r\n\r\n")
    lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    length = int(lengths[0].partition(b":")[2]) if lengths else 0
    while len(body) < length:
        piece = connection.recv(65_536)
        if not piece:
            return b""
        body += piece
    return head + b"\r\n\r\n" + body


@contextmanager
def raw_server(respond: Respond | bytes, *, tls: Any = None) -> Iterator[RawServer]:
    """A server that runs in this block; bytes are sent as they are."""
    content = respond

    def send(connection: socket.socket, _: bytes) -> None:
        assert isinstance(content, bytes)
        connection.sendall(content)

    server = RawServer(send if isinstance(respond, bytes) else respond, tls=tls)
    try:
        yield server
    finally:
        server.close()
