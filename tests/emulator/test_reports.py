"""The mock API on the reports about activities and tasks, and a plain loop over leads."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, strategies as st

from leadquery import (
    Leads,
    LeadsNotContacted,
    LeadsWithNoActiveTasks,
    LeadsWithPendingTasks,
    count,
    testing,
)
from leadquery.client import Client
from leadquery.emulator import Emulator
from leadquery.emulator.demo import demo_activities, demo_leads, demo_tasks
from leadquery.errors import QueryError, UnsupportedQueryError
from leadquery.fields import ProspectID, Score, Source
from leadquery.query.leads import LeadSet
from leadquery.wire.endpoints import Endpoint, read_node

IDS = ("a", "b", "c", "d")

Rows = list[dict[str, Any]]

leads = st.lists(
    st.fixed_dictionaries(
        {
            "ProspectID": st.sampled_from(IDS),
            "Score": st.integers(0, 9),
            "Source": st.sampled_from(("web", "fair")),
        }
    ),
    max_size=4,
    unique_by=lambda lead: lead["ProspectID"],
)

activities = st.lists(
    st.fixed_dictionaries(
        {"ProspectID": st.sampled_from(IDS), "ActivityEvent": st.sampled_from((21, 22, 30))}
    ),
    max_size=5,
)

STATUSES = ("Pending", "overdue", "Completed", "Cancelled")

tasks = st.lists(
    st.fixed_dictionaries(
        {
            "ProspectID": st.sampled_from((*IDS, None)),
            "TaskType": st.sampled_from(("Call", "call", "Meeting")),
            "Status": st.sampled_from(STATUSES),
        }
    ),
    max_size=6,
).map(lambda rows: [*rows, {"ProspectID": "gone", "TaskType": "Call", "Status": "Pending"}])


def expected(query: LeadSet, rows: Rows, posted: Rows, todo: Rows) -> set[str]:
    """The ids of the leads of a report, by a loop that shares no code with the mock API."""
    filters = read_node(query._node)
    assert filters is not None
    kinds = {kind.casefold() for kind in filters.kinds}
    endpoint = query._node.endpoint
    found = set()
    for lead in rows:
        own = [one for one in posted if one["ProspectID"] == lead["ProspectID"]]
        if endpoint is not Endpoint.NOT_CONTACTED:
            wanted = {"Pending": {"pending"}, "Overdue": {"overdue"}}
            statuses = wanted.get(filters.status or "", {"pending", "overdue"})
            own = [
                one
                for one in todo
                if one["ProspectID"] == lead["ProspectID"] and one["Status"].casefold() in statuses
            ]
        key = "ActivityEvent" if endpoint is Endpoint.NOT_CONTACTED else "TaskType"
        has = any(not kinds or str(one[key]).casefold() in kinds for one in own)
        if has is (endpoint is Endpoint.PENDING_TASKS):
            found.add(lead["ProspectID"])
    return found


@given(testing.sibling_reports(), leads, activities, tasks)
def test_the_mock_api_agrees_with_a_plain_loop(
    query: LeadSet, rows: Rows, posted: Rows, todo: Rows
) -> None:
    """Alone, with a filter, and as the parts of a query of several requests."""
    emulator = Emulator(rows, activities=posted, tasks=todo)
    client = Client("api.example.com", "key", "secret", emulator.session())
    ids = expected(query, rows, posted, todo)
    scores = {lead["ProspectID"]: lead["Score"] for lead in rows}
    high = {one for one in ids if scores[one] > 4}
    listed = query.where(Score > 4).select(ProspectID)
    either = query.where((Score > 4) | (Source == "web"))
    fair = {lead["ProspectID"] for lead in rows if lead["Source"] == "fair"}

    assert {one["ProspectID"] for one in emulator.answer(listed.to_payload())["Results"]} == high
    assert {one["ProspectID"] for one in client.run(listed)} == high
    assert client.count(query) == len(ids)
    assert client.count(either) == len({one for one in ids if scores[one] > 4 or one not in fair})
    assert client.run(either.aggregate(count()), scan="if cheaper")[0]["Count"] == client.count(
        either
    )


def post(emulator: Emulator, endpoint: Endpoint, payload: Any) -> Any:
    url = f"https://api.example.com{endpoint.path}?accessKey=a&secretKey=s"
    return emulator.session().post(url, json=payload).json()


LEAD = {"ProspectID": "a"}

MOCK = Emulator([LEAD], tasks=[{"RelatedEntityId": "A", "TaskType": "Call", "Status": "Overdue"}])


def test_a_path_takes_a_body_without_its_node_as_all() -> None:
    """The vendor's pages say so of both nodes."""
    payload = Leads.select("ProspectID").to_payload()

    assert post(MOCK, Endpoint.PENDING_TASKS, payload)["TotalCount"] == "1"
    assert post(MOCK, Endpoint.NO_ACTIVE_TASKS, payload)["TotalCount"] == "0"
    assert post(MOCK, Endpoint.NOT_CONTACTED, payload)["TotalCount"] == "1"


