"""Queries in the JSON grammar, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leadquery.lint.catalog import FieldCatalog
from leadquery.mcp.assistant import Assistant
from leadquery.mcp.grammar import EXAMPLES
from leadquery.mcp.query_reader import read_query
from leadquery.mcp.refusals import MOST_LISTED, RefusedCallError
from leadquery.users import User
from tests.mcp.accounts import called, demo_client

HIGH = {"field": "Score", "op": ">", "value": 50}
DELHI = {"field": "mx_City", "op": "==", "value": "Delhi"}


@pytest.fixture(scope="module")
def catalog() -> FieldCatalog:
    return FieldCatalog.of(demo_client().lead_fields())


def find_user(text: str) -> User:
    return demo_client().find_user(text)


def where(*conditions: object) -> dict[str, Any]:
    return {"where": list(conditions), "select": ["Phone"]}


def grouped(key: object = "OwnerId", **more: object) -> dict[str, Any]:
    return {"group_by": [key], **more}


QUERIES = {
    "Leads.where(Score > 50).select(Phone)": where(HIGH),
    'Leads.where(Score > 50, mx_City == "Delhi").select(Phone)': where(HIGH, DELHI),
    '(Score > 50) | (mx_City == "Delhi")': where({"any": [HIGH, DELHI]}),
    'Leads.where(Score > 50, mx_City == "Delhi").select(mx_City)': {
        "where": {"all": [HIGH, DELHI]},
        "select": "mx_City",
    },
    "Leads.where(Score <= 50).select(Phone)": where({"not": HIGH}),
    '(Score <= 50) | (mx_City != "Delhi")': where({"not": {"all": [HIGH, DELHI]}}),
    "where(Score >= 10, Score <= 20)": where(
        {"field": "Score", "op": "between", "value": [10, 20]}
    ),
    'where(Source.is_in(["Web", "Fair"]))': where(
        {"field": "Source", "op": "is_in", "value": ["Web", "Fair"]}
    ),
    "where(Phone.has_no_data())": where({"field": "Phone", "op": "has_no_data"}),
    'where(EmailAddress.contains("@acme"))': where(
        {"field": "EmailAddress", "op": "contains", "value": "@acme"}
    ),
    "where(DoNotCall == True)": where({"field": "DoNotCall", "op": "==", "value": True}),
    'LastVisitDate >= "2026-01-01 00:00:00"': where(
        {"field": "LastVisitDate", "op": "during", "value": "2026"}
    ),
    'LastVisitDate > "2026-01-31 23:59:59"': where(
        {"field": "LastVisitDate", "op": ">", "value": "2026-01-31"}
    ),
    'LastVisitDate > "2026-01-31 18:29:59"': {
        **where({"field": "LastVisitDate", "op": ">", "value": "2026-01-31"}),
        "tz": "Asia/Kolkata",
    },
    'LastVisitDate >= "2026-01-30 18:30:00"': {
        **where({"field": "LastVisitDate", "op": "==", "value": "2026-01-31"}),
        "tz": "Asia/Kolkata",
    },
    '(LastVisitDate < "2026-01-30 18:30:00") | (LastVisitDate > "2026-01-31 18:29:59")': {
        **where({"field": "LastVisitDate", "op": "!=", "value": "2026-01-31"}),
        "tz": "Asia/Kolkata",
    },
    'LastVisitDate >= "2026-01-30 18:30:00", LastVisitDate <= "2026-02-28 18:29:59"': {
        **where({"field": "LastVisitDate", "op": "between", "value": ["2026-01-31", "2026-02-28"]}),
        "tz": "Asia/Kolkata",
    },
    'owned_by(users.Role == "Sales_User")': where(
        {"owner": "Role", "op": "==", "value": "Sales_User"}
    ),
    'users.Role.contains("Sales")': where({"owner": "Role", "op": "contains", "value": "Sales"}),
    '(users.Role == "A") | (users.Role == "B")': where(
        {"owner": "Role", "op": "is_in", "value": ["A", "B"]}
    ),
    '~(users.Role == "A")': where({"not": {"owner": "Role", "op": "==", "value": "A"}}),
    'created_between("2026-01-01 00:00:00", "2026-03-31 23:59:59")': {
        "created": "2026-Q1",
        "select": ["Phone"],
    },
    'modified_between("2026-03-01 00:00:00", "2026-03-31 23:59:59")': {
        "modified": "2026-03",
        "select": ["Phone"],
    },
    'created_between("2026-03-05 00:00:00", "2026-03-05 23:59:59")': {
        "created": "2026-03-05",
        "select": ["Phone"],
    },
    'created_between("2026-03-04 18:30:00", "2026-03-06 18:29:59")': {
        "created": {"from": "2026-03-05", "to": "2026-03-06"},
        "tz": "Asia/Kolkata",
        "select": ["Phone"],
    },
    "created_between(": {"created": "last_7_days", "modified": "this_week", "select": ["Phone"]},
    'modified_between("2026-01-01 00:00:00", ': {
        "modified": {"from": "2026-01-01"},
        "select": ["Phone"],
    },
    "Leads.owned_by(": {"owners": ["Aarav Roy"], "select": ["Phone"]},
    "Leads.group_by(OwnerId).count()": grouped(),
    "Leads.group_by(OwnerId).average(Score)": grouped(
        aggregate=["count", {"function": "average", "field": "Score"}]
    ),
    "aggregate(Score.max(), Score.quantile(0.9))": grouped(
        aggregate=[
            {"function": "max", "field": "Score"},
            {"function": "quantile", "field": "Score", "q": 0.9},
        ]
    ),
    "Leads.count()": {"aggregate": "count"},
    "Leads.aggregate(count(), Source.count_distinct())": {
        "aggregate": [{"function": "count"}, {"function": "count_distinct", "field": "Source"}]
    },
    'group_by(CreatedOn.month(tz="Asia/Kolkata"))': grouped(
        {"field": "CreatedOn", "by": "month"}, tz="Asia/Kolkata"
    ),
    "group_by(Score.bins(0, 20))": grouped({"field": "Score", "bins": [0, 20]}),
    "group_by(Source)": grouped({"field": "Source"}),
    "having(count() > 5)": grouped(having=[{"column": "Count", "op": ">", "value": 5}]),
    "order_by(count().desc()).limit(3)": grouped(
        order_by=[{"column": "Count", "descending": True}], limit=3
    ),
    "order_by(OwnerId)": grouped(order_by="OwnerId"),
    "with_owner_names()": grouped(owner_names=True),
    "select(Phone).order_by(Score.desc()).limit(20)": {
        "select": ["Phone"],
        "order_by": [{"column": "Score", "descending": True}],
        "limit": 20,
    },
}


@pytest.mark.parametrize("source", QUERIES)
def test_queries(source: str, catalog: FieldCatalog) -> None:
    found = repr(read_query(QUERIES[source], catalog, find_user))

    assert source in found


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_the_schema(example: dict[str, Any], catalog: FieldCatalog) -> None:
    assert read_query(example, catalog, find_user).plan().calls > 0


WRONG: dict[str, dict[str, Any]] = {
    "nothing to show": {},
    "both outputs": {"select": ["Phone"], "group_by": ["OwnerId"]},
    "unknown key": {"select": ["Phone"], "filter": []},
    "misspelt key": {"select": ["Phone"], "groupby": ["OwnerId"]},
    "misspelt field": where({"field": "Scor", "op": ">", "value": 5}),
    "display name": {"select": ["Lead Stage"]},
    "unlike any field": {"select": ["Shoe size"]},
    "all columns": {"select": ["*"]},
    "derived column": where({"field": "OwnerIdName", "op": "==", "value": "Ann"}),
    "field is no text": where({"field": 3, "op": ">", "value": 5}),
    "no condition": where({"Score": 5}),
    "condition as text": where("Score > 5"),
    "condition of two kinds": where({"field": "Score", "owner": "Role", "op": "=="}),
    "unknown key of a condition": where({**HIGH, "operator": ">"}),
    "empty list of conditions": where({"any": []}),
    "one condition for a list": where({"any": HIGH}),
    "operator missing": where({"field": "Score", "value": 5}),
    "token of the API": where({"field": "Score", "op": "=", "value": 5}),
    "operator of SQL": where({"field": "FirstName", "op": "LIKE", "value": "A"}),
    "operator in words": where({"field": "Score", "op": "greater than", "value": 5}),
    "operator of another type": where({"field": "Score", "op": "contains", "value": "5"}),
    "ends with": where({"field": "FirstName", "op": "ends_with", "value": "A"}),
    "not in": where({"field": "Source", "op": "not in", "value": ["Web"]}),
    "operator unlike any": where({"field": "Score", "op": "~~", "value": 5}),
    "number as text": where({"field": "Score", "op": ">", "value": "50"}),
    "text for a number": where({"field": "Score", "op": ">", "value": "high"}),
    "number for a text": where({"field": "FirstName", "op": "==", "value": 5}),
    "object for a text": where({"field": "FirstName", "op": "is_in", "value": [{}]}),
    "text for a checkbox": where({"field": "DoNotCall", "op": "==", "value": "yes"}),
    "value missing": where({"field": "Score", "op": ">"}),
    "null": where({"field": "Score", "op": "==", "value": None}),
    "a value too many": where({"field": "Score", "op": "has_data", "value": 5}),
    "list for one value": where({"field": "Score", "op": "==", "value": [1, 2]}),
    "object for one value": where({"field": "Score", "op": "==", "value": {"min": 1}}),
    "one value for a list": where({"field": "Source", "op": "is_in", "value": "Web"}),
    "empty list of values": where({"field": "Source", "op": "is_in", "value": []}),
    "range of one value": where({"field": "Score", "op": "between", "value": [1]}),
    "range reversed": where({"field": "Score", "op": "between", "value": [9, 1]}),
    "no date": where({"field": "CreatedOn", "op": ">", "value": "soon"}),
    "no period": where({"field": "CreatedOn", "op": "during", "value": "last month"}),
    "no day": {"created": "2026-02-30", "select": ["Phone"]},
    "period reversed": {
        "created": {"from": "2026-03-05", "to": "2026-03-01"},
        "select": ["Phone"],
    },
    "period without a start": {"created": {"to": "2026-03-01"}, "select": ["Phone"]},
    "opposite that the API lacks": where({"owner": "Role", "op": "!=", "value": "A"}),
    "operator of an owner missing": where({"owner": "Role", "value": "A"}),
    "owner is no text": where({"owner": 5, "op": "==", "value": "A"}),
    "no value of an owner": where({"owner": "Role", "op": "==", "value": 5}),
    "empty name of an owner": where({"owner": "", "op": "==", "value": "A"}),
    "unknown owner": {"owners": ["Ann Lee"], "select": ["Phone"]},
    "misspelt owner": {"owners": ["Arav Roy"], "select": ["Phone"]},
    "owner as a number": {"owners": [7], "select": ["Phone"]},
    "no time zone": {"tz": "IST", "select": ["Phone"]},
    "time zone as a number": {"tz": 5.5, "select": ["Phone"]},
    "empty list of columns": {"select": []},
    "groups of seconds": grouped("CreatedOn"),
    "months of a number": grouped({"field": "Score", "by": "month"}),
    "unknown period of groups": grouped({"field": "CreatedOn", "by": "hour"}),
    "period of groups in the plural": grouped({"field": "CreatedOn", "by": "months"}),
    "ranges of a date": grouped({"field": "CreatedOn", "bins": [1]}),
    "ranges reversed": grouped({"field": "Score", "bins": [20, 0]}),
    "ranges without a list": grouped({"field": "Score", "bins": 20}),
    "group as a number": grouped(5),
    "group twice": {"group_by": ["OwnerId", "OwnerId"]},
    "group of a derived column": grouped("OwnerIdName"),
    "function as text": grouped(aggregate=["avg"]),
    "function of pandas": grouped(aggregate=[{"function": "mean", "field": "Score"}]),
    "unknown function": grouped(aggregate=[{"function": "entropy", "field": "Score"}]),
    "count of a field": grouped(aggregate=[{"function": "count", "field": "Score"}]),
    "function of another type": grouped(aggregate=[{"function": "average", "field": "Phone"}]),
    "function of an id": grouped(aggregate=[{"function": "average", "field": "DoNotCall"}]),
    "function without a field": grouped(aggregate=[{"function": "average"}]),
    "quantile without q": grouped(aggregate=[{"function": "quantile", "field": "Score"}]),
    "aggregate twice": grouped(aggregate=["count", "count"]),
    "condition on a missing aggregate": grouped(
        having=[{"column": "Sum_Score", "op": ">", "value": 5}]
    ),
    "operator of groups": grouped(having=[{"column": "Count", "op": "is_in", "value": [5]}]),
    "value of groups": grouped(having=[{"column": "Count", "op": ">", "value": "many"}]),
    "condition on groups as text": grouped(having=["Count > 5"]),
    "condition on groups of a list": {
        "select": ["Phone"],
        "having": [{"column": "Count", "op": ">", "value": 5}],
    },
    "order as in Django": grouped(order_by=["-Count"]),
    "order as in SQL": {"select": ["Phone"], "order_by": ["Score desc"]},
    "order by a misspelt column": grouped(order_by=["Cuont"]),
    "order by no column": grouped(order_by=["Revenue"]),
    "order by an unknown field": {"select": ["Phone"], "order_by": ["Scor"]},
    "order as a number": grouped(order_by=[5]),
    "order of a number": grouped(order_by=[{"column": 5}]),
    "order descending in words": grouped(order_by=[{"column": "Count", "descending": "yes"}]),
    "limit without an order": grouped(limit=5),
    "limit of zero": {"select": ["Phone"], "limit": 0},
    "limit as text": {"select": ["Phone"], "limit": "5"},
    "names of no owners": grouped("Source", owner_names=True),
    "names in words": grouped(owner_names="yes"),
    "four mistakes": {
        "where": [{"field": "Scor", "op": "=", "value": "50"}, {"field": "Nmae", "op": "=="}],
        "select": ["Fone"],
    },
    "more than a message lists": {"select": [f"Column{number}" for number in range(8)]},
}
"""Wrong drafts, each with one mistake unless its name says otherwise."""

GOLDEN = Path(__file__).parent / "wrong_drafts.txt"

SUGGESTIONS = ("write", "leave", "add", "did you mean", "ask the person", "give", "such as")


def message(query: dict[str, Any], assistant: Assistant) -> str:
    with pytest.raises(RefusedCallError) as caught:
        called(assistant, "draft", query=query)
    return str(caught.value)


def test_each_wrong_draft_has_one_message(
    assistant: Assistant, check_golden: Callable[[Path, str], None]
) -> None:
    messages = [f"# {name}\n{message(query, assistant)}\n" for name, query in WRONG.items()]

    check_golden(GOLDEN, "\n".join(messages))


@pytest.mark.parametrize("name", WRONG)
def test_each_message_has_a_suggestion(name: str, assistant: Assistant) -> None:
    lines = message(WRONG[name], assistant).splitlines()
    mistakes = lines[1:] if lines[0].endswith("mistakes:") else lines

    assert len(lines) <= MOST_LISTED + 2
    assert len(lines) == 1 or "mistakes" in name or "more" in name
    assert all(any(one in line for one in (*SUGGESTIONS, "more")) for line in mistakes)


def test_conditions_that_nest_deep(catalog: FieldCatalog, assistant: Assistant) -> None:
    condition: dict[str, Any] = HIGH
    for _ in range(18):
        condition = {"not": condition}
    assert repr(read_query(where(condition), catalog, find_user)) == (
        "Leads.where(Score > 50).select(Phone)"
    )

    for _ in range(2):
        condition = {"not": condition}
    text = message(where(condition), assistant)
    assert text.endswith(".not: conditions nest more than 20 deep; write fewer")
