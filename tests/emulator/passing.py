"""Time that passes only when someone waits."""

from __future__ import annotations

from leadquery.emulator import Clock


class Time:
    """Its clock, and how long it has been waited for."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    @property
    def clock(self) -> Clock:
        """The clock of this time."""
        return Clock(lambda: self.now, self.wait)

    def wait(self, seconds: float) -> None:
        """Let some of it pass."""
        self.waits.append(seconds)
        self.now += seconds
