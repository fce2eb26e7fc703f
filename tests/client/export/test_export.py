"""Exports of lists of any length, and how they resume."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from leadquery import Client, Leads
from leadquery.client.export import part_file
from leadquery.client.progress import Progress
from leadquery.emulator import Emulator, Fault, Faults
from leadquery.errors import (
    ApiError,
    AuthenticationError,
    MissingDependencyError,
    PaginationDriftError,
    PaginationDriftWarning,
    QueryError,
)
from leadquery.fields import CreatedOn, DoNotCall, ProspectID, Score

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
LEADS: list[dict[str, Any]] = [
    {
        "ProspectID": f"{n:03}",
        "Score": n,
        "CreatedOn": NOON,
        "DoNotCall": n % 2 == 0,
        "FirstName": f'"ü{n}"\n,' if n else "",
    }
    for n in range(95)
]
EMULATOR = Emulator(LEADS, keys={"k-access": "k-secret"})
QUERY = Leads.select(ProspectID, Score, CreatedOn, DoNotCall, "FirstName", "Nobody").page(1, 10)
ENDINGS = ["csv", "jsonl", "parquet"]


def client_of(faults: Faults = Faults(), host: str = "api.example.com") -> Client:  # noqa: B008 - frozen
    """A client of the emulator."""
    return Client(host, "k-access", "k-secret", EMULATOR.session(faults))


def rows_in(file: Path) -> list[dict[str, Any]]:
    """The rows of a file."""
    if file.suffix == ".parquet":
        rows: list[dict[str, Any]] = parquet.read_table(file).to_pylist()
        return rows
    text = file.read_text("utf-8")
    if file.suffix == ".jsonl":
        return [json.loads(line) for line in text.splitlines()]
    return list(csv.DictReader(StringIO(file.read_bytes().decode(), newline="")))


def names(folder: Path) -> list[str]:
    """The names in a folder."""
    return sorted(path.name for path in folder.iterdir())


class StoppedError(Exception):
    """Stops an export."""


def stop_at(rows: int) -> Callable[[Progress], None]:
    """A progress function that stops a run after some rows."""

    def report(progress: Progress) -> None:
        if progress.rows >= rows:
            raise StoppedError

    return report


def stopped(file: Path, rows: int = 40, **options: Any) -> None:
    """Start an export and stop it."""
    with pytest.raises(StoppedError):
        client_of().export(QUERY, file, progress=stop_at(rows), **options)


def test_a_file_of_each_format(tmp_path: Path) -> None:
    """Typed values in Parquet, the API's texts in CSV, JSON types in JSON lines."""
    for ending in ENDINGS:
        done = client_of().export(QUERY, tmp_path / f"leads.{ending}", progress=False)
        assert (done.file.name, done.rows, done.total) == (f"leads.{ending}", 95, 95)
    last = {"ProspectID": "094", "Score": 94, "CreatedOn": NOON, "DoNotCall": True}
    rest = {"FirstName": '"ü94"\n,', "Nobody": None}

    assert names(tmp_path) == [f"leads.{ending}" for ending in ENDINGS]
    assert rows_in(tmp_path / "leads.parquet")[-1] == {**last, **rest}
    assert rows_in(tmp_path / "leads.jsonl")[-1] == {
        **last, "CreatedOn": "2026-01-31T12:00:00+00:00", **rest,
    }  # fmt: skip
    assert rows_in(tmp_path / "leads.csv")[-1] == {
        "ProspectID": "094", "Score": "94", "CreatedOn": "2026-01-31 12:00:00", "DoNotCall": "1",
        "FirstName": '"ü94"\n,', "Nobody": "",
    }  # fmt: skip


def test_a_parquet_file_has_the_types_of_the_fields(tmp_path: Path) -> None:
    """Also without rows."""
    for query, rows in [(QUERY, 95), (QUERY.where(Score > 1_000), 0)]:
        client_of().export(query, tmp_path / "leads.parquet", progress=False)
        table = parquet.read_table(tmp_path / "leads.parquet")
        assert table.num_rows == rows
        assert [str(one) for one in table.schema.types][2:] == [
            "timestamp[us, tz=UTC]", "bool", "string", "string",
        ]  # fmt: skip


