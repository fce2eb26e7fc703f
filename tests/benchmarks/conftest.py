"""Times two functions in turn, and prints their ratio after the test run.

Benchmarks run by name only: `pytest tests/benchmarks/bench_*.py`. They do not assert times,
because machines differ; ratios within one run are more stable. The shortest round of each counts,
because other work on the machine can only make a round longer.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

import pytest

collect_ignore_glob = ["bench_*.py", "compare_*.py", "peers/*"]

Clock = Callable[[], float]
Work = Callable[[], object]
Compare = Callable[..., None]
Note = Callable[[str, str], None]

_NOTES = pytest.StashKey[list[tuple[str, str]]]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the benchmarks noted."""
    notes = terminalreporter.config.stash.get(_NOTES, [])
    if notes:
        terminalreporter.section("ratios, shortest of alternated rounds")
        for what, text in notes:
            terminalreporter.write_line(f"{what:48} {text}")


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Note:
    """Write a line below the run."""
    notes = request.config.stash.setdefault(_NOTES, [])
    return lambda what, text: notes.append((what, text))


@pytest.fixture
def compare(request: pytest.FixtureRequest, benchmark: Any, note: Note) -> Compare:
    """Time our function and the one it is compared with, one round of each in turn.

    The time of `start` is subtracted from both. `target` is only printed. The clock is the `timer`
    of the marker `benchmark`: a long round needs one that stands still while other work runs.
    """
    marker = request.node.get_closest_marker("benchmark")
    clock: Clock = marker.kwargs["timer"] if marker else perf_counter

    def compare(
        what: str,
        *,
        ours: Work,
        floor: Work,
        target: float,
        start: Work = lambda: None,
        calls: int = 100,
        rounds: int = 100,
    ) -> None:
        floors: list[float] = []
        starts: list[float] = []

        def before() -> None:
            starts.append(_seconds(start, calls, clock))
            floors.append(_seconds(floor, calls, clock))

        benchmark.pedantic(_repeat, (ours, calls), setup=before, rounds=rounds, warmup_rounds=2)
        begin = min(starts)
        mine, theirs = benchmark.stats.stats.min - begin, min(floors) - begin
        benchmark.extra_info["ratio"] = ratio = mine / theirs
        times = f"{_formatted(mine / calls)} against {_formatted(theirs / calls)}"
        note(what, f"{ratio:5.2f}  (target {target})  {times}")

    return compare


def _repeat(work: Work, calls: int) -> None:
    for _ in range(calls):
        work()


def _seconds(work: Work, calls: int, clock: Clock) -> float:
    begin = clock()
    _repeat(work, calls)
    return clock() - begin


def _formatted(seconds: float) -> str:
    return f"{seconds * 1e6:.1f} µs" if seconds < 1e-3 else f"{seconds * 1e3:.1f} ms"
