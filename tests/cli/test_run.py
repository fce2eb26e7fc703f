"""`leadquery run`: the result of a query, from demo leads or from an account."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leadquery import Client
from leadquery.cli import run
from leadquery.client import transport
from leadquery.emulator import Emulator, Fault, Faults
from leadquery.fields import ProspectStage
from tests.cli.shell import SOURCE, Write, failure, leadquery


def test_the_result_of_the_demo(write: Write) -> None:
    """As plain text, whatever the width."""
    write(
        "queries.py",
        "from leadquery import Leads\nfrom leadquery.fields import ProspectStage\n"
        "query = Leads.group_by(ProspectStage).count()\n",
    )

    lines = leadquery("run", "--demo", "queries.py:query").output.splitlines()

    assert lines[0].split() == [ProspectStage.name, "Count"]
    assert lines[-1] == "6 of 6 rows"
    assert sum(int(line.split()[-1].replace(",", "")) for line in lines[1:-1]) == 10_000


def test_the_result_on_a_terminal(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a table with bars."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    write(
        "queries.py",
        "from leadquery import Leads\nquery = Leads.group_by('ProspectStage').count()\n",
    )

    assert "█" in leadquery("run", "--demo", "queries.py:query").output


def test_a_table_without_rows(write: Write) -> None:
    """The columns, the count, and why."""
    write("queries.py", SOURCE.replace("> 5", "> 1_000_000"))

    ran = leadquery("run", "--demo", "queries.py:query")

    assert ran.stdout == "Score\n0 of 0 rows\n"
    assert ran.stderr == "Note: no leads with Score above 1000000: Score is from 0 to 188\n"


def test_a_page_of_many(write: Write) -> None:
    """Its rows, and the total."""
    write("queries.py", SOURCE.replace("Leads.where(Score > 5).", "Leads."))

    assert leadquery("run", "--demo", "queries.py:query").output.endswith("\n100 of 10,000 rows\n")


def test_without_keys_nothing_is_sent(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the variables."""
    write("queries.py", SOURCE)
    variables = ("LEADQUERY_HOST", "LEADQUERY_ACCESS_KEY", "LEADQUERY_SECRET_KEY")
    for name in variables:
        monkeypatch.delenv(name, raising=False)

    code, message = failure(leadquery("run", "queries.py:query"))

    assert code == 1
    assert message == f"Error: the environment has no {', '.join(variables)}; set all three"