def test_rows_are_written_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_file, "BATCH_SIZE", 7)
    for ending in ENDINGS:
        client_of().export(QUERY, tmp_path / f"leads.{ending}", progress=False)

        assert len(rows_in(tmp_path / f"leads.{ending}")) == 95


def test_groups_are_exported_too(tmp_path: Path) -> None:
    client_of().export(Leads.group_by(DoNotCall).sum(Score), tmp_path / "a.jsonl", progress=False)

    assert rows_in(tmp_path / "a.jsonl") == [
        {"DoNotCall": True, "Count": 48, "Sum_Score": 2256},
        {"DoNotCall": False, "Count": 47, "Sum_Score": 2209},
    ]


def test_a_query_without_paging_is_one_page(tmp_path: Path) -> None:
    """With a limit, too."""
    file = tmp_path / "a.csv"

    assert client_of().export(QUERY.page(None), file, progress=False).rows == 95
    assert client_of().export(QUERY, file, limit=13, progress=False).rows == 13
    assert len(rows_in(file)) == 13


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_export_resumes_where_it_was_stopped(ending: str, tmp_path: Path) -> None:
    """The file is that of an uninterrupted export, and exists only at the end."""
    whole, file = tmp_path / f"whole.{ending}", tmp_path / f"leads.{ending}"
    client_of().export(QUERY, whole, progress=False)
    for rows in (10, 40, 41, 90):
        stopped(file, rows)
        assert not file.exists()
    session = EMULATOR.session()
    client = Client("api.example.com", "k-access", "k-secret", session)

    done = client.export(QUERY, file, progress=False)

    assert (done.rows, done.resumed, len(session.fault_log)) == (95, 80, 2)
    assert file.read_bytes() == whole.read_bytes()
    assert names(tmp_path) == sorted([file.name, whole.name])


