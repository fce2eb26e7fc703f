"""Times functions in turn, with the ratio of each to the first."""

from __future__ import annotations

import gc
from collections.abc import Callable
from math import ceil
from statistics import median, quantiles
from time import perf_counter
from typing import NamedTuple

from .profiles import Work, functions


class Contest(NamedTuple):
    """The same work done by several functions; the first is leadquery.

    `profile` says what the first one's time goes to.
    """

    title: str
    description: str
    runners: dict[str, Work]
    rounds: int = 50
    profile: Callable[[Work], dict[str, float]] = functions


class Table(NamedTuple):
    """Figures that are not times of functions in turn, such as memory.

    `columns` are their names and units: "s", "MB", "rows/s", "ratio" or "" for a whole number.
    `rows` has the figures by name; None is shown as -. `profile` says what the time of leadquery
    goes to.
    """

    title: str
    description: str
    columns: dict[str, str]
    rows: dict[str, list[float | None]]
    profile: Callable[[], dict[str, float]] | None = None


class Lap(NamedTuple):
    """The time of one function: the median in seconds, and its ratios to the first.

    In every round each function is timed once, so that a slow moment of the machine affects all of
    them; a ratio is that of one round. `low` and `high` are the quartiles of the ratios.
    """

    name: str
    seconds: float
    ratio: float
    low: float
    high: float


def race(runners: dict[str, Work], *, rounds: int, turn: float = 0.01) -> list[Lap]:
    """Time each once a round, for at least `turn` seconds; the starting function rotates."""
    calls = {name: _calls(work, turn) for name, work in runners.items()}
    times: dict[str, list[float]] = {name: [] for name in runners}
    names = list(runners)
    gc.collect()
    gc.disable()
    try:
        for turned in range(rounds):
            first = turned % len(names)
            for name in names[first:] + names[:first]:
                times[name].append(_seconds(runners[name], calls[name]) / calls[name])
            gc.collect()
    finally:
        gc.enable()
    return laps(times)


def laps(times: dict[str, list[float]]) -> list[Lap]:
    """Summarize the rounds, relative to the first name."""
    first = next(iter(times.values()))
    return [Lap(name, median(seen), *_ratios(seen, first)) for name, seen in times.items()]


def _ratios(seen: list[float], first: list[float]) -> tuple[float, float, float]:
    ratios = [one / other for one, other in zip(seen, first, strict=True)]
    low, middle, high = quantiles(ratios, n=4, method="inclusive")
    return middle, low, high


def _calls(work: Work, turn: float) -> int:
    """How often a function is called in its turn; the first call, a warm-up, is not counted."""
    work()
    return max(1, ceil(turn / max(_seconds(work, 1), 1e-9)))


def _seconds(work: Work, calls: int) -> float:
    begin = perf_counter()
    for _ in range(calls):
        work()
    return perf_counter() - begin
