"""The recipe of a query: which requests answer it, and how their rows become its rows.

A list reads the parts of its leads. Aggregates go through three stages: the values of all group
keys but one are found, and each makes a slice of the leads (`slices`); counts, sums and averages of
each slice are grouped by the remaining key (`totals`); and what does not add up, such as a median,
is asked for each group that has leads (`ranks`). `local_steps` does the rest with the rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import attrs

from leadquery.errors import PlanTooLargeError, QueryError
from leadquery.expr.aggregate import Function, Measure, aggregates_in
from leadquery.expr.field import BaseField
from leadquery.expr.group_key import DateBucket, GroupKey, key_field
from leadquery.expr.predicate import Predicate
from leadquery.fields import Field, ProspectID
from leadquery.plan.filled import check_steps, compared_names
from leadquery.plan.local_steps import Row, compare_groups, finish_groups, finish_list, no_value
from leadquery.plan.ranks import order_statistics
from leadquery.plan.recipe import Recipe, Rows, Step, ask, change_steps, gather
from leadquery.plan.slices import (
    Cut,
    Values,
    condition_of,
    counts_of,
    known_fields,
    period_condition,
    slices,
)
from leadquery.plan.terms import Splitter, count_by
from leadquery.plan.totals import ADDITIVE, Group, Groups, Totals
from leadquery.query.aggregation import (
    SIDES,
    Aggregation,
    Comparison,
    as_aggregation,
    local_steps,
    with_measures,
)
from leadquery.query.arguments import check_compared_date
from leadquery.query.base import replace
from leadquery.query.leads import LeadSet, without_output
from leadquery.query.query import Query, with_output
from leadquery.wire.model import ListOutput

_QUANTILES = {Function.MIN: 0.0, Function.MEDIAN: 0.5, Function.MAX: 1.0}


def solve(query: Query, limit: int, filled: Sequence[str] = ()) -> Recipe[list[Row]]:
    """The rows of a query. Raises PlanTooLargeError for more than `limit` requests at once.

    If `filled` names fields in which all leads may have data, and that saves requests, two counts
    find out whether they have.
    """
    if not isinstance(limit, int):
        raise QueryError(f"max_calls={limit!r} is not a whole number; write max_calls=100")
    names = compared_names(query, filled)
    if names and _saves_requests(query, limit, names):
        all_leads, with_data = yield from ask(*check_steps(query, names))
        names = names if all_leads.total == with_data.total else ()
    else:
        names = ()
    splitter = Splitter(limit, names)
    return (yield from _in_rounds(_solve(query, splitter), splitter))


def _saves_requests(query: Query, limit: int, names: Sequence[str]) -> bool:
    """Whether a query takes fewer requests if some fields are filled, the two counts included."""
    usual = _first_steps(query, Splitter(limit))
    fewer = _first_steps(query, Splitter(limit, names))
    if usual is None or fewer is None:
        return fewer is not None
    spared = len({step.request for step in usual}) - len({step.request for step in fewer})
    # What a lookup spares is spared again for each value that it finds.
    return spared > (0 if any(step.lookup for step in usual) else _CHECKS)


_CHECKS = 2
"""The counts that find out whether fields are filled."""


def _first_steps(query: Query, splitter: Splitter) -> tuple[Step, ...] | None:
    """The first requests of a query; None if they are too many."""
    try:
        return next(_solve(query, splitter), ())
    except PlanTooLargeError:
        return None


def _in_rounds(recipe: Recipe[list[Row]], splitter: Splitter) -> Recipe[list[Row]]:
    """The value of a recipe, whose splitter starts a round after each request for rows."""
    rows: Sequence[Rows] | None = None
    try:
        while True:
            splitter.start_round()
            rows = yield next(recipe) if rows is None else recipe.send(rows)
    except StopIteration as stop:
        found: list[Row] = stop.value
    return found


def _solve(query: Query, splitter: Splitter) -> Recipe[list[Row]]:
    output, steps = query.output, local_steps(query)
    if isinstance(output, ListOutput):
        return (yield from _solve_list(query, output, splitter))
    wanted = with_measures(as_aggregation(output), hidden_measures(query))
    solver = _GroupSolver(query, wanted, splitter)
    leads = replace(without_output(query), "paging", query.paging)
    if steps.comparison is None:
        groups = yield from solver.solve(leads)
    else:
        both = [leads.where(period) for period in comparison_periods(query, steps.comparison)]
        before, after = yield from gather(
            change_steps(solver.solve(leads), partial(_add_label, side))
            for leads, side in zip(both, SIDES, strict=False)
        )
        groups = yield from compare_groups(solver.wanted, before, after, known_fields(query))
    return finish_groups(query, solver.wanted, groups)


def _add_label(side: str, step: Step) -> Step:
    return attrs.evolve(step, labels=(*step.labels, ("period", side)))


def hidden_measures(query: Query, *, is_sorted: bool = True) -> list[Measure]:
    """The measures that groups are chosen and sorted by, which may be no columns.

    Without `is_sorted`, those that they are chosen by.
    """
    steps = local_steps(query)
    aggregates = [one for condition in steps.having for one in aggregates_in(condition)]
    order = steps.order if is_sorted else ()
    aggregates += [key.by for key in order if not isinstance(key.by, str)]
    return [attrs.evolve(one.measure, side=None) for one in aggregates]


def comparison_periods(query: Query, comparison: Comparison) -> list[Predicate]:
    """The conditions of the two periods of a comparison."""
    check_compared_date(query, comparison.on)
    before, after, field = comparison.before, comparison.after, known_fields(query)
    ends = [before.end, after.end]
    if comparison.to_date:
        elapsed = min(after.end, datetime.now(UTC).replace(microsecond=0)) - after.start
        ends = [min(before.end, before.start + elapsed), after.start + elapsed]
    on = field.get(comparison.on, Field(comparison.on))
    return [
        period_condition(on, start, end + timedelta(seconds=1))
        for start, end in zip([before.start, after.start], ends, strict=True)
    ]


def _solve_list(query: Query, output: ListOutput, splitter: Splitter) -> Recipe[list[Row]]:
    local = local_steps(query)
    columns = (*output.columns, *(key.column for key in local.order), ProspectID.name)
    listed = ListOutput(output.type, tuple(dict.fromkeys(columns)))
    parts = splitter.split(query, disjoint=True)
    # Any leads will do, so no part needs to be read further than the limit.
    is_any = not local.order and all(part.sign > 0 for part in parts)
    steps = [
        Step(
            with_output(part.leads, listed, query._selected_fields),
            part.sign,
            limit=local.limit if is_any else None,
        )
        for part in parts
    ]
    return finish_list(query, _add_leads(steps, (yield from ask(*steps))))


def _add_leads(steps: Sequence[Step], results: Sequence[Rows]) -> list[Row]:
    """The leads that the steps leave, each once, in the order in which they came."""
    if len(steps) == 1:
        return list(results[0].rows)
    rows: dict[Any, Row] = {}
    times: dict[Any, int] = {}
    for step, result in zip(steps, results, strict=True):
        for row in result.rows:
            lead = row[ProspectID.name]
            rows.setdefault(lead, row)
            times[lead] = times.get(lead, 0) + step.leads
    return [row for lead, row in rows.items() if times[lead] > 0]


class _GroupSolver:
    """Recipes for the groups of a query, with the measures of `wanted`."""

    def __init__(self, query: Query, wanted: Aggregation, splitter: Splitter) -> None:
        self.wanted = wanted
        self._fields = known_fields(query)
        self._splitter = splitter

    def solve(self, leads: LeadSet) -> Recipe[Groups]:
        """The groups of some leads, by their folded labels."""
        keys, measures = self.wanted.keys, [column.measure for column in self.wanted.measures]
        additive = [one for one in measures if one.function in ADDITIVE]
        others = [one for one in measures if one.function not in ADDITIVE]
        groups: Groups = {(): Group(())}
        cut = Cut(None, [], {})
        if keys or additive:
            cut = yield from slices(leads, keys, self._fields, self._splitter)
            totals = Totals(keys, cut.position, additive, self._fields, leads.users, self._splitter)
            groups |= yield from totals.solve(cut.slices)
        if keys:
            groups.pop((), None)
            _fill(groups, keys, cut.values)
        for group in groups.values():
            group.values = {one: no_value(one) for one in measures} | group.values
        asked = [group for group in groups.values() if group.leads or not (keys and additive)]
        recipes = [self._solve_others(self._leads_of(leads, group, cut), others) for group in asked]
        for group, values in zip(asked, (yield from gather(recipes)), strict=True):
            group.values |= values
        return groups

    def _leads_of(self, leads: LeadSet, group: Group, cut: Cut) -> LeadSet:
        """The leads of a group."""
        conditions = []
        for number, (key, label) in enumerate(zip(self.wanted.keys, group.labels, strict=True)):
            if number in cut.values:
                conditions.append(dict(cut.values[number])[label])
            else:
                name = key_field(key)
                conditions.append(condition_of(self._fields.get(name, Field(name)), label))
        return leads.where(*conditions)

    def _solve_others(
        self, leads: LeadSet, measures: Sequence[Measure]
    ) -> Recipe[dict[Measure, Any]]:
        """The measures of some leads that do not add up."""
        names = dict.fromkeys(one.field for one in measures)
        solved = yield from gather(
            self._solve_field(
                leads,
                self._fields.get(name, Field(name)),
                [one for one in measures if one.field == name],
            )
            for name in names
        )
        return {measure: value for values in solved for measure, value in values.items()}

    def _solve_field(
        self, leads: LeadSet, field: BaseField[Any], measures: Sequence[Measure]
    ) -> Recipe[dict[Measure, Any]]:
        ranked = [one for one in measures if one.function is not Function.COUNT_DISTINCT]
        quantiles = [_QUANTILES[one.function] if one.q is None else one.q for one in ranked]
        values: dict[Measure, Any] = {}
        if ranked:
            found = yield from order_statistics(leads, field, quantiles, self._splitter)
            values |= zip(ranked, found, strict=True)
        for measure in measures:
            if measure not in values:
                values[measure] = yield from self._count_distinct(leads, field)
        return values

    def _count_distinct(self, leads: LeadSet, field: BaseField[Any]) -> Recipe[int]:
        steps = [
            Step(count_by(part.leads, field), part.sign) for part in self._splitter.split(leads)
        ]
        counts = yield from counts_of(steps, field)
        return sum(1 for label, leads in counts.values() if leads > 0 and label is not None)


def _fill(groups: Groups, keys: Sequence[GroupKey], values: Mapping[int, Values]) -> None:
    """Add groups without leads for each period that has none, where a key asks for that."""
    for number, key in enumerate(keys):
        if not isinstance(key, DateBucket) or not key.fill:
            continue
        periods = [label for label, _ in values[number] if label is not None]
        known = [(folded, group) for folded, group in groups.items() if group.exists]
        for folded, group in known if len(keys) > 1 else [((None,), Group((None,)))]:
            for label in periods:
                place = (*folded[:number], label, *folded[number + 1 :])
                labels = (*group.labels[:number], label, *group.labels[number + 1 :])
                groups.setdefault(place, Group(labels)).is_listed = True
