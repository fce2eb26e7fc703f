"""A clock whose time passes only when someone waits."""

from __future__ import annotations

from leadquery.emulator import Clock


class FakeTime:
    """A time, its clock, and the waits so far."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    @property
    def clock(self) -> Clock:
        """The clock of this time."""
        return Clock(lambda: self.now, self.wait)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.waits.append(seconds)
        self.now += seconds
