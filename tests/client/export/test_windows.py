"""Exports in windows of time: no lead is lost or repeated while leads change."""

from __future__ import annotations

import json
import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import given, strategies as st
from openpyxl import load_workbook
from pyarrow import parquet

from leadquery import Client, Leads
from leadquery.client.export import part_file, windows
from leadquery.client.progress import Progress
from leadquery.emulator import Emulator
from leadquery.errors import (
    InvalidResponseError,
    PaginationDriftError,
    PaginationDriftWarning,
    QueryError,
)
from leadquery.fields import CreatedOn, ProspectID, Score
from leadquery.query.query import Query
from leadquery.result import Result
from tests.client.export.drifting_leads import START, DriftingLeads, Lead, random_leads

Match = Callable[[Lead], bool]

HOUR = timedelta(hours=1)


def second(text: str | None) -> datetime | None:
    """The second of a date."""
    return datetime.fromisoformat(f"{text[:19]}Z") if text else None


class StoppedError(Exception):
    """Stops an export."""


def _stop(_: object) -> None:
    raise StoppedError


def stop_at(rows: int) -> Callable[[Progress], None]:
    """A progress function that stops an export after some rows."""

    def report(progress: Progress) -> None:
        if progress.rows >= rows:
            raise StoppedError

    return report


def random_query(random: Random) -> tuple[Query[Any], Match]:
    """A list of leads, and whether a lead is in it."""
    columns = random.choice(
        [["FirstName"], ["FirstName", "ProspectID"], ["FirstName", "CreatedOn", "Score"]]
    )
    listed = Leads.select(*columns)
    end = START + timedelta(seconds=random.choice([1, 3, 86_400, 500 * 86_400]))
    match random.randrange(4):
        case 0:
            return listed.where(Score >= 30), lambda lead: lead["Score"] >= 30
        case 1:
            return (
                listed.created_between(START + timedelta(seconds=1), end),
                lambda lead: (
                    START + timedelta(seconds=1) <= (second(lead["CreatedOn"]) or START) <= end
                ),
            )
        case 2:
            return listed.modified_between(
                START, end
            ), lambda lead: START <= (second(lead["ModifiedOn"]) or START) <= end
    return listed, lambda _: True


def check_drift(seed: int, file: Path, size: int, page: int, max_rows: int, changes: int) -> None:
    """Export drifting leads, with stops in some cases."""
    random = Random(seed)  # noqa: S311 - no secret.
    in_one_second = random.choice([0, page // 2, page * 2])
    leads = DriftingLeads(random_leads(random, size, in_one_second), random, changes)
    client = leads.client(max_rows=max_rows, counts_fractions=random.random() < 0.5)
    query, matches = random_query(random)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(random.randrange(3)):
            progress = stop_at(random.randrange(size))
            with suppress(StoppedError):
                client.export(query.page(1, page), file, window=True, progress=progress)
        client.export(query.page(1, page), file, window=True, progress=False)
    found = Counter(json.loads(line)["FirstName"] for line in file.read_text().splitlines())
    ever = {number for seen in leads.seen for number in seen}
    assert leads.throughout(matches) - found.keys() == set()
    assert [name for name, count in found.items() if count > 1] == []
    versions = (leads.versions[number] for number in ever)
    assert found.keys() <= {version["FirstName"] for version in versions if matches(version)}


@pytest.mark.parametrize("seed", range(40))
def test_no_row_is_lost_or_repeated(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "MAX_ROWS", 40)

    check_drift(seed, tmp_path / "leads.jsonl", size=120, page=10, max_rows=40, changes=3)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200))
def test_no_row_of_an_account_is_lost_or_repeated(seed: int, tmp_path: Path) -> None:
    """More leads than its lists give."""
    check_drift(
        seed, tmp_path / "leads.jsonl", size=11_000, page=1_000, max_rows=10_000, changes=200
    )


# Options, and what is reported


def leads(count: int, **values: Any) -> list[Lead]:
    """Leads of successive hours."""
    return [
        {"ProspectID": f"{n:04}", "CreatedOn": START + HOUR * n, "Score": n, **values}
        for n in range(count)
    ]


EMULATOR = Emulator(leads(300), max_rows=50)
QUERY = Leads.select(Score).page(1, 10)
ENDINGS = ["csv", "jsonl", "parquet", "xlsx"]


