"""Counts rejections independently of the rate limiter, and simulates calls with delays."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Sequence
from itertools import count
from random import Random

from attrs import frozen

from leadquery.client.rate_limiter import Rate, Window

Delay = Callable[[Random], float]
"""Seconds that a call, or its answer, is under way."""


def fixed(mean: float) -> Delay:
    """A constant delay."""
    return lambda _: mean


def uniform(mean: float) -> Delay:
    """From zero to twice the mean."""
    return lambda dice: dice.uniform(0, 2 * mean)


def heavy_tailed(mean: float) -> Delay:
    """Mostly short, now and then very long: a Pareto distribution, cut at 40 times the mean."""
    return lambda dice: min(40 * mean, mean / 3 * dice.paretovariate(1.5))


DELAYS = {"fixed": fixed, "uniform": uniform, "heavy": heavy_tailed}


def count_rejections(seen: Sequence[float], calls: int, seconds: float) -> int:
    """How many calls a strict server rejects: those beyond `calls` in any closed window."""
    moments = sorted(seen)
    return sum(
        late - early <= seconds for early, late in zip(moments, moments[calls:], strict=False)
    )


@frozen
class Run:
    """The result of many calls."""

    seen: list[float]
    """When the server saw each."""

    trips: list[float]
    """How long each was under way, there and back."""

    sent: list[float]

    def rate(self, calls: int) -> float:
        """Calls per second, after the first ones, which need not wait."""
        return (len(self.sent) - calls) / (self.sent[-1] - self.sent[calls - 1])

    def allowed(self, rate: Rate) -> float:
        """Calls per second under the rule: a permit is used for a round trip and a window."""
        return rate.calls / (rate.seconds + sum(self.trips) / len(self.trips))


def simulate_calls(
    rate: Rate, workers: int, calls: int, there: Delay, back: Delay, seed: int = 0
) -> Run:
    """The calls of some workers in simulated time, without pauses."""
    dice, slots, order = Random(seed), Window(rate), count()  # noqa: S311 - no secret.
    run = Run([], [], [])
    free = deque(range(workers))
    # What happens next: a moment, a tie-breaker, and the call that ends then, if one does.
    events: list[tuple[float, int, str | None]] = []
    now = 0.0
    while len(run.sent) < calls:
        wait = slots.wait_time(now)
        if free and not wait:
            free.popleft()
            name = str(next(order))
            slots.start(name, now + 1e9)
            out, home = there(dice), back(dice)
            run.sent.append(now)
            run.seen.append(now + out)
            run.trips.append(out + home)
            heapq.heappush(events, (now + out + home, next(order), name))
            continue
        opens = now + wait if free else float("inf")
        if events and events[0][0] <= opens:
            now, _, ended = heapq.heappop(events)
            slots.end(str(ended), now)
            free.append(0)
        else:
            now = opens
    return run
