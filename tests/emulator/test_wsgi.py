"""The mock API as a WSGI application: clients, CORS and the journal."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator
from typing import Any, cast
from wsgiref.validate import validator

import a2wsgi
import httpx
import pytest

from leadquery.emulator import Emulator, Fault, Faults
from leadquery.emulator.transport import DroppedError
from leadquery.emulator.wsgi import JOURNAL_PATH, MAX_BODY, MAX_REQUESTS, WsgiApp
from leadquery.errors import QueryError
from tests.emulator.payloads import KEYS, list_of, payload

LEADS = [{"ProspectID": "a", "FirstName": "Zoë"}, {"ProspectID": "b"}]
LIST = {**payload(list_of("ProspectID", "FirstName")), "Paging": {"PageIndex": 1, "PageSize": 9}}
HOST = "https://api.example.com"
PATH = "/Leads/LeadDistribution/FilterByLeadField"
PAGE = "http://localhost:3000"
PREFLIGHT = {"Origin": PAGE, "Access-Control-Request-Method": "POST"}


def client(app: WsgiApp) -> httpx.Client:
    return httpx.Client(transport=httpx.WSGITransport(app=validator(app)), base_url=HOST)


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    """A client of a new application."""
    with client(Emulator(LEADS, keys=[("u$r-access", "s&cret-key")]).wsgi_app()) as http:
        yield http


LONG_KEYS = {"accessKey": "u$r-access", "secretKey": "s&cret-key"}


def journal(http: httpx.Client) -> list[Any]:
    listed: list[Any] = http.get(JOURNAL_PATH).json()["requests"]
    return listed


def test_httpx_calls_it() -> None:
    emulator = Emulator(LEADS)
    with client(emulator.wsgi_app()) as http:
        response = http.post(PATH, params=KEYS, json=LIST)

    assert response.json() == emulator.answer(LIST)
    assert response.headers["Content-Length"] == str(len(response.content))


def test_an_async_client_calls_it_by_an_adapter() -> None:
    emulator = Emulator(LEADS)
    app = a2wsgi.WSGIMiddleware(emulator.wsgi_app())

    async def ask() -> Any:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=cast("Any", app))) as http:
            return (await http.post(f"{HOST}{PATH}", params=KEYS, json=LIST)).json()

    assert asyncio.run(ask()) == emulator.answer(LIST)


def test_a_body_in_parts(http: httpx.Client) -> None:
    parts = iter([json.dumps(LIST).encode(), b" "])

    headers = {"Content-Type": "application/json"}
    response = http.post(PATH, params=LONG_KEYS, content=parts, headers=headers)

    assert response.json()["TotalCount"] == "2"


def test_a_stream_that_does_not_end() -> None:
    """A server may leave the connection open after the body."""

    class Stream(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            assert size is not None
            assert size >= 0
            return super().read(size)

    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": PATH,
        "wsgi.input": Stream(b"GET / HTTP/1.1"),
    }
    statuses = []

    Emulator(LEADS).wsgi_app()(environ, lambda status, _: statuses.append(status))

    assert statuses == ["401 Unauthorized"]


def test_a_lost_connection_raises() -> None:
    with client(Emulator(LEADS).wsgi_app(Faults([Fault.DROPPED]))) as http:
        with pytest.raises(DroppedError):
            http.get("/")

        assert [entry["status"] for entry in journal(http)] == [None]


@pytest.mark.parametrize(
    ("origins", "origin"),
    [
        ([PAGE], PAGE),
        (["https://app.example.com", PAGE.upper()], PAGE),
        (("*",), PAGE),
        (["null"], "null"),
    ],
)
def test_a_page_of_an_allowed_origin(origins: list[str], origin: str) -> None:
    with client(Emulator(LEADS, rate=(1, 600)).wsgi_app(cors=iter(origins))) as http:
        preflight = http.options(PATH, headers={**PREFLIGHT, "Origin": origin})
        statuses = [preflight.status_code]
        for _ in range(2):
            response = http.post(PATH, params=KEYS, json=LIST, headers={"Origin": origin})
            statuses.append(response.status_code)
            assert response.headers["Access-Control-Allow-Origin"] == origin
            assert response.headers["Vary"] == "Origin"
        entries = journal(http)

    # The preflight does not count.
    assert statuses == [204, 200, 429]
    assert [entry["status"] for entry in entries] == [200, 429]
    assert preflight.headers["Access-Control-Allow-Origin"] == origin
    assert preflight.headers["Access-Control-Allow-Methods"] == "GET, POST, DELETE"
    assert preflight.headers["Access-Control-Allow-Headers"] == (
        "Content-Type, x-LSQ-AccessKey, x-LSQ-SecretKey"
    )


@pytest.mark.parametrize("origins", [[], ["http://localhost:3001"], ["null"]])
def test_a_page_of_another_origin(origins: list[str]) -> None:
    """It is told what to write."""
    with client(Emulator(LEADS).wsgi_app(cors=origins)) as http:
        preflight = http.options(PATH, headers=PREFLIGHT)
        response = http.post(PATH, params=KEYS, json=LIST, headers={"Origin": PAGE})

    assert preflight.status_code == 403
    assert preflight.json()["ExceptionMessage"] == (
        "pages of 'http://localhost:3000' may not call the mock API; "
        "write leadquery serve --cors http://localhost:3000"
    )
    for each in (preflight, response):
        assert not [name for name in each.headers if name.startswith("access-control")]
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 405), ({"Origin": PAGE}, 405), ({"Access-Control-Request-Method": "GET"}, 403)],
)
def test_what_is_no_preflight(headers: dict[str, str], status: int, http: httpx.Client) -> None:
    assert http.options(PATH, headers=headers).status_code == status


@pytest.mark.parametrize(
    "origin", ["localhost:3000", "http://localhost/", "http://a b", "", "**", 7, None]
)
def test_what_is_no_origin(origin: Any) -> None:
    with pytest.raises(QueryError, match=r"not an origin; write a scheme, a host and a port, as"):
        Emulator([]).wsgi_app(cors=[origin])


@pytest.mark.parametrize("origins", [PAGE, None, 7])
def test_what_is_no_list_of_origins(origins: Any) -> None:
    with pytest.raises(QueryError, match=r"cors= takes a list of origins; write \['http://"):
        Emulator([]).wsgi_app(cors=origins)


def test_the_journal_lists_requests(http: httpx.Client) -> None:
    wrong = {"Output": {"Type": "list", "IncludeCSV": "ProspectID"}, "paging": {}}
    http.post(PATH, params=LONG_KEYS, json=LIST)
    http.post(PATH, params=LONG_KEYS, json=wrong)
    http.get("/nowhere", params=LONG_KEYS)
    http.get("/v2/UserManagement.svc/Users.Get", params=LONG_KEYS)
    http.post(PATH, params={"accessKey": "x"}, content=b"\xff{")

    assert [
        (
            *(entry[name] for name in ("method", "path", "status", "payload")),
            [diagnostic["code"] for diagnostic in entry["diagnostics"]],
        )
        for entry in journal(http)
    ] == [
        ("POST", PATH, 200, LIST, []),
        ("POST", PATH, 400, wrong, ["LQ202", "LQ203", "LQ203"]),
        ("GET", "/nowhere", 404, None, []),
        ("GET", "/v2/UserManagement.svc/Users.Get", 200, None, []),
        ("POST", PATH, 401, "\ufffd{", ["LQ101"]),
    ]
    assert http.get(JOURNAL_PATH).json()["meta"] == {"total": 5}


def test_the_journal_can_be_emptied(http: httpx.Client) -> None:
    http.get("/")

    assert http.delete(JOURNAL_PATH).json() == {}
    assert http.get(JOURNAL_PATH).json() == {"requests": [], "meta": {"total": 0}}
    wrong = http.post(JOURNAL_PATH)
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "GET, DELETE")


@pytest.mark.parametrize(
    "request_parts",
    [
        {"params": LONG_KEYS},
        {"headers": {"x-LSQ-AccessKey": "u$r-access", "x-LSQ-SecretKey": "s&cret-key"}},
        {"url": f"{PATH}&accessKey=u$r-access&secretKey=s%26cret-key"},
        {"url": f"{PATH}/s&cret-key", "params": LONG_KEYS},
        {"json": {**LIST, "accessKey": "u$r-access", "SecretKey": "s&cret-key"}},
        {"json": {**LIST, "access_key": "u$r-access"}},
        {"json": {"x-LSQ-SecretKey": "s&cret-key"}},
        {"json": {"Output": "https://x?accessKey=u$r-access&secretKey=s&cret-key"}},
        {"json": {"Output": "s&cret-key"}, "params": LONG_KEYS},
        {"json": {"s&cret-key": 1}, "params": LONG_KEYS},
        {"content": b'{"secretKey": "s&cret-key', "headers": {}},
        {"content": b'"s&cret-key" \xff', "params": LONG_KEYS},
        {"content": b"secretKey=s&cret-key", "params": LONG_KEYS},
    ],
)
def test_no_key_is_in_the_journal(request_parts: dict[str, Any], http: httpx.Client) -> None:
    http.post(**{"url": PATH, **request_parts})

    [entry] = journal(http)
    text = json.dumps(entry)
    assert "u$r" not in text
    assert "s&cret" not in text
    assert "s%26cret" not in text


def test_short_keys_do_not_change_texts() -> None:
    with client(Emulator(LEADS).wsgi_app()) as http:
        http.post(PATH, params={"accessKey": "a", "secretKey": "Output"}, json=LIST)

        assert journal(http)[0]["payload"] == LIST


def test_the_journal_is_bounded(http: httpx.Client) -> None:
    http.post(PATH, content=b"[" * MAX_BODY)
    http.post(PATH, content=b"[" * (MAX_BODY + 1))
    entries = journal(http)

    assert [entry["payload"] for entry in entries] == ["[" * MAX_BODY, None]
    assert [bool(entry["diagnostics"]) for entry in entries] == [True, False]
    for _ in range(MAX_REQUESTS):
        http.get("/")
    listed = http.get(JOURNAL_PATH).json()
    assert len(listed["requests"]) == MAX_REQUESTS
    assert listed["meta"]["total"] == MAX_REQUESTS + 2
