"""Time as the emulator sees it: a source of seconds, and a way to wait."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Final

from attrs import frozen

from leadquery.errors import QueryError
from leadquery.lint.json_values import describe_json

Rate = tuple[int, float]
"""So many calls in so many seconds."""


@frozen
class Clock:
    """Seconds that only grow, and how to let some of them pass. Tests may put in their own.

    >>> clock = Clock(now=lambda: 5.0, sleep=print)
    >>> clock.sleep(0.5)
    0.5
    """

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


CLOCK: Final = Clock()


class RateWindow:
    """A strict limit: in no stretch of `seconds`, wherever it starts, are there more calls.

    A call that is refused does not count. One that comes `seconds` after another, to the dot,
    is in no stretch with it.
    """

    def __init__(self, rate: Rate, clock: Clock) -> None:
        calls, self._seconds = limit(rate)
        self._admitted: deque[float] = deque(maxlen=calls)
        self._clock = clock
        self._lock = Lock()
        self.refused = 0

    def admits(self) -> bool:
        """Whether a call that comes now is within the limit; if so, it counts."""
        with self._lock:
            now = self._clock.now()
            admitted = self._admitted
            if len(admitted) == admitted.maxlen and now < admitted[0] + self._seconds:
                self.refused += 1
                return False
            admitted.append(now)
            return True

    def __str__(self) -> str:
        return f"{self._admitted.maxlen} calls in {self._seconds:g} s"


def limit(rate: object) -> Rate:
    """A rate as it was given. Raises QueryError for what is none."""
    match rate:
        case int(calls), int(seconds) | float(seconds) if calls >= 1 and 0 < seconds < float("inf"):
            return calls, seconds
    raise QueryError(
        f"rate: {describe_json(rate)} is no limit; write (25, 5.0) for 25 calls in 5 seconds, or None"
    )
