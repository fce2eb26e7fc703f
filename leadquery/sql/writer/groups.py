"""GROUP BY of a query: its keys, what is computed of each group, and the SELECT of both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

import attrs
from attrs import define, frozen
from sqlglot import exp
from sqlglot.expressions import Expr

from leadquery.expr.aggregate import Function, Measure
from leadquery.expr.group_key import Bins, DateBucket, GroupKey, NamedPeriods, key_field, key_name
from leadquery.fields import OwnerId
from leadquery.query.aggregation import Column as ResultColumn
from leadquery.sql import date_patterns, patterns, text_patterns
from leadquery.sql.tables import LEADS, Kind, Storage
from leadquery.sql.writer.columns import Column
from leadquery.sql.writer.from_where import FromWhere
from leadquery.users import UserID


@frozen
class Key:
    """A group key: what is displayed, what is grouped by, and what it is sorted by."""

    name: str
    displayed: Expr
    grouped: Expr
    order: Expr


@define(slots=False)
class Groups(FromWhere):
    """Leads in groups."""

    # Keys

    def _key(self, key: GroupKey) -> Key:
        name = key_name(key)
        if self._lists_owners:
            user = self._columns.user_attribute(UserID.name)
            return self._text_key(name, exp.Min(this=user.sql), exp.column("owner_key"))
        if isinstance(key, NamedPeriods):
            label = exp.column(f"{name}_label")
            return self._text_key(name, label, label)
        return self._key_of(key, self._columns.find(key_field(key)))

    def _key_of(self, key: GroupKey, column: Column) -> Key:
        """A group key, by the column that it is computed from."""
        name = key_name(key)
        if isinstance(key, Bins):
            label = patterns.bins_of(column.number(), key)
            return self._text_key(name, label, label)
        if isinstance(key, DateBucket):
            return self._typed_key(name, self._bucket(key, column))
        grouped = column.value()
        if column.kind is Kind.MOMENT:
            grouped = date_patterns.to_second(self._dialect, grouped)
        if not self._is_text_key(key):
            return self._typed_key(name, grouped)
        spelling = exp.Min(this=column.filled(column.text()))
        if column.kind is Kind.TEXT:
            return self._text_key(name, spelling, grouped)
        return Key(name, spelling, grouped, order=grouped)

    def _text_key(self, name: str, displayed: Expr, grouped: Expr) -> Key:
        """A key that is grouped by text, and sorted by its characters."""
        return Key(name, displayed, grouped, text_patterns.ordered(self._dialect, grouped.copy()))

    def _typed_key(self, name: str, value: Expr) -> Key:
        """A key that displays what is grouped by. A sort key names its column, where it may."""
        order = value if self._dialect.nulls_are_small else self._named(name)
        return Key(name, value, value, order)

    def _is_text_key(self, key: GroupKey) -> bool:
        """Whether a key groups text, of which one spelling is displayed."""
        if not isinstance(key, str):
            return False
        column = self._columns.find(key)
        is_untyped = column.storage is Storage.TEXT and self._columns.is_untyped(key)
        return column.kind is Kind.TEXT or is_untyped

    def _bucket(self, key: DateBucket, column: Column) -> Expr:
        """The first day of the period that a date is in."""
        local = column.local_time(key.tz)
        return date_patterns.first_day_of(self._dialect, local, key.unit, key.week_starts)

    def _named_keys(self) -> list[Key]:
        """The keys of groups that a step has found, by the names of their columns."""
        return [self._named_key(key) for key in self._wanted.keys]

    def _named_key(self, key: GroupKey) -> Key:
        name = key_name(key)
        column = self._named(name)
        if self._is_text_key(key):
            kind = self._columns.find(key_field(key)).kind
            named = Column(self._dialect, self.source.exact, column, Storage.TEXT, kind)
            if named.kind is not Kind.TEXT:
                return self._key_of(key, named)
            return self._text_key(name, exp.Min(this=column), named.folded())
        if isinstance(key, (Bins, NamedPeriods)):
            return self._text_key(name, column, column)
        return self._typed_key(name, column)

    # Measures

    def _measure(self, measure: Measure) -> Expr:
        """An aggregate of a group."""
        if measure.function is Function.COUNT:
            counted: Expr = exp.Star()
            if self._lists_owners:
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
        number = self._ranked_fields.index(measure.field) + 1
        rank, count = exp.column(f"rank_{number}"), exp.column(f"values_{number}")
        return patterns.ranked_quantile(patterns.to_double(self._dialect, value), rank, count, q)

    @cached_property
    def _ranked_fields(self) -> list[str]:
        """The fields whose values are ranked, because the engine has no exact quantile."""
        if self._dialect.quantile is not None:
            return []
        ranked = (Function.MEDIAN, Function.QUANTILE)
        measures = (column.measure for column in self._wanted.measures)
        names = dict.fromkeys(one.field for one in measures if one.function in ranked)
        kinds = (Kind.NUMBER, Kind.MOMENT)
        return [name for name in names if self._columns.find(name).kind in kinds]

    def _ranks(self, keys: Sequence[Key]) -> Iterator[Expr]:
        """The rank of each value among those of its group, from 0, and their number."""
        for number, name in enumerate(self._ranked_fields, 1):
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

    # The SELECT

    def _grouped(
        self, columns: Sequence[ResultColumn], conditions: Sequence[Expr]
    ) -> tuple[exp.Select, list[Key], dict[Measure, Expr]]:
        """The groups of leads that meet the query's conditions and others.

        With them, the keys and the measures as they are computed in the SELECT.
        """
        if self._groups_twice:
            select, keys, measures = self._grouped_twice(conditions)
        else:
            keys = [self._key(key) for key in self._wanted.keys]
            measures = {one.measure: self._measure(one.measure) for one in self._wanted.measures}
            select = exp.select()
            if self._ranked_fields:
                inner = self._joined(exp.select(exp.Star(), *self._ranks(keys)), conditions)
                select = select.from_(inner.subquery(LEADS), copy=False)
            else:
                select = self._joined(select, conditions)
        displayed = [self._aliased(key.displayed, key.name) for key in keys]
        displayed += [self._aliased(measures[one.measure].copy(), one.name) for one in columns]
        select = select.select(*displayed, copy=False)
        return select.group_by(*(key.grouped.copy() for key in keys), copy=False), keys, measures

    @cached_property
    def _groups_twice(self) -> bool:
        """Whether to group by text as it is first, and only the few groups by a function."""
        functions = {one.measure.function for one in self._wanted.measures}
        texts = [
            key
            for key in self._wanted.keys
            if self._is_text_key(key) and self._columns.find(key_field(key)).storage is Storage.TEXT
        ]
        return (
            self.source.exact
            and bool(texts)
            and not self._lists_owners
            and functions.isdisjoint((Function.COUNT_DISTINCT, Function.MEDIAN, Function.QUANTILE))
        )

    def _grouped_twice(
        self, conditions: Sequence[Expr]
    ) -> tuple[exp.Select, list[Key], dict[Measure, Expr]]:
        """Groups by text as it is, to be grouped again without regard to case."""
        inner = self._joined(exp.select(), conditions)
        for key in self._wanted.keys:
            is_text = self._is_text_key(key)
            grouped = self._columns.find(key_field(key)).sql if is_text else self._key(key).grouped
            inner = inner.select(self._aliased(grouped.copy(), key_name(key)), copy=False)
            inner = inner.group_by(grouped.copy(), copy=False)
        measures: dict[Measure, Expr] = {}
        for number, measure in enumerate({one.measure: None for one in self._wanted.measures}, 1):
            part, parts = f"part_{number}", self._parts(measure)
            names = [f"{part}_{position}" for position in range(len(parts))]
            inner = inner.select(*map(exp.alias_, parts, names), copy=False)
            measures[measure] = self._total(measure, [exp.column(name) for name in names])
        keys = [self._key_again(key) for key in self._wanted.keys]
        return exp.select().from_(inner.subquery("spellings")), keys, measures

    def _key_again(self, key: GroupKey) -> Key:
        """A key of the second grouping, by the column of the first."""
        if not self._is_text_key(key):
            return self._named_key(key)
        column = self._columns.find(key_field(key))
        again = attrs.evolve(column, sql=self._named(key_name(key)), ask_ascii=bool)
        return self._key_of(key, again)

    def _parts(self, measure: Measure) -> list[Expr]:
        """What is computed for each spelling of a group, to make an aggregate of the group of."""
        if measure.function is not Function.AVERAGE:
            return [self._measure(measure)]
        column = self._columns.find(measure.field)
        if column.kind is not Kind.NUMBER:
            return [exp.Null(), exp.Literal.number(0)]
        value = column.number()
        double = (
            value if column.storage is Storage.NUMBER else patterns.to_double(self._dialect, value)
        )
        return [exp.Sum(this=double), exp.Count(this=value.copy())]

    def _total(self, measure: Measure, parts: Sequence[Expr]) -> Expr:
        """An aggregate of a group, of those of its spellings."""
        if measure.function in _ENDS:
            return _ENDS[measure.function](this=parts[0])
        sums = [exp.Sum(this=part) for part in parts]
        if measure.function is Function.AVERAGE:
            return exp.Div(this=sums[0], expression=sums[1], typed=True)
        return sums[0]


_ENDS: Final[Mapping[Function, type[exp.AggFunc]]] = {Function.MIN: exp.Min, Function.MAX: exp.Max}
