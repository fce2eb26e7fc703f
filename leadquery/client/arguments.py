"""Checks of what the methods of a client are given."""

from __future__ import annotations

from typing import Final

import requests

from leadquery.client.paginator import checked_limit
from leadquery.errors import Misuse, QueryError
from leadquery.expr._guards import uncalled_method_error
from leadquery.fields import ProspectID
from leadquery.query.aggregation import NO_STEPS, LocalSteps
from leadquery.query.base import MISSING_OUTPUT, BaseQuery, replace
from leadquery.query.leads import without_output
from leadquery.query.query import Query, several_requests_error
from leadquery.result import Result
from leadquery.wire.model import ListOutput

_STREAMS: Final = ("pages", "rows", "export")
"""The methods that need not hold all rows, so that a list with a limit is all they do here."""


def is_limited_list(query: Query) -> bool:
    """Whether a query is a list of one request but for a limit."""
    local = query._local
    is_list = isinstance(query.output, ListOutput) and not query._compounds
    return is_list and local is not None and local == LocalSteps(limit=local.limit)


def listed_query(query: Query, limit: int | None) -> tuple[Query, int | None]:
    """The query to send, and the most rows to read.

    A list with a limit is the list itself. If a list takes several requests, the limit becomes its
    own, so that none of them is read further. Raises QueryError for an invalid limit.
    """
    limit = checked_limit(limit)
    is_several = isinstance(query.output, ListOutput) and not query.is_one_request
    if is_several and limit is not None:
        query = query.limit(limit)
    if is_limited_list(query):
        return replace(query, "_local", None), (query._local or NO_STEPS).limit
    return query, limit


def count_query(query: BaseQuery) -> Query:
    """The cheapest query whose total is the number of leads that match."""
    return without_output(query).select(ProspectID).page(1, 1)


def explain_empty(result: Result, query: Query, session: requests.Session) -> Result:
    """The result, with the reasons if it is empty and they are known without a request.

    The session of the mock API knows the leads.
    """
    if len(result) > 1:
        return result
    from leadquery.result.empty import with_notes

    # Not of the object, which may be a mock with any attribute.
    explain = getattr(type(session), "explain_empty", None)
    if explain is None:
        return with_notes(result, query)
    explained: Result = explain(session, result, query)
    return explained


def query_error(query: object, method: str) -> QueryError | None:
    """The error for what a method cannot run, if any.

    The method itself raises it, so that the traceback ends where the user called it.
    """
    if isinstance(query, Query):
        is_whole = method in ("run", "plan") or query.is_one_request
        if not is_whole and not (method in _STREAMS and is_limited_list(query)):
            return several_requests_error(query)
        return None if method == "run_page" else _later_page_error(query, method)
    text = f"{query!r} is not a query; write {method}(Leads.where(...).select(...))"
    if isinstance(query, (dict, str, bytes)):
        text = f"{query!r} is not a query; write {method}(from_payload(...)) for a payload"
    if isinstance(query, BaseQuery):
        text = f"the query has no output; finish it with {MISSING_OUTPUT}"
    return not_a_query_error(text, query, method)


def not_a_query_error(message: str, value: object, method: str) -> QueryError:
    kind = "payload" if isinstance(value, (dict, str)) else "argument"
    return uncalled_method_error(value, method) or QueryError(message, Misuse(kind))


def _later_page_error(query: Query, method: str) -> QueryError | None:
    """The error for a query of a later page, where every page is meant."""
    if query.paging is None or query.paging.index == 1:
        return None
    index, size = query.paging.index, query.paging.size
    return QueryError(
        f"the query asks for page {index}, but {method}(...) returns every page; write "
        f"client.run_page(query) for that page, or .page(1, {size}) for all pages of that size"
    )


WINDOW_OPTION: Final = "window=True (--window)"
"""What reads windows of time, in Python and in a shell."""


def window_error(query: Query, limit: int | None) -> QueryError | None:
    """The error for an export that windows of time cannot read."""
    if not isinstance(query.output, ListOutput):
        return QueryError(f"{WINDOW_OPTION} reads lists of leads, not groups; leave it out")
    if limit is not None:
        return QueryError(f"{WINDOW_OPTION} reads all rows; leave it out, or the limit")
    return None
