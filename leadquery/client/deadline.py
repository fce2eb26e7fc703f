"""How long a query may take, and the clock by which it and its pauses are measured."""

from __future__ import annotations

import math
from copy import copy
from threading import Condition
from time import perf_counter, sleep
from typing import Final

LONGEST_WAIT: Final = 0.2
"""Seconds that a thread sleeps at most before it looks up: Ctrl-C does not wake it on Windows."""


class Clock:
    """The time of this machine. Tests bring one of their own, with the same three methods."""

    def now(self) -> float:
        """Seconds since some moment, the same for every process; they never run backwards."""
        # Finer than `monotonic` on Windows, where that counts in steps of 16 ms.
        return perf_counter()

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        sleep(seconds)

    def wait(self, condition: Condition, seconds: float) -> None:
        """Let time pass, or less when the condition, which is held, is notified."""
        condition.wait(seconds)


CLOCK: Final = Clock()


class CancelledError(Exception):
    """Nobody waits for the answer any more. It never leaves the room."""


class Deadline:
    """How long one query may take: `seconds` from now, for ever when None, or until `cancel`."""

    def __init__(self, seconds: float | None = None, clock: Clock = CLOCK) -> None:
        self._clock = clock
        self._until = math.inf if seconds is None else clock.now() + seconds
        self._cancelled = False
        self.seconds = seconds

    @property
    def left(self) -> float:
        """Seconds that are left; below 0 when there are none. Raises CancelledError."""
        if self._cancelled:
            raise CancelledError
        return self._until - self._clock.now()

    def cancel(self) -> None:
        """Let every call of the query give up, waiting or not, within LONGEST_WAIT seconds."""
        self._cancelled = True

    def renewed(self) -> Deadline:
        """What is left of it, for calls that are made after those that were given up."""
        made = copy(self)
        made._cancelled = False
        return made

    def sleep(self, seconds: float) -> None:
        """Let time pass. Raises CancelledError."""
        until = self._clock.now() + seconds
        while self.left and (rest := until - self._clock.now()) > 0:
            self._clock.sleep(min(rest, LONGEST_WAIT))
