"""Intervals of values with a number of leads, and samples that show where in them a rank is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from math import inf, sqrt
from typing import Final

import attrs
from attrs import frozen

from leadquery.plan.scale import Key

Bound = tuple[Key, bool]
"""A place between values: below a value, or above it (True)."""

START: Final[Bound] = (-inf, False)
END: Final[Bound] = (inf, True)

MAX_FAILURES: Final = 2
"""How often in a row a sample may mislead before intervals are halved."""

_MARGIN: Final = 3
"""The standard deviations between a rank and the ends of its interval, by a sample."""


@frozen
class Sample:
    """Sorted values of leads of one part, and how many leads they stand for.

    That number is negative if the part is subtracted.
    """

    leads: float
    values: list[Key]

    @property
    def weight(self) -> float:
        """The number of leads that one value stands for."""
        return self.leads / len(self.values)

    def within(self, low: Bound, high: Bound) -> Sample:
        """The sample of the values between two bounds."""
        values = self.values[_index(self.values, low) : _index(self.values, high)]
        return Sample(self.weight * len(values), values)

    def count_distinct(self) -> float:
        """About the number of different values of the leads that it stands for.

        By Chao's estimator, from the values that are in the sample once and twice.
        """
        times = Counter(Counter(self.values).values())
        once, twice = times[1], times[2]
        return times.total() + once * (once - 1) / (2 * (twice + 1))


def _index(values: list[Key], bound: Bound) -> int:
    """The number of sorted values below a bound."""
    key, is_above = bound
    return bisect_right(values, key) if is_above else bisect_left(values, key)


def restrict(samples: Iterable[Sample], low: Bound, high: Bound) -> tuple[Sample, ...]:
    """The samples of the values between two bounds, without empty ones."""
    restricted = (sample.within(low, high) for sample in samples)
    return tuple(sample for sample in restricted if sample.values)


@frozen
class Interval:
    """The values between two bounds: the leads below them, the leads within, and samples of these.

    `failures` is how often in a row the samples misled, `halvings` how often it was halved.
    `reach` is how far beyond a known value to look for an end, and `growth` how that grows.
    """

    low: Bound
    high: Bound
    below: int
    leads: int
    samples: tuple[Sample, ...]
    reach: Fraction
    growth: int = 2
    failures: int = 0
    halvings: int = 0

    @property
    def end(self) -> int:
        """The rank after its last lead."""
        return self.below + self.leads

    def guess(self, first: int, last: int) -> tuple[Bound, Bound]:
        """The bounds between which two ranks probably are."""
        weights: dict[Key, float] = {}
        for sample in self.samples:
            for value in sample.values:
                weights[value] = weights.get(value, 0) + sample.weight
        total = sum(weights.values())
        factor = self.leads / total if total > 0 else 1.0
        squares = sum(sample.weight**2 * len(sample.values) for sample in self.samples)
        rising = [(value, weights[value] * factor) for value in sorted(weights)]

        def spare(outside: int) -> float:
            share = (outside + 0.5) / self.leads
            return outside - _MARGIN * factor * sqrt(squares * share * (1 - share))

        low = _last_after(rising, spare(first - self.below))
        high = _last_after(reversed(rising), spare(self.end - 1 - last))
        return (
            self.low if low is None else (low, False),
            self.high if high is None else (high, True),
        )


def _last_after(weights: Iterable[tuple[Key, float]], leads: float) -> Key | None:
    """The last value that at most so many leads come before; None if there is none."""
    last, before = None, 0.0
    for value, weight in weights:
        if before > leads:
            break
        last = value
        before += weight
    return last


def halved(piece: Interval) -> Interval:
    """A piece of an interval that was halved, because its samples mislead."""
    return attrs.evolve(
        piece,
        failures=MAX_FAILURES,
        halvings=piece.halvings + 1,
        reach=piece.reach * piece.growth,
        growth=piece.growth * 2,
    )


def narrowed(piece: Interval, is_half: bool) -> Interval:
    """A piece of an interval that was divided by its samples."""
    return attrs.evolve(piece, failures=0 if is_half else piece.failures + 1)
