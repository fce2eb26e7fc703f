"""Random leads and conditions, and a plain loop that decides which leads meet a condition.

It shares no code with the planner: three-valued logic over the values of one lead.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import product
from math import isclose
from typing import Any
from zoneinfo import ZoneInfo

from attrs import evolve
from hypothesis import strategies as st

from leadquery import Query, users
from leadquery.expr.aggregate import (
    Function,
    HavingCondition,
    JoinedGroupCondition,
    Measure,
    aggregates_in,
)
from leadquery.expr.group_key import Bins, DateBucket, GroupKey, NamedPeriods, key_name
from leadquery.expr.predicate import Condition, OtherOwners, Predicate
from leadquery.expr.user_field import UserPredicate
from leadquery.fields import DoNotCall, Field, LastVisitDate, Score, Source, mx_City
from leadquery.query.aggregation import Aggregation, as_aggregation
from leadquery.wire.enums import LogicalOperator, Operator
from leadquery.wire.model import ListOutput
from tests.operators import COMPARE

Lead = dict[str, Any]

NUMBERS = ["0", "5", "7.5", "9"]
TEXTS = ["web", "WEB", "Web ", "website", "fair", "b"]
DAYS = ["2026-01-01 00:00:00", "2026-01-02 12:00:00", "2026-01-03 00:00:00"]

leads: st.SearchStrategy[Lead] = st.fixed_dictionaries(
    {
        "Score": st.sampled_from([None, "-1", "6", "8", "10", *NUMBERS]),
        "Source": st.sampled_from([None, "x", "abc", *TEXTS]),
        "mx_City": st.sampled_from([None, "Delhi", "Pune", "Agra"]),
        "mx_Own": st.sampled_from([None, "1", "1.0", "2"]),
        "DoNotCall": st.sampled_from([None, "0", "1"]),
        "LastVisitDate": st.sampled_from([None, "2026-01-02 11:00:00", *DAYS]),
        "Role": st.sampled_from(["User", "Manager", "Admin"]),
        "Team": st.sampled_from(["a", "b"]),
    }
)

_ORDER = (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge)
_EQUALITY = (operator.eq, operator.ne)


def _compare(field: Any, operators: Any, values: list[Any]) -> st.SearchStrategy[Condition]:
    return st.builds(
        lambda compare, value: compare(field, value),
        st.sampled_from(operators),
        st.sampled_from(values),
    )


def _presence(field: Any) -> st.SearchStrategy[Condition]:
    return st.sampled_from([field.has_data(), field.has_no_data()])


own = Field("mx_Own")
conditions: st.SearchStrategy[Condition] = st.recursive(
    st.one_of(
        _compare(Score, _ORDER, list(map(float, NUMBERS))),
        st.builds(Score.is_in, st.lists(st.sampled_from([0, 5, 9]), min_size=1)),
        _compare(Source, _EQUALITY, TEXTS),
        st.builds(Source.is_in, st.lists(st.sampled_from(TEXTS), min_size=1)),
        st.builds(Source.contains, st.sampled_from(["web", "b", "site"])),
        st.builds(Source.does_not_contain, st.sampled_from(["web", "b"])),
        _compare(mx_City, _EQUALITY, ["Delhi", "Pune"]),
        _compare(own, _ORDER, ["1", "1.0", "2"]),
        st.builds(own.is_in, st.lists(st.sampled_from(["1", "2"]), min_size=1)),
        _compare(DoNotCall, _EQUALITY, [True, False]),
        _compare(LastVisitDate, _ORDER, DAYS),
        *map(_presence, (Score, Source, own, LastVisitDate)),
        _compare(users.Role, [operator.eq], ["User", "Manager"]),
        _compare(users.Attribute("Team"), [operator.eq], ["a"]),
    ),
    lambda inner: st.one_of(
        st.builds(operator.and_, inner, inner),
        st.builds(operator.or_, inner, inner),
        st.builds(operator.invert, inner),
    ),
    max_leaves=7,
)


def _key(name: str, text: str) -> Any:
    """The value as the server compares it; the untyped field holds numbers."""
    if name in ("Score", "mx_Own"):
        return float(text)
    return text.casefold()


def meets_filter(lead: Lead, lead_filter: Any) -> bool | None:
    """Whether a lead meets a filter; None if it has no data in the field."""
    value = lead[lead_filter.name]
    if lead_filter.operator is Operator.HAS_DATA:
        return value is not None
    if lead_filter.operator is Operator.HAS_NO_DATA:
        return value is None
    if value is None:
        return None
    name = lead_filter.name
    key = _key(name, value)
    if lead_filter.operator is Operator.ONE_OF:
        return key in [_key(name, text) for text in lead_filter.values]
    return COMPARE[lead_filter.operator.token](key, _key(name, lead_filter.value))


def is_owned(lead: Lead, condition: UserPredicate) -> bool:
    outer, inner = (any, all) if condition.joiner is LogicalOperator.OR else (all, any)
    return outer(
        inner(lead[one.name].casefold() in one.value.casefold().split(",") for one in group)
        for group in condition.groups
    )


def meets(lead: Lead, condition: Condition) -> bool | None:
    """Three-valued logic, as in SQL."""
    if isinstance(condition, UserPredicate):
        return is_owned(lead, condition)
    if isinstance(condition, OtherOwners):
        return not is_owned(lead, condition.users)
    if isinstance(condition, Predicate):
        parts = [meets_filter(lead, one) for one in condition.filters]
        joiner = LogicalOperator.AND
    else:
        parts = [meets(lead, part) for part in condition.parts]
        joiner = condition.joiner
    decisive = joiner is LogicalOperator.OR
    if decisive in parts:
        return decisive
    return None if None in parts else not decisive


def expected_rows(query: Query, rows: list[Lead], accounts: list[Lead]) -> list[dict[str, Any]]:
    """The rows of a query, by a plain loop over the leads."""
    meeting = [row for row in rows if _is_asked(query, row)]
    steps = query._local
    if isinstance(query.output, ListOutput):
        return _expected_list(query, meeting)
    aggregation = as_aggregation(query.output)
    columns = list(aggregation.measures)
    wanted = [column.measure for column in columns]
    if steps is not None:
        wanted += [one.measure for condition in steps.having for one in aggregates_in(condition)]
        wanted += [key.by.measure for key in steps.order if not isinstance(key.by, str)]
    plain = list(dict.fromkeys(replace_side(one) for one in wanted))
    if steps is None or steps.comparison is None:
        groups = _grouped(query, aggregation, meeting, accounts)
        values = {key: {one: _measure(one, its) for one in plain} for key, its in groups.items()}
    else:
        values = _compared(query, aggregation, meeting, plain, accounts)
    found = list(values.items())
    if steps is not None:
        for condition in steps.having:
            found = [(key, its) for key, its in found if _group_meets(its, condition)]
        found.sort(key=lambda pair: [_place(label) for label in pair[0]])
        for key in reversed(steps.order):
            by: Any = key.by if isinstance(key.by, str) else key.by.measure
            found.sort(key=lambda pair, by=by: _place(pair[1][by]))  # type: ignore[misc]
            if key.descending:
                have = [pair for pair in found if pair[1][by] is not None]
                have.sort(key=lambda pair, by=by: _place(pair[1][by]), reverse=True)  # type: ignore[misc]
                found = have + [pair for pair in found if pair[1][by] is None]
        found = found[: steps.limit]
    names = [key_name(key) for key in aggregation.keys]
    is_compared = steps is not None and steps.comparison is not None
    sides: Any = ("before", "after", "change", "change_pct") if is_compared else (None,)
    return [
        dict(zip(names, key, strict=True))
        | {
            (f"{column.name}_{side}" if side else column.name): its[
                evolve(column.measure, side=side)
            ]
            for column in columns
            for side in sides
        }
        for key, its in found
    ]


def replace_side(measure: Measure) -> Measure:
    return evolve(measure, side=None)


def _is_asked(query: Query, row: Lead) -> bool:
    conditions = [*map(_predicate_of, query.filters), *query._compounds]
    if query.users is not None:
        conditions.append(query.users)
    in_dates = all(
        _within(row["CreatedOn"], dates.start, dates.end + timedelta(seconds=1))
        if isinstance(query.output, ListOutput)
        else dates.start <= moment(row["CreatedOn"]) <= dates.end
        for dates in query.dates
    )
    return in_dates and all(meets(row, one) for one in conditions)


def _predicate_of(one: Any) -> Predicate:
    return Predicate({one: Field(one.name)})


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _within(text: str | None, start: datetime, end: datetime) -> bool:
    return text is not None and start <= moment(text) < end


def _expected_list(query: Query, meeting: list[Lead]) -> list[dict[str, Any]]:
    steps = query._local
    found = sorted(meeting, key=lambda row: row["ProspectID"])
    for key in reversed(steps.order if steps else ()):
        have = [row for row in found if row[key.column] is not None]
        have.sort(key=lambda row: _place(typed(key.column, row)), reverse=key.descending)
        found = have + [row for row in found if row[key.column] is None]
    limit = steps.limit if steps else None
    return [{name: typed(name, row) for name in query.output.columns} for row in found[:limit]]


def typed(name: str, row: Lead) -> Any:
    """A value of a lead as the client gives it."""
    text = row[name]
    if text is None:
        return None
    if name in ("Score", "mx_Own"):
        return float(text)
    if name == "DoNotCall":
        return text == "1"
    return moment(text) if name in ("CreatedOn", "LastVisitDate") else text


def _place(value: Any) -> tuple[Any, ...]:
    if value is None:
        return (2,)
    return (1, value.casefold()) if isinstance(value, str) else (0, value)


def _labels(key: GroupKey, row: Lead) -> list[Any]:
    """The groups of a key that a lead is in."""
    if isinstance(key, str):
        value = typed(key, row)
        return [value.casefold() if isinstance(value, str) else value]
    value = typed(key.field, row)
    if isinstance(key, NamedPeriods):
        return [
            name
            for name, period in key.periods
            if value is not None and period.start <= value < period.end + timedelta(seconds=1)
        ]
    if value is None:
        return [None]
    if isinstance(key, Bins):
        if value < key.edges[0]:
            return [f"below {key.edges[0]}"]
        for low, high in zip(key.edges, key.edges[1:], strict=False):
            if low <= value < high:
                return [f"{low} to {high}"]
        return [f"{key.edges[-1]} and above"]
    return [bucket_of(key, value)]


def bucket_of(key: DateBucket, value: datetime) -> date:
    day = value.astimezone(ZoneInfo(str(key.tz or "UTC"))).date()
    while not _begins(key, day):
        day -= timedelta(days=1)
    return day


def _begins(key: DateBucket, day: date) -> bool:
    """Whether a period begins on a day."""
    if key.unit == "day":
        return True
    if key.unit == "week":
        return day.strftime("%A").lower() == key.week_starts
    months = {"month": range(1, 13), "quarter": (1, 4, 7, 10), "year": (1,)}[key.unit]
    return day.day == 1 and day.month in months


def _grouped(
    query: Query, aggregation: Aggregation, meeting: list[Lead], accounts: list[Lead]
) -> dict[tuple[Any, ...], list[Lead]]:
    groups: dict[tuple[Any, ...], list[Lead]] = {}
    if not aggregation.keys:
        groups[()] = []
    if aggregation.keys == ("OwnerId",) and query.users is not None:
        owners = [one for one in accounts if is_owned(one, query.users)]
        groups |= {(owner["UserID"].casefold(),): [] for owner in owners}
    for row in meeting:
        for labels in product(*(_labels(key, row) for key in aggregation.keys)):
            groups.setdefault(labels, []).append(row)
    for number, key in enumerate(aggregation.keys):
        if isinstance(key, DateBucket) and key.fill:
            for label in _filled(query, key, meeting):
                for labels in list(groups) or ([()] if len(aggregation.keys) == 1 else []):
                    groups.setdefault((*labels[:number], label, *labels[number + 1 :]), [])
    return groups


def _filled(query: Query, key: DateBucket, meeting: list[Lead]) -> list[date]:
    """Every period from the first to the last that the query asks for."""
    values = [typed(key.field, row) for row in meeting if row[key.field] is not None]
    bounds = [(dates.start, dates.end) for dates in query.dates]
    first = max([low for low, _ in bounds], default=min(values, default=None))
    last = min([high for _, high in bounds], default=max(values, default=None))
    if first is None or last is None:
        return []
    day, end = bucket_of(key, first), bucket_of(key, last)
    found = []
    while day <= end:
        if _begins(key, day):
            found.append(day)
        day += timedelta(days=1)
    return found


def _measure(measure: Measure, rows: list[Lead]) -> Any:
    if measure.function is Function.COUNT:
        return len(rows)
    values = [typed(measure.field, row) for row in rows if row[measure.field] is not None]
    if measure.function is Function.COUNT_DISTINCT:
        return len({value.casefold() if isinstance(value, str) else value for value in values})
    if not values:
        return None
    if measure.function is Function.SUM:
        return float(sum(map(Fraction, values)))
    if measure.function is Function.AVERAGE:
        return float(sum(map(Fraction, values)) / len(values))
    q = {Function.MIN: 0, Function.MAX: 1, Function.MEDIAN: 0.5}.get(measure.function, measure.q)
    assert q is not None
    values.sort()
    rank = Fraction(q) * (len(values) - 1)
    low = int(rank)
    high = min(low + 1, len(values) - 1)
    part = rank - low
    if isinstance(values[0], datetime):
        seconds = (values[high] - values[low]).total_seconds()
        return values[low] + timedelta(seconds=round(seconds * float(part)))
    return float(Fraction(values[low]) + (Fraction(values[high]) - Fraction(values[low])) * part)


def _compared(
    query: Query,
    aggregation: Aggregation,
    meeting: list[Lead],
    plain: list[Measure],
    accounts: list[Lead],
) -> dict[tuple[Any, ...], dict[Measure, Any]]:
    assert query._local is not None
    comparison = query._local.comparison
    assert comparison is not None
    sides = []
    for period in (comparison.before, comparison.after):
        its = [
            row
            for row in meeting
            if _within(row[comparison.on], period.start, period.end + timedelta(seconds=1))
        ]
        sides.append(_grouped(query, aggregation, its, accounts))
    values: dict[tuple[Any, ...], dict[Measure, Any]] = {}
    for key in [*sides[0], *sides[1]]:
        values[key] = {}
        for measure in plain:
            before, after = (_measure(measure, side.get(key, [])) for side in sides)
            change = per_cent = None
            if before is not None and after is not None:
                change = after - before
                if isinstance(change, timedelta):
                    change = change.total_seconds()
                elif before:
                    per_cent = 100 * change / before
            for side, value in zip(
                ("before", "after", "change", "change_pct"),
                (before, after, change, per_cent),
                strict=True,
            ):
                values[key][evolve(measure, side=side)] = value  # type: ignore[arg-type]
    return values


def _group_meets(values: dict[Measure, Any], condition: HavingCondition) -> bool | None:
    if isinstance(condition, JoinedGroupCondition):
        parts = [_group_meets(values, part) for part in condition.parts]
        return all(parts) if condition.joiner is LogicalOperator.AND else any(parts)
    value = values[condition.aggregate.measure]
    return value is not None and COMPARE[condition.operator.token](value, condition.value)


def same_rows(query: Query, found: Sequence[Any], expected: Sequence[Any]) -> bool:
    """Whether rows are equal: in any order if the query names none."""
    found, expected = list(map(_comparable, found)), list(map(_comparable, expected))
    steps = query._local
    if steps is None or not steps.order:
        found, expected = (sorted(rows, key=repr) for rows in (found, expected))
    return len(found) == len(expected) and all(map(_same_row, found, expected))


def has_one_spelling(query: Query, found: Sequence[Any]) -> bool:
    """Whether each text of a group key is spelled alike in all rows."""
    if isinstance(query.output, ListOutput):
        return True
    names = [key for key in as_aggregation(query.output).keys if isinstance(key, str)]
    spellings = ({str(row[name]) for row in found} for name in names)
    return all(len(its) == len(set(map(str.casefold, its))) for its in spellings)


def _comparable(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _key(name, value) if isinstance(value, str) else value for name, value in row.items()
    }


def _same_row(found: dict[str, Any], expected: dict[str, Any]) -> bool:
    return found.keys() == expected.keys() and all(
        value == expected[name]
        or (
            isinstance(value, (int, float))
            and isinstance(expected[name], (int, float))
            and isclose(value, expected[name], rel_tol=1e-9, abs_tol=1e-9)
        )
        for name, value in found.items()
    )
