"""What is computed of each group: counts, sums, averages, ends and quantiles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from sqlglot import exp
from sqlglot.expressions import Expr

from leadquery.expr.aggregate import Function, Measure
from leadquery.fields import OwnerId
from leadquery.sql import date_patterns, patterns
from leadquery.sql.tables import Kind, Storage
from leadquery.sql.writer.from_where import FromWhere
from leadquery.sql.writer.group_keys import Key


class Measures:
    """Writes the aggregates of a query."""

    def __init__(self, leads: FromWhere) -> None:
        self._leads, self._dialect, self._columns = leads, leads.dialect, leads.columns

    def of(self, measure: Measure) -> Expr:
        """An aggregate of a group."""
        if measure.function is Function.COUNT:
            counted: Expr = exp.Star()
            if self._leads.lists_owners:
                counted = self._columns.find(OwnerId.name).sql
            return exp.Count(this=counted)
        column = self._columns.find(measure.field)
        value = column.value()
        if measure.function is Function.COUNT_DISTINCT:
            if column.kind is Kind.MOMENT:
                value = date_patterns.to_second(self._dialect, value)
            return exp.Count(this=exp.Distinct(expressions=[value]))
        is_date = column.kind is Kind.MOMENT and measure.function.is_by_rank
        if column.kind is not Kind.NUMBER and not is_date:
            return patterns.cast_to(self._dialect, exp.Null(), "DOUBLE")
        if measure.function is Function.AVERAGE:
            return patterns.average(self._dialect, value)
        if measure.function is Function.SUM:
            return exp.Sum(this=value)
        if measure.function in _ENDS:
            end = _ENDS[measure.function](this=value)
            return date_patterns.to_second(self._dialect, end) if is_date else end
        found = self._quantile(measure, value, is_date=is_date)
        return date_patterns.from_epoch(self._dialect, found) if is_date else found

    def _quantile(self, measure: Measure, value: Expr, *, is_date: bool) -> Expr:
        if is_date:
            value = date_patterns.to_epoch(self._dialect, value)
        q = 0.5 if measure.q is None else measure.q
        own = patterns.quantile(self._dialect, value, q)
        if own is not None:
            return own
        number = self.ranked_fields.index(measure.field) + 1
        rank, count = exp.column(f"rank_{number}"), exp.column(f"values_{number}")
        return patterns.ranked_quantile(patterns.to_double(self._dialect, value), rank, count, q)

    @cached_property
    def ranked_fields(self) -> list[str]:
        """The fields whose values are ranked, because the engine has no exact quantile."""
        if self._dialect.quantile is not None:
            return []
        ranked = (Function.MEDIAN, Function.QUANTILE)
        measures = (column.measure for column in self._leads.wanted.measures)
        names = dict.fromkeys(one.field for one in measures if one.function in ranked)
        kinds = (Kind.NUMBER, Kind.MOMENT)
        return [name for name in names if self._columns.find(name).kind in kinds]

    def ranks(self, keys: Sequence[Key]) -> Iterator[Expr]:
        """The rank of each value among those of its group, from 0, and their number."""
        for number, name in enumerate(self.ranked_fields, 1):
            value = self._columns.find(name).value()
            groups = [key.grouped.copy() for key in keys]
            order = exp.Order(expressions=patterns.last_nulls(self._dialect, value))
            rank = exp.Window(this=exp.RowNumber(), partition_by=groups, order=order)
            counted = exp.Window(
                this=exp.Count(this=value.copy()),
                partition_by=[key.grouped.copy() for key in keys],
            )
            from_0 = exp.Sub(this=rank, expression=exp.Literal.number(1))
            yield exp.alias_(from_0, f"rank_{number}")
            yield exp.alias_(counted, f"values_{number}")

    def parts(self, measure: Measure) -> list[Expr]:
        """What is computed for each spelling of a text, of which `total` makes an aggregate.

        An average has two parts, the sum and the number of values; others have themselves.
        """
        if measure.function is not Function.AVERAGE:
            return [self.of(measure)]
        column = self._columns.find(measure.field)
        if column.kind is not Kind.NUMBER:
            return [exp.Null(), exp.Literal.number(0)]
        value = column.number()
        double = (
            value if column.storage is Storage.NUMBER else patterns.to_double(self._dialect, value)
        )
        return [exp.Sum(this=double), exp.Count(this=value.copy())]

    def total(self, measure: Measure, parts: Sequence[Expr]) -> Expr:
        """An aggregate of a group, from the parts of all its spellings."""
        if measure.function in _ENDS:
            return _ENDS[measure.function](this=parts[0])
        sums = [exp.Sum(this=part) for part in parts]
        if measure.function is Function.AVERAGE:
            return exp.Div(this=sums[0], expression=sums[1], typed=True)
        return sums[0]


_ENDS: Final[Mapping[Function, type[exp.AggFunc]]] = {Function.MIN: exp.Min, Function.MAX: exp.Max}
