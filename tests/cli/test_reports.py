"""The commands, and the fixture of pytest, with queries for the sibling reports."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leadquery import Client, LeadsNotContacted, LeadsWithPendingTasks
from leadquery.client.transport import _warn_once
from leadquery.emulator import Emulator
from leadquery.emulator.server import EmulatorServer
from leadquery.testing import FakeLeadSquared
from tests.cli.shell import Write, failure, leadquery

QUERIES = """\
from leadquery import LeadsNotContacted, LeadsWithPendingTasks

cold = LeadsNotContacted.activities(21).select("ProspectID")
late = LeadsWithPendingTasks.overdue().select("ProspectID")
"""

LEADS = [{"ProspectID": "a"}, {"ProspectID": "b"}]

ACTIVITIES = [{"ProspectID": "a", "ActivityEvent": 21}]

TASKS = [{"ProspectID": "a", "TaskType": "Call", "Status": "Overdue"}]


def test_a_payload_says_where_it_goes(write: Write) -> None:
    """On stderr, because JSON holds no path, and a command no comment."""
    write("q.py", QUERIES)
    result = leadquery("payload", "q.py:late")

    assert "TaskFilters" in json.loads(result.stdout)["ReportFilter"]
    assert result.stderr == (
        "Note: late is for Leads With Pending or Overdue Tasks, at "
        "/Tasks/OwnerWiseLeadsWithPendingTasks; assumed, not documented: the path "
        "/Tasks/OwnerWiseLeadsWithPendingTasks (reported by a third party); the form of "
        "'TaskFilters' (inferred)\n"
    )
    assert leadquery("payload", "q.py:late", "--as", "curl").stderr == result.stderr
    assert leadquery("payload", "q.py:late", "--as", "curl", "--script").stderr == ""


def test_a_node_of_your_own_is_noted_without_assumptions(write: Write) -> None:
    write("q.py", f"{QUERIES}own = LeadsNotContacted.activity_filters([1]).select('Phone')")
    result = leadquery("payload", "q.py:own")

    assert result.stderr == "Note: own is for Leads Not Contacted, at /Leads/NotContacted\n"


def test_check_says_which_report_a_file_is_for(here: Path) -> None:
    payload = LeadsNotContacted.select("Phone").to_payload()
    (here / "a.json").write_text(json.dumps(payload), "utf-8")
    report = json.loads(leadquery("check", "a.json", "--format", "json").stdout)

    assert report["files"][0]["report"] == "Leads Not Contacted"
    assert leadquery("check", "a.json").stdout == (
        "a.json: a body for Leads Not Contacted; 'ActivityFilters' is not checked,\n"
        "    because its keys are not documented\nno problems found\n"
    )


@pytest.mark.parametrize("options", [[], ["--one-page"]])
def test_a_run_warns_of_what_is_assumed(
    write: Write, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    write("q.py", QUERIES)
    _warn_once.cache_clear()
    with Emulator(LEADS, tasks=TASKS).server() as server:
        for name, value in (("HOST", server.url), ("ACCESS_KEY", "a"), ("SECRET_KEY", "s")):
            monkeypatch.setenv(f"LEADQUERY_{name}", value)
        result = leadquery("run", "q.py:late", "--format", "csv", *options)
    _warn_once.cache_clear()

    assert result.stdout.split() == ["ProspectID", "a"]
    assert result.stderr.startswith("Warning: the report Leads With Pending or Overdue Tasks")


def test_files_of_activities_and_tasks_are_served(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, rows in (("leads", LEADS), ("activities", ACTIVITIES), ("tasks", TASKS)):
        (here / f"{name}.json").write_text(json.dumps(rows), "utf-8")
    _warn_once.cache_clear()
    counts: list[int] = []

    def serve(server: EmulatorServer) -> None:
        with server:
            client = Client(server.url, "a", "s")
            counts.extend(map(client.count, (LeadsNotContacted, LeadsWithPendingTasks)))

    monkeypatch.setattr(EmulatorServer, "serve", serve)
    options = [f"--{name}={name}.json" for name in ("leads", "activities", "tasks")]
    result = leadquery("serve", "--port", "0", *options)

    assert (result.exit_code, counts) == (0, [1, 1])
    assert "is sent with what is assumed" in result.stderr
    status, message = failure(leadquery("serve", "--tasks", "tasks.json"))
    assert (status, "need --leads; add --leads FILE" in message) == (2, True)


def test_the_fixture_has_activities_and_tasks(leadsquared: FakeLeadSquared) -> None:
    """And its clients are not warned: nothing is assumed of a mock API."""
    leadsquared.load(LEADS, activities=ACTIVITIES, tasks=TASKS)
    client = Client.from_env()

    assert client.run(LeadsNotContacted.select("ProspectID"))[0] == {"ProspectID": "b"}
    assert client.run(LeadsWithPendingTasks.select("ProspectID"))[0] == {"ProspectID": "a"}
    assert [query._node.endpoint.start for query in leadsquared.queries] == [
        "LeadsNotContacted",
        "LeadsWithPendingTasks",
    ]
