"""How a command finds a query by name."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from leadquery import Leads
from leadquery.cli.files import EXPECTED
from leadquery.fields import Score
from tests.cli.shell import SOURCE, Write, failure, leadquery

QUERY = Leads.where(Score > 5).select(Score)
SELECT_NOTHING = (
    "leadquery.errors.QueryError: select names the columns to show; "
    "write select('FirstName', 'Phone')"
)


@pytest.mark.parametrize(
    "name", ["queries.py:query", "./queries.py:query", "queries:query", "queries.py:made"]
)
def test_a_query_as_json(name: str, write: Write) -> None:
    """In a file or a module of this folder; a function is called."""
    write("queries.py", SOURCE)

    assert leadquery("payload", name).output == f"{QUERY.to_json(indent=2)}\n"
    assert leadquery("payload", name).exit_code == 0


def test_a_module_of_a_package(here: Path, write: Write) -> None:
    (here / "reports").mkdir()
    write("reports/daily.py", SOURCE)

    assert json.loads(leadquery("payload", "reports.daily:query").output) == QUERY.to_payload()


def test_a_file_somewhere_else(here: Path, write: Write) -> None:
    """With the modules beside it."""
    (here / "other").mkdir()
    write("other/words.py", SOURCE)
    path = write("other/queries.py", "from words import query\n")

    assert json.loads(leadquery("payload", f"{path}:query").output) == QUERY.to_payload()


def test_a_file_hides_no_module(write: Write) -> None:
    """The standard library precedes modules beside the file."""
    write("tabnanny.py", "1 / 0\n")
    path = write("queries.py", f"import tabnanny\n{SOURCE}")

    assert leadquery("payload", f"{path}:query").exit_code == 0


@pytest.mark.parametrize("name", ["json.py", "random.py", "leadquery.py", "a.b.py", "x y.py"])
def test_a_file_may_have_any_name(name: str, write: Write) -> None:
    """It does not replace a module."""
    before = sys.modules.get(name.removesuffix(".py"))
    write(name, f"import json, random, leadquery\njson.dumps\nrandom.Random\n{SOURCE}")

    assert json.loads(leadquery("payload", f"{name}:query").output) == QUERY.to_payload()
    assert sys.modules.get(name.removesuffix(".py")) is before


def test_two_files_of_one_name(here: Path, write: Write) -> None:
    """Both are loaded."""
    (here / "other").mkdir()
    one = write("queries.py", SOURCE)
    other = write("other/queries.py", SOURCE.replace("> 5", "> 6"))

    texts = [leadquery("payload", f"{path}:query").output for path in (one, other)]

    assert [text.count('"5"') for text in texts] == [1, 0]


def test_objects_of_a_file_can_be_pickled(write: Write) -> None:
    """And dataclasses find their module."""
    write(
        "queries.py",
        "from __future__ import annotations\n"
        "import pickle\nfrom dataclasses import dataclass\n"
        f"from typing import ClassVar\n{SOURCE}\n"
        "@dataclass\nclass Report:\n    number: ClassVar[int] = 1\n    score: int = 5\n"
        "kept = pickle.loads(pickle.dumps((Report(), query, made)))\n"
        "again = kept[2]()\n"
        "assert kept == (Report(), query, made)\n",
    )

    assert json.loads(leadquery("payload", "queries.py:again").output) == QUERY.to_payload()


UNFINISHED = (
    "is not a complete query; end it with select(...), "
    "or group_by(...) and count(), average(...), sum(...) or aggregate(...)"
)
NO_QUERY = "is neither a query nor a function without arguments that returns one"
NO_MODULE = "here; write FILE.py:NAME for a file"

NO_NAME = f"names no query; {EXPECTED}"


@pytest.mark.parametrize("command", ["payload", "run"])
@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("queries.py:", 2, f"'queries.py:' {NO_NAME}"),
        (":query", 2, f"':query' {NO_NAME}"),
        ("", 2, f"'' {NO_NAME}"),
        ("..:query", 2, f"there is no module '..' {NO_MODULE}"),
        (".queries:query", 2, f"there is no module '.queries' {NO_MODULE}"),
        ("none.py:query", 2, f"'none.py' does not exist; {EXPECTED}"),
        ("folder.py:query", 2, "'folder.py' is a folder; name a file in it"),
        ("none:query", 2, f"there is no module 'none' {NO_MODULE}"),
        (
            "queries.none:q",
            2,
            f"there is no module 'queries.none' {NO_MODULE}",
        ),
        ("a..b:query", 2, f"there is no module 'a..b' {NO_MODULE}"),
        ("queries.py:none", 2, "'queries.py' has no 'none'; its queries are query"),
        ("queries:none", 2, "'queries' has no 'none'; its queries are query"),
        (
            "queries.py:qurey",
            2,
            "'queries.py' has no 'qurey'; did you mean 'query'? its queries are query",
        ),
        ("json:query", 2, "'json' has no 'query'; it has no queries"),
        ("queries.py:leads", 1, f"'queries.py:leads' {UNFINISHED}"),
        ("queries.py:grouped", 1, f"'queries.py:grouped' {UNFINISHED}"),
        ("queries.py:number", 1, f"'queries.py:number' {NO_QUERY}"),
        ("queries.py:asked", 1, f"'queries.py:asked' {NO_QUERY}"),
        ("json:dumps", 1, f"'json:dumps' {NO_QUERY}"),
        ("builtins:getattr", 1, f"'builtins:getattr' {NO_QUERY}"),
        ("leadquery:Client", 1, f"'leadquery:Client' {NO_QUERY}"),
        ("time:time", 1, f"'time:time' {NO_QUERY}"),
    ],
)
def test_arguments_that_name_no_query(
    command: str, name: str, code: int, message: str, here: Path, write: Write
) -> None:
    """2 if nothing has the name, 1 if it is not a query."""
    write("queries.py", SOURCE)
    (here / "folder.py").mkdir()

    assert failure(leadquery(command, name)) == (code, f"Error: {message}")


@pytest.mark.parametrize(
    ("name", "source", "lines"),
    [
        (
            "queries.py:query",
            "1 / 0\n",
            ("ZeroDivisionError: division by zero", "'queries.py' raised ZeroDivisionError"),
        ),
        (
            "queries:query",
            "1 / 0\n",
            ("ZeroDivisionError: division by zero", "'queries' raised ZeroDivisionError"),
        ),
        (
            "queries.py:query",
            "import nothing_of_that_name\n",
            (
                "ModuleNotFoundError: No module named 'nothing_of_that_name'",
                "'queries.py' raised ModuleNotFoundError",
            ),
        ),
        (
            "queries:query",
            "import nothing_of_that_name\n",
            (
                "ModuleNotFoundError: No module named 'nothing_of_that_name'",
                "'queries' raised ModuleNotFoundError",
            ),
        ),
        ("queries.py:broken", SOURCE, ("KeyError: 'x'", "'queries.py:broken' raised KeyError")),
        (
            "queries.py:query",
            "from leadquery import Leads\nLeads.select()\n",
            (
                SELECT_NOTHING,
                "'queries.py' raised QueryError",
            ),
        ),
    ],
)
def test_errors_in_user_code_are_shown(
    name: str, source: str, lines: tuple[str, str], write: Write
) -> None:
    """With the frames of the user's code only."""
    path = write("queries.py", source)

    result = leadquery("payload", name)

    # Errors of leadquery name a page of the docs in a line of their own.
    output_lines = [line for line in result.stderr.splitlines() if not line.startswith("see ")]
    assert (result.exit_code, result.stdout) == (1, "")
    assert output_lines[0] == "Traceback (most recent call last):"
    assert output_lines[1].startswith(f'  File "{path}", line ')
    assert output_lines[-2:] == [
        lines[0],
        f"Error: {lines[1]}; fix it where the traceback above ends",
    ]


@pytest.mark.parametrize("name", ["queries.py:query", "queries:query"])
def test_syntax_errors_are_shown(name: str, write: Write) -> None:
    """As Python prints them."""
    path = write("queries.py", "query = (\n")

    output_lines = leadquery("payload", name).stderr.splitlines()

    assert output_lines[0] == f'  File "{path}", line 1'
    assert output_lines[-1].endswith("raised SyntaxError; fix it where the traceback above ends")
