"""Minima, maxima, medians and other quantiles of a field, which no request computes.

The number of leads up to a value proves its rank, and a page of leads is a sample that shows which
values to try. So an interval of values that contains a rank is narrowed until a page has all that
is in it. Where samples mislead, because the order of lists depends on the value, the interval is
halved instead.
"""

from __future__ import annotations

import struct
import sys
from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise
from math import ceil, floor, inf, isinf, sqrt
from typing import TYPE_CHECKING, Any, Final

import attrs
from attrs import frozen

from leadquery.errors import QueryError
from leadquery.expr.field import encode_value
from leadquery.expr.field_types import Date, Field
from leadquery.expr.intervals import is_unsatisfiable, number_key, timestamp_key
from leadquery.expr.predicate import comparison
from leadquery.fields import ProspectID
from leadquery.plan.recipe import Recipe, Rows, Step, ask, gather
from leadquery.plan.terms import PAGE_SIZE, Part, count_by, split
from leadquery.wire.enums import ABOVE, AT_LEAST, AT_MOST, BELOW, COUNT

if TYPE_CHECKING:
    from leadquery.expr.field import BaseField
    from leadquery.expr.predicate import Predicate
    from leadquery.query.base import BaseQuery
    from leadquery.query.query import LeadSet, Query

Key = int | float
"""A number, or the seconds of a date since 1970."""

Cut = tuple[Key, bool]
"""A place between values: below a value, or above it (True)."""

Counts = Counter[Key]
"""The number of leads by value."""

_START: Final[Cut] = (-inf, False)
_END: Final[Cut] = (inf, True)

_MARGIN: Final = 3
"""The standard deviations between a rank and the ends of its interval, by a sample."""

_MAX_FAILURES: Final = 2
"""How often in a row a sample may mislead before intervals are halved."""

_MAX_HALVINGS: Final = 40
"""How often a distance is halved before the doubles in between are."""


def order_statistics(
    query: BaseQuery,
    field: BaseField[Any],
    quantiles: Sequence[float],
    limit: int,
    page_size: int = PAGE_SIZE,
) -> Recipe[list[Any]]:
    """The value at each quantile of a field: 0 is the minimum, 0.5 the median, 1 the maximum.

    Between two ranks it is interpolated linearly; of dates, fractions of a second are dropped.
    Leads without data do not count; None for each quantile if no lead has any.

    Raises QueryError for values that are neither numbers nor dates, and PlanTooLargeError if the
    conditions of the query take more than `limit` requests.
    """
    scale: _Scale = _Dates(field) if isinstance(field, Date) else _Numbers(field)
    search = _Search(query, field, limit, page_size, scale)
    whole, counts = yield from search.start()
    if whole.leads <= 0:
        return [None for _ in quantiles]
    positions = [Fraction(str(float(quantile))) * (whole.leads - 1) for quantile in quantiles]
    ranks = [sorted({floor(at), ceil(at)}) for at in positions]
    if counts is None:
        found = yield from gather([search.values(its, whole) for its in ranks])
    else:
        found = [_at_ranks(its, counts) for its in ranks]
    return [
        scale.interpolate(values[its[0]], values[its[-1]], at % 1)
        for values, its, at in zip(found, ranks, positions, strict=True)
    ]


def _at_ranks(ranks: Iterable[int], counts: Counts, below: int = 0) -> dict[int, Key]:
    """The value at each rank, from the leads by value and the number of leads below them all."""
    values = sorted(counts)
    ends = list(accumulate((counts[value] for value in values), initial=below))[1:]
    # A rank is beyond the last end if leads have changed meanwhile.
    return {rank: values[min(bisect_right(ends, rank), len(ends) - 1)] for rank in ranks}