def test_a_failed_call_is_one_line(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a traceback."""
    monkeypatch.setattr(transport, "FIRST_PAUSE", 0.001)
    write("queries.py", SOURCE)
    monkeypatch.setenv("LEADQUERY_HOST", "http://127.0.0.1:1")
    monkeypatch.setenv("LEADQUERY_ACCESS_KEY", "k-access")
    monkeypatch.setenv("LEADQUERY_SECRET_KEY", "k-secret")

    assert failure(leadquery("run", "queries.py:query")) == (
        1,
        (
            "Error: <Client: 127.0.0.1:1>: no connection, or it was closed (ConnectionError) "
            "(6 attempts); check that the host is right and that this machine can reach it"
        ),
    )


STAGES = "from leadquery import Leads\nquery = Leads.group_by('ProspectStage').count()\n"


def test_the_result_as_json(write: Write) -> None:
    """Rows on stdout, the total on stderr."""
    write("queries.py", STAGES)

    ran = leadquery("run", "--demo", "--format", "json", "queries.py:query")

    rows = json.loads(ran.stdout)
    assert sum(row["Count"] for row in rows) == 10_000
    assert ran.stderr == "6 of 6 rows\n"


def test_the_result_as_csv(write: Write) -> None:
    """All rows, whatever the page size of the query."""
    write("queries.py", SOURCE.replace("Leads.where(Score > 5).", "Leads."))

    ran = leadquery("run", "--demo", "--format", "csv", "queries.py:query")

    assert ran.stdout_bytes.startswith(b"Score\r\n")
    assert ran.stdout_bytes.count(b"\r\n") == 10_001
    assert ran.stderr == "10,000 of 10,000 rows\n"


def test_csv_for_spreadsheets(write: Write) -> None:
    """By choice, and of no other format."""
    write("queries.py", SOURCE)
    call = ["run", "--demo", "--spreadsheet", "queries.py:query"]

    assert leadquery(*call, "--format", "csv").stdout.startswith("\ufeff")
    assert failure(leadquery(*call)) == (
        2,
        "Error: --spreadsheet is for CSV; add --format csv",
    )


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_a_limit(form: str, write: Write) -> None:
    """In any format, at any page size."""
    write("queries.py", SOURCE.replace("Leads.where(Score > 5).", "Leads."))
    options = ["--format", form, "--limit", "250", "--page-size", "40"]

    ran = leadquery("run", "--demo", *options, "queries.py:query")

    assert "250 of 10,000 rows" in ran.output
    assert len(ran.stdout.splitlines()) == {"table": 252, "csv": 251, "json": 752}[form]


@pytest.mark.parametrize("option", ["--limit", "--page-size"])
def test_invalid_limits(option: str, write: Write) -> None:
    write("queries.py", SOURCE)

    code, message = failure(leadquery("run", "--demo", option, "0", "queries.py:query"))

    assert (code, message) == (
        2, f"Error: Invalid value for '{option}': 0 is not in the range x>=1."
    )  # fmt: skip


def test_rows_that_move_are_reported(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """On stderr."""
    write("queries.py", SOURCE.replace("Leads.where(Score > 5).", "Leads."))
    session = Emulator.demo(300).session(Faults([None, Fault.REMOVED]))
    client = Client("demo.example.com", "k-access", "k-secret", session)
    monkeypatch.setattr(run, "demo_client", lambda: client)

    ran = leadquery("run", "--demo", "--format", "csv", "queries.py:query")

    assert ran.stderr.splitlines()[0].startswith(
        "Warning: rows moved while they were read, so some may be missing: page 2: "
    )


LATER = SOURCE.replace(".select(Score)", ".select(Score).page(3, 40)")


@pytest.mark.parametrize("command", [["run"], ["run", "--page-size", "7"], ["export"]])
def test_queries_of_a_later_page_are_rejected(command: list[str], write: Write, here: Path) -> None:
    """The message says how to request all rows, or that page."""
    write("queries.py", LATER)
    file = ["leads.csv"] if command == ["export"] else []

    assert failure(leadquery(*command, "--demo", "queries.py:query", *file)) == (
        1,
        (
            "Error: 'queries.py:query' asks for page 3; run it with --one-page for that page "
            "only, or ask for page 1, as .page(1, 40) in Python, for all rows in pages of 40"
        ),
    )
    assert [path.name for path in here.iterdir()] == ["queries.py"]


def test_the_page_of_a_query(write: Write) -> None:
    """Only its rows."""
    write("queries.py", LATER.replace("40", "140"))

    ran = leadquery("run", "--demo", "--one-page", "--format", "csv", "queries.py:query")
    table = leadquery("run", "--demo", "--one-page", "queries.py:query")

    assert (ran.stdout.count("\n"), table.output.count("\n")) == (141, 142)
    assert ran.stderr == table.output.splitlines()[-1] + "\n"
    assert ran.stderr.startswith("140 of ")


@pytest.mark.parametrize("option", ["--limit", "--page-size"])
def test_one_page(option: str, write: Write) -> None:
    """Without a total."""
    write("queries.py", LATER)

    assert failure(leadquery("run", "--demo", "--one-page", option, "5", "queries.py:query")) == (
        2,
        "Error: --one-page gets the page of the query; leave out --limit and --page-size",
    )


@pytest.mark.parametrize("options", [["--demo"], ["--demo", "--one-page"], ["--table", "a.csv"]])
def test_times_in_a_time_zone(options: list[str], write: Write) -> None:
    write(
        "queries.py",
        "from leadquery import Leads\nfrom leadquery.fields import CreatedOn\n"
        "query = Leads.select(CreatedOn).page(1, 2)\n",
    )
    write("a.csv", "CreatedOn\n2026-03-01 00:00:00\n")
    command = ["run", *options, "queries.py:query", "--tz", "Asia/Kolkata", "--format", "json"]

    rows = json.loads(leadquery(*command).stdout)

    assert all(row["CreatedOn"].endswith("+05:30") for row in rows)
    assert rows


def test_an_unknown_time_zone(write: Write) -> None:
    write("queries.py", SOURCE)

    code, line = failure(leadquery("run", "--demo", "queries.py:query", "--tz", "Asia/Kolkta"))

    assert code == 1
    assert "write 'Asia/Kolkata'" in line


@pytest.mark.parametrize("name", ["rows.csv", "rows.json", "rows.parquet"])
def test_rows_in_a_file(name: str, write: Write, here: Path) -> None:
    """All of them, as the suffix says."""
    if name.endswith(".parquet"):
        pytest.importorskip("pyarrow")
    write("queries.py", SOURCE.replace("Leads.where(Score > 5).", "Leads.", 1))

    ran = leadquery("run", "--demo", "queries.py:query", "--out", name)

    assert ran.output == f"10,000 of 10,000 rows in {name}\n"
    assert (here / name).stat().st_size > 10_000


def test_rows_in_a_file_for_a_spreadsheet(write: Write, here: Path) -> None:
    write("queries.py", SOURCE)

    leadquery("run", "--demo", "queries.py:query", "--out", "rows.csv", "--spreadsheet")

    assert (here / "rows.csv").read_bytes().startswith(b"\xef\xbb\xbfScore")


UNKNOWN = "has no known format; end it with .csv, .json, .parquet, .xlsx"
NO_FOLDER = "its folder 'none' does not exist; make it first"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ("--format", "json", "--out", "rows.csv"),
            "'rows.csv' is no json file; leave out --format, or end it with .json",
        ),
        (
            ("--format", "csv", "--spreadsheet", "--out", "rows.xlsx"),
            "'rows.xlsx' is no csv file; leave out --format, or end it with .csv",
        ),
    ],
)
def test_a_file_of_another_format(
    options: tuple[str, ...], message: str, write: Write, here: Path
) -> None:
    write("queries.py", SOURCE)

    found = failure(leadquery("run", "--demo", "queries.py:query", *options))

    assert found == (2, f"Error: {message}")
    assert [one.name for one in here.iterdir()] == ["queries.py"]


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("rows.txt", 2, f"'rows.txt' {UNKNOWN}"),
        (
            "rows.jsonl",
            2,
            f"'rows.jsonl' {UNKNOWN}; 'leadquery export' writes .jsonl",
        ),
        ("none/rows.csv", 1, f"'none/rows.csv' cannot be written: {NO_FOLDER}"),
    ],
)
def test_a_file_that_rows_cannot_be_in(name: str, code: int, message: str, write: Write) -> None:
    write("queries.py", SOURCE)

    found = failure(leadquery("run", "--demo", "queries.py:query", "--out", name))

    assert found == (code, f"Error: {message}")
