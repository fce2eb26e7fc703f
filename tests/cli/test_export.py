"""`leadquery export`: all rows of a query in a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from leadquery import Client
from leadquery.cli import run
from leadquery.client.drift import ChangePolicy
from leadquery.emulator import Emulator, Fault, Faults
from tests.cli.shell import SOURCE, Write, failure, leadquery

ALL = SOURCE.replace("Leads.where(Score > 5).", "Leads.")
EMULATOR = Emulator.demo(300)


def through(faults: Faults, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the demo client use a session with faults."""
    client = Client("demo.example.com", "k-access", "k-secret", EMULATOR.session(faults))
    monkeypatch.setattr(run, "demo_client", lambda: client)


def kept(folder: Path, rows: int) -> str:
    """The message about kept rows."""
    return (
        f"{rows} rows are kept in '{folder / 'leads.csv.part'}'; the same export continues from "
        "there, or starts over with --no-resume"
    )


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_all_rows_in_a_file(ending: str, write: Write, here: Path) -> None:
    """The format is that of its extension."""
    write("queries.py", ALL)
    file = f"leads.{ending}"

    ran = leadquery("export", "--demo", "--page-size", "2000", "queries.py:query", file)

    assert ran.output == f"10,000 of 10,000 rows in {file}\n"
    assert sorted(path.name for path in here.iterdir()) == [file, "queries.py"]


def test_some_rows_in_a_file(write: Write, here: Path) -> None:
    write("queries.py", ALL)

    ran = leadquery("export", "--demo", "--limit", "7", "queries.py:query", "leads.csv")

    assert ran.output == "7 of 10,000 rows in leads.csv\n"
    assert len((here / "leads.csv").read_text().splitlines()) == 8


def test_csv_for_spreadsheets(write: Write, here: Path) -> None:
    """By choice."""
    write("queries.py", ALL)
    args = ["export", "--demo", "--limit", "7", "queries.py:query", "leads.csv"]

    leadquery(*args)
    assert not (here / "leads.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    leadquery(*args, "--spreadsheet")
    assert (here / "leads.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    ran = leadquery(*args[:4], "queries.py:query", "leads.jsonl", "--spreadsheet")
    assert failure(ran) == (
        1,
        "Error: spreadsheet=True is for CSV, not for 'leads.jsonl'; leave it out",
    )


def test_a_failed_export_resumes(write: Write, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or it starts over if requested."""
    write("queries.py", ALL)
    args = ["export", "--demo", "queries.py:query", "leads.csv"]
    through(Faults([None, Fault.REJECTED]), monkeypatch)

    failed = leadquery(*args)

    assert failed.exit_code == 1
    # The page that fails is the second or the third, which are requested at the same time.
    assert failed.stderr.splitlines()[0] in (kept(here, 100), kept(here, 200))
    assert failed.stderr.splitlines()[1].startswith("Error: <Client: demo.example.com>: status 500")
    assert (here / "leads.csv.part").exists()
    other = leadquery(*args[:2], "--limit", "5", *args[2:])
    assert "belongs to an export with limit=None, not 5" in other.stderr
    over = leadquery(*args[:2], "--no-resume", "--limit", "5", *args[2:])
    assert over.output == "5 of 300 rows in leads.csv\n"


def test_an_interrupted_export_resumes(
    write: Write, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C prints how many rows are kept; the next run prints where it continues."""
    write("queries.py", ALL)
    args = ["export", "--demo", "--page-size", "50", "queries.py:query", "leads.csv"]
    through(Faults(), monkeypatch)
    with monkeypatch.context() as patch:
        patch.setattr(ChangePolicy, "apply", interrupt_on_page(3))

        ended = leadquery(*args)

    assert (ended.exit_code, ended.stderr) == (130, f"{kept(here, 150)}\n")
    assert leadquery(*args).output == "300 of 300 rows in leads.csv; continued after row 100\n"


def interrupt_on_page(page: int) -> Callable[..., None]:
    """Raise KeyboardInterrupt with a page."""
    left = [None] * page

    def called(*_: object) -> None:
        if not left:
            raise KeyboardInterrupt
        left.pop()

    return called


def test_an_export_without_rows_keeps_nothing(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("queries.py", ALL)
    through(Faults([Fault.REJECTED]), monkeypatch)

    failed = leadquery("export", "--demo", "queries.py:query", "leads.csv")

    assert failed.stderr.startswith("Error: <Client: demo.example.com>: status 500")


def test_rows_that_move(write: Write, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are reported, or end the export, by option."""
    write("queries.py", ALL)
    args = ["export", "--demo", "queries.py:query", "leads.csv"]
    through(Faults([None, Fault.REMOVED]), monkeypatch)

    ran = leadquery(*args)

    assert "Warning: rows moved while they were read, so some may be missing: " in ran.stderr
    assert ran.exit_code == 0
    through(Faults([None, Fault.REMOVED]), monkeypatch)
    lines = leadquery(*args, "--on-change", "raise").stderr.splitlines()
    assert lines[0] == kept(here, 200)
    assert lines[1].startswith("Error: rows moved while they were read")
    page = "docs/how-to/pull-every-lead.md#when-rows-move-between-pages"
    assert lines[2:] == [f"see {page} in the repository"]


NO_FOLDER = "its folder 'none' does not exist; make it first"


def test_a_file_that_cannot_be_written(write: Write) -> None:
    """The error names it."""
    write("queries.py", ALL)

    assert failure(leadquery("export", "--demo", "queries.py:query", "none/leads.csv")) == (
        1,
        f"Error: 'none/leads.csv' cannot be written: {NO_FOLDER}",
    )


def test_json_is_written_by_another_command(write: Write) -> None:
    write("queries.py", ALL)

    code, line = failure(leadquery("export", "--demo", "queries.py:query", "leads.json"))

    assert code == 1
    assert line.endswith(".jsonl, .xlsx, or 'leadquery run --out leads.json'")


def test_a_name_without_a_known_ending(write: Write) -> None:
    """The error names those that are known."""
    write("queries.py", ALL)

    assert failure(leadquery("export", "--demo", "queries.py:query", "leads.xls")) == (
        1,
        "Error: 'leads.xls' has no known extension; write one of .parquet, .csv, .jsonl, .xlsx",
    )


def test_an_export_to_excel_in_a_time_zone(write: Write) -> None:
    write("queries.py", ALL)

    ran = leadquery("export", "--demo", "queries.py:query", "leads.xlsx", "--tz", "Asia/Kolkata")

    assert (ran.exit_code, ran.stdout) == (0, "10,000 of 10,000 rows in leads.xlsx\n")
    assert Path("leads.xlsx").read_bytes().startswith(b"PK")


def test_windows_of_time(write: Write, here: Path) -> None:
    """All rows, each once."""
    write("queries.py", ALL)
    args = ["export", "--demo", "--window", "--page-size", "2000", "queries.py:query", "leads.csv"]

    assert leadquery(*args).output == "10,000 of 10,000 rows in leads.csv\n"
    assert len((here / "leads.csv").read_text("utf-8").splitlines()) == 10_001
    error = "Error: --window reads all rows; leave it out, or the limit"
    assert failure(leadquery(*args, "--limit", "7"))[1].startswith(error)
