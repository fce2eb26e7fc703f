"""What a client may be told beyond the host and the keys."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Final, TypedDict

import requests

from leadquery.client.credentials import KeysIn
from leadquery.client.patience import Clock
from leadquery.client.slots import Rate
from leadquery.errors import QueryError
from leadquery.spec.findings import shown

TIMEOUTS: Final = (5.0, 60.0)
"""Seconds to connect, and to wait for the next byte."""

ATTEMPTS: Final = 6
UNPACED: Final = 8
"""Calls at once where no pace says how many there can be."""


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


def check(
    session: object, attempts: object, timeouts: object, deadline: object, lock_file: object
) -> None:
    """Raise QueryError for an option that no call can keep."""
    if session is not None and not isinstance(session, requests.Session):
        raise QueryError(
            f"session={shown(session)} is no session; write a requests.Session(), "
            "or Emulator(...).session()"
        )
    if lock_file is not None and not isinstance(lock_file, (str, os.PathLike)):
        raise QueryError(f"lock_file={lock_file!r} is no path; write lock_file='account.lock'")
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
