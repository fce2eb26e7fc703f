"""Clients run exported documents, and the payload arrives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from leadquery.exporters.base import ExportRequest
from leadquery.wire.enums import CONTENT_TYPE, PATH
from tests.exporters.clients import CLIENTS, Client
from tests.exporters.mock_server import ACCESS, SECRET, CannedResponse, MockServer
from tests.exporters.queries import EASY, HARD, LEADS

PRINTING = [client for client in CLIENTS if client.prints_response]
FORMATS = ["json", "csv"]
JSON = {
    "TotalCount": "7",
    "Results": [{"Score": lead["Score"], "Notes": lead["Notes"]} for lead in LEADS],
}
CSV = "Score,Notes\r\n" + "".join(
    f'{lead["Score"]},"{lead["Notes"].replace(chr(34), chr(34) * 2)}"\r\n' for lead in LEADS
)


def name_of(client: Client) -> str:
    """The name of a test case."""
    return client.name


def write_file(folder: Path, client: Client, text: str) -> Path:
    """The document as a file for a client."""
    file = folder / f"query{client.target.suffix}"
    file.write_bytes(text.encode())
    return file


@pytest.mark.parametrize("response_format", FORMATS)
@pytest.mark.parametrize("client", CLIENTS, ids=name_of)
def test_the_payload_arrives(
    client: Client, response_format: str, server: MockServer, tmp_path: Path
) -> None:
    """Whatever its texts hold; the keys arrive too, and the format."""
    text = client.export(HARD, response_format=response_format)

    result = client.send(write_file(tmp_path, client, text), server)

    assert (result.returncode, result.stderr) == (0, b"")
    [call] = server.calls
    assert json.loads(call.body) == HARD.to_payload()
    assert (call.path, call.content_type) == (PATH, CONTENT_TYPE)
    assert call.parameters == {
        "accessKey": [client.access],
        "secretKey": [SECRET],
        "responseformat": [response_format.upper()],
    }


@pytest.mark.parametrize("client", PRINTING, ids=name_of)
def test_responses_are_not_compressed(client: Client, server: MockServer, tmp_path: Path) -> None:
    """Most clients take a compressed response that breaks off for a complete one."""
    text = client.export(EASY, response_format="csv")

    client.send(write_file(tmp_path, client, text), server)

    assert server.calls[0].encoding in (None, "identity")


@pytest.mark.parametrize("client", CLIENTS, ids=name_of)
def test_an_empty_object_arrives_as_an_object(
    client: Client, server: MockServer, tmp_path: Path
) -> None:
    """A filter of nothing is one, and no list."""
    payload = {**EASY.to_payload(), "ReportFilter": {}}
    text = client.target.export([ExportRequest(payload)])

    result = client.send(write_file(tmp_path, client, text), server)

    assert result.returncode == 0
    assert json.loads(server.calls[0].body) == payload


@pytest.mark.parametrize("client", PRINTING, ids=name_of)
def test_the_response_is_printed(client: Client, server: MockServer, tmp_path: Path) -> None:
    """As JSON, on the output."""
    text = client.export(EASY.page(2, 5))

    result = client.send(write_file(tmp_path, client, text), server)

    assert json.loads(result.stdout) == {**JSON, "Results": JSON["Results"][5:]}


@pytest.mark.parametrize("client", PRINTING, ids=name_of)
def test_a_csv_response_is_printed(client: Client, server: MockServer, tmp_path: Path) -> None:
    """Byte for byte."""
    text = client.export(EASY.page(1, 10), response_format="csv")

    result = client.send(write_file(tmp_path, client, text), server)

    assert result.stdout == CSV.encode()


@pytest.mark.parametrize("client", PRINTING, ids=name_of)
def test_a_loop_requests_every_page(client: Client, server: MockServer, tmp_path: Path) -> None:
    """From the first to the last; the rows come together."""
    result = client.send(
        write_file(tmp_path, client, client.export(EASY.page(3, 3), all_pages=True)),
        server,
    )

    assert (result.returncode, result.stderr) == (0, b"")
    payloads = [json.loads(call.body) for call in server.calls]
    # A shell cannot read the total, so it stops at a page without rows.
    last = 4 if client.exporter == "curl" else 3
    assert payloads == [EASY.page(page, 3).to_payload() for page in range(1, last + 1)]
    assert join_pages(result.stdout.decode()) == JSON


def join_pages(text: str) -> object:
    """One result of the JSON of several pages, one after the other."""
    pages = []
    while text:
        page, end = json.JSONDecoder().raw_decode(text)
        text = text[end:].lstrip()
        pages.append(page)
    return {**pages[0], "Results": [row for page in pages for row in page["Results"]]}


@pytest.mark.parametrize("client", PRINTING, ids=name_of)
def test_a_loop_writes_one_csv(client: Client, server: MockServer, tmp_path: Path) -> None:
    """With the header once. The end is a page without rows."""
    query = EASY.page(1, 4)
    text = client.export(query, response_format="csv", all_pages=True)

    result = client.send(write_file(tmp_path, client, text), server)

    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout.replace(b"\r\n", b"\n") == CSV.replace("\r\n", "\n").encode()
    assert len(server.calls) == 3


@pytest.mark.parametrize("client", PRINTING, ids=name_of)
def test_a_loop_keeps_records_without_a_value(
    client: Client, server: MockServer, tmp_path: Path
) -> None:
    """Of one column, such a record is an empty line, and a page may have nothing else."""
    pages = ["Notes\r\n1\r\n\r\n", "Notes\r\n\r\n\r\n", "Notes\r\n3\r\n", "Notes\r\n"]
    server.responses.extend(
        CannedResponse(page.encode(), content_type="text/csv") for page in pages
    )
    text = client.export(EASY.page(1, 2), response_format="csv", all_pages=True)

    result = client.send(write_file(tmp_path, client, text), server)

    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout.replace(b"\r\n", b"\n") == b"Notes\n1\n\n\n\n3\n"


ROWS = [{"Notes": str(number)} for number in range(6)]
PAGES: dict[str, list[object]] = {
    "rows leave meanwhile": [
        {"TotalCount": "6", "Results": ROWS[:2]},
        {"TotalCount": "6", "Results": ROWS[2:4]},
        {"TotalCount": "0", "Results": []},
    ],
    "the list is missing after the last page": [
        {"TotalCount": "4", "Results": ROWS[:2]},
        {"TotalCount": "4", "Results": ROWS[2:3]},
        {"TotalCount": "0"},
    ],
    "the list is null after the last page": [
        {"TotalCount": 4, "Results": ROWS[:2]},
        {"TotalCount": 4, "Results": ROWS[2:3]},
        {"TotalCount": 0, "Results": None},
    ],
    "a page in the middle is empty": [
        {"TotalCount": "6", "Results": ROWS[:2]},
        {"TotalCount": "6", "Results": []},
        {"TotalCount": "6", "Results": ROWS[4:]},
        {"TotalCount": "0", "Results": []},
    ],
    "pages are smaller than requested": [
        *({"TotalCount": "4", "Results": [row]} for row in ROWS[:3]),
        {"TotalCount": "0", "Results": []},
    ],
    "there are no rows": [{"TotalCount": "0", "Results": []}],
    "there is no list": [{"TotalCount": "0"}],
    "the list is null": [{"TotalCount": "0", "Results": None}],
}
"""Pages of two rows, as the API may send them."""


@pytest.mark.parametrize("client", PRINTING, ids=name_of)
@pytest.mark.parametrize("pages", PAGES.values(), ids=PAGES)
def test_a_loop_ends_where_the_total_says_so(
    client: Client, pages: list[Any], server: MockServer, tmp_path: Path
) -> None:
    """Not where a page looks empty; and the total of 0 after the last page is not the total."""
    server.responses.extend(CannedResponse(json.dumps(page).encode()) for page in pages)
    text = client.export(EASY.page(1, 2), all_pages=True)

    result = client.send(write_file(tmp_path, client, text), server)

    assert (result.returncode, result.stderr) == (0, b"")
    printed = result.stdout.decode()
    rows = [row for page in pages for row in page.get("Results") or []]
    if rows:
        assert join_pages(printed) == {"TotalCount": pages[0]["TotalCount"], "Results": rows}
    else:
        assert json.loads(printed)["TotalCount"] == "0"
    assert len(server.calls) == len(pages)


@pytest.mark.parametrize("client", PRINTING, ids=name_of)
@pytest.mark.parametrize("loops", [False, True], ids=["once", "loop"])
def test_no_list_is_an_error_unless_the_total_is_0(
    client: Client, loops: bool, server: MockServer, tmp_path: Path
) -> None:
    server.responses.append(CannedResponse(b'{"TotalCount": "10", "Results": null}'))
    text = client.export(EASY.page(1, 2), all_pages=loops)

    result = client.send(write_file(tmp_path, client, text), server)

    assert (result.returncode, result.stdout) == (1, b"")
    assert b"TotalCount" in result.stderr


@pytest.mark.parametrize("client", PRINTING, ids=name_of)
@pytest.mark.parametrize("loops", [False, True], ids=["once", "loop"])
@pytest.mark.parametrize("response_format", FORMATS)
def test_an_api_error_ends_the_script(
    client: Client, loops: bool, response_format: str, server: MockServer, tmp_path: Path
) -> None:
    """Not with 0; the API's words are shown, the keys are not."""
    text = client.export(EASY, response_format=response_format, all_pages=loops)

    result = client.send(
        write_file(tmp_path, client, text), server, LEADQUERY_ACCESS_KEY="wrong-key"
    )

    output = (result.stdout + result.stderr).decode()
    assert result.returncode != 0
    assert "the access key or the secret key is missing or unknown" in output
    assert "wrong-key" not in output


