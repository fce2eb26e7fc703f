"""An empty result says why, where the leads are at hand."""

from __future__ import annotations

import sqlite3
from typing import Any

import attrs
import pytest
from hypothesis import assume, event, given

from leadquery import Client, Leads, Result, count, from_payload, users
from leadquery.emulator import Emulator
from leadquery.errors import ApiError, LeadQueryError
from leadquery.fields import (
    Choice,
    EngagementScore,
    FirstName,
    Number,
    OwnerId,
    Phone,
    ProspectID,
    ProspectStage,
    Score,
    Source,
)
from leadquery.lint.check import read
from leadquery.query.query import Query
from leadquery.result.empty import impossible_parts, with_notes
from leadquery.wire.serializer import to_payload
from tests.emulator import reference
from tests.emulator.strategies import Case, cases

LEADS: list[dict[str, object]] = [
    {"ProspectID": "1", "Source": "Website", "Score": 10, "CreatedOn": "2026-01-05 10:00:00"},
    {"ProspectID": "2", "Source": "Website", "Score": 1250.5, "CreatedOn": "2026-01-06 10:00:00"},
    {"ProspectID": "3", "Source": "Referral", "Score": -3, "CreatedOn": "2026-02-06 10:00:00"},
    {"ProspectID": "4", "Phone": "1", "OwnerId": "ann", "CreatedOn": "2026-02-07 23:59:59.4"},
]
USERS: list[dict[str, object]] = [{"UserID": "ann", "Role": "Sales_User"}]
LATER = Leads.created_between("2027-01-01", "2027-01-31")
VALUES = 'its values are "Website", "Referral"'
Deal = Number("mx_Deal")

TABLE: list[tuple[Query, tuple[str, ...]]] = [
    (Leads.where(Source == "Google").select(Phone), (f'"Google": {VALUES}',)),
    (Leads.where(Source == "Google").count(), (f'"Google": {VALUES}',)),
    (Leads.where(Source == "Google").group_by(OwnerId).count(), (f'"Google": {VALUES}',)),
    (Leads.where(Source == "Google").aggregate(count(), Score.max()), (f'"Google": {VALUES}',)),
    (
        Leads.where(Source == "web site").select(Phone),
        (f'"web site": did you mean "Website"? {VALUES}',),
    ),
    (Leads.where(Source.is_in(["a", "b"])).select(Phone), (f'one of "a" or "b": {VALUES}',)),
    (Leads.where(Source.contains("goo")).select(Phone), (f'containing "goo": {VALUES}',)),
    (Leads.where(ProspectID.has_no_data()).select(Phone), ("ProspectID that has no data",)),
    (Leads.where(Score > 2000).select(Phone), ("Score above 2000: Score is from -3 to 1,250.5",)),
    (Leads.where(Deal > 1).select(Phone), ("mx_Deal above 1: no lead has data in mx_Deal",)),
    (
        LATER.select(Phone),
        ("no leads created from 2027-01-01 00:00:00 to 2027-01-31 23:59:59 (UTC)",),
    ),
    (
        Leads.owned_by(users.Role == "Admin").select(Phone),
        ('no leads owned by users with Role equal to "Admin"',),
    ),
    (
        LATER.where(Source == "Google", Score > 0).select(Phone),
        (f'"Google": {VALUES}', "no leads created from 2027"),
    ),
    (
        Leads.where((Source == "Google") | (Score > 2000)).select(Phone),
        ('no leads with (Source equal to "Google" or Score above 2000)',),
    ),
    (
        Leads.where(~(users.Role == "Sales_User"), Source == "Google").select(Phone),
        (f'"Google": {VALUES}',),
    ),
    (Leads.where((Source == "Referral") | (Score > 2000), Phone == "1").select(Phone), ()),
    (Leads.where(users.Role == "Admin").where(Source == "Website").count(), ('"Admin"',)),
    (
        Leads.where(Source == "Referral", Score > 0).select(Phone),
        ('conditions; leads with Source equal to "Referral": 1; leads with Score above 0: 2',),
    ),
    (Leads.where(Source == "Website").group_by(OwnerId).count().having(count() > 5), ()),
    (Leads.where(Source == "Website").select(Phone), ()),
    (Leads.where(Source == "Website").count(), ()),
]


@pytest.fixture(scope="module")
def client() -> Client:
    return Client("demo.example.com", "key", "secret", Emulator(LEADS, USERS).session())


@pytest.mark.parametrize(("query", "notes"), TABLE, ids=lambda one: str(one)[:80])
def test_the_reasons(query: Query, notes: tuple[str, ...], client: Client) -> None:
    result = client.run(query)

    assert len(result.notes) == len(notes)
    for found, expected in zip(result.notes, notes, strict=True):
        assert expected in found
    for text in (str(result), repr(result), result._repr_html_().replace("&quot;", '"')):
        assert all(note in text for note in result.notes)


