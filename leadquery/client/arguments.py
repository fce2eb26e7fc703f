"""Checks of what a client and its methods are given, and the transport for its options."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from threading import TIMEOUT_MAX
from typing import Final, Literal, TypedDict, cast

import requests

from leadquery._util.text import describe_json
from leadquery.client.auth import AuthMethod, Credentials, parse_origin
from leadquery.client.body import Timeouts
from leadquery.client.connection import check_urllib3, default_session
from leadquery.client.deadline import Clock
from leadquery.client.paginator import checked_limit
from leadquery.client.rate_limiter import DEFAULT_RATE, Rate, rate_limiter_for
from leadquery.client.transport import Transport
from leadquery.errors import Misuse, QueryError
from leadquery.expr._guards import uncalled_method_error
from leadquery.fields import ProspectID
from leadquery.query.aggregation import NO_STEPS, LocalSteps
from leadquery.query.base import MISSING_OUTPUT, BaseQuery, replace
from leadquery.query.leads import without_output
from leadquery.query.query import Query, several_requests_error
from leadquery.result import Result
from leadquery.wire.endpoints import SIBLINGS, Endpoint, check_path, path_variable
from leadquery.wire.enums import ORDINARY_HOST, VARIABLES
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


TIMEOUT: Final = (5.0, 60.0)
"""Seconds to connect, and to wait for the next byte."""

MAX_ATTEMPTS: Final = 6

MAX_RESPONSE_BYTES: Final = 128 << 20
"""More than a page of 10,000 leads with all their fields has."""

UNLIMITED_CONCURRENCY: Final = 8
"""Calls at once when no rate limits them."""

AUTO: Final = "auto"

RateOption = tuple[int, float] | Rate | Literal["auto"] | None
"""Calls and seconds, the account's own as the API names it, or no limit."""


class Options(TypedDict, total=False):
    """The options of a client beside the host and the keys."""

    session: requests.Session | None
    api_host: str | None
    paths: Mapping[str, str] | None
    rate: RateOption
    max_attempts: int
    timeout: float | tuple[float, float]
    deadline: float | None
    auth: AuthMethod
    lock_file: str | Path | None
    max_response_bytes: int | None
    clock: Clock


def build_transport(
    host: str,
    credentials: Credentials,
    session: requests.Session | None,
    rate: RateOption,
    max_attempts: int,
    timeout: float | tuple[float, float],
    deadline: float | None,
    lock_file: str | Path | None,
    max_response_bytes: int | None,
    paths: Mapping[str, str] | None,
    clock: Clock,
) -> Transport:
    """The transport for the options of a client. Raises QueryError for an invalid one."""
    origin = parse_origin(host)
    credentials.check()
    _check_options(session, max_attempts, deadline, lock_file, max_response_bytes)
    timeouts = _parse_timeout(timeout)
    adopts_rate = rate == AUTO
    limit = DEFAULT_RATE if adopts_rate else None if rate is None else Rate.parse(rate)
    check_urllib3()
    session = default_session() if session is None else session
    # An emulator in this process needs no rate limit, unless one was asked for to try it.
    if limit is DEFAULT_RATE and getattr(session, "unpaced", False):
        limit = None
    rate_limiter = None
    if limit is not None:
        account = credentials.known_keys.account_id(origin)
        path = None if lock_file is None else Path(lock_file)
        rate_limiter = rate_limiter_for(account, limit, clock, path)
    return Transport(
        origin=origin,
        credentials=credentials,
        session=session,
        rate_limiter=rate_limiter,
        max_attempts=max_attempts,
        timeouts=timeouts,
        deadline=deadline,
        max_response_bytes=max_response_bytes,
        clock=clock,
        concurrency=UNLIMITED_CONCURRENCY if limit is None else limit.calls,
        paths=parse_paths({} if paths is None else paths),
        adopts_rate=adopts_rate,
    )


def parse_paths(paths: Mapping[str, str]) -> dict[Endpoint, str]:
    """The paths by report. Raises QueryError for an unknown report, and for what is no path."""
    known = {endpoint.start: endpoint for endpoint in Endpoint}
    if not isinstance(paths, Mapping):
        raise QueryError(f"paths= takes a dict of reports and paths, not {describe_json(paths)}")
    for name in paths:
        if name not in known:
            raise QueryError(
                f"paths= has no report {describe_json(name)}; write one of {', '.join(known)}"
            )
    return {known[name]: check_path(path, f"paths={name}") for name, path in paths.items()}


def read_environment(options: Options) -> None:
    """Set the options that the environment has, but for the host and the keys.

    Raises QueryError that names those which are not set.
    """
    if missing := [name for name in VARIABLES if not _variable(name)]:
        raise QueryError(f"the environment has no {', '.join(missing)}; set all three")
    if api_host := _variable(ORDINARY_HOST):
        options.setdefault("api_host", api_host)
    paths = {endpoint.start: _variable(path_variable(endpoint)) for endpoint in SIBLINGS}
    if paths := {name: path for name, path in paths.items() if path}:
        options.setdefault("paths", paths)


def _variable(name: str) -> str:
    return os.environ.get(name, "").strip()


def _check_options(
    session: object,
    max_attempts: object,
    deadline: object,
    lock_file: object,
    max_response_bytes: object,
) -> None:
    if session is not None and not isinstance(session, requests.Session):
        raise QueryError(
            f"session={describe_json(session)} is not a session; write requests.Session(), "
            "or Emulator(...).session()"
        )
    if lock_file is not None and (
        not isinstance(lock_file, (str, os.PathLike)) or "\0" in str(lock_file)
    ):
        raise QueryError(f"lock_file={lock_file!r} is not a path; write lock_file='account.lock'")
    if type(max_attempts) is not int or max_attempts < 1:
        raise QueryError(f"max_attempts={max_attempts!r} allows no call; write max_attempts=6")
    if max_response_bytes is not None and (
        type(max_response_bytes) is not int or max_response_bytes < 1
    ):
        raise QueryError(
            f"max_response_bytes={max_response_bytes!r} allows no response; write "
            "max_response_bytes=200_000_000, or None for no limit"
        )
    if deadline is not None and not _is_duration(deadline):
        raise QueryError(
            f"deadline={deadline!r} is not a number of seconds above 0; write deadline=300, "
            "or None for no deadline"
        )


def _parse_timeout(timeout: object) -> Timeouts:
    """The seconds to connect and to read, from one number for both or from a pair."""
    pair = timeout if isinstance(timeout, tuple) else (timeout, timeout)
    if len(pair) != 2 or not all(map(_is_duration, pair)):
        raise QueryError(
            f"timeout={timeout!r} is not a number of seconds above 0, or two; write "
            "timeout=(5, 60), the seconds to connect and to wait for the next byte"
        )
    return cast("Timeouts", pair)


def _is_duration(seconds: object) -> bool:
    return type(seconds) in (int, float) and 0 < seconds <= TIMEOUT_MAX  # type: ignore[operator]  # A number.
