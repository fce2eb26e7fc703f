"""`leadquery plan`, `run` and `payload --plan`: queries that take several requests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leadquery import Client
from leadquery.emulator import Emulator
from tests.cli.shell import Write, failure, leadquery

SOURCE = """
from leadquery import Leads, count, periods
from leadquery.fields import CreatedOn, OwnerId, ProspectID, ProspectStage, Score, mx_City

either = (mx_City == "Delhi") | (Score > 80)
per_owner = Leads.where(either).group_by(OwnerId).average(Score)
by_stage = Leads.group_by(OwnerId, ProspectStage).count()
leads = Leads.where(either).select(ProspectID)
named = Leads.group_by(OwnerId).count().with_owner_names().order_by(count().desc()).limit(3)
compared = (
    Leads.group_by(OwnerId, CreatedOn.in_periods(q1=periods.quarter(2026, 1)))
    .count()
    .compare(periods.month(2026, 1), periods.month(2026, 2), on="ModifiedOn")
)
whole = Leads.count()
one = Leads.group_by(OwnerId).count()
"""


@pytest.fixture(autouse=True)
def _queries(write: Write) -> None:
    write("queries.py", SOURCE)


def test_the_plan_as_text() -> None:
    """With the price of a scan, if the number of leads is given."""
    lines = leadquery("plan", "queries.py:per_owner", "--leads", "5000").stdout.splitlines()

    assert lines[0] == "4 requests and 3 that watch for changes, under 2 s at 25 per 5 s"
    assert lines[-1] == (
        'instead: a scan of 5,000 leads, 6 requests in pages of 1,000 (--scan "if cheaper")'
    )


def test_the_plan_as_json() -> None:
    plan = json.loads(leadquery("plan", "queries.py:per_owner", "--json").stdout)

    assert plan["columns"] == ["OwnerId", "Count", "Average_Score"]
    assert plan["calls"] == len(plan["steps"]) == 4
    assert plan["later"] == []


def test_too_large_a_plan() -> None:
    code, message = failure(leadquery("plan", "queries.py:per_owner", "--max-calls", "2"))

    assert code == 1
    assert "this query takes more than 2 requests" in message
    assert '--scan "if cheaper"' in message


def test_a_query_of_several_requests_runs() -> None:
    """By its plan or by a scan; the rows are the same."""
    planned = leadquery("run", "--demo", "queries.py:by_stage", "--format", "json")
    options = ["--scan", "if cheaper", "--on-change", "ignore", "--max-calls", "3"]
    scanned = leadquery("run", "--demo", "queries.py:by_stage", "--format", "json", *options)

    rows = [sorted(map(repr, json.loads(one.stdout))) for one in (planned, scanned)]
    assert rows[0] == rows[1]
    assert len(rows[0]) > 50
    refused = leadquery("run", "--demo", "queries.py:by_stage", "--max-calls", "3")
    assert "more than 3 requests" in failure(refused)[1]


def test_changes_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a line on stderr, or as the error that ends the command."""
    monkeypatch.setattr("leadquery.client.run_plan.Watch.changes", changes)
    warned = leadquery("run", "--demo", "queries.py:per_owner")
    assert warned.stderr.startswith("Warning: leads changed between the requests, so numbers may")
    stopped = leadquery("run", "--demo", "queries.py:per_owner", "--on-change", "raise")
    assert "leads changed between the requests: something" in failure(stopped)[1]


def changes(*_: object) -> object:
    """A change."""
    from leadquery.errors import Change

    return iter([Change(0, "modified", "something")])


def test_owners_by_name() -> None:
    lines = leadquery("run", "--demo", "queries.py:named").stdout.splitlines()

    assert lines[0].split() == ["OwnerIdName", "Count"]
    assert lines[1].split()[:2] == ["Arjun", "Bose"]


def test_all_requests_in_a_folder(here: Path) -> None:
    """And the plan, which says what to do with their rows."""
    written = leadquery("payload", "queries.py:per_owner", "--plan", "out")

    names = [f"per_owner-{number}.json" for number in (1, 2, 3, 4)]
    assert written.stdout.split() == [str(Path("out") / name) for name in [*names, "plan.json"]]
    plan = json.loads((here / "out" / "plan.json").read_text())
    assert [step["file"] for step in plan["steps"]] == names
    for step in plan["steps"]:
        assert json.loads((here / "out" / step["file"]).read_text()) == step["payload"]


