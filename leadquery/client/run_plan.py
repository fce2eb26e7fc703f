"""Sends the requests of a plan, and combines their results into the result of its query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from attrs import define

from leadquery.client.pagination import (
    ChangePolicy,
    OnChange,
    Paginator,
    Prefetcher,
    ProgressCallback,
    fetch_all,
    progress_reporter,
)
from leadquery.fields import OwnerId, ProspectID
from leadquery.plan import Plan, Step
from leadquery.query.query import Query
from leadquery.result import Result, Row
from leadquery.result.decoding import decoder_for
from leadquery.wire.enums import COUNT, AggregateFunction
from leadquery.wire.model import AggregateOutput


def run_plan(
    plan: Plan,
    paginate: Callable[[Query], Paginator],
    concurrency: int,
    on_change: OnChange,
    progress: ProgressCallback | bool,
) -> Result:
    """The result of a plan's query. Progress counts its requests."""
    policy = ChangePolicy(on_change)

    def fetch(number: int) -> Result:
        return fetch_all(paginate(plan.steps[number].query), on_change, progress=False, quiet=True)

    results: list[Result] = []
    with (
        progress_reporter(progress, "requests") as report,
        Prefetcher(fetch, concurrency, plan.calls) as prefetcher,
    ):
        for number in range(plan.calls):
            prefetcher.request(number)
        for _ in plan.steps:
            result = prefetcher.take()
            # In this thread, where a warning finds the caller's line.
            policy.apply(result.changes)
            results.append(result)
            report(len(results), plan.calls)
    return combine(plan, results)


def combine(plan: Plan, results: Sequence[Result]) -> Result:
    """The result of a plan's query, from the results of its steps in their order."""
    output = plan.query.output
    if isinstance(output, AggregateOutput):
        rows = _add_groups(plan, output, results)
    else:
        rows = _add_rows(plan, results)
    decoder = decoder_for(plan.query)
    changes = tuple(change for result in results for change in result.changes)
    return Result(
        tuple(rows),
        len(rows),
        decoder.columns,
        grouped=isinstance(output, AggregateOutput),
        changes=changes,
        types=decoder.types,
    )


def _add_rows(plan: Plan, results: Sequence[Result]) -> list[Row]:
    """The leads that the steps leave, each once, in the order in which they came."""
    columns = plan.query.output.columns
    rows: dict[Any, Row] = {}
    times: dict[Any, int] = {}
    for step, result in zip(plan.steps, results, strict=True):
        for row in result.rows:
            lead = row[ProspectID.name]
            rows.setdefault(lead, {name: row[name] for name in columns})
            times[lead] = times.get(lead, 0) + step.leads
    return [row for lead, row in rows.items() if times[lead] > 0]


@define
class _Group:
    """What the steps have added up for a group."""

    label: Any
    leads: int = 0
    values: int = 0
    total: Decimal = Decimal(0)
    has_fractions: bool = False
    is_listed: bool = False


def _add_groups(plan: Plan, output: AggregateOutput, results: Sequence[Result]) -> list[Row]:
    """The groups that have leads, with their counts and sums added and subtracted.

    Under a user filter alone the API lists owners without leads, too; they stay.
    """
    groups: dict[Any, _Group] = {}
    distinct = _distinct_labels(output.group, results)
    for step, result in zip(plan.steps, results, strict=True):
        for row in result.rows:
            label = row[output.group]
            key = label if label in distinct else _fold(label)
            group = groups.setdefault(key, _Group(label))
            group.leads += step.leads * row[COUNT]
            group.is_listed |= _lists_owners(plan, step)
            if step.values:
                _add_values(group, step, row)
    return [_row(group, output) for group in groups.values() if group.leads > 0 or group.is_listed]


def _fold(label: Any) -> Any:
    """The key by which the server groups: text without regard to case."""
    return label.casefold() if isinstance(label, str) else label


def _distinct_labels(group: str, results: Sequence[Result]) -> set[Any]:
    """Labels that differ only in case and are in one result: there the server tells them apart."""
    distinct: set[Any] = set()
    for result in results:
        labels: dict[Any, Any] = {}
        for row in result.rows:
            other = labels.setdefault(_fold(row[group]), row[group])
            if other != row[group]:
                distinct |= {other, row[group]}
    return distinct


def _lists_owners(plan: Plan, step: Step) -> bool:
    """Whether a step lists the owners that the query asks for, also those without leads."""
    is_by_owner = isinstance(step.query.output, AggregateOutput) and (
        step.query.output.group == OwnerId.name
    )
    return is_by_owner and plan.query.users is not None and step.query.users == plan.query.users


def _add_values(group: _Group, step: Step, row: Row) -> None:
    number = row[step.query.output.columns[-1]]
    group.values += step.values * row[COUNT]
    if number is not None:
        group.total += step.values * Decimal(str(number))
        group.has_fractions |= isinstance(number, float)


def _row(group: _Group, output: AggregateOutput) -> Row:
    row: Row = {output.group: group.label, COUNT: group.leads}
    if output.function is not AggregateFunction.COUNT:
        row[output.columns[-1]] = _value(group, output.function)
    return row


def _value(group: _Group, function: AggregateFunction) -> int | float | None:
    if group.values <= 0:
        return None
    if function is AggregateFunction.AVERAGE:
        return float(group.total / group.values)
    return float(group.total) if group.has_fractions else int(group.total)
