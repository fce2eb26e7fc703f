"""`leadquery users`: who owns leads."""

from __future__ import annotations

import json

import pytest

from leadquery.testing import FakeLeadSquared
from tests.cli.shell import SOURCE, Write, leadquery

USERS = [
    {"ID": "a1", "FirstName": "Anita", "LastName": "Rao", "EmailAddress": "anita@example.com"},
    {"ID": "b1", "FirstName": "Bo", "Role": "Sales_User", "StatusCode": "1"},
    {"ID": "c1", "StatusCode": "0"},
]


@pytest.fixture(autouse=True)
def account(leadsquared: FakeLeadSquared) -> None:
    leadsquared.load([{"ProspectID": "1", "Score": "9", "OwnerId": "a1"}], users=USERS)


def test_a_table_of_users() -> None:
    ran = leadquery("users")

    assert ran.output.splitlines() == [
        "Name       EmailAddress       Role        Status    ID",
        "Anita Rao  anita@example.com                        a1",
        "Bo                            Sales_User  inactive  b1",
        "                                          active    c1",
        "3 users",
    ]


@pytest.mark.parametrize("text", ["rao anita", "ANITA@", "Rao, Anita", "a1"])
def test_a_search(text: str) -> None:
    """By all its words, in any order."""
    ran = leadquery("users", "--search", text, "--format", "json")

    assert json.loads(ran.stdout) == USERS[:1]
    assert ran.stderr == "1 user\n"
    assert leadquery("users", "--search", "anita bo").output == "no rows\n0 users\n"


def test_csv_is_a_file_of_users(write: Write) -> None:
    """For a table of leads."""
    write("queries.py", SOURCE)
    write("users.csv", leadquery("users", "--format", "csv").stdout)
    write("leads.csv", "ProspectID,Score,OwnerId\n1,9,a1\n")

    ran = leadquery(
        "run", "--table", "leads.csv", "--users", "users.csv", "queries.py:query", "--format", "csv"
    )

    assert ran.exit_code == 0


def test_users_of_demo_leads() -> None:
    assert leadquery("users", "--demo", "--search", "aarav").output.endswith("1 user\n")
