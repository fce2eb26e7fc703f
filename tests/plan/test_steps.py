"""Single steps of plans that random questions seldom take."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

import pytest

from leadquery import Client, Leads, count, periods, users
from leadquery.emulator import Emulator
from leadquery.errors import PlanTooLargeError
from leadquery.expr import DateTime
from leadquery.expr.collation import OrderedCells, text_key, values_of
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
from leadquery.wire.enums import Operator
from leadquery.wire.model import ComparisonFilter, PresenceFilter

EITHER = (mx_City == "Delhi") | (Score > 80)
JANUARY, FEBRUARY = periods.month(2026, 1), periods.month(2026, 2)

LEADS: list[dict[str, Any]] = [
    {
        "ProspectID": f"{number:02}",
        "OwnerId": f"owner-{number % 7}",
        "ProspectStage": "Lead" if number % 2 else "Customer",
        "Score": number,
        "Source": f"source {number % 9}",
        "CreatedOn": f"2026-{1 + number % 3:02}-15 10:00:00",
        "LastVisitDate": f"2026-04-{1 + number:02} 00:00:00",
    }
    for number in range(21)
]


@pytest.fixture
def client() -> Client:
    session = Emulator(LEADS, fields=[DateTime("mx_Visit")]).session()
    return Client("api.example.com", "key", "secret", session, rate=None)


def test_a_comparison_of_many_requests_is_refused_as_a_whole() -> None:
    """Though each of its periods takes few enough."""
    query = Leads.where(EITHER).group_by(OwnerId).count().compare(JANUARY, FEBRUARY, on=CreatedOn)

    with pytest.raises(PlanTooLargeError, match="takes more than 4 requests"):
        query.plan(max_calls=4)
    assert query.plan(max_calls=6).calls == 6


def test_lookups_count_among_the_requests_of_a_plan(client: Client) -> None:
    query = Leads.group_by(OwnerId, ProspectStage).count()

    assert client.plan(query, max_calls=3).calls == 3
    with pytest.raises(PlanTooLargeError, match=r"more than 2 requests.* take a scan of 21 leads"):
        client.plan(query, max_calls=2)


def test_requests_group_by_the_key_with_more_values(client: Client) -> None:
    """Both are looked up if the first one has many."""
    plan = client.plan(Leads.group_by(OwnerId, Source).count())

    assert [step.lookup for step in plan.steps] == [True, True, *[False] * 7]
    assert {step.query.output.columns[0] for step in plan.steps[2:]} == {"Source"}


def test_a_date_may_be_a_key_beside_another(client: Client) -> None:
    moment = datetime(2026, 1, 15, 10, tzinfo=timezone.utc)
    with pytest.warns(UserWarning, match="a group for each second"):
        query = Leads.where(Score < 2).group_by("CreatedOn", OwnerId).count()

    assert {"CreatedOn": moment, "OwnerId": "owner-0", "Count": 1} in client.run(query).rows


def test_conditions_on_a_date_are_the_range_of_its_periods(client: Client) -> None:
    range_ = CreatedOn >= "2026-02-01", CreatedOn < "2026-04-01"
    query = Leads.where(*range_).group_by(CreatedOn.month(fill=True)).count()

    assert query.plan().is_complete
    assert [row["CreatedOn_month"] for row in client.run(query)] == [
        date(2026, 2, 1),
        date(2026, 3, 1),
    ]


def test_a_condition_that_is_no_date_leaves_the_range_open() -> None:
    visit = DateTime("mx_Visit")
    query = Leads.where(Field("mx_Visit") > "soon").group_by(visit.month()).count()

    assert not query.plan().is_complete


def test_a_date_that_no_lead_has_makes_no_period(client: Client) -> None:
    visits = Leads.group_by(DateTime("mx_Visit").month()).count()

    assert client.run(visits).rows == ({"mx_Visit_month": None, "Count": 21},)
    assert client.run(Leads.where(Score > 99).group_by(CreatedOn.month()).count()).rows == ()


def test_a_condition_and_its_opposite_on_a_field_of_unknown_type() -> None:
    own = Field("mx_Own")
    either = (own < "5") & (Score > 5) | (own >= "5") & (Score < 9)

    assert Leads.where(either).count().plan().calls == 2
    assert Leads.where((own < "5") & (own >= "5") | (Score > 5)).count().plan().calls == 1


def test_rows_are_sorted_by_columns_that_have_names(client: Client) -> None:
    groups = Leads.group_by(ProspectStage).aggregate(count(), total=Score.sum())
    compared = groups.compare(JANUARY, FEBRUARY, on=CreatedOn)

    assert [row["total"] for row in client.run(groups.order_by("total"))] == [100, 110]
    totals = [row["total_after"] for row in client.run(compared.order_by("total_after"))]
    assert totals == sorted(totals)


def test_the_change_of_a_date_is_in_seconds(client: Client) -> None:
    latest = Leads.group_by(ProspectStage).aggregate(LastVisitDate.max())
    found = client.run(latest.compare(JANUARY, FEBRUARY, on=CreatedOn))

    changes = {row["ProspectStage"]: row["Max_LastVisitDate_change"] for row in found}
    assert changes == {"Customer": -2 * 86_400, "Lead": 4 * 86_400}
    assert {row["Max_LastVisitDate_change_pct"] for row in found} == {None}


def test_a_comparison_to_date_cuts_both_periods() -> None:
    running = periods.between("2020-01-01", "2999-01-01")
    query = Leads.group_by(OwnerId).count()
    compared = query.compare(JANUARY, running, on=CreatedOn, to_date=True)
    ends = [
        one.value
        for step in compared.plan().steps
        for one in step.query.filters
        if isinstance(one, ComparisonFilter) and one.operator is Operator.BELOW
    ]

    assert ends[0] == "2026-02-01 00:00:00"
    assert ends[1] < "2900"


def test_a_condition_on_users_that_another_one_implies_is_left_out() -> None:
    sales = users.Role == "Sales_User"

    assert Leads.where(sales | (sales & (Score > 5))) == Leads.owned_by(sales)


def test_searches_that_take_too_long_are_no_contradiction() -> None:
    def search(operator: Operator, n: int) -> ComparisonFilter:
        return ComparisonFilter("Source", f"{n:03}" * 20, operator)

    wanted = [search(Operator.CONTAINS, n) for n in range(200)]
    excluded = [search(Operator.DOES_NOT_CONTAIN, n) for n in range(200, 400)]
    searches = [*wanted, *excluded]
    equal = ComparisonFilter("Source", "007" * 1_000, Operator.EQUAL)

    both = [wanted[0], search(Operator.DOES_NOT_CONTAIN, 0)]
    assert OrderedCells(text_key, both).is_unsatisfiable(both)
    assert list(values_of([PresenceFilter("Source", Operator.HAS_DATA, None)])) == []
    assert not OrderedCells(text_key, searches).is_unsatisfiable(searches)
    assert not OrderedCells(text_key, [equal]).is_unsatisfiable([*searches, equal])
    assert OrderedCells(text_key, [equal]).is_unsatisfiable([*wanted[:2], equal])
