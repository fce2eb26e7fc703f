"""Real local sockets: refused connections, timeouts, certificates and proxies."""

from __future__ import annotations

import json
import select
import socket
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from inspect import signature
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest
import requests

from leadquery import Client, Leads
from leadquery.client.options import default_session
from leadquery.errors import TransportError
from tests.client.faulty_server import FaultyServer, faulty_server
from tests.client.raw_server import refusing_port

CERTIFICATE = Path(__file__).parent / "localhost.pem"


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    """A local server."""
    with faulty_server() as running:
        yield running


@pytest.fixture
def port() -> Iterator[int]:
    """A port that accepts calls and never responds."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


def local(port: int, timeout: tuple[float, float] = (5, 60)) -> Client:
    """A client of this machine, without retries."""
    host = f"http://127.0.0.1:{port}"
    return Client(host, "k-access", "k-secret", max_attempts=1, timeout=timeout)


def failed(client: Client) -> str:
    """The error of a call."""
    with pytest.raises(TransportError) as caught:
        client.count(Leads)
    return str(caught.value)


def test_a_refused_connection() -> None:
    with refusing_port() as port:
        assert failed(local(port)) == (
            f"<Client: 127.0.0.1:{port}>: no connection, or it was closed (ConnectionError); "
            "check that the host is right and that this machine can reach it"
        )


def test_a_late_response_times_out(port: int) -> None:
    assert failed(local(port, timeout=(5, 0.05))) == (
        f"<Client: 127.0.0.1:{port}>: no response in time (5 s to connect, 0.05 s to respond); "
        "request fewer rows at once, or wait longer: timeout=(5, 0.1)"
    )


def test_a_server_of_this_machine_without_a_certificate(port: int) -> None:
    """It is silent on https, so another try would be in vain."""
    client = Client(f"127.0.0.1:{port}", "k-access", "k-secret", timeout=(0.05, 0.05))

    with client, pytest.raises(TransportError) as caught:
        client.count(Leads)

    assert caught.value.attempts == 1
    assert str(caught.value) == (
        f"<Client: 127.0.0.1:{port}>: no response in time (0.05 s to connect, 0.05 s to respond); "
        f"write http://127.0.0.1:{port} for a server without a certificate, such as leadquery serve"
    )


class Counting(BaseHTTPRequestHandler):
    """A server or proxy that responds with a count."""

    def do_POST(self) -> None:
        """Report whether this is a proxy: those receive absolute URLs."""
        body = json.dumps({"TotalCount": int(self.path.startswith("/")), "Results": []})
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


def test_no_proxy_sees_the_keys_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain http is for this machine only, whatever the configured proxies."""
    with HTTPServer(("127.0.0.1", 0), Counting) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.handle_request)
        thread.start()
        with requests.Session() as session:
            host = f"http://localhost:{server.server_port}"
            counted = Client(host, "k-access", "k-secret", session).count(Leads)
        thread.join()

    assert counted == 1


def test_one_connection_serves_many_calls(server: FaultyServer) -> None:
    """It is closed with the client."""
    server.act = "fine"

    with Client(f"http://127.0.0.1:{server.server_port}", "k-access", "k-secret") as client:
        assert [client.count(Leads) for _ in range(3)] == [3, 3, 3]

    assert len({line for got in server.got[-3:] for line in got.splitlines()[:1]}) == 1
    assert len(server.connections) == 1


@pytest.fixture
def secure() -> Iterator[FaultyServer]:
    """A server with a self-signed certificate."""
    with faulty_server(CERTIFICATE) as running:
        yield running


def test_certificates_are_always_verified(secure: FaultyServer) -> None:
    """No option disables it."""
    client = Client(f"localhost:{secure.server_port}", "k-access", "k-secret")

    with client, pytest.raises(TransportError) as caught:
        client.count(Leads)

    assert (caught.value.attempts, secure.got) == (1, [])
    assert str(caught.value) == (
        f"<Client: localhost:{secure.server_port}>: no secure connection; the certificate is "
        f"not valid for this host; write http://localhost:{secure.server_port} for a server "
        "without a certificate, such as leadquery serve"
    )
    assert "verify" not in signature(Client).parameters


@pytest.mark.parametrize("auth", ["query", "headers"])
def test_a_company_may_have_its_own_certificates(
    secure: FaultyServer, auth: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An environment variable of requests names them."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    host = f"localhost:{secure.server_port}"

    with Client(host, "k-access", "k-secret", auth=auth) as client:
        assert client.count(Leads) == 3

    assert "k-access" in secure.got[0]
    assert "k-secret" in secure.got[0]


class Tunnel(BaseHTTPRequestHandler):
    """A proxy that supports CONNECT."""

    received: ClassVar[list[str]] = []

    def do_CONNECT(self) -> None:
        """Forward bytes in both directions until one side is silent."""
        self.received.append(f"{self.path} {self.headers}")
        host, _, port = self.path.partition(":")
        with socket.create_connection((host, int(port))) as there:
            self.send_response(200)
            self.end_headers()
            ends = {self.connection: there, there: self.connection}
            while True:
                ready, _, _ = select.select(list(ends), [], [], 5)
                pieces = [(one, one.recv(65_536)) for one in ready]
                if not all(piece for _, piece in pieces):
                    return
                for one, piece in pieces:
                    ends[one].sendall(piece)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


def test_a_proxy_does_not_see_the_keys(
    secure: FaultyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It forwards encrypted bytes."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with HTTPServer(("127.0.0.1", 0), Tunnel) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.server_port}")
        thread = Thread(target=proxy.handle_request)
        thread.start()
        with Client(f"localhost:{secure.server_port}", "k-access", "k-secret") as client:
            assert client.count(Leads) == 3
        thread.join()

    assert len(Tunnel.received) == 1
    assert "k-" not in Tunnel.received[0]
    assert "k-secret" in secure.got[0]


def test_other_calls_of_a_session_get_no_keys(server: FaultyServer) -> None:
    server.act = "fine"
    with default_session() as session:
        url = f"http://127.0.0.1:{server.server_port}/"

        assert session.post(url, data=b"{}").status_code == 200

    assert server.got[0].startswith("/\n")
    assert "key" not in server.got[0].lower()
