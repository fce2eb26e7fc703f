"""The values of a field on a scale, and intervals of them, in which a rank may be."""

from __future__ import annotations

import struct
import sys
from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor, inf, sqrt
from typing import TYPE_CHECKING, Any, Final

import attrs
from attrs import frozen

from leadquery.errors import QueryError
from leadquery.expr.collation import number_key, timestamp_key, whole_as_int
from leadquery.expr.field_types import Date, Field

if TYPE_CHECKING:
    from leadquery.expr.field import BaseField


Key = int | float
"""A number, or the seconds of a date since 1970."""


def scale_of(field: BaseField[Any]) -> Scale:
    """The scale of a field's values: dates, or else numbers."""
    return Dates(field) if isinstance(field, Date) else Numbers(field)


class Scale(ABC):
    """How values of a field are read, sent, and interpolated."""

    def __init__(self, field: BaseField[Any]) -> None:
        self.field = field

    @abstractmethod
    def sort_key(self, text: str) -> Any:
        """The key by which the API compares a text; None for a text of another type."""

    @abstractmethod
    def key(self, value: Any) -> Key:
        """The key of a value of a row. Raises QueryError for a value of another type."""

    @abstractmethod
    def value(self, key: Key) -> Any:
        """The value of a key."""

    @abstractmethod
    def reach(self, low: Key, high: Key) -> Fraction:
        """How far to look beyond values that are known, at first."""

    @abstractmethod
    def beyond(self, key: Key, reach: Fraction) -> Key:
        """The key so far above another one, or below it; the last one if there are no more."""

    @abstractmethod
    def middle(self, low: Key, high: Key, *, by_doubles: bool) -> Key:
        """A key between two others, about half way in distance, or in the number of doubles."""

    @abstractmethod
    def interpolate(self, low: Key, high: Key, share: Fraction) -> Any:
        """The value at a share of the distance between two keys."""


class Numbers(Scale):
    """Numbers: whole ones as int, others as float, both by their decimal digits."""

    def sort_key(self, text: str) -> float | None:
        return number_key(text)

    def key(self, value: Any) -> Key:
        if isinstance(value, str) and number_key(value) is not None:
            return int(value) if value.lstrip("+-").isdecimal() else float(value)
        if isinstance(value, str):
            hint = f'; for dates write Date("{self.field.name}")'
            raise QueryError(
                f"{self.field!r} has the value {value!r}, which is not a number"
                f"{hint if isinstance(self.field, Field) else ''}"
            )
        number: Key = value
        return number

    def value(self, key: Key) -> Key:
        return key

    def reach(self, low: Key, high: Key) -> Fraction:
        return Fraction(high) - Fraction(low) or max(abs(Fraction(low)), Fraction(1))

    def beyond(self, key: Key, reach: Fraction) -> float:
        # A double of this size changes by no less.
        least = abs(Fraction(key)) / 2**40
        step = max(abs(reach), least)
        return _to_float(Fraction(key) + (step if reach > 0 else -step))

    def middle(self, low: Key, high: Key, *, by_doubles: bool) -> float:
        if by_doubles:
            return _double((_ordinal(low) + _ordinal(high)) // 2)
        distance = Fraction(high) - Fraction(low)
        digits = Decimal(distance.numerator) / Decimal(distance.denominator)
        # With few digits, which are shorter to send.
        return _to_float(round((Fraction(low) + Fraction(high)) / 2, 1 - digits.adjusted()))

    def interpolate(self, low: Key, high: Key, share: Fraction) -> Key:
        if low == high or not share:
            return low
        exact = Fraction(str(low)) * (1 - share) + Fraction(str(high)) * share
        are_whole = isinstance(low, int) and isinstance(high, int)
        if are_whole and exact.denominator == 1:
            return int(exact)
        return whole_as_int(_to_float(exact))


def _to_float(number: Fraction) -> float:
    try:
        return float(number)
    except OverflowError:
        return sys.float_info.max if number > 0 else -sys.float_info.max


def _ordinal(number: Key) -> int:
    """The number of doubles from 0 to a number; negative below 0."""
    double = _to_float(Fraction(number))
    bits: int = struct.unpack(">q", struct.pack(">d", abs(double)))[0]
    return -bits if double < 0 else bits


def _double(ordinal: int) -> float:
    """The double of an ordinal."""
    double: float = struct.unpack(">d", struct.pack(">q", abs(ordinal)))[0]
    return -double if ordinal < 0 else double


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)
_FIRST_SECOND: Final = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _SECOND
_LAST_SECOND: Final = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _SECOND
_DAY: Final = Fraction(24 * 60 * 60)


class Dates(Scale):
    """Dates in UTC, as seconds since 1970; fractions of a second are dropped."""

    def sort_key(self, text: str) -> datetime | None:
        return timestamp_key(text)

    def key(self, value: Any) -> int:
        if not isinstance(value, datetime):
            raise QueryError(f"{self.field!r} has the value {value!r}, which is not a date")
        return (value - _EPOCH) // _SECOND

    def value(self, key: Key) -> datetime:
        return _EPOCH + int(key) * _SECOND

    def reach(self, low: Key, high: Key) -> Fraction:
        return Fraction(high - low) or _DAY

    def beyond(self, key: Key, reach: Fraction) -> int:
        return min(max(int(key + reach), _FIRST_SECOND), _LAST_SECOND)

    def middle(self, low: Key, high: Key, *, by_doubles: bool) -> int:
        return int(low + high) // 2

    def interpolate(self, low: Key, high: Key, share: Fraction) -> datetime:
        return self.value(floor(low + (high - low) * share))


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
