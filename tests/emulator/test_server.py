"""The server, called by independent HTTP clients."""

from __future__ import annotations

import csv
import json
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from io import StringIO
from threading import Barrier, Thread
from typing import Any, cast
from urllib.parse import urlencode

import pytest
import requests
from waitress import wasyncore

from leadquery import Client, Leads
from leadquery.emulator import Emulator, Fault, Faults
from leadquery.emulator.server import THREADS
from leadquery.errors import MissingDependencyError, QueryError
from leadquery.fields import ProspectID
from tests.emulator.http_clients import CLIENTS, HttpClient, ReceivedResponse, curl
from tests.emulator.payloads import KEYS, list_of, payload

LEADS = [{"ProspectID": "a", "FirstName": 'Zoë "語", \U0001f600'}, {"ProspectID": "b"}]
LIST = payload(list_of("ProspectID", "FirstName"))
JSON = {"Content-Type": "application/json"}
PATH = "/Leads/LeadDistribution/FilterByLeadField"
FIELDS = "/v2/LeadManagement.svc/LeadsMetaData.Get"
EMULATOR = Emulator(LEADS, keys=[("u$r", "s&cret")])

each_client = pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The URL of a server."""
    with EMULATOR.server() as server:
        yield server.url


def ask(
    client: HttpClient,
    url: str,
    *,
    method: str = "POST",
    path: str = PATH,
    params: Mapping[str, str] = KEYS,
    headers: Mapping[str, str] = JSON,
    body: Any = LIST,
) -> ReceivedResponse:
    """The response that a client receives."""
    text = "" if body is None else json.dumps(body)
    return client(method, f"{url}{path}?{urlencode(params)}", headers, text)


@each_client
def test_a_json_response(client: HttpClient, url: str) -> None:
    """The result of the emulator."""
    response = ask(client, url)

    assert (response.status, response.headers["content-type"]) == (200, "application/json")
    assert json.loads(response.body) == EMULATOR.answer(LIST)
    assert response.whole


@each_client
def test_a_csv_response(client: HttpClient, url: str) -> None:
    """As an attachment, in UTF-8."""
    response = ask(client, url, params={**KEYS, "responseformat": "CSV"})

    assert (response.status, response.headers["content-type"]) == (200, "text/csv")
    assert response.headers["content-disposition"] == 'attachment; filename="leads.csv"'
    assert list(csv.reader(StringIO(response.body))) == [
        ["ProspectID", "FirstName"],
        ["a", LEADS[0]["FirstName"]],
        ["b", ""],
    ]


@each_client
def test_keys_in_headers(client: HttpClient, url: str) -> None:
    """Instead of the query string."""
    keys = {"x-LSQ-AccessKey": "u$r", "x-LSQ-SecretKey": "s&cret"}

    assert ask(client, url, params={}, headers={**JSON, **keys}).status == 200


@each_client
def test_lead_fields(client: HttpClient, url: str) -> None:
    """A GET request without a body."""
    response = ask(client, url, method="GET", path=FIELDS, headers={}, body=None)

    assert response.status == 200
    assert {"ProspectID", "FirstName", "Score"} <= {
        field["SchemaName"] for field in json.loads(response.body)
    }


@each_client
@pytest.mark.parametrize(
    ("parts", "status", "exception"),
    [
        ({"body": {}}, 400, "MXInvalidInputException"),
        ({"headers": {"Content-Type": "text/plain"}}, 400, "MXInvalidInputException"),
        ({"params": {"accessKey": "u$r"}}, 401, "MXInvalidAccessDetailsException"),
        ({"path": "/nowhere"}, 404, "MXInvalidInputException"),
        ({"method": "PUT"}, 405, "MXInvalidInputException"),
    ],
)
def test_rejected_requests(
    client: HttpClient, url: str, parts: dict[str, Any], status: int, exception: str
) -> None:
    """With their status and the API's error body."""
    response = ask(client, url, **parts)
    error = json.loads(response.body)

    assert (response.status, error["Status"], error["ExceptionType"]) == (
        status,
        "Error",
        exception,
    )
    assert response.headers.get("allow") == ("POST" if status == 405 else None)


@each_client
def test_the_rate_limit(client: HttpClient) -> None:
    """429 for a call over the limit."""
    with Emulator(LEADS, rate=(2, 600.0)).server() as server:
        responses = [ask(client, server.url) for _ in range(3)]

    assert [response.status for response in responses] == [200, 200, 429]
    message = json.loads(responses[2].body)["ExceptionMessage"]
    assert message == "API calls exceeded the limit of 2 in 600 second(s)"


