"""The queries for the sibling reports: what they send, and how they are read."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, strategies as st

from leadquery import (
    Leads,
    LeadsNotContacted,
    LeadsWithNoActiveTasks,
    LeadsWithPendingTasks,
    check,
    count,
    from_payload,
)
from leadquery.errors import QueryError, UnsupportedQueryError
from leadquery.fields import OwnerId, Score, mx_City
from leadquery.lint.decoder import decode_request
from leadquery.query.leads import LeadSet, without_output
from leadquery.query.reports import STARTS
from leadquery.wire.endpoints import Endpoint

EQUAL = "="


def node(leads: LeadSet) -> Any:
    """The part of the body that only its report has."""
    report = leads.select("Phone").to_payload()["ReportFilter"]
    return report[leads._node.endpoint.key]


def row(name: str, value: str) -> dict[str, str]:
    return {"LookUpName": name, "LookUpValue": value, "SqlOperator": EQUAL}


@pytest.mark.parametrize(
    ("leads", "expected"),
    [
        (LeadsNotContacted, []),
        (LeadsNotContacted.activities(21), [row("ActivityEvent", "21")]),
        (
            LeadsNotContacted.activities(21, "022", 21),
            [{"LookUpName": "ActivityEvent", "SqlOperator": "in", "LookUpValues": ["21", "22"]}],
        ),
        (LeadsWithNoActiveTasks, []),
        (LeadsWithNoActiveTasks.task_types("Call"), [row("TaskType", "Call")]),
        (LeadsWithPendingTasks, [row("Status", "PendingAndOverdue")]),
        (LeadsWithPendingTasks.pending(), [row("Status", "Pending")]),
        (
            LeadsWithPendingTasks.task_types("Call").overdue(),
            [row("TaskType", "Call"), row("Status", "Overdue")],
        ),
    ],
)
def test_a_report_has_its_node(leads: LeadSet, expected: list[Any]) -> None:
    query = leads.select("Phone")

    assert node(leads) == expected
    assert from_payload(query.to_payload()) == query
    assert check(query.to_payload()).endpoint is leads._node.endpoint


def test_the_rest_of_the_body_is_that_of_the_main_report() -> None:
    def body(leads: LeadSet) -> dict[str, Any]:
        refined = leads.where(Score > 5).owned_by("u1")
        dated = refined.created_between("2026-01-01", "2026-01-31")
        return dated.group_by(OwnerId).average(Score).page(2, 50).to_payload()

    for endpoint, leads in STARTS.items():
        payload = body(leads)
        del payload["ReportFilter"][endpoint.key]

        assert payload == body(Leads)


NOT_CONTACTED: Any = LeadsNotContacted

NO_TASKS: Any = LeadsWithNoActiveTasks


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: NOT_CONTACTED.activities("Call"), "takes codes of activities such as 21"),
        (lambda: NOT_CONTACTED.activities(True), "takes codes of activities such as 21"),
        (lambda: NOT_CONTACTED.activities(-1), "takes codes of activities such as 21"),
        (lambda: NOT_CONTACTED.activities([21]), r"write activities\(\*codes\)"),
        (NOT_CONTACTED.activities, r"^activities\(\) names nothing; leave the call out for all"),
        (NO_TASKS.task_types, r"^task_types\(\) names nothing; leave the call out for all"),
        (LeadsWithPendingTasks.task_types, r"^task_types\(\) names nothing"),
        (
            lambda: NOT_CONTACTED.activities(1).activities(2),
            "^activities is given already; write all in one call",
        ),
        (lambda: NO_TASKS.task_types(5), "the names of task types, not 5"),
        (lambda: NO_TASKS.task_types(["a"]), r"write task_types\(\*names\)"),
        (lambda: NO_TASKS.task_types(" "), "the names of task types"),
        (lambda: LeadsWithPendingTasks.pending().overdue(), "the status is Pending already"),
        (
            lambda: NOT_CONTACTED.activities(1).activity_filters([]),
            "^activity_filters replaces all other filters of 'ActivityFilters'",
        ),
        (
            lambda: NOT_CONTACTED.activity_filters({"a": 1}).activities(1),
            "given as JSON already; write it there, without activities",
        ),
        (lambda: NOT_CONTACTED.activity_filters("a"), "^activity_filters takes a list or an obj"),
        (lambda: NO_TASKS.task_filters("a"), "^task_filters takes a list or an object"),
        (lambda: LeadsWithPendingTasks.task_filters("a"), "^task_filters takes a list or an obj"),
        (
            lambda: LeadsWithPendingTasks.task_filters({"a": 1}).pending(),
            "given as JSON already; write it there, without pending",
        ),
        (lambda: NOT_CONTACTED.activity_filters([float("nan")]), "takes a list or an object"),
        (lambda: NOT_CONTACTED.activity_filters([object()]), "takes a list or an object"),
        (
            lambda: NO_TASKS.task_filters([{"Is": "OVERDUE"}]),
            r"write LeadsWithPendingTasks.task_filters\(",
        ),
    ],
)
def test_what_is_not_a_filter_is_refused(wrong: Callable[[], object], message: str) -> None:
    with pytest.raises(QueryError, match=message):
        wrong()


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)

nodes = st.lists(json_values, max_size=3) | st.dictionaries(st.text(), json_values, max_size=3)


@given(nodes, st.sampled_from([*STARTS.values()]))
def test_a_node_of_any_form_is_sent_as_it_is(value: Any, start: Any) -> None:
    """And its Python, its JSON and its pickle give it back."""
    method = "task_filters" if start._node.endpoint.node == "tasks" else "activity_filters"
    query = getattr(start, method)(value).select("Phone")
    payload = query.to_payload()
    scope: dict[str, Any] = {}
    exec(query.to_python(), scope)  # noqa: S102 - our own text

    assert payload["ReportFilter"][start._node.endpoint.key] == value
    assert decode_request(payload) is not None
    assert from_payload(query.to_json(), report=start) == query
    assert scope["query"] == query
    assert pickle.loads(pickle.dumps(query)) == query
    assert query.describe()


@given(nodes, nodes)
def test_different_nodes_have_different_sentences(one: Any, other: Any) -> None:
    first = LeadsNotContacted.activity_filters(one).select("Phone")
    second = LeadsNotContacted.activity_filters(other).select("Phone")

    assert (first.describe() == second.describe()) == (first == second)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([{"LookUpName": "ActivityEvent", "LookUpValue": "abc", "SqlOperator": EQUAL}], None),
        ([{"SqlOperator": EQUAL, "LookUpValue": "21", "LookUpName": "ActivityEvent"}], (21,)),
        ([row("Status", "Pending")], None),
        ([{"LookUpName": "ActivityEvent", "LookUpValues": "21", "SqlOperator": "in"}], None),
        ([21], None),
    ],
)
def test_a_node_in_the_assumed_form_is_read_as_its_calls(
    value: Any, expected: tuple[int, ...] | None
) -> None:
    query = LeadsNotContacted.activity_filters(value)
    calls = LeadsNotContacted.activities(*expected) if expected else query

    assert query == calls
    assert ("activity_filters" in repr(query)) == (expected is None)


def test_a_body_on_tasks_is_read_by_its_status() -> None:
    """Without one it may be for both reports, so the caller can say."""
    payload = LeadsWithNoActiveTasks.task_types("Call").select("Phone").to_payload()
    chosen = from_payload(payload, report=LeadsWithPendingTasks)

    assert from_payload(payload) == LeadsWithNoActiveTasks.task_types("Call").select("Phone")
    assert chosen._node.endpoint is Endpoint.PENDING_TASKS
    assert repr(chosen).startswith("LeadsWithPendingTasks.task_filters([{")
    assert chosen.to_payload() == payload
    assert "or for Leads With Pending or Overdue Tasks" in check(payload).summary()


@pytest.mark.parametrize(
    ("report", "message"),
    [
        (LeadsNotContacted, "the body is for LeadsWithPendingTasks; leave report= out"),
        (LeadsWithNoActiveTasks, "the body is for LeadsWithPendingTasks; leave report= out"),
        ("tasks", "report= takes one of Leads, LeadsNotContacted"),
    ],
)
def test_a_report_that_the_body_is_not_for_is_refused(report: Any, message: str) -> None:
    payload = LeadsWithPendingTasks.select("Phone").to_payload()

    with pytest.raises(QueryError, match=message):
        from_payload(payload, report=report)


def test_every_state_keeps_the_report() -> None:
    several = LeadsNotContacted.activities(21).where((mx_City == "Delhi") | (Score > 80))
    steps = several.aggregate(count(), Score.max()).plan().to_dict()["steps"]

    assert without_output(LeadsNotContacted.select("Phone")).page(1) == LeadsNotContacted
    assert len(steps) > 1
    assert all("ActivityFilters" in step["payload"]["ReportFilter"] for step in steps)


def test_sql_is_refused_with_what_to_do_instead() -> None:
    with pytest.raises(UnsupportedQueryError, match=r"cannot write LeadsNotContacted; send the"):
        LeadsNotContacted.select("Phone").to_sql("duckdb")


@pytest.mark.parametrize(
    ("leads", "name", "message"),
    [
        (Leads, "activities", r"no .activities; write LeadsNotContacted.activities\(...\)"),
        (LeadsNotContacted, "overdue", r"write LeadsWithPendingTasks.overdue\(...\)"),
        (
            Leads,
            "task_types",
            r"write LeadsWithNoActiveTasks.task_types\(...\) or LeadsWithPendingTasks.task_types",
        ),
        (LeadsWithPendingTasks, "task_type", "did you mean .task_types"),
    ],
)
def test_a_method_of_another_report_is_named(leads: LeadSet, name: str, message: str) -> None:
    with pytest.raises(AttributeError, match=message):
        getattr(leads, name)
