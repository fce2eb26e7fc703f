"""`leadquery payload`: queries and payload files for other clients."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from leadquery import Leads, from_payload
from leadquery.exporters import NAMES
from leadquery.fields import Phone, Score
from tests.cli.payloads import CLEAN, SUSPICIOUS, WRONG
from tests.cli.shell import SOURCE, Write, failure, leadquery, process
from tests.cli.test_files import DEEP

QUERY = Leads.where(Score > 5).select(Score)
OTHER = Leads.select(Phone)
TWO = f"{SOURCE}\nfrom leadquery.fields import Phone\nother = Leads.select(Phone)\n"


def files(folder: Path) -> dict[str, str]:
    """The files in a folder."""
    return {one.name: one.read_bytes().decode() for one in sorted(folder.iterdir())}


def files_of(folder: Path) -> dict[str, str]:
    """The same, without what Python keeps there."""
    return {one.name: one.read_text("utf-8") for one in folder.iterdir() if one.is_file()}


@pytest.mark.parametrize("exporter", NAMES)
def test_each_exporter(exporter: str, write: Write) -> None:
    """Under the query's name, if the document has one."""
    write("queries.py", SOURCE)

    written = leadquery("payload", "queries.py:query", "--as", exporter)

    assert (written.exit_code, written.stderr) == (0, "")
    assert written.stdout == QUERY.to_request(exporter)


def test_the_response_format(write: Write) -> None:
    """In any letter case."""
    write("queries.py", SOURCE)

    written = leadquery("payload", "queries.py:query", "--as", "php", "--response-format", "CSV")

    assert written.stdout == QUERY.to_request("php", response_format="csv")


def test_another_page(write: Write) -> None:
    """Of the same size."""
    write("queries.py", SOURCE)

    written = leadquery("payload", "queries.py:query", "--page", "3")

    assert from_payload(written.stdout) == QUERY.page(3, 100)


def test_all_pages_by_a_loop(write: Write) -> None:
    """If the exporter has loops."""
    write("queries.py", SOURCE)

    written = leadquery("payload", "queries.py:query", "--as", "php", "--all-pages")

    assert written.stdout == QUERY.to_request("php", all_pages=True)


@pytest.mark.parametrize("options", [[], ["--all-pages"]])
def test_a_script(options: list[str], write: Write) -> None:
    """Instead of a command."""
    write("queries.py", SOURCE)

    written = leadquery("payload", "queries.py:query", "--as", "curl", "--script", *options)

    assert written.stdout.startswith("#!/bin/sh\n")
    assert written.stdout == QUERY.to_request("curl", script=True, all_pages=bool(options))


def test_all_pages_one_by_one(here: Path, write: Write) -> None:
    """Otherwise a file for each; their names are printed."""
    write("queries.py", SOURCE)

    written = leadquery(
        "payload", "queries.py:query", "--all-pages", "--pages", "3", "--out", "new/pages"
    )

    folder = here / "new" / "pages"
    assert written.stdout.splitlines() == [
        str(Path("new", "pages", f"query-{page}.json")) for page in (1, 2, 3)
    ]
    assert [from_payload(text) for text in files(folder).values()] == [
        QUERY.page(page) for page in (1, 2, 3)
    ]


def test_all_pages_in_one_document(write: Write) -> None:
    """If the document can contain several requests."""
    write("queries.py", SOURCE)

    written = leadquery(
        "payload", "queries.py:query", "--as", "postman", "--all-pages", "--pages", "2"
    )

    items = json.loads(written.stdout)["item"]
    assert [one["name"] for one in items] == ["query-1", "query-2"]


@pytest.mark.parametrize("names", [["queries.py:query,other"], ["queries:query", "queries:other"]])
def test_several_queries(names: list[str], here: Path, write: Write) -> None:
    """A file for each, by its name."""
    write("queries.py", TWO)

    leadquery("payload", *names, "--as", "curl", "--out", "out")

    assert files(here / "out") == {
        "other.sh": OTHER.to_request("curl"),
        "query.sh": QUERY.to_request("curl"),
    }


def test_a_module_of_several_queries_runs_once(write: Write) -> None:
    """As long as one argument names them."""
    write("queries.py", f"print('run')\n{TWO}")

    written = leadquery("payload", "queries.py:query,other", "--as", "http")

    assert written.stdout.count("run\n") == 1
    assert written.stdout.count("\n### ") == 2


def test_output_is_deterministic(here: Path, write: Write) -> None:
    """A second run writes the same bytes."""
    write("queries.py", TWO)
    call = ["payload", "queries.py:query,other", "--as", "har", "--out", "out"]

    leadquery(*call)
    first = files(here / "out")
    leadquery(*call)

    assert files(here / "out") == first


