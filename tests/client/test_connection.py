"""Connections add the keys below everything that observes calls, and keep the deadline."""

from __future__ import annotations

import gc
import gzip
import json
import os
import socket
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread
from types import FrameType
from typing import Any

import pytest
import requests
import urllib3
from requests.adapters import HTTPAdapter

from leadquery import Client, Leads
from leadquery.client import response
from leadquery.client.auth import AuthMethod
from leadquery.client.connections import _inherited
from leadquery.errors import (
    ApiError,
    ApiStatusError,
    InvalidResponseError,
    MissingDependencyError,
    QueryError,
    RequestTimeoutError,
    ServerError,
    TransportError,
)
from leadquery.fields import Score
from tests.client.clocks import SkippingClock
from tests.client.faulty_server import FaultyServer, faulty_server
from tests.client.raw_server import raw_server, refusing_port
from tests.client.scripted_server import ROWS

ACCESS, SECRET = "u$access+key", "secret/key"
OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(ROWS) + ROWS

MAX_SECONDS = 8
"""Seconds that a busy machine may take to notice a deadline. Without one these tests take 20."""


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with faulty_server() as running:
        yield running


def local_client(port: int, session: requests.Session | None = None, **options: Any) -> Client:
    wanted = {"rate": None, "max_attempts": 1, "timeout": (30, 30), **options}
    return Client(f"http://127.0.0.1:{port}", ACCESS, SECRET, session, **wanted)


def error_of(client: Client) -> ApiError:
    with client, pytest.raises(ApiError) as caught:
        client.count(Leads)
    return caught.value


@pytest.mark.parametrize("auth", ["query", "headers"])
@pytest.mark.parametrize("own", [True, False])
def test_observers_of_a_call_see_no_key(
    server: FaultyServer, auth: AuthMethod, own: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hooks, adapters, pools, http.client and audit hooks, also in a session of your own."""
    seen: list[str] = []
    watched = [True]
    putrequest, putheader = HTTPConnection.putrequest, HTTPConnection.putheader

    def watch_request(self: Any, *args: Any, **kwargs: Any) -> None:
        seen.append(f"{args}")
        putrequest(self, *args, **kwargs)

    def watch_header(self: Any, *args: Any) -> None:
        seen.append(f"{args}")
        putheader(self, *args)

    monkeypatch.setattr(HTTPConnection, "putrequest", watch_request)
    monkeypatch.setattr(HTTPConnection, "putheader", watch_header)
    # An audit hook cannot be removed.
    sys.addaudithook(lambda *event: seen.append(f"{event}") if watched[0] else None)
    session = requests.Session() if own else None
    if session:
        session.hooks["response"].append(
            lambda response, **_: seen.append(f"{response.request.url}{response.request.headers}")
        )

    with local_client(server.server_port, session, auth=auth) as client:
        assert [client.count(Leads) for _ in range(2)] == [3, 3]
    watched[0] = False

    assert "FilterByLeadField" in "".join(seen)
    assert "access" not in "".join(seen)
    assert SECRET not in "".join(seen)
    assert all("access" in request for request in server.got)


def test_a_session_that_was_used_before_adds_keys(server: FaultyServer) -> None:
    """Its open connections are replaced; later calls by hand get no keys."""
    with requests.Session() as session:
        url = f"http://127.0.0.1:{server.server_port}/"
        session.post(url, data=b"{}")

        assert local_client(server.server_port, session).count(Leads) == 3
        session.post(url, data=b"{}")

    assert ["access" in request for request in server.got] == [False, True, False]


def test_later_errors_of_a_session_are_left_alone() -> None:
    """What the server sent then is not redacted."""
    with raw_server(f"{SECRET}\r\n".encode()) as server, requests.Session() as session:
        error_of(local_client(server.port, session))
        with pytest.raises(requests.ConnectionError, match=f"BadStatusLine.*{SECRET}"):
            session.post(f"http://127.0.0.1:{server.port}/", data=b"{}")


def test_each_call_through_a_proxy_is_signed(server: FaultyServer) -> None:
    """The server is a proxy here; the second call takes the connection of the first."""
    with requests.Session() as session:
        session.proxies["http://127.0.0.1"] = f"http://127.0.0.1:{server.server_port}"
        client = Client("http://127.0.0.1:9", ACCESS, SECRET, session, rate=None)

        assert [client.count(Leads) for _ in range(2)] == [3, 3]

    assert len(server.connections) == 1
    assert all(request.startswith("http://127.0.0.1:9/") for request in server.got)
    assert ["access" in request for request in server.got] == [True, True]


class SlowAdapter(HTTPAdapter):
    def send(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return super().send(request, *args, **kwargs)


def test_an_adapter_that_sends_by_itself_is_warned_about(server: FaultyServer) -> None:
    """It may not use a socket, so the request is signed before."""
    session = requests.Session()
    session.mount("http://", SlowAdapter())

    with pytest.warns(UserWarning, match=r"session's SlowAdapter has a send\(\) of its own"):
        assert local_client(server.server_port, session).count(Leads) == 3
    session.close()

    assert "access" in server.got[0]


def test_netrc_is_not_read(
    server: FaultyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its passwords are for other programs."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something\n", "utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    session = requests.Session()
    assert session.prepare_request(
        requests.Request("GET", f"http://127.0.0.1:{server.server_port}/")
    ).headers["Authorization"]

    with local_client(server.server_port, session) as client:
        assert client.count(Leads) == 3

    assert "Authorization" not in server.got[0]


def test_urllib3_future_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that takes the place of urllib3 has other connections."""
    monkeypatch.setattr(urllib3, "AsyncPoolManager", object, raising=False)

    with pytest.raises(MissingDependencyError, match="replaced by urllib3-future"):
        local_client(1)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_process_opens_connections_of_its_own() -> None:
    """Both processes would read the other's responses."""

    def echo(connection: socket.socket, first: bytes) -> None:
        request = first
        while request:
            body = json.loads(request.partition(b"\r\n\r\n")[2])
            value = body["ReportFilter"]["LeadFilters"][0]["LookUpValue"]
            reply = json.dumps({"TotalCount": value, "Results": []}).encode()
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(reply) + reply
            )
            request = connection.recv(65_536)
            if request.endswith(b"\r\n\r\n"):
                request += connection.recv(65_536)

    with raw_server(echo) as server, local_client(server.port) as client:
        client.count(Leads.where(Score == 7))
        child = os.fork()
        mine = 1_000 if child else 2_000
        try:
            wrong = sum(client.count(Leads.where(Score == mine + i)) != mine + i for i in range(20))
        except ApiError:
            wrong = 99
        if not child:
            os._exit(wrong)
        _, status = os.waitpid(child, 0)

    assert (wrong, os.waitstatus_to_exitcode(status)) == (0, 0)
    assert _inherited == []