@frozen
class _Sample:
    """Sorted values of leads of one part, and how many leads they stand for.

    That number is negative if the part is subtracted.
    """

    leads: float
    values: list[Key]

    @property
    def weight(self) -> float:
        """The number of leads that one value stands for."""
        return self.leads / len(self.values)

    def within(self, low: Cut, high: Cut) -> _Sample:
        """The sample of the values between two cuts."""
        values = self.values[_index(self.values, low) : _index(self.values, high)]
        return _Sample(self.weight * len(values), values)

    def count_distinct(self) -> float:
        """About the number of different values of the leads that it stands for.

        By Chao's estimator, from the values that are in the sample once and twice.
        """
        times = Counter(Counter(self.values).values())
        once, twice = times[1], times[2]
        return times.total() + once * (once - 1) / (2 * (twice + 1))


def _index(values: list[Key], cut: Cut) -> int:
    """The number of sorted values below a cut."""
    key, is_above = cut
    return bisect_right(values, key) if is_above else bisect_left(values, key)


def _restrict(samples: Iterable[_Sample], low: Cut, high: Cut) -> tuple[_Sample, ...]:
    """The samples of the values between two cuts, without empty ones."""
    restricted = (sample.within(low, high) for sample in samples)
    return tuple(sample for sample in restricted if sample.values)


@frozen
class _Interval:
    """The values between two cuts: the leads below them, the leads within, and samples of these.

    `failures` is how often in a row the samples misled, `halvings` how often it was halved.
    `reach` is how far beyond a known value to look for an end, and `growth` how that grows.
    """

    low: Cut
    high: Cut
    below: int
    leads: int
    samples: tuple[_Sample, ...]
    reach: Fraction
    growth: int = 2
    failures: int = 0
    halvings: int = 0

    @property
    def end(self) -> int:
        """The rank after its last lead."""
        return self.below + self.leads

    def guess(self, first: int, last: int) -> tuple[Cut, Cut]:
        """The cuts between which two ranks probably are."""
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


@frozen
class _Window:
    """What to ask next: the groups or a list of the leads between two cuts.

    `is_half` if the interval is halved, whatever its samples.
    """

    low: Cut
    high: Cut
    by_groups: bool = False
    is_half: bool = False


