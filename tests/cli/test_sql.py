"""`leadquery sql`: statements as payloads and plans."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leadquery import Leads
from leadquery.fields import OwnerId, Score
from tests.cli.shell import Write, failure, leadquery

ONE = "SELECT OwnerId, COUNT(*)\nFROM leads\nWHERE Score > 50\nGROUP BY OwnerId\n"

SEVERAL = "SELECT OwnerId, COUNT(*) AS n FROM leads GROUP BY OwnerId HAVING n > 5"

query = Leads.where(Score > 50).group_by(OwnerId).count()


@pytest.fixture(autouse=True)
def _statements(write: Write) -> None:
    write("one.sql", ONE)
    write("several.sql", SEVERAL)


def test_the_payload() -> None:
    result = leadquery("sql", "one.sql")

    assert json.loads(result.stdout) == query.to_payload()
    assert result.stderr == ""


def test_standard_input() -> None:
    assert json.loads(leadquery("sql", "-", stdin=ONE).stdout) == query.to_payload()
    assert leadquery("sql", "-", stdin=f"\ufeff{ONE}").exit_code == 0


def test_a_plan() -> None:
    lines = leadquery("sql", "several.sql").stdout.splitlines()

    assert lines[0] == "1 request, under 1 s at 25 per 5 s"
    assert "count() > 5" in lines[-1]
    plan = json.loads(leadquery("sql", "several.sql", "--json").stdout)
    assert plan["calls"] == 1


def test_python() -> None:
    assert leadquery("sql", "one.sql", "--python").stdout == query.to_python()


def test_a_file_for_the_output(here: Path) -> None:
    assert leadquery("sql", "one.sql", "--out", "out.json").stdout == ""
    assert json.loads((here / "out.json").read_text()) == query.to_payload()


def test_the_dialect(write: Write) -> None:
    write("q.sql", 'SELECT `Phone` FROM leads WHERE OwnerId = "a-1"')

    assert leadquery("sql", "q.sql", "--dialect", "MySQL").exit_code == 0
    assert leadquery("sql", "q.sql").exit_code == 1


def test_the_fields_of_the_account(write: Write) -> None:
    write("fields.json", '[{"SchemaName": "mx_Fee", "DisplayName": "Fee", "DataType": "Number"}]')
    write("q.sql", "SELECT Fee FROM leads")

    payload = json.loads(leadquery("sql", "q.sql", "--fields", "fields.json").stdout)
    assert payload["Output"]["IncludeCSV"] == "mx_Fee"
    write("bad.json", "[]")
    code, message = failure(leadquery("sql", "q.sql", "--fields", "bad.json"))
    assert code == 2
    assert "'bad.json': fields: the list is empty" in message


def test_warnings_are_lines() -> None:
    result = leadquery("sql", "-", stdin="SELECT Phone FROM leads WHERE Source = 'Web'")

    assert result.exit_code == 0
    assert json.loads(result.stdout)
    assert result.stderr == (
        "Warning: text is compared without regard to case, as the API compares it: "
        "Source = 'Web' (1:31); LOWER(column) = 'text' in lower case says so\n"
    )


def test_what_is_not_read(write: Write) -> None:
    """Each place as editors and terminals link to it."""
    write("bad.sql", "SELECT Phoen\nFROM leads\nLIMIT 0\n")

    result = leadquery("sql", "bad.sql")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == (
        "bad.sql:1:8: leads have no column 'Phoen'; did you mean 'Phone'?\n"
        "    1 | SELECT Phoen\n"
        "      |        ^^^^^\n"
        "bad.sql:3:7: a result has at least one row to ask for; write LIMIT 1 or more\n"
        "    3 | LIMIT 0\n"
        "      |       ^\n"
    )


def test_text_that_is_not_utf_8(here: Path) -> None:
    (here / "latin.sql").write_bytes("SELECT Phone FROM leads -- é".encode("latin-1"))

    code, message = failure(leadquery("sql", "latin.sql"))
    assert code == 1
    assert "'latin.sql' is not UTF-8; save it as UTF-8" in message


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("none.sql",), "'none.sql' does not exist"),
        (("q.json",), "'q.json' is no SQL file; write FILE.sql, or --to DIALECT"),
        (("one.sql", "--table", "x"), "--table has no meaning without --to; leave it out"),
        (("one.sql", "--column", "x=y"), "--column has no meaning without --to; leave it out"),
        (("one.sql", "--python", "--json"), "--python and --json exclude each other"),
        (("one.sql", "--to", "duckdb"), "'one.sql' is SQL already; write FILE.py:NAME"),
        (("q.json", "--to", "duckdb", "--fields", "x"), "--fields has no meaning with --to"),
        (("q.json", "--to", "duckdb", "--json"), "--json has no meaning with --to"),
        (("q.json", "--to", "duckdb", "--column", "x"), "'x' is not FIELD=NAME"),
        (("q.json", "--to", "dukdb"), "'dukdb' is not one of"),
    ],
)
def test_misuse(arguments: tuple[str, ...], message: str) -> None:
    result = leadquery("sql", *arguments)

    assert result.exit_code == 2
    assert message in result.stderr


def test_a_query_as_sql(write: Write) -> None:
    write("queries.py", "from leadquery import Leads\nquery = Leads.select('Phone', 'Score')\n")
    names = ("--table", "crm.leads", "--column", "Score=score", "--users", "people")

    text = leadquery("sql", "--to", "postgres", "queries.py:query", *names).stdout
    assert text == "SELECT\n  Phone,\n  score AS Score\nFROM crm.leads\n"


def test_a_payload_as_sql() -> None:
    payload = query.to_json()

    assert leadquery("sql", "--to", "SQLite", "-", stdin=payload).stdout == (
        f"{query.to_sql('sqlite')}\n"
    )
