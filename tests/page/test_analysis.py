"""What the page shows of a text."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leadquery import Client, Leads, check, count
from leadquery.emulator import Emulator
from leadquery.errors import QueryError
from leadquery.fields import CreatedOn, OwnerId, Phone, ProspectStage, Score, mx_City
from leadquery.lint.request_files import read_requests
from leadquery.page import demo as demo_module
from leadquery.page.analysis import (
    MAX_DIAGNOSTICS,
    MAX_SQL,
    analyze,
    call,
    demo,
    detect_language,
    fix,
)
from leadquery.page.demo import DEMO_LEADS, DEMO_NOW, MAX_ROWS, run
from leadquery.page.examples import EXAMPLES
from leadquery.query.query import Query
from tests.request_files import URL, WRITERS

CASES = sorted((Path(__file__).parent.parent / "cases" / "bad").glob("*.json"))

LANGUAGES = {
    "": "payload",
    '{"a": 1}': "payload",
    "[from x]": "payload",
    "hello": "payload",
    "SELECT Phone FROM leads": "sql",
    "\n -- comment\n/* and\n another */ with a as (select 1) select 2": "sql",
    "selected = 5": "python",
    "Leads.select(Phone)": "python",
    "client.run(Leads.select(Phone))": "python",
    "import leadquery": "python",
    "query: Query = x": "python",
    "'Output': {'Type': 'list'}": "payload",
}


@pytest.mark.parametrize(("text", "language"), LANGUAGES.items())
def test_the_language_is_recognised(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_payload_has_the_report_of_check(path: Path) -> None:
    text = path.read_bytes().decode("utf-8", "replace")
    report, found = check(text, max_diagnostics=MAX_DIAGNOSTICS), analyze(text)
    requests = read_requests(text)
    if not text.strip() or found["language"] != "payload" or (requests and requests.bodies):
        return
    assert found["summary"] == report.summary()
    assert [
        (one["code"], one["severity"], one["path"], one["line"], one["column"], one["width"])
        for one in found["diagnostics"]
    ] == [(one.code, one.severity, one.path, one.line, one.column, one.width) for one in report]


def test_a_payload_is_shown_in_other_forms() -> None:
    found = analyze(json.dumps(Leads.select(Phone).to_payload()))

    assert found["sentence"] == Leads.select(Phone).describe()
    assert found["forms"]["python"] == Leads.select(Phone).to_python()
    assert json.loads(found["forms"]["payload"]) == Leads.select(Phone).to_payload()
    assert found["forms"]["curl"].startswith("curl ")
    assert found["forms"]["plan"].startswith("1 request")


def test_a_query_of_several_requests_has_a_plan_and_no_payload() -> None:
    found = analyze(EXAMPLES["python"])

    assert "this query takes 3 requests" in found["forms"]["payload"]
    assert found["forms"]["plan"].startswith("3 requests")


def test_a_statement_has_its_issues_and_notes() -> None:
    found = analyze("SELECT Phone\nFROM leads\nWHERE Score LIKE 5 AND x()")

    assert found["language"] == "sql"
    assert [one["line"] for one in found["diagnostics"]] == [3, 3]
    assert found["summary"] == "2 errors"
    assert analyze(EXAMPLES["sql"])["notes"]
    assert analyze("SELECT Phone FRM")["summary"] == "1 error"


def test_a_python_text_has_its_issue() -> None:
    [issue] = analyze("Leads.where(Scor > 5).select(Phone)")["diagnostics"]

    assert (issue["line"], issue["column"], issue["width"], issue["fix"]) == (1, 13, 4, None)


def test_a_long_statement_is_refused() -> None:
    [issue] = analyze("SELECT " + "x" * MAX_SQL)["diagnostics"]

    assert "at most 50,000 characters" in issue["message"]
    assert issue["line"] is None


def test_a_text_with_nothing_in_it_has_no_problems() -> None:
    assert analyze(" \n")["diagnostics"] == []
    assert demo(" \n")["message"] == "there is no query to run"


@pytest.mark.parametrize("text", ["[" * 100_000, "[" * 50_000 + "]" * 50_000, "{'a':" * 5_000])
def test_a_deep_text_has_the_report_of_check(text: str) -> None:
    found = analyze(text)
    assert found["summary"] == check(text, max_diagnostics=MAX_DIAGNOSTICS).summary()
    assert fix(text) == text


def test_brackets_in_text_are_not_deep() -> None:
    payload = Leads.where(mx_City == "[" * 2_000).select(Phone).to_payload()
    assert analyze(json.dumps(payload))["sentence"]


def test_all_safe_fixes_are_applied() -> None:
    fixed = fix(EXAMPLES["payload"])

    assert check(fixed).diagnostics == ()
    assert demo(fixed)["bars"][0] == 1


def test_one_fix_changes_one_place() -> None:
    text = EXAMPLES["payload"]
    number = next(n for n, one in enumerate(check(text)) if one.code == "LQ202")
    assert fix(text, number) == text.replace('"type"', '"Type"')


def test_a_fix_of_an_earlier_text_changes_nothing() -> None:
    assert fix("{}", 99) == "{}"


def test_a_query_that_nested_groups_make_too_long_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_: object) -> Query:
        raise QueryError("too long")

    monkeypatch.setattr("leadquery.query.from_payload.from_payload", refuse)
    text = '{"Output": {"Type": "list", "IncludeCSV": "Phone,OwnerId"}}'
    assert analyze(text)["diagnostics"][-1]["message"] == "too long"


def _client() -> Client:
    emulator = Emulator.demo(DEMO_LEADS, now=DEMO_NOW)
    return Client("https://api.example.com", "a", "b", session=emulator.session())


QUERIES = [
    Leads.where(Score > 50).group_by(ProspectStage).count(),
    Leads.where((mx_City == "Delhi") | (Score > 80)).group_by(ProspectStage).average(Score),
    Leads.group_by(CreatedOn.month()).aggregate(count(), Score.median()),
    Leads.where(~(mx_City == "Delhi") | (Score > 80)).select(Phone, Score).limit(5),
    Leads.select(Phone, Score).page(2, 7),
]


@pytest.mark.parametrize("query", QUERIES, ids=repr)
def test_the_result_is_that_of_the_client(query: Query[Any]) -> None:
    client = _client()
    result = client.run_page(query) if query.is_one_request else client.run(query)
    found = run(query)

    assert found["columns"] == list(result.columns)
    assert found["total"] == result.total
    assert len(found["rows"]) == min(len(result), MAX_ROWS)
    for row, cells in zip(result, found["rows"], strict=False):
        numbers = [value for value in row.values() if type(value) is int]
        # A column of groups with fractions has decimals in all rows.
        texts = {cell.removesuffix(".00") for cell in cells}
        assert {f"{number:,}" for number in numbers} <= texts


def test_owners_have_names() -> None:
    found = run(Leads.group_by(OwnerId).count())

    assert found["columns"] == ["OwnerIdName", "Count"]
    assert found["rows"][0][0] == "Arjun Bose"
    named = run(Leads.group_by(OwnerId).count().with_owner_names())
    assert named["columns"] == ["OwnerIdName", "Count"]


def test_groups_without_a_value_are_named() -> None:
    found = run(Leads.group_by("mx_City").count())
    assert "(no data)" in [row[0] for row in found["rows"]]


def test_what_the_demo_cannot_run_has_a_message() -> None:
    found = demo("Leads.group_by(OwnerId, mx_City, Source, ProspectStage).count()")

    assert found["rows"] == []
    assert "more than 100 requests" in found["message"]


def test_without_sqlglot_a_statement_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sqlglot", None)
    [issue] = analyze("SELECT Phone FROM leads -- another")["diagnostics"]

    assert "leadquery[sql]" in issue["message"]


def test_calls_are_json() -> None:
    assert json.loads(call("needs_later", '["SELECT 1"]')) is True
    assert json.loads(call("needs_later", '["{}"]')) is False
    assert json.loads(call("fix", '["{\\"a\\": \\"\\ud800\\"}", null]')) == '{"a": "\ud800"}'


def test_the_demo_leads_have_the_date_that_the_page_names() -> None:
    page = Path(demo_module.__file__).parent / "web" / "page.js"

    assert datetime(2026, 3, 15, 12, tzinfo=UTC) == DEMO_NOW
    assert "as of 15 March 2026" in page.read_text("utf-8")


@pytest.mark.parametrize("kind", ["single quotes", "carets", "http", "bruno", "postman", "har"])
def test_a_request_is_read_as_its_payload(kind: str) -> None:
    """In place of its body, also in a text that looks like Python."""
    wrong = '{"Output": {"type": "list", "IncludeCSV": "Phone"}}'
    text = WRITERS[kind](wrong)
    found = analyze(text)
    [paging, misspelt] = found["diagnostics"]

    assert (found["language"], paging["code"], misspelt["code"]) == ("payload", "LQ503", "LQ202")
    line = text.split("\n")[misspelt["line"] - 1]
    assert "type" in line[misspelt["column"] - 1 :][: misspelt["width"]]
    assert fix(text) == fix(text, 1) != text
    assert [one["code"] for one in analyze(fix(text))["diagnostics"]] == ["LQ503"]
    assert found["sentence"] == Leads.select(Phone).page(None).describe()


def test_a_request_with_variables_or_without_a_body_has_no_query() -> None:
    body = '{"Output": {"Type": "list", "IncludeCSV": "\'$columns\'"}}'
    found = analyze(f"curl '{URL}' -d '{body}'")
    assert (found["sentence"], found["summary"]) == ("", "1 warning")

    found = analyze(f"curl '{URL}'")
    assert [one["message"] for one in found["diagnostics"]] == ["it has no body"]


def test_several_requests_are_checked_without_a_query() -> None:
    body = json.dumps(Leads.select(Phone).to_payload())
    text = f"curl '{URL}' -d '{body}'\n"
    found = analyze(text + text.replace("PageSize", "pagesize"))

    assert [(one["code"], one["line"]) for one in found["diagnostics"]] == [("LQ202", 2)]
    assert found["sentence"] == ""
    assert fix(text + text.replace("PageSize", "pagesize")) == text * 2
