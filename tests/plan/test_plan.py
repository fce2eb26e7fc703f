"""The law of plans: the combined rows are those of a plain loop over the leads."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import partial, reduce
from operator import or_
from statistics import fmean
from typing import Any

import pytest
from hypothesis import given, strategies as st

from leadquery import Client, Leads, Query, QueryError, UnsupportedQueryError, periods, users
from leadquery.emulator import Emulator
from leadquery.errors import PlanTooLargeError
from leadquery.expr.predicate import Condition
from leadquery.fields import CreatedOn, Field, OwnerId, ProspectStage, Score, Source, mx_City
from leadquery.plan import Rows, solve
from leadquery.wire.model import Paging
from tests.plain_loop import Lead, conditions, leads, meets

USERS = [
    {"UserID": f"{role}-{team}", "Role": role, "Team": team}
    for role in ("User", "Manager", "Admin")
    for team in ("a", "b")
]
EITHER = (mx_City == "Delhi") | (Score > 80)


def client_of(rows: list[Lead]) -> Client:
    """A client of the mock API with these leads, whose owners have the lead's role and team."""
    stored = [
        {
            **{name: value for name, value in row.items() if name not in ("Role", "Team")},
            "ProspectID": str(number),
            "OwnerId": f"{row['Role']}-{row['Team']}",
        }
        for number, row in enumerate(rows)
    ]
    session = Emulator(stored, USERS, [Score, mx_City]).session()
    return Client("api.example.com", "key", "secret", session, rate=None)


