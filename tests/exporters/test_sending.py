"""What is written for a client is sent by that client, and arrives as the payload."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadquery.exporters import get_exporter
from leadquery.exporters.base import ExportRequest
from leadquery.wire.protocol import CONTENT_TYPE, PATH
from tests.exporters.box import ACCESS, SECRET, Box, Said, opened
from tests.exporters.clients import CLIENTS, Client
from tests.exporters.queries import EASY, HARD, LEADS

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
    file = folder / f"query{get_exporter(client.target).suffix}"
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


@pytest.mark.parametrize("client", CLIENTS, ids=named_by)
def test_an_object_without_entries_stays_an_object(
    client: Client, box: Box, tmp_path: Path
) -> None:
    """A filter of nothing is one, and no list."""
    payload = {**EASY.to_payload(), "ReportFilter": {}}
    text = get_exporter(client.target).text([ExportRequest(payload)])

    ran = client.send(written(tmp_path, client, text), box)

    assert ran.returncode == 0
    assert json.loads(box.calls[0].body) == payload


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


ERROR = {"Status": "Error", "ExceptionType": "MX", "ExceptionMessage": "over the limit"}
NO_ANSWERS = {
    "error": Said(json.dumps(ERROR).encode()),
    "html": Said(b"<html>over the limit</html>", kind="text/html"),
    "broken": Said(b'{"over the limit', kind=CONTENT_TYPE),
    "list": Said(b"[]"),
    "text": Said(b'"over the limit"'),
    "empty": Said(b""),
    "server": Said(b"over the limit", 500, "text/plain"),
}


@pytest.mark.parametrize("client", SHOWING, ids=named_by)
@pytest.mark.parametrize("loops", [False, True], ids=["once", "loop"])
@pytest.mark.parametrize("said", NO_ANSWERS.values(), ids=NO_ANSWERS)
@pytest.mark.parametrize("response_format", FORMATS)
def test_what_is_no_answer_ends_it(
    client: Client, loops: bool, said: Said, response_format: str, box: Box, tmp_path: Path
) -> None:
    """With status 200, too: so the error over the limit has been seen. No trace is shown."""
    text = EASY.to_request(client.target, response_format=response_format, all_pages=loops)
    box.says.append(said)

    ran = client.send(written(tmp_path, client, text), box)

    assert ran.returncode != 0
    assert ran.stdout == b""
    if client.target != "powershell":
        assert ran.stderr.decode().strip() == f"status {said.status}: {said.body.decode()}".strip()


@pytest.mark.parametrize("client", SHOWING, ids=named_by)
@pytest.mark.parametrize("loops", [False, True], ids=["once", "loop"])
@pytest.mark.parametrize("response_format", FORMATS)
def test_a_redirect_shows_its_status_alone(
    client: Client, loops: bool, response_format: str, box: Box, tmp_path: Path
) -> None:
    """Its header and its body may repeat the URL."""
    text = EASY.to_request(client.target, response_format=response_format, all_pages=loops)
    place = f"{box.host}/moved?accessKey=k-access"
    box.says.append(Said(f"moved to {place}".encode(), 301, location=place))

    ran = client.send(written(tmp_path, client, text), box, LEADQUERY_ACCESS_KEY="k-access")

    assert ran.returncode != 0
    assert ran.stdout == b""
    assert b"status 301" in ran.stderr
    assert b"k-access" not in ran.stderr
    assert len(box.calls) == 1


CHUNK = f"{len(CSV.encode()):x}\r\n{CSV}\r\n".encode()


@pytest.mark.parametrize("client", SHOWING, ids=named_by)
@pytest.mark.parametrize("loops", [False, True], ids=["once", "loop"])
@pytest.mark.parametrize(
    "said",
    [
        Said(CSV.encode()[:40], kind="text/csv", length=len(CSV.encode())),
        Said(CHUNK, kind="text/csv", chunked=True),
    ],
    ids=["length", "chunks"],
)
def test_an_answer_that_breaks_off_ends_it(
    client: Client, loops: bool, said: Said, box: Box, tmp_path: Path
) -> None:
    """Nobody takes its beginning for the whole."""
    text = EASY.to_request(client.target, response_format="csv", all_pages=loops)
    box.says.append(said)

    ran = client.send(written(tmp_path, client, text), box)

    assert ran.returncode != 0
    assert ran.stdout == b""
    assert ran.stderr


@pytest.mark.parametrize("client", SHOWING, ids=named_by)
@pytest.mark.parametrize("text", [CSV, f"{CSV}\r\n\n", CSV.rstrip(), "Score\n"])
def test_an_answer_in_chunks_is_shown(client: Client, text: str, box: Box, tmp_path: Path) -> None:
    """Byte for byte, whatever line ends it has."""
    body = text.encode()
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(one), one) for one in (body[:5], body[5:]))
    box.says.append(Said(chunks + b"0\r\n\r\n", kind="text/csv; charset=utf-8", chunked=True))
    script = EASY.to_request(client.target, response_format="csv")

    ran = client.send(written(tmp_path, client, script), box)

    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout == body


@pytest.mark.parametrize("client", SHOWING, ids=named_by)
def test_a_call_that_fails_shows_no_key(client: Client, tmp_path: Path) -> None:
    """In one line: a host that refuses, and some that are none."""
    file = written(tmp_path, client, EASY.to_request(client.target))

    for host in ("http://127.0.0.1:1", "no host", "http://x:abc", "http://a..b", "x://y"):
        ran = client.send(file, Box(host), LEADQUERY_ACCESS_KEY="k-access")
        shown = (ran.stdout + ran.stderr).decode()

        assert ran.returncode != 0
        assert shown
        assert "k-access" not in shown
        assert client.target == "powershell" or shown.count("\n") == 1


@pytest.mark.parametrize("client", SHOWING, ids=named_by)
def test_a_bare_host_is_called_by_https(client: Client, box: Box, tmp_path: Path) -> None:
    """A server that speaks http alone cannot answer, and hears no key."""
    file = written(tmp_path, client, EASY.to_request(client.target))

    ran = client.send(file, box, LEADQUERY_HOST=box.host.removeprefix("http://"))

    assert ran.returncode != 0
    assert box.calls == []


@pytest.mark.parametrize("client", SHOWING, ids=named_by)
def test_blanks_around_variables_are_none_of_theirs(
    client: Client, box: Box, tmp_path: Path
) -> None:
    """As they come with what is pasted."""
    file = written(tmp_path, client, EASY.to_request(client.target))
    around = {"LEADQUERY_ACCESS_KEY": f" \t{ACCESS}\n", "LEADQUERY_SECRET_KEY": f"\n{SECRET} "}

    ran = client.send(file, box, LEADQUERY_HOST=f" {box.host}/\n", **around)

    assert (ran.returncode, ran.stderr) == (0, b"")
    assert box.calls[0].parameters["accessKey"] == [ACCESS]
    assert box.calls[0].parameters["secretKey"] == [SECRET]


@pytest.mark.parametrize("client", SHOWING, ids=named_by)
@pytest.mark.parametrize("value", ["", " \t"])
def test_a_variable_that_is_missing_is_named(
    client: Client, value: str, box: Box, tmp_path: Path
) -> None:
    """And nothing is sent."""
    file = written(tmp_path, client, EASY.to_request(client.target))

    ran = client.send(file, box, LEADQUERY_SECRET_KEY=value)

    assert ran.returncode != 0
    assert b"LEADQUERY_SECRET_KEY" in ran.stderr
    assert box.calls == []
