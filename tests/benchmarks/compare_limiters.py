"""leadquery's rate limiter compared with others, against a strict server.

`python -m tests.benchmarks.compare_limiters` prints the table of
docs/explanation/rate-limits.md. The limiters are not dependencies:
`pip install pyrate-limiter limits aiolimiter throttled-py`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from random import Random
from threading import Lock

from leadquery.client.deadline import Deadline
from leadquery.client.rate_limiter import Rate, RateLimiter
from tests.client.simulation import DELAYS, Delay, count_rejections

CALLS, WINDOW = 25, 1.0
TOTAL, THREADS = 500, 16
MEAN = 0.04
"""Seconds that a call is under way, and its answer, on the average."""

Go = Callable[[Callable[[], None]], None]
"""Makes one call when a limiter lets it."""


def by_leadquery() -> Go:
    """A permit is free a window after the response."""
    limiter, deadline = RateLimiter(Rate(CALLS, WINDOW)), Deadline()

    def go(call: Callable[[], None]) -> None:
        with limiter.permit(deadline, 60.0):
            call()

    return go


def by_pyrate_limiter() -> Go:
    """A window that counts calls when they are sent."""
    from pyrate_limiter import Limiter, Rate as PyrateRate

    limiter = Limiter(PyrateRate(CALLS, int(WINDOW * 1_000)))

    def go(call: Callable[[], None]) -> None:
        limiter.try_acquire("account")
        call()

    return go


def by_limits() -> Go:
    """A moving window that counts calls when they are sent."""
    from limits import RateLimitItemPerSecond
    from limits.storage import MemoryStorage
    from limits.strategies import MovingWindowRateLimiter

    limiter, rate = MovingWindowRateLimiter(MemoryStorage()), RateLimitItemPerSecond(CALLS)

    def go(call: Callable[[], None]) -> None:
        while not limiter.hit(rate, "account"):
            time.sleep(0.001)
        call()

    return go


def by_throttled() -> Go:
    """A sliding window that counts calls when they are sent."""
    from throttled import Throttled, per_sec

    limiter = Throttled(
        key="account", using="sliding_window", quota=per_sec(CALLS, burst=CALLS), timeout=60
    )

    def go(call: Callable[[], None]) -> None:
        while limiter.limit().limited:
            time.sleep(0.001)
        call()

    return go


def by_aiolimiter() -> Go:
    """A leaky bucket of asyncio, with an event loop in a thread."""
    from threading import Thread

    from aiolimiter import AsyncLimiter

    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, daemon=True).start()
    limiter = AsyncLimiter(CALLS, WINDOW)

    def go(call: Callable[[], None]) -> None:
        asyncio.run_coroutine_threadsafe(limiter.acquire(), loop).result()
        call()

    return go


LIMITERS: dict[str, Callable[[], Go]] = {
    "leadquery": by_leadquery,
    "pyrate-limiter": by_pyrate_limiter,
    "limits": by_limits,
    "aiolimiter": by_aiolimiter,
    "throttled-py": by_throttled,
}


def measured(go: Go, delay: Delay) -> tuple[int, float]:
    """How many calls a strict server rejects, and the rate of calls per second."""
    dice, lock = Random(1), Lock()  # noqa: S311 - no secret.
    seen: list[float] = []

    def call() -> None:
        with lock:
            there, back = delay(dice), delay(dice)
        time.sleep(there)
        seen.append(time.perf_counter())
        time.sleep(back)

    began = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda _: go(call), range(TOTAL)))
    return count_rejections(seen, CALLS, WINDOW), TOTAL / (time.perf_counter() - began)


def main() -> None:
    """Print the table."""
    print(f"| calls over the limit, of {TOTAL}; calls per second | {' | '.join(DELAYS)} |")
    print(f"|---|{'--:|' * len(DELAYS)}")
    for name, make in LIMITERS.items():
        cells = [measured(make(), delay(MEAN)) for delay in DELAYS.values()]
        cells_text = " | ".join(f"{count}; {rate:.1f}" for count, rate in cells)
        print(f"| {name} {version(name)} | {cells_text} |")


if __name__ == "__main__":
    main()