def dripping(head: bytes, piece: bytes) -> Callable[[socket.socket, bytes], None]:
    """Sends a piece again and again, for longer than any deadline here."""

    def respond(connection: socket.socket, request: bytes) -> None:
        assert request
        connection.sendall(head)
        for _ in range(400):
            connection.sendall(piece)
            time.sleep(0.05)

    return respond


DRIPS = {
    "status line": (b"HTTP/1.1 200 ", b"O"),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
    "continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": (b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b" "),
    "chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "error": (b"HTTP/1.1 500 X\r\nContent-Length: 9999\r\n\r\n", b" "),
    "redirect": (b"HTTP/1.1 302 X\r\nLocation: http://x/\r\nContent-Length: 9999\r\n\r\n", b" "),
}


@pytest.mark.parametrize("name", DRIPS)
def test_a_slow_response_ends_at_the_deadline(name: str) -> None:
    """One clock for all of it, not one for each byte."""
    with raw_server(dripping(*DRIPS[name])) as server:
        began = time.monotonic()
        error = error_of(local_client(server.port, deadline=0.3))
        took = time.monotonic() - began

    assert took < MAX_SECONDS
    assert isinstance(error, RequestTimeoutError)
    assert "deadline of 0.3 s" in str(error)


def test_a_fast_response_without_end_ends_at_the_deadline() -> None:
    """No read of it ever waits."""

    def respond(connection: socket.socket, request: bytes) -> None:
        assert request
        while True:
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000)

    with raw_server(respond) as server:
        error = error_of(local_client(server.port, deadline=0.3))

    assert isinstance(error, RequestTimeoutError)
    assert "deadline of 0.3 s" in str(error)


