"""Sessions that call the mock API in the process."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from threading import Thread
from typing import Any

import pytest
import requests

from leadquery import Client, Leads
from leadquery.emulator import Emulator
from leadquery.errors import BadRequestError, QueryError
from tests.emulator.payloads import KEYS, URL, list_of, payload

LIST = payload(list_of("ProspectID"))
BODY = json.dumps(LIST)
CLOSED = "the mock API is closed; make another Emulator"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening a socket raises an error."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("no_sockets")
@pytest.mark.parametrize("scheme", ["https", "http", "HTTPS"])
def test_a_session_never_opens_a_socket(scheme: str) -> None:
    """Whatever the host, the scheme and the configured proxies."""
    session = Emulator([{"ProspectID": "a"}]).session()

    response = session.post(URL.replace("https", scheme), params=KEYS, json=LIST)

    assert session.trust_env is False
    assert response.json()["Results"] == [{"ProspectID": "a"}]


@pytest.mark.usefixtures("no_sockets")
def test_other_schemes_raise_an_error() -> None:
    """Only http and https are mounted."""
    with pytest.raises(requests.exceptions.InvalidSchema):
        Emulator([]).session().get("ftp://example.com")


def parts() -> Iterator[bytes]:
    """A body in chunks."""
    yield from (bytes([byte]) for byte in BODY.encode())


@pytest.mark.parametrize("data", [BODY, BODY.encode(), BytesIO(BODY.encode()), parts()])
def test_forms_of_a_body(data: Any) -> None:
    """Text, bytes, files and iterators, as requests allows."""
    session = Emulator([{"ProspectID": "a"}]).session()

    assert session.post(URL, params=KEYS, data=data, headers=JSON).status_code == 200


def test_a_request_without_a_body() -> None:
    """A 400, like any invalid payload."""
    assert Emulator([]).session().post(URL, params=KEYS, headers=JSON).status_code == 400


def test_a_response_can_be_streamed() -> None:
    session = Emulator([{"ProspectID": "a"}]).session()

    with session.post(URL, params=KEYS, json=LIST, stream=True) as response:
        text = b"".join(response.iter_content(3))

    assert json.loads(text)["TotalCount"] == "1"
    assert response.url.startswith(URL)
    assert response.request.method == "POST"


def test_many_sessions() -> None:
    """Closing one does not affect the others."""
    emulator = Emulator([{"ProspectID": "a"}])
    one, other = emulator.session(), emulator.session()
    one.close()
    del emulator

    assert one is not other
    assert other.post(URL, params=KEYS, json=LIST).status_code == 200


def test_a_closed_emulator() -> None:
    """It raises an error; sessions get status 500."""
    emulator = Emulator([{"ProspectID": "a"}])
    session = emulator.session()
    client = Client("api.example.com", "k-access", "k-secret", session)
    emulator.close()
    emulator.close()

    with pytest.raises(QueryError) as caught:
        emulator.answer(LIST)
    response = session.post(URL, params=KEYS, json=LIST)
    with pytest.raises(BadRequestError) as failed:
        client.count(Leads)

    assert str(caught.value) == CLOSED
    assert (response.status_code, response.json()["ExceptionMessage"]) == (500, CLOSED)
    assert response.json()["Status"] == "Error"
    assert (failed.value.status, failed.value.api_message) == (500, CLOSED)
    assert repr(emulator) == "<Emulator: 1 leads, 0 users>"


def test_close_waits_for_running_requests() -> None:
    """Each gets a result, or the error of a closed emulator."""
    emulator = Emulator({"ProspectID": str(place)} for place in range(2_000))
    ends: list[str] = []

    def ask() -> None:
        for _ in range(10_000):
            try:
                emulator.answer(LIST)
            except QueryError as error:
                ends.append(str(error))
                return

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    emulator.close()
    for thread in threads:
        thread.join()

    assert ends == [CLOSED] * 4


def test_threads_share_an_emulator() -> None:
    """Concurrent requests are processed one by one."""
    emulator = Emulator({"ProspectID": str(place)} for place in range(500))
    statuses: list[int] = []

    def ask() -> None:
        session = emulator.session()
        statuses.extend(
            len(session.post(URL, params=KEYS, json=LIST).json()["Results"]) for _ in range(10)
        )

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [500] * 80


def test_only_sessions_import_requests() -> None:
    """Importing and calling the emulator does not."""
    lines = (
        "import sys",
        "from leadquery.emulator import Emulator",
        f"Emulator([]).answer({LIST})",
        "print('requests' in sys.modules)",
    )
    ran = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True
    )

    assert ran.stdout == "False\n"
