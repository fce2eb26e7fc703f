"""Slices: the leads of each combination of group keys that one request cannot group by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

from attrs import frozen

from leadquery.expr.field import BaseField, encode_value
from leadquery.expr.field_types import Boolean, Choice, Field
from leadquery.expr.group_key import Bins, DateBucket, GroupKey, NamedPeriods, key_field
from leadquery.expr.predicate import Predicate, comparison
from leadquery.expr.registry import FIELDS
from leadquery.fields import DATE_FIELDS
from leadquery.periods import start_of, zone
from leadquery.periods.calendar import first_day, weekday_number
from leadquery.plan.ranks import order_statistics
from leadquery.plan.recipe import Recipe, Step, as_lookup, ask
from leadquery.plan.terms import Splitter, count_by, label_key, too_large_error
from leadquery.query.leads import LeadSet
from leadquery.query.query import fields_of
from leadquery.wire.enums import COUNT, Operator
from leadquery.wire.model import ComparisonFilter
from leadquery.wire.types import format_timestamp, parse_timestamp

if TYPE_CHECKING:
    from leadquery.periods.calendar import Unit
    from leadquery.query.query import Query

_SECOND = timedelta(seconds=1)

_MANY = 5
"""The number of values of a key from which it pays to look at another key."""


@frozen
class Slice:
    """Some leads, and their labels of all keys but the one that requests group by."""

    labels: tuple[Any, ...]
    leads: LeadSet


Values = list[tuple[Any, Predicate]]
"""The labels of a group key, each with the condition for its leads."""


@frozen
class Cut:
    """The slices of some leads, and the position of the key that requests group by, if any.

    `values` are the labels of the other keys, by their positions.
    """

    position: int | None
    slices: list[Slice]
    values: dict[int, Values]


def known_fields(query: Query) -> Mapping[str, BaseField[Any]]:
    """The standard fields and those of a query, by name."""
    return {**FIELDS.all(), **fields_of(query)}


def slices(
    leads: LeadSet,
    keys: Sequence[GroupKey],
    fields: Mapping[str, BaseField[Any]],
    splitter: Splitter,
) -> Recipe[Cut]:
    """The slices of some leads."""
    position = _grouped_key(keys, fields)
    others = [number for number in range(len(keys)) if number != position]
    values: dict[int, Values] = {}
    for number in others:
        values[number] = yield from key_values(leads, keys[number], fields, splitter)
    if position is not None and len(others) == 1 and isinstance(keys[others[0]], str):
        other = others[0]
        if len(values[other]) > _MANY:
            found = yield from key_values(leads, keys[position], fields, splitter)
            if len(found) < len(values[other]):
                values, position = {position: found}, other
    numbers = sorted(values)
    combinations = list(product(*(values[number] for number in numbers)))
    if len(combinations) > splitter.limit:
        raise too_large_error(splitter.limit)
    cut = [
        Slice(
            tuple(label for label, _ in combination),
            leads.where(*(condition for _, condition in combination)),
        )
        for combination in combinations
    ]
    return Cut(position, cut, values)


def _grouped_key(keys: Sequence[GroupKey], fields: Mapping[str, BaseField[Any]]) -> int | None:
    """The position of the key with the most values, as far as its type says."""
    positions = [number for number, key in enumerate(keys) if isinstance(key, str)]
    return min(
        positions,
        key=lambda number: isinstance(fields.get(key_field(keys[number])), (Boolean, Choice)),
        default=None,
    )


def key_values(
    leads: LeadSet, key: GroupKey, fields: Mapping[str, BaseField[Any]], splitter: Splitter
) -> Recipe[Values]:
    """The labels of a key that some leads have, and the conditions for them."""
    field = fields.get(key_field(key), Field(key_field(key)))
    if isinstance(key, Bins):
        return _bins(key, field)
    if isinstance(key, NamedPeriods):
        return [
            (name, period_condition(field, period.start, period.end + _SECOND))
            for name, period in key.periods
        ]
    if isinstance(key, DateBucket):
        return (yield from _buckets(leads, key, field, splitter))
    steps = [
        Step(count_by(part.leads, field), part.sign, lookup=True) for part in splitter.split(leads)
    ]
    counts = yield from counts_of(steps, field)
    return [(label, condition_of(field, label)) for label, count in counts.values() if count > 0]


def counts_of(steps: Sequence[Step], field: BaseField[Any]) -> Recipe[dict[Any, tuple[Any, int]]]:
    """The label and the number of leads of each group of a field, by the key of its label."""
    results = yield from ask(*steps)
    labels = [[row[field.name] for row in result.rows] for result in results]
    key = yield from label_key(field, [labels])
    counts: dict[Any, tuple[Any, int]] = {}
    for step, result in zip(steps, results, strict=True):
        for row in result.rows:
            its = key(row[field.name])
            label, count = counts.get(its, (row[field.name], 0))
            counts[its] = label, count + step.leads * row[COUNT]
    return counts


def condition_of(field: BaseField[Any], label: Any) -> Predicate:
    """The condition for the leads of a group of a field."""
    if label is None:
        return field.has_no_data()
    if isinstance(label, datetime):
        text = format_timestamp(label)
    else:
        text = label if isinstance(label, str) else encode_value(field, label)
    return comparison(field, Operator.EQUAL, text)


def _bins(key: Bins, field: BaseField[Any]) -> Values:
    def condition(operator: Operator, edge: Any) -> Predicate:
        return comparison(field, operator, encode_value(field, edge))

    first, last = key.edges[0], key.edges[-1]
    below, above = condition(Operator.BELOW, first), condition(Operator.AT_LEAST, last)
    ranges = [
        (f"{low} to {high}", condition(Operator.AT_LEAST, low) & condition(Operator.BELOW, high))
        for low, high in pairwise(key.edges)
    ]
    return [
        (f"below {first}", below),
        *ranges,
        (f"{last} and above", above),
        (None, field.has_no_data()),
    ]


def period_condition(field: BaseField[Any], start: datetime, end: datetime) -> Predicate:
    """The condition for dates from `start` to before `end`, with any fraction of a second."""
    return comparison(field, Operator.AT_LEAST, format_timestamp(start)) & comparison(
        field, Operator.BELOW, format_timestamp(end)
    )


def _buckets(
    leads: LeadSet, key: DateBucket, field: BaseField[Any], splitter: Splitter
) -> Recipe[Values]:
    first, last = date_bounds(leads, field)
    empty = [] if first or last else [(None, field.has_no_data())]
    if first is None or last is None:
        found = yield from as_lookup(order_statistics(leads, field, [0, 1], splitter))
        if found[0] is None:
            return empty
        first, last = first or found[0], last or found[1]
    days = list(_first_days(key, first, last, splitter.limit))
    return [
        (day, period_condition(field, start_of(day, key.tz), start_of(after, key.tz)))
        for day, after in pairwise(days)
    ] + empty


def _first_days(key: DateBucket, first: datetime, last: datetime, limit: int) -> Iterator[date]:
    """The first day of each period from one moment to another, and that of the period after."""
    weekday = weekday_number(key.week_starts)
    end = last.astimezone(zone(key.tz)).date()
    day = first_day(key.unit, first.astimezone(zone(key.tz)).date(), weekday)
    yield day
    for _ in range(limit + 1):
        day = first_day(key.unit, day + timedelta(days=_LONGEST[key.unit]), weekday)
        yield day
        if day > end:
            return
    raise too_large_error(limit)


_LONGEST: dict[Unit, int] = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
"""The most days of a period, after which the next has begun."""


def date_bounds(leads: LeadSet, field: BaseField[Any]) -> tuple[datetime | None, datetime | None]:
    """The first and the last moment that the conditions on a date field allow."""
    starts, ends = [], []
    for dates in leads.dates:
        if DATE_FIELDS[dates.field].name == field.name:
            starts.append(dates.start)
            ends.append(dates.end)
    for one in leads.filters:
        if one.name == field.name and isinstance(one, ComparisonFilter):
            moment = _moment(one.value)
            if one.operator in (Operator.ABOVE, Operator.AT_LEAST, Operator.EQUAL) and moment:
                starts.append(moment)
            if one.operator in (Operator.BELOW, Operator.AT_MOST, Operator.EQUAL) and moment:
                ends.append(moment - (_SECOND if one.operator is Operator.BELOW else timedelta(0)))
    return max(starts, default=None), min(ends, default=None)


def _moment(text: str) -> datetime | None:
    try:
        return parse_timestamp(text).replace(tzinfo=UTC)
    except ValueError:
        return None
