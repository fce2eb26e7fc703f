"""The client: queries go out, answers come back, and a count is a number."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NoReturn, Self, TypedDict, Unpack

import requests

from leadquery.client.answer import Answer
from leadquery.client.calls import Caller
from leadquery.client.credentials import NOT_PICKLED, Credentials, KeysIn, origin
from leadquery.client.pace import DEFAULT_RATE, pace_of
from leadquery.client.patience import CLOCK, Clock
from leadquery.client.session import KeyedSession
from leadquery.client.slots import Rate
from leadquery.errors import QueryError
from leadquery.fields import ProspectID
from leadquery.language.query import Query, Unfinished
from leadquery.language.question import FINISHED, Question
from leadquery.slips import unsendable
from leadquery.spec.model import Aggregate
from leadquery.targets.environment import VARIABLES

TIMEOUTS: Final = (5.0, 60.0)
"""Seconds to connect, and to wait for the next byte."""

ATTEMPTS: Final = 6


class Options(TypedDict, total=False):
    """What a client may be told beyond the host and the keys."""

    session: requests.Session | None
    rate: tuple[int, float] | Rate | None
    attempts: int
    timeouts: tuple[float, float]
    deadline: float | None
    keys_in: KeysIn
    lock_file: str | Path | None
    clock: Clock


class Client:
    """Sends queries to one host with one pair of keys. Keys never show in any text.

    `host` is the API host of the account, with https unless it says otherwise; http is for
    this machine alone. `secret_key` may be a function that tells the key; it is asked at each
    call. `session` is a `requests.Session` of your own, or an emulator's.

    `rate` is what the account's plan allows, as calls and seconds: no more calls than these
    reach the server in any window of so many seconds, however many threads and clients of the
    account ask. None lets every call go at once, as over an emulator's session.
    A call that fails in passing is made again, `attempts` times in all. `timeouts` are the
    seconds to connect, and to wait for the next byte; `deadline` the seconds that a whole query
    may take, for ever when None. `keys_in="headers"` sends the keys in headers. `lock_file` names
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
        attempts: int = ATTEMPTS,
        timeouts: tuple[float, float] = TIMEOUTS,
        deadline: float | None = None,
        keys_in: KeysIn = "query",
        lock_file: str | Path | None = None,
        clock: Clock = CLOCK,
    ) -> None:
        credentials = Credentials(access_key, secret_key, keys_in)
        # What follows may raise, and a traceback may show these.
        del access_key, secret_key
        where = origin(host)
        credentials.check()
        _check(attempts, timeouts, deadline)
        paced = None if rate is None else Rate.of(rate)
        session = KeyedSession() if session is None else session
        # An emulator in the process has no plan, unless a rate was given to try one.
        if paced is DEFAULT_RATE and getattr(session, "unpaced", False):
            paced = None
        account = credentials.known.account(where)
        path = None if lock_file is None else Path(lock_file)
        self._caller = Caller(
            where,
            credentials,
            session,
            None if paced is None else pace_of(account, paced, clock, path),
            attempts,
            timeouts,
            deadline,
            clock,
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

    def send(self, query: Query) -> Answer:
        """The answer to exactly the page that the query asks for.

        Raises QueryError for an unfinished query, and the ApiErrors of `leadquery.errors`.
        """
        if not isinstance(query, Query):
            raise unsendable(_unfinished(query), query, "send")
        rows, total = self._caller.read(query.to_json(), query.explain)
        grouped = isinstance(query.output, Aggregate)
        return Answer(rows, total, query.output.columns, grouped=grouped)

    def count(self, query: Question) -> int:
        """How many leads meet a query, finished or not; its output and page do not matter.

        Raises QueryError for what is no query, and the ApiErrors of `leadquery.errors`.
        """
        if not isinstance(query, Question):
            text = f"{query!r} is no query; write count(Leads.where(...))"
            raise unsendable(text, query, "count")
        return self.send(counting(query)).total

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
        from leadquery.client.metadata import lead_fields

        return lead_fields(self._caller, host)


def counting(query: Question) -> Query:
    """The query whose total is the number of leads: a list of one row."""
    leads = Unfinished(query.conditions, query.dates, query.users, None)
    return leads.select(ProspectID).page(1, 1)


def _unfinished(query: object) -> str:
    if isinstance(query, Question):
        return f"the query does not say what to show; finish it with {FINISHED}"
    return f"{query!r} is no query; write send(Leads.where(...).select(...))"


def _check(attempts: object, timeouts: object, deadline: object) -> None:
    """Raise QueryError for an option that no call can keep."""
    if type(attempts) is not int or attempts < 1:
        raise QueryError(f"attempts={attempts!r} makes no call; write attempts=6")
    pair = timeouts if isinstance(timeouts, tuple) else ()
    if len(pair) != 2 or not all(map(_is_time, pair)):
        raise QueryError(
            f"timeouts={timeouts!r} are not two times; write timeouts=(5, 60), "
            "the seconds to connect and to wait for the next byte"
        )
    if deadline is not None and not _is_time(deadline):
        raise QueryError(f"deadline={deadline!r} is no time; write seconds, or None for none")


def _is_time(seconds: object) -> bool:
    return type(seconds) in (int, float) and 0 < seconds < math.inf  # type: ignore[operator]  # A number.
