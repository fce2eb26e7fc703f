"""Sending queries and counting."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from leadquery import Client, Leads, Result
from leadquery.emulator import Emulator
from leadquery.errors import QueryError
from leadquery.fields import OwnerId, ProspectID, Score
from leadquery.users import Role
from tests.plain import plain

VARIABLES = ("LEADQUERY_HOST", "LEADQUERY_ACCESS_KEY", "LEADQUERY_SECRET_KEY")
LEADS = [{"ProspectID": chr(97 + place), "Score": place, "OwnerId": "u1"} for place in range(5)]
EMULATOR = Emulator(LEADS, [{"UserID": "u1", "Role": "Sales_User"}], keys={"k-access": "k-secret"})


def client_of(emulator: Emulator = EMULATOR) -> Client:
    """A client of an emulator."""
    return Client("api.example.com", "k-access", "k-secret", emulator.session())


def bodies(session: requests.Session) -> list[dict[str, Any]]:
    """Record the bodies of a session's calls."""
    sent: list[dict[str, Any]] = []

    def keep(response: requests.Response, *_: Any, **__: Any) -> None:
        sent.append(json.loads(response.request.body or ""))

    session.hooks["response"].append(keep)
    return sent


@pytest.mark.parametrize(
    ("page", "ids", "total"),
    [
        ((1, 2), ["a", "b"], 5),
        ((3, 2), ["e"], 5),
        ((4, 2), [], 5),
        ((1,), ["a", "b", "c", "d", "e"], 5),
        ((None,), ["a", "b", "c", "d", "e"], 5),
    ],
)
def test_run_page_fetches_exactly_one_page(page: Any, ids: list[str], total: int) -> None:
    """One call, with the query's own payload."""
    session = EMULATOR.session()
    sent = bodies(session)
    query = Leads.select(ProspectID).page(*page)

    result = Client("api.example.com", "k-access", "k-secret", session).run_page(query)

    assert ([row["ProspectID"] for row in result], result.total) == (ids, total)
    assert sent == [query.to_payload()]


def test_groups_come_as_groups() -> None:
    """Their last number has a bar."""
    client = client_of()

    groups = client.run_page(Leads.group_by(OwnerId).average(Score))

    assert list(groups) == [{"OwnerId": "u1", "Count": 5, "Average_Score": 2.0}]
    assert groups.grouped
    assert not client.run_page(Leads.select(Score)).grouped


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        (Leads.select(Score, "mx_City"), ("Score", "mx_City")),
        (Leads.group_by(OwnerId).count(), ("OwnerId", "Count")),
        (Leads.group_by(OwnerId).count(Score), ("OwnerId", "Count")),
        (Leads.group_by(OwnerId).average(Score), ("OwnerId", "Count", "Average_Score")),
        (Leads.group_by(OwnerId).sum(Score), ("OwnerId", "Count", "Sum_Score")),
    ],
)
def test_a_result_without_rows_keeps_its_columns(query: Any, columns: tuple[str, ...]) -> None:
    none = client_of().run_page(query.where(Score > 9))

    assert (len(none), none.columns) == (0, columns)
    assert client_of().run_page(query).columns == columns


@pytest.mark.parametrize(
    ("query", "number"),
    [
        (Leads, 5),
        (Leads.where(Score >= 3), 2),
        (Leads.where(Score > 9), 0),
        (Leads.owned_by(Role == "Sales_User").where(Score < 1), 1),
        (Leads.owned_by(Role == "Sales_Manager"), 0),
        (Leads.group_by(OwnerId), 5),
        (Leads.group_by(OwnerId).count(), 5),
        (Leads.select(Score).page(3, 2), 5),
        (Leads.select(Score).page(None), 5),
        (Leads.page(7, 50), 5),
    ],
)
def test_any_query_can_be_counted(query: Any, number: int) -> None:
    """Its output and paging do not matter."""
    session = EMULATOR.session()
    sent = bodies(session)

    assert Client("api.example.com", "k-access", "k-secret", session).count(query) == number
    assert [body["Paging"] for body in sent] == [{"PageIndex": 1, "PageSize": 1}]


@pytest.mark.parametrize("query", [Leads, Leads.group_by(OwnerId)])
def test_an_unfinished_query_is_not_sent(query: Any) -> None:
    """The message says how to finish it."""
    with pytest.raises(QueryError) as caught:
        client_of().run_page(query)

    assert plain(caught.value) == (
        "the query has no output; finish it with select(...), "
        "or group_by(...) and count(), average(...), sum(...) or aggregate(...)"
    )


def test_only_queries_can_be_run() -> None:
    """The message says how to read a payload."""
    payload: Any = {}

    with pytest.raises(
        QueryError, match=r"^{} is not a query; write run_page\(from_payload\(...\)\) for"
    ):
        client_of().run_page(payload)
    with pytest.raises(QueryError, match=r"^{} is not a query; write count\(Leads"):
        client_of().count(payload)


@pytest.mark.parametrize("method", ["run", "rows", "plan"])
def test_a_statement_is_read_first(method: str) -> None:
    run: Any = getattr(client_of(), method)
    with pytest.raises(QueryError, match=rf"is SQL; write {method}\(from_sql\(text\)\)"):
        run("Select\nPhone FROM leads")


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment variables of a client."""
    for name, value in zip(VARIABLES, ("api.example.com", "k-access", "k-secret"), strict=True):
        monkeypatch.setenv(name, value)
    return monkeypatch


@pytest.mark.usefixtures("variables")
def test_a_client_of_the_environment() -> None:
    """Three variables name the host and the keys."""
    assert repr(Client.from_env()) == "<Client: api.example.com>"


def test_from_env_returns_the_subclass(variables: pytest.MonkeyPatch) -> None:
    """With validated values."""

    class Own(Client):
        """A subclass of Client."""

    assert type(Own.from_env()) is Own
    variables.setenv("LEADQUERY_HOST", "a/b")
    with pytest.raises(QueryError, match=r"^the host is not a host name alone;"):
        Client.from_env()


@pytest.mark.parametrize("missing", [VARIABLES, VARIABLES[:2], *((name,) for name in VARIABLES)])
def test_a_missing_variable_is_named(
    missing: tuple[str, ...], variables: pytest.MonkeyPatch
) -> None:
    for name in missing:
        variables.delenv(name)

    with pytest.raises(QueryError) as caught:
        Client.from_env()

    assert str(caught.value) == f"the environment has no {', '.join(missing)}; set all three"


def test_an_empty_variable_is_a_missing_one(variables: pytest.MonkeyPatch) -> None:
    """Or a blank one."""
    variables.setenv("LEADQUERY_ACCESS_KEY", "")
    variables.setenv("LEADQUERY_SECRET_KEY", " ")

    with pytest.raises(QueryError) as caught:
        Client.from_env()

    assert plain(caught.value) == (
        "the environment has no LEADQUERY_ACCESS_KEY, LEADQUERY_SECRET_KEY; set all three"
    )


def test_run_page_returns_a_result() -> None:
    assert isinstance(client_of().run_page(Leads.select(Score)), Result)
