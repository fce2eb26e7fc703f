"""What a test controls of the mock API: its time, its rate limit, and faults on request."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from random import Random
from threading import Lock
from typing import Any, Final

from attrs import field, frozen

from leadquery._util.text import describe_json
from leadquery.errors import QueryError

Rate = tuple[int, float]
"""A number of calls in a number of seconds."""


@frozen
class Clock:
    """A monotonic time in seconds, and a way to wait. Tests may pass their own.

    >>> clock = Clock(now=lambda: 5.0, sleep=print)
    >>> clock.sleep(0.5)
    0.5
    """

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


CLOCK: Final = Clock()


class RateWindow:
    """A strict rate limit over a sliding window of time.

    Rejected calls do not count. A call that comes exactly `seconds` after another does not share
    a window with it.
    """

    def __init__(self, rate: Rate, clock: Clock) -> None:
        calls, self._seconds = parse_rate(rate)
        self._allowed: deque[float] = deque(maxlen=calls)
        self._clock = clock
        self._lock = Lock()
        self.rejected = 0

    def allow(self) -> bool:
        """Whether a call that comes now is within the limit; if so, it counts."""
        with self._lock:
            now = self._clock.now()
            if (
                len(self._allowed) == self._allowed.maxlen
                and now < self._allowed[0] + self._seconds
            ):
                self.rejected += 1
                return False
            self._allowed.append(now)
            return True

    def __str__(self) -> str:
        return f"{self._allowed.maxlen} in {self._seconds:g} second(s)"


def parse_rate(rate: object) -> Rate:
    """The rate if it is valid. Raises QueryError if it is not."""
    match rate:
        case int(calls), int(seconds) | float(seconds) if calls >= 1 and 0 < seconds < float("inf"):
            return calls, seconds
    raise QueryError(
        f"rate: {describe_json(rate)} is not a rate; "
        "write (25, 5.0) for 25 calls in 5 seconds, or None"
    )


Delay = float | Callable[[Random], float]
"""Seconds, or a function that draws them."""


class Fault(Enum):
    """What can go wrong with one call."""

    REFUSED = "refused", "no connection; the call does not arrive and does not count"
    DROPPED = "dropped", "the call arrives and counts; the connection closes without a response"
    TRUNCATED = "truncated", "half of the response body, and the connection closes"
    SLOW = "slow", "the response comes `slow` seconds late"
    LIMITED = "limited", "429, as over the limit"
    LIMITED_WITH_200 = "limited-with-200", "200 with `Status: Error`, as seen over the limit"
    REJECTED = "rejected", "500 with the error body for invalid input, as seen; a retry is no use"
    FAILED = "failed", "500 without a body"
    UNAVAILABLE = "unavailable", "503, with the HTML page of a gateway"
    REMOVED = "removed", "a lead is removed before the call arrives"
    ADDED = "added", "a lead that was removed, or held back, is added before the call arrives"
    REORDERED = "reordered", "leads are listed in reverse order, in this call only"

    label: str
    meaning: str

    def __init__(self, label: str, meaning: str) -> None:
        self.label = label
        self.meaning = meaning


DRIFT: Final = frozenset({Fault.REMOVED, Fault.ADDED, Fault.REORDERED})
"""Faults that change the leads a call sees, and not the response itself."""

Plan = Sequence[Fault | None] | Mapping[Fault, float]

_PLAN_HINT: Final = (
    "write a list of faults and None, one for each call, or the chance of each fault, "
    "as in {Fault.DROPPED: 0.1}"
)


def _parse_plan(plan: Any) -> Plan:
    if isinstance(plan, Mapping):
        return _parse_chances(plan)
    if isinstance(plan, (str, bytes)) or not isinstance(plan, Iterable):
        raise QueryError(f"faults: {describe_json(plan)} is not a plan; {_PLAN_HINT}")
    faults = tuple(plan)
    for position, fault in enumerate(faults):
        if fault is not None and not isinstance(fault, Fault):
            raise QueryError(
                f"faults[{position}]: {describe_json(fault)} is not a Fault; {_PLAN_HINT}"
            )
    return faults


def _parse_chances(plan: Mapping[Any, Any]) -> Mapping[Fault, float]:
    for fault, chance in plan.items():
        if not isinstance(fault, Fault):
            raise QueryError(f"faults: {describe_json(fault)} is not a Fault; {_PLAN_HINT}")
        if type(chance) not in (int, float) or not 0 <= chance <= 1:
            raise QueryError(
                f"faults: {describe_json(chance)} is not the chance of {fault}; "
                "write a number from 0 to 1"
            )
    # Ten times 0.1 may add up to a little more than 1 in doubles.
    if sum(plan.values()) > 1 + 1e-9:
        raise QueryError(
            "faults: the chances add up to more than 1, but a call has one fault at most; "
            "write smaller chances"
        )
    return dict(plan)


def _parse_delay(seconds: Any) -> Any:
    if callable(seconds):
        return seconds
    if type(seconds) not in (int, float) or not 0 <= seconds < float("inf"):
        raise QueryError(
            f"faults: {describe_json(seconds)} is not a time; write seconds, 0 or more"
        )
    return seconds


@frozen
class Faults:
    """Which calls go wrong, and how. The same seed makes the same calls go wrong.

    `plan` is a list with an entry for each call, in order (None for a call that goes well; so do
    all calls after the end of the list), or the chance of each fault at every call.
    `latency` is how many seconds a call takes each way, or a function that draws them from a
    `random.Random`. `slow` is how many seconds `Fault.SLOW` adds.

    Raises QueryError for an invalid plan or time.

    >>> from leadquery.emulator import Emulator
    >>> session = Emulator.demo(10).session(Faults([None, Fault.FAILED]))
    >>> session.get("https://api.example.com").status_code
    404
    """

    plan: Plan = field(default=(), converter=_parse_plan)
    seed: int = field(default=1, kw_only=True)
    latency: Delay = field(default=0.0, kw_only=True, converter=_parse_delay)
    slow: float = field(default=90.0, kw_only=True, converter=_parse_delay)

    def rng(self, number: int) -> Random:
        """The random numbers of a call, by its number from 0, whichever thread makes it."""
        return Random(f"{self.seed} {number}")

    def fault(self, number: int, rng: Random) -> Fault | None:
        """What goes wrong with a call."""
        if not isinstance(self.plan, Mapping):
            return self.plan[number] if number < len(self.plan) else None
        remaining = rng.random()
        for fault, chance in self.plan.items():
            remaining -= chance
            if remaining < 0:
                return fault
        return None

    def delay(self, rng: Random) -> float:
        """How many seconds a call takes one way."""
        seconds = self.latency(rng) if callable(self.latency) else self.latency
        return max(0.0, seconds)

    @property
    def arrivals(self) -> int:
        """How many leads to hold back at first, so that they can be added later."""
        if isinstance(self.plan, Mapping):
            return _HIDDEN_AT_FIRST if self.plan.get(Fault.ADDED) else 0
        return sum(fault is Fault.ADDED for fault in self.plan)


NO_FAULTS: Final = Faults()
_HIDDEN_AT_FIRST: Final = 50


@frozen
class Snapshot:
    """The leads that one call sees: all but those with a hidden number, and their order."""

    hidden: frozenset[int] = frozenset()
    reverse: bool = False


ALL_LEADS: Final = Snapshot()


class Drift:
    """The leads that a session sees, which change while the database stays as it is."""

    def __init__(self, faults: Faults, size: int) -> None:
        count = min(faults.arrivals, size // 2)
        self._hidden = {*Random(f"drift {faults.seed}").sample(range(1, size + 1), count)}
        self._size = size

    def snapshot(self, fault: Fault | None, rng: Random) -> Snapshot:
        """What the next call sees."""
        if fault is Fault.REMOVED and len(self._hidden) < self._size:
            self._hide_one(rng)
        if fault is Fault.ADDED and self._hidden:
            self._hidden.remove(rng.choice(sorted(self._hidden)))
        return Snapshot(frozenset(self._hidden), fault is Fault.REORDERED)

    def _hide_one(self, rng: Random) -> None:
        while (number := rng.randint(1, self._size)) in self._hidden:
            pass
        self._hidden.add(number)
