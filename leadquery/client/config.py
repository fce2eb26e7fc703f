"""What a client may be told beyond the host and the keys, and what it calls with then."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Final, TypedDict

import requests

from leadquery.client.auth import AuthMethod, Credentials, origin
from leadquery.client.deadline import Clock
from leadquery.client.rate_limiter import DEFAULT_RATE, rate_limiter_for
from leadquery.client.session import AuthSession
from leadquery.client.sliding_window import Rate
from leadquery.client.transport import Transport
from leadquery.errors import QueryError
from leadquery.lint.json_values import describe_json

TIMEOUT: Final = (5.0, 60.0)
"""Seconds to connect, and to wait for the next byte."""

MAX_ATTEMPTS: Final = 6

UNPACED: Final = 8
"""Calls at once where no pace says how many there can be."""


class Options(TypedDict, total=False):
    """What a client may be told beyond the host and the keys."""

    session: requests.Session | None
    rate: tuple[int, float] | Rate | None
    max_attempts: int
    timeout: float | tuple[float, float]
    deadline: float | None
    auth: AuthMethod
    lock_file: str | Path | None
    clock: Clock


def build_transport(
    host: str,
    credentials: Credentials,
    session: requests.Session | None,
    rate: tuple[int, float] | Rate | None,
    max_attempts: int,
    timeout: float | tuple[float, float],
    deadline: float | None,
    lock_file: str | Path | None,
    clock: Clock,
) -> Transport:
    """What makes the calls of a client. Raises QueryError for what no call can keep."""
    where = origin(host)
    credentials.check()
    _check(session, max_attempts, deadline, lock_file)
    timeouts = _timeouts(timeout)
    paced = None if rate is None else Rate.of(rate)
    session = AuthSession() if session is None else session
    # An emulator in the process has no plan, unless a rate was given to try one.
    if paced is DEFAULT_RATE and getattr(session, "unpaced", False):
        paced = None
    account = credentials.known.account(where)
    path = None if lock_file is None else Path(lock_file)
    return Transport(
        where,
        credentials,
        session,
        None if paced is None else rate_limiter_for(account, paced, clock, path),
        max_attempts,
        timeouts,
        deadline,
        clock,
        UNPACED if paced is None else paced.calls,
    )


def _check(session: object, max_attempts: object, deadline: object, lock_file: object) -> None:
    if session is not None and not isinstance(session, requests.Session):
        raise QueryError(
            f"session={describe_json(session)} is no session; write a requests.Session(), "
            "or Emulator(...).session()"
        )
    if lock_file is not None and not isinstance(lock_file, (str, os.PathLike)):
        raise QueryError(f"lock_file={lock_file!r} is no path; write lock_file='account.lock'")
    if type(max_attempts) is not int or max_attempts < 1:
        raise QueryError(f"max_attempts={max_attempts!r} makes no call; write max_attempts=6")
    if deadline is not None and not _is_time(deadline):
        raise QueryError(f"deadline={deadline!r} is no time; write seconds, or None for none")


def _timeouts(timeout: object) -> tuple[float, float]:
    """The seconds to connect and to read, from one number for both or from a pair of them."""
    pair = timeout if isinstance(timeout, tuple) else (timeout, timeout)
    if len(pair) != 2 or not all(map(_is_time, pair)):
        raise QueryError(
            f"timeout={timeout!r} is not a time; write timeout=(5, 60), "
            "the seconds to connect and to wait for the next byte, or one number for both"
        )
    connect, read = pair
    return connect, read


def _is_time(seconds: object) -> bool:
    return type(seconds) in (int, float) and 0 < seconds < math.inf  # type: ignore[operator]  # A number.
