"""The same on a port, called by clients that no one here wrote."""

from __future__ import annotations

import csv
import json
import socket
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from threading import Thread
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

from leadquery import Client, Leads
from leadquery.emulator import Emulator, Fault, Faults
from leadquery.errors import QueryError
from leadquery.fields import ProspectID
from tests.emulator.asking import KEYS, columns, payload
from tests.emulator.others import OTHERS, Heard, Other, curl

LEADS = [{"ProspectID": "a", "FirstName": 'Zoë "語", \U0001f600'}, {"ProspectID": "b"}]
LIST = payload(columns("ProspectID", "FirstName"))
JSON = {"Content-Type": "application/json"}
PATH = "/Leads/LeadDistribution/FilterByLeadField"
FIELDS = "/v2/LeadManagement.svc/LeadsMetaData.Get"
EMULATOR = Emulator(LEADS, keys=[("u$r", "s&cret")])

others = pytest.mark.parametrize("other", OTHERS, ids=lambda other: other.__name__)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Where the emulator answers."""
    with EMULATOR.server() as server:
        yield server.url


def ask(
    other: Other,
    url: str,
    *,
    method: str = "POST",
    path: str = PATH,
    params: Mapping[str, str] = KEYS,
    headers: Mapping[str, str] = JSON,
    body: Any = LIST,
) -> Heard:
    """What a client hears when it calls."""
    text = "" if body is None else json.dumps(body)
    return other(method, f"{url}{path}?{urlencode(params)}", headers, text)


@others
def test_an_answer_in_json(other: Other, url: str) -> None:
    """What the emulator answers, letter for letter."""
    heard = ask(other, url)

    assert (heard.status, heard.headers["content-type"]) == (200, "application/json")
    assert json.loads(heard.body) == EMULATOR.answer(LIST)
    assert heard.whole


@others
def test_an_answer_in_csv(other: Other, url: str) -> None:
    """As an attachment, in UTF-8."""
    heard = ask(other, url, params={**KEYS, "responseformat": "CSV"})

    assert (heard.status, heard.headers["content-type"]) == (200, "text/csv")
    assert heard.headers["content-disposition"] == 'attachment; filename="leads.csv"'
    assert list(csv.reader(StringIO(heard.body))) == [
        ["ProspectID", "FirstName"],
        ["a", LEADS[0]["FirstName"]],
        ["b", ""],
    ]


@others
def test_keys_in_headers(other: Other, url: str) -> None:
    """In place of the query."""
    keys = {"x-LSQ-AccessKey": "u$r", "x-LSQ-SecretKey": "s&cret"}

    assert ask(other, url, params={}, headers={**JSON, **keys}).status == 200


@others
def test_the_fields_of_leads(other: Other, url: str) -> None:
    """A list in JSON, without a body to send."""
    heard = ask(other, url, method="GET", path=FIELDS, headers={}, body=None)

    assert heard.status == 200
    assert {"ProspectID", "FirstName", "Score"} <= {
        field["SchemaName"] for field in json.loads(heard.body)
    }


@others
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
def test_what_is_refused(
    other: Other, url: str, parts: dict[str, Any], status: int, exception: str
) -> None:
    """With its status and the vendor's error body."""
    heard = ask(other, url, **parts)
    said = json.loads(heard.body)

    assert (heard.status, said["Status"], said["ExceptionType"]) == (status, "Error", exception)
    assert heard.headers.get("allow") == ("POST" if status == 405 else None)


@others
def test_the_limit(other: Other) -> None:
    """429 for the call that is too many."""
    with Emulator(LEADS, rate=(2, 600.0)).server() as server:
        heard = [ask(other, server.url) for _ in range(3)]

    assert [one.status for one in heard] == [200, 200, 429]
    assert json.loads(heard[2].body)["ExceptionMessage"] == "more than 2 calls in 600 s"


@others
def test_faults(other: Other) -> None:
    """Each happens on the wire as it does in the process, in the order of its list."""
    plan = [
        *(Fault.REFUSED, Fault.DROPPED, Fault.TRUNCATED, Fault.LIMITED, Fault.LIMITED_WITH_200),
        *(Fault.REJECTED, Fault.FAILED, Fault.UNAVAILABLE, Fault.SLOW, Fault.REMOVED, None),
    ]
    emulator = Emulator(LEADS, rate=(10, 600.0))

    with emulator.server(faults=Faults(plan, slow=0.05)) as server:
        heard = [ask(other, server.url) for _ in plan]
    refused, dropped, cut, *rest = heard

    assert {refused.status, dropped.status} == {0}
    assert not cut.whole
    assert [one.status for one in rest] == [429, 200, 500, 500, 503, 200, 200, 200]
    assert [bool(one.body) for one in rest] == [True, True, True, False, True, True, True, True]
    assert json.loads(rest[1].body)["Status"] == "Error"
    # The refused call alone did not arrive, and did not count.
    assert json.loads(rest[-2].body)["TotalCount"] == json.loads(rest[-1].body)["TotalCount"] == "1"
    assert emulator.rejected_calls == 0


