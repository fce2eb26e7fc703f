"""No strict server rejects a call, whatever the delays, and no permit is left unused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
from hypothesis import given, strategies as st

from leadquery.client.rate_limiter import Rate
from tests.client.simulation import DELAYS, Run, count_rejections, simulate_calls
from tests.client.slow_server import calls_of_threads

CALLS = 2_000
FULL = Rate(25, 5.0)
SCALED = Rate(25, 0.25)
ENOUGH = 4
"""Threads that can use the whole rate, with the delays of these tests."""

milliseconds = st.integers(0, 20_000).map(lambda number: number / 1_000)


def rejections_and_rate(
    run: Run, rate: Rate, threads: int, share: float = 0.97
) -> tuple[int, bool]:
    """The number of rejections, and whether the rate is at least a share of the allowed one."""
    near = run.rate(rate.calls) >= share * run.allowed(rate)
    return count_rejections(run.seen, rate.calls, rate.seconds), near or threads < ENOUGH


@pytest.mark.parametrize(
    ("seen", "calls", "seconds", "number"),
    [
        ([], 2, 5.0, 0),
        ([0, 0], 2, 5.0, 0),
        ([0, 0, 5.0], 2, 5.0, 1),
        ([0, 0, 5.001], 2, 5.0, 0),
        ([3, 0, 1, 2], 1, 0.5, 0),
        ([3, 0, 1, 2], 1, 1, 3),
        ([0] * 10, 4, 5.0, 6),
    ],
)
def test_the_reference_count_is_strict(
    seen: list[float], calls: int, seconds: float, number: int
) -> None:
    """Both ends of a window count, in whatever order the calls arrive."""
    assert count_rejections(seen, calls, seconds) == number


def test_counting_from_the_start_of_a_call_is_rejected() -> None:
    """As known limiters do: a late call falls into the next window."""
    sent = [place // 25 * 5.002 for place in range(CALLS)]
    seen = [moment + (place % 7) / 10 for place, moment in enumerate(sent)]

    assert count_rejections(sent, 25, 5.0) == 0
    assert count_rejections(seen, 25, 5.0) > CALLS / 10


@pytest.mark.parametrize("threads", [1, 4, 32])
@pytest.mark.parametrize("delay_name", DELAYS)
@pytest.mark.parametrize("mean", [0.0, 0.05, 0.25])
def test_no_call_is_rejected_in_simulated_time(threads: int, delay_name: str, mean: float) -> None:
    """2,000 calls; the rate is within 3 % of 25 calls in 5 s and a round trip."""
    delay = DELAYS[delay_name](mean)

    run = simulate_calls(FULL, threads, CALLS, delay, delay, seed=threads)

    assert rejections_and_rate(run, FULL, threads) == (0, True)


@given(
    st.integers(1, 30),
    st.integers(1, 40),
    milliseconds,
    st.lists(st.tuples(milliseconds, milliseconds), min_size=1),
)
def test_the_rate_holds_for_any_delays(
    calls: int, threads: int, seconds: float, delays: list[tuple[float, float]]
) -> None:
    """In any order, for any rate."""
    rate = Rate(calls, seconds + 0.001)
    there, back = iter(delays * 200), iter(delays * 200)

    run = simulate_calls(rate, threads, 200, lambda _: next(there)[0], lambda _: next(back)[1])

    assert count_rejections(run.seen, rate.calls, rate.seconds) == 0


def on_real_threads(
    rate: Rate, fleets: list[tuple[int, str]], calls: int
) -> dict[tuple[int, str], Run]:
    """The calls of several fleets of threads at once, each for its own account."""

    def sail(fleet: tuple[int, str]) -> Run:
        threads, delay_name = fleet
        delay = DELAYS[delay_name](rate.seconds / (25 if threads > 1 else 100))
        return calls_of_threads(rate, threads, calls, delay, delay, f"{rate} {fleet}")

    with ThreadPoolExecutor(len(fleets)) as pool:
        return dict(zip(fleets, pool.map(sail, fleets), strict=True))


def test_no_call_is_rejected_on_real_threads() -> None:
    """500 calls of one thread, of 4 and of 32, in windows of a quarter of a second.

    At half the rate at least: a busy machine wakes threads late, but none waits for long.
    """
    runs = on_real_threads(SCALED, [(1, "fixed"), (4, "uniform"), (32, "heavy")], 500)

    assert {
        fleet: rejections_and_rate(run, SCALED, fleet[0], share=0.5) for fleet, run in runs.items()
    } == dict.fromkeys(runs, (0, True))


@pytest.mark.slow
def test_no_call_is_rejected_at_full_scale() -> None:
    """2,000 calls at the rate of the API's page, for each number of threads and kind of delay."""
    runs = on_real_threads(FULL, list(product((1, 4, 32), DELAYS)), CALLS)

    assert {
        fleet: rejections_and_rate(run, FULL, fleet[0]) for fleet, run in runs.items()
    } == dict.fromkeys(runs, (0, True))