def combine(query: Query, *results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a query whose requests return these rows."""
    recipe = solve(query, 100)
    steps = next(recipe)
    assert len(steps) == len(results)
    with pytest.raises(StopIteration) as stop:
        recipe.send([Rows(rows, len(rows)) for rows in results])
    rows: list[dict[str, Any]] = stop.value.value
    return rows


def groups_of(rows: list[Lead], name: str) -> dict[str | None, list[Lead]]:
    groups: dict[str | None, list[Lead]] = defaultdict(list)
    for row in rows:
        groups[row[name]].append(row)
    return groups


def numbers_of(rows: list[Lead]) -> list[float]:
    return [float(row["Score"]) for row in rows if row["Score"] is not None]


questions = st.tuples(
    st.lists(conditions, min_size=1, max_size=2), st.lists(leads, min_size=1, max_size=25)
)


@given(questions)
def test_rows_are_those_of_a_plain_loop(question: tuple[list[Condition], list[Lead]]) -> None:
    """A list, the number of leads, and a count, an average and a sum per city."""
    wanted, rows = question
    client = client_of(rows)
    query = Leads.where(*wanted)
    expected = [row for row in rows if all(meets(row, one) for one in wanted)]
    try:
        query.select("ProspectID").plan()
    except PlanTooLargeError:
        return

    listed = client.run(query.select("ProspectID", "Score"))
    meeting = [str(number) for number, row in enumerate(rows) if row in expected]
    assert sorted(row["ProspectID"] for row in listed) == sorted(meeting)
    assert client.count(query) == len(expected)
    by_city = query.group_by(mx_City)
    groups = groups_of(expected, "mx_City")
    for name, planned in (("sum", by_city.sum(Score)), ("average", by_city.average(Score))):
        try:
            planned.plan()
        except PlanTooLargeError:
            continue
        found = {row["mx_City"]: row for row in client.run(planned)}
        assert {city: row["Count"] for city, row in found.items()} == {
            city: len(group) for city, group in groups.items()
        }
        for city, group in groups.items():
            numbers = numbers_of(group)
            value = found[city][planned.output.columns[-1]]
            if not numbers:
                assert value is None
            else:
                total = sum(numbers) if name == "sum" else fmean(numbers)
                assert value == pytest.approx(total, rel=1e-9)


@pytest.fixture
def client() -> Client:
    return Client("api.example.com", "key", "secret", Emulator.demo(500).session(), rate=None)


def test_a_query_of_one_request_has_a_plan_of_one_step() -> None:
    query = Leads.where(Score > 5).group_by(OwnerId).count()

    assert query.is_one_request
    assert query.plan().calls == 1
    assert query.plan().steps[0].query == query


def test_the_plan_is_printed_with_signs_and_price() -> None:
    plan = Leads.where(EITHER).group_by(OwnerId).count().plan()

    assert str(plan).splitlines() == [
        "3 requests and 3 that watch for changes, under 2 s at 25 per 5 s",
        '+ leads with mx_City equal to "Delhi"                     per OwnerId: Count',
        "+ leads with Score above 80                               per OwnerId: Count",
        '- leads with mx_City equal to "Delhi" and Score above 80  per OwnerId: Count',
        "combined here: counts added and subtracted by OwnerId",
    ]


def test_the_plan_as_json_holds_every_payload() -> None:
    plan = Leads.where(EITHER).group_by(OwnerId).average(Score).plan()
    data = json.loads(json.dumps(plan.to_dict()))

    assert data["calls"] == plan.calls == len(data["steps"]) == 4
    assert [step["payload"] for step in data["steps"]] == [
        step.query.to_payload() for step in plan.steps
    ]
    assert [step["leads"] for step in data["steps"]] == [1, 0, 1, -1]
    assert [step["values"] for step in data["steps"]] == [1, 1, 0, 0]


@pytest.mark.parametrize(("calls", "seconds"), [(1, 0), (3, 0), (31, 5)])
def test_the_seconds_that_the_rate_takes(calls: int, seconds: float) -> None:
    condition: Condition = mx_City == "a"
    for number in range({1: 0, 3: 1, 31: 4}[calls]):
        condition |= [Score > 80, Source == "Web", CreatedOn > "2026-01-01", OwnerId == "x"][number]
    plan = Leads.where(condition).group_by(OwnerId).count().plan()

    assert plan.calls == calls
    assert plan.seconds() == seconds


def test_a_dear_question_is_refused_before_it_is_asked(client: Client) -> None:
    query = Leads.where(EITHER).group_by(OwnerId).count()

    with pytest.raises(
        PlanTooLargeError, match=r"more than 2 requests; take a scan, .*, join fewer"
    ):
        client.run(query, max_calls=2)


def test_progress_counts_requests(client: Client) -> None:
    seen: list[tuple[int, int]] = []
    query = Leads.where(EITHER).group_by(OwnerId).count()

    client.run(query, progress=lambda progress: seen.append((progress.rows, progress.total)))

    # With those that watch for changes.
    assert seen == [(number, 6) for number in range(1, 7)]


@pytest.mark.parametrize("method", ["run_page", "pages", "rows", "csv", "export"])
def test_other_methods_refuse_a_query_of_several_requests(client: Client, method: str) -> None:
    query = Leads.where(EITHER).select("Phone")
    file = ("leads.csv",) if method in ("csv", "export") else ()

    with pytest.raises(UnsupportedQueryError, match="takes 3 requests"):
        getattr(client, method)(query, *file)


def test_a_page_of_several_requests_is_refused(client: Client) -> None:
    with pytest.raises(QueryError, match="has no pages of its own"):
        Leads.where(EITHER).select("Phone").page(2).plan()
    with pytest.raises(QueryError, match="has no pages of its own"):
        client.run(Leads.where(EITHER).select("Phone").page(None))


def test_pages_within_a_request_have_the_size_that_is_asked_for() -> None:
    query = Leads.where(EITHER).select("Phone")

    assert query.plan().steps[0].query.paging == Paging(1, 1_000)
    assert query.page(1, 50).plan().steps[0].query.paging == Paging(1, 50)


def test_a_limit_is_the_number_of_rows(client: Client) -> None:
    query = Leads.where(EITHER).select("Phone")

    assert len(client.run(query, limit=3)) == 3
    assert client.run(query).columns == ("Phone",)


def test_conditions_that_no_lead_meets(client: Client) -> None:
    nothing = Leads.where(((Score > 80) & (Score < 20)) | ((Score > 8) & (Score < 2)))

    assert nothing.select("Phone").plan().calls == 0
    assert client.count(nothing) == 0
    assert client.run(nothing.select("Phone")).rows == ()


def test_owners_without_leads_are_listed_as_in_one_request(client: Client) -> None:
    """Under a user filter, the API lists every owner that meets it."""
    sales = Leads.owned_by(users.Role == "Sales_User")
    one = client.run(sales.group_by(OwnerId).count())
    several = client.run(
        sales.where((Score > 1_000) | (mx_City == "Nowhere")).group_by(OwnerId).count()
    )

    assert {row["OwnerId"] for row in several} == {row["OwnerId"] for row in one}
    assert {row["Count"] for row in several} == {0}


@pytest.mark.parametrize(
    ("condition", "calls"),
    [
        ((Score > 80) & (Score < 20) | (Score > 8) & (Score < 2), 1),
        (~(users.Role == "Sales_User"), 1),
        ((users.Role == "Admin") & (Score > 1_000) | (users.Role == "Manager") & (Score > 80), 4),
    ],
)
def test_owners_are_listed_where_no_request_has_their_filter(
    client: Client, condition: Condition, calls: int
) -> None:
    sales = Leads.owned_by(users.Role == "Sales_User")
    query = sales.where(condition).group_by(OwnerId).count()
    found = client.run(query)

    owners = client.run(sales.group_by(OwnerId).count())
    assert {row["OwnerId"] for row in found} == {row["OwnerId"] for row in owners}
    assert sum(row["Count"] for row in found) == client.count(sales.where(condition))
    assert query.plan().calls == calls


def test_groups_match_without_regard_to_case() -> None:
    """As the server groups them; two that one result tells apart stay two groups."""
    query = Leads.where(EITHER).group_by(Source).count()

    def rows(*groups: tuple[str, int]) -> list[dict[str, Any]]:
        return [{"Source": source, "Count": count} for source, count in groups]

    folded = combine(query, rows(("Web", 2)), rows(("web", 3)), rows(("WEB", 1)))
    apart = combine(query, rows(("Web", 2), ("web", 4)), rows(("web", 3)), rows(("Web", 1)))

    assert folded == [{"Source": "Web", "Count": 4}]
    assert apart == [{"Source": "Web", "Count": 1}, {"Source": "web", "Count": 7}]


def test_a_sum_that_the_api_leaves_null_adds_nothing() -> None:
    query = Leads.where((Score > 80) | (mx_City == "a")).group_by(Source).sum(Score)
    row = {"Source": "Web", "Count": 2, "Sum_Score": None}

    assert combine(query, *[[row]] * query.plan().calls)[0]["Sum_Score"] is None


def test_owners_of_the_query_and_others_join() -> None:
    managers, sales = users.Role == "Manager", users.Role == "Sales_User"
    query = Leads.owned_by(managers).where(sales | (Score > 80)).group_by(Source).count()

    assert [step.query.users for step in query.plan().steps] == [
        sales & managers,
        managers,
        sales & managers,
    ]


def test_a_user_filter_that_implies_a_condition(client: Client) -> None:
    """Two terms of the sum may be one request, whose signs are added."""
    sales, enabled = users.Role == "Sales_User", users.StatusCode == "0"
    query = Leads.owned_by(sales & enabled).where(sales | (Score != 0))

    assert [step.sign for step in query.count().plan().steps] == [1]
    assert client.count(query) == client.count(Leads.owned_by(sales & enabled))


def test_every_other_owner(client: Client) -> None:
    sales = users.Role == "Sales_User"
    others = client.run(Leads.owned_by(~sales).group_by(OwnerId).count())

    owned = {row["OwnerId"] for row in client.run(Leads.owned_by(sales).group_by(OwnerId).count())}
    assert owned.isdisjoint(row["OwnerId"] for row in others)
    assert client.count(Leads.owned_by(~sales)) + client.count(Leads.owned_by(sales)) == 500


def test_the_sentence_and_the_source_hold_every_condition() -> None:
    query = Leads.where(EITHER, Source == "Web").owned_by(~(users.Role == "a")).select("Phone")
    names: dict[str, Any] = {"users": users, "Leads": Leads}
    names |= {"mx_City": mx_City, "Score": Score, "Source": Source, "Phone": "Phone"}

    assert eval(repr(query), names) == query
    assert query.describe() == (
        'List of Phone of leads with Source equal to "Web" and (mx_City equal to "Delhi" or Score '
        'above 80) and an owner without (Role equal to "a").'
    )


def test_a_notebook_shows_the_plan() -> None:
    query = Leads.where(EITHER).select("Phone")
    too_many = reduce(or_, [Field(f"mx_{number}") == "a" for number in range(8)])

    assert "3 requests and 3 that watch for changes, under 2 s" in query._repr_html_()
    assert "more than 100 requests" in Leads.where(too_many).select("Phone")._repr_html_()
    assert "3 requests" in query.page(1, 50)._repr_html_()


def test_a_notebook_shows_a_plan_as_text() -> None:
    from IPython.lib.pretty import pretty

    plan = Leads.where((Score > 80) | (mx_City == "Delhi")).count().plan()

    assert pretty(plan) == str(plan)  # type: ignore[no-untyped-call]


def test_lists_have_the_whole_last_second() -> None:
    """Each request of a plan is exact, as one request is."""
    rows = [
        {"ProspectID": "a", "Score": 90, "CreatedOn": "2026-01-31 23:59:59.500"},
        {"ProspectID": "b", "Score": 90, "CreatedOn": "2026-02-01 00:00:00"},
    ]
    client = Client("api.example.com", "key", "secret", Emulator(rows).session(), rate=None)
    query = Leads.where(EITHER).created_between("2026-01-01", "2026-01-31").select("ProspectID")

    assert [row["ProspectID"] for row in client.run(query)] == ["a"]


@pytest.mark.parametrize(
    "condition",
    [CreatedOn > "2026-01-01", (CreatedOn > "2026-01-01") | (Score > 5)],
    ids=["a filter", "a condition joined by OR"],
)
def test_a_later_condition_on_the_compared_date_is_refused(condition: Condition) -> None:
    months = periods.month(2026, 1), periods.month(2026, 2)
    query = Leads.group_by(OwnerId).count().compare(*months, on=CreatedOn).where(condition)

    with pytest.raises(QueryError, match=r"a condition on CreatedOn, which compare\(...\) sets"):
        query.plan()


def test_dates_without_a_range_are_what_decides_the_number_of_requests() -> None:
    months = Leads.group_by(CreatedOn.month()).count()
    since = Leads.where(CreatedOn >= "2026-01-01").group_by(CreatedOn.month(), OwnerId).count()
    in_2026 = Leads.created_in(periods.year(2026)).group_by(CreatedOn.month(), OwnerId).count()
    stages = Leads.created_in(periods.year(2026)).group_by(
        CreatedOn.month(), ProspectStage, OwnerId
    )

    assert months.plan().later == since.plan().later == (EACH_MONTH,)
    assert in_2026.plan().later == ()
    assert stages.count().plan().later == ("one request, or more, for each value found",)


EACH_MONTH = (
    "one request, or more, for each month from the first CreatedOn to the last; limit CreatedOn to "
    "know how many"
)


@pytest.mark.parametrize("max_calls", ["100", 5.5, None])
def test_what_is_no_number_of_requests(max_calls: Any) -> None:
    query = Leads.where(EITHER).select(Score)

    for call in (query.plan, partial(client_of([]).plan, query), partial(client_of([]).run, query)):
        with pytest.raises(
            QueryError, match=r"max_calls=.* is not a whole number; write max_calls"
        ):
            call(max_calls=max_calls)