def stopped_at_its_end(file: Path, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """An export whose disk has no room for the finished file."""

    def replace(*_: Path) -> Any:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        with pytest.raises(OSError, match="No space left") as caught:
            client.export(QUERY, file, progress=False)
    [note] = caught.value.__notes__
    assert note == (
        f"95 rows are kept in '{file}.part'; the same export continues from there, "
        "or starts over with resume=False (--no-resume)"
    )


def test_an_export_stopped_at_its_end_reads_one_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last, to see whether the rows are outdated."""
    file = tmp_path / "leads.csv"
    stopped_at_its_end(file, client_of(), monkeypatch)
    assert names(tmp_path) == ["leads.csv.part"]
    session = EMULATOR.session()

    done = Client("api.example.com", "k-access", "k-secret", session).export(QUERY, file)

    assert (done.rows, done.resumed, len(session.fault_log)) == (95, 90, 1)
    assert len(rows_in(file)) == 95


def test_outdated_rows_are_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If all were there, and the last page or the total is another by now. Nothing is wrong."""
    file = tmp_path / "leads.jsonl"
    new: list[dict[str, Any]] = [{**lead, "Score": 1_000} for lead in LEADS]
    other = {"ProspectID": "999"}
    for leads in (new, [*LEADS[:94], other], LEADS[:90], [*LEADS, other]):
        stopped_at_its_end(file, client_of(), monkeypatch)
        client = Client("api.example.com", "k-access", "k-secret", Emulator(leads).session())

        done = client.export(QUERY, file, on_change="raise", progress=False)

        assert (done.resumed, done.changes, done.rows) == (0, (), len(leads))
        assert rows_in(file)[0]["Score"] == (1_000 if leads is new else 0)


def test_rows_are_outdated_after_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If all were there. A part of them is continued, since it says when it was begun."""
    file = tmp_path / "leads.jsonl"
    for stop, resumed in [(stopped_at_its_end, 0), (lambda *_: stopped(file), 30)]:
        stop(file, client_of(), monkeypatch)
        with monkeypatch.context() as patch:
            patch.setattr(part_file, "MAX_AGE", timedelta())

            done = client_of().export(QUERY, file, progress=False)

        assert (done.resumed, len(rows_in(file))) == (resumed, 95)
        assert done.started is not None
        assert timedelta() < datetime.now(UTC) - done.started < timedelta(minutes=5)


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_export_that_starts_over_keeps_nothing(ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"leads.{ending}"
    stopped(file, 60)

    client_of().export(QUERY, file, resume=False, limit=5, progress=False)

    assert [row["ProspectID"] for row in rows_in(file)] == ["000", "001", "002", "003", "004"]


def test_an_export_with_a_limit_resumes(tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    stopped(file, 20, limit=33)

    assert client_of().export(QUERY, file, limit=33, progress=False).rows == 33
    assert [row["ProspectID"] for row in rows_in(file)] == [f"{n:03}" for n in range(33)]


def test_a_folder_is_rejected(tmp_path: Path) -> None:
    """Before the first call."""
    session = EMULATOR.session()
    folder = tmp_path / "leads.csv"
    folder.mkdir()

    with pytest.raises(QueryError) as caught:
        Client("api.example.com", "k-access", "k-secret", session).export(QUERY, folder)

    assert str(caught.value) == f"'{folder}' is a folder; name a file in it"
    assert (session.fault_log, [*tmp_path.iterdir()]) == ((), [folder])


def test_a_failed_export_resumes(tmp_path: Path) -> None:
    """The error says how many rows are kept."""
    file = tmp_path / "leads.csv"
    faults = Faults([None, None, None, Fault.REJECTED])

    with pytest.raises(ApiError) as caught:
        client_of(faults).export(QUERY, file, progress=False)

    kept = [note for note in caught.value.__notes__ if "kept" in note]
    rows = int(kept[0].split()[0])
    assert rows >= 10
    assert kept == [
        (
            f"{rows} rows are kept in '{file}.part'; the same export continues from there, "
            "or starts over with resume=False (--no-resume)"
        )
    ]
    assert client_of().export(QUERY, file, progress=False).rows == 95


def test_an_export_without_rows_leaves_no_file(tmp_path: Path) -> None:
    client = Client("api.example.com", "k-access", "other", EMULATOR.session())

    with pytest.raises(AuthenticationError):
        client.export(QUERY, tmp_path / "leads.csv", progress=False)

    assert names(tmp_path) == []


def test_a_part_file_holds_no_key(tmp_path: Path) -> None:
    """It holds the query and how far it has come."""
    stopped(tmp_path / "leads.csv")

    text = (tmp_path / "leads.csv.part").read_text("utf-8")
    magic, header, *_ = text.splitlines()
    state = json.loads(header[64:])

    assert magic == "leadquery"
    assert "k-access" not in text
    assert "k-secret" not in text
    assert state["key"]["payload"] == QUERY.to_payload()


@pytest.mark.parametrize(
    ("query", "options", "host", "apart"),
    [
        (QUERY.page(1, 20), {}, "api.example.com", "with another page size"),
        (QUERY, {"limit": 5}, "api.example.com", "with limit=None, not 5"),
        (
            QUERY,
            {},
            "other.example.com",
            "from 'https://api.example.com', not from 'https://other.example.com'",
        ),
        (
            QUERY.where(Score > 1),
            {},
            "api.example.com",
            (
                "of another query (List of ProspectID, Score, CreatedOn, DoNotCall, FirstName and "
                "Nobody of all leads)"
            ),
        ),
    ],
)
def test_the_part_file_of_another_export_is_rejected(
    query: Any, options: Any, host: str, apart: str, tmp_path: Path
) -> None:
    """Rows of two questions are never joined; what is there stays."""
    file = tmp_path / "leads.csv"
    stopped(file)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}

    with pytest.raises(QueryError) as caught:
        client_of(host=host).export(query, file, progress=False, **options)

    assert str(caught.value) == (
        f"'{file}.part' belongs to an export {apart}; "
        "continue that one, or write resume=False (--no-resume) to start over"
    )
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    done = client_of(host=host).export(query, file, resume=False, progress=False, **options)
    assert done.rows == len(rows_in(file)) > 0


def test_the_rows_of_two_accounts_are_not_joined(tmp_path: Path) -> None:
    """Many accounts share a host."""
    file = tmp_path / "leads.csv"
    stopped(file)
    other = Client("api.example.com", "k-other", "k-secret", Emulator(LEADS).session())

    with pytest.raises(QueryError, match=r"leads.csv.part' belongs to an export with another ac"):
        other.export(QUERY, file, progress=False)


def test_csv_for_spreadsheets(tmp_path: Path) -> None:
    """By choice, and of no other format."""
    session = Emulator([{"ProspectID": "1", "FirstName": "=1+1", "Score": -2}]).session()
    client = Client("api.example.com", "k-access", "k-secret", session)
    query = Leads.select("FirstName", Score)

    client.export(query, tmp_path / "a.csv", spreadsheet=True, progress=False)

    assert (tmp_path / "a.csv").read_bytes() == (b"\xef\xbb\xbfFirstName,Score\r\n'=1+1,-2\r\n")
    with pytest.raises(QueryError) as caught:
        client.export(query, tmp_path / "a.jsonl", spreadsheet=True)
    assert str(caught.value) == ("spreadsheet=True is for CSV, not for 'a.jsonl'; leave it out")


@pytest.mark.parametrize("ending", ENDINGS)
def test_half_of_a_surrogate_pair_is_an_error(ending: str, tmp_path: Path) -> None:
    """It names the row, and what came before is kept."""
    leads: list[dict[str, Any]] = [*LEADS[:50], {"ProspectID": "050", "FirstName": "Ann \ud83d"}]
    client = Client("api.example.com", "k-access", "k-secret", Emulator(leads).session())

    with pytest.raises(QueryError) as caught:
        client.export(QUERY, tmp_path / f"leads.{ending}", progress=False)

    assert str(caught.value) == (
        "row 51, 'FirstName': 'Ann \\ud83d' has half of a surrogate pair, which UTF-8 cannot "
        "encode; correct the lead, or leave the field out"
    )
    assert caught.value.__notes__[-1].startswith("50 rows are kept in ")


@pytest.mark.parametrize("name", ["leads", "leads.xls", "leads.csv.gz", ".csv"])
def test_unknown_extensions_are_rejected(name: str, tmp_path: Path) -> None:
    """Before anything is fetched."""
    with pytest.raises(QueryError) as caught:
        client_of(Faults([Fault.REJECTED])).export(QUERY, tmp_path / name)

    assert str(caught.value) == (
        f"{name!r} has no known extension; write one of .parquet, .csv, .jsonl, .xlsx"
    )


def test_a_json_file_is_written_by_another_method(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match=r", or client\.run\(query\)\.to_json\('leads\.JSON'\)\n"):
        client_of().export(QUERY, tmp_path / "leads.JSON")


def test_parquet_without_its_library_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is fetched."""
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)

    with pytest.raises(MissingDependencyError) as caught:
        client_of(Faults([Fault.REJECTED])).export(QUERY, tmp_path / "leads.parquet")

    assert str(caught.value) == (
        "an export to Parquet needs pyarrow, which is not installed; "
        "run pip install 'leadquery[parquet]'"
    )


