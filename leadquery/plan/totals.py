"""Counts, sums and averages of groups, from requests whose results add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs
from attrs import define, field as attribute, frozen

from leadquery.expr.aggregate import Function, Measure
from leadquery.expr.collation import whole_as_int
from leadquery.expr.field import BaseField
from leadquery.expr.field_types import Field
from leadquery.expr.group_key import GroupKey, key_name
from leadquery.fields import OwnerId, ProspectID, ProspectStage
from leadquery.plan.recipe import Recipe, Rows, Step, ask
from leadquery.plan.slices import Slice
from leadquery.plan.terms import LabelKey, Part, Splitter, fold, label_key, too_large_error
from leadquery.query.base import replace
from leadquery.query.leads import LeadSet
from leadquery.query.query import Query, with_output
from leadquery.wire.enums import COUNT, AggregateFunction, OutputType
from leadquery.wire.model import AggregateOutput

if TYPE_CHECKING:
    from leadquery.expr.user_field import UserPredicate

ADDITIVE = (Function.COUNT, Function.SUM, Function.AVERAGE)
"""What `totals` computes."""


@define
class Group:
    """The labels of a group, its number of leads, and its value of each measure."""

    labels: tuple[Any, ...]
    leads: int = 0
    values: dict[Measure, Any] = attribute(factory=dict)
    # The API lists the owners that a user filter names, also those without leads.
    is_listed: bool = False

    @property
    def exists(self) -> bool:
        """Whether it is a row of the result."""
        return self.leads > 0 or self.is_listed


Groups = dict[tuple[Any, ...], Group]
"""Groups by their folded labels."""


@define
class _Sum:
    """The sum of a field's values in a group, and their number."""

    total: Decimal = Decimal(0)
    values: int = 0
    has_fractions: bool = False
    # What the API itself has computed.
    average: int | float | None = None


