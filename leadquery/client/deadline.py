"""Deadlines, and the clock that measures them."""

from __future__ import annotations

import math
from contextvars import ContextVar, Token
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


class CancelScope:
    """Cancels all deadlines that start in its `with` blocks, from any thread.

    They end as if they had started with the scope, so that the wait for a thread counts.
    """

    def __init__(self, clock: Clock = CLOCK) -> None:
        self.started = clock.now()
        self.is_cancelled = False
        self._tokens: list[Token[CancelScope | None]] = []

    def cancel(self) -> None:
        """Cancel the deadlines, also those that start later."""
        self.is_cancelled = True

    def __enter__(self) -> None:
        self._tokens.append(_current_scope.set(self))

    def __exit__(self, *_: object) -> None:
        _current_scope.reset(self._tokens.pop())


_current_scope: Final[ContextVar[CancelScope | None]] = ContextVar("current_scope", default=None)


class Deadline:
    """The time that a query may take: `seconds` from now, or any time if None, until `cancel`."""

    def __init__(self, seconds: float | None = None, clock: Clock = CLOCK) -> None:
        self._clock = clock
        self._scope = _current_scope.get()
        start = self._scope.started if self._scope else clock.now()
        self._end = math.inf if seconds is None else start + seconds
        self._cancelled = False
        self.seconds = seconds

    @property
    def remaining(self) -> float:
        """The seconds that remain; negative after the deadline. Raises CancelledError."""
        if self._cancelled or (self._scope and self._scope.is_cancelled):
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