ERROR = {"Status": "Error", "ExceptionType": "MX", "ExceptionMessage": "over the limit"}
BAD_RESPONSES = {
    "error": CannedResponse(json.dumps(ERROR).encode()),
    "html": CannedResponse(b"<html>over the limit</html>", content_type="text/html"),
    "broken": CannedResponse(b'{"over the limit', content_type=CONTENT_TYPE),
    "list": CannedResponse(b"[]"),
    "text": CannedResponse(b'"over the limit"'),
    "empty": CannedResponse(b""),
    "server": CannedResponse(b"over the limit", 500, "text/plain"),
}


@pytest.mark.parametrize("client", PRINTING, ids=name_of)
@pytest.mark.parametrize("loops", [False, True], ids=["once", "loop"])
@pytest.mark.parametrize("canned", BAD_RESPONSES.values(), ids=BAD_RESPONSES)
@pytest.mark.parametrize("response_format", FORMATS)
def test_a_bad_response_ends_the_script(
    client: Client,
    loops: bool,
    canned: CannedResponse,
    response_format: str,
    server: MockServer,
    tmp_path: Path,
) -> None:
    """With status 200, too: so the error over the limit has been seen. No trace is shown."""
    text = client.export(EASY, response_format=response_format, all_pages=loops)
    server.responses.append(canned)

    result = client.send(write_file(tmp_path, client, text), server)

    assert result.returncode != 0
    assert result.stdout == b""
    if client.exporter != "powershell":
        assert (
            result.stderr.decode().strip()
            == f"status {canned.status}: {canned.body.decode()}".strip()
        )