@frozen
class Totals:
    """The totals to compute: the position of the key that requests group by, and the measures."""

    keys: Sequence[GroupKey]
    position: int | None
    measures: Sequence[Measure]
    fields: Mapping[str, BaseField[Any]]
    # The user filter of the query.
    users: UserPredicate | None
    splitter: Splitter

    def solve(self, cut: Sequence[Slice]) -> Recipe[Groups]:
        """The groups of slices."""
        names = [key_name(key) for number, key in enumerate(self.keys) if number != self.position]
        asked: list[tuple[Slice, Step]] = []
        for one in cut:
            labels = tuple(zip(names, one.labels, strict=True))
            asked += [(one, attrs.evolve(step, labels=labels)) for step in self._steps(one.leads)]
            self._check(asked)
        if self._wants_owners and not any(self._lists_owners(step) for _, step in asked):
            asked += [(one, self._owners(one.leads)) for one in cut]
            self._check(asked)
        results = yield from ask(*(step for _, step in asked))
        return (yield from self._add([(one.labels, step) for one, step in asked], results))

    def _check(self, asked: Sequence[object]) -> None:
        if len(asked) > self.splitter.limit:
            raise too_large_error(self.splitter.limit)

    def _steps(self, leads: LeadSet) -> list[Step]:
        """The fewest requests for some leads."""
        steps = self._steps_of(leads, self.splitter.split(leads))
        if len(steps) == 1 or not self._has_sums:
            return steps
        disjoint = self._steps_of(leads, self.splitter.split(leads, disjoint=True))
        return min(steps, disjoint, key=len)

    @property
    def _has_sums(self) -> bool:
        return any(one.field for one in self.measures)

    def _steps_of(self, leads: LeadSet, parts: Sequence[Part]) -> list[Step]:
        """The requests for leads counted by their parts.

        A request for the sum of a field counts its leads, too. So parts get a request that only
        counts them if no sum is asked of just these leads. For `Delhi | Score > 80`, the sums of
        Score are those of "above 80" and of "Delhi and at most 80", which cover the leads with a
        score; the counts are those of "above 80", plus "Delhi", minus both, and the first of them
        comes with its sum.
        """
        uncounted = {part.leads: part.sign for part in parts if self._wants_count}
        steps: list[Step] = []
        for name, functions in self._functions_by_field.items():
            function, asked = self._api_function(functions, parts), parts
            if function is None:
                self._check(steps)
                field = self.fields.get(name, Field(name))
                function = AggregateFunction.SUM
                asked = self.splitter.split(leads, with_data=field)
            for part in asked:
                count = uncounted.pop(part.leads, 0)
                steps.append(self._step(part.leads, function, name, count, part.sign))
        for its, sign in uncounted.items():
            steps.append(self._step(its, AggregateFunction.COUNT, "", sign, 0))
        return steps

    @property
    def _functions_by_field(self) -> dict[str, set[Function]]:
        found: dict[str, set[Function]] = {}
        for one in self.measures:
            if one.field:
                found.setdefault(one.field, set()).add(one.function)
        return found

    def _api_function(
        self, functions: set[Function], parts: Sequence[Part]
    ) -> AggregateFunction | None:
        """What to ask of each part for these functions of a field, if the API computes just that.

        None if the number of values is needed: for averages of several parts, and for a sum where
        parts are subtracted, which is null only in groups without a value. It is the count of a
        sum of the leads that have one.
        """
        if any(part.sign < 0 for part in parts):
            return None
        if functions == {Function.AVERAGE} and len(parts) == 1 and self.position is not None:
            return AggregateFunction.AVERAGE
        return AggregateFunction.SUM if functions == {Function.SUM} else None

    @property
    def _wants_count(self) -> bool:
        """Whether to count leads: groups exist if they have leads, the row of all always does."""
        functions = {one.function for one in self.measures}
        return bool(self.keys) or Function.COUNT in functions

    def _step(
        self, leads: LeadSet, function: AggregateFunction, field: str, count: int, values: int
    ) -> Step:
        if self.position is None and function is AggregateFunction.COUNT:
            return Step(leads.select(ProspectID).page(1, 1), count, first_page=True)
        group = self._group
        output = AggregateOutput(OutputType.AGGREGATE, group, function, field or group)
        known = self.fields.get(group)
        query: Query = with_output(leads, output, () if known is None else (known,))
        return Step(query, count, values)

    @property
    def _group(self) -> str:
        """The field that requests group by: without a key of the query, one of few values."""
        return ProspectStage.name if self.position is None else key_name(self.keys[self.position])

    def _add(
        self, asked: Sequence[tuple[tuple[Any, ...], Step]], results: Sequence[Rows]
    ) -> Recipe[Groups]:
        groups: Groups = {}
        sums: dict[tuple[tuple[Any, ...], str], _Sum] = {}
        label_of = yield from self._label_key(asked, results)
        for (labels, step), result in zip(asked, results, strict=True):
            if step.first_page:
                groups.setdefault(labels, Group(labels)).leads += step.leads * result.total
                continue
            for row in result.rows:
                whole = self._labels(labels, row)
                key = tuple(
                    label_of(label) if number == self.position else fold(label)
                    for number, label in enumerate(whole)
                )
                group = groups.setdefault(key, Group(whole))
                group.leads += step.leads * row[COUNT]
                group.is_listed |= self._lists_owners(step)
                output = step.query.output
                if step.values and isinstance(output, AggregateOutput):
                    total = sums.setdefault((key, output.field), _Sum())
                    _add_values(total, output, step.values, row)
        for key, group in groups.items():
            for measure in self.measures:
                its = sums.get((key, measure.field), _Sum())
                group.values[measure] = _value(group, measure, its)
        return groups

    def _label_key(
        self, asked: Sequence[tuple[tuple[Any, ...], Step]], results: Sequence[Rows]
    ) -> Recipe[LabelKey]:
        """The keys of the labels of the key that requests group by."""
        if self.position is None:
            return fold
        added: dict[tuple[Any, ...], list[list[Any]]] = {}
        for (labels, _), result in zip(asked, results, strict=True):
            added.setdefault(labels, []).append([row[self._group] for row in result.rows])
        field = self.fields.get(self._group, Field(self._group))
        return (yield from label_key(field, added.values()))

    def _labels(self, labels: tuple[Any, ...], row: Mapping[str, Any]) -> tuple[Any, ...]:
        """The labels of a row, with that of its own group in its place."""
        if self.position is None:
            return labels
        return (*labels[: self.position], row[self._group], *labels[self.position :])

    @property
    def _wants_owners(self) -> bool:
        """Whether the owners that the query asks for are listed, also those without leads."""
        return tuple(self.keys) == (OwnerId.name,) and self.users is not None

    def _lists_owners(self, step: Step) -> bool:
        """Whether a step lists those owners, as the API does for each user filter."""
        return self._wants_owners and step.query.users == self.users

    def _owners(self, leads: LeadSet) -> Step:
        """A request for those owners, where no other has their user filter."""
        listing = replace(replace(leads, "_compounds", ()), "users", self.users)
        return self._step(listing, AggregateFunction.COUNT, "", 0, 0)


def _add_values(total: _Sum, output: AggregateOutput, sign: int, row: Mapping[str, Any]) -> None:
    number = row[output.columns[-1]]
    if number is None:
        return
    if output.function is AggregateFunction.AVERAGE:
        total.average = number
        return
    total.values += sign * row[COUNT]
    total.total += sign * Decimal(str(number))
    total.has_fractions |= isinstance(number, float)


def _value(group: Group, measure: Measure, total: _Sum) -> int | float | None:
    if measure.function is Function.COUNT:
        return group.leads
    if measure.function is Function.AVERAGE and total.average is not None:
        return total.average
    if total.values <= 0:
        return None
    if measure.function is Function.AVERAGE:
        return float(total.total / total.values)
    return whole_as_int(float(total.total)) if total.has_fractions else int(total.total)
