"""The law of plans: whatever is asked, the rows are those of a plain loop over the leads."""

from __future__ import annotations

from typing import Any

from hypothesis import given, note, strategies as st

from leadquery import Client, Leads, Query, periods, users
from leadquery.emulator import Emulator
from leadquery.errors import PlanTooLargeError
from leadquery.expr.aggregate import count
from leadquery.fields import CreatedOn, DoNotCall, LastVisitDate, OwnerId, Score, Source, mx_City
from tests.plain_loop import (
    Lead,
    conditions,
    expected_rows,
    has_one_spelling,
    leads,
    own,
    same_rows,
)

USERS = [
    {"UserID": f"{role}-{team}", "Role": role, "Team": team}
    for role in ("User", "Manager", "Admin")
    for team in ("a", "b")
]

MOMENTS = [
    "2026-01-31 18:29:59",
    "2026-01-31 18:30:00",
    "2026-01-31 23:59:59.500",
    "2026-02-01 00:00:00",
    "2026-03-28 23:30:00",
    "2026-03-29 01:00:00",
    "2026-03-29 22:30:00",
]

ZONES = st.sampled_from([None, "Asia/Kolkata", "Europe/Berlin"])

keys: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([Source, mx_City, DoNotCall, Score, OwnerId]),
    st.sampled_from([Score.bins(6), Score.bins(0, 6.5, 8)]),
    st.builds(
        lambda unit, tz, fill: getattr(CreatedOn, unit)(tz=tz, fill=fill),
        st.sampled_from(["week", "month", "quarter", "year"]),
        ZONES,
        st.booleans(),
    ),
    st.builds(lambda tz: LastVisitDate.day(tz=tz), ZONES),
    st.builds(
        lambda tz: CreatedOn.in_periods(
            first=periods.month(2026, 1, tz=tz), both=periods.quarter(2026, 1, tz=tz)
        ),
        ZONES,
    ),
)

aggregates = st.sampled_from(
    [
        count(),
        Score.average(),
        Score.sum(),
        Source.count_distinct(),
        DoNotCall.count_distinct(),
        Score.min(),
        Score.max(),
        Score.median(),
        Score.quantile(0.3),
        LastVisitDate.max(),
    ]
)

group_conditions = st.recursive(
    st.one_of(
        st.builds(lambda n: count() > n, st.integers(0, 4)),
        st.builds(lambda n: Score.average() <= n, st.sampled_from([0, 5, 7.5])),
        st.builds(lambda n: Score.sum() != n, st.sampled_from([0, 5, 7.5])),
    ),
    lambda inner: st.one_of(
        st.builds(lambda a, b: a & b, inner, inner),
        st.builds(lambda a, b: a | b, inner, inner),
        st.builds(lambda a: ~a, inner),
    ),
    max_leaves=3,
)


orders: st.SearchStrategy[Any] = st.sampled_from([Score, Score.desc(), Source, mx_City.desc()])


def _field_of(key: Any) -> str:
    return str(getattr(key, "field", None) or key.name)


@st.composite
def questions(draw: st.DrawFn, keys: st.SearchStrategy[Any] = keys) -> Query[Any]:
    """Queries of every kind."""
    base = Leads.where(*draw(st.lists(conditions, max_size=2)))
    on_created = draw(st.sampled_from(["", "", "range", "compare"]))
    if on_created == "range":
        base = base.created_between("2026-01-31 18:30:00", "2026-03-29 01:00:00")
    if draw(st.integers(0, 3)) == 0:
        base = base.owned_by(users.Role == "User")
    base = base.page(1, draw(st.sampled_from([2, 3, 100])))
    if draw(st.integers(0, 4)) == 0:
        return _sorted(draw, base.select("ProspectID", Score, Source), orders)
    grouped = draw(st.lists(keys, max_size=2, unique_by=_field_of))
    if any(key is own for key in grouped):
        # With other keys, spellings of one number decide about the order of ties.
        grouped = [own]
    wanted = draw(st.lists(aggregates, min_size=1, max_size=3, unique_by=lambda one: one.measure))
    named = {"total": Score.sum()} if draw(st.integers(0, 3)) == 0 else {}
    query: Query[Any] = (base.group_by(*grouped) if grouped else base).aggregate(*wanted, **named)
    if on_created == "compare":
        if "CreatedOn" in map(_field_of, grouped):
            return query
        two = periods.month(2026, 1), periods.between("2026-02-01", "2026-03-29")
        query = query.compare(*two, on=CreatedOn)
        if draw(st.booleans()):
            query = query.order_by(wanted[0].change.desc()).limit(3)
        return query
    if draw(st.booleans()):
        query = query.having(draw(group_conditions))
    by = st.sampled_from([count(), count().desc(), Score.sum().desc(), wanted[0].asc()])
    return _sorted(draw, query, by)


def _sorted(draw: st.DrawFn, query: Query[Any], by: st.SearchStrategy[Any]) -> Query[Any]:
    """A query, perhaps sorted, and then perhaps limited."""
    if draw(st.booleans()):
        query = query.order_by(draw(by))
        if draw(st.booleans()):
            query = query.limit(draw(st.integers(1, 5)))
    return query


tables = st.lists(
    st.tuples(leads, st.sampled_from(MOMENTS)).map(lambda pair: pair[0] | {"CreatedOn": pair[1]}),
    max_size=14,
)


def with_ids(rows: list[Lead]) -> list[Lead]:
    return [
        row | {"ProspectID": f"{number:02}", "OwnerId": f"{row['Role']}-{row['Team']}"}
        for number, row in enumerate(rows)
    ]


def client_of(rows: list[Lead]) -> Client:
    """A client of the mock API with these leads, whose owners have the lead's role and team."""
    stored = [
        {name: value for name, value in row.items() if name not in ("Role", "Team")} for row in rows
    ]
    session = Emulator(stored, USERS, [Score, mx_City, CreatedOn, LastVisitDate]).session()
    return Client("api.example.com", "key", "secret", session, rate=None)


@given(questions(keys | st.just(own)), tables)
def test_rows_are_those_of_a_plain_loop(query: Query[Any], rows: list[Lead]) -> None:
    rows = with_ids(rows)
    note(repr(query))
    try:
        found = client_of(rows).run(query, progress=False, on_change="ignore")
    except PlanTooLargeError:
        return

    expected = expected_rows(query, rows, USERS)
    note(repr(query))
    assert same_rows(query, found.rows, expected)
    assert has_one_spelling(query, found.rows)


@given(st.sampled_from([mx_City, DoNotCall, CreatedOn.month()]), tables)
def test_a_text_has_one_spelling_in_all_groups(other: Any, rows: list[Lead]) -> None:
    query = Leads.group_by(other, Source).count()

    found = client_of(with_ids(rows)).run(query, progress=False, on_change="ignore")
    assert has_one_spelling(query, found.rows)
