"""Clocks on which no test waits."""

from __future__ import annotations

from threading import Condition, Lock

from leadquery.client.deadline import Clock


class InstantClock(Clock):
    """A clock whose time passes when somebody waits, and at once."""

    def __init__(self) -> None:
        self._now = 1_000.0
        self._lock = Lock()
        self.slept: list[float] = []

    def now(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self._now += seconds
            self.slept.append(seconds)

    def wait(self, condition: Condition, seconds: float) -> None:
        # Whoever has something to say may say it first.
        condition.wait(0)
        self.sleep(seconds)
