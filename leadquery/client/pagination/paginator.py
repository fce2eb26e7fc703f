"""Iterates over the pages of a query, on threads ahead of the consumer of its results."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, closing
from copy import copy
from functools import partial
from queue import SimpleQueue
from threading import Event, Thread
from types import TracebackType
from typing import Final, Generic, Self, TypeVar, get_args

import attrs

from leadquery._util.text import warn_user
from leadquery.client.exact_seconds import trim_rows
from leadquery.client.pagination.drift import DriftDetector, OnChange, is_past_end
from leadquery.client.pagination.progress import ProgressCallback, ReportRows, progress_reporter
from leadquery.errors import (
    ApiError,
    Change,
    ChangeKind,
    PaginationDriftError,
    PaginationDriftWarning,
    QueryError,
)
from leadquery.query.query import Query
from leadquery.result import Result, Row

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

MAX_PASSES: Final = 3
"""How often a run starts from the first page."""

MAX_CHANGES: Final = 100
"""The most changes to record."""

_MOVED: Final = "rows moved while they were read"

_CHANGED: Final = "leads changed between the requests"

_DRIFT_HINT: Final = (
    "narrow the query by date to leads that no longer change, or write on_change='warn'"
)


class Paginator:
    """The pages of a query in order, from the first, at the query's page size.

    A query without paging has one page. `limit` is the most rows to yield, `concurrency` the most
    calls at once. `goal` is the number of rows that will be yielded, as far as it is known, and
    `left_out` the number of rows that were read and are not in the query's ranges of dates.

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
        self._open_fetcher = open_fetcher
        self._page_size = None if query.paging is None else query.paging.size
        buffered_pages = MAX_BUFFERED_ROWS // (self._page_size or MAX_BUFFERED_ROWS)
        self._max_pending = min(2 * concurrency, max(MIN_BUFFERED_PAGES, buffered_pages))
        self._max_threads = min(concurrency, self._max_pending)
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
            self._open_fetcher() as fetch,
            Prefetcher(
                partial(self._fetch, fetch), self._max_threads, self._max_pending
            ) as prefetcher,
        ):
            page = last_requested = self._first_page
            prefetcher.request(page)
            while prefetcher.pending:
                result = self._take(prefetcher, page)
                is_empty = not result.rows
                self._past_end = is_past_end(page, result)
                self._received += len(result)
                result, changes = self._detector.observe(page, result)
                if self.query.dates:
                    read = len(result)
                    result = trim_rows(self.query, result)
                    self.left_out += read - len(result)
                if self.limit is not None:
                    result = result[: max(0, self.limit - self._yielded)]
                self._count(result)
                last_requested = self._request_more(prefetcher, last_requested, is_empty=is_empty)
                page += 1
                yield result, changes

    def _fetch(self, fetch: FetchPage, page: int) -> Result:
        if self._page_size is None:
            return fetch(self.query)
        return fetch(self.query.page(page, self._page_size))

    def _take(self, prefetcher: Prefetcher[Result], page: int) -> Result:
        try:
            return prefetcher.take()
        except ApiError as error:
            if self._page_size is not None:
                error.add_note(f"page {page:,} and later pages are missing")
            raise

    def _count(self, result: Result) -> None:
        self._yielded += len(result)
        self.goal = result.total if self.limit is None else min(result.total, self.limit)
        if not self._max_received:
            self._max_received = MAX_REPEATS * (result.total + (self._page_size or len(result)))
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


class ChangePolicy:
    """Raises an error for changes, or warns once of each kind, and records them."""

    def __init__(self, on_change: OnChange, *, quiet: bool = False) -> None:
        if on_change not in get_args(OnChange):
            options = ", ".join(map(repr, get_args(OnChange)))
            raise QueryError(f"on_change={on_change!r} is not one of {options}")
        self.on_change = on_change
        self._quiet = quiet
        self.changes: tuple[Change, ...] = ()
        self._warned: set[ChangeKind] = set()

    def apply(self, changes: tuple[Change, ...]) -> None:
        """Handle the changes of one page. Raises PaginationDriftError for "raise"."""
        self.changes = (*self.changes, *changes)[:MAX_CHANGES]
        if changes and self.on_change == "raise":
            raise PaginationDriftError(
                f"{_MOVED if changes[0].page else _CHANGED}: {changes[0]}", _DRIFT_HINT, changes
            )
        for change in changes if self.on_change == "warn" and not self._quiet else ():
            if change.kind not in self._warned:
                self._warned.add(change.kind)
                moved = f"{_MOVED}, so some may be missing"
                changed = f"{_CHANGED}, so numbers may be off"
                message = f"{moved if change.page else changed}: {change}"
                warn_user(message, PaginationDriftWarning)

    @property
    def wants_refetch(self) -> bool:
        """Whether all rows are to be fetched again."""
        return bool(self.changes) and self.on_change == "refetch"


def streaming_policy(on_change: OnChange) -> ChangePolicy:
    """The policy for methods that cannot take back the rows they yielded."""
    if on_change == "refetch":
        raise QueryError(
            "on_change='refetch' cannot take back rows that were already yielded; write "
            "on_change='raise', or use run(...) or export(...), which can start again"
        )
    return ChangePolicy(on_change)


def too_many_passes_error(changes: tuple[Change, ...]) -> PaginationDriftError:
    """The error for a run that started again as often as it may."""
    moved = "rows moved" if changes[0].page else "leads changed"
    message = f"{moved} each of the {MAX_PASSES} times they were read: {changes[0]}"
    return PaginationDriftError(message, _DRIFT_HINT, changes)


def fetch_all(
    pages: Paginator, on_change: OnChange, progress: ProgressCallback | bool, *, quiet: bool = False
) -> Result:
    """All pages as one result; if it is `quiet`, changes are in the result without a warning."""
    policy = ChangePolicy(on_change, quiet=quiet)
    with progress_reporter(progress) as report:
        for _ in range(MAX_PASSES):
            policy.changes = ()
            result = _collect(pages.restarted(), policy, report)
            if result is not None:
                return result
    raise too_many_passes_error(policy.changes)


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
    return attrs.evolve(result, rows=tuple(rows), total=total, changes=policy.changes)


def iter_pages(
    pages: Paginator, on_change: OnChange, progress: ProgressCallback | bool
) -> Iterator[Result]:
    """The pages as results. Checks `on_change` at once, before the first page is wanted."""
    return _iter_pages(pages, streaming_policy(on_change), progress)


def _iter_pages(
    pages: Paginator, policy: ChangePolicy, progress: ProgressCallback | bool
) -> Iterator[Result]:
    rows = 0
    with progress_reporter(progress) as report, closing(iter(pages)) as iterator:
        for result, changes in iterator:
            policy.apply(changes)
            rows += len(result)
            report(rows, pages.goal)
            yield attrs.evolve(result, changes=changes)


def iter_rows(pages: Iterator[Result]) -> Iterator[Row]:
    """The rows of pages."""
    for result in pages:
        yield from result.rows