def test_the_plan_can_be_followed_without_leadquery(here: Path) -> None:
    """By what plan.json says, and nothing else."""
    leadquery("payload", "queries.py:per_owner", "--plan", "out")
    plan = json.loads((here / "out" / "plan.json").read_text())
    emulator = Emulator.demo(500)
    leads: dict[str, int] = {}
    sums: dict[str, float] = {}
    values: dict[str, int] = {}
    for step in plan["steps"]:
        for row in emulator.answer(step["payload"])["Results"]:
            owner, number = row[step["group_by"]], row[step["count"]]
            leads[owner] = leads.get(owner, 0) + step["leads"] * number
            if step["sum"]:
                sums[owner] = sums.get(owner, 0) + step["values"] * (row[step["sum"]] or 0)
                values[owner] = values.get(owner, 0) + step["values"] * number

    computed = {
        owner: {"Count": number, "Average_Score": sums[owner] / values[owner]}
        for owner, number in leads.items()
        if number
    }
    namespace: dict[str, object] = {}
    exec(SOURCE, namespace)  # noqa: S102 - our own.
    client = Client("api.example.com", "key", "secret", emulator.session())
    result = client.run(namespace["per_owner"])  # type: ignore[arg-type]
    assert {row.pop("OwnerId"): row for row in result} == {
        owner: pytest.approx(row) for owner, row in computed.items()
    }


def test_steps_have_their_labels(here: Path) -> None:
    """The values of the keys that they do not group by, and the period of a comparison."""
    leadquery("payload", "queries.py:compared", "queries.py:compared", "--out", "out")
    leadquery("payload", "queries.py:compared", "--plan", "out")
    leadquery("payload", "queries.py:leads", "--plan", "leads")
    leadquery("payload", "queries.py:whole", "--plan", "whole")
    leadquery("payload", "queries.py:named", "--plan", "named")

    plans = {
        name: json.loads((here / name / "plan.json").read_text())
        for name in ("out", "leads", "whole", "named")
    }
    assert [step["labels"] for step in plans["out"]["steps"]] == [
        {"CreatedOn_period": "q1", "period": "before"},
        {"CreatedOn_period": "q1", "period": "after"},
    ]
    assert plans["leads"]["combine"] == ["leads by ProspectID"]
    assert plans["leads"]["steps"][0]["group_by"] is None
    (step,) = plans["whole"]["steps"]
    assert (step["first_page"], step["count"]) == (True, "TotalCount")
    assert plans["named"]["users"] == "/v2/UserManagement.svc/Users.Get"
    assert plans["named"]["combine"] == [
        "sorted by count().desc()",
        "the first 3 rows kept",
        "owners named by their users",
    ]


def test_other_contents_stay(here: Path) -> None:
    """Unless they are to be replaced; the same ones are written again."""
    (here / "out").mkdir()
    (here / "out" / "per_owner-2.json").write_text("mine")

    code, message = failure(leadquery("payload", "queries.py:per_owner", "--plan", "out"))

    assert code == 2
    assert "per_owner-2.json' exists and has another content; add --force" in message
    assert [one.name for one in (here / "out").iterdir()] == ["per_owner-2.json"]
    for _ in range(2):
        leadquery("payload", "queries.py:per_owner", "--plan", "out", "--force")
    assert (here / "out" / "per_owner-2.json").read_text() != "mine"


def test_another_client(here: Path) -> None:
    leadquery("payload", "queries.py:one", "--plan", "out", "--as", "curl", "--script")

    plan = json.loads((here / "out" / "plan.json").read_text())
    assert [step["file"] for step in plan["steps"]] == ["one-1.sh"]
    assert (here / "out" / "one-1.sh").read_text().startswith("#!/bin/sh")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["queries.py:by_stage"], 1, "send it with 'leadquery run queries.py:by_stage'"),
        (["queries.py:one,whole"], 2, "--plan writes the requests of one query; name one"),
        (["queries.py:one", "queries.py:whole"], 2, "leave out --out, --page, --all-pages and"),
        (["queries.py:one", "--out", "other"], 2, "leave out --out, --page, --all-pages and"),
    ],
)
def test_what_has_no_plan_to_write(
    arguments: list[str], code: int, message: str, here: Path
) -> None:
    failed = leadquery("payload", *arguments, "--plan", "out")

    assert failed.exit_code == code
    assert message in " ".join(failed.stderr.split())
    assert not (here / "out").exists()
