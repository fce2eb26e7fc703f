"""GROUP BY of a query: the SELECT of its keys and of what is computed of each group.

`group_keys` writes the keys, and `measures` what is computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from sqlglot import exp
from sqlglot.expressions import Expr

from leadquery.expr.aggregate import Function, Measure
from leadquery.expr.group_key import key_field, key_name
from leadquery.query.aggregation import Column as ResultColumn
from leadquery.sql.tables import LEADS, Storage
from leadquery.sql.writer.from_where import FromWhere
from leadquery.sql.writer.group_keys import GroupKeys, Key
from leadquery.sql.writer.measures import Measures


class Groups:
    """Writes the groups of leads of a query."""

    def __init__(self, leads: FromWhere) -> None:
        self._leads, self._columns = leads, leads.columns
        self.keys, self._measures = GroupKeys(leads), Measures(leads)

    def grouped(
        self, columns: Sequence[ResultColumn], conditions: Sequence[Expr]
    ) -> tuple[exp.Select, list[Key], dict[Measure, Expr]]:
        """The groups of leads that meet the query's conditions and others.

        With them, the keys and the measures as they are computed in the SELECT.
        """
        if self._groups_twice:
            select, keys, measures = self._grouped_twice(conditions)
        else:
            keys = [self.keys.written(key) for key in self._leads.wanted.keys]
            measures = {
                one.measure: self._measures.of(one.measure) for one in self._leads.wanted.measures
            }
            select = exp.select()
            if self._measures.ranked_fields:
                ranked = exp.select(exp.Star(), *self._measures.ranks(keys))
                inner = self._leads.joined(ranked, conditions)
                select = select.from_(inner.subquery(LEADS), copy=False)
            else:
                select = self._leads.joined(select, conditions)
        displayed = [self._leads.aliased(key.displayed, key.name) for key in keys]
        displayed += [
            self._leads.aliased(measures[one.measure].copy(), one.name) for one in columns
        ]
        select = select.select(*displayed, copy=False)
        return select.group_by(*(key.grouped.copy() for key in keys), copy=False), keys, measures

    @cached_property
    def _groups_twice(self) -> bool:
        """Whether to group by text as it is first, and only the few groups by a function.

        Folding the case of each lead's text takes longer than both.
        """
        functions = {one.measure.function for one in self._leads.wanted.measures}
        texts = [
            key
            for key in self._leads.wanted.keys
            if self.keys.is_text(key) and self._columns.find(key_field(key)).storage is Storage.TEXT
        ]
        return (
            self._leads.source.exact
            and bool(texts)
            and not self._leads.lists_owners
            and functions.isdisjoint((Function.COUNT_DISTINCT, Function.MEDIAN, Function.QUANTILE))
        )

    def _grouped_twice(
        self, conditions: Sequence[Expr]
    ) -> tuple[exp.Select, list[Key], dict[Measure, Expr]]:
        """Groups by text as it is, grouped again without regard to case.

        For counts by city: `SELECT MIN(city), SUM(part_1_0) FROM (SELECT city, COUNT(*) AS part_1_0
        FROM leads GROUP BY city) AS spellings`, grouped by `LOWER(city)`.
        """
        inner = self._leads.joined(exp.select(), conditions)
        for key in self._leads.wanted.keys:
            if self.keys.is_text(key):
                grouped = self._columns.find(key_field(key)).sql
            else:
                grouped = self.keys.written(key).grouped
            inner = inner.select(self._leads.aliased(grouped.copy(), key_name(key)), copy=False)
            inner = inner.group_by(grouped.copy(), copy=False)
        measures: dict[Measure, Expr] = {}
        distinct = dict.fromkeys(one.measure for one in self._leads.wanted.measures)
        for number, measure in enumerate(distinct, 1):
            part, parts = f"part_{number}", self._measures.parts(measure)
            names = [f"{part}_{position}" for position in range(len(parts))]
            inner = inner.select(*map(exp.alias_, parts, names), copy=False)
            measures[measure] = self._measures.total(measure, [exp.column(name) for name in names])
        keys = [self.keys.of_spellings(key) for key in self._leads.wanted.keys]
        return exp.select().from_(inner.subquery("spellings")), keys, measures
