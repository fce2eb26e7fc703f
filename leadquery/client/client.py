"""`Client`, which runs queries, and the check of what its methods are given."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, NoReturn, Self, Unpack

import requests

from leadquery.client.account import Account
from leadquery.client.auth import NOT_PICKLED, ApiKeys, AuthMethod
from leadquery.client.csv_download import download_csv
from leadquery.client.deadline import CLOCK, Clock
from leadquery.client.drift import ChangePolicy, OnChange, streaming_policy
from leadquery.client.exact_seconds import widen_groups
from leadquery.client.export import ExportJob, ExportResult, run_export
from leadquery.client.options import (
    MAX_ATTEMPTS,
    MAX_RESPONSE_BYTES,
    TIMEOUT,
    WRITE_ROWS,
    Options,
    RateOption,
    build_transport,
    check_options,
    later_page_error,
    parse_origin,
    query_type_error,
    read_environment,
)
from leadquery.client.paginator import fetch_all, fetch_page, iter_pages, listed_query, paginate
from leadquery.client.progress import ProgressCallback, no_report, progress_reporter
from leadquery.client.rate_limiter import DEFAULT_RATE
from leadquery.client.run_plan import Sender, resolve_plan, run_plan
from leadquery.client.transport import without_locals
from leadquery.errors import QueryError, check_call
from leadquery.expr.group_key import zone_key
from leadquery.periods import TimeZone
from leadquery.plan import Plan
from leadquery.plan.filled import Filled
from leadquery.plan.scan import ScanPolicy
from leadquery.query.base import BaseQuery
from leadquery.query.leads import count_query, without_output
from leadquery.query.query import MAX_CALLS, Query, is_limited_list, several_requests_error
from leadquery.result import Result, Row
from leadquery.result.serialize import File
from leadquery.users import User
from leadquery.wire.enums import COUNT, VARIABLES
from leadquery.wire.model import ListOutput


class Client(Account):
    """Runs queries on one host with one pair of keys, which it never shows.

    `host` is the API host of the account; https, unless it starts with http://, which is allowed
    for this machine only. `secret_key` may be a function that returns the key; it is called for
    each call. `session` is a `requests.Session` of your own, or an emulator's. `api_host` is the
    ordinary API host of the account, where its lead fields and users are, if that is another one
    (api instead of analyticsapi); it gets the keys, too. `paths` are those of reports that differ
    from the known ones, such as `{"LeadsWithPendingTasks": "/Tasks/…"}`.

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

    @check_options
    def __init__(
        self,
        host: str,
        access_key: str,
        secret_key: str | Callable[[], str],
        session: requests.Session | None = None,
        *,
        api_host: str | None = None,
        paths: Mapping[str, str] | None = None,
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
            keys = ApiKeys(access_key, secret_key, auth)
        # The next lines may raise, and a traceback can show locals.
        del access_key, secret_key
        if api_host is not None:
            parse_origin(api_host)
        self._api_host = api_host
        self._users: dict[str | None, list[User]] = {}
        self._transport = build_transport(
            host,
            keys,
            session,
            rate,
            max_attempts,
            timeout,
            deadline,
            lock_file,
            max_response_bytes,
            paths,
            clock,
        )

    @classmethod
    def from_env(cls, **options: Unpack[Options]) -> Self:
        """A client for LEADQUERY_HOST, LEADQUERY_ACCESS_KEY and LEADQUERY_SECRET_KEY.

        LEADQUERY_API_HOST may name the ordinary API host, and LEADQUERY_PENDING_TASKS_PATH and its
        like a report's path. Takes the options of `Client`. Raises QueryError for those not set.
        """
        read_environment(options)
        # No local holds a key, because a traceback can show locals.
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

    @check_call
    def close(self) -> None:
        """Close the connections that are kept open. Later calls open new ones."""
        self._transport.session.close()

    @check_call
    def run_page(self, query: Query, *, tz: TimeZone | None = None) -> Result:
        """The page that the query asks for, and no other, by the payload of `query.to_payload()`.

        Times are in the zone `tz`, None for UTC. Raises QueryError for an unfinished query, and the
        ApiErrors of `leadquery.errors`.
        """
        check_arguments(query, "run_page", tz)
        return self._finished(fetch_page(self._transport, query), query, tz)

    @check_call
    def run(
        self,
        query: Query,
        *,
        limit: int | None = None,
        exact_seconds: bool = False,
        on_change: OnChange = "warn",
        progress: ProgressCallback | bool = True,
        max_calls: int = MAX_CALLS,
        scan: ScanPolicy = "never",
        filled: Filled = (),
        tz: TimeZone | None = None,
    ) -> Result:
        """All rows of a query: every page, at the query's page size.

        A query of several requests is sent as its `plan()` shows, and the results are combined;
        `max_calls` is the most requests that the plan may have. `scan="if cheaper"` instead reads
        the leads, with the columns needed, if that takes fewer requests, and answers here; it
        moves personal data. `filled` names fields in which all leads probably have data, as in
        `query.plan`: two counts make sure of it, where that saves requests.

        Lists contain the leads of the whole last second of their dates: ranges are sent with an end
        one second later, and its rows are dropped. For groups, `exact_seconds` adds a condition on
        the date's field, such as CreatedOn, instead.

        `limit` is the most rows to return; `query.page(1, size)` sets the page size. Times are in
        the zone `tz`, None for UTC.
        `on_change` says what to do when rows move between pages, or leads change between requests,
        which three more watch: "raise" a PaginationDriftError, "warn", "refetch" from the start,
        three times at most, or "ignore" it. The result's `changes` list the signs. If ProspectID is
        selected, each lead is returned once.
        `progress` is True for a bar on a terminal or in a notebook, or a function that is called
        with `Progress`, whose numbers are requests if the query takes several.
        Raises as `run_page`, and QueryError for a later page, PlanTooLargeError. (API page: Paging)

        >>> from leadquery import Leads
        >>> from leadquery.emulator import Emulator
        >>> client = Client("api.example.com", "key", "secret", Emulator.demo(500).session())
        >>> client.run(Leads.select("ProspectID", "Phone").page(1, 200))
        <Result: 500 of 500 rows, 2 columns>
        """
        check_arguments(query, "run", tz)
        if exact_seconds and not isinstance(query.output, ListOutput):
            query = widen_groups(query)
        query, limit = listed_query(query, limit)
        if query.is_one_request:
            result = fetch_all(paginate(self._transport, query, limit), on_change, progress)
            return self._finished(result, query, tz)
        with (
            progress_reporter(progress, "requests") as report,
            Sender(self._transport, max_calls, on_change, report, filled, self._api_host) as sender,
        ):
            result = run_plan(query, sender, scan)[:limit]
        return self._finished(result, query, tz)

    def _finished(self, result: Result, query: Query, tz: TimeZone | None) -> Result:
        """The result with its times in a zone, and with the reasons if it is empty."""
        if len(result.rows) <= 1:
            from leadquery.result.empty import explain_empty

            result = explain_empty(result, query, self._transport.session)
        return result if tz is None else result.tz_convert(tz)

    @check_call
    def plan(self, query: Query, *, max_calls: int = MAX_CALLS, filled: Filled = ()) -> Plan:
        """The requests that answer a query, and the price of a scan, by what the account has.

        As `query.plan()`, but the requests that others depend on are sent: those that find the
        values of group keys, or the first and the last date. What still depends on results, such
        as a median, is in the plan's `later`. One request more counts the leads for a scan.
        Raises QueryError for what is not a query, PlanTooLargeError, and ApiErrors.

        >>> from leadquery import Leads
        >>> from leadquery.emulator import Emulator
        >>> from leadquery.fields import OwnerId, ProspectStage
        >>> client = Client("api.example.com", "key", "secret", Emulator.demo(500).session())
        >>> query = Leads.group_by(OwnerId, ProspectStage).count()
        >>> query.plan().calls, query.plan().is_complete
        (1, False)
        >>> client.plan(query).calls, client.plan(query).is_complete
        (8, True)
        """
        check_arguments(query, "plan")
        if query.is_one_request:
            return query.plan()
        with Sender(self._transport, max_calls, "ignore", no_report, filled) as sender:
            return resolve_plan(query, sender)

    @check_call
    def pages(
        self,
        query: Query,
        *,
        limit: int | None = None,
        on_change: OnChange = "warn",
        progress: ProgressCallback | bool = False,
        tz: TimeZone | None = None,
    ) -> Iterator[Result]:
        """Iterate over the pages of a query. The next pages are fetched while you use one.

        As `run`, in bounded memory, for one request, or a list with a limit. `on_change` is
        "raise", "warn" or "ignore", as rows that were yielded cannot be taken back. If you stop
        early, close the iterator to stop the calls.
        """
        check_arguments(query, "pages", tz)
        query, limit = listed_query(query, limit)
        pages = iter_pages(paginate(self._transport, query, limit), on_change, progress)
        return pages if tz is None else (page.tz_convert(tz) for page in pages)

    @check_call
    def rows(
        self,
        query: Query,
        *,
        limit: int | None = None,
        on_change: OnChange = "warn",
        progress: ProgressCallback | bool = False,
        tz: TimeZone | None = None,
    ) -> Iterator[Row]:
        """Iterate over the rows of a query. Takes the options of `pages`.

        >>> from leadquery import Leads
        >>> from leadquery.emulator import Emulator
        >>> client = Client("api.example.com", "key", "secret", Emulator.demo(500).session())
        >>> sum(1 for row in client.rows(Leads.select("ProspectID")))
        500
        """
        check_arguments(query, "rows")
        pages = self.pages(query, limit=limit, on_change=on_change, progress=progress, tz=tz)
        return (row for page in pages for row in page.rows)

    @check_call
    def csv(self, query: Query, file: File, *, on_change: OnChange = "warn") -> int:
        """Write all pages of a query as the CSV that the API returns; the number of rows.

        `file` is a path, which is replaced when all is written, or a file open for bytes or text.
        `on_change` is "raise" or "warn". Dates are sent as in `query.to_payload()`, without the
        care for fractions of a second that `run` takes.
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
        check_arguments(query, "csv")
        return download_csv(self._transport, query, file, streaming_policy(on_change))

    @check_call
    def export(
        self,
        query: Query,
        file: str | os.PathLike[str],
        *,
        limit: int | None = None,
        window: bool = False,
        resume: bool = True,
        spreadsheet: bool = False,
        on_change: OnChange = "warn",
        progress: ProgressCallback | bool = True,
        tz: TimeZone | None = None,
    ) -> ExportResult:
        """Write all rows of a query to a Parquet, CSV, JSON Lines or Excel file, by its extension.

        As `run`, in bounded memory. The file appears when it is complete. Until then its rows are
        in a file beside it that ends with .part: if the export is stopped or killed, the same call
        continues it, unless `resume` is False. Parquet needs pyarrow, and Excel xlsxwriter.
        `spreadsheet` makes CSV safe for a spreadsheet, as in `Result.to_csv`. `tz` is as in `run`.

        `window` reads windows of the time in which leads were created, each by one request, and
        splits those that do not fit a page. Then no lead that exists all the time is lost or
        repeated, whatever happens to others, and no list is longer than a page: for accounts whose
        lists end at 10,000 rows, or change while they are read.

        Raises as `run` does, QueryError for an unknown extension, and for a .part file of another
        query, another program or with damaged rows, MissingDependencyError, and OSError.

        >>> from leadquery import Leads
        >>> from leadquery.emulator import Emulator
        >>> client = Client("api.example.com", "key", "secret", Emulator.demo(500).session())
        >>> folder = getfixture("tmp_path")
        >>> client.export(Leads.select("ProspectID", "Score"), folder / "leads.csv").rows
        500
        """
        check_arguments(query, "export", tz)
        query, limit = listed_query(query, limit)
        job = ExportJob(
            paginate(self._transport, query, limit),
            host=self._transport.origin,
            account=self._transport.keys.account_id(self._transport.origin),
            policy=ChangePolicy(on_change),
            progress=progress,
            resume=resume,
            spreadsheet=spreadsheet,
            tz=None if tz is None else zone_key(tz),
            window=window,
        )
        return run_export(job, file)

    @check_call
    def count(self, query: BaseQuery) -> int:
        """The number of leads that match a query, finished or not, whatever its output and page.

        Raises QueryError if it is not a query, and the ApiErrors of `leadquery.errors`.
        """
        if not isinstance(query, BaseQuery):
            raise query_type_error(query, "count")
        counted = count_query(query)
        if counted.is_one_request:
            return self.run_page(counted).total
        result = self.run(without_output(query).page(1).count(), progress=False)
        return int(result[0][COUNT])


_STREAMS: Final = ("pages", "rows", "export")
"""The methods that need not hold all rows, so that a list with a limit is all they do here."""


def check_arguments(query: object, method: str, tz: TimeZone | None = None) -> None:
    """Raise QueryError for a query that a method cannot run, and for an unknown time zone."""
    if not isinstance(query, Query):
        raise query_type_error(query, method)
    is_whole = method in ("run", "plan") or query.is_one_request
    if not is_whole and not (method in _STREAMS and is_limited_list(query)):
        raise several_requests_error(query, WRITE_ROWS if method in ("csv", "export") else "")
    if method != "run_page" and query.paging is not None and query.paging.index != 1:
        raise later_page_error(query.paging, method)
    if tz is not None:
        zone_key(tz)