@frozen
class _Search:
    """Asks for the leads of a query by their values in a field."""

    query: BaseQuery
    field: BaseField[Any]
    limit: int
    page_size: int
    scale: _Scale

    def start(self) -> Recipe[tuple[_Interval, Counts | None]]:
        """The interval of all values, with the leads by value if a page has them all."""
        steps = self._steps(self._groups, self._parts())
        rows = yield from ask(*steps)
        counts = self._counts(steps, rows)
        if counts is not None:
            return _Interval(_START, _END, 0, counts.total(), (), Fraction(1)), counts
        steps = self._steps(self._list, self._parts(self.field.has_data()))
        rows = yield from ask(*steps)
        samples = self._samples(steps, rows)
        values = [value for sample in samples for value in sample.values]
        reach = self.scale.reach(min(values, default=0), max(values, default=0))
        whole = _Interval(_START, _END, 0, _total(steps, rows), samples, reach)
        return whole, self._counts(steps, rows)

    def values(self, ranks: list[int], interval: _Interval) -> Recipe[dict[int, Key]]:
        """The values at one rank or two neighbouring ranks that are in an interval.

        Ends because each window but those of misleading samples, of which there are few in a row,
        leaves half of the leads or half of the values in between.
        """
        while True:
            window = self._window(ranks, interval)
            if window is None:
                return (yield from self._read_all(ranks, interval))
            found: dict[int, Key] = {}
            open_pieces: list[tuple[list[int], _Interval]] = []
            for piece, counts in (yield from self._divide(interval, window)):
                own = [rank for rank in ranks if piece.below <= rank < piece.end]
                if own and counts:
                    found |= _at_ranks(own, counts, piece.below)
                elif own:
                    open_pieces.append((own, piece))
            if found or len(open_pieces) > 1:
                searches = [self.values(own, piece) for own, piece in open_pieces]
                for values in (yield from gather(searches)):
                    found |= values
                return found
            ((_, interval),) = open_pieces

    def _read_all(self, ranks: list[int], interval: _Interval) -> Recipe[dict[int, Key]]:
        """The values at ranks in an interval, from all pages of its groups."""
        parts = self._between(interval.low, interval.high)
        steps = [attrs.evolve(step, first_page=False) for step in self._steps(self._groups, parts)]
        counts = self._counts(steps, (yield from ask(*steps)))
        if not counts:
            raise QueryError(
                f"the leads changed while the ranks of {self.field!r} were looked up; run it again"
            )
        return _at_ranks(ranks, counts, interval.below)

    def _window(self, ranks: list[int], interval: _Interval) -> _Window | None:
        """What to ask next; None if all is to be read, or nothing makes the interval smaller."""
        if interval.leads <= self.page_size:
            return None
        if interval.failures < _MAX_FAILURES and interval.samples:
            low, high = interval.guess(ranks[0], ranks[-1])
            by_groups = not interval.failures and self._is_page(interval, low, high)
            if by_groups or (low, high) != (interval.low, interval.high):
                return _Window(low, high, by_groups)
        if interval.failures == _MAX_FAILURES and self._has_ties(interval):
            return _Window(interval.low, interval.high, by_groups=True)
        cut = self._middle(interval), True
        if not interval.low < cut < interval.high:
            return None
        # By turns, for a value with many leads may be at either end.
        if interval.halvings % 2:
            return _Window(cut, interval.high, is_half=True)
        return _Window(interval.low, cut, is_half=True)

    def _is_page(self, interval: _Interval, low: Cut, high: Cut) -> bool:
        """Whether ties leave at most a page of different values between two cuts, probably."""
        return all(
            len(sample.values) * 32 >= self.page_size
            and sample.count_distinct() * 1.5 <= self.page_size
            for sample in _restrict(interval.samples, low, high)
        )

    def _has_ties(self, interval: _Interval) -> bool:
        """Whether values have so many leads each that a page probably has all of an interval."""
        return bool(interval.samples) and all(
            len(sample.values) * 32 >= self.page_size
            and len(set(sample.values)) / len(sample.values) * interval.leads <= self.page_size
            for sample in interval.samples
        )

    def _middle(self, interval: _Interval) -> Key:
        """The value to halve an interval at."""
        low, high = interval.low[0], interval.high[0]
        if isinf(low) and isinf(high):
            values = sorted(value for sample in interval.samples for value in sample.values)
            return values[len(values) // 2]
        if isinf(high):
            return self.scale.beyond(low, interval.reach)
        if isinf(low):
            return self.scale.beyond(high, -interval.reach)
        return self.scale.middle(low, high, by_doubles=interval.halvings > _MAX_HALVINGS)

    def _divide(
        self, interval: _Interval, window: _Window
    ) -> Recipe[list[tuple[_Interval, Counts | None]]]:
        """The pieces into which a window divides an interval, with the leads by value if known."""
        low, high = window.low, window.high
        # Otherwise the number of leads below follows from that of the leads within.
        is_inside = low != interval.low and high != interval.high
        counting = self._steps(self._count, self._between(_START, low)) if is_inside else []
        query = self._groups if window.by_groups else self._list
        asking = self._steps(query, self._between(low, high))
        rows = yield from ask(*counting, *asking)
        counted, rows = rows[: len(counting)], rows[len(counting) :]
        counts = self._counts(asking, rows)
        leads, samples = None, interval.samples
        if not window.by_groups:
            leads, samples = _total(asking, rows), self._samples(asking, rows)
        elif counts is not None:
            leads = counts.total()
        ends = {interval.low: interval.below}
        if is_inside:
            ends[low] = _total(counting, counted)
        if leads is not None:
            ends.setdefault(low, interval.end - leads)
            ends[high] = ends[low] + leads
        ends[interval.high] = interval.end
        pieces: list[tuple[_Interval, Counts | None]] = []
        below = interval.below
        for start, end in pairwise(ends):
            # Counts contradict each other if leads have changed meanwhile.
            above = min(max(ends[end], below), interval.end)
            is_window = leads is not None and (start, end) == (low, high)
            piece = attrs.evolve(
                interval,
                low=start,
                high=end,
                below=below,
                leads=above - below,
                samples=_restrict(samples if is_window else interval.samples, start, end),
            )
            is_half = leads is not None and 2 * piece.leads <= interval.leads
            piece = _halved(piece) if window.is_half else _narrowed(piece, is_half)
            pieces.append((piece, counts if is_window else None))
            below = above
        return pieces

    def _between(self, low: Cut, high: Cut) -> list[Part]:
        """The parts of the leads whose values are between two cuts."""
        bounds = (
            (low[0], ABOVE if low[1] else AT_LEAST),
            (high[0], AT_MOST if high[1] else BELOW),
        )
        conditions = [
            comparison(self.field, operator, encode_value(self.field, value, operator))
            for key, operator in bounds
            if not isinf(key)
            for value in (self.scale.value(key),)
        ]
        return [part for part in self._parts(*conditions) if not self._is_empty(part)]

    def _parts(self, *conditions: Predicate) -> list[Part]:
        return split(self.query, self.limit, *conditions)

    def _is_empty(self, part: Part) -> bool:
        """Whether the filters of the query leave no value between two cuts."""
        filters = [one for one in part.leads.filters if one.name == self.field.name]
        return is_unsatisfiable(filters, self.scale.sort_key)

    def _steps(self, query: Callable[[LeadSet], Query], parts: Iterable[Part]) -> list[Step]:
        return [Step(query(part.leads), part.sign, first_page=True, lookup=True) for part in parts]

    def _groups(self, leads: LeadSet) -> Query:
        return count_by(leads.page(1, self.page_size), self.field)

    def _list(self, leads: LeadSet) -> Query:
        return leads.page(1, self.page_size).select(self.field)

    def _count(self, leads: LeadSet) -> Query:
        return leads.page(1, 1).select(ProspectID)

    def _keys(self, rows: Rows) -> Iterator[tuple[Key, int]]:
        """The value of each row that has one, and the number of its leads."""
        for row in rows.rows:
            if row[self.field.name] is not None:
                yield self.scale.key(row[self.field.name]), row.get(COUNT, 1)

    def _counts(self, steps: Sequence[Step], rows: Sequence[Rows]) -> Counts | None:
        """The leads by value, from groups or lists; None if these go on."""
        counts: Counts = Counter()
        for step, one in zip(steps, rows, strict=True):
            if len(one.rows) < one.total:
                return None
            for key, leads in self._keys(one):
                counts[key] += step.sign * leads
        # Without values whose leads are all subtracted.
        return +counts

    def _samples(self, steps: Sequence[Step], rows: Sequence[Rows]) -> tuple[_Sample, ...]:
        samples = (
            _Sample(step.sign * one.total, sorted(key for key, _ in self._keys(one)))
            for step, one in zip(steps, rows, strict=True)
        )
        return tuple(sample for sample in samples if sample.values)


def _total(steps: Sequence[Step], rows: Sequence[Rows]) -> int:
    return sum(step.sign * one.total for step, one in zip(steps, rows, strict=True))


def _halved(piece: _Interval) -> _Interval:
    """A piece of an interval that was halved, because its samples mislead."""
    return attrs.evolve(
        piece,
        failures=_MAX_FAILURES,
        halvings=piece.halvings + 1,
        reach=piece.reach * piece.growth,
        growth=piece.growth * 2,
    )


def _narrowed(piece: _Interval, is_half: bool) -> _Interval:
    """A piece of an interval that was divided by its samples."""
    return attrs.evolve(piece, failures=0 if is_half else piece.failures + 1)


class _Scale(ABC):
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


class _Numbers(_Scale):
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
        return int(exact) if are_whole and exact.denominator == 1 else _to_float(exact)


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


class _Dates(_Scale):
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
