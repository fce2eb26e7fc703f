"""Steps after the groups: empty periods, and the groups of two periods side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlglot import exp
from sqlglot.expressions import Expr

from leadquery.expr.aggregate import Measure
from leadquery.expr.field_types import Field
from leadquery.expr.group_key import DateBucket, key_name
from leadquery.expr.predicate import Predicate
from leadquery.periods import zone
from leadquery.periods.calendar import first_day, weekday_number
from leadquery.plan.local_steps import no_value
from leadquery.plan.slices import date_bounds, known_fields
from leadquery.plan.solve import comparison_periods
from leadquery.query.aggregation import SIDES, Comparison, local_steps
from leadquery.query.leads import without_output
from leadquery.sql import date_patterns, patterns
from leadquery.sql.tables import Kind, identifier
from leadquery.sql.writer.from_where import FromWhere, where
from leadquery.sql.writer.groups import Groups


class GroupSteps:
    """Writes groups of several steps, each of which groups what those before it have found.

    `subqueries` are the steps so far, with their names, which go into WITH.
    """

    def __init__(self, leads: FromWhere, groups: Groups) -> None:
        self._leads, self._dialect, self._columns = leads, leads.dialect, leads.columns
        self._groups = groups
        self.subqueries: list[tuple[str, exp.Query]] = []

    def filled(self, conditions: Sequence[Expr], side: str, bounds: Any = None) -> str:
        """The name of the groups of some leads, with those of empty periods."""
        name = f"found{side}"
        self.subqueries.append(
            (name, self._groups.grouped(self._leads.wanted.measures, conditions)[0])
        )
        for key in self._leads.wanted.keys:
            if isinstance(key, DateBucket) and key.fill:
                periods = self._periods(key, conditions, side, bounds)
                filled = f"{name}_and_empty"
                self.subqueries.append((filled, self._add_empty(name, key, periods)))
                name = filled
        return name

    def _periods(self, key: DateBucket, conditions: Sequence[Expr], side: str, bounds: Any) -> str:
        """The name of a step with every period from the first to the last that is asked for."""
        leads = without_output(self._leads.query)
        if bounds is not None and bounds[0] == key.field:
            leads = leads.where(bounds[1])
        column = self._columns.find(key.field)
        fields = known_fields(self._leads.query)
        first, last = date_bounds(leads, fields.get(key.field, Field(key.field)))
        bucket = self._groups.keys.bucket(key, column)
        ends = [
            self._day(key, moment) if moment else function(this=bucket.copy())
            for moment, function in ((first, exp.Min), (last, exp.Max))
        ]
        days = exp.alias_(ends[0], "first_day"), exp.alias_(ends[1], "last_day")
        if first and last:
            range_of = patterns.one_row(self._dialect, *days)
        else:
            range_of = exp.select(*days)
            saved = [*conditions]
            if self._leads.query.users is not None:
                saved.append(self._leads.filters.owned_by(self._leads.query.users))
            range_of = where(
                range_of.from_(self._leads.from_()), [*self._leads.conditions(), *saved]
            )
        day = date_patterns.add_to_day(
            self._dialect, exp.column("first_day"), key.unit, exp.column("n")
        )
        name = f"every_{key.name}{side}"
        every = (
            exp.select(self._leads.aliased(day, key.name))
            .from_(range_of.subquery("days"))
            .join(self._numbers(), join_type="cross")
            .where(exp.LTE(this=day.copy(), expression=exp.column("last_day")))
        )
        self.subqueries.append((name, every))
        return name

    def _day(self, key: DateBucket, moment: datetime) -> Expr:
        """The first day of the period of a moment."""
        local = moment.astimezone(zone(key.tz)).date()
        day = patterns.text_literal(
            first_day(key.unit, local, weekday_number(key.week_starts)).isoformat()
        )
        return day if self._dialect.dates_are_text else patterns.cast_to(self._dialect, day, "DATE")

    def _numbers(self) -> exp.Subquery:
        """The numbers from 0 to 9,999: more than enough periods, and on every engine."""
        digits = patterns.inline_rows(
            self._dialect, ["n"], [[exp.Literal.number(n)] for n in range(10)]
        )
        if "digits" not in dict(self.subqueries):
            self.subqueries.append(("digits", digits))
        tables = ("ones", "tens", "hundreds", "thousands")
        total: Any = exp.column("n", table=tables[0])
        select = exp.select().from_(exp.alias_(exp.to_table("digits"), tables[0], table=True))
        for power, table in enumerate(tables[1:], 1):
            total = total + exp.column("n", table=table) * 10**power
            digits_again = exp.alias_(exp.to_table("digits"), table, table=True)
            select = select.join(digits_again, join_type="cross")
        return select.select(exp.alias_(total, "n")).subquery("numbers")

    def _add_empty(self, found: str, filled: DateBucket, periods: str) -> exp.Select:
        """Groups, and those of periods without leads: of each combination of the other keys."""
        names = [key_name(key) for key in self._leads.wanted.keys]
        others = [self._leads.named(name) for name in names if name != filled.name]
        empty = exp.select(
            *(
                exp.column(self._leads.name(name), table=None if name == filled.name else "others")
                for name in names
            ),
            *(
                self._leads.aliased(_no_value(one.measure), one.name)
                for one in self._leads.wanted.measures
            ),
        ).from_(exp.Table(this=identifier(periods, self._dialect)))
        if others:
            distinct = exp.select(*others).from_(found).distinct().subquery("others")
            empty = empty.join(distinct, join_type="cross")
        return self._merged([exp.select("*").from_(found), empty])

    def _merged(self, parts: Sequence[exp.Query]) -> exp.Select:
        """Groups from several queries with the same columns, each once."""
        union: Any = parts[0]
        for part in parts[1:]:
            union = exp.union(union, part, distinct=False)
        keys = self._groups.keys.of_step()
        measures = [
            self._leads.aliased(exp.Max(this=self._leads.named(name)), name)
            for name in self._measure_names(parts[0])
        ]
        return (
            exp.select(*(self._leads.aliased(key.displayed, key.name) for key in keys), *measures)
            .from_(union.subquery("parts"))
            .group_by(*(key.grouped.copy() for key in keys))
        )

    def _measure_names(self, part: exp.Query) -> list[str]:
        steps = local_steps(self._leads.query)
        is_star = isinstance(part.expressions[0], exp.Star)
        if steps.comparison is None or is_star:
            return [one.name for one in self._leads.wanted.measures]
        return [one.of(side).name for one in self._leads.wanted.measures for side in SIDES[:2]]

    def compared(self, comparison: Comparison) -> str:
        """The name of the groups of two periods, side by side."""
        parts: list[exp.Query] = []
        periods = comparison_periods(self._leads.query, comparison)
        for side, period in zip(SIDES, periods, strict=False):
            condition = self._leads.filters.condition(period)
            name = self.filled([condition], f"_{side}", (comparison.on, period))
            parts.append(self._side(name, side, periods))
        self.subqueries.append(("compared", self._merged(parts)))
        return "compared"

    def _side(self, name: str, side: str, periods: Sequence[Predicate]) -> exp.Select:
        """The groups of one period, with columns for both."""
        names = [self._leads.named(key_name(key)) for key in self._leads.wanted.keys]
        values = [
            self._leads.aliased(
                self._leads.named(one.name) if its == side else _no_value(one.measure),
                one.of(its).name,
            )
            for one in self._leads.wanted.measures
            for its in SIDES[:2]
        ]
        return exp.select(*names, *values).from_(name)

    def named_measures(self) -> dict[Measure, Expr]:
        """The value of each measure, by the columns of the groups that a step has found."""
        if local_steps(self._leads.query).comparison is None:
            return {one.measure: self._leads.named(one.name) for one in self._leads.wanted.measures}
        values: dict[Measure, Expr] = {}
        for one in self._leads.wanted.measures:
            first, second = (self._leads.named(one.of(side).name) for side in SIDES[:2])
            kind = self._columns.find(one.measure.field).kind if one.measure.field else Kind.NUMBER
            is_date = kind is Kind.MOMENT and one.measure.function.is_by_rank
            each = date_patterns.changes(self._dialect, first, second, are_dates=is_date)
            values |= zip(
                (one.of(side).measure for side in SIDES), (first, second, *each), strict=True
            )
        return values


def _no_value(measure: Measure) -> Expr:
    """The value of a measure in a group without leads."""
    value = no_value(measure)
    return exp.Null() if value is None else exp.Literal.number(value)