def test_two_exports_do_not_write_one_file(tmp_path: Path) -> None:
    """The second is rejected."""
    file = tmp_path / "leads.csv"

    def again(_: Progress) -> None:
        client_of().export(QUERY, file, progress=False)

    with pytest.raises(QueryError) as caught:
        client_of().export(QUERY, file, progress=again)

    assert str(caught.value) == (
        f"another export is writing '{file}.part'; wait for it, or name another file"
    )


def test_an_existing_file_is_replaced_at_the_end(tmp_path: Path) -> None:
    """It keeps its mode, and a link stays a link."""
    file, link = tmp_path / "leads.csv", tmp_path / "link.csv"
    file.write_text("before")
    file.chmod(0o640)
    link.symlink_to(file)

    stopped(link)
    assert file.read_text() == "before"

    client_of().export(QUERY, link, progress=False)
    assert len(rows_in(file)) == 95
    assert (link.is_symlink(), file.stat().st_mode & 0o777) == (True, 0o640)


@pytest.mark.parametrize("file", [5, None, StringIO()])
def test_what_is_no_path(file: Any) -> None:
    with pytest.raises(QueryError, match=r"is not a path; write a name, such as 'leads\.csv'"):
        client_of().export(QUERY, file)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "none" / "leads.csv"
    with pytest.raises(FileNotFoundError, match=r"its folder .*none' does not exist") as caught:
        client_of(Faults([Fault.REJECTED])).export(QUERY, file)
    assert caught.value.filename == str(file)


GONE = Faults([None, None, None, Fault.REMOVED])


