"""Clients other than requests in a test with the fixture: answered, or blocked with advice."""

from __future__ import annotations

import asyncio
import http.client
import logging
import os
import socket
import sys
import threading
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
import anyio
import httpx
import pytest
import requests
import urllib3

from leadquery.emulator import Fault, Faults
from leadquery.errors import QueryError
from leadquery.fields import FirstName
from leadquery.query.leads import Leads
from leadquery.testing import FakeLeadSquared, NetworkBlockedError
from leadquery.wire.enums import PATH

uvloop = pytest.importorskip("uvloop", reason="there is none for Windows")
QUERY = Leads.select(FirstName).page(1, 3)
KEYS = {"accessKey": "leadsquared-access", "secretKey": "leadsquared-secret"}
URL = f"https://api-in21.leadsquared.com{PATH}"


@pytest.fixture
def leadsquared(leadsquared: FakeLeadSquared) -> FakeLeadSquared:
    """An account with few leads, which take no time to make."""
    leadsquared.load([{"FirstName": name} for name in ("Asha", "Noah", "Li", "Zoë")])
    return leadsquared


Response = tuple[int, str, Any]
"""A status, a media type and a JSON value."""


def call_requests(url: str, **options: Any) -> Response:
    response = requests.request(url=url, timeout=30, **options)
    return response.status_code, response.headers["Content-Type"], response.json()


def call_httpx(url: str, **options: Any) -> Response:
    response = httpx.request(url=url, timeout=30, **options)
    return response.status_code, response.headers["Content-Type"], response.json()


async def await_httpx(url: str, **options: Any) -> Response:
    async with httpx.AsyncClient(timeout=30) as client:
        response = await client.request(url=url, **options)
        return response.status_code, response.headers["Content-Type"], response.json()


async def await_aiohttp(url: str, **options: Any) -> Response:
    async with aiohttp.ClientSession() as session:
        data = options.pop("content", None)
        async with session.request(url=url, data=data, **options) as response:
            return response.status, response.headers["Content-Type"], await response.json()


def run_uvloop(function: Callable[..., Any], *args: Any, **options: Any) -> Any:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(function(*args, **options))


CLIENTS: dict[str, Callable[..., Response]] = {
    "httpx": call_httpx,
    "httpx in asyncio": lambda *args, **options: asyncio.run(await_httpx(*args, **options)),
    "httpx in trio": lambda url, **options: anyio.run(
        lambda: await_httpx(url, **options), backend="trio"
    ),
    "httpx in uvloop": lambda *args, **options: run_uvloop(await_httpx, *args, **options),
    "aiohttp": lambda *args, **options: asyncio.run(await_aiohttp(*args, **options)),
    "aiohttp in uvloop": lambda *args, **options: run_uvloop(await_aiohttp, *args, **options),
}
each_client = pytest.mark.parametrize("client", CLIENTS.values(), ids=CLIENTS)


@each_client
@pytest.mark.parametrize(
    "options",
    [
        {"json": QUERY.to_payload(), "params": KEYS},
        {
            "json": QUERY.to_payload(),
            "headers": {f"x-LSQ-{name}": key for name, key in KEYS.items()},
        },
        {"json": {}, "params": KEYS},
        {"json": {}, "params": {**KEYS, "secretKey": "other"}},
        {"method": "PUT"},
        {"url": "https://leadsquared.com/Un%20known"},
        {
            "url": "https://api.leadsquared.test/v2/LeadManagement.svc/LeadsMetaData.Get",
            "method": "GET",
            "params": KEYS,
        },
    ],
)
def test_a_client_gets_what_requests_gets(
    client: Callable[..., Response], options: dict[str, Any], leadsquared: FakeLeadSquared
) -> None:
    options = {"method": "POST", "url": URL, **options}

    assert client(**options) == call_requests(**options)
    received = leadsquared.payloads
    assert received[::2] == received[1::2]


@each_client
def test_bodies_that_arrive_in_parts(
    client: Callable[..., Response], leadsquared: FakeLeadSquared
) -> None:
    async def parts() -> Any:
        yield b'{"Output": '
        yield b"{}}"

    body: Any = iter([b'{"Output": ', b"{}}"]) if client is call_httpx else parts()
    headers = {"Content-Type": "application/json"}

    assert client(URL, method="POST", params=KEYS, content=body, headers=headers)[0] == 400
    assert leadsquared.payloads == [{"Output": {}}]


ERRORS: dict[Fault, tuple[type[Exception], type[Exception]]] = {
    Fault.REFUSED: (httpx.ConnectError, aiohttp.ServerDisconnectedError),
    Fault.DROPPED: (httpx.RemoteProtocolError, aiohttp.ServerDisconnectedError),
    Fault.TRUNCATED: (httpx.RemoteProtocolError, aiohttp.ClientPayloadError),
}


