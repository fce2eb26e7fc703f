"""`Client`, which runs queries, and the checks of what its methods are given."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, Self, Unpack

import requests

from leadquery.client.auth import NOT_PICKLED, AuthMethod, Credentials, without_locals
from leadquery.client.config import (
    MAX_ATTEMPTS,
    MAX_RESPONSE_BYTES,
    TIMEOUT,
    Options,
    RateOption,
    build_transport,
)
from leadquery.client.csv_download import download_csv
from leadquery.client.deadline import CLOCK, Clock, Deadline
from leadquery.client.exact_seconds import widen_groups, widen_list
from leadquery.client.export import ExportJob, ExportResult, run_export
from leadquery.client.pagination import (
    ChangePolicy,
    FetchPage,
    OnChange,
    Paginator,
    ProgressCallback,
    checked_limit,
    fetch_all,
    iter_pages,
    iter_rows,
    streaming_policy,
)
from leadquery.client.rate_limiter import DEFAULT_RATE
from leadquery.client.run_plan import Sender, run_plan
from leadquery.client.transport import Transport
from leadquery.errors import InvalidResponseError, Misuse, QueryError
from leadquery.expr._guards import uncalled_method_error
from leadquery.fields import ProspectID
from leadquery.query.base import MISSING_OUTPUT, BaseQuery
from leadquery.query.query import (
    MAX_CALLS,
    Query,
    several_requests_error,
    without_output,
)
from leadquery.result import Result, Row, build_result
from leadquery.result.serialize import File
from leadquery.wire.enums import COUNT, FIELDS_PATH, VARIABLES
from leadquery.wire.model import AggregateOutput


class Client:
    """Runs queries on one host with one pair of keys, which it never shows.

    `host` is the API host of the account; https, unless it starts with http://, which is allowed
    for this machine only. `secret_key` may be a function that returns the key; it is called for
    each call. `session` is a `requests.Session` of your own, or an emulator's.

    `rate` is the number of calls and seconds of the account's plan: in any window of that many
    seconds, no more calls reach the server, counting all threads and clients of the account.
    "auto" starts with the documented rate, and adopts a lower one that the API names when it
    rejects a call. None removes the limit, as an emulator's session does.
    A call that fails temporarily is repeated, up to `max_attempts` attempts. `timeout` is the
    seconds to connect and to wait for the next byte, one number or a pair as in requests.
    `deadline` is the seconds that a whole query may take, with its pauses and DNS lookups, or None.
    `auth="headers"` sends the keys in headers instead of the URL. `lock_file` names a file through
    which the processes of this machine share the rate. `max_response_bytes` is the largest response
    to read, unpacked; None removes the limit. `clock` is for tests.

    Raises QueryError for an invalid host, key or option. (API page: Request URL)

    >>> from leadquery import Leads
    >>> from leadquery.emulator import Emulator
    >>> client = Client("api.example.com", "key", "secret", Emulator.demo(500).session())
    >>> client.count(Leads)
    500
    """

    def __init__(
        self,
        host: str,
        access_key: str,
        secret_key: str | Callable[[], str],
        session: requests.Session | None = None,
        *,
        rate: RateOption = DEFAULT_RATE,
        max_attempts: int = MAX_ATTEMPTS,
        timeout: float | tuple[float, float] = TIMEOUT,
        deadline: float | None = None,
        auth: AuthMethod = "query",
        lock_file: str | Path | None = None,
        max_response_bytes: int | None = MAX_RESPONSE_BYTES,
        clock: Clock = CLOCK,
    ) -> None:
        with without_locals():
            credentials = Credentials(access_key, secret_key, auth)
        # The next lines may raise, and a traceback can show locals.
        del access_key, secret_key
        self._transport = build_transport(
            host,
            credentials,
            session,
            rate,
            max_attempts,
            timeout,
            deadline,
            lock_file,
            max_response_bytes,
            clock,
        )

    @classmethod
    def from_env(cls, **options: Unpack[Options]) -> Self:
        """A client for LEADQUERY_HOST, LEADQUERY_ACCESS_KEY and LEADQUERY_SECRET_KEY.

        Takes the options of `Client`. Raises QueryError that names the variables which are not
        set.
        """
        missing = [name for name in VARIABLES if not os.environ.get(name, "").strip()]
        if missing:
            raise QueryError(f"the environment has no {', '.join(missing)}; set all three")
        host, access_key, secret_key = VARIABLES
        return cls(os.environ[host], os.environ[access_key], os.environ[secret_key], **options)

    def __repr__(self) -> str:
        # A traceback may show a client whose `__init__` raised.
        return repr(self._transport) if hasattr(self, "_transport") else "<Client>"

    def __reduce__(self) -> NoReturn:
        raise QueryError(NOT_PICKLED)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that are kept open. Later calls open new ones."""
        self._transport.session.close()

    def run_page(self, query: Query) -> Result:
        """The page that the query asks for, and no other, by the payload of `query.to_payload()`.

        Raises QueryError for an unfinished query, and the ApiErrors of `leadquery.errors`.
        """
        if error := _query_error(query, "run_page"):
            raise error
        return _fetch_page(self._transport, query)

    def run(
        self,
        query: Query,
        *,
        limit: int | None = None,
        exact_seconds: bool = False,
        on_change: OnChange = "warn",
        progress: ProgressCallback | bool = True,
        max_calls: int = MAX_CALLS,
    ) -> Result:
        """All rows of a query: every page, at the query's page size.

        A query of several requests is sent as its `plan()` shows, and the results are combined;
        `max_calls` is the most requests that the plan may have. A lead that changes in between may
        count twice or not at all.

        Lists contain the leads of the whole last second of their dates, whether or not the server
        counts fractions of a second: ranges are sent with an end one second later, and the rows of
        that second are dropped. For groups, `exact_seconds` adds a condition on the date's field,
        such as CreatedOn, in place of dropping rows.

        `limit` is the most rows to return; `query.page(1, size)` sets the page size.
        `on_change` says what to do when rows move between pages while they are read: "raise" a
        PaginationDriftError, "warn", or "refetch" from the first page, three times at most. The
        result's `changes` list the signs. If ProspectID is selected, each lead is returned once.
        `progress` is True for a bar on a terminal, or a function that is called with `Progress`.

        Raises as `run_page` does, QueryError for a query of a later page, and PlanTooLargeError.
        (API page: Paging)

        >>> from leadquery import Leads
        >>> from leadquery.emulator import Emulator
        >>> client = Client("api.example.com", "key", "secret", Emulator.demo(500).session())
        >>> client.run(Leads.select("ProspectID", "Phone").page(1, 200))
        <Result: 500 of 500 rows, 2 columns>
        """
        if error := _query_error(query, "run"):
            raise error
        if exact_seconds and isinstance(query.output, AggregateOutput):
            query = widen_groups(query)
        if not query.is_one_request:
            sender = self._sender(max_calls, on_change)
            result = run_plan(query, sender, max_calls, progress)
            return result if limit is None else result[: checked_limit(limit)]
        return fetch_all(self._paginator(query, limit), on_change, progress)

    def pages(
        self,
        query: Query,
        *,
        limit: int | None = None,
        on_change: OnChange = "warn",
        progress: ProgressCallback | bool = False,
    ) -> Iterator[Result]:
        """Iterate over the pages of a query. The next pages are fetched while you use one.

        As `run`, in bounded memory. `on_change` is "raise" or "warn", since rows that were yielded
        cannot be taken back. If you stop early, close the iterator to stop the calls.
        """
        if error := _query_error(query, "pages"):
            raise error
        return iter_pages(self._paginator(query, limit), on_change, progress)

    def rows(
        self,
        query: Query,
        *,
        limit: int | None = None,
        on_change: OnChange = "warn",
        progress: ProgressCallback | bool = False,
    ) -> Iterator[Row]:
        """Iterate over the rows of a query. Takes the options of `pages`.

        >>> from leadquery import Leads
        >>> from leadquery.emulator import Emulator
        >>> client = Client("api.example.com", "key", "secret", Emulator.demo(500).session())
        >>> sum(1 for row in client.rows(Leads.select("ProspectID")))
        500
        """
        if error := _query_error(query, "rows"):
            raise error
        return iter_rows(self.pages(query, limit=limit, on_change=on_change, progress=progress))

    def csv(self, query: Query, file: File, *, on_change: OnChange = "warn") -> int:
        """Write all pages of a query as the CSV that the API returns; the number of rows.

        `file` is a path, which is replaced when all is written, or a file open for bytes or text.
        All pages come under one header. `on_change` is "raise" or "warn". Dates are sent as in
        `query.to_payload()`, without the care for fractions of a second that `run` takes.

        Raises as `run` does, InvalidResponseError for pages with different headers, and OSError.
        (API page: Response)

        >>> from io import StringIO
        >>> from leadquery import Leads
        >>> from leadquery.emulator import Emulator
        >>> client = Client("api.example.com", "key", "secret", Emulator.demo(500).session())
        >>> file = StringIO()
        >>> client.csv(Leads.group_by("ProspectStage").count(), file)
        6
        >>> print(file.getvalue().splitlines()[0])
        ProspectStage,Count
        """
        if error := _query_error(query, "csv"):
            raise error
        return download_csv(self._transport, query, file, streaming_policy(on_change))

    def export(
        self,
        query: Query,
        file: str | os.PathLike[str],
        *,
        limit: int | None = None,
        resume: bool = True,
        spreadsheet: bool = False,
        on_change: OnChange = "warn",
        progress: ProgressCallback | bool = True,
    ) -> ExportResult:
        """Write all rows of a query to a Parquet, CSV or JSON Lines file, by its extension.

        As `run`, in bounded memory for any number of rows. The file appears when it is complete.
        Until then its rows are in a file beside it that ends with .part: if the export is stopped
        or killed, the same call continues it, unless `resume` is False. Parquet needs pyarrow.
        `spreadsheet` makes CSV safe to open in a spreadsheet, as `Result.to_csv` does.

        Raises as `run` does, QueryError for an unknown extension, and for a .part file of another
        query, of another program or with damaged rows, MissingDependencyError, and OSError.

        >>> from leadquery import Leads
        >>> from leadquery.emulator import Emulator
        >>> client = Client("api.example.com", "key", "secret", Emulator.demo(500).session())
        >>> folder = getfixture("tmp_path")
        >>> client.export(Leads.select("ProspectID", "Score"), folder / "leads.csv").rows
        500
        """
        if error := _query_error(query, "export"):
            raise error
        pages = self._paginator(query, limit)
        transport = self._transport
        job = ExportJob(
            pages,
            host=transport.origin,
            account=transport.credentials.known_keys.account_id(transport.origin),
            policy=ChangePolicy(on_change),
            progress=progress,
            resume=resume,
            spreadsheet=spreadsheet,
        )
        return run_export(job, file)

    def count(self, query: BaseQuery) -> int:
        """The number of leads that match a query, finished or not, whatever its output and page.

        Raises QueryError if it is not a query, and the ApiErrors of `leadquery.errors`.
        """
        if not isinstance(query, BaseQuery):
            text = f"{query!r} is not a query; write count(Leads.where(...))"
            raise _not_a_query_error(text, query, "count")
        counted = count_query(query)
        if counted.is_one_request:
            return self.run_page(counted).total
        result = self.run(without_output(query).page(1).count(), progress=False)
        return int(result[0][COUNT])

    def lead_fields(self, host: str | None = None) -> list[dict[str, Any]]:
        """The lead fields of the account, for `check(payload, fields=…)`.

        The account's ordinary API host has them. If that is not the host for reports (api instead
        of analyticsapi), pass it as `host`; it gets the keys, too.

        Raises QueryError for an invalid host, and the ApiErrors of `leadquery.errors`.
        (Vendor's page: Get Metadata of Lead Fields)

        >>> from leadquery import check
        >>> from leadquery.emulator import Emulator
        >>> client = Client("api.example.com", "key", "secret", Emulator.demo(9).session())
        >>> payload = {"Output": {"Type": "list", "IncludeCSV": "mx_Deal_Valu"}}
        >>> report = check(payload, fields=client.lead_fields())
        >>> "LQ601" in [diagnostic.code for diagnostic in report]
        True
        """
        from leadquery.lint.catalog import FieldCatalog

        fields: list[dict[str, Any]] = self._transport.fetch_json(FIELDS_PATH, host=host)
        try:
            FieldCatalog.of(fields)
        except QueryError as error:
            reason = str(error)
        else:
            return fields
        raise InvalidResponseError(
            f"{self!r}: the response is not a list of lead fields: {reason}",
            "write host= with the ordinary API host of the account, as in 'api.example.com'",
        )

    def _sender(self, max_calls: int, on_change: OnChange) -> Sender:
        """Sends the steps of a plan within one deadline."""
        fetcher, concurrency = _PageFetcher(self._transport), self._transport.concurrency

        def paginate(query: Query) -> Paginator:
            return Paginator(fetcher.open, query, limit=None, concurrency=concurrency)

        return Sender(paginate, self.run_page, concurrency, max_calls, on_change)

    def _paginator(self, query: Query, limit: int | None) -> Paginator:
        fetcher = _PageFetcher(self._transport)
        return Paginator(fetcher.open, query, limit=limit, concurrency=self._transport.concurrency)


