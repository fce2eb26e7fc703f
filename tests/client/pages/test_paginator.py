"""Reading all pages: in order, with prefetching, up to a limit."""

from __future__ import annotations

import gc
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from leadquery import Client, Leads, Result
from leadquery.client.paginator import Prefetcher, fetch_all, iter_pages
from leadquery.emulator import Clock, Emulator, Fault, Faults
from leadquery.errors import BadRequestError, QueryError, RequestTimeoutError, ServerError
from leadquery.fields import OwnerId, ProspectID, Score
from tests.client.clocks import InstantClock
from tests.client.pages.scripted_pages import QUERY, Script, pages_of, script, values

LEADS = [{"ProspectID": f"{n:03}", "Score": n, "OwnerId": f"u{n % 7}"} for n in range(100)]
EMULATOR = Emulator(LEADS)
IDS = [lead["ProspectID"] for lead in LEADS]
LIST = Leads.select(ProspectID)


def client_of(faults: Faults = Faults(), **options: Any) -> Client:  # noqa: B008 - frozen
    """A client of the emulator."""
    return Client("api.example.com", "k-access", "k-secret", EMULATOR.session(faults), **options)


@pytest.mark.parametrize("size", [1, 3, 10, 33, 50, 99, 100, 101, 5_000])
def test_every_row_comes_once_and_in_order(size: int) -> None:
    """By run, pages and rows, whatever the page size."""
    client, query = client_of(), LIST.page(1, size)

    result = client.run(query)
    pages = list(client.pages(query))

    assert [row["ProspectID"] for row in result] == IDS
    assert (result.total, result.columns, result.changes) == (100, ("ProspectID",), ())
    assert [len(page) for page in pages] == [*[size] * (100 // size), *filter(None, [100 % size])]
    assert values(pages) == IDS
    assert [row["ProspectID"] for row in client.rows(query)] == IDS


@pytest.mark.parametrize("method", ["run", "pages", "rows", "csv", "export"])
def test_queries_of_a_later_page_are_rejected(method: str, tmp_path: Path) -> None:
    """Before the first call, with both alternatives."""
    session = EMULATOR.session()
    client, query = Client("api.example.com", "k-access", "k-secret", session), LIST.page(3, 40)
    file = (tmp_path / "leads.csv",) if method in ("csv", "export") else ()

    with pytest.raises(QueryError) as caught:
        getattr(client, method)(query, *file)

    assert str(caught.value) == (
        f"the query asks for page 3, but {method}(...) returns every page; write "
        "client.run_page(query) for that page, or .page(1, 40) for all pages of that size"
    )
    assert (len(session.fault_log), [*tmp_path.iterdir()]) == (0, [])
    assert len(client.run_page(query)) == 20


def test_groups_come_in_pages_too() -> None:
    result = client_of().run(Leads.group_by(OwnerId).sum(Score).page(1, 2))

    assert (len(result), result.total, result.grouped) == (7, 7, True)
    assert sum(row["Count"] for row in result) == 100


@pytest.mark.parametrize("query", [LIST, Leads.group_by(OwnerId).count()])
def test_a_table_without_rows(query: Any) -> None:
    """One call, and the requested columns."""
    client = client_of()

    result = client.run(query.where(Score > 1_000))

    assert (len(result), result.total, result.columns) == (0, 0, query.output.columns)
    assert len(list(client.pages(query.where(Score > 1_000)))) == 1


@pytest.mark.parametrize(
    ("limit", "pages"), [(1, 1), (9, 1), (10, 1), (11, 2), (25, 3), (99, 10), (100, 10), (500, 10)]
)
def test_a_limit_is_not_the_page_size(limit: int, pages: int) -> None:
    """No more pages than needed; the total is that of all rows."""
    session = EMULATOR.session()
    client = Client("api.example.com", "k-access", "k-secret", session)

    result = client.run(LIST.page(1, 10), limit=limit)

    assert values([result]) == IDS[:limit]
    assert (result.total, len(session.fault_log)) == (100, pages)
    assert len(list(client.rows(LIST.page(1, 10), limit=limit))) == min(limit, 100)


def test_a_limit_counts_leads_that_came_once() -> None:
    """More pages are requested in place of duplicates."""
    api = script(("ab", 6), ("bc", 6), ("de", 6))

    with pytest.warns(UserWarning, match="1 of its rows were on an earlier page"):
        result = fetch_all(pages_of(api, limit=4), "warn", progress=False)

    assert values([result]) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("limit", [0, -1, 1.0, True, "5"])
def test_invalid_limits_are_rejected(limit: Any) -> None:
    """Before any call."""
    with pytest.raises(QueryError) as caught:
        client_of().rows(LIST, limit=limit)

    assert (
        str(caught.value)
        == f"limit={limit!r} is not a whole number from 1; write None for all rows"
    )


@pytest.mark.parametrize("method", ["run", "rows", "pages", "csv", "export"])
def test_an_unfinished_query_is_rejected(method: str) -> None:
    """Immediately, not with the first row."""
    more = ["leads.csv"] if method in ("csv", "export") else []

    with pytest.raises(QueryError) as caught:
        getattr(client_of(), method)(Leads, *more)

    assert str(caught.value).startswith("the query has no output; finish it with ")


@pytest.mark.parametrize("method", ["rows", "pages"])
def test_yielded_rows_cannot_be_refetched(method: str) -> None:
    """The message names the alternative."""
    with pytest.raises(QueryError) as caught:
        getattr(client_of(), method)(LIST, on_change="refetch")

    assert str(caught.value) == (
        "on_change='refetch' cannot take back rows that were already yielded; "
        "write on_change='raise', "
        "or use run(...) or export(...), which can start again"
    )


class Slow(Script):
    """Delays each page, earlier ones longer; counts concurrent calls.

    The calls after the first wait until there have been so many of them at once.
    """

    def __init__(self, pages: int, size: int = 2, seconds: float = 0.002, at_once: int = 1) -> None:
        rows = pages * size
        super().__init__(
            {n: ([f"{n} {k}" for k in range(size)], rows) for n in range(1, pages + 1)}, rows
        )
        self._seconds = seconds
        self._at_once = at_once
        self._calls = threading.Condition()
        self._busy = 0
        self.busiest = 0

    def result(self, query: Any) -> Result:
        with self._calls:
            self._busy += 1
            self.busiest = max(self.busiest, self._busy)
            self._calls.notify_all()
            if self.requested:
                self._calls.wait_for(lambda: self.busiest >= self._at_once, 30)
        time.sleep(self._seconds * (1 + len(self.pages) % (len(self.requested) + 2)))
        with self._calls:
            self._busy -= 1
        return super().result(query)


def test_pages_are_prefetched_and_yielded_in_order() -> None:
    """With at most the allowed number of concurrent calls."""
    api = Slow(40, at_once=5)

    result = fetch_all(pages_of(api, concurrency=5), "raise", progress=False)

    assert values([result]) == [f"{n} {k}" for n in range(1, 41) for k in range(2)]
    assert api.busiest == 5


@pytest.mark.parametrize(
    ("size", "ahead", "buffered"), [(2, 5, 10), (2, 25, 50), (5_000, 25, 10), (50_000, 25, 4)]
)
def test_buffered_pages_are_bounded(size: int, ahead: int, buffered: int) -> None:
    """Twice the concurrent calls, or fewer for large pages."""
    api = Script({n: ((f"{n}",), 10**9) for n in range(1, 200)}, 10**9)
    pages = iter_pages(
        pages_of(api, QUERY.page(1, size), concurrency=ahead), "warn", progress=False
    )

    with pytest.warns(UserWarning, match="rows moved"):
        next(pages)
    wait_until(lambda: len(api.requested) == 1 + buffered)
    time.sleep(0.02)

    assert len(api.requested) == 1 + buffered
    pages.close()  # type: ignore[attr-defined]


def wait_until(met: Any) -> None:
    """Wait for a condition, at most half a minute."""
    until = time.monotonic() + 30
    while not met() and time.monotonic() < until:
        time.sleep(0.001)


def threads() -> int:
    """The threads of this process."""
    gc.collect()
    return threading.active_count()


def test_closing_the_iterator_stops_the_calls() -> None:
    """And ends the threads."""
    before, api = threads(), Slow(200)
    pages = iter_pages(pages_of(api, concurrency=4), "raise", progress=False)
    rows = (row for page in pages for row in page.rows)
    del pages

    assert [row["ProspectID"] for row, _ in zip(rows, range(3), strict=False)] == [
        "1 0", "1 1", "2 0",
    ]  # fmt: skip
    rows.close()
    wait_until(lambda: threads() <= before)

    # Those of another test may have ended meanwhile.
    assert threads() <= before
    assert api.open == 0
    assert len(api.requested) < 20


def test_closed_prefetcher_drops_pending_requests() -> None:
    called: list[int] = []
    go_on = threading.Event()
    before = threads()

    def call(number: int) -> None:
        called.append(number)
        go_on.wait()

    with Prefetcher(call, 2, 10) as ahead:
        for number in range(10):
            ahead.request(number)
        wait_until(lambda: len(called) == 2)
    go_on.set()
    wait_until(lambda: threads() <= before)

    assert sorted(called) == [0, 1]


def test_abandoned_calls_are_cancelled() -> None:
    """Also during a pause before a retry."""
    before = threads()
    plan = [None, *[Fault.FAILED] * 99]
    rows = client_of(Faults(plan)).rows(LIST.page(1, 10))

    next(rows)
    rows.close()  # type: ignore[attr-defined]
    wait_until(lambda: threads() <= before)

    assert threads() <= before


def test_errors_are_raised_in_page_order() -> None:
    """After the rows of the pages before, with what is missing."""
    api = script(("ab", 8), ("cd", 8), BadRequestError("no"), ServerError("down"))
    pages = iter_pages(pages_of(api), "raise", progress=False)
    rows = (row for page in pages for row in page.rows)
    got: list[Any] = []

    with pytest.raises(BadRequestError) as caught:
        got.extend(row["ProspectID"] for row in rows)

    assert got == ["a", "b", "c", "d"]
    assert caught.value.__notes__[-1] == "page 3 and later pages are missing"


def test_an_error_without_pages_names_no_page() -> None:
    with pytest.raises(BadRequestError) as caught:
        fetch_all(
            pages_of(Script({0: BadRequestError("no")}), QUERY.page(None)), "warn", progress=False
        )

    assert caught.value.__notes__ == [f"see {caught.value.docs_page} in the repository"]


def test_a_deadline_is_for_all_pages() -> None:
    slow = Faults(latency=0.05)

    with pytest.raises(RequestTimeoutError) as caught:
        client_of(slow, deadline=0.3).run(LIST.page(1, 1))

    assert "no response within the deadline of 0.3 s" in str(caught.value)


def fetched(method: str, deadline: float, file: Path) -> tuple[int, float]:
    """The rows of two pages and the seconds that they take, with a lead removed between them.

    A page takes four seconds, and a refetch requests both again.
    """
    time = InstantClock()
    emulator = Emulator(LEADS, clock=Clock(time.now, time.sleep))
    session = emulator.session(Faults([None, Fault.REMOVED], latency=2.0))
    client = Client("api.example.com", "k", "s", session, deadline=deadline, clock=time)
    query, began = LIST.page(1, 50), time.now()
    if method == "run":
        rows = len(client.run(query, on_change="refetch", progress=False))
    else:
        rows = client.export(query, file, resume=False, on_change="refetch", progress=False).rows
    return rows, time.now() - began


@pytest.mark.parametrize("method", ["run", "export"])
def test_a_deadline_is_for_a_refetch_too(method: str, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"

    with pytest.raises(RequestTimeoutError) as caught:
        fetched(method, 15.5, file)

    assert "no response within the deadline of 15.5 s" in str(caught.value)
    assert fetched(method, 16.5, file) == (99, 16)


@pytest.mark.parametrize(
    ("pages", "total"),
    [
        ([(["a", "b"], 3), ([], 0)], 3),
        ([(["a", "b"], 5), (["c", "d"], 4), ([], 0)], 4),
        ([(["a", "b"], 9), (["c"], 9), ([], 0)], 9),
        ([([], 0)], 0),
    ],
)
def test_a_page_past_the_end_keeps_the_total(pages: list[Any], total: int) -> None:
    """The API returns a total of 0 for it."""
    api = script(*pages, total=0)

    results = [result for result, _ in pages_of(api)]

    assert results[-1].total == total
    assert len(values(results)) == sum(len(rows) for rows, _ in pages)