@each_client
def test_faults(client: HttpClient) -> None:
    """In the order of the list."""
    plan = [
        *(Fault.REFUSED, Fault.DROPPED, Fault.TRUNCATED, Fault.LIMITED, Fault.LIMITED_WITH_200),
        *(Fault.REJECTED, Fault.FAILED, Fault.UNAVAILABLE, Fault.SLOW, Fault.REMOVED, None),
    ]
    emulator = Emulator(LEADS, rate=(10, 600.0))

    with emulator.server(faults=Faults(plan, slow=0.05)) as server:
        responses = [ask(client, server.url) for _ in plan]
    refused, dropped, truncated, *rest = responses

    assert {refused.status, dropped.status} == {0}
    assert not truncated.whole
    assert [response.status for response in rest] == [429, 200, 500, 500, 503, 200, 200, 200]
    assert [bool(response.body) for response in rest] == [
        True,
        True,
        True,
        False,
        True,
        True,
        True,
        True,
    ]
    assert json.loads(rest[1].body)["Status"] == "Error"
    # The refused call alone did not arrive, and did not count.
    assert json.loads(rest[-2].body)["TotalCount"] == json.loads(rest[-1].body)["TotalCount"] == "1"
    assert emulator.rejected_calls == 0


def test_a_truncated_body(url: str) -> None:
    """The announced length, and half of the body."""
    whole = ask(curl, url)
    with Emulator(LEADS).server(faults=Faults([Fault.TRUNCATED])) as server:
        half = ask(curl, server.url)

    assert half.headers["content-length"] == str(len(whole.body.encode()))
    assert half.body == whole.body[: len(whole.body) // 2]


def test_latency_and_slow_responses() -> None:
    """A caller with a short timeout gets no response."""
    emulator = Emulator(LEADS)

    with (
        emulator.server(faults=Faults([None, Fault.SLOW], latency=0.05, slow=5.0)) as server,
        requests.Session() as session,
    ):
        quick = session.post(server.url + PATH, params=KEYS, json=LIST, timeout=30)
        with pytest.raises(requests.exceptions.ReadTimeout):
            session.post(server.url + PATH, params=KEYS, json=LIST, timeout=0.3)

    assert quick.elapsed.total_seconds() >= 0.1


def same(reply: requests.Response) -> tuple[object, ...]:
    """The parts of a response that do not depend on the time or the server."""
    own = {"Server", "Date", "Connection"}
    headers = {name: value for name, value in reply.headers.items() if name not in own}
    return reply.status_code, reply.reason, headers, reply.content


@pytest.mark.parametrize(
    "parts",
    [
        {"json": LIST},
        {"json": LIST, "params": [*KEYS.items(), ("RESPONSEFORMAT", "csv")]},
        {"data": b"\xff", "headers": JSON},
        {"data": b"[" * 100_000, "headers": JSON},
        {"data": (part for part in (b"{", b"}")), "headers": JSON},
        {"data": b""},
        {"params": {}},
        {"params": [("accessKey", "u$r"), ("SECRETKEY", "s&cret"), ("accessKey", "other")]},
        {"path": "/Leads/LeadDistribution/%46ilterByLeadField", "json": LIST},
        {"path": "//x"},
        {"path": "/" + "x" * 5_000},
        {"method": "HEAD"},
        {"method": "OPTIONS"},
        {"method": "BREW"},
        {"method": "GET", "path": FIELDS},
        {"method": "GET", "path": FIELDS, "params": {**KEYS, "excludeOptionSets": "1"}},
    ],
)
def test_a_server_responds_like_a_session(url: str, parts: dict[str, Any]) -> None:
    """In status, headers and body."""
    request = {"method": "POST", "params": KEYS, **parts}
    path = request.pop("path", PATH)
    body = request.get("data")
    bodies = [*body] if isinstance(body, Iterator) else None

    replies = []
    for session, host in ((requests.Session(), url), (EMULATOR.session(), "http://x.example.com")):
        with session:
            again = {"data": iter(bodies)} if bodies else {}
            replies.append(
                same(session.request(url=host + path, **{**request, **again}, timeout=30))
            )

    assert replies[0] == replies[1]


def test_a_client_of_a_server(url: str) -> None:
    """The host is the server's URL."""
    assert Client(url, "u$r", "s&cret").run_page(Leads.select(ProspectID)).total == 2


def test_calls_run_in_parallel() -> None:
    """A slow one delays no other: each of these ends when all have begun."""
    begun = Barrier(8)
    faults = Faults(latency=lambda _: 0.0 * begun.wait(30))

    with Emulator(LEADS).server(faults=faults) as server, ThreadPoolExecutor(8) as pool:
        calls = [
            pool.submit(requests.post, server.url + PATH, params=KEYS, json=LIST, timeout=60)
            for _ in range(8)
        ]

        assert [call.result().status_code for call in calls] == [200] * 8


def test_a_server_that_is_closed_as_a_call_ends() -> None:
    """The pipe that wakes it is closed once, whoever writes to it meanwhile."""
    emulator = Emulator(LEADS, rate=None)
    # A profile function slows the threads down, so that they meet.
    threading.setprofile(lambda *_: None)
    try:
        for _ in range(60):
            with emulator.server() as server:
                assert Client(server.url, "any", "keys", rate=None).count(Leads) == 2
    finally:
        threading.setprofile(cast("Any", None))


def test_a_server_frees_its_port() -> None:
    emulator = Emulator(LEADS)
    with emulator.server() as server:
        port = server.port
    with emulator.server(port) as again:
        assert again.port == port
    # It has ended already.
    again.close()

    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(again.url, timeout=2)


def test_an_ipv6_server() -> None:
    """Its URL has brackets."""
    try:
        server = Emulator(LEADS).server(host="::1")
    except QueryError:
        pytest.skip("this machine has no IPv6")

    with server:
        assert server.url == f"http://[::1]:{server.port}"
        assert requests.get(server.url, timeout=30).status_code == 404


@pytest.mark.parametrize(
    ("host", "port", "message"),
    [
        (
            "127.0.0.1",
            70_000,
            "70000 is not a port; write 0 for a free one, or a number below 65536",
        ),
        ("127.0.0.1", -1, "-1 is not a port; write 0 for a free one, or a number below 65536"),
        ("127.0.0.1", "x", "'x' is not a port; write 0 for a free one, or a number below 65536"),
        ("127.0.0.1", True, "true is not a port; write 0 for a free one, or a number below 65536"),
        ("", 0, "the host is empty; write '127.0.0.1' to allow this machine only"),
        ("no host", 0, "'no host' is not an address of this machine; write '127.0.0.1' to "),
        (
            "203.0.113.7",
            0,
            "'203.0.113.7' is not an address of this machine; write '127.0.0.1' to ",
        ),
    ],
)
def test_invalid_hosts_and_ports(host: str, port: Any, message: str) -> None:
    """The message says what to write."""
    with pytest.raises(QueryError) as caught:
        Emulator([]).server(port, host)

    assert str(caught.value).startswith(message)
    assert "; write" in str(caught.value)


def test_a_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(QueryError) as caught:
            Emulator([]).server(port)

    assert str(caught.value).startswith(f"port {port} of '127.0.0.1' cannot be used: ")
    assert str(caught.value).endswith("; write port 0 for a free one")


def test_a_server_needs_waitress(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says how to install it."""
    monkeypatch.delitem(sys.modules, "leadquery.emulator.server", raising=False)
    monkeypatch.setitem(sys.modules, "waitress.server", None)

    with pytest.raises(MissingDependencyError) as caught:
        EMULATOR.server()

    assert str(caught.value) == (
        "a server needs waitress, which is not installed; run pip install 'leadquery[serve]'"
    )
    assert EMULATOR.session().get("https://api.example.com").status_code == 404


def test_nothing_is_logged(url: str, capfd: pytest.CaptureFixture[str]) -> None:
    requests.post(url + PATH, params=KEYS, json=LIST, timeout=30)
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), 5) as raw:
        raw.sendall(b"POST /x?secretKey=s%26cret HTTP/9.9\r\n\r\n")
        raw.recv(1000)

    assert capfd.readouterr() == ("", "")


def test_close_ends_serve() -> None:
    server = Emulator(LEADS).server()
    thread = Thread(target=server.serve)
    thread.start()

    status = requests.get(server.url, timeout=30).status_code
    server.close()
    thread.join(10)

    assert status == 404
    assert not thread.is_alive()


def connect(url: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=30)


def head(*headers: str) -> bytes:
    lines = (f"POST {PATH}?{urlencode(KEYS)} HTTP/1.1", "Host: x", *headers)
    return "".join(f"{line}\r\n" for line in lines).encode()


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ("Transfer-Encoding: chunked", b"no number\r\n", b"400"),
        ("Transfer-Encoding: gzip", b"", b"501"),
        ("Content-Length: 99999999999", b"abc", b"413"),
        ("Content-Length: -1", b"abc", b"400"),
        (f"X: {'x' * 100_000}", b"", b"431"),
        (f"Transfer-Encoding: chunked\r\nX: {'x' * 100_000}", b"", b"431"),
    ],
)
def test_invalid_requests_get_an_error(url: str, headers: str, body: bytes, status: bytes) -> None:
    with connect(url) as connection:
        connection.sendall(head(headers) + b"\r\n" + body)

        assert connection.recv(100).split()[1] == status


def test_a_chunked_body_that_is_too_large_gets_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadquery.emulator.server.MAX_BODY", 1_000)
    with Emulator(LEADS).server() as server, connect(server.url) as connection:
        connection.sendall(head("Transfer-Encoding: chunked") + b"\r\n7d0\r\n" + b"x" * 2_000)

        assert connection.recv(100).split()[1] == b"413"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ("Transfer-Encoding: chunked", b"ffffffffffffffff\r\nabc\r\n"),
        ("Content-Length: 9", b"abc"),
    ],
)
def test_a_connection_that_ends_within_a_body_is_closed(
    url: str, headers: str, body: bytes
) -> None:
    with connect(url) as connection:
        connection.sendall(head(headers) + b"\r\n" + body)
        connection.shutdown(socket.SHUT_WR)

        assert connection.recv(100) == b""


@pytest.fixture
def impatient_url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of a server that takes two connections, and waits a second for a request."""
    monkeypatch.setattr("leadquery.emulator.server.REQUEST_SECONDS", 1)
    monkeypatch.setattr("leadquery.emulator.server.CONNECTIONS", 2)
    with Emulator(LEADS).server() as server:
        yield server.url


def seconds_until_closed(connection: socket.socket, sent: bytes) -> float:
    """How long it stays open while one byte after another is sent."""
    start = time.monotonic()
    connection.settimeout(0.1)
    for byte in sent:
        try:
            connection.sendall(bytes([byte]))
            if not connection.recv(100):
                break
        except TimeoutError:
            continue
        except OSError:
            break
    return time.monotonic() - start


def test_requests_that_arrive_too_slowly_are_dropped(impatient_url: str) -> None:
    """Even if a byte comes every tenth of a second, in the headers or in the body."""
    body = head("Content-Length: 900") + b"\r\n"
    with connect(impatient_url) as in_headers, connect(impatient_url) as in_body:
        in_body.sendall(body)

        assert seconds_until_closed(in_headers, b"x" * 400) < 20
        assert seconds_until_closed(in_body, b"x" * 400) < 20


def test_idle_connections_are_closed(impatient_url: str) -> None:
    """Others that wait get their turn then."""
    with connect(impatient_url) as first, connect(impatient_url) as second:
        reply = requests.post(impatient_url + PATH, params=KEYS, json=LIST, timeout=30)

        assert reply.status_code == 200
        assert first.recv(1) == second.recv(1) == b""


def test_clients_that_keep_their_connections_leave_room_for_others() -> None:
    """More clients than calls at a time."""
    with Emulator(LEADS).server() as server, ExitStack() as stack:
        for _ in range(THREADS + 1):
            stack.enter_context(connect(server.url))
        reply = requests.post(server.url + PATH, params=KEYS, json=LIST, timeout=30)

    assert reply.status_code == 200


def test_the_loop_turns_only_for_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop that turns while threads send takes the time that other calls need."""
    clients, calls, turns = 40, 3, 0
    loop = wasyncore.loop

    def counted(*arguments: Any, **named: Any) -> None:
        nonlocal turns
        turns += 1
        loop(*arguments, **named)

    monkeypatch.setattr(wasyncore, "loop", counted)

    def call_often(url: str) -> None:
        with requests.Session() as session:
            for _ in range(calls):
                reply = session.post(url + PATH, params=KEYS, json=LIST, timeout=30)
                assert reply.ok

    with Emulator.demo(2_000).server() as server, ThreadPoolExecutor(clients) as pool:
        for future in [pool.submit(call_often, server.url) for _ in range(clients)]:
            future.result()

    # A call arrives, its thread wakes the loop, and what it has not sent is sent.
    assert turns < 10 * clients * calls