@each_client
@pytest.mark.parametrize("fault", ERRORS)
def test_faults_raise_the_errors_of_the_client(
    client: Callable[..., Response], fault: Fault, leadsquared: FakeLeadSquared
) -> None:
    # aiohttp tries once more if the server closes a connection without a response.
    leadsquared.inject_faults(Faults([fault, fault]))

    with pytest.raises(ERRORS[fault]):
        client(URL, method="POST", params=KEYS, json=QUERY.to_payload())


@each_client
def test_no_key_is_logged(
    client: Callable[..., Response],
    leadsquared: FakeLeadSquared,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """By the servers. httpx itself logs URLs."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, "httpx")

    assert client(URL, method="POST", params=KEYS, json=QUERY.to_payload())[0] == 200
    assert client(leadsquared.url + PATH, method="POST", params=KEYS, json={})[0] == 400

    assert leadsquared.secret_key not in caplog.text


def test_a_slow_response_ends_at_the_timeout_of_the_client(leadsquared: FakeLeadSquared) -> None:
    leadsquared.inject_faults(Faults({Fault.SLOW: 1.0}, slow=5))

    async def ask() -> None:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.1)) as session:
            await session.post(URL)

    with pytest.raises(httpx.ReadTimeout):
        httpx.post(URL, timeout=0.05)
    with pytest.raises(TimeoutError):
        asyncio.run(ask())


@pytest.mark.parametrize("rest", [0, 0.4])
def test_a_call_that_is_cancelled(rest: float, leadsquared: FakeLeadSquared) -> None:
    """The event loop may be closed before the response."""
    is_cancelled = threading.Event()
    leadsquared.inject_faults(Faults(latency=lambda _: 0.0 * is_cancelled.wait(30)))

    async def ask() -> None:
        async with aiohttp.ClientSession() as session:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await session.post(URL, params=KEYS, json=QUERY.to_payload())
            if rest:
                is_cancelled.set()
                await asyncio.sleep(rest)

    asyncio.run(ask())
    is_cancelled.set()
    leadsquared.inject_faults(Faults())
    assert leadsquared.client().count(Leads) == 4


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_response_without_a_body(method: str) -> None:
    with FakeLeadSquared().patched():
        response = httpx.request(method, URL)

        async def ask() -> int:
            async with (
                aiohttp.ClientSession() as session,
                session.request(method, URL) as response,
            ):
                await response.read()
                return response.status

        assert (response.status_code, asyncio.run(ask())) == (405, 405)


REAL = "https://api.leadsquared.com/"


def open_through_proxy(*_: object) -> object:
    handler = urllib.request.ProxyHandler({"https": "http://127.0.0.1:9"})
    return urllib.request.build_opener(handler).open(REAL, timeout=1)


async def _open_connection(host: str, port: int = 443) -> None:
    await asyncio.open_connection(host, port)


async def _connect_udp(host: str) -> None:
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(asyncio.DatagramProtocol, remote_addr=(host, 53))


async def _connect_socket(host: str) -> None:
    with socket.socket() as own:
        own.setblocking(False)
        await asyncio.get_running_loop().sock_connect(own, (host, 443))


async def _resolve(host: str) -> None:
    await asyncio.get_running_loop().getaddrinfo(host, 443)


BLOCKED: dict[str, Callable[[str], object]] = {
    "urllib3": lambda host: urllib3.PoolManager().request("GET", f"https://{host}", timeout=1),
    "urllib3 through a proxy": lambda host: urllib3.ProxyManager("http://127.0.0.1:9").request(
        "GET", f"https://{host}", timeout=1
    ),
    "urllib": lambda host: urllib.request.urlopen(f"https://{host}", timeout=1),
    "urllib through a proxy": open_through_proxy,
    "http.client": lambda host: http.client.HTTPSConnection(host, timeout=1).request("GET", "/"),
    "a socket": lambda host: socket.create_connection((host, 443), 1),
    "asyncio": lambda host: asyncio.run(_open_connection(host)),
    "uvloop": lambda host: run_uvloop(_open_connection, host),
    "UDP in uvloop": lambda host: run_uvloop(_connect_udp, host),
    "a socket in uvloop": lambda host: run_uvloop(_connect_socket, host),
    "a name in uvloop": lambda host: run_uvloop(_resolve, host),
}


@pytest.mark.parametrize("name", BLOCKED)
def test_other_clients_are_blocked_with_what_to_write(
    name: str, leadsquared: FakeLeadSquared
) -> None:
    """Even if a proxy may be called."""
    leadsquared.allow_hosts("127.0.0.1")

    with pytest.raises(NetworkBlockedError) as caught:
        BLOCKED[name]("api.leadsquared.com")

    assert str(caught.value) == (
        "connection to 'api.leadsquared.com' in a test with leadsquared, which answers requests, "
        "httpx and aiohttp; for another client, write leadsquared.url, "
        "not 'https://api.leadsquared.com'"
    )


@pytest.mark.parametrize("host", ["api.leadsquared.com", "LEADSQUARED.com."])
def test_the_api_cannot_be_allowed(host: str, leadsquared: FakeLeadSquared) -> None:
    with pytest.raises(QueryError) as caught:
        leadsquared.allow_hosts("127.0.0.1", host)

    assert str(caught.value) == (
        f"allow_hosts({host!r}) would send calls of the test to the real API; leave it out, as "
        "requests, httpx and aiohttp get answers; for another client, write leadsquared.url, "
        f"not 'https://{host}'"
    )


def test_other_hosts_of_httpx_and_aiohttp_are_blocked() -> None:
    async def ask(url: str, proxy: str | None) -> None:
        async with aiohttp.ClientSession() as session:
            await session.get(url, proxy=proxy)

    with FakeLeadSquared().patched():
        for call in (
            lambda: httpx.get("https://example.com"),
            lambda: asyncio.run(await_httpx("https://example.com", method="GET")),
            lambda: asyncio.run(ask("https://example.com", None)),
            lambda: asyncio.run(ask("https://example.org", "http://example.com")),
        ):
            with pytest.raises(NetworkBlockedError, match=r"allow_hosts\('example\.com'\)"):
                call()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.usefixtures("leadsquared")
def test_addresses_of_httpx_are_blocked(backend: str) -> None:
    with pytest.raises(NetworkBlockedError, match=r"allow_hosts\('127.0.0.1'\)"):
        anyio.run(lambda: await_httpx("http://127.0.0.1:9", method="GET"), backend=backend)


def test_an_allowed_host_of_httpx_and_aiohttp(leadsquared: FakeLeadSquared) -> None:
    url = f"{leadsquared.url}{PATH}"
    for client in CLIENTS.values():
        assert client(url, method="POST", params=KEYS, json=QUERY.to_payload())[0] == 200


def open_http_client(url: str, body: bytes) -> int:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    headers = {"Content-Type": "application/json"}
    connection.request("POST", f"{parts.path}?{parts.query}", body, headers)
    with connection.getresponse() as response:
        response.read()
    connection.close()
    return response.status


def open_urllib(url: str, body: bytes) -> int:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, body, headers)  # noqa: S310 - http.
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - http.
        return int(response.status)


def open_urllib3(url: str, body: bytes) -> int:
    with urllib3.PoolManager() as pool:
        headers = {"Content-Type": "application/json"}
        return pool.request("POST", url, body=body, headers=headers).status


@pytest.mark.parametrize("call", [open_http_client, open_urllib, open_urllib3])
def test_other_clients_call_a_server(
    call: Callable[[str, bytes], int], leadsquared: FakeLeadSquared
) -> None:
    url = f"{leadsquared.url}{PATH}?{urlencode(KEYS)}"

    assert call(url, QUERY.to_json().encode()) == 200
    assert len(leadsquared.payloads) == 1


def test_the_server_ends_with_the_test() -> None:
    account = FakeLeadSquared()
    with account.patched():
        first = account.url
        assert account.url == first
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(first, timeout=1)
    with account.patched():
        assert requests.get(account.url, timeout=30).status_code == 404


def test_a_process_of_the_test_cannot_call_the_real_api(leadsquared: FakeLeadSquared) -> None:
    """The name of the host does not exist outside."""
    assert os.environ["LEADQUERY_HOST"] == leadsquared.host
    assert leadsquared.host.endswith(".test")


def test_clients_that_are_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("httpx", "aiohttp", "uvloop"):
        monkeypatch.setitem(sys.modules, name, None)

    with FakeLeadSquared().patched():
        assert requests.get("https://api.leadsquared.com", timeout=1).status_code == 404


def test_the_transports_are_restored() -> None:
    before = [
        *(httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request),
        *(aiohttp.TCPConnector._create_connection, http.client.HTTPConnection.set_tunnel),
        uvloop.Loop.create_connection,
    ]
    with FakeLeadSquared().patched():
        pass

    assert before == [
        *(httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request),
        *(aiohttp.TCPConnector._create_connection, http.client.HTTPConnection.set_tunnel),
        uvloop.Loop.create_connection,
    ]
