"""Clocks on which no test waits for long, and none depends on how busy the machine is."""

from __future__ import annotations

from threading import Condition, Lock
from time import perf_counter, sleep

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


class SkippingClock(Clock):
    """The time of this machine, which skips pauses."""

    def __init__(self) -> None:
        self._skipped = 0.0
        self._lock = Lock()

    def now(self) -> float:
        return perf_counter() + self._skipped

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self._skipped += seconds

    def wait(self, condition: Condition, seconds: float) -> None:
        condition.wait(0)
        self.sleep(seconds)


class StoppedClock(Clock):
    """A clock that only a test moves on. Whoever waits looks at it every hundredth of a second."""

    def __init__(self) -> None:
        self.time = 1_000.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        sleep(min(seconds, 0.01))

    def wait(self, condition: Condition, seconds: float) -> None:
        condition.wait(min(seconds, 0.01))
