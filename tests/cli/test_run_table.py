"""`leadquery run --table`: the result of a query on the leads of a file."""

from __future__ import annotations

import pytest

from tests.cli.shell import Write, failure, leadquery

QUERIES = """from leadquery import Leads, users
from leadquery.fields import Score, Source

groups = Leads.group_by(Source).average(Score)
leads = Leads.where(Score > 1).select("ProspectID", Score)
first = leads.order_by(Score.desc()).limit(2)
north = Leads.owned_by(users.Department == "North").select("ProspectID")
"""
GROUPS = """Source  Count  Average_Score
WEB         2           1.50
Fair        1           4.00
            1           3.00
3 of 3 rows
"""
LEADS = "ProspectID,OwnerId,Source,Score\n1,u1,Web,1\n2,u1,WEB,2\n3,u2,,3\n4,u2,Fair,4\n"


@pytest.fixture(autouse=True)
def _files(write: Write) -> None:
    write("ask.py", QUERIES)
    write("leads.csv", LEADS)
    write("other.csv", LEADS.replace("Score", "Scores"))
    write("leads.db", "")
    write("users.csv", "UserID,Department\nU1,North\nU2,South\n")


@pytest.mark.parametrize(
    ("arguments", "output"),
    [
        (["ask.py:groups"], GROUPS),
        (
            ["ask.py:groups", "--limit", "1"],
            "Source  Count  Average_Score\nWEB         2           1.50\n1 of 3 rows\n",
        ),
        (["ask.py:leads", "--limit", "1"], "ProspectID  Score\n2               2\n1 of 3 rows\n"),
        (
            ["ask.py:first"],
            "ProspectID  Score\n4               4\n3               3\n2 of 2 rows\n",
        ),
        (["ask.py:north", "--users", "users.csv"], "ProspectID\n1\n2\n2 of 2 rows\n"),
    ],
)
def test_the_rows_of_a_file(arguments: list[str], output: str) -> None:
    assert leadquery("run", "--table", "leads.csv", *arguments).output == output


def test_columns_with_other_names() -> None:
    call = ["run", "--table", "other.csv", "--column", "Score=Scores", "ask.py:groups"]

    assert leadquery(*call).output == GROUPS


def test_all_rows_for_another_program() -> None:
    result = leadquery("run", "--table", "leads.csv", "ask.py:leads", "--format", "csv")

    assert result.stdout == "ProspectID,Score\n2,2\n3,3\n4,4\n"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            ["--table", "leads.csv", "--demo", "--page-size", "5", "ask.py:leads"],
            2,
            "Error: --table sends no requests; leave out --page-size and --demo",
        ),
        (
            ["--users", "users.csv", "ask.py:leads"],
            2,
            "Error: --users is for --table; add --table FILE",
        ),
        (
            ["--column", "Score=points", "ask.py:leads"],
            2,
            "Error: --column is for --table; add --table FILE",
        ),
        (
            ["--table", "other.csv", "ask.py:leads"],
            1,
            (
                "Error: the table 'leads' has no column 'Score'; the nearest is 'Scores'; "
                "write --column Score=Scores if it has another name"
            ),
        ),
        (
            ["--table", "leads.db", "ask.py:leads"],
            1,
            (
                "Error: 'leads.db' is a database, not a file for --table; in Python, write "
                "Table(sqlite3.connect('leads.db'), 'leads')"
            ),
        ),
        (
            ["--table", "lead.csv", "ask.py:leads"],
            1,
            "Error: there is no file 'lead.csv'; name a .parquet or .csv file, or a folder",
        ),
        (
            ["--table", "leads.csv", "ask.py:north"],
            1,
            (
                "Error: the query asks about the owners of leads, so it needs the table of users; "
                "write --users FILE"
            ),
        ),
    ],
)
def test_a_wrong_call_says_what_to_write(arguments: list[str], code: int, message: str) -> None:
    assert failure(leadquery("run", *arguments)) == (code, message)


def test_a_warning_is_a_line_of_the_command(write: Write) -> None:
    write(
        "dates.py", "from leadquery import Leads\nquery = Leads.created_since('2026-03-01').count()"
    )
    write("leads.csv", "ProspectID,CreatedOn\n1,soon\n2,2026-03-05 10:00:00\n")

    result = leadquery("run", "--table", "leads.csv", "dates.py:query")

    assert result.stderr.startswith("Warning: the column 'CreatedOn' has ")
    assert "UserWarning" not in result.stderr
