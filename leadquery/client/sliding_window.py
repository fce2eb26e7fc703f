"""The rule of the pace: which calls still count, and when the next may go.

It knows no clock, no thread and no file: moments come in as seconds of any clock.
"""

from __future__ import annotations

import math
from typing import Final

from attrs import Factory, define, frozen

from leadquery.errors import QueryError

MARGIN: Final = 0.001
"""Seconds beyond the window, so that a call at its very end, or a coarse clock, breaks no limit."""

RECOVERY: Final = 60.0
"""Seconds without a refusal after which the whole rate is tried again."""


@frozen
class Rate:
    """So many calls in any window of so many seconds."""

    calls: int
    seconds: float

    @classmethod
    def of(cls, rate: object) -> Rate:
        """A rate from a pair. Raises QueryError for what is none."""
        if isinstance(rate, cls):
            return rate
        pair = tuple(rate) if isinstance(rate, (tuple, list)) else ()
        if len(pair) != 2 or type(pair[0]) is not int or type(pair[1]) not in (int, float):
            raise QueryError(f"rate={rate!r} is no rate; write (25, 5.0), or None for none")
        if pair[0] < 1 or not 0 < pair[1] < math.inf:
            raise QueryError(f"rate={rate!r} lets no call go; write (25, 5.0)")
        return cls(pair[0], float(pair[1]))


@define
class Window:
    """The calls that count against a rate, each by its name.

    The server counts a call at a moment nobody here knows: after it was sent and before its
    answer arrived. So a call counts from before it is sent until the window has passed after its
    answer; then no window of the server can hold more calls than there are slots.
    """

    rate: Rate
    limit: int = Factory(lambda self: self.rate.calls, takes_self=True)
    taken: dict[str, float] = Factory(dict)
    """Until when each call counts."""

    closed_until: float = -math.inf
    halved: float = -math.inf
    refused: float = -math.inf

    def wait(self, now: float) -> float:
        """Seconds until a call may go; 0 when one may."""
        self._forget(now)
        opens = self.closed_until
        short = len(self.taken) - self.limit
        if short >= 0:
            opens = max(opens, sorted(self.taken.values())[short])
        return max(0.0, opens - now)

    def idle(self, now: float) -> bool:
        """Whether nothing is held against the next call."""
        self._forget(now)
        return not self.taken and self.limit == self.rate.calls and now >= self.closed_until

    def take(self, name: str, until: float) -> None:
        """Let a call go; it counts until then unless `ended` says when."""
        self.taken[name] = until

    def ended(self, name: str, now: float) -> None:
        """The answer of a call has arrived, or its time has passed."""
        self.taken[name] = now + self.rate.seconds + MARGIN

    def refuse(self, sent: float, now: float, pause: float) -> None:
        """The server has refused a call all the same: half of the rate, after a pause it asks for.

        Calls that were under way when the rate was halved do not halve it again.
        """
        if sent > self.halved:
            self.limit = max(1, self.limit // 2)
            self.halved = now
        self.refused = now
        self.closed_until = max(self.closed_until, now + pause)

    def settle(self, rate: Rate) -> None:
        """Go on at another rate. Calls that still count do so for the longer window."""
        longer = max(0.0, rate.seconds - self.rate.seconds)
        self.taken = {name: until + longer for name, until in self.taken.items()}
        self.rate, self.limit = rate, rate.calls

    def _forget(self, now: float) -> None:
        self.taken = {name: until for name, until in self.taken.items() if until > now}
        if self.limit < self.rate.calls and now - self.refused >= RECOVERY:
            self.limit = self.rate.calls
