"""What is written for a client is sent by that client, and arrives as the payload."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadquery.spec.vocabulary import CONTENT_TYPE, PATH
from leadquery.targets import named
from tests.targets.box import ACCESS, SECRET, Box, opened
from tests.targets.clients import CLIENTS, Client
from tests.targets.queries import EASY, HARD, LEADS

SHOWING = [client for client in CLIENTS if client.shows]
FORMATS = ["json", "csv"]
JSON = {
    "TotalCount": "7",
    "Results": [{"Score": one["Score"], "Notes": one["Notes"]} for one in LEADS],
}
CSV = "Score,Notes\r\n" + "".join(
    f'{one["Score"]},"{one["Notes"].replace(chr(34), chr(34) * 2)}"\r\n' for one in LEADS
)


@pytest.fixture(scope="module")
def running() -> Iterator[Box]:
    """One box for all."""
    with opened() as box:
        yield box


@pytest.fixture
def box(running: Box) -> Box:
    """The box, with nothing arrived."""
    running.calls.clear()
    running.says.clear()
    return running


def named_by(client: Client) -> str:
    """The name of a test."""
    return client.name


def written(folder: Path, client: Client, text: str) -> Path:
    """The file of a client."""
    file = folder / f"query{named(client.target).suffix}"
    file.write_bytes(text.encode())
    return file


@pytest.mark.parametrize("response_format", FORMATS)
@pytest.mark.parametrize("client", CLIENTS, ids=named_by)
def test_what_arrives_is_the_payload(
    client: Client, response_format: str, box: Box, tmp_path: Path
) -> None:
    """Whatever its texts hold; the keys arrive too, and the format."""
    text = HARD.to_request(client.target, response_format=response_format)

    ran = client.send(written(tmp_path, client, text), box)

    assert (ran.returncode, ran.stderr) == (0, b"")
    [call] = box.calls
    assert json.loads(call.body) == HARD.to_payload()
    assert (call.path, call.kind) == (PATH, CONTENT_TYPE)
    assert call.parameters == {
        "accessKey": [ACCESS],
        "secretKey": [SECRET],
        "responseformat": [response_format.upper()],
    }


@pytest.mark.parametrize("client", SHOWING, ids=named_by)
def test_the_answer_is_shown(client: Client, box: Box, tmp_path: Path) -> None:
    """As JSON, on the output."""
    text = EASY.page(2, 5).to_request(client.target)

    ran = client.send(written(tmp_path, client, text), box)

    assert json.loads(ran.stdout) == {**JSON, "Results": JSON["Results"][5:]}


@pytest.mark.parametrize("client", SHOWING, ids=named_by)
def test_the_answer_is_shown_as_csv(client: Client, box: Box, tmp_path: Path) -> None:
    """Byte for byte."""
    text = EASY.page(1, 10).to_request(client.target, response_format="csv")

    ran = client.send(written(tmp_path, client, text), box)

    assert ran.stdout == CSV.encode()


@pytest.mark.parametrize("client", SHOWING, ids=named_by)
def test_a_loop_asks_for_every_page(client: Client, box: Box, tmp_path: Path) -> None:
    """From the first to the last; the rows come together."""
    ran = client.send(
        written(tmp_path, client, EASY.page(3, 3).to_request(client.target, all_pages=True)), box
    )

    assert (ran.returncode, ran.stderr) == (0, b"")
    asked = [json.loads(call.body) for call in box.calls]
    # A shell cannot read the total: it learns of the end from a page without rows.
    last = 4 if client.target == "curl" else 3
    assert asked == [EASY.page(page, 3).to_payload() for page in range(1, last + 1)]
    assert joined(ran.stdout.decode()) == JSON


def joined(text: str) -> object:
    """One answer of the answers of several pages, one behind the other."""
    pages = []
    while text:
        page, end = json.JSONDecoder().raw_decode(text)
        text = text[end:].lstrip()
        pages.append(page)
    return {**pages[0], "Results": [row for page in pages for row in page["Results"]]}


@pytest.mark.parametrize("client", SHOWING, ids=named_by)
def test_a_loop_writes_one_csv(client: Client, box: Box, tmp_path: Path) -> None:
    """With the header once. The end is a page without rows."""
    query = EASY.page(1, 4)
    text = query.to_request(client.target, response_format="csv", all_pages=True)

    ran = client.send(written(tmp_path, client, text), box)

    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.replace(b"\r\n", b"\n") == CSV.replace("\r\n", "\n").encode()
    assert len(box.calls) == 3


@pytest.mark.parametrize("client", SHOWING, ids=named_by)
@pytest.mark.parametrize("loops", [False, True], ids=["once", "loop"])
@pytest.mark.parametrize("response_format", FORMATS)
def test_an_error_of_the_api_ends_it(
    client: Client, loops: bool, response_format: str, box: Box, tmp_path: Path
) -> None:
    """Not with 0; the API's words are shown, the keys are not."""
    text = EASY.to_request(client.target, response_format=response_format, all_pages=loops)

    ran = client.send(written(tmp_path, client, text), box, LEADQUERY_ACCESS_KEY="stranger")

    shown = (ran.stdout + ran.stderr).decode()
    assert ran.returncode != 0
    assert "the access key and the secret key are missing or not known" in shown
    assert "stranger" not in shown