def count_query(query: BaseQuery) -> Query:
    """The cheapest query whose total is the number of leads that match."""
    leads = without_output(query)
    return leads.select(ProspectID).page(1, 1)


def _fetch_page(transport: Transport, query: Query, deadline: Deadline | None = None) -> Result:
    rows, total = transport.fetch_rows(query.to_json(), query.describe, deadline)
    return build_result(query, rows, total)


class _PageFetcher:
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
            yield lambda query: _fetch_page(
                self._transport, widen_list(query) if query.dates else query, deadline
            )
        finally:
            deadline.cancel()


def _query_error(query: object, method: str) -> QueryError | None:
    """The error for what a method cannot run, if any.

    The method itself raises it, so that the traceback ends where the user called it.
    """
    if isinstance(query, Query) and not query.is_one_request and method != "run":
        return several_requests_error(query)
    if isinstance(query, Query):
        return None if method == "run_page" else _later_page_error(query, method)
    text = f"{query!r} is not a query; write {method}(Leads.where(...).select(...))"
    if isinstance(query, (dict, str, bytes)):
        text = f"{query!r} is not a query; write {method}(from_payload(...)) for a payload"
    if isinstance(query, BaseQuery):
        text = f"the query has no output; finish it with {MISSING_OUTPUT}"
    return _not_a_query_error(text, query, method)


def _not_a_query_error(message: str, value: object, method: str) -> QueryError:
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
