"""Minima, maxima, medians and other quantiles of a field, which no request computes.

The number of leads up to a value proves its rank, and a page of leads is a sample that shows which
values to try. So an interval of values that contains a rank is narrowed until a page has all that
is in it. Where samples mislead, because the order of lists depends on the value, the interval is
halved instead.

The median of 10,001 scores has rank 5,000. Say that by a list of 1,000 leads, it is probably from
41 to 47. One request counts 4,700 leads below 41, and a second one lists 600 from 41 to 47, which
fit on a page: the median is the one with 300 below it on that page.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import accumulate, pairwise
from math import ceil, floor, isinf
from typing import TYPE_CHECKING, Any, Final

import attrs
from attrs import frozen

from leadquery.errors import QueryError
from leadquery.expr.collation import OrderedCells
from leadquery.expr.field import encode_value
from leadquery.expr.predicate import comparison
from leadquery.fields import ProspectID
from leadquery.plan.interval import (
    END,
    MAX_FAILURES,
    START,
    Bound,
    Interval,
    Key,
    Sample,
    Scale,
    halved,
    narrowed,
    restrict,
    scale_of,
)
from leadquery.plan.recipe import Recipe, Rows, Step, ask, gather
from leadquery.plan.terms import PAGE_SIZE, Part, Splitter, count_by
from leadquery.wire.enums import ABOVE, AT_LEAST, AT_MOST, BELOW, COUNT

if TYPE_CHECKING:
    from leadquery.expr.field import BaseField
    from leadquery.expr.predicate import Predicate
    from leadquery.query.base import BaseQuery
    from leadquery.query.leads import LeadSet
    from leadquery.query.query import Query

Counts = Counter[Key]
"""The number of leads by value."""

_MAX_HALVINGS: Final = 40
"""How often a distance is halved before the doubles in between are."""


def order_statistics(
    query: BaseQuery,
    field: BaseField[Any],
    quantiles: Sequence[float],
    splitter: Splitter,
    page_size: int = PAGE_SIZE,
) -> Recipe[list[Any]]:
    """The value at each quantile of a field: 0 is the minimum, 0.5 the median, 1 the maximum.

    Between two ranks it is interpolated linearly; of dates, fractions of a second are dropped.
    Leads without data do not count; None for each quantile if no lead has any.

    Raises QueryError for values that are neither numbers nor dates, and PlanTooLargeError if the
    conditions of the query take more requests than the splitter allows.
    """
    scale = scale_of(field)
    search = _Search(query, field, splitter, page_size, scale)
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
class _Window:
    """What to ask next: a page of the leads between two bounds, as a list or `by_groups`.

    `is_half` if it is half of the interval, whatever the samples say.
    """

    low: Bound
    high: Bound
    by_groups: bool = False
    is_half: bool = False


@frozen
class _Found:
    """What is known of a window: the leads below it and within; None for what is not known.

    `counts` are the leads by value, if the pages have them all.
    """

    below: int | None
    leads: int | None
    samples: tuple[Sample, ...] | None
    counts: Counts | None


@frozen
class _Search:
    """Asks for the leads of a query by their values in a field."""

    query: BaseQuery
    field: BaseField[Any]
    splitter: Splitter
    page_size: int
    scale: Scale

    def start(self) -> Recipe[tuple[Interval, Counts | None]]:
        """The interval of all values, with the leads by value if a page has them all."""
        steps = self._steps(self._groups, self._parts())
        rows = yield from ask(*steps)
        counts = self._counts(steps, rows)
        if counts is not None:
            return Interval(START, END, 0, counts.total(), (), Fraction(1)), counts
        parts = self.splitter.split(self.query, with_data=self.field)
        steps = self._steps(self._list, parts)
        rows = yield from ask(*steps)
        samples = self._samples(steps, rows)
        values = [value for sample in samples for value in sample.values]
        reach = self.scale.reach(min(values, default=0), max(values, default=0))
        whole = Interval(START, END, 0, _total(steps, rows), samples, reach)
        return whole, self._counts(steps, rows)

    def values(self, ranks: list[int], interval: Interval) -> Recipe[dict[int, Key]]:
        """The values at one rank or two neighbouring ranks that are in an interval.

        Ends because each window but those of misleading samples, of which there are few in a row,
        leaves half of the leads or half of the values in between.
        """
        while True:
            window = self._next_window(ranks, interval)
            if window is None:
                return (yield from self._read_all(ranks, interval))
            found: dict[int, Key] = {}
            open_pieces: list[tuple[list[int], Interval]] = []
            answer = yield from self._ask(interval, window)
            for piece, counts in _pieces(interval, window, answer):
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

    def _read_all(self, ranks: list[int], interval: Interval) -> Recipe[dict[int, Key]]:
        """The values at ranks in an interval, from all pages of its groups."""
        parts = self._between(interval.low, interval.high)
        steps = [attrs.evolve(step, first_page=False) for step in self._steps(self._groups, parts)]
        counts = self._counts(steps, (yield from ask(*steps)))
        if not counts:
            raise QueryError(
                f"the leads changed while the ranks of {self.field!r} were looked up; run it again"
            )
        return _at_ranks(ranks, counts, interval.below)

    def _next_window(self, ranks: list[int], interval: Interval) -> _Window | None:
        """What to ask next; None if all is to be read, or nothing makes the interval smaller."""
        if interval.leads <= self.page_size:
            return None
        return (
            self._guessed_window(ranks, interval)
            or self._window_of_ties(interval)
            or self._half(interval)
        )

    def _guessed_window(self, ranks: list[int], interval: Interval) -> _Window | None:
        """The values between which the ranks are by the samples; None if these do not help."""
        if interval.failures >= MAX_FAILURES or not interval.samples:
            return None
        low, high = interval.guess(ranks[0], ranks[-1])
        by_groups = not interval.failures and self._is_page(interval, low, high)
        is_smaller = (low, high) != (interval.low, interval.high)
        return _Window(low, high, by_groups) if by_groups or is_smaller else None

    def _window_of_ties(self, interval: Interval) -> _Window | None:
        """The whole interval by groups, once, if its values have many leads each."""
        if interval.failures == MAX_FAILURES and self._has_ties(interval):
            return _Window(interval.low, interval.high, by_groups=True)
        return None

    def _half(self, interval: Interval) -> _Window | None:
        """The lower or upper half; None if there is no value between the ends."""
        middle = self._middle(interval), True
        if not interval.low < middle < interval.high:
            return None
        # By turns, for a value with many leads may be at either end.
        if interval.halvings % 2:
            return _Window(middle, interval.high, is_half=True)
        return _Window(interval.low, middle, is_half=True)

    def _is_page(self, interval: Interval, low: Bound, high: Bound) -> bool:
        """Whether ties leave at most a page of different values between two bounds, probably."""
        return all(
            len(sample.values) * 32 >= self.page_size
            and sample.count_distinct() * 1.5 <= self.page_size
            for sample in restrict(interval.samples, low, high)
        )

    def _has_ties(self, interval: Interval) -> bool:
        """Whether values have so many leads each that a page probably has all of an interval."""
        return bool(interval.samples) and all(
            len(sample.values) * 32 >= self.page_size
            and len(set(sample.values)) / len(sample.values) * interval.leads <= self.page_size
            for sample in interval.samples
        )

    def _middle(self, interval: Interval) -> Key:
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

    def _ask(self, interval: Interval, window: _Window) -> Recipe[_Found]:
        """The leads of a window, and the number of those below it."""
        low, high = window.low, window.high
        # At an end of the interval, that number follows from that of the leads in the window.
        is_inside = low != interval.low and high != interval.high
        counting = self._steps(self._count, self._between(START, low)) if is_inside else []
        query = self._groups if window.by_groups else self._list
        asking = self._steps(query, self._between(low, high))
        rows = yield from ask(*counting, *asking)
        counted, rows = rows[: len(counting)], rows[len(counting) :]
        below = _total(counting, counted) if is_inside else None
        counts = self._counts(asking, rows)
        if window.by_groups:
            # The totals are numbers of groups.
            return _Found(below, None if counts is None else counts.total(), None, counts)
        return _Found(below, _total(asking, rows), self._samples(asking, rows), counts)

    def _between(self, low: Bound, high: Bound) -> list[Part]:
        """The parts of the leads whose values are between two bounds."""
        ends = (
            (low[0], ABOVE if low[1] else AT_LEAST),
            (high[0], AT_MOST if high[1] else BELOW),
        )
        conditions = [
            comparison(self.field, operator, encode_value(self.field, value, operator))
            for key, operator in ends
            if not isinf(key)
            for value in (self.scale.value(key),)
        ]
        return [part for part in self._parts(*conditions) if not self._is_empty(part)]

    def _parts(self, *conditions: Predicate) -> list[Part]:
        return self.splitter.split(self.query, *conditions)

    def _is_empty(self, part: Part) -> bool:
        """Whether the filters of the query leave no value between two bounds."""
        filters = [one for one in part.leads.filters if one.name == self.field.name]
        return OrderedCells(self.scale.sort_key, filters).is_unsatisfiable(filters)

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

    def _samples(self, steps: Sequence[Step], rows: Sequence[Rows]) -> tuple[Sample, ...]:
        samples = (
            Sample(step.sign * one.total, sorted(key for key, _ in self._keys(one)))
            for step, one in zip(steps, rows, strict=True)
        )
        return tuple(sample for sample in samples if sample.values)


def _pieces(
    interval: Interval, window: _Window, found: _Found
) -> list[tuple[Interval, Counts | None]]:
    """The pieces into which a window divides an interval, with the leads by value if known.

    Of an interval with 1,000 leads, a window with 50 leads above 480 others leaves three pieces:
    the ranks from 0 to 479, those of the window to 529, and the rest to 999.
    """
    ends = _ends(interval, window, found)
    pieces: list[tuple[Interval, Counts | None]] = []
    below = interval.below
    for low, high in pairwise(ends):
        # Counts contradict each other if leads have changed meanwhile.
        above = min(max(ends[high], below), interval.end)
        is_window = found.leads is not None and (low, high) == (window.low, window.high)
        samples = interval.samples if found.samples is None or not is_window else found.samples
        piece = attrs.evolve(
            interval,
            low=low,
            high=high,
            below=below,
            leads=above - below,
            samples=restrict(samples, low, high),
        )
        is_half = found.leads is not None and 2 * piece.leads <= interval.leads
        piece = halved(piece) if window.is_half else narrowed(piece, is_half)
        pieces.append((piece, found.counts if is_window else None))
        below = above
    return pieces


def _ends(interval: Interval, window: _Window, found: _Found) -> dict[Bound, int]:
    """The number of leads below each bound at which a window divides an interval, in order."""
    ends = {interval.low: interval.below}
    if found.below is not None:
        ends[window.low] = found.below
    if found.leads is not None:
        ends.setdefault(window.low, interval.end - found.leads)
        ends[window.high] = ends[window.low] + found.leads
    ends[interval.high] = interval.end
    return ends


def _total(steps: Sequence[Step], rows: Sequence[Rows]) -> int:
    return sum(step.sign * one.total for step, one in zip(steps, rows, strict=True))