# A shell shows what comes, whatever it is; what it shows as a page of many, it looks at.
LOOKING = [
    pytest.param(one, loops, id=f"{one.name}-{'loop' if loops else 'once'}")
    for one in SHOWING
    for loops in (False, True)
    if loops or one.target != "curl"
]


@pytest.mark.parametrize(("client", "loops"), LOOKING)
@pytest.mark.parametrize("response_format", FORMATS)
def test_an_error_with_status_200_ends_it(
    client: Client, loops: bool, response_format: str, box: Box, tmp_path: Path
) -> None:
    """As the one over the limit has been seen."""
    text = EASY.to_request(client.target, response_format=response_format, all_pages=loops)
    error = {"Status": "Error", "ExceptionType": "MX", "ExceptionMessage": "over the limit"}
    box.says.append(json.dumps(error).encode())

    ran = client.send(written(tmp_path, client, text), box)

    assert ran.returncode != 0
    assert ran.stdout == b""
    assert b"over the limit" in ran.stderr


@pytest.mark.parametrize("client", SHOWING, ids=named_by)
def test_a_call_that_fails_shows_no_key(client: Client, tmp_path: Path) -> None:
    """Not even in a traceback: a host that refuses, and one that is none."""
    file = written(tmp_path, client, EASY.to_request(client.target))

    for host in ("http://127.0.0.1:1", "no host"):
        ran = client.send(file, Box(host), LEADQUERY_ACCESS_KEY="k-access")
        shown = (ran.stdout + ran.stderr).decode()

        assert ran.returncode != 0
        assert shown
        assert "k-access" not in shown


@pytest.mark.parametrize("client", SHOWING, ids=named_by)
def test_a_bare_host_is_called_by_https(client: Client, box: Box, tmp_path: Path) -> None:
    """A server that speaks http alone cannot answer, and hears no key."""
    file = written(tmp_path, client, EASY.to_request(client.target))

    ran = client.send(file, box, LEADQUERY_HOST=box.host.removeprefix("http://"))

    assert ran.returncode != 0
    assert box.calls == []


@pytest.mark.parametrize("client", SHOWING, ids=named_by)
def test_a_variable_that_is_missing_is_named(client: Client, box: Box, tmp_path: Path) -> None:
    """And nothing is sent."""
    file = written(tmp_path, client, EASY.to_request(client.target))

    ran = client.send(file, box, LEADQUERY_SECRET_KEY="")

    assert ran.returncode != 0
    assert b"LEADQUERY_SECRET_KEY" in ran.stderr
    assert box.calls == []
