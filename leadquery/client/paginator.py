"""Reads all pages of a query: prefetches them, yields them in order, and notices moving rows.

`Paginator` iterates over the pages, with a `Prefetcher` that fetches on threads and a
`DriftDetector` that compares each page with those before it. `fetch_all` and `iter_pages` are what
`Client.run` and `Client.pages` do with them; `paginate` makes a `Paginator` for a client. Start
reading at `Paginator.__iter__`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from copy import copy
from functools import partial
from queue import SimpleQueue
from threading import Event, Thread
from types import TracebackType
from typing import Final, Generic, Self, TypeVar

import attrs

from leadquery.client.deadline import Deadline
from leadquery.client.drift import (
    MAX_PASSES,
    ChangePolicy,
    DriftDetector,
    OnChange,
    is_past_end,
    streaming_policy,
    too_many_passes_error,
)
from leadquery.client.exact_seconds import trim_rows, widen_list
from leadquery.client.progress import ProgressCallback, ReportRows, progress_reporter
from leadquery.client.transport import Transport
from leadquery.errors import ApiError, Change, PaginationDriftError, QueryError
from leadquery.query.base import replace
from leadquery.query.query import Query, is_limited_list
from leadquery.result import Result, Row, build_result
from leadquery.wire.model import ListOutput, Paging

T = TypeVar("T")

Tasks = SimpleQueue[tuple[int, "Future[T]"] | None]


class Prefetcher(Generic[T]):
    """Calls `function` with numbers on threads, and holds at most `max_pending` results.

    Results and exceptions come in the order of the requests. Nothing is called after the end of
    the `with` block, which does not wait for calls that are running.
    """

    def __init__(self, function: Callable[[int], T], max_threads: int, max_pending: int) -> None:
        self._function = function
        self._max_threads = max_threads
        self._max_pending = max_pending
        self._tasks: Tasks[T] = SimpleQueue()
        self._futures: deque[Future[T]] = deque()
        self._threads = 0
        self._closed = Event()

    @property
    def pending(self) -> int:
        """The number of results requested and not yet taken."""
        return len(self._futures)

    @property
    def is_full(self) -> bool:
        """Whether no other result may be requested now."""
        return self.pending >= self._max_pending

    def request(self, number: int) -> None:
        """Have the function called with a number."""
        future: Future[T] = Future()
        self._futures.append(future)
        self._tasks.put((number, future))
        if self._threads < min(self.pending, self._max_threads):
            self._threads += 1
            # Daemons, so that the program can end before calls that nobody waits for.
            Thread(
                target=_run_tasks, args=(self._function, self._tasks, self._closed), daemon=True
            ).start()

    def take(self) -> T:
        """Wait for the next result and return it."""
        return self._futures.popleft().result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closed.set()
        self._futures.clear()
        for _ in range(self._threads):
            self._tasks.put(None)


def _run_tasks(function: Callable[[int], T], tasks: Tasks[T], closed: Event) -> None:
    while (task := tasks.get()) is not None:
        number, future = task
        if closed.is_set():
            continue
        try:
            future.set_result(function(number))
        except BaseException as error:  # noqa: BLE001 - `take` raises it.
            future.set_exception(error)
        # Do not keep a page alive while waiting for the next task.
        del task, future


FetchPage = Callable[[Query], Result]
"""Fetches exactly the page that a query asks for."""

OpenFetcher = Callable[[], AbstractContextManager[FetchPage]]
"""Makes a FetchPage for a `with` block, whose end cancels the calls that are running."""

MAX_BUFFERED_ROWS: Final = 50_000
"""The most prefetched rows to hold, as long as MIN_BUFFERED_PAGES can be prefetched."""

MIN_BUFFERED_PAGES: Final = 4

MAX_REPEATS: Final = 2
"""After how many times the initial total number of rows a list is taken to be endless."""


class Paginator:
    """The pages of a query in order, from the first, at the query's page size.

    A query without paging has one page. `limit` is the most rows to yield, `max_threads` the most
    calls at once and `max_pending` the most pages to hold. `goal` is the number of rows that will
    be yielded, as far as it is known, and `left_out` the number of rows that were read and are not
    in the query's ranges of dates.

    Raises QueryError for an invalid limit. Iterating raises the errors of fetching, in the order
    of the pages.
    """

    def __init__(
        self,
        open_fetcher: OpenFetcher,
        query: Query,
        *,
        limit: int | None = None,
        concurrency: int = MIN_BUFFERED_PAGES,
    ) -> None:
        self.query = query
        self.goal = 0
        self.limit = checked_limit(limit)
        self.open_fetcher = open_fetcher
        self._page_size = None if query.paging is None else query.paging.size
        buffered_pages = MAX_BUFFERED_ROWS // (self._page_size or MAX_BUFFERED_ROWS)
        self.max_pending = min(2 * concurrency, max(MIN_BUFFERED_PAGES, buffered_pages))
        self.max_threads = min(concurrency, self.max_pending)
        self._start_at(1, DriftDetector(query), 0)

    def restarted(
        self, page: int = 1, detector: DriftDetector | None = None, yielded: int = 0
    ) -> Paginator:
        """The same pages from the first; or from a later one, with a detector that knows the rest.

        `yielded` is the number of rows of the pages before.
        """
        paginator = copy(self)
        paginator._start_at(page, detector or DriftDetector(self.query), yielded)
        return paginator

    def _start_at(self, page: int, detector: DriftDetector, yielded: int) -> None:
        self._first_page = page
        self.left_out = 0
        self._detector = detector
        self._max_received = 0
        self._past_end = False
        self._yielded = yielded
        self._received = (page - 1) * (self._page_size or 0)

    def __iter__(self) -> Generator[tuple[Result, tuple[Change, ...]], None, None]:
        """Yield each page without repeated rows, and the signs of change that it shows."""
        with (
            self.open_fetcher() as fetch,
            Prefetcher(
                partial(self._fetch, fetch), self.max_threads, self.max_pending
            ) as prefetcher,
        ):
            page = last_requested = self._first_page
            prefetcher.request(page)
            while prefetcher.pending:
                result = self._take(prefetcher, page)
                is_empty = not result.rows
                self._past_end = is_past_end(page, result)
                self._received += len(result.rows)
                result, changes = self._detector.observe(page, result)
                if self.query.dates:
                    read = len(result.rows)
                    result = trim_rows(self.query, result)
                    self.left_out += read - len(result.rows)
                if self.limit is not None:
                    result = result[: max(0, self.limit - self._yielded)]
                self._count(result)
                last_requested = self._request_more(prefetcher, last_requested, is_empty=is_empty)
                page += 1
                yield result, changes

    def _fetch(self, fetch: FetchPage, page: int) -> Result:
        if self._page_size is None:
            return fetch(self.query)
        return fetch(replace(self.query, "paging", Paging(page, self._page_size)))

    def _take(self, prefetcher: Prefetcher[Result], page: int) -> Result:
        try:
            return prefetcher.take()
        except ApiError as error:
            if self._page_size is not None:
                error.add_note(f"page {page:,} and later pages are missing")
            raise

    def _count(self, result: Result) -> None:
        self._yielded += len(result.rows)
        self.goal = result.total if self.limit is None else min(result.total, self.limit)
        if not self._max_received:
            self._max_received = MAX_REPEATS * (
                result.total + (self._page_size or len(result.rows))
            )
        if self._received > self._max_received:
            raise PaginationDriftError(
                f"received {self._received:,} rows, and there are ever more "
                f"({result.total:,} by now)",
                "set the end of the query's dates to a time in the past",
            )

    def _request_more(
        self, prefetcher: Prefetcher[Result], last_requested: int, *, is_empty: bool
    ) -> int:
        """Request the pages after one, as far as they are needed; the last page requested."""
        if self._page_size is None or self._is_complete:
            return last_requested
        while last_requested * self._page_size < self.goal and not prefetcher.is_full:
            last_requested += 1
            prefetcher.request(last_requested)
        # Earlier pages may have had fewer rows than they should, or repeated ones.
        if not prefetcher.pending and not is_empty:
            last_requested += 1
            prefetcher.request(last_requested)
        return last_requested

    @property
    def _is_complete(self) -> bool:
        limit_reached = self.limit is not None and self._yielded >= self.limit
        return limit_reached or self._past_end or self._received >= (self._detector.total or 0)


def checked_limit(limit: object) -> int | None:
    if limit is None or (type(limit) is int and limit > 0):
        return limit
    raise QueryError(f"limit={limit!r} is not a whole number from 1; write None for all rows")


def listed_query(query: Query, limit: int | None) -> tuple[Query, int | None]:
    """The query to send, and the most rows to read.

    A list with a limit is the list itself. If a list takes several requests, the limit becomes its
    own, so that none of them is read further. Raises QueryError for an invalid limit.
    """
    limit = checked_limit(limit)
    is_several = isinstance(query.output, ListOutput) and not query.is_one_request
    if is_several and limit is not None:
        query = query.limit(limit)
    if query._local is not None and is_limited_list(query):
        return replace(query, "_local", None), query._local.limit
    return query, limit


def fetch_all(
    pages: Paginator, on_change: OnChange, progress: ProgressCallback | bool, *, quiet: bool = False
) -> Result:
    """All pages as one result; if it is `quiet`, changes are in the result without a warning."""
    policy = ChangePolicy(on_change, quiet=quiet)
    with _reporter(progress) as report:
        for _ in range(MAX_PASSES):
            policy.changes = ()
            result = _collect(pages.restarted(), policy, report)
            if result is not None:
                return result
    raise too_many_passes_error(policy.changes)


def _reporter(progress: ProgressCallback | bool) -> AbstractContextManager[ReportRows]:
    return progress_reporter(progress) if progress else nullcontext(lambda _rows, _total: None)


def _collect(pages: Paginator, policy: ChangePolicy, report: ReportRows) -> Result | None:
    """All pages as one result; None if they are to be fetched again."""
    rows: list[Row] = []
    result = Result((), 0)
    for result, changes in pages:
        policy.apply(changes)
        if policy.wants_refetch:
            return None
        rows += result.rows
        report(len(rows), pages.goal)
    total = result.total - pages.left_out
    return attrs.evolve(
        result, rows=tuple(rows), total=total, changes=policy.changes, query=pages.query
    )


def iter_pages(
    pages: Paginator, on_change: OnChange, progress: ProgressCallback | bool
) -> Iterator[Result]:
    """The pages as results. Checks `on_change` at once, before the first page is wanted."""
    return _iter_pages(pages, streaming_policy(on_change), progress)


def _iter_pages(
    pages: Paginator, policy: ChangePolicy, progress: ProgressCallback | bool
) -> Iterator[Result]:
    rows = 0
    with _reporter(progress) as report, closing(iter(pages)) as iterator:
        for result, changes in iterator:
            policy.apply(changes)
            rows += len(result.rows)
            report(rows, pages.goal)
            yield attrs.evolve(result, changes=changes)


def fetch_page(transport: Transport, query: Query, deadline: Deadline | None = None) -> Result:
    """The page that a query asks for."""
    rows, total = transport.fetch_rows(query.to_json(), query.describe, deadline, query._node)
    return build_result(query, rows, total)


def fetch_whole_seconds(transport: Transport, query: Query, deadline: Deadline) -> Result:
    """The page that a query asks for, of a list with all of the last second of its dates."""
    result = fetch_page(transport, widen_list(query) if query.dates else query, deadline)
    return attrs.evolve(result, query=query)


class PageFetcher:
    """Fetches pages within one deadline, even if a run starts again from the first page."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._deadline: Deadline | None = None

    @contextmanager
    def open(self) -> Iterator[FetchPage]:
        """A function that fetches pages in this block, whose end cancels its running calls."""
        previous = self._deadline
        deadline = previous.restart() if previous else self._transport.start_deadline()
        self._deadline = deadline
        try:
            yield lambda query: fetch_whole_seconds(self._transport, query, deadline)
        finally:
            deadline.cancel()


def paginate(transport: Transport, query: Query, limit: int | None) -> Paginator:
    """The pages of a query, within a deadline of their own."""
    opener = PageFetcher(transport).open
    return Paginator(opener, query, limit=limit, concurrency=transport.concurrency)