def client_of(emulator: Emulator = EMULATOR) -> Client:
    """A client of a mock API."""
    return Client("api.example.com", "key", "secret", emulator.session())


def export(query: Query[Any], file: Path, client: Client | None = None, **options: Any) -> Any:
    """Export in windows."""
    return (client or client_of()).export(query, file, window=True, progress=False, **options)


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_file_is_that_of_pages(ending: str, tmp_path: Path) -> None:
    """With the columns of the query, and the leads in another order."""
    windowed, paged = tmp_path / f"windowed.{ending}", tmp_path / f"paged.{ending}"
    client = client_of(Emulator(leads(300)))
    for query in (QUERY, Leads.select(ProspectID, CreatedOn, Score), QUERY.where(Score < 0)):
        done = export(query, windowed, client)
        client.export(query, paged, progress=False)

        assert done.changes == ()
        assert done.rows == done.total == client.count(query)
        if ending == "xlsx":
            sheets = [
                [*load_workbook(file).active.iter_rows(values_only=True)]
                for file in (windowed, paged)
            ]
            assert sorted(sheets[0], key=repr) == sorted(sheets[1], key=repr)
        elif ending == "parquet":
            tables = [parquet.read_table(file) for file in (windowed, paged)]
            assert tables[0].schema == tables[1].schema
            assert tables[0].sort_by("Score") == tables[1].sort_by("Score")
        else:
            lines = [file.read_text().splitlines() for file in (windowed, paged)]
            assert sorted(lines[0]) == sorted(lines[1])


def test_lists_that_end_lose_rows_without_windows(tmp_path: Path) -> None:
    """Which is an error, that names windows."""
    message = r"later rows are missing; .* or export it with window=True \(--window\)"
    with pytest.raises(PaginationDriftError, match=message):
        client_of().export(QUERY, tmp_path / "leads.csv", on_change="ignore", progress=False)

    assert export(QUERY, tmp_path / "leads.csv", resume=False).rows == 300


def test_a_list_that_fits_a_page_takes_one_request(tmp_path: Path) -> None:
    session = Emulator(leads(9)).session()
    client = Client("api.example.com", "key", "secret", session)

    assert export(QUERY, tmp_path / "leads.csv", client).rows == 9
    assert export(QUERY.page(None), tmp_path / "leads.csv", client).rows == 9
    assert len(session.fault_log) == 2


def test_few_requests_are_for_nothing(tmp_path: Path) -> None:
    """About as many as pages that are three quarters full, once the period is known."""
    session = Emulator(leads(3_000)).session()
    client = Client("api.example.com", "key", "secret", session)
    query = QUERY.created_between(START, START + HOUR * 3_000)

    assert export(query.page(1, 100), tmp_path / "leads.csv", client).rows == 3_000
    assert len(session.fault_log) < 60
    assert export(query.page(1, 10), tmp_path / "leads.csv", client).rows == 3_000
    assert len(session.fault_log) < 60 + 600


def test_leads_may_all_be_in_a_small_part_of_the_time(tmp_path: Path) -> None:
    query = QUERY.created_between(START, START + HOUR * 30_000).page(1, 2)

    assert export(query, tmp_path / "leads.csv").rows == 300


