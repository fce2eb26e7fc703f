"""Fields in which all leads may have data: fewer requests if they have, always the same rows."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any, Final

import pytest
from hypothesis import given, note, strategies as st

from leadquery import Client, Leads, LeadSet, Query, QueryError, count, users
from leadquery.emulator import Emulator
from leadquery.errors import PlanTooLargeError
from leadquery.expr import BaseField, Number
from leadquery.expr.predicate import Condition
from leadquery.fields import (
    CreatedOn,
    Field,
    LastVisitDate,
    OwnerId,
    ProspectStage,
    Score,
    Source,
    mx_City,
)
from leadquery.plan.filled import filled_names
from tests.plain_loop import Lead, conditions, expected_rows, leads, same_rows
from tests.plan.test_law import USERS, client_of, with_ids

NUMBERS: Final = [Number(f"mx_Number{n}") for n in range(8)]
OWN: Final = Field("mx_Own")
FIELDS: Final[dict[BaseField[Any], Condition]] = {
    Score: Score > 5,
    Source: Source != "web",
    mx_City: mx_City == "Delhi",
    OWN: OWN == "1",
    LastVisitDate: LastVisitDate < "2026-01-02",
}


def any_of(fields: int) -> Condition:
    return reduce(or_, [number > 5 for number in NUMBERS[:fields]])


def numbers_client(rows: list[dict[str, Any]]) -> Client:
    stored = [{"ProspectID": f"{n:02}", "OwnerId": "a", **row} for n, row in enumerate(rows)]
    session = Emulator(stored, fields=NUMBERS).session()
    return Client("api.example.com", "key", "secret", session, rate=None)


def sent_by(client: Client, query: Query[Any], **options: Any) -> tuple[list[Any], int]:
    """The rows of a query, and the number of requests that it took."""
    sent: list[int] = []
    options = {"on_change": "ignore", "progress": lambda one: sent.append(one.rows), **options}
    rows = client.run(query, **options).rows
    return list(rows), sent[-1]


@given(
    st.lists(conditions, max_size=1),
    st.lists(leads, max_size=14),
    st.lists(st.sampled_from(list(FIELDS)), min_size=3, unique_by=lambda field: field.name),
    st.sampled_from(["list", "groups", "all"]),
    st.booleans(),
)
def test_rows_are_those_of_a_plain_loop_whether_fields_are_filled_or_not(
    wanted: list[Condition], rows: list[Lead], filled: list[Any], output: str, complete: bool
) -> None:
    rows = with_ids(rows)
    if complete:
        rows = [row for row in rows if all(row[field.name] is not None for field in filled)]
    asked = Leads.where(reduce(or_, map(FIELDS.__getitem__, filled)), *wanted)
    query: Query[Any] = asked.select("ProspectID", Score)
    if output != "list":
        grouped: Any = asked.group_by(mx_City) if output == "groups" else asked
        query = grouped.aggregate(count(), Score.average(), Source.count_distinct())
    note(repr(query))
    try:
        found = client_of(rows).run(query, progress=False, on_change="ignore", filled=filled)
    except PlanTooLargeError:
        return

    assert same_rows(query, found.rows, expected_rows(query, rows, USERS))


@pytest.mark.parametrize(
    "narrowed",
    [
        Leads.where(Score.has_data()),
        Leads.where(Score != 50),
        Leads.owned_by(users.Role == "Manager").where(
            (Score > 80) | (users.Attribute("Team") == "a")
        ),
    ],
    ids=["has data", "differs", "users"],
)
def test_the_two_counts_are_of_all_leads_that_the_requests_count(narrowed: LeadSet) -> None:
    """Not only of those that meet conditions which the plan may express by their opposites."""
    query = narrowed.where(reduce(or_, reversed(FIELDS.values())))
    values = {
        "Source": "x",
        "mx_City": "Delhi",
        "mx_Own": "1",
        "LastVisitDate": "2026-01-01 00:00:00",
    }
    missing = dict.fromkeys(["Score", "DoNotCall", *values])
    owner = {"Role": "User", "Team": "b"}
    rows = with_ids([{**missing, name: value, **owner} for name, value in values.items()])
    wanted = query.select("ProspectID")
    found = client_of(rows).run(wanted, on_change="ignore", filled=list(FIELDS))

    assert same_rows(wanted, found.rows, expected_rows(wanted, rows, USERS))


@pytest.mark.parametrize("fields", range(3, 9))
def test_any_number_of_filled_fields_takes_two_requests_and_two_counts(fields: int) -> None:
    query = Leads.where(any_of(fields)).group_by(OwnerId).count()
    rows = [{f"mx_Number{n}": (n * 7 + m) % 12 for n in range(8)} for m in range(9)]
    client = numbers_client(rows)

    assert query.plan(filled=NUMBERS).calls == 4
    assert client.plan(query, filled=NUMBERS).calls == 4
    found, sent = sent_by(client, query, filled=NUMBERS)
    assert sent == 4
    matching = [row for row in rows if any(row[f"mx_Number{n}"] > 5 for n in range(fields))]
    assert found == [{"OwnerId": "a", "Count": len(matching)}]


def test_a_field_that_is_not_filled_costs_two_counts_more() -> None:
    query = Leads.where(any_of(3)).group_by(OwnerId).count()
    client = numbers_client([{"mx_Number0": 9}, {f"mx_Number{n}": 1 for n in range(8)}])

    assert sent_by(client, query, filled=NUMBERS) == ([{"OwnerId": "a", "Count": 1}], 9)
    assert client.plan(query, filled=NUMBERS).calls == 9


def test_a_plan_that_only_filled_fields_make_possible_is_refused_if_they_are_not() -> None:
    query = Leads.where(any_of(8)).group_by(OwnerId).count()
    client = numbers_client([{"mx_Number0": 9}])

    with pytest.raises(PlanTooLargeError, match=r"2 if filled=\[...\] names fields"):
        client.run(query, filled=NUMBERS)


@pytest.mark.parametrize(
    "query",
    [
        Leads.where(any_of(2)).group_by(OwnerId).count(),
        Leads.where(any_of(8)).select("ProspectID"),
        Leads.where(Score > 5).group_by(OwnerId, ProspectStage).count(),
    ],
    ids=["few requests", "too many in any case", "no condition joined by OR"],
)
def test_nothing_is_counted_where_it_saves_nothing(query: Query[Any]) -> None:
    filled: list[BaseField[Any]] = [Source, *([] if "mx_Number7" in repr(query) else NUMBERS)]
    try:
        usual = query.plan()
    except PlanTooLargeError:
        with pytest.raises(PlanTooLargeError):
            query.plan(filled=filled)
        return

    assert query.plan(filled=filled) == usual


def test_requests_behind_a_lookup_are_spared_for_each_value() -> None:
    """So the counts pay though the lookup alone spares one request."""
    query = Leads.where(any_of(2)).group_by(OwnerId, ProspectStage).count()

    assert [step.is_check for step in query.plan(filled=NUMBERS).steps] == [
        True,
        True,
        False,
        False,
    ]


def test_the_plan_says_what_the_counts_are_for() -> None:
    query = Leads.where(any_of(3), Source == "Web").group_by(OwnerId).count()
    plan = query.plan(filled=NUMBERS)

    assert [step.leads_described for step in plan.steps[:2]] == [
        'leads with Source equal to "Web"',
        (
            'leads with Source equal to "Web" and mx_Number0 that has data and mx_Number1 that '
            "has data and mx_Number2 that has data"
        ),
    ]
    assert plan.combination[0] == "the first two counts are equal, or other requests follow"
    assert plan.to_dict()["calls"] == 4


def test_the_counts_for_a_list_are_of_any_date() -> None:
    """For a list is read to the end of its last second."""
    listed = Leads.where(any_of(3)).created_between("2026-01-01", "2026-01-31").select("ProspectID")
    checks = [step for step in listed.plan(filled=NUMBERS).steps if step.is_check]

    assert [step.query.dates for step in checks] == [(), ()]


def test_mandatory_fields_of_the_account_and_system_fields() -> None:
    account: list[dict[str, Any]] = [
        {"SchemaName": "mx_City", "IsMandatory": True},
        {"SchemaName": "Source", "IsMandatory": "true"},
        {"SchemaName": "Score", "IsMandatory": False},
        {"SchemaName": "Phone"},
    ]

    assert set(filled_names(account)) == {
        "mx_City",
        "Source",
        "ProspectID",
        "CreatedOn",
        "ModifiedOn",
        "OwnerId",
    }
    assert filled_names((CreatedOn, "mx_Own")) == ("CreatedOn", "mx_Own")


@pytest.mark.parametrize("filled", ["Score", Score, {"SchemaName": "Score"}, 5])
def test_what_is_no_list_of_fields_is_refused(filled: Any) -> None:
    with pytest.raises(QueryError, match=r"is not a list of fields; write filled=\[mx_City\]"):
        Leads.where(any_of(3)).count().plan(filled=filled)