def test_an_error_page_without_end_is_cut_off() -> None:
    """The status says what is wrong."""

    def respond(connection: socket.socket, request: bytes) -> None:
        assert request
        connection.sendall(b"HTTP/1.1 500 X\r\nConnection: close\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65_536)

    with raw_server(respond) as server:
        error = error_of(local_client(server.port, deadline=None, max_response_bytes=None))

    assert isinstance(error, ServerError)


def test_a_slow_proxy_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before there is a tunnel."""
    with raw_server(dripping(*DRIPS["headers"])) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        options: dict[str, Any] = {"rate": None, "max_attempts": 1, "timeout": 5, "deadline": 0.3}
        began = time.monotonic()
        error = error_of(Client("api.example.com", ACCESS, SECRET, **options))
        took = time.monotonic() - began

    assert took < MAX_SECONDS
    assert isinstance(error, RequestTimeoutError)
    # On a busy machine, the deadline may pass before there is a connection.
    assert b"access" not in b"".join(proxy.requests)


def test_a_slow_dns_lookup_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection that it still leads to is closed."""
    looked_up, lookup = Event(), socket.getaddrinfo
    accepted: list[bytes] = []
    clock = SkippingClock()

    def slow_lookup(*args: Any, **options: Any) -> Any:
        clock.sleep(60)
        looked_up.wait(20)
        return lookup(*args, **options)

    with socket.create_server(("127.0.0.1", 0)) as server:
        client = local_client(server.getsockname()[1], deadline=60, clock=clock)
        monkeypatch.setattr(socket, "getaddrinfo", slow_lookup)
        began = time.monotonic()
        error = error_of(client)
        took = time.monotonic() - began
        [thread] = [one for one in threading.enumerate() if one.name == "leadquery-connect"]
        looked_up.set()
        thread.join()
        server.settimeout(5)
        with server.accept()[0] as connection:
            accepted.append(connection.recv(1))

    assert took < MAX_SECONDS
    assert isinstance(error, RequestTimeoutError)
    assert "deadline of 60 s" in str(error)
    assert accepted == [b""]


def test_a_host_with_many_addresses_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each address has a timeout of its own."""
    tried, given_up, clock = [], Event(), SkippingClock()

    def connect(_: object, address: object) -> None:
        tried.append(address)
        clock.sleep(30)
        given_up.wait(0.2)
        raise TimeoutError

    addresses = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 9))] * 100
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: addresses)
    monkeypatch.setattr(socket.socket, "connect", connect)
    began = time.monotonic()
    error = error_of(local_client(9, deadline=100, clock=clock))
    took = time.monotonic() - began
    number = len(tried)
    given_up.set()
    [thread] = [one for one in threading.enumerate() if one.name == "leadquery-connect"]
    thread.join()

    assert took < MAX_SECONDS
    assert isinstance(error, RequestTimeoutError)
    assert 4 <= number < 100


def test_a_refused_connection_is_named_with_a_deadline() -> None:
    with refusing_port() as port:
        error = error_of(local_client(port, deadline=60))

    assert isinstance(error, TransportError)
    assert "(ConnectionError)" in str(error)


def test_the_timeout_still_counts_without_a_deadline() -> None:
    """Also in the body, where requests raises another error."""

    def respond(connection: socket.socket, _: bytes) -> None:
        connection.sendall(OK[:-5])
        # Until the client leaves.
        connection.recv(1)

    with raw_server(respond) as server:
        error = error_of(local_client(server.port, timeout=(5, 0.1)))

    assert isinstance(error, RequestTimeoutError)
    assert "wait longer: timeout=(5, 0.2)" in str(error)


def packed(body: bytes, status: bytes = b"200", more: bytes = b"") -> bytes:
    return (
        b"HTTP/1.1 %s X\r\nContent-Encoding: gzip\r\nConnection: close\r\n%s\r\n" % (status, more)
        + body
    )


def bomb() -> bytes:
    """8 KiB that unpack to 8 MiB."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(compressor.compress(bytes(1 << 20)) for _ in range(8)) + compressor.flush()


@pytest.mark.parametrize(
    ("response", "kind", "text"),
    [
        (packed(gzip.compress(ROWS)[:-3]), InvalidResponseError, "was cut off after"),
        (packed(gzip.compress(ROWS)[:-20]), InvalidResponseError, "was cut off after"),
        (packed(b"garbage"), TransportError, "the response cannot be read (error)"),
        (packed(bomb()), InvalidResponseError, "more than 1,000,000 bytes; request fewer rows"),
        (packed(bomb(), b"500"), ServerError, "status 500"),
        (packed(bomb(), b"302"), ApiStatusError, "status 302"),
        (packed(b"", b"503"), ServerError, "status 503"),
    ],
)
def test_packed_responses_that_are_broken(response: bytes, kind: type, text: str) -> None:
    """Cut off, unreadable, or much larger than they seem."""
    with raw_server(response) as server:
        error = error_of(local_client(server.port, max_response_bytes=1_000_000))

    assert isinstance(error, kind)
    assert text in str(error)


@pytest.mark.parametrize("members", [1, 2])
def test_packed_responses_are_read(members: int) -> None:
    """Gzip may consist of several members."""
    pieces = [ROWS] if members == 1 else [ROWS[:10], ROWS[10:]]
    with raw_server(packed(b"".join(map(gzip.compress, pieces)))) as server:
        assert local_client(server.port).count(Leads) == 3


def test_bytes_after_a_packed_response_are_ignored() -> None:
    """Some servers fill up a block."""
    with raw_server(packed(gzip.compress(ROWS) + bytes(99))) as server:
        assert local_client(server.port).count(Leads) == 3


def test_a_page_of_ten_thousand_leads_is_below_the_limit() -> None:
    """With all the fields of an account, each 10 KB."""
    lead = {f"mx_Custom_{number}": "x" * 20 for number in range(200)}
    assert 10_000 * len(json.dumps(lead)) < 128 << 20


@pytest.mark.parametrize("limit", [0, -1, 1.5, "1", True])
def test_invalid_limits_are_named(limit: Any) -> None:
    """It is a number of bytes."""
    with pytest.raises(QueryError, match="allows no response; write max_response_bytes="):
        local_client(1, max_response_bytes=limit)


HOSTILE = {
    "far Retry-After": b"HTTP/1.1 429 X\r\nRetry-After: Wed, 01 Jan %s 00:00:00 GMT\r\n"
    % (b"9" * 20)
    + b"Content-Length: 0\r\n\r\n",
    "Location http://[": b"HTTP/1.1 302 X\r\nLocation: http://[x\r\nContent-Length: 0\r\n\r\n",
    "Location in Latin-1": b"HTTP/1.1 302 X\r\nLocation: http://\xe9/\r\nContent-Length: 0\r\n\r\n",
    "negative chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabc",
    "unreadable chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc",
    "huge chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"f" * 40 + b"\r\nabc",
    "cut chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\nabc",
    "long Content-Length": b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5_000 + b"\r\n\r\n{}",
    "negative Content-Length": b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}",
    "two Content-Lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n{}",
    "long status line": b"HTTP/1.1 200 " + b"O" * 70_000 + b"\r\n\r\n",
    "long header": b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
    "many headers": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300 + b"\r\n",
    "no HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
    "unknown version": b"HTTP/9.9 200 OK\r\n\r\n",
    "unreadable status": b"HTTP/1.1 abc OK\r\n\r\n",
    "small status": b"HTTP/1.1 99 OK\r\n\r\n",
    "nothing": b"",
    "deep JSON": b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"[" * 100_000,
    "large number": b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"9" * 5_000,
    "no UTF-8": b'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{"a": "\xff"}',
    "unknown encoding": packed(b"{}").replace(b"gzip", b"what"),
    "deflate garbage": packed(b"garbage").replace(b"gzip", b"deflate"),
    "cookie garbage": b"HTTP/1.1 500 X\r\nSet-Cookie: =;;\x01\r\nContent-Length: 0\r\n\r\n",
    "charset garbage": b"HTTP/1.1 200 OK\r\nContent-Type: a; charset=zz\r\n\r\nx",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_responses_raise_errors_of_the_package(name: str) -> None:
    """None of requests, urllib3, http.client, ssl, zlib or json."""
    with raw_server(HOSTILE[name]) as server:
        error = error_of(local_client(server.port))

    assert error.__context__ is error.__cause__ is None


def test_a_socks_proxy_works(server: FaultyServer) -> None:
    """PySocks connects through it, and the keys join in the socket behind."""
    pytest.importorskip("socks", reason="PySocks is not installed")
    targets: list[bytes] = []

    def relay(listener: socket.socket) -> None:
        near, _ = listener.accept()
        with near, socket.create_connection(("127.0.0.1", server.server_port)) as far:
            near.recv(99)
            near.sendall(b"\x05\x00")
            targets.append(near.recv(99))
            near.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
            sender = Thread(target=copy_stream, args=(near, far))
            sender.start()
            copy_stream(far, near)
            sender.join()

    def copy_stream(source: socket.socket, target: socket.socket) -> None:
        while piece := source.recv(65_536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)

    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = Thread(target=relay, args=(listener,))
        thread.start()
        session = requests.Session()
        session.proxies["http://127.0.0.1"] = f"socks5h://127.0.0.1:{listener.getsockname()[1]}"
        with local_client(server.server_port, session) as client:
            assert client.count(Leads) == 3
        session.close()
        thread.join()

    assert len(targets) == 1
    assert "access" in server.got[0]


def test_a_socks_proxy_without_pysocks_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another attempt would not help."""

    def missing(*_: object, **__: object) -> None:
        raise requests.exceptions.InvalidSchema("Missing dependencies for SOCKS support.")

    monkeypatch.setattr(requests.adapters, "SOCKSProxyManager", missing)
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)

    error = error_of(Client("api.example.com", ACCESS, SECRET, rate=None))

    assert error.attempts == 1
    assert "pip install 'leadquery[socks]'" in str(error)


def test_frames_of_an_interrupted_call_show_nothing(
    server: FaultyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was in their locals: an error reporter would send it."""

    def interrupt(*_: object) -> None:
        text = "the server's words"
        raise KeyboardInterrupt(text[:0])

    monkeypatch.setattr(response.ApiResponse, "rows", interrupt)
    with local_client(server.server_port) as client, pytest.raises(KeyboardInterrupt) as caught:
        client.count(Leads)

    assert caught.traceback[-1].frame.f_locals == {}


def is_below(frame: FrameType | None, names: set[str]) -> bool:
    """Whether a function of these names, or one that it has called, runs."""
    while frame is not None and frame.f_code.co_name not in names:
        frame = frame.f_back
    return frame is not None


def interrupt_at(number: int, names: set[str], call: Callable[[], object]) -> bool:
    """Interrupt a call at one of the lines that functions of these names run; whether it was."""
    lines = 0

    def trace(frame: FrameType, _event: str, _argument: Any) -> Any:
        nonlocal lines
        if not is_below(frame, names):
            return None
        lines += 1
        if lines == number:
            raise KeyboardInterrupt
        return trace

    sys.settrace(trace)
    try:
        call()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(None)
    return False


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_client_works_after_ctrl_c_anywhere_in_its_pool(server: FaultyServer) -> None:
    """It also ends at once, and no connection is in the pool twice, for two threads to use."""
    # It does not wait for the connections that are lost, which Python closes at some time.
    server.daemon_threads = True
    totals: list[int] = []
    client = local_client(server.server_port)
    pools: Any = client._transport.session.get_adapter("http://").poolmanager.pools  # type: ignore[attr-defined]

    def interrupt_everywhere() -> None:
        names = {"_get_conn", "_put_conn"}
        while interrupt_at(len(totals) + 1, names, lambda: client.count(Leads)):
            totals.append(client.count(Leads))
            (key,) = pools.keys()
            idle = [each for each in pools[key].pool._connections if each is not None]
            assert len(idle) == len(set(idle))

    thread = Thread(target=interrupt_everywhere, daemon=True)
    thread.start()
    thread.join(60)

    assert not thread.is_alive(), f"waits after {len(totals)} interrupts"
    client.close()
    # What the interrupted calls had is lost here, and not in another test.
    gc.collect()
    assert len(totals) > 10
    assert set(totals) == {3}


def test_threads_wait_for_the_connections_of_a_blocking_pool(server: FaultyServer) -> None:
    """A session of the user's may have fewer connections than threads."""
    session = requests.Session()
    session.mount("http://", HTTPAdapter(pool_maxsize=1, pool_block=True))

    with local_client(server.server_port, session) as client, ThreadPoolExecutor(4) as pool:
        totals = [*pool.map(lambda _: client.count(Leads), range(12))]

    assert totals == [3] * 12
    assert len(server.connections) == 1


def test_a_connection_that_was_cut_off_is_called_so() -> None:
    with raw_server(HOSTILE["cut chunk"]) as server:
        error = error_of(local_client(server.port))

    assert "the connection was cut off during the response; try again; if it" in str(error)
    assert "check that the host is right" not in str(error)