@pytest.mark.parametrize(
    ("endpoint", "query"),
    [
        (Endpoint.DISTRIBUTION, LeadsNotContacted),
        (Endpoint.NOT_CONTACTED, LeadsWithNoActiveTasks),
        (Endpoint.PENDING_TASKS, LeadsNotContacted),
    ],
)
def test_a_path_refuses_the_body_of_another_report(endpoint: Endpoint, query: LeadSet) -> None:
    error = post(MOCK, endpoint, query.select("Phone").to_payload())

    assert error["Status"] == "Error"
    assert f"send it to {query._node.endpoint.path}" in error["ExceptionMessage"]


def test_both_paths_on_tasks_take_the_same_body() -> None:
    payload = LeadsWithNoActiveTasks.select("Phone").to_payload()

    assert post(MOCK, Endpoint.PENDING_TASKS, payload)["TotalCount"] == "1"


def test_a_node_in_another_form_is_not_guessed() -> None:
    query = LeadsWithPendingTasks.task_filters({"Types": ["Call"]}).select("Phone")

    with pytest.raises(UnsupportedQueryError, match="only in the form that LeadsWithNoActiveTasks"):
        MOCK.answer(query.to_payload())


def test_the_vendor_s_own_names_are_read() -> None:
    """Those of its lists of activities and tasks."""
    emulator = Emulator(
        [LEAD, {"ProspectID": "b"}], activities=[{"RelatedProspectId": "b", "EventCode": 21}]
    )
    query = LeadsNotContacted.activities(21).select("ProspectID")

    assert emulator.answer(json.loads(query.to_json()))["Results"] == [LEAD]


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({"activities": [{"EventCode": 21}]}, "the activities have no id of a lead; write it"),
        ({"tasks": [{"Status": "Pending"}]}, "the tasks have no id of a lead; write it under"),
        ({"tasks": ["a"]}, "task 1 is 'a'; write a dict"),
        ({"activities": 5}, "activities are a list of dicts, not a number"),
    ],
)
def test_rows_without_a_lead_are_refused(named: Any, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        Emulator([LEAD], **named)


def test_the_demo_has_leads_in_every_report() -> None:
    client = Client("api.example.com", "key", "secret", Emulator.demo(500).session())
    reports = (LeadsNotContacted, LeadsWithNoActiveTasks, LeadsWithPendingTasks)
    counts = [client.count(one) for one in reports]

    assert all(0 < one < 500 for one in counts)
    assert counts[1] + counts[2] == 500


def test_the_demo_has_activities_and_tasks_of_all_its_leads() -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    rows = list(demo_leads(500, 1, now))
    ids = [row["ProspectID"] for row in rows]
    by_hand = Emulator(rows, activities=demo_activities(ids), tasks=demo_tasks(ids))
    demo = Emulator.demo(500, now=now)

    for report in (LeadsNotContacted, LeadsWithPendingTasks):
        payload = report.select("ProspectID").page(1, 500).to_payload()
        assert demo.answer(payload) == by_hand.answer(payload)