@pytest.mark.parametrize("client", PRINTING, ids=name_of)
@pytest.mark.parametrize("loops", [False, True], ids=["once", "loop"])
@pytest.mark.parametrize("response_format", FORMATS)
def test_a_redirect_prints_only_its_status(
    client: Client, loops: bool, response_format: str, server: MockServer, tmp_path: Path
) -> None:
    """Its header and its body may repeat the URL."""
    text = client.export(EASY, response_format=response_format, all_pages=loops)
    location = f"{server.host}/moved?accessKey=k-access"
    server.responses.append(CannedResponse(f"moved to {location}".encode(), 301, location=location))

    result = client.send(
        write_file(tmp_path, client, text), server, LEADQUERY_ACCESS_KEY="k-access"
    )

    assert result.returncode != 0
    assert result.stdout == b""
    assert b"status 301" in result.stderr
    assert b"k-access" not in result.stderr
    assert len(server.calls) == 1


CHUNK = f"{len(CSV.encode()):x}\r\n{CSV}\r\n".encode()


@pytest.mark.parametrize("client", PRINTING, ids=name_of)
@pytest.mark.parametrize("loops", [False, True], ids=["once", "loop"])
@pytest.mark.parametrize(
    "canned",
    [
        CannedResponse(CSV.encode()[:40], content_type="text/csv", length=len(CSV.encode())),
        CannedResponse(CHUNK, content_type="text/csv", chunked=True),
    ],
    ids=["length", "chunks"],
)
def test_a_truncated_response_ends_the_script(
    client: Client, loops: bool, canned: CannedResponse, server: MockServer, tmp_path: Path
) -> None:
    """Nobody takes its beginning for the whole."""
    text = client.export(EASY, response_format="csv", all_pages=loops)
    server.responses.append(canned)

    result = client.send(write_file(tmp_path, client, text), server)

    assert result.returncode != 0
    assert result.stdout == b""
    assert result.stderr


