"""Deadlines, and the clock that measures them."""

from __future__ import annotations

import math
from copy import copy
from threading import Condition
from time import perf_counter, sleep
from typing import Final

MAX_SLEEP: Final = 0.2
"""Seconds that a thread sleeps at a time. Ctrl-C does not interrupt a sleep on Windows."""


class Clock:
    """The time of this machine. Tests pass a clock of their own with the same three methods."""

    def now(self) -> float:
        """Seconds since a fixed moment, the same for all processes; never runs backwards."""
        # On Windows, `monotonic` has steps of 16 ms.
        return perf_counter()

    def sleep(self, seconds: float) -> None:
        """Wait for this long."""
        sleep(seconds)

    def wait(self, condition: Condition, seconds: float) -> None:
        """Wait for this long, or until the condition, whose lock is held, is notified."""
        condition.wait(seconds)


CLOCK: Final = Clock()


class CancelledError(Exception):
    """Nobody waits for the result any more. Never leaves the package."""


class Deadline:
    """The time that a query may take: `seconds` from now, or any time if None, until `cancel`."""

    def __init__(self, seconds: float | None = None, clock: Clock = CLOCK) -> None:
        self._clock = clock
        self._end = math.inf if seconds is None else clock.now() + seconds
        self._cancelled = False
        self.seconds = seconds

    @property
    def remaining(self) -> float:
        """The seconds that remain; negative after the deadline. Raises CancelledError."""
        if self._cancelled:
            raise CancelledError
        return self._end - self._clock.now()

    def cancel(self) -> None:
        """Make all calls of the query give up, within MAX_SLEEP seconds if they are waiting."""
        self._cancelled = True

    def restart(self) -> Deadline:
        """The same deadline, not cancelled, for calls that follow the cancelled ones."""
        restarted = copy(self)
        restarted._cancelled = False
        return restarted

    def sleep(self, seconds: float) -> None:
        """Wait for this long. Raises CancelledError."""
        end = self._clock.now() + seconds
        while self.remaining and (rest := end - self._clock.now()) > 0:
            self._clock.sleep(min(rest, MAX_SLEEP))
