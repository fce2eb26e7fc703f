"""A finished query, asked: one page, or as many as someone waits for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from leadquery.client.deadline import Deadline
from leadquery.client.pagination import Send
from leadquery.client.transport import Transport
from leadquery.errors import Misuse, QueryError
from leadquery.expr._guards import uncalled_method_error
from leadquery.fields import ProspectID
from leadquery.query.base import MISSING_OUTPUT, BaseQuery
from leadquery.query.query import LeadSet, Query
from leadquery.result import Result, build_result


def fetch_page(caller: Transport, query: Query, patience: Deadline | None = None) -> Result:
    """The answer to exactly the page that a query asks for."""
    rows, total = caller.read(query.to_json(), query.describe, patience)
    return build_result(query, rows, total)


class PageFetcher:
    """Asks page after page, within one deadline, however often it begins with the first page."""

    def __init__(self, caller: Transport) -> None:
        self._caller = caller
        self._patience: Deadline | None = None

    @contextmanager
    def __call__(self) -> Iterator[Send]:
        """What sends until the end of a block; calls that are then under way are given up."""
        before = self._patience
        patience = self._patience = before.renewed() if before else self._caller.patience()
        try:
            yield lambda query: fetch_page(self._caller, query, patience)
        finally:
            patience.cancel()


def query_error(query: object, method: str) -> QueryError | None:
    """What is wrong with what a method of a client is to send, if anything.

    The method raises it itself, so that a traceback ends where it was called.
    """
    if isinstance(query, Query):
        return None if method == "run_page" else _one_page(query, f"{method}(...)")
    text = f"{query!r} is no query; write {method}(Leads.where(...).select(...))"
    if isinstance(query, (dict, str, bytes)):
        text = f"{query!r} is no query; write {method}(from_payload(...)) to send a payload"
    if isinstance(query, BaseQuery):
        text = f"the query does not say what to show; finish it with {MISSING_OUTPUT}"
    return _not_a_query_error(text, query, method)


def _not_a_query_error(message: str, value: object, method: str) -> QueryError:
    kind = "payload" if isinstance(value, (dict, str)) else "argument"
    return uncalled_method_error(value, method) or QueryError(message, Misuse(kind))


def _one_page(query: Query, method: str) -> QueryError | None:
    """What is wrong with a query for every page, if anything: that it asks for a later one."""
    if query.paging is None or query.paging.index == 1:
        return None
    index, size = query.paging.index, query.paging.size
    return QueryError(
        f"the query asks for page {index}, and {method} takes every page; "
        f"write client.run_page(query) for that page alone, or .page(1, {size}) for all in pages of {size}"
    )


def uncounted(query: object) -> QueryError | None:
    """What is wrong with what is to be counted, if anything."""
    if isinstance(query, BaseQuery):
        return None
    text = f"{query!r} is no query; write count(Leads.where(...))"
    return _not_a_query_error(text, query, "count")


def count_query(query: BaseQuery) -> Query:
    """The query whose total is the number of leads: a list of one row."""
    leads = LeadSet(query.conditions, query.dates, query.users, None)
    return leads.select(ProspectID).page(1, 1)
