"""The client: queries go out, answers come back, and a count is a number."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn, Self, Unpack

import requests

from leadquery._util.atomic_write import File
from leadquery.client.auth import NOT_PICKLED, AuthMethod, Credentials
from leadquery.client.config import MAX_ATTEMPTS, TIMEOUT, Options, build_transport
from leadquery.client.csv_download import csv
from leadquery.client.deadline import CLOCK, Clock
from leadquery.client.export import ExportJob, ExportResult, export
from leadquery.client.pagination import (
    ChangePolicy,
    OnChange,
    Paginator,
    ProgressCallback,
    each_page,
    each_row,
    run,
    streaming_policy,
)
from leadquery.client.rate_limiter import DEFAULT_RATE
from leadquery.client.requests import PageFetcher, count_query, fetch_page, query_error, uncounted
from leadquery.client.sliding_window import Rate
from leadquery.errors import QueryError
from leadquery.query.base import BaseQuery
from leadquery.query.query import Query
from leadquery.result import Result, Row
from leadquery.wire.protocol import VARIABLES


class Client:
    """Sends queries to one host with one pair of keys. Keys never show in any text.

    `host` is the API host of the account, with https unless it says otherwise; http is for
    this machine alone. `secret_key` may be a function that tells the key; it is asked at each
    call. `session` is a `requests.Session` of your own, or an emulator's.

    `rate` is what the account's plan allows, as calls and seconds: no more calls than these
    reach the server in any window of so many seconds, however many threads and clients of the
    account ask. None lets every call go at once, as over an emulator's session.
    A call that fails in passing is made again, `max_attempts` times in all. `timeout` is
    the seconds to connect and to wait for the next byte, as one number or as a pair; `deadline`
    the seconds that a whole query may take, for ever when None. `auth="headers"` sends the keys in headers. `lock_file` names
    a file by which all processes of this machine that name it share the rate.
    `clock` tells the time; tests bring their own.

    Raises QueryError for a host, a key or an option that cannot be used. (API page: Request URL)

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
        rate: tuple[int, float] | Rate | None = DEFAULT_RATE,
        max_attempts: int = MAX_ATTEMPTS,
        timeout: float | tuple[float, float] = TIMEOUT,
        deadline: float | None = None,
        auth: AuthMethod = "query",
        lock_file: str | Path | None = None,
        clock: Clock = CLOCK,
    ) -> None:
        credentials = Credentials(access_key, secret_key, auth)
        # What follows may raise, and a traceback may show these.
        del access_key, secret_key
        self._caller = build_transport(
            host, credentials, session, rate, max_attempts, timeout, deadline, lock_file, clock
        )

    @classmethod
    def from_env(cls, **options: Unpack[Options]) -> Self:
        """A client of LEADQUERY_HOST, LEADQUERY_ACCESS_KEY and LEADQUERY_SECRET_KEY.

        It takes the options of a client. Raises QueryError that names the variables which are
        not set.
        """
        missing = [name for name in VARIABLES if not os.environ.get(name, "").strip()]
        if missing:
            raise QueryError(f"the environment lacks {', '.join(missing)}; set all three")
        host, access_key, secret_key = VARIABLES
        return cls(os.environ[host], os.environ[access_key], os.environ[secret_key], **options)

    def __repr__(self) -> str:
        # A traceback may show a client that could not be made.
        return self._caller.where if hasattr(self, "_caller") else "<Client>"

    def __reduce__(self) -> NoReturn:
        raise QueryError(NOT_PICKLED)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that are kept open. A call after that opens its own."""
        self._caller.session.close()

    def run_page(self, query: Query) -> Result:
        """The answer to exactly the page that the query asks for.

        Raises QueryError for an unfinished query, and the ApiErrors of `leadquery.errors`.
        """
        if wrong := query_error(query, "run_page"):
            raise wrong
        return fetch_page(self._caller, query)

    def run(
        self,
        query: Query,
        *,
        limit: int | None = None,
        on_change: OnChange = "warn",
        progress: ProgressCallback | bool = True,
    ) -> Result:
        """All rows of a query as one answer: every page, at the query's page size.

        `limit` is the most rows to give out; the page size is that of `query.page(1, size)`. When
        rows move between pages while they are read, `on_change` says whether to raise
        PaginationDriftError, to warn, or to refetch from the first page, three times at most; the
        answer's `changes` say what was seen. A lead whose ProspectID is selected stands once.
        A bar is drawn on a terminal, unless `progress` is False, or a function that is told the
        `Progress`.

        Raises as `run_page` does, and QueryError for a query of a later page. (API page: Paging)

        >>> from leadquery import Leads
        >>> from leadquery.emulator import Emulator
        >>> client = Client("api.example.com", "key", "secret", Emulator.demo(500).session())
        >>> client.run(Leads.select("ProspectID", "Phone").page(1, 200))
        <Result: 500 of 500 rows, 2 columns>
        """
        if wrong := query_error(query, "run"):
            raise wrong
        return run(self._pages(query, limit), on_change, progress)

    def pages(
        self,
        query: Query,
        *,
        limit: int | None = None,
        on_change: OnChange = "warn",
        progress: ProgressCallback | bool = False,
    ) -> Iterator[Result]:
        """The pages of a query, each as an answer, fetched ahead while the last one is used.

        As `run`, in bounded memory; `on_change` is "raise" or "warn", since what was given out
        is not taken back. Whoever stops early closes it, and no more calls are made.
        """
        if wrong := query_error(query, "pages"):
            raise wrong
        return each_page(self._pages(query, limit), on_change, progress)

    def rows(
        self,
        query: Query,
        *,
        limit: int | None = None,
        on_change: OnChange = "warn",
        progress: ProgressCallback | bool = False,
    ) -> Iterator[Row]:
        """The rows of a query, one by one; as `pages`.

        >>> from leadquery import Leads
        >>> from leadquery.emulator import Emulator
        >>> client = Client("api.example.com", "key", "secret", Emulator.demo(500).session())
        >>> sum(1 for row in client.rows(Leads.select("ProspectID")))
        500
        """
        if wrong := query_error(query, "rows"):
            raise wrong
        return each_row(self.pages(query, limit=limit, on_change=on_change, progress=progress))

    def csv(self, query: Query, file: File, *, on_change: OnChange = "warn") -> int:
        """All pages of a query as the API itself writes them in CSV; the number of rows.

        `file` is a path, which holds all of it at the end or what it held before, or a file that
        is open for bytes or for text. Pages stand behind one another under one header.
        `on_change` is "raise" or "warn".

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
        if wrong := query_error(query, "csv"):
            raise wrong
        return csv(self._caller, query, file, streaming_policy(on_change))

    def export(
        self,
        query: Query,
        file: str | os.PathLike[str],
        *,
        limit: int | None = None,
        resume: bool = True,
        on_change: OnChange = "warn",
        progress: ProgressCallback | bool = True,
    ) -> ExportResult:
        """All rows of a query in a file: Parquet, CSV or lines of JSON, as its name ends.

        As `run`, in bounded memory, however long the list. The file is there when it is whole;
        until then its rows are beside it, with a checkpoint that lets the same call go on where
        a run was stopped or killed; it starts over with `resume=False`. Parquet needs pyarrow.

        Raises as `run` does, QueryError for a name without a known ending, and for the
        checkpoint of another query, MissingDependencyError, and OSError.

        >>> from leadquery import Leads
        >>> from leadquery.emulator import Emulator
        >>> client = Client("api.example.com", "key", "secret", Emulator.demo(500).session())
        >>> folder = getfixture("tmp_path")
        >>> client.export(Leads.select("ProspectID", "Score"), folder / "leads.csv").rows
        500
        """
        if wrong := query_error(query, "export"):
            raise wrong
        pages = self._pages(query, limit)
        host = self._caller.origin
        return export(ExportJob(pages, host, ChangePolicy(on_change), progress, resume), file)

    def _pages(self, query: Query, limit: int | None) -> Paginator:
        return Paginator(PageFetcher(self._caller), query, limit=limit, ahead=self._caller.ahead)

    def count(self, query: BaseQuery) -> int:
        """How many leads meet a query, finished or not; its output and page do not matter.

        Raises QueryError for what is no query, and the ApiErrors of `leadquery.errors`.
        """
        if wrong := uncounted(query):
            raise wrong
        return self.run_page(count_query(query)).total

    def lead_fields(self, host: str | None = None) -> list[dict[str, Any]]:
        """The lead fields of the account, as `check(payload, fields=…)` takes them.

        They are on the account's ordinary API host. Where that is another one than the host of
        reports (api in place of analyticsapi), `host` names it; it gets the keys too.

        Raises QueryError for what is no host, and the ApiErrors of `leadquery.errors`.
        (Vendor's page: Get Metadata of Lead Fields)

        >>> from leadquery import check
        >>> from leadquery.emulator import Emulator
        >>> client = Client("api.example.com", "key", "secret", Emulator.demo(9).session())
        >>> payload = {"Output": {"Type": "list", "IncludeCSV": "mx_Deal_Valu"}}
        >>> report = check(payload, fields=client.lead_fields())
        >>> "LQ601" in [problem.code for problem in report.problems]
        True
        """
        from leadquery.client.lead_fields import lead_fields

        return lead_fields(self._caller, host)
