"""What a client and its methods are given: the types, the checks, and the errors.

`build_transport` makes the transport of a client of its options.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from threading import TIMEOUT_MAX
from typing import Any, Final, Literal, TypedDict, TypeVar, cast

import requests
import urllib3
from requests.adapters import HTTPAdapter

from leadquery._util.text import describe_json
from leadquery.client.auth import ApiKeys, AuthMethod
from leadquery.client.call_errors import LOOPBACK, Timeouts
from leadquery.client.deadline import Clock
from leadquery.client.rate_limiter import DEFAULT_RATE, Rate, rate_limiter_for
from leadquery.client.transport import Transport
from leadquery.errors import MissingDependencyError, Misuse, QueryError, UsageError
from leadquery.expr._guards import uncalled_method_error
from leadquery.query.base import MISSING_OUTPUT, BaseQuery
from leadquery.wire.endpoints import SIBLINGS, Endpoint, check_path, path_variable
from leadquery.wire.enums import ORDINARY_HOST, VARIABLES
from leadquery.wire.model import Paging

TIMEOUT: Final = (5.0, 60.0)
"""Seconds to connect, and to wait for the next byte."""

MAX_ATTEMPTS: Final = 6

MAX_RESPONSE_BYTES: Final = 128 << 20
"""More than a page of 10,000 leads with all their fields has."""

UNLIMITED_CONCURRENCY: Final = 8
"""Calls at once when no rate limits them."""

MAX_CONNECTIONS: Final = 32
"""Connections kept open, so that as many threads can call without opening a new one each time."""

AUTO: Final = "auto"

RateOption = tuple[int, float] | Rate | Literal["auto"] | None
"""Calls and seconds, the account's own as the API names it, or no limit."""


F = TypeVar("F", bound=Callable[..., None])


def check_options(init: F) -> F:
    """Raise UsageError for arguments that do not fit a client, without those that hold keys."""

    @wraps(init)
    def call(*args: Any, **options: Any) -> None:
        try:
            init(*args, **options)
        except TypeError as error:
            # A TypeError from inside the function has a second entry in its traceback.
            if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                raise
            name = type(args[0]).__name__
            given = (init, (None,) * len(args), dict.fromkeys(options))
            raise UsageError(str(error), Misuse("new client", name=name, value=given)) from None
        finally:
            # A traceback can show locals.
            del args, options

    return cast("F", call)


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
    keys: ApiKeys,
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
    keys.check()
    _check_options(session, max_attempts, deadline, lock_file, max_response_bytes)
    timeouts = _parse_timeout(timeout)
    adopts_rate = rate == AUTO
    limit = DEFAULT_RATE if adopts_rate else None if rate is None else Rate.parse(rate)
    _check_urllib3()
    session = default_session() if session is None else session
    # An emulator in this process needs no rate limit, unless one was asked for to try it.
    if limit is DEFAULT_RATE and getattr(session, "unpaced", False):
        limit = None
    rate_limiter = None
    if limit is not None:
        account = keys.account_id(origin)
        path = None if lock_file is None else Path(lock_file)
        rate_limiter = rate_limiter_for(account, limit, clock, path)
    return Transport(
        origin=origin,
        keys=keys,
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


_HOST_HINT: Final = "write the API host of the account, as in 'api.example.com'"

_LABEL: Final = "[a-z0-9_-]{1,63}"

_match_origin = re.compile(
    rf"(?:(https?)://)?({_LABEL}(?:\.{_LABEL})*|\[[0-9a-f:.]+\])(?::([0-9]{{1,5}}))?/?"
).fullmatch


_find_host = re.compile(
    rf"(?:https?://)?((?:{_LABEL}\.)+[a-z]{{2,63}}(?::[0-9]{{1,5}})?)[/?#].*", re.DOTALL
).fullmatch


def parse_origin(host: str) -> str:
    """The scheme, host and port to call.

    Errors repeat at most the host, because the rest of a URL may hold a key.
    """
    if not isinstance(host, str) or not host.strip():
        raise QueryError(f"the host is empty; {_HOST_HINT}")
    match = _match_origin(host.strip().lower())
    scheme, name, port = match.groups("") if match else ("", "", "")
    if not name or int(port or 1) not in range(1, 65_536):
        found = _find_host(host.strip().lower())
        hint = f"write {found[1]!r}" if found else _HOST_HINT
        raise QueryError(f"the host is not a host name alone; {hint}")
    if scheme == "http" and name not in LOOPBACK:
        raise QueryError("http would send the keys unencrypted; write 'https://' or no scheme")
    return f"{scheme or 'https'}://{name}{port and f':{port}'}"


def default_session() -> requests.Session:
    """A session for a client that is given none."""
    session = requests.Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=MAX_CONNECTIONS))
    return session


def _check_urllib3() -> None:
    """Raise MissingDependencyError if another package took the place of urllib3."""
    if hasattr(urllib3, "AsyncPoolManager"):
        raise MissingDependencyError(
            "urllib3 was replaced by urllib3-future, which niquests installs; write "
            "pip install --force-reinstall urllib3, and use niquests in another environment"
        )


WRITE_ROWS: Final = (
    '; to write the rows: client.run(query).to_csv("rows.csv"), or in a shell: '
    "leadquery run FILE:NAME --out rows.csv"
)
"""Behind the error of a query of several requests, where a file was asked for."""


def query_type_error(query: object, method: str) -> QueryError:
    """The error for what is not a whole query."""
    text = f"{query!r} is not a query; write {method}(Leads.where(...).select(...))"
    if method == "count":
        text = f"{query!r} is not a query; write count(Leads.where(...))"
    elif isinstance(query, str) and query.casefold().split(None, 1)[:1] == ["select"]:
        text = f"{query!r} is SQL; write {method}(from_sql(text)), from leadquery.sql"
    elif isinstance(query, (dict, str, bytes)):
        text = f"{query!r} is not a query; write {method}(from_payload(...)) for a payload"
    elif isinstance(query, BaseQuery):
        text = f"the query has no output; finish it with {MISSING_OUTPUT}"
    kind = "payload" if isinstance(query, (dict, str)) else "argument"
    return uncalled_method_error(query, method) or QueryError(text, Misuse(kind))


def later_page_error(paging: Paging, method: str) -> QueryError:
    """The error for a query of a later page, where every page is meant."""
    return QueryError(
        f"the query asks for page {paging.index}, but {method}(...) returns every page; write "
        f"client.run_page(query) for that page, or .page(1, {paging.size}) for all pages of that "
        "size"
    )