def test_other_files_are_only_replaced_by_force(here: Path, write: Write) -> None:
    """They may be the user's own; then nothing is written."""
    write("queries.py", TWO)
    write("query.sh", "# mine\n")
    before = files_of(here)
    call = ["payload", "queries.py:other,query", "--as", "curl", "--out", "."]

    assert failure(leadquery(*call)) == (
        2,
        "Error: 'query.sh' exists and has another content; add --force to replace it",
    )
    assert files_of(here) == before
    assert leadquery(*call, "--force").stdout == "other.sh\nquery.sh\n"
    assert (here / "query.sh").read_text("utf-8") == QUERY.to_request("curl")
    assert failure(leadquery(*call[:4], "--force")) == (
        2,
        "Error: --force is for --out and --plan; leave it out",
    )


@pytest.mark.skipif(sys.platform == "win32", reason="pipes, links and modes of Unix")
@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (os.mkfifo, "cannot be written: it is not a regular file"),
        (Path.mkdir, "cannot be written: Is a directory"),
        (lambda file: file.symlink_to("../other"), "cannot be written: it is a link to "),
    ],
)
def test_what_is_no_file_of_the_folder_stays(
    make: Callable[[Path], None], reason: str, here: Path, write: Write
) -> None:
    write("queries.py", TWO)
    make(here / "query.sh")

    call = ["payload", "queries.py:query", "--as", "curl", "--out", "."]
    code, message = failure(leadquery(*call, "--force"))

    assert (code, message.startswith(f"Error: 'query.sh' {reason}")) == (2, True)


def test_a_file_that_cannot_be_read_is_not_replaced(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("queries.py", TWO)
    write("query.sh", "# mine\n")

    read_any = Path.read_bytes

    def read_bytes(file: Path) -> bytes:
        if file.suffix == ".py":
            return read_any(file)
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    call = ["payload", "queries.py:query", "--as", "curl", "--out", "."]

    assert failure(leadquery(*call)) == (
        2,
        "Error: 'query.sh' cannot be read: Permission denied",
    )


def test_a_payload_file(here: Path, write: Write) -> None:
    """The query is named after the file."""
    write("weekly.json", CLEAN)

    written = leadquery("payload", "weekly.json", "--as", "postman")

    assert (written.exit_code, written.stderr) == (0, "")
    collection = json.loads(written.stdout)
    assert collection["info"]["name"] == "weekly"
    assert json.loads(collection["item"][0]["request"]["body"]["raw"]) == json.loads(CLEAN)
    assert [*files(here)] == ["weekly.json"]


def test_a_payload_from_stdin() -> None:
    """A dash."""
    written = leadquery("payload", "-", stdin=CLEAN)

    assert json.loads(written.stdout) == json.loads(CLEAN)


def test_a_payload_file_is_checked(write: Write) -> None:
    """Errors end the command; warnings are printed."""
    write("warned.json", SUSPICIOUS)
    write("wrong.json", WRONG)

    warned = leadquery("payload", "warned.json")
    wrong = leadquery("payload", "wrong.json", "--as", "curl")

    assert (warned.exit_code, json.loads(warned.stdout)) == (0, json.loads(CLEAN))
    assert warned.stderr == (
        leadquery("check", "warned.json").stdout + "to fix it: leadquery check --fix warned.json\n"
    )
    assert (wrong.exit_code, wrong.stdout) == (1, "")
    assert leadquery("check", "wrong.json").stdout in wrong.stderr


def test_an_unsupported_payload_is_written(write: Write) -> None:
    """Without a description."""
    payload = {**json.loads(CLEAN), "ReportFilter": DEEP}
    write("deep.json", json.dumps(payload))

    written = leadquery("payload", "deep.json", "--as", "python")

    assert written.exit_code == 0
    assert "}\npayload = {" in written.stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--as", "curl", "--page", "2", "--all-pages"],
            "--page and --all-pages exclude each other; leave one out",
        ),
        (["--pages", "2"], "--pages needs --all-pages; write both"),
        (
            ["--as", "php", "--all-pages", "--pages", "2"],
            "php loops until the last page; leave --pages out",
        ),
        (["--all-pages"], "json has no loop; give the number of pages: --pages COUNT"),
        (
            ["--as", "curl", "--all-pages"],
            "curl has no loop; add --script, or give the number of pages: --pages COUNT",
        ),
        (["--as", "php", "--script"], "--script is for curl; leave it out for php"),
        (["--script"], "--script is for curl; leave it out for json"),
        (
            ["--all-pages", "--pages", "2"],
            "json needs a file for each query; add --out DIR",
        ),
        (["queries:query"], "json needs a file for each query; add --out DIR"),
        (
            ["queries:query", "--out", "out"],
            (
                "two queries have the same name, so their files would too; run the command for "
                "each with another --out"
            ),
        ),
        (
            ["--out", "queries.py/out"],
            "'queries.py/out/query.json' cannot be written: Not a directory",
        ),
    ],
)
def test_contradictory_options(options: list[str], message: str, write: Write) -> None:
    """2, and what to write."""
    write("queries.py", SOURCE)

    assert failure(leadquery("payload", "queries.py:query", *options)) == (2, f"Error: {message}")


