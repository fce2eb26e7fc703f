"""The last second of a range is read whole, whatever the server does with fractions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from leadquery import Client, Leads, periods
from leadquery.client.exact_seconds import trim_rows
from leadquery.emulator import Emulator
from leadquery.fields import CreatedOn, ModifiedOn, OwnerId, ProspectID
from leadquery.periods import Period
from leadquery.result import Result

MARCH = [periods.day(2026, 3, day) for day in (1, 2)]
LEADS = [
    {"ProspectID": "a", "CreatedOn": "2026-03-01 10:00:00.000", "OwnerId": "x"},
    {"ProspectID": "b", "CreatedOn": "2026-03-01 23:59:59.412", "OwnerId": "x"},
    {"ProspectID": "c", "CreatedOn": "2026-03-02 00:00:00.000", "OwnerId": "x"},
    {"ProspectID": "d", "CreatedOn": "2026-03-02 00:00:00.5", "OwnerId": "y"},
]

both_servers = pytest.mark.parametrize("counts_fractions", [False, True])


def client_of(leads: list[dict[str, Any]], *, counts_fractions: bool) -> Client:
    session = Emulator(leads, counts_fractions=counts_fractions).session()
    return Client("api.example.com", "key", "secret", session)


@both_servers
def test_each_lead_is_in_one_of_two_days(counts_fractions: bool) -> None:
    client = client_of(LEADS, counts_fractions=counts_fractions)
    days = [client.run(Leads.created_in(day).select(ProspectID)) for day in MARCH]

    assert [[row["ProspectID"] for row in day] for day in days] == [["a", "b"], ["c", "d"]]
    assert [(day.total, day.columns) for day in days] == [(2, ("ProspectID",))] * 2


@both_servers
def test_groups_are_exact_on_request(counts_fractions: bool) -> None:
    client = client_of(LEADS, counts_fractions=counts_fractions)
    query = Leads.created_in(MARCH[0]).group_by(OwnerId).count()

    assert client.run(query, exact_seconds=True).rows == ({"OwnerId": "x", "Count": 2},)
    assert client.run(query).rows[0]["Count"] == (1 if counts_fractions else 2)


@both_servers
def test_pages_rows_and_exports_are_exact(counts_fractions: bool, tmp_path: Path) -> None:
    client = client_of(LEADS, counts_fractions=counts_fractions)
    query = Leads.created_in(MARCH[0]).select(ProspectID).page(1, 2)
    client.export(query, tmp_path / "leads.csv", progress=False)

    assert [row["ProspectID"] for row in client.rows(query)] == ["a", "b"]
    assert [row for page in client.pages(query) for row in page] == list(client.rows(query))
    assert (tmp_path / "leads.csv").read_bytes() == b"ProspectID\r\na\r\nb\r\n"


def test_a_limit_counts_the_rows_that_are_kept() -> None:
    leads = [{"ProspectID": "0", "CreatedOn": "2026-03-02 00:00:00"}, *LEADS]
    client = client_of(leads, counts_fractions=True)
    query = Leads.created_in(MARCH[0]).select(ProspectID).page(1, 1)

    assert [row["ProspectID"] for row in client.run(query, limit=2)] == ["a", "b"]


def test_selected_dates_stay() -> None:
    client = client_of(LEADS, counts_fractions=True)
    result = client.run(Leads.created_in(MARCH[0]).select(CreatedOn, ProspectID))

    assert result.columns == ("CreatedOn", "ProspectID")
    assert set(result.types) == {"CreatedOn"}


def test_what_is_sent_has_the_next_second_and_the_date() -> None:
    bodies = []
    client = client_of(LEADS, counts_fractions=False)
    session = client._transport.session
    send = session.send

    def record(request: Any, **options: Any) -> Any:
        bodies.append(json.loads(request.body))
        return send(request, **options)

    session.send = record  # type: ignore[method-assign]  # the session is a test's own
    query = Leads.created_in(MARCH[0]).modified_in(MARCH[1]).select(ProspectID)
    client.run(query)
    client.run_page(query)

    assert [dates["ToDate"] for dates in bodies[0]["DateFilter"]] == [
        "2026-03-02 00:00:00",
        "2026-03-03 00:00:00",
    ]
    assert bodies[0]["Output"]["IncludeCSV"] == "ProspectID,CreatedOn,ModifiedOn"
    assert bodies[1] == query.to_payload()


def test_rows_without_a_readable_date_stay() -> None:
    """A server that ignores the columns it was asked for, or writes dates in another way."""
    rows = {"ProspectID": "a"}, {"ProspectID": "b", "CreatedOn": "2 March"}
    result = trim_rows(Leads.created_in(MARCH[0]).select(ProspectID), Result(rows, 2))

    assert result.rows == ({"ProspectID": "a"}, {"ProspectID": "b"})


def test_the_last_second_of_the_calendar_has_no_next() -> None:
    client = client_of(LEADS, counts_fractions=False)
    query = Leads.created_between("2026-01-01", "9999-12-31").select(ProspectID)

    assert len(client.run(query)) == 4


times = st.sampled_from(
    [
        f"2026-03-01 00:00:{second:02}{fraction}"
        for second in range(4)
        for fraction in ("", ".000", ".001", ".5", ".999")
    ]
)


@given(st.lists(st.tuples(times, times), max_size=6), st.integers(0, 2), st.booleans())
def test_neighbouring_ranges_share_no_lead_and_miss_none(
    rows: list[tuple[str, str]], cut: int, counts_fractions: bool
) -> None:
    leads = [
        {"ProspectID": str(number), CreatedOn.name: created, ModifiedOn.name: modified}
        for number, (created, modified) in enumerate(rows)
    ]
    client = client_of(leads, counts_fractions=counts_fractions)
    start, middle, after, end = (f"2026-03-01 00:00:0{second}" for second in (0, cut, cut + 1, 3))
    ranges = Period(start, middle), Period(after, end)

    for narrow in (Leads.created_in, Leads.modified_in):
        results = [client.run(narrow(dates).select(ProspectID)) for dates in ranges]
        ids = [row["ProspectID"] for result in results for row in result]
        assert sorted(ids) == [lead["ProspectID"] for lead in leads]