def test_rows_that_move_are_warned_of(tmp_path: Path) -> None:
    """Once, and the result lists the changes."""
    with pytest.warns(PaginationDriftWarning, match="TotalCount was 95 and is 94") as caught:
        done = client_of(GONE).export(QUERY, tmp_path / "leads.csv", progress=False)

    assert len(caught) == 1
    assert "total" in {change.kind for change in done.changes}
    assert done.rows == len(rows_in(tmp_path / "leads.csv"))


def test_rows_that_move_are_raised_by_choice(tmp_path: Path) -> None:
    """Also when the export resumes, because rows may be missing."""
    file = tmp_path / "leads.csv"
    for client in (client_of(GONE), client_of()):
        with pytest.raises(PaginationDriftError, match="TotalCount was 95 and is 94"):
            client.export(QUERY, file, on_change="raise", progress=False)

    done = client_of().export(QUERY, file, on_change="raise", resume=False, progress=False)

    assert (done.rows, done.changes) == (95, ())


@pytest.mark.parametrize("ending", ENDINGS)
def test_rows_that_move_are_refetched_by_choice(ending: str, tmp_path: Path) -> None:
    """From the first page, also those of an earlier run."""
    file = tmp_path / f"leads.{ending}"

    late = Faults([*[None] * 9, Fault.REMOVED])
    done = client_of(late).export(QUERY, file, on_change="refetch", progress=False)
    assert (done.rows, done.total, done.changes) == (94, 94, ())
    assert len(rows_in(file)) == 94

    with pytest.raises(PaginationDriftError):
        client_of(GONE).export(QUERY, file, on_change="raise", progress=False)
    done = client_of().export(QUERY, file, on_change="refetch", progress=False)
    assert (done.rows, done.changes) == (95, ())


def test_refetch_gives_up_if_rows_keep_moving(tmp_path: Path) -> None:
    """With an error, and without rows of the last try."""
    with pytest.raises(PaginationDriftError, match="rows moved each of the 3 times they were read"):
        client_of(Faults({Fault.REMOVED: 0.5})).export(
            QUERY, tmp_path / "leads.csv", on_change="refetch", progress=False
        )

    assert names(tmp_path) == []


def test_rows_that_moved_while_stopped_are_noticed(tmp_path: Path) -> None:
    """The last page is requested again."""
    file = tmp_path / "leads.csv"
    emulators = [Emulator(LEADS), Emulator([*LEADS[:35], *LEADS[36:], {"ProspectID": "999"}])]
    first, second = (
        Client("api.example.com", "k-access", "k-secret", one.session()) for one in emulators
    )
    with pytest.raises(StoppedError):
        first.export(QUERY, file, progress=stop_at(40))

    with pytest.warns(
        PaginationDriftWarning, match="page 4: it had other rows when the export was st"
    ):
        done = second.export(QUERY, file, progress=False)

    assert done.rows == 95


def test_leads_from_before_the_stop_are_not_repeated(tmp_path: Path) -> None:
    """A new lead may have pushed one to the next page."""
    file = tmp_path / "leads.csv"
    emulators = [Emulator(LEADS), Emulator([{"ProspectID": "!"}, *LEADS])]
    first, second = (
        Client("api.example.com", "k-access", "k-secret", one.session()) for one in emulators
    )
    with pytest.raises(StoppedError):
        first.export(QUERY, file, progress=stop_at(40))

    with pytest.warns(PaginationDriftWarning, match="rows moved while they were read"):
        second.export(QUERY, file, progress=False)

    assert [row["ProspectID"] for row in rows_in(file)] == [lead["ProspectID"] for lead in LEADS]


def test_resumed_exports_report_progress(tmp_path: Path) -> None:
    """From the rows that are kept."""
    reports: list[Progress] = []
    stopped(tmp_path / "leads.csv", 50)

    client_of().export(QUERY, tmp_path / "leads.csv", progress=reports.append)

    assert [one.rows for one in reports] == [50, 60, 70, 80, 90, 95]
    assert {one.total for one in reports} == {95}


def test_a_resumed_export_that_refetches_drops_earlier_rows(tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    stopped(file)
    client = client_of(Faults([Fault.REMOVED]))

    done = client.export(QUERY, file, on_change="refetch", progress=False)

    assert (done.rows, done.resumed) == (94, 0)