@pytest.mark.parametrize("client", PRINTING, ids=name_of)
@pytest.mark.parametrize("text", [CSV, f"{CSV}\r\n\n", CSV.rstrip(), "Score\n"])
def test_a_chunked_response_is_printed(
    client: Client, text: str, server: MockServer, tmp_path: Path
) -> None:
    """Byte for byte, whatever line ends it has."""
    body = text.encode()
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:5], body[5:]))
    server.responses.append(
        CannedResponse(chunks + b"0\r\n\r\n", content_type="text/csv; charset=utf-8", chunked=True)
    )
    script = client.export(EASY, response_format="csv")

    result = client.send(write_file(tmp_path, client, script), server)

    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout == body


@pytest.mark.parametrize("client", PRINTING, ids=name_of)
def test_a_failed_call_prints_no_key(client: Client, tmp_path: Path) -> None:
    """In one line: a host that refuses, and some that are none."""
    file = write_file(tmp_path, client, client.export(EASY))

    for host in ("http://127.0.0.1:1", "no host", "http://x:abc", "http://a..b", "x://y"):
        result = client.send(file, MockServer(host), LEADQUERY_ACCESS_KEY="k-access")
        output = (result.stdout + result.stderr).decode()

        assert result.returncode != 0
        assert output
        assert "k-access" not in output
        assert client.exporter == "powershell" or output.count("\n") == 1


@pytest.mark.parametrize("client", PRINTING, ids=name_of)
def test_a_bare_host_means_https(client: Client, server: MockServer, tmp_path: Path) -> None:
    """A server that speaks http alone cannot answer, and hears no key."""
    file = write_file(tmp_path, client, client.export(EASY))

    result = client.send(file, server, LEADQUERY_HOST=server.host.removeprefix("http://"))

    assert result.returncode != 0
    assert server.calls == []


@pytest.mark.parametrize("client", PRINTING, ids=name_of)
def test_blanks_around_variables_are_ignored(
    client: Client, server: MockServer, tmp_path: Path
) -> None:
    """As they come with what is pasted."""
    file = write_file(tmp_path, client, client.export(EASY))
    around = {"LEADQUERY_ACCESS_KEY": f" \t{ACCESS}\n", "LEADQUERY_SECRET_KEY": f"\n{SECRET} "}

    result = client.send(file, server, LEADQUERY_HOST=f" {server.host}/\n", **around)

    assert (result.returncode, result.stderr) == (0, b"")
    assert server.calls[0].parameters["accessKey"] == [ACCESS]
    assert server.calls[0].parameters["secretKey"] == [SECRET]


@pytest.mark.parametrize("client", PRINTING, ids=name_of)
@pytest.mark.parametrize("value", ["", " \t"])
def test_a_missing_variable_is_named(
    client: Client, value: str, server: MockServer, tmp_path: Path
) -> None:
    """And nothing is sent."""
    file = write_file(tmp_path, client, client.export(EASY))

    result = client.send(file, server, LEADQUERY_SECRET_KEY=value)

    assert result.returncode != 0
    assert b"LEADQUERY_SECRET_KEY" in result.stderr
    assert server.calls == []
