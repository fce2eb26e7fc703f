"""The rule of the rate limiter: which calls count, and when the next one may start.

It does no I/O and knows no clock, thread or file: all times are arguments, in seconds of any
clock.
"""

from __future__ import annotations

import math
from typing import Final

from attrs import Factory, define, frozen

from leadquery.errors import QueryError

MARGIN: Final = 0.001
"""Seconds added to the window, for calls at its very end and for coarse clocks."""

RECOVERY: Final = 60.0
"""Seconds without a rejection after which the full rate is tried again."""


@frozen
class Rate:
    """At most `calls` calls in any window of `seconds` seconds."""

    calls: int
    seconds: float

    @classmethod
    def parse(cls, rate: object) -> Rate:
        """A rate from a pair. Raises QueryError if it is not one."""
        if isinstance(rate, cls):
            return rate
        pair = tuple(rate) if isinstance(rate, (tuple, list)) else ()
        if len(pair) != 2 or type(pair[0]) is not int or type(pair[1]) not in (int, float):
            raise QueryError(
                f"rate={rate!r} is not a pair of calls and seconds; write rate=(25, 5.0), "
                "or None for no limit"
            )
        if pair[0] < 1 or not 0 < pair[1] < math.inf:
            raise QueryError(f"rate={rate!r} allows no call; write rate=(25, 5.0)")
        return cls(pair[0], float(pair[1]))


@define
class Window:
    """The calls that count against a rate.

    The server counts a call at an unknown moment between its start and its response. So a call
    counts here from its start until a whole window after its response. Then no window of the
    server can hold more calls than the rate allows.
    """

    rate: Rate
    limit: int = Factory(lambda self: self.rate.calls, takes_self=True)
    """The calls allowed at present: fewer than the rate's after a rejection."""

    expiries: dict[str, float] = Factory(dict)
    """For the id of each call that counts, the time until which it does."""

    closed_until: float = -math.inf
    halved_at: float = -math.inf
    rejected_at: float = -math.inf

    def wait_time(self, now: float) -> float:
        """Seconds until a call may start; 0 if it may start now."""
        self._expire(now)
        opens = self.closed_until
        excess = len(self.expiries) - self.limit
        if excess >= 0:
            opens = max(opens, sorted(self.expiries.values())[excess])
        return max(0.0, opens - now)

    def is_idle(self, now: float) -> bool:
        """Whether nothing delays the next call."""
        self._expire(now)
        return not self.expiries and self.limit == self.rate.calls and now >= self.closed_until

    def start(self, call_id: str, until: float) -> None:
        """Count a call that starts, until then or until `end` says otherwise."""
        self.expiries[call_id] = until

    def end(self, call_id: str, now: float) -> None:
        """Count a call for one more window: its response has arrived, or its time is over."""
        self.expiries[call_id] = now + self.rate.seconds + MARGIN

    def reject(self, started: float, now: float, pause: float) -> None:
        """Halve the rate, and start no call for `pause` seconds: the server rejected a call.

        Calls that had started before the rate was halved do not halve it again.
        """
        if started > self.halved_at:
            self.limit = max(1, self.limit // 2)
            self.halved_at = now
        self.rejected_at = now
        self.closed_until = max(self.closed_until, now + pause)

    def set_rate(self, rate: Rate) -> None:
        """Change the rate. Calls that count already do so for the longer of both windows."""
        longer = max(0.0, rate.seconds - self.rate.seconds)
        self.expiries = {call_id: until + longer for call_id, until in self.expiries.items()}
        self.rate, self.limit = rate, rate.calls

    def _expire(self, now: float) -> None:
        self.expiries = {call_id: until for call_id, until in self.expiries.items() if until > now}
        if self.limit < self.rate.calls and now - self.rejected_at >= RECOVERY:
            self.limit = self.rate.calls
