"""The page that `leadquery serve --page` serves, beside the mock API."""

from __future__ import annotations

import json
from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
import requests
from attrs import frozen

from leadquery import Leads
from leadquery.emulator import Emulator
from leadquery.emulator.server import EmulatorServer
from leadquery.page.app import POLICY, with_page
from leadquery.page.build import WEB
from leadquery.page.examples import EXAMPLES

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment


@frozen
class Response:
    """What a request got."""

    status: str
    headers: dict[str, str]
    body: str


def _api(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [b"the mock API"]


def _get(path: str, method: str = "GET", body: str = "", **environ: str) -> Response:
    """The response to a request of a browser on this machine."""
    seen: list[Any] = []
    settings = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "HTTP_HOST": "127.0.0.1:8000",
        "CONTENT_TYPE": "application/json",
        "wsgi.input": BytesIO(body.encode()),
        **environ,
    }
    parts = with_page(_api, "leads.test")(settings, lambda *values: seen.append(values))  # type: ignore[arg-type]
    status, headers = seen[0]
    return Response(status, dict(headers), b"".join(parts).decode())


def _call(*values: object, **environ: str) -> Response:
    return _get("/call", "POST", json.dumps(values), **environ)


def test_the_page_is_at_the_root() -> None:
    page = _get("/")

    assert page.status == "200 OK"
    assert page.body == (WEB / "index.html").read_text("utf-8")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Content-Security-Policy"] == POLICY


def test_everything_that_its_scripts_import_is_served() -> None:
    served = ["/main.js"]
    for path in served:
        script = _get(path)
        assert script.headers["Content-Type"].startswith("text/javascript")
        names = [
            line.split('"./')[1][:-2] for line in script.body.split("\n") if 'from "./' in line
        ]
        served += [f"/{name}" for name in names if f"/{name}" not in served]
    assert set(served) == {"/main.js", "/page.js", "/editor.js", "/places.js", "/examples.js"}
    assert _get("/style.css").headers["Content-Type"].startswith("text/css")
    assert _get("/icon.svg").headers["Content-Type"] == "image/svg+xml"


def test_other_paths_are_those_of_the_api() -> None:
    for path in ("/v2/anything", "/served.js", "/../analysis.py", "/package.json"):
        assert _get(path).body == "the mock API"


def test_a_call_is_analyzed() -> None:
    found = _call("analyze", EXAMPLES["payload"])

    assert found.status == "200 OK"
    assert json.loads(found.body)["summary"] == "3 errors, 1 warning; 4 can be fixed"
    assert json.loads(_call("fix", '{"Output": {"type": 1}}', 1).body).startswith('{"Output"')


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:80", "[::1]:8000", "192.168.0.2", "leads.test"]
)
def test_the_page_has_the_names_of_this_machine(host: str) -> None:
    assert _call("fix", "{}", HTTP_HOST=host).status == "200 OK"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "", "localhost.evil.example"]
)
def test_another_name_is_refused(host: str) -> None:
    """It may be a name of another website for this address."""
    assert _call("fix", "{}", HTTP_HOST=host).status == "403 Forbidden"
    assert _get("/", HTTP_HOST=host).status == "403 Forbidden"


def test_another_website_may_not_call() -> None:
    same = _call("fix", "{}", HTTP_ORIGIN="http://127.0.0.1:8000")
    other = _call("fix", "{}", HTTP_ORIGIN="https://evil.example")

    assert same.status == "200 OK"
    assert other.status == "403 Forbidden"
    assert _call("fix", "{}", CONTENT_TYPE="text/plain").status == "415 Unsupported Media Type"
    assert _get("/call").status == "405 Method Not Allowed"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "{}",
        '["fix"]',
        '["fix", 1]',
        '["eval", "1"]',
        '["fix", "a", 1, 2]',
        "[" * 99_999,
    ],
)
def test_a_call_of_another_form_is_refused(body: str) -> None:
    refused = _get("/call", "POST", body)

    assert refused.status == "400 Bad Request"
    assert refused.body.startswith("POST a list: one of analyze, demo")


def test_the_page_and_the_api_have_one_server() -> None:
    app = with_page(Emulator.demo(20).wsgi_app(), "127.0.0.1")
    with EmulatorServer(app, "127.0.0.1", 0) as server:
        page = requests.get(server.url, timeout=30)
        found = requests.post(f"{server.url}/call", json=["analyze", "{}"], timeout=30)
        keys = {"accessKey": "a", "secretKey": "b"}
        path = Leads.select("Phone").to_request("http").split("{{host}}")[-1].split("?")[0]
        answered = requests.post(f"{server.url}{path}", params=keys, json={}, timeout=30)

    assert "Check a lead query" in page.text
    assert found.json()["language"] == "payload"
    assert answered.status_code == 400
