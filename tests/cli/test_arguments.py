"""Every command that takes a query takes it in the same forms, and rejects the same mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leadquery import Client, Leads
from leadquery.cli import run
from leadquery.cli.loader import FORMS
from leadquery.emulator import Emulator
from leadquery.fields import Score
from tests.cli.shell import SOURCE, Write, leadquery

QUERY = Leads.where(Score > 5).select(Score)
PAYLOAD = QUERY.to_json(indent=2)

COMMANDS = {
    "check": ["check", "{}"],
    "describe": ["describe", "{}"],
    "export": ["export", "--demo", "--limit", "3", "{}", "leads.csv"],
    "payload": ["payload", "{}"],
    "payload --plan": ["payload", "{}", "--plan", "plan"],
    "plan": ["plan", "{}"],
    "run": ["run", "--demo", "--format", "csv", "--limit", "3", "{}"],
    "sql --to": ["sql", "--to", "duckdb", "{}"],
    "to-python": ["to-python", "{}"],
}

commands = pytest.mark.parametrize("command", COMMANDS)


@pytest.fixture(autouse=True)
def _files(here: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    session = Emulator.demo(50).session()
    client = Client("demo.example.com", "key", "secret", session)
    monkeypatch.setattr(run, "demo_client", lambda: client)
    write("queries.py", SOURCE)
    write("one.PY", SOURCE)
    write("several.py", f"{SOURCE}other = Leads.where(Score > 6).count()\n_hidden = other\n")
    write("leads.py", "from leadquery import Leads\nwarm = Leads.where()\n")
    write("functions.py", "from leadquery import Leads\ndef made():\n    return Leads.count()\n")
    write("empty.py", "")
    write("report.json", PAYLOAD)
    write("report.txt", PAYLOAD)
    write("payload.py", PAYLOAD)
    write("wrong.json", PAYLOAD.replace('">"', '"gt"'))
    write("python.json", SOURCE)
    write("sql.json", "SELECT Score FROM leads")
    write("query.sql", "SELECT Score FROM leads WHERE Score > 5")
    write("wrong.sql", "SELECT Scoer FROM leads")
    write("raises.py", "from leadquery import Leads\nLeads.select(\n)\n")
    write("fails.py", "1 / 0\n")
    write("exits.py", "import sys\nsys.exit(3)\n")
    (here / "wide.py").write_text(SOURCE, "utf-16")
    (here / "wide.json").write_text(PAYLOAD, "utf-16")
    (here / "marked.json").write_text(PAYLOAD, "utf-8-sig")
    (here / "latin.json").write_bytes('{"Output": "é"}'.encode("latin-1"))
    (here / "folder").mkdir()


def _call(command: str, target: str, stdin: str = "") -> tuple[int, str, str]:
    """The exit code, the stdout, and the stderr with the report of `check`."""
    result = leadquery(*(part.replace("{}", target) for part in COMMANDS[command]), stdin=stdin)
    error = result.stdout + result.stderr if command == "check" else result.stderr
    return result.exit_code, result.stdout, error


@commands
@pytest.mark.parametrize(
    "target",
    [
        *("queries.py:query", "queries:query", "queries.py:made", "queries.py", "./queries.py"),
        *("one.PY", "one.PY:query", "report.json", "./report.json", "report.txt", "query.sql", "-"),
    ],
)
def test_one_query_in_every_form(command: str, target: str) -> None:
    if target.endswith(".sql"):
        pytest.importorskip("sqlglot")
    if (command, target) == ("sql --to", "query.sql"):
        pytest.skip("it is SQL already")
    code, output, error = _call(command, target, PAYLOAD)

    assert code == 0, error
    if command != "payload --plan":  # It prints the names of files.
        assert output == _call(command, "queries.py:query")[1]


@commands
@pytest.mark.parametrize(
    ("target", "code", "message"),
    [
        ("absent.json", 2, "'absent.json' does not exist; write FILE.py:NAME, FILE.py, FILE.json"),
        ("reprot.json", 2, "'reprot.json' does not exist; did you mean 'report.json'?"),
        ("report", 2, "'report' does not exist; did you mean 'report.json'?"),
        ("absent.py", 2, "'absent.py' does not exist; write FILE.py:NAME, FILE.py, FILE.json"),
        ("quereis.py", 2, "'quereis.py' does not exist; did you mean 'queries.py'?"),
        ("quereis.py:query", 2, "'quereis.py' does not exist; did you mean 'queries.py'?"),
        ("quereis:query", 2, "there is no module 'quereis' here; did you mean queries.py?"),
        ("absent.sql", 2, "'absent.sql' does not exist; write FILE.py:NAME, FILE.py, FILE.json"),
        ("none/there.py", 2, "'none/there.py' does not exist; write FILE.py:NAME, FILE.py"),
        ("folder/x.json", 2, "'folder/x.json' does not exist; write FILE.py:NAME"),
        ("", 2, "'' names no query; write FILE.py:NAME, FILE.py, FILE.json, FILE.sql or -"),
        (PAYLOAD, 2, "is JSON itself; save it as FILE.json, or pipe it to -"),
        ("SELECT Score FROM leads", 2, "'SELECT Score FROM leads' is SQL itself; save it as"),
        ("report.json:query", 2, "'report.json' holds one query, without a name; write report"),
        ("report.json:", 2, "'report.json' holds one query, without a name; write report.json"),
        ("query.sql:query", 2, "'query.sql' holds one query, without a name; write query.sql"),
        ("queries.py:", 2, "'queries.py:' names no query; write FILE.py:NAME, FILE.py"),
        ("queries.py:qurey", 2, "'queries.py' has no 'qurey'; did you mean 'query'? its queries"),
        ("queries.py:number", 1, "'queries.py:number' is neither a query nor a function without"),
        ("queries.py:leads", 1, "'queries.py:leads' is not a complete query; end it with select"),
        ("leads.py", 2, "'leads.py' has no complete query; end 'warm' with select(...)"),
        ("functions.py", 2, "'functions.py' has no query; if made returns one, write functions.py"),
        ("empty.py", 2, "'empty.py' has no query; write one, such as query = Leads.select(Phone)"),
        ("payload.py", 2, "'payload.py' holds JSON, not Python; rename it to FILE.json"),
        ("fails.py", 1, "ZeroDivisionError: division by zero"),
        ("exits.py", 1, "'exits.py' ends Python; put what is to run only as a script below"),
        ("wide.py", 1, "'wide.py' is UTF-16; save it as UTF-8"),
        ("wrong.json", 1, "unknown operator 'gt'; write '>'"),
        ("wide.json", 1, "LQ102"),
        ("marked.json", 1, "LQ108"),
        ("latin.json", 1, "LQ102"),
        ("python.json", 1, "it is Python, not JSON: save it as FILE.py and name that"),
        ("sql.json", 1, "it is SQL, not JSON: save it as FILE.sql and name that"),
    ],
)
def test_a_mistake_has_one_message(command: str, target: str, code: int, message: str) -> None:
    """2 if what the command line names does not exist, 1 if it cannot be used."""
    found, _, error = _call(command, target)

    assert (found, message in " ".join(error.split())) == (code, True), error


@pytest.mark.parametrize("command", sorted(COMMANDS.keys() - {"check"}))
def test_a_folder_is_no_query(command: str) -> None:
    """`check` reads the payloads in it."""
    assert "Error: 'folder' is a folder; name a file in it" in _call(command, "folder")[2]


@commands
def test_a_file_of_several_queries_lists_them(command: str) -> None:
    code, _, error = _call(command, "several.py")

    assert (code, error.splitlines()[3:]) == (
        2,
        [
            "Error: 'several.py' has 2 queries; write several.py:query",
            "  query  List of Score of leads with Score above 5.",
            "  other  Number of leads, of leads with Score above 6.",
        ],
    )


@commands
def test_a_mistake_in_a_query_shows_the_line_of_the_user(command: str, here: Path) -> None:
    code, _, error = _call(command, "raises.py")

    assert (code, error.splitlines()[:3]) == (
        1,
        [
            "Traceback (most recent call last):",
            f'  File "{here}/raises.py", line 2, in <module>',
            "    Leads.select(",
        ],
    )
    assert "leadquery/query" not in error


@commands
def test_sql_that_cannot_be_read(command: str) -> None:
    pytest.importorskip("sqlglot")
    code, _, error = _call(command, "wrong.sql")

    if command == "sql --to":
        assert "'wrong.sql' is SQL already" in error
    else:
        assert (code, error.splitlines()[0]) == (
            1,
            "wrong.sql:1:8: leads have no column 'Scoer'; did you mean 'Score'?",
        )


@pytest.mark.parametrize("command", sorted({call[0] for call in COMMANDS.values()} - {"check"}))
def test_the_help_says_the_forms(command: str) -> None:
    assert FORMS in " ".join(leadquery(command, "--help").output.split())


def test_check_reads_every_request_of_a_query(write: Write) -> None:
    """Also beside payload files."""
    write(
        "reports.py",
        "from leadquery import Leads\nfrom leadquery.fields import Score, mx_City\n"
        "one = Leads.where(Score > 5, Score < 2).select(Score)\n"
        "two = Leads.where((Score > 5) | (mx_City == 'Delhi ')).count()\n",
    )

    result = leadquery("check", "reports.py:one,two", "report.json")

    places = [line.split(" ")[:3] for line in result.output.splitlines() if "LQ" in line]
    assert places == [["reports.py:one:9:7:", "LQ502", "warning"]]
    assert result.output.splitlines()[-1].endswith("in 1 of 5 files")


@pytest.mark.parametrize("option", ["--fix", "--unsafe-fixes", "--diff"])
def test_check_fixes_no_query(option: str) -> None:
    result = leadquery("check", option, "queries.py:query")

    assert (result.exit_code, result.stderr.splitlines()[-1]) == (
        2,
        "Error: 'queries.py:query' is no payload file; correct the query itself",
    )


def test_one_query_where_two_are_named() -> None:
    assert json.loads(leadquery("payload", "several.py:query").output) == QUERY.to_payload()
    result = leadquery("run", "--demo", "several.py:query,other")
    assert result.stderr.splitlines()[-1] == (
        "Error: 'several.py:query,other' names 2 queries; name one"
    )