@pytest.mark.parametrize(("query", "notes"), TABLE, ids=lambda one: str(one)[:80])
def test_a_table_gives_the_same_reasons(query: Query, notes: tuple[str, ...]) -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("duckdb")
    from leadquery.sql import Table

    columns = dict.fromkeys(name for row in LEADS for name in row) | {"mx_Deal": None}
    rows = [{name: lead.get(name) for name in columns} for lead in LEADS]
    frame = pandas.DataFrame(rows).astype({"mx_Deal": "float"})
    table = Table(frame, users=pandas.DataFrame(USERS))

    try:
        found = table.run(query).notes
    except LeadQueryError:
        pytest.skip("it needs a column that the table lacks")
    assert len(found) == len(notes)
    assert all(expected in note for note, expected in zip(found, notes, strict=True))


def test_a_database_is_not_asked_again() -> None:
    """Its queries may cost money."""
    pytest.importorskip("sqlglot")
    from leadquery.sql import Table

    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE leads (ProspectID TEXT, Source TEXT)")

    assert Table(connection).run(Leads.where(Source == "x").count()).notes == ()


def test_one_page_has_them_too(client: Client) -> None:
    query = Leads.where(Source == "Google").select(Phone)

    assert client.run_page(query).notes == client.run(query).notes != ()
    assert client.run_page(Leads.select(Phone).page(7)).notes == ()


def test_no_request_is_sent_for_them() -> None:
    emulator = Emulator(LEADS, rate=(1, 3600.0))
    client = Client("demo.example.com", "key", "secret", emulator.session(), rate=None)

    assert client.run_page(Leads.where(Source == "Google").select(Phone)).notes


def test_no_leads_at_all() -> None:
    client = Client("demo.example.com", "key", "secret", Emulator([]).session())

    assert client.run(Leads.where(Source == "x").select(Phone)).notes == ("there are no leads",)


def test_only_categories_are_listed() -> None:
    """Phone numbers and names of persons are none."""
    leads = [{"ProspectID": str(n), "FirstName": f"name {n}"} for n in range(50)]
    client = Client("demo.example.com", "key", "secret", Emulator(leads).session())

    [note] = client.run(Leads.where(FirstName == "x").select(Phone)).notes
    assert note == 'no leads with FirstName equal to "x"'


def test_long_values_are_cut_and_few_are_named() -> None:
    values = ["x" * 300, "a\x1b[31m", *"bcdefgh"]
    leads = [{"ProspectID": str(n), "Source": value} for n, value in enumerate(values)]
    client = Client("demo.example.com", "key", "secret", Emulator(leads).session())

    [note] = client.run(Leads.where(Source == "y").select(Phone)).notes
    assert len(note) < 200
    assert "\x1b" not in note
    assert note.endswith("and 4 more")


def test_of_an_account_only_declared_options_are_known() -> None:
    query = Leads.select(Phone)
    course = Choice("mx_Course", options=["MBA", "BSc", "LLB", "MA", "BA", "MD"])
    with pytest.warns(UserWarning, match="none of the options"):
        unknown = query.where(course == "MBa, ")
    empty = Result((), 0, ("Phone",))

    [note] = with_notes(empty, unknown).notes
    assert note == (
        '"MBa, " is no option of mx_Course: did you mean "MBA"? its options are "MBA", "BSc", '
        '"LLB", "MA", "BA" and 1 more'
    )
    for known in (query.where(course == "MBA"), query.where(course.has_data()), query):
        assert with_notes(empty, known).notes == ()
    assert with_notes(empty, query.where(EngagementScore > 5)).notes == ()


def test_reasons_that_cannot_be_had_are_left_out() -> None:
    def broken(_: object) -> Any:
        raise ApiError("closed")

    result = Result((), 0, ("Phone",))
    assert with_notes(result, Leads.select(Phone), broken, broken) is result


def test_a_result_with_rows_has_none(client: Client) -> None:
    result = client.run(Leads.where(ProspectStage.has_no_data()).select(Phone))

    assert (len(result), result.notes) == (4, ())
    assert result == attrs.evolve(result, notes=("x",))


@given(cases())
def test_the_reasons_are_true(case: Case) -> None:
    """The named condition alone matches no lead, as a plain loop over the leads finds."""
    leads, owners, fields, request = case
    emulator = Emulator(leads, owners, fields)
    client = Client("demo.example.com", "key", "secret", emulator.session())
    try:
        query = from_payload(to_payload(request))
        result = client.run_page(query)
    except LeadQueryError:
        assume(False)
    assume(result.total == 0)

    def reference_count(leads_of: Any) -> int:
        one = read(leads_of.select(ProspectID).page(1, 1).to_payload())
        return int(reference.evaluate(leads, owners, fields, one)["TotalCount"])

    false = [note for note in result.notes if note.startswith("no leads")]
    event(f"{len(false)} reasons")
    parts = impossible_parts(query, reference_count)
    assert len(false) == min(len(parts), 3) or not leads
    assert all(reference_count(part) == 0 for part in parts)
    if any(note.startswith("no lead meets") for note in result.notes):
        assert not parts
    if leads and len(query.filters) == 1 and not query.dates and query.users is None:
        assert len(parts) == 1


def test_a_range_is_named_only_if_all_values_are_known() -> None:
    leads = [{"ProspectID": str(n), "Score": n} for n in range(1_001)]
    client = Client("demo.example.com", "key", "secret", Emulator(leads).session())

    [note] = client.run(Leads.where(Score > 5_000).select(Phone)).notes
    assert note == "no leads with Score above 5000"
