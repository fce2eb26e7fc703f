"""Fetches the pages of a query, for `Client` and for the requests of a plan."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from leadquery.client.deadline import Deadline
from leadquery.client.exact_seconds import widen_list
from leadquery.client.pagination import FetchPage, Paginator
from leadquery.client.transport import Transport
from leadquery.query.query import Query
from leadquery.result import Result, build_result


def fetch_page(transport: Transport, query: Query, deadline: Deadline | None = None) -> Result:
    """The page that a query asks for."""
    rows, total = transport.fetch_rows(query.to_json(), query.describe, deadline)
    return build_result(query, rows, total)


def fetch_whole_seconds(transport: Transport, query: Query, deadline: Deadline) -> Result:
    """The page that a query asks for, of a list with all of the last second of its dates."""
    return fetch_page(transport, widen_list(query) if query.dates else query, deadline)


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
