"""The operators that several field types share, as mixins of the types."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from leadquery._util.text import python_literal, safe_repr
from leadquery.errors import QueryError, check_call
from leadquery.expr import encoders
from leadquery.expr._guards import NotBoolean
from leadquery.expr.field import BaseField, V
from leadquery.expr.predicate import Predicate, comparison, membership
from leadquery.periods import Period, TimeZone, is_whole_day
from leadquery.periods.parsing import not_a_period_error
from leadquery.wire.enums import (
    ABOVE,
    AT_LEAST,
    AT_MOST,
    BELOW,
    CONTAINS,
    DOES_NOT_CONTAIN,
    EQUAL,
    NOT_EQUAL,
    ONE_OF,
    Operator,
)
from leadquery.wire.types import format_timestamp

if TYPE_CHECKING:
    from decimal import Decimal

    from leadquery.expr.aggregate import Aggregate
    from leadquery.expr.group_key import Bins, DateBucket, NamedPeriods
    from leadquery.periods.calendar import Unit, Weekday


class OrderedMixin(BaseField[V]):
    """The operators `<`, `<=`, `>` and `>=`."""

    __slots__ = ()
    _comparisons = ("==", "!=", "<", "<=", ">", ">=")

    @check_call
    def __lt__(self, value: V) -> Predicate:
        return self._compare(BELOW, value)

    @check_call
    def __le__(self, value: V) -> Predicate:
        return self._compare(AT_MOST, value)

    @check_call
    def __gt__(self, value: V) -> Predicate:
        return self._compare(ABOVE, value)

    @check_call
    def __ge__(self, value: V) -> Predicate:
        return self._compare(AT_LEAST, value)


class CountDistinctMixin(BaseField[V]):
    """`count_distinct`."""

    __slots__ = ()

    @check_call
    def count_distinct(self) -> Aggregate:
        """The number of different values of each group, without no data.

        >>> from leadquery.fields import Source
        >>> Source.count_distinct()
        Source.count_distinct()
        """
        return self._aggregate("COUNT_DISTINCT")


class RangeMixin(OrderedMixin[V]):
    """`between`, and the aggregates of ordered values."""

    __slots__ = ()

    @check_call
    def min(self) -> Aggregate:
        """The lowest value of each group."""
        return self._aggregate("MIN")

    @check_call
    def max(self) -> Aggregate:
        """The highest value of each group."""
        return self._aggregate("MAX")

    @check_call
    def median(self) -> Aggregate:
        """The median of each group: `quantile(0.5)`."""
        return self._aggregate("MEDIAN")

    @check_call
    def quantile(self, q: float) -> Aggregate:
        """The value below which a part `q` of the leads of each group is, from 0 to 1.

        Interpolated linearly between ranks, as numpy does; dates to the second. Raises QueryError
        for another `q`.

        >>> from leadquery.fields import Score
        >>> Score.quantile(0.9)
        Score.quantile(0.9)
        """
        is_number = isinstance(q, (int, float)) and not isinstance(q, bool)
        if not is_number or not 0 <= q <= 1:
            raise QueryError(f"quantile takes a number from 0 to 1, not {safe_repr(q)}")
        # Without the sign of -0.0.
        return self._aggregate("QUANTILE", abs(float(q)))

    @check_call
    def between(self, low: V, high: V) -> Predicate:
        """Leads whose value is between `low` and `high`, both included. Sends two filters.

        Raises QueryError if `low` is greater than `high`. (API page: Lead Filters)

        >>> from leadquery.fields import Score
        >>> Score.between(10, 20)
        (Score >= 10) & (Score <= 20)
        """
        start, end = self._encode_bound(AT_LEAST, low), self._encode_bound(AT_MOST, high)
        if self._is_reversed((low, start), (high, end)):
            first, last = python_literal(low), python_literal(high)
            raise QueryError(
                f"{self!r}.between({first}, {last}) ends before it starts; "
                f"write between({last}, {first})"
            )
        return comparison(self, AT_LEAST, start) & comparison(self, AT_MOST, end)

    def _encode_bound(self, operator: Operator, value: V) -> str:
        try:
            return self._encode(value, operator)
        except QueryError as error:
            raise self._value_error(error, operator, value) from None

    def _is_reversed(self, low: tuple[V, str], high: tuple[V, str]) -> bool:
        """Whether two values, each with its text, are of one type and in the wrong order."""
        key = encoders.sort_key(type(self)._encode, low[0], high[0])
        return key is not None and bool(key(low[1]) > key(high[1]))


class DateMixin(RangeMixin[V]):
    """`during`, and whole days: `== "2026-01-31"` is a range."""

    __slots__ = ()

    def _is_day(self, value: object) -> bool:
        return is_whole_day(value)

    def _compare(self, operator: Operator, value: Any) -> Predicate:
        if operator not in (EQUAL, NOT_EQUAL) or not self._is_day(value):
            return super()._compare(operator, value)
        day = self.between(value, value)
        if operator is EQUAL:
            return day
        raise QueryError(
            f"{self._comparison_source(operator, value)} is two ranges; write "
            f"({self!r} < {python_literal(value)}) | ({self!r} > {python_literal(value)})"
        )

    @check_call
    def during(self, period: Period) -> Predicate:
        """Leads whose date is in a period, both ends included. Sends two filters.

        (API page: Lead Filters)

        >>> from leadquery import periods
        >>> from leadquery.fields import LastVisitDate
        >>> LastVisitDate.during(periods.month(2026, 3, tz="Asia/Kolkata"))
        (LastVisitDate >= "2026-02-28 18:30:00") & (LastVisitDate <= "2026-03-31 18:29:59")
        """
        if not isinstance(period, Period):
            raise not_a_period_error(f"{self!r}.during takes", period)
        start, end = format_timestamp(period.start), format_timestamp(period.end)
        return comparison(self, AT_LEAST, start) & comparison(self, AT_MOST, end)

    @check_call
    def day(self, *, tz: TimeZone | None = None, fill: bool = False) -> DateBucket:
        """The day of the date, as a group key; see `month`."""
        return self._bucket("day", tz, fill=fill)

    @check_call
    def week(
        self, *, tz: TimeZone | None = None, week_starts: Weekday = "monday", fill: bool = False
    ) -> DateBucket:
        """The week of the date, as a group key; see `month`."""
        from leadquery.periods.calendar import weekday_number

        weekday_number(week_starts)
        return self._bucket("week", tz, fill=fill, week_starts=week_starts)

    @check_call
    def month(self, *, tz: TimeZone | None = None, fill: bool = False) -> DateBucket:
        """The month of the date, as a group key, in the time zone `tz`, by default UTC.

        Its column has the first day of the month. A month without leads is left out, unless `fill`.
        Takes a request for each month of the dates that the query asks for.

        >>> from leadquery import Leads, periods
        >>> from leadquery.fields import CreatedOn
        >>> quarter = Leads.created_in(periods.quarter(2026, 1))
        >>> quarter.group_by(CreatedOn.month()).count().plan().calls
        3
        """
        return self._bucket("month", tz, fill=fill)

    @check_call
    def quarter(self, *, tz: TimeZone | None = None, fill: bool = False) -> DateBucket:
        """The quarter of the date, as a group key; see `month`."""
        return self._bucket("quarter", tz, fill=fill)

    @check_call
    def year(self, *, tz: TimeZone | None = None, fill: bool = False) -> DateBucket:
        """The year of the date, as a group key; see `month`."""
        return self._bucket("year", tz, fill=fill)

    def _bucket(
        self, unit: Unit, tz: TimeZone | None, *, fill: bool, week_starts: Weekday = "monday"
    ) -> DateBucket:
        from leadquery.expr.group_key import DateBucket, zone_key

        if not isinstance(fill, bool):
            raise QueryError(f"fill: {safe_repr(fill)} is not True or False; write fill=True")
        return DateBucket(self.name, unit, zone_key(tz), week_starts, fill)

    @check_call
    def in_periods(self, /, *periods: Period, **named: Period) -> NamedPeriods:
        """Periods of the date, as a group key. Takes a request for each.

        Keyword arguments name the groups; other periods are named by their dates in UTC, such as
        "2026-01-01 to 2026-01-31". Raises QueryError for two groups of one name.

        >>> from leadquery import periods
        >>> from leadquery.fields import CreatedOn
        >>> halves = CreatedOn.in_periods(
        ...     first=periods.between("2026-01-01", "2026-06-30"),
        ...     second=periods.between("2026-07-01", "2026-12-31"),
        ... )
        >>> halves.name
        'CreatedOn_period'
        >>> thirds = CreatedOn.in_periods(*periods.months(2026)[:3])
        >>> [name for name, _ in thirds.periods]
        ['2026-01-01 to 2026-01-31', '2026-02-01 to 2026-02-28', '2026-03-01 to 2026-03-31']
        """
        from leadquery.expr.group_key import NamedPeriods, period_name

        if not periods and not named:
            raise QueryError(
                f"{self!r}.in_periods() names no period; "
                "write in_periods(last=periods.last_month(), this=periods.this_month())"
            )
        for period in (*periods, *named.values()):
            if isinstance(period, (list, tuple)):
                raise QueryError(
                    f"{self!r}.in_periods takes periods one by one; write in_periods(*periods)"
                )
            if not isinstance(period, Period):
                raise not_a_period_error(f"{self!r}.in_periods takes", period)
        pairs = (*((period_name(period), period) for period in periods), *named.items())
        names = [name for name, _ in pairs]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise QueryError(
                f"{self!r}.in_periods has the group {twice!r} twice; leave one of them out"
            )
        return NamedPeriods(self.name, pairs)


class MembershipMixin(BaseField[V]):
    """`is_in`."""

    __slots__ = ()

    @check_call
    def is_in(self, values: Iterable[V]) -> Predicate:
        """Leads whose value is one of `values`.

        A single value is sent as `==`. Raises QueryError for text instead of a list, and for an
        empty list. (API page: Lead Filters)

        >>> from leadquery.fields import Source
        >>> Source.is_in(["Web", "Fair"])
        Source.is_in(["Web", "Fair"])
        """
        if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
            # A value that the field refuses helps in no list either.
            self._compare(EQUAL, values)
            value = python_literal(values)
            raise QueryError(f"is_in takes a list of values; write {self!r}.is_in([{value}])")
        texts: list[str] = []
        encode = self._encode
        for one in values:
            try:
                texts.append(encode(one, ONE_OF))
            except QueryError as error:
                raise self._value_error(error, EQUAL, one) from None
        if not texts:
            raise QueryError(
                f"{self!r}.is_in([]) matches no lead; give it at least one value, "
                "or leave the condition out"
            )
        return membership(self, texts)


class TextSearchMixin(BaseField[V]):
    """`contains` and `does_not_contain`."""

    __slots__ = ()

    @check_call
    def contains(self, part: str) -> Predicate:
        """Leads whose text contains `part`. (API page: Lead Filters)

        >>> from leadquery.fields import EmailAddress
        >>> EmailAddress.contains("@acme.com")
        EmailAddress.contains("@acme.com")
        """
        return self._compare(CONTAINS, part)

    @check_call
    def does_not_contain(self, part: str) -> Predicate:
        """Leads whose text does not contain `part`. (API page: Lead Filters)

        Leads without data in the field are not among them.
        """
        return self._compare(DOES_NOT_CONTAIN, part)


class NumberMixin(RangeMixin[V], CountDistinctMixin[V]):
    """The aggregates and the ranges of numbers."""

    __slots__ = ()

    @check_call
    def average(self) -> Aggregate:
        """The average of each group, of the leads that have the value."""
        return self._aggregate("AVERAGE")

    @check_call
    def sum(self) -> Aggregate:
        """The sum of each group."""
        return self._aggregate("SUM")

    @check_call
    def bins(self, *edges: float | Decimal) -> Bins:
        """Ranges of the number, as a group key: below the first edge, up to the next, above.

        An edge belongs to the range that it begins. Takes a request for each range.

        >>> from leadquery.fields import Score
        >>> Score.bins(0, 20, 50).name
        'Score_bin'
        """
        from leadquery.expr.group_key import Bins

        is_list = isinstance(edges[0], Iterable) if len(edges) == 1 else False
        if is_list and not isinstance(edges[0], (str, bytes, NotBoolean)):
            unpacked = f"*{edges[0]!r}" if isinstance(edges[0], (list, tuple, range)) else "*edges"
            raise QueryError(f"{self!r}.bins takes edges one by one; write bins({unpacked})")
        values = [encoders.to_number(self, edge) for edge in edges]
        if not values or any(low >= high for low, high in pairwise(values)):
            raise QueryError(
                f"{self!r}.bins takes edges from low to high, such as bins(0, 20, 50), "
                f"not {', '.join(map(str, values)) or 'nothing'}"
            )
        return Bins(self.name, tuple(values))