def test_what_windows_cannot_read(tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    no_groups = r"window=True \(--window\) reads lists of leads, not groups; leave it out"
    no_limit = r"window=True \(--window\) reads all rows; leave it out, or the limit"

    for query, limit, message in [
        (Leads.group_by(Score).count(), None, no_groups),
        (QUERY, 5, no_limit),
        (QUERY.limit(5), None, no_limit),
    ]:
        with pytest.raises(QueryError, match=message):
            export(query, file, limit=limit)
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("query", [QUERY, Leads.select(ProspectID, Score, CreatedOn).page(1, 10)])
@pytest.mark.parametrize("created", [False, True])
def test_a_stopped_export_continues(query: Any, created: bool, tmp_path: Path) -> None:
    """It does not start over."""
    file = tmp_path / "leads.jsonl"
    if created:
        query = query.created_between(START, START + HOUR * 250)
    session = EMULATOR.session()
    client = Client("api.example.com", "key", "secret", session)
    export(query, tmp_path / "whole.jsonl", client)
    calls = len(session.fault_log)

    with pytest.raises(StoppedError):
        client.export(query, file, window=True, progress=stop_at(100))
    with pytest.raises(QueryError, match="an export with window=True, not False"):
        client.export(query, file)
    with pytest.raises(StoppedError):
        client.export(query, file, window=True, progress=stop_at(180))
    done = export(query, file, client)

    assert done.resumed >= 180
    assert done.rows == client.count(query)
    assert sorted(file.read_text()) == sorted((tmp_path / "whole.jsonl").read_text())
    assert len(session.fault_log) < 3 * calls


def test_the_second_between_two_windows_is_in_the_file_once(tmp_path: Path) -> None:
    """Also if an export is stopped between them, and its ids are not in the file."""
    rows = [lead for n in range(5) for lead in leads(4, ProspectID=None)]
    rows = [{**row, "ProspectID": f"{n:03}", "Score": n} for n, row in enumerate(rows)]
    rows = [{**row, "CreatedOn": START + timedelta(seconds=n // 2)} for n, row in enumerate(rows)]
    file = tmp_path / "leads.jsonl"
    for stop in range(1, 20):
        with pytest.raises(StoppedError):
            client_of(Emulator(rows)).export(
                QUERY.page(1, 4), file, window=True, progress=stop_at(stop)
            )
        export(QUERY.page(1, 4), file, client_of(Emulator(rows)))

        scores = [json.loads(line)["Score"] for line in file.read_text().splitlines()]
        assert sorted(scores) == [*range(20)]


def test_a_whole_part_file_is_used_if_nothing_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the export starts over, and has all the rows."""
    file = tmp_path / "leads.jsonl"
    for count in (300, 290):
        with monkeypatch.context() as patch:
            patch.setattr(part_file.PartFile, "remove", _stop)
            with pytest.raises(StoppedError):
                export(QUERY, file)
        session = Emulator(leads(count)).session()
        done = export(QUERY, file, Client("api.example.com", "key", "secret", session))

        assert (done.rows, len(file.read_text().splitlines())) == (count, count)
        assert (len(session.fault_log) == 1) == (count == 300)


def drifting_client(changes: int = 1) -> Client:
    """A client of leads that are created and deleted."""
    random = Random(4)  # noqa: S311 - no secret.
    return DriftingLeads(leads(200, ModifiedOn="2026-01-01 00:00:00"), random, changes).client()


def test_changes_are_reported(tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    text = (
        r"there were \d+ leads at first and \d+ at the end, and \d+ were read; those that were "
        "there all the time are in the file, once each"
    )

    with pytest.warns(PaginationDriftWarning, match=text):
        done = export(QUERY, file, drifting_client())
    assert [(change.page, change.kind) for change in done.changes] == [(0, "total")]
    with warnings.catch_warnings():
        warnings.simplefilter("error", PaginationDriftWarning)
        assert export(QUERY, file, drifting_client(), on_change="ignore").changes
    with pytest.raises(PaginationDriftError, match=text):
        export(QUERY, file, drifting_client(), on_change="raise", resume=False)
    with pytest.raises(PaginationDriftError, match="leads changed each of the 3 times"):
        export(QUERY, file, drifting_client(), on_change="refetch", resume=False)


def test_a_second_that_changes_is_reported(tmp_path: Path) -> None:
    """And read again from the start, if asked for."""
    random = Random(1)  # noqa: S311 - no secret.
    crowd = leads(200, ModifiedOn="2026-01-01 00:00:00", CreatedOn="2026-01-01 00:00:00")
    drifting = DriftingLeads(crowd, random, 20)

    done = export(QUERY, tmp_path / "a.jsonl", drifting.client(), on_change="ignore")
    with pytest.raises(PaginationDriftError, match="leads changed each of the 3 times"):
        export(QUERY, tmp_path / "b.jsonl", drifting.client(), on_change="refetch")

    assert str(done.changes[0]) == (
        "the leads created at 2026-01-01 00:00:00 changed each of the 5 times they were read"
    )


def test_progress(tmp_path: Path) -> None:
    seen: list[Progress] = []

    client_of().export(QUERY, tmp_path / "leads.csv", window=True, progress=seen.append)

    assert seen[-1].rows == seen[-1].total == 300
    assert {progress.total for progress in seen} == {300}


# One window


def rows_of(numbers: Iterable[int]) -> tuple[dict[str, Any], ...]:
    return tuple({"ProspectID": str(number)} for number in numbers)


def reader(*pages: Result, size: int = 10) -> windows.WindowReader:
    """A reader that gets some pages, the last one again and again."""
    remaining = [*pages]
    return windows.WindowReader(
        Leads.select(ProspectID).page(1, size),
        lambda _: remaining.pop(0) if len(remaining) > 1 else remaining[0],
    )


def test_a_page_with_fewer_rows_than_it_counts_is_read_again() -> None:
    reading = reader(Result(rows_of(range(3)), 4), Result(rows_of(range(4)), 4)).read_all()

    assert reading.rows == rows_of(range(4))


@pytest.mark.parametrize(
    ("page", "hint"),
    [
        (Result(rows_of(range(3)), 4), "; if the API limits the size of pages, write .page(1, 3)"),
        (Result(rows_of([1, 1]), 2), ""),
    ],
)
def test_a_page_that_lacks_rows_is_an_error(page: Result, hint: str) -> None:
    with pytest.raises(InvalidResponseError) as caught:
        reader(page).read_all()

    count = len({row["ProspectID"] for row in page.rows})
    assert str(caught.value) == (
        "the page of leads created from 0001-01-01 00:00:00 to 9999-12-31 23:59:59 has "
        f"{count} of {page.total} leads, although its size is 10{hint}"
    )


SECOND = windows.Window(START, START)


@pytest.mark.parametrize(
    ("window", "name"),
    [
        (SECOND, "leads created at 2024-02-28 23:59:58"),
        (windows.Window(None, None), "leads without CreatedOn"),
    ],
)
def test_a_window_that_is_longer_than_lists_is_an_error(window: windows.Window, name: str) -> None:
    """It cannot be split."""
    full, empty = Result(rows_of(range(10)), 11), Result((), 11)

    with pytest.raises(InvalidResponseError) as caught:
        reader(full, *[full, empty] * 5).read(window)

    assert str(caught.value) == (
        f"there are 11 {name}, but their list ends after 10; no window is smaller; export parts of "
        "the query, such as those of each owner"
    )


def test_a_total_of_ten_thousand_may_be_that_of_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "MAX_ROWS", 12)
    pages = [Result(rows_of(range(10)), 12), Result(rows_of([10, 11]), 12)]

    assert reader(Result(rows_of(range(12)), 12), size=20).read_all().rows is None
    with pytest.raises(InvalidResponseError, match="their list ends after 12"):
        reader(pages[0], *pages * 5).read(SECOND)


def test_a_second_that_is_twice_the_same_is_whole() -> None:
    """Later readings would differ."""
    pages = [Result(rows_of(range(10)), 12), Result(rows_of([10, 11]), 12)] * 2

    reading = reader(pages[0], *pages, Result((), 0)).read(SECOND)

    assert tuple(reading.rows or ()) == rows_of(range(12))
    assert reading.changes == ()


def test_a_second_that_never_is_the_same() -> None:
    """All leads of all readings are kept."""
    pages = [
        Result(rows_of(range(n + part, n + part + 10)), 12) for n in range(5) for part in (0, 10)
    ]
    pages = [
        attrs.evolve(page, rows=page.rows[: 12 - 10 * (i % 2)]) for i, page in enumerate(pages)
    ]

    reading = reader(pages[0], *pages).read(SECOND)

    assert len(reading.rows or ()) == 16
    assert [str(change) for change in reading.changes] == [
        "the leads created at 2024-02-28 23:59:58 changed each of the 5 times they were read"
    ]


def test_a_total_behind_the_last_page_does_not_count() -> None:
    full, empty = Result(rows_of(range(10)), 11), Result((), 0)

    with pytest.raises(InvalidResponseError, match="their list ends after 10"):
        reader(full, *[full, empty] * 5).read(SECOND)


@given(
    st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)),
    st.integers(0, 10**6),
    st.integers(1, 10**6),
    st.integers(1, 10_000),
)
def test_pieces_have_all_seconds_once(
    start: datetime, seconds: int, total: int, capacity: int
) -> None:
    start = start.replace(microsecond=0, tzinfo=UTC)
    end = min(start + timedelta(seconds=seconds), windows.LAST)
    pieces = windows.Window(start, end).split(total, capacity)

    assert pieces[0].start == start
    assert pieces[-1].end == end
    for piece, following in pairwise(pieces):
        assert piece.end is not None
        assert piece.end + timedelta(seconds=1) == following.start
    assert all(piece.start <= piece.end for piece in pieces if piece.start and piece.end)
    assert len(pieces) <= windows.MAX_PIECES
    assert len(pieces) > 1 or start == end