@pytest.mark.parametrize(
    ("option", "most"), [(["--page"], 2_147_483_647), (["--all-pages", "--pages"], 10_000)]
)
def test_page_numbers_are_limited(option: list[str], most: int, write: Write) -> None:
    """By the API, and to what a disk can take."""
    write("queries.py", SOURCE)

    code, message = failure(leadquery("payload", "queries.py:query", *option, str(most + 1)))

    assert code == 2
    assert message.endswith(f"{most + 1} is not in the range 1<=x<={most}.")
    assert leadquery("payload", "queries.py:query", "--page", "2147483647").exit_code == 0


@pytest.mark.parametrize(
    ("query", "exporter", "file"),
    [
        ("query.py:other,query", "python", "query.py"),
        ("query:other,query", "httpx", "query.py"),
        ("./../{here}/query.py:query", "python", "query.py"),
        ("weekly.json", "json", "weekly.json"),
    ],
)
def test_no_input_is_overwritten(
    query: str, exporter: str, file: str, here: Path, write: Write
) -> None:
    """And nothing else is written."""
    write("query.py", TWO)
    write("weekly.json", CLEAN)
    before = files_of(here)

    ran = leadquery("payload", query.format(here=here.name), "--as", exporter, "--out", ".")

    code, message = failure(ran)
    assert code == 2
    assert message == (
        f"Error: {file!r} holds a query, and would be overwritten; write another --out DIR"
    )
    assert files_of(here) == before
    assert leadquery("payload", "-", "--out", ".", stdin=CLEAN).exit_code == 0


@pytest.mark.parametrize("name", ["requests", "httpx", "json", "os", "email", "urllib3"])
def test_no_script_hides_a_module(name: str, here: Path, write: Write) -> None:
    """Scripts import from their own folder first."""
    write("queries.py", f"{TWO}\n{name} = other\n")
    call = ["payload", f"queries.py:query,{name}", "--out", "out", "--as"]

    code, message = failure(leadquery(*call, "python"))
    assert code == 2
    assert message == (
        f"Error: 'out/{name}.py' would hide Python's module {name!r} from the scripts "
        "beside it; rename the query"
    )
    assert not (here / "out").exists()
    assert leadquery(*call, "curl").exit_code == 0


@pytest.mark.parametrize("exporter", ["openapi", "postman", "har", "http"])
def test_one_document_keeps_queries_of_one_name(exporter: str, write: Write) -> None:
    """A number is added."""
    write("a.py", TWO)
    write("b.py", TWO)
    write("query-2.json", CLEAN)

    document = leadquery(
        "payload", "query-2.json", "a.py:query,other", "b.py:query,other", "--as", exporter
    ).stdout

    for name in ("query", "query-2", "query-3", "other", "other-2"):
        assert re.search(rf'["# ]{name}(["\n]|: )', document), name


def test_what_an_exporter_does_not_support(write: Write) -> None:
    """1, and why."""
    write("queries.py", "from leadquery import Leads\nquery = Leads.select('mx_\\ud800')\n")

    code, message = failure(leadquery("payload", "queries.py:query", "--as", "php"))

    assert (code, message[:23]) == (1, "Error: php cannot write")


@pytest.mark.parametrize("names", ["queries.py:query,", "queries.py:,query", "queries.py:,"])
def test_an_empty_name_is_rejected(names: str, write: Write) -> None:
    write("queries.py", SOURCE)

    code, message = failure(leadquery("payload", names))

    assert code == 2
    assert message.endswith("names no query; write FILE.py:NAME, FILE.py, FILE.json, FILE.sql or -")


def test_the_encoding_of_the_terminal_does_not_matter(tmp_path: Path) -> None:
    file = tmp_path / "q.py"
    file.write_text("from leadquery import Leads\nq = Leads.select('mx_\\u4e2d\\U0001f388')\n")

    for exporter in ("python", "openapi"):
        ran = process("payload", f"{file}:q", "--as", exporter, PYTHONIOENCODING="latin-1")

        assert ran.returncode == 0
        assert "\U0001f388" in ran.stdout


def test_a_query_of_several_requests_names_the_option(write: Write) -> None:
    write("queries.py", "from leadquery import Leads\nquery = Leads.count()\n")

    assert failure(leadquery("payload", "queries.py:query")) == (
        1,
        (
            "Error: 'queries.py:query' is more than a payload can say; write its requests with "
            "--plan DIR, or send it with 'leadquery run queries.py:query'"
        ),
    )
