"""Where the client sends each report, and what it says is assumed of it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from leadquery import Leads, LeadsNotContacted, LeadsWithNoActiveTasks, LeadsWithPendingTasks
from leadquery.client import Client
from leadquery.client.transport import _warn_once
from leadquery.emulator import Emulator
from leadquery.emulator.server import EmulatorServer
from leadquery.errors import AssumptionWarning, QueryError
from leadquery.query.leads import LeadSet
from leadquery.wire.endpoints import Endpoint


@pytest.fixture
def server() -> Iterator[EmulatorServer]:
    """A mock API on a port: to the client, an API like any other."""
    _warn_once.cache_clear()
    with Emulator([{"ProspectID": "a"}]).server() as running:
        yield running
    _warn_once.cache_clear()


def warnings_of(server: EmulatorServer, leads: LeadSet, **options: Any) -> list[str]:
    """The warnings of two counts."""
    client = Client(server.url, "key", "secret", **options)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for _ in range(2):
            client.count(leads)
    assert {one.category for one in caught} <= {AssumptionWarning}
    return [str(one.message) for one in caught]


PATH = "the path /Tasks/OwnerWiseLeadsWithPendingTasks (reported by a third party)"

SAME_PATH = {"LeadsWithPendingTasks": Endpoint.PENDING_TASKS.path}


@pytest.mark.parametrize(
    ("leads", "options", "assumed"),
    [
        (Leads, {}, None),
        (LeadsNotContacted, {}, "the form of 'ActivityFilters' (inferred)"),
        (LeadsWithNoActiveTasks, {}, "the form of 'TaskFilters' (inferred)"),
        (LeadsWithPendingTasks, {}, f"{PATH}; the form of 'TaskFilters' (inferred)"),
        (LeadsWithPendingTasks, {"paths": SAME_PATH}, "the form of 'TaskFilters' (inferred)"),
    ],
)
def test_what_is_assumed_is_told_once(
    server: EmulatorServer, leads: LeadSet, options: Any, assumed: str | None
) -> None:
    messages = warnings_of(server, leads, **options)

    assert len(messages) == (assumed is not None)
    assert all(f"not documented: {assumed}; see" in message for message in messages)


def test_a_node_of_your_own_is_not_assumed(server: EmulatorServer) -> None:
    leads = LeadsNotContacted.activity_filters({"Events": [21]})

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # The mock API does not know this form.
        with pytest.raises(Exception, match="reads 'ActivityFilters' only in the form"):
            Client(server.url, "key", "secret").count(leads)


def test_the_mock_api_in_the_process_is_not_told_of() -> None:
    _warn_once.cache_clear()
    client = Client("api.example.com", "key", "secret", Emulator([]).session())

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert client.count(LeadsWithPendingTasks) == 0


@pytest.mark.filterwarnings("ignore::leadquery.errors.AssumptionWarning")
def test_a_path_of_your_own_is_called(
    server: EmulatorServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given to the client or, by variable, to its `from_env`."""
    paths = {"LeadsWithPendingTasks": "/Leads/NotContacted"}
    query = LeadsWithPendingTasks
    with pytest.raises(Exception, match="send it to"):
        Client(server.url, "key", "secret", paths=paths).count(query)
    for name, value in (
        ("LEADQUERY_HOST", server.url),
        ("LEADQUERY_ACCESS_KEY", "key"),
        ("LEADQUERY_SECRET_KEY", "secret"),
        ("LEADQUERY_PENDING_TASKS_PATH", "/Leads/NotContacted"),
    ):
        monkeypatch.setenv(name, value)
    with pytest.raises(Exception, match="send it to"):
        Client.from_env().count(query)

    assert Client.from_env(paths={}).count(query) == 0
    assert "/Leads/NotContacted?" in query.select("Phone").to_request("http")
    assert "the path" not in query.select("Phone").to_request("http")


@pytest.mark.parametrize(
    ("paths", "message"),
    [
        ([], "takes a dict of reports and paths, not"),
        ({"Tasks": "/a"}, "no report 'Tasks'; write one of Leads, LeadsNotContacted"),
        ({"LeadsNotContacted": "a"}, "paths=LeadsNotContacted: 'a' is not a path"),
        ({"LeadsNotContacted": "/a?b=c"}, "is not a path"),
        ({"LeadsNotContacted": "/a b"}, "is not a path"),
        ({"LeadsNotContacted": 5}, "5 is not a path"),
    ],
)
def test_what_is_not_a_path_is_refused(paths: Any, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        Client("api.example.com", "key", "secret", paths=paths)


def test_a_variable_that_is_not_a_path_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADQUERY_NOT_CONTACTED_PATH", "nowhere")

    with pytest.raises(QueryError, match="LEADQUERY_NOT_CONTACTED_PATH: 'nowhere' is not a path"):
        LeadsNotContacted.select("Phone").to_request("curl")


def test_csv_and_pages_go_to_the_report() -> None:
    emulator = Emulator(
        [{"ProspectID": one} for one in "abc"],
        activities=[{"ProspectID": "b", "ActivityEvent": 21}],
    )
    client = Client("api.example.com", "key", "secret", emulator.session())
    query = LeadsNotContacted.select("ProspectID").page(1, 1)
    from io import StringIO

    file = StringIO()

    assert client.csv(query, file) == 2
    assert file.getvalue().split() == ["ProspectID", "a", "c"]
    assert [one["ProspectID"] for one in client.rows(query)] == ["a", "c"]
