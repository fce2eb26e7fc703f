"""What VS Code does with the JSON Schema of `leadquery schema`: its language service, in Node."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from leadquery import check
from leadquery.expr.field_types import Choice, Number
from leadquery.fields import STANDARD
from leadquery.lint.catalog import FieldCatalog
from leadquery.lint.editor_schema import editor_schema
from leadquery.users import STANDARD as ATTRIBUTES
from leadquery.wire.enums import AggregateFunction, Operator, UserOperator
from tests.exporters.clients import NPM, package, tool

SCRIPT = Path(__file__).with_name("language_service.mjs")
CASES = Path(__file__).parent.parent / "cases"
ACCOUNT = FieldCatalog.of([Choice("mx_Course", "Course", options=["MBA", "BSc"]), Number("mx_Fee")])
SCHEMAS = {"standard": editor_schema(), "account": editor_schema(ACCOUNT)}

FILTER = '{"ReportFilter": {"LeadFilters": [{%s}]}}'
USERS = '{"ReportFilter": {"UserFilter": {"GroupConditions": [{"Condition": [{%s}]}]}}}'
OUTPUT = '{"Output": {%s}}'


def ask(method: str, texts: list[str], schema: str = "standard") -> list[Any]:
    """What the service results for each text; a bar is the cursor."""
    package("vscode-json-languageservice")
    requests = [{"method": method, "schema": schema, "text": text} for text in texts]
    done = subprocess.run(
        [tool("node"), str(SCRIPT), f"{NPM}/"],
        input=json.dumps({"schemas": SCHEMAS, "requests": requests}),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    results: list[Any] = json.loads(done.stdout)
    return results


def test_operators_are_completed_with_their_descriptions() -> None:
    """Every one, in quotes too, and those of users."""
    after, inside, users, functions = ask(
        "complete",
        [
            FILTER % '"LookUpName": "Score", "SqlOperator": |',
            FILTER % '"LookUpName": "Score", "SqlOperator": "|"',
            USERS % '"LookupName": "Role", "Operator": |',
            OUTPUT % '"Type": "aggregate", "AggregateFunction": |',
        ],
    )

    assert after == inside == {f'"{one.token}"': one.label for one in Operator}
    assert users == {f'"{one.token}"': one.label for one in UserOperator}
    assert functions == {f'"{one.token}"': one.label for one in AggregateFunction}


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("{|}", {"ReportFilter", "DateFilter", "Output", "Paging", "$schema"}),
        (FILTER % "|", {"LookUpName", "SqlOperator"}),
        (FILTER % '"SqlOperator": "=", |', {"LookUpName", "LookUpValue"}),
        (FILTER % '"SqlOperator": "in", |', {"LookUpName", "LookUpValues"}),
        (FILTER % '"SqlOperator": "def", |', {"LookUpName"}),
        (OUTPUT % "|", {"Type"}),
        (OUTPUT % '"Type": "list", |', {"IncludeCSV"}),
        (
            OUTPUT % '"Type": "aggregate", |',
            {"GroupBy", "AggregateFunction", "AggregateField"},
        ),
        ('{"ReportFilter": {"UserFilter": {|}}}', {"GroupConditions"}),
    ],
)
def test_no_key_is_completed_that_would_be_ignored(text: str, keys: set[str]) -> None:
    [completed] = ask("complete", [text])

    assert {*completed} == keys
    assert all(completed.values())


def test_field_names_are_completed() -> None:
    """The standard ones, or those of the account; and user attributes."""
    name = FILTER % '"LookUpName": |'
    standard, attributes = ask("complete", [name, USERS % '"LookupName": |'])
    account, option = ask(
        "complete",
        [name, FILTER % '"LookUpName": "mx_Course", "SqlOperator": "=", "LookUpValue": |'],
        "account",
    )

    assert {'"OwnerId"', '"mx_City"'} < {*standard} <= {f'"{one}"' for one in STANDARD}
    assert standard['"Score"'] == "Lead Score (Number)"
    assert {*attributes} == {f'"{one}"' for one in ATTRIBUTES}
    assert account.items() >= {'"mx_Course"': "Course (Choice)", '"mx_Fee"': "Number"}.items()
    assert '"mx_City"' not in account
    assert {*option} == {'"MBA"', '"BSc"'}


def test_hover() -> None:
    """A key says what it is for, a value what it means."""
    key, operator, field = ask(
        "hover",
        [
            OUTPUT % '"Type": "list", "Include|CSV": "Phone"',
            FILTER % '"LookUpName": "Score", "SqlOperator": "l|ik", "LookUpValue": "9"',
            FILTER % '"LookUpName": "Sc|ore", "SqlOperator": "=", "LookUpValue": "9"',
        ],
    )

    assert "names of the lead fields to show" in key
    assert "`lik`: containing" in operator
    assert "`Score`: Lead Score (Number)" in field


def test_a_date_in_another_format() -> None:
    text = '{"DateFilter": [{"DateField": "LeadCreatedOn", "FromDate": "2026-01-31"'
    [found] = ask("validate", [text])

    assert "write a date and time as yyyy-MM-dd HH:mm:ss, in UTC, such as 2026" in str(found)


EXACT = ("204", "205", "206", "301", "302", "303", "304", "305", "307", "309", "402", "403", "407")
"""The rules that a schema can express."""

PARTLY = ("201", "202", "401")
"""What is written under another key is also missing under the right one, for a schema."""


def cases(folder: str, *codes: str) -> list[Path]:
    """The payloads of some rules."""
    return sorted(file for code in codes for file in (CASES / folder).glob(f"{code}*.json"))


def test_diagnostics_are_at_the_places_of_check() -> None:
    files = cases("bad", *(f"LQ{code}" for code in (*EXACT, *PARTLY)))
    texts = [file.read_text("utf-8") for file in files]
    results = ask("validate", texts)

    assert len(files) > 80
    for file, text, found in zip(files, texts, results, strict=True):
        ours = {(one.line, one.column) for one in check(text)}
        theirs = {(line, column) for line, column, _, _ in found}
        if file.name.startswith(tuple(f"LQ{code}" for code in EXACT)):
            assert theirs == ours, file.name
        else:
            others = [message for *place, _, message in found if tuple(place) not in ours]
            assert all(message.startswith("Missing property") for message in others), file.name


def test_valid_payloads_have_no_diagnostics() -> None:
    """But for keys that the API ignores, such as those of the vendor's sample."""
    files = [file for file in cases("good", "") if check(file.read_text("utf-8")).diagnostics == ()]
    results = ask("validate", [file.read_text("utf-8") for file in files])

    assert len(files) > 15
    assert [(file.name, found) for file, found in zip(files, results, strict=True) if found] == []
