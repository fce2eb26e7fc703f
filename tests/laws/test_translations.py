"""A law of bodies for sibling APIs: a translation finds the leads that the original asks for."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, strategies as st

from leadquery import check
from leadquery.emulator import Emulator
from tests.operators import COMPARE

Lead = dict[str, Any]
Body = dict[str, Any]

USERS = [
    {"UserID": "u1", "EmailAddress": "ann@example.com"},
    {"UserID": "u2", "EmailAddress": "Bob@example.com"},
    {"UserID": "u3", "EmailAddress": ""},
]
EMAILS = {user["UserID"]: user["EmailAddress"] for user in USERS}
MOMENTS = [f"2026-01-0{day} {time}" for day in (1, 2, 3) for time in ("00:00:00", "12:30:00")]
VALUES: dict[str, list[str | None]] = {
    "Score": ["-1", "0", "5", "7.5", "10", None],
    "Source": ["Web", "web", "website", "b", "a,b", None],
    "DoNotCall": ["0", "1", None],
    "LastVisitDate": [*MOMENTS, None],
    "CreatedOn": [*MOMENTS],
    "ModifiedOn": [*MOMENTS],
    "OwnerId": ["u1", "u2", "u3", None],
}
OPERATORS = {
    "Score": ["=", "<>", ">", "<", ">=", "<=", "def", "ndef", "in"],
    "Source": ["=", "<>", "lik", "nlik", "def", "ndef"],
    "DoNotCall": ["=", "<>"],
    "LastVisitDate": ["=", ">", "<", ">=", "<=", "def", "ndef"],
    "CreatedOn": [">", "<", ">=", "<="],
    "OwnerId": ["=", "<>"],
}
IDS = [f"p{number}" for number in range(8)]

leads = st.lists(
    st.fixed_dictionaries({name: st.sampled_from(pool) for name, pool in VALUES.items()}),
    max_size=7,
).map(lambda rows: [{**row, "ProspectID": IDS[number]} for number, row in enumerate(rows)])


def key(name: str, text: str) -> Any:
    return float(text) if name == "Score" else text.casefold()


def meets(lead: Lead, criterion: Body) -> bool:
    """What Leads.Get finds, as the vendor describes it."""
    name, operator = criterion["LookupName"], criterion["SqlOperator"]
    value = EMAILS.get(lead["OwnerId"]) if name == "OwnerIdEmailAddress" else lead[name]
    if operator in ("def", "ndef"):
        return bool((value is None) == (operator == "ndef"))
    if value is None:
        return False
    if operator == "in":
        listed = [key(name, one.strip()) for one in criterion["LookupValue"].split(",")]
        return key(name, value) in listed
    return bool(COMPARE[operator](key(name, value), key(name, criterion["LookupValue"])))


@st.composite
def criteria(draw: st.DrawFn) -> Body:
    name = draw(st.sampled_from([*OPERATORS]))
    operator = draw(st.sampled_from(OPERATORS[name]))
    value = draw(st.sampled_from([one for one in VALUES[name] if one is not None]))
    if operator == "in":
        value = draw(st.sampled_from(["0,5", "5, 7.5", "10", "-1,0,5"]))
    empty = operator in ("def", "ndef")
    return {"LookupName": name, "LookupValue": "" if empty else value, "SqlOperator": operator}


owners = st.sampled_from(
    [
        ("=", "ann@example.com"),
        ("=", "BOB@example.com"),
        ("in", "ann@example.com, bob@example.com"),
        ("in", "bob@example.com"),
        ("=", "none@example.com"),
    ]
).map(
    lambda pair: {
        "LookupName": "OwnerIdEmailAddress",
        "LookupValue": pair[1],
        "SqlOperator": pair[0],
    }
)


@st.composite
def with_columns(draw: st.DrawFn, key: str, value: Any) -> Body:
    """A body of a sibling API, with its members in any order."""
    body = {
        key: value,
        "Columns": {"Include_CSV": draw(st.sampled_from(["ProspectID", "ProspectID, Phone"]))},
        "Paging": {"PageIndex": 1, "PageSize": 100},
    }
    if draw(st.booleans()):
        body["Sorting"] = {"ColumnName": "CreatedOn", "Direction": "1"}
    order = draw(st.permutations([*body]))
    return {name: body[name] for name in order}


def translated(body: Body) -> Body:
    """The body that the only fix makes; it is valid, as text and as an object."""
    [found] = [one for one in check(body) if one.severity == "error"]
    assert found.code == "LQ207"
    assert found.fix is not None
    assert not found.fix.safe
    assert ("Sorting" in body) == ("the fix drops 'Sorting'" in (found.hint or ""))
    fixed = check(body).fixed(unsafe=True)
    assert json.loads(check(json.dumps(body)).fixed(unsafe=True)) == fixed
    assert check(fixed).ok
    return dict(fixed)


def ids(rows: list[Lead], body: Body) -> list[str]:
    answer = Emulator(rows, USERS).answer(translated(body))
    return sorted(row["ProspectID"] for row in answer["Results"])


@given(leads, st.data())
def test_leads_get(rows: list[Lead], data: st.DataObject) -> None:
    criterion = data.draw(criteria() | owners)
    body = data.draw(with_columns("Parameter", criterion))

    assert ids(rows, body) == sorted(lead["ProspectID"] for lead in rows if meets(lead, criterion))


@given(leads, st.sampled_from(MOMENTS), st.sampled_from(MOMENTS), st.data())
def test_recently_modified(rows: list[Lead], first: str, second: str, data: st.DataObject) -> None:
    """Both ends are included, as is seen of it."""
    start, end = sorted((first, second))
    body = data.draw(with_columns("Parameter", {"FromDate": start, "ToDate": end}))

    assert ids(rows, body) == sorted(
        lead["ProspectID"] for lead in rows if start <= lead["ModifiedOn"] <= end
    )


@given(leads, st.lists(st.sampled_from(IDS), min_size=1), st.data())
def test_by_ids(rows: list[Lead], wanted: list[str], data: st.DataObject) -> None:
    body = data.draw(with_columns("SearchParameters", {"LeadIds": wanted}))

    assert ids(rows, body) == sorted(
        lead["ProspectID"] for lead in rows if lead["ProspectID"] in wanted
    )
