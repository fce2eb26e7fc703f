"""Real sockets of this machine: nobody there, no answer, and a proxy in between."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
import requests

from leadquery import Client, Leads
from leadquery.errors import ConnectionFailedError


@pytest.fixture
def port() -> Iterator[int]:
    """A port of this machine that takes calls and never answers."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


def local(port: int, timeouts: tuple[float, float] = (5, 60)) -> Client:
    """A client of this machine that asks once."""
    host = f"http://127.0.0.1:{port}"
    return Client(host, "k-access", "k-secret", attempts=1, timeouts=timeouts)


def failed(client: Client) -> str:
    """What a call that brings no answer says."""
    with pytest.raises(ConnectionFailedError) as caught:
        client.count(Leads)
    return str(caught.value)


def test_a_refused_connection() -> None:
    """Nobody listens on the port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]

    assert failed(local(port)) == (
        f"<Client: 127.0.0.1:{port}>: no connection, or it was cut off (ConnectionError); "
        "see that the host is right and can be reached from here"
    )


def test_an_answer_that_does_not_come(port: int) -> None:
    """The wait has an end."""
    assert failed(local(port, timeouts=(5, 0.05))) == (
        f"<Client: 127.0.0.1:{port}>: no answer in time (5 s to connect, 0.05 s to answer); "
        "ask for less at once, or wait longer: timeouts=(5, 0.1)"
    )


class Counting(BaseHTTPRequestHandler):
    """Counts every lead as one; it is a server or a proxy, as it is asked."""

    def do_POST(self) -> None:
        """The answer tells whether this is a proxy: those are asked for whole URLs."""
        body = json.dumps({"TotalCount": int(self.path.startswith("/")), "Results": []})
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


def test_no_proxy_sees_the_keys_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    """An http host is for this machine alone, whatever proxies the environment names."""
    with HTTPServer(("127.0.0.1", 0), Counting) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{server.server_port}")
        Thread(target=server.handle_request).start()
        with requests.Session() as session:
            host = f"http://localhost:{server.server_port}"
            counted = Client(host, "k-access", "k-secret", session).count(Leads)

    assert counted == 1
