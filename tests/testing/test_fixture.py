"""The fixture `leadsquared`: an account in the process that blocks other connections."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import httpx
import pytest
import requests

from leadquery import Client, Leads, check
from leadquery.emulator import ApiRequest, Emulator, Fault, Faults
from leadquery.emulator.transport import Transport
from leadquery.errors import (
    AuthenticationError,
    BadRequestError,
    PayloadError,
    QueryError,
    RateLimitError,
)
from leadquery.expr.field_types import Field, Number
from leadquery.fields import FirstName, ProspectID, Score
from leadquery.testing import FakeLeadSquared, NetworkBlockedError
from leadquery.users import Role
from leadquery.wire.enums import PATH

KEYS = {"accessKey": "leadsquared-access", "secretKey": "leadsquared-secret"}
JSON = {"Content-Type": "application/json"}
LIST = b'{"Output": {"Type": "list", "IncludeCSV": "ProspectID"}}'
VARIABLES = ("LEADQUERY_HOST", "LEADQUERY_ACCESS_KEY", "LEADQUERY_SECRET_KEY")


def test_there_are_demo_leads(leadsquared: FakeLeadSquared) -> None:
    """500 of them, for a client that the test makes and for one of the environment."""
    assert leadsquared.client().count(Leads) == 500
    assert Client.from_env().count(Leads) == 500
    assert leadsquared.emulator.leads == 500


def test_load_replaces_leads_users_and_fields(leadsquared: FakeLeadSquared) -> None:
    client = leadsquared.client()
    leadsquared.load(
        [{"ProspectID": "a", "mx_Code": "9", "OwnerId": "u"}, {"ProspectID": "b"}],
        [{"UserID": "u", "Role": "Sales_User"}],
        [Number("mx_Code", "The Code")],
    )

    assert client.count(Leads.where(Number("mx_Code") > 8)) == 1
    assert client.count(Leads.owned_by(Role == "Sales_User")) == 1
    fields = {field["SchemaName"]: field["DisplayName"] for field in client.lead_fields()}
    assert fields["mx_Code"] == "The Code"


def test_an_account_can_be_loaded_before_it_is_used() -> None:
    account = FakeLeadSquared()

    account.load([{"ProspectID": "a"}])

    assert account.emulator.leads == 1
    assert not hasattr(requests.Session, "unpaced")


@pytest.mark.parametrize("name", ["UserID", "UserId", "ID"])
def test_the_id_of_a_user_has_the_names_of_the_vendor(
    leadsquared: FakeLeadSquared, name: str
) -> None:
    leadsquared.load([{"ProspectID": "a", "OwnerId": "u"}], [{name: "u", "Role": "Sales_User"}])

    assert Client.from_env().count(Leads.owned_by(Role == "Sales_User")) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"leads": [{"ProspectID": "a"}, {"Sorce": "Web"}]},
            (
                "lead 2: unknown field 'Sorce'; write 'Source', "
                "or fields=[Field('Sorce')] for one of your own"
            ),
        ),
        (
            {"leads": [{"Name": "Asha"}]},
            (
                "lead 1: 'Name' is not a schema name; write 'FirstName' or 'LastName', "
                "or fields=[Field('Name')] for one of your own"
            ),
        ),
        (
            {"leads": [], "users": [{"UserID": "u", "role": "Sales_User"}]},
            (
                "user 1: 'role' differs from 'Role' only in letter case; write 'Role', "
                "or fields=[Field('role')] for one of your own"
            ),
        ),
        ({"leads": 7}, "leads are a list of dicts, not a number; write [{...}, {...}]"),
    ],
)
def test_a_misspelt_name_is_rejected(
    arguments: dict[str, Any], message: str, leadsquared: FakeLeadSquared
) -> None:
    with pytest.raises(QueryError) as caught:
        leadsquared.load(**arguments)

    assert str(caught.value) == message
    assert leadsquared.emulator.leads == 500


def test_custom_names_are_accepted(leadsquared: FakeLeadSquared) -> None:
    """A name that resembles no standard one, or that `fields` contain."""
    leads = [{"Course": "MBA", "mx_Sorce": "a", "Sorce": "b"}]

    leadsquared.load(leads, fields=iter([Field("Sorce", "Our Source")]))

    client = leadsquared.client()
    assert client.count(Leads.where(Field("Sorce") == "b")) == 1
    assert "Our Source" in [field["DisplayName"] for field in client.lead_fields()]


@pytest.mark.parametrize(
    "host",
    [
        *("api.leadsquared.com", "ANALYTICSAPI-in21.leadsquared.com", "leadsquared.com"),
        *("api.leadsquared.com.", FakeLeadSquared.host),
    ],
)
@pytest.mark.parametrize("scheme", ["https", "http"])
@pytest.mark.usefixtures("leadsquared")
def test_every_host_of_the_api_answers(host: str, scheme: str) -> None:
    url = f"{scheme}://{host}{PATH}"

    reply = requests.post(url, params=KEYS, data=LIST, headers=JSON, timeout=5)

    assert reply.json()["TotalCount"] == "500"
    assert requests.get(url, timeout=5).status_code == 405
    assert requests.get(f"{scheme}://{host}/x", timeout=5).status_code == 404


@pytest.mark.parametrize("own", [None, requests.Session])
@pytest.mark.parametrize("auth", ["query", "headers"])
def test_the_keys_arrive_once(leadsquared: FakeLeadSquared, own: Any, auth: Any) -> None:
    sent: list[str] = []
    handle = leadsquared.emulator.transport().handle
    client = leadsquared.client(session=own and own(), auth=auth)

    with pytest.MonkeyPatch.context() as patched:

        def record(_: object, request: ApiRequest, timeout: float) -> object:
            sent.extend([*(name for name, _ in request.query), *request.headers])
            return handle(request, timeout)

        patched.setattr(Transport, "handle", record)
        assert client.count(Leads) == 500

    names = [name.lower() for name in sent if "key" in name.lower()]
    assert names == (
        ["accesskey", "secretkey"] if auth == "query" else ["x-lsq-accesskey", "x-lsq-secretkey"]
    )


def test_other_keys_are_rejected(leadsquared: FakeLeadSquared) -> None:
    with pytest.raises(AuthenticationError):
        Client(leadsquared.host, leadsquared.access_key, "other").count(Leads)


def test_received_queries_and_payloads_are_recorded(leadsquared: FakeLeadSquared) -> None:
    sent = [Leads.select(ProspectID), Leads.where(Score > 5).select(FirstName)]
    client = leadsquared.client()
    for query in sent:
        client.run_page(query)
    client.lead_fields()

    assert leadsquared.queries == sent
    assert leadsquared.payloads == [query.to_payload() for query in sent]


def test_invalid_payloads_are_recorded(leadsquared: FakeLeadSquared) -> None:
    url = f"https://{leadsquared.host}{PATH}"
    for body in (b"{}", "é{".encode(), BytesIO(LIST), iter([LIST[:9], LIST[9:]])):
        sent: Any = body
        requests.post(url, params=KEYS, data=sent, headers=JSON, timeout=5)
    listed = {"Output": {"Type": "list", "IncludeCSV": "ProspectID"}}

    assert leadsquared.payloads == [{}, "é{", listed, listed]
    with pytest.raises(PayloadError):
        _ = leadsquared.queries


def test_injected_faults(leadsquared: FakeLeadSquared) -> None:
    client = leadsquared.client(max_attempts=1)
    assert client.count(Leads) == 500

    leadsquared.inject_faults(Faults([Fault.REJECTED, Fault.LIMITED]))
    with pytest.raises(BadRequestError):
        client.count(Leads)
    with pytest.raises(RateLimitError):
        client.count(Leads)
    assert client.count(Leads) == 500

    leadsquared.inject_faults(Faults({Fault.REJECTED: 1.0}))
    with pytest.raises(BadRequestError):
        client.count(Leads)
    leadsquared.inject_faults(Faults())
    assert client.count(Leads) == 500


def test_a_rate_limit(leadsquared: FakeLeadSquared) -> None:
    leadsquared.load([], rate=(2, 600.0))
    free = leadsquared.client(rate=None, max_attempts=1)

    assert [free.count(Leads), free.count(Leads)] == [0, 0]
    with pytest.raises(RateLimitError):
        free.count(Leads)
    assert requests.Session().unpaced is False  # type: ignore[attr-defined]
    leadsquared.load([])
    assert requests.Session().unpaced is True  # type: ignore[attr-defined]


def test_calls_without_a_rate_limit_do_not_wait(leadsquared: FakeLeadSquared) -> None:
    client = leadsquared.client()
    with ThreadPoolExecutor(8) as pool:
        counts = [*pool.map(client.count, [Leads] * 60)]

    assert counts == [500] * 60
    assert len(leadsquared.payloads) == 60


def test_each_fault_happens_once_among_threads(leadsquared: FakeLeadSquared) -> None:
    leadsquared.inject_faults(Faults([Fault.REJECTED] * 3))
    client = leadsquared.client(max_attempts=1)

    def ask(_: int) -> int:
        try:
            return client.count(Leads)
        except BadRequestError:
            return -1

    with ThreadPoolExecutor(8) as pool:
        ends = [*pool.map(ask, range(16))]

    assert (ends.count(-1), ends.count(500)) == (3, 13)


def test_another_emulator_is_independent(leadsquared: FakeLeadSquared) -> None:
    emulator = Emulator([{"ProspectID": "a"}], rate=(5, 600.0))
    session = emulator.session()

    assert Client("api.leadsquared.com", "any", "keys", session).count(Leads) == 1
    assert session.unpaced is False
    assert leadsquared.payloads == []


ADDRESS = ("127.0.0.1", 9)
SOCKETS: dict[str, Callable[[], object]] = {
    "requests": lambda: requests.get("https://example.com", timeout=1),
    "requests through a proxy": lambda: requests.get(
        "https://example.com", timeout=1, proxies={"https": "http://127.0.0.1:9"}
    ),
    "another host that ends alike": lambda: requests.get("https://notleadsquared.com", timeout=1),
    "httpx": lambda: httpx.get("https://example.com", timeout=1),
    "create_connection": lambda: socket.create_connection(ADDRESS, 1),
    "a name": lambda: socket.getaddrinfo("example.com", 80),
    "a name as bytes": lambda: socket.getaddrinfo(b"example.com", 80),
    "an old look-up": lambda: socket.gethostbyname("example.com"),
    "a look-up the other way": lambda: socket.gethostbyaddr(ADDRESS[0]),
    "a name of an address": lambda: socket.getnameinfo(ADDRESS, 0),
    "asyncio": lambda: asyncio.run(_opened()),
}


async def _opened() -> None:
    await asyncio.open_connection(*ADDRESS)


@pytest.mark.parametrize("name", SOCKETS)
@pytest.mark.usefixtures("leadsquared")
def test_connections_are_blocked(name: str) -> None:
    with pytest.raises(NetworkBlockedError) as caught:
        SOCKETS[name]()

    host = str(caught.value).split("'")[1]
    assert str(caught.value) == (
        f"connection to '{host}' in a test with leadsquared; to allow it, "
        f"write leadsquared.allow_hosts('{host}')"
    )


@pytest.mark.parametrize(
    ("socket_type", "use"),
    [
        (socket.SOCK_STREAM, lambda own: own.connect(ADDRESS)),
        (socket.SOCK_STREAM, lambda own: own.connect_ex(ADDRESS)),
        (socket.SOCK_DGRAM, lambda own: own.connect(ADDRESS)),
        (socket.SOCK_DGRAM, lambda own: own.sendto(b"x", ADDRESS)),
        (socket.SOCK_DGRAM, lambda own: own.sendto(b"x", 0, ADDRESS)),
        (socket.SOCK_DGRAM, lambda own: own.sendmsg([b"x"], [], 0, ADDRESS)),
    ],
)
@pytest.mark.usefixtures("leadsquared")
def test_socket_methods_are_blocked(
    socket_type: int, use: Callable[[socket.socket], object]
) -> None:
    with socket.socket(socket.AF_INET, socket_type) as own, pytest.raises(NetworkBlockedError):
        use(own)


def test_an_allowed_host(leadsquared: FakeLeadSquared) -> None:
    leadsquared.allow_hosts("127.0.0.1")

    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname(), 5) as own:
            assert own.getpeername() == server.getsockname()
        with pytest.raises(NetworkBlockedError):
            socket.create_connection(("localhost", server.getsockname()[1]), 5)


def test_datagrams_and_lookups_of_an_allowed_host(leadsquared: FakeLeadSquared) -> None:
    leadsquared.allow_hosts("127.0.0.1")

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.bind(("127.0.0.1", 0))
        assert own.sendmsg([b"x"], [], 0, own.getsockname()) == 1
        assert own.recv(1) == b"x"
    numbers = socket.NI_NUMERICHOST | socket.NI_NUMERICSERV
    assert socket.getnameinfo(("127.0.0.1", 80), numbers) == ("127.0.0.1", "80")


@pytest.mark.usefixtures("leadsquared")
def test_local_sockets_are_not_blocked() -> None:
    """Socket pairs, event loops and servers."""
    one, other = socket.socketpair()
    with one, other:
        one.sendall(b"x")
        assert other.recv(1) == b"x"
        one.sendmsg([b"y"])
        assert other.recv(1) == b"y"

    assert asyncio.run(asyncio.sleep(0, "slept")) == "slept"
    assert socket.getaddrinfo(None, 80, flags=socket.AI_PASSIVE)
    assert socket.getaddrinfo("::", 80)


def test_a_socket_pair_made_of_a_connection(
    leadsquared: FakeLeadSquared, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows."""
    from leadquery.testing.network import block_network

    def connected() -> tuple[socket.socket, socket.socket]:
        with socket.create_server(("127.0.0.1", 0)) as server:
            one = socket.create_connection(server.getsockname(), 5)
            return one, server.accept()[0]

    monkeypatch.setattr(socket, "socketpair", connected)
    leadsquared.allow_hosts("127.0.0.1")
    with block_network(()):
        one, other = socket.socketpair()
        one.close()
        other.close()
        with pytest.raises(NetworkBlockedError):
            socket.create_connection(ADDRESS, 1)


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="there are no such sockets here")
@pytest.mark.usefixtures("leadsquared")
def test_unix_sockets_are_not_blocked(tmp_path: Any) -> None:
    file = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as own:
        server.bind(file)
        server.listen()
        own.connect(file)


def test_the_patches_are_undone() -> None:
    before = [getattr(socket.socket, name) for name in ("connect", "connect_ex", "sendto")]
    send, lookup, pair = requests.adapters.HTTPAdapter.send, socket.getaddrinfo, socket.socketpair

    with FakeLeadSquared().patched():
        assert socket.getaddrinfo is not lookup
        assert requests.adapters.HTTPAdapter.send is not send

    assert [getattr(socket.socket, name) for name in ("connect", "connect_ex", "sendto")] == before
    assert "connect" not in vars(socket.socket)
    assert (requests.adapters.HTTPAdapter.send, socket.getaddrinfo, socket.socketpair) == (
        send,
        lookup,
        pair,
    )
    assert not hasattr(requests.Session, "unpaced")
    assert not set(VARIABLES) & os.environ.keys()


def test_the_fields_can_be_checked_against(leadsquared: FakeLeadSquared) -> None:
    payload = {"Output": {"Type": "list", "IncludeCSV": "mx_Nothing"}}

    report = check(payload, fields=leadsquared.client().lead_fields())

    assert "LQ601" in {diagnostic.code for diagnostic in report.diagnostics}
