"""The time of the mock API, and its rate limit."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Final

from attrs import frozen

from leadquery._util.text import describe_json
from leadquery.errors import QueryError

Rate = tuple[int, float]
"""A number of calls in a number of seconds."""


@frozen
class Clock:
    """A monotonic time in seconds, and a way to wait. Tests may pass their own.

    >>> clock = Clock(now=lambda: 5.0, sleep=print)
    >>> clock.sleep(0.5)
    0.5
    """

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


CLOCK: Final = Clock()


class RateWindow:
    """A strict rate limit over a sliding window of time.

    Rejected calls do not count. A call that comes exactly `seconds` after another does not share
    a window with it.
    """

    def __init__(self, rate: Rate, clock: Clock) -> None:
        calls, self._seconds = parse_rate(rate)
        self._allowed: deque[float] = deque(maxlen=calls)
        self._clock = clock
        self._lock = Lock()
        self.rejected = 0

    def allow(self) -> bool:
        """Whether a call that comes now is within the limit; if so, it counts."""
        with self._lock:
            now = self._clock.now()
            if (
                len(self._allowed) == self._allowed.maxlen
                and now < self._allowed[0] + self._seconds
            ):
                self.rejected += 1
                return False
            self._allowed.append(now)
            return True

    def __str__(self) -> str:
        return f"{self._allowed.maxlen} in {self._seconds:g} second(s)"


def parse_rate(rate: object) -> Rate:
    """The rate if it is valid. Raises QueryError if it is not."""
    match rate:
        case int(calls), int(seconds) | float(seconds) if calls >= 1 and 0 < seconds < float("inf"):
            return calls, seconds
    raise QueryError(
        f"rate: {describe_json(rate)} is not a rate; "
        "write (25, 5.0) for 25 calls in 5 seconds, or None"
    )