def test_half_a_body_is_what_was_sent(url: str) -> None:
    """Curl shows it: the length that was told, and half of it."""
    whole = ask(curl, url)
    with Emulator(LEADS).server(faults=Faults([Fault.TRUNCATED])) as server:
        half = ask(curl, server.url)

    assert half.headers["content-length"] == str(len(whole.body.encode()))
    assert half.body == whole.body[: len(whole.body) // 2]


def test_latency_and_a_slow_reply() -> None:
    """A caller that does not wait for so long gets none."""
    emulator = Emulator(LEADS)

    with (
        emulator.server(faults=Faults([None, Fault.SLOW], latency=0.05, slow=5.0)) as server,
        requests.Session() as session,
    ):
        quick = session.post(server.url + PATH, params=KEYS, json=LIST, timeout=4)
        with pytest.raises(requests.exceptions.ReadTimeout):
            session.post(server.url + PATH, params=KEYS, json=LIST, timeout=0.3)

    assert quick.elapsed.total_seconds() >= 0.1


def same(reply: requests.Response) -> tuple[object, ...]:
    """What does not depend on the moment or on the server."""
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
def test_a_port_answers_as_a_session(url: str, parts: dict[str, Any]) -> None:
    """Status, headers and body."""
    asked = {"method": "POST", "params": KEYS, **parts}
    path = asked.pop("path", PATH)
    body = asked.get("data")
    bodies = [*body] if isinstance(body, Iterator) else None

    replies = []
    for session, host in ((requests.Session(), url), (EMULATOR.session(), "http://x.example.com")):
        with session:
            again = {"data": iter(bodies)} if bodies else {}
            replies.append(same(session.request(url=host + path, **{**asked, **again}, timeout=10)))

    assert replies[0] == replies[1]


def test_a_client_of_a_port(url: str) -> None:
    """The host is the server's URL."""
    assert Client(url, "u$r", "s&cret").run_page(Leads.select(ProspectID)).total == 2


def test_callers_are_served_side_by_side() -> None:
    """One that is slow holds up none."""
    faults = Faults([Fault.SLOW] * 8, slow=0.4)

    with Emulator(LEADS).server(faults=faults) as server, ThreadPoolExecutor(8) as pool:
        calls = [
            pool.submit(requests.post, server.url + PATH, params=KEYS, json=LIST, timeout=10)
            for _ in range(8)
        ]
        took = [call.result().elapsed.total_seconds() for call in calls]

    assert max(took) < 8 * 0.4


def test_a_server_ends() -> None:
    """Its port is free again."""
    emulator = Emulator(LEADS)
    with emulator.server() as server:
        port = server.port
    with emulator.server(port) as again:
        assert again.port == port

    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(again.url, timeout=2)


def test_a_server_of_the_next_network() -> None:
    """An address of IPv6 stands in brackets."""
    try:
        server = Emulator(LEADS).server(host="::1")
    except QueryError:
        pytest.skip("this machine has no IPv6")

    with server:
        assert server.url == f"http://[::1]:{server.port}"
        assert requests.get(server.url, timeout=5).status_code == 404


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
def test_a_port_that_cannot_be_used(host: str, port: Any, message: str) -> None:
    """The error says so, and what to write."""
    with pytest.raises(QueryError) as caught:
        Emulator([]).server(port, host)

    assert str(caught.value).startswith(message)
    assert "; write" in str(caught.value)


def test_a_port_that_is_taken() -> None:
    """The error says so."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(QueryError) as caught:
            Emulator([]).server(port)

    assert str(caught.value).startswith(f"port {port} of '127.0.0.1' cannot be used: ")
    assert str(caught.value).endswith("; write port 0 for a free one")


def test_a_server_needs_werkzeug(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says how to get it; all else does without."""
    monkeypatch.delitem(sys.modules, "leadquery.emulator.server")
    monkeypatch.setitem(sys.modules, "werkzeug.serving", None)

    with pytest.raises(QueryError) as caught:
        EMULATOR.server()

    assert str(caught.value) == (
        "a server needs werkzeug, which is not installed; run pip install 'leadquery[serve]'"
    )
    assert EMULATOR.session().get("https://api.example.com").status_code == 404


def test_keys_are_in_no_log(url: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Nothing is said of a call, not even of a strange one."""
    requests.post(url + PATH, params=KEYS, json=LIST, timeout=5)
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), 5) as raw:
        raw.sendall(b"POST /x?secretKey=s%26cret HTTP/9.9\r\n\r\n")
        raw.recv(1000)

    assert capfd.readouterr() == ("", "")


def test_serving_ends_when_it_is_told_to() -> None:
    """`serve` answers until then."""
    server = Emulator(LEADS).server()
    thread = Thread(target=server.serve)
    thread.start()

    status = requests.get(server.url, timeout=5).status_code
    server.close()
    thread.join(10)

    assert status == 404
    assert not thread.is_alive()
