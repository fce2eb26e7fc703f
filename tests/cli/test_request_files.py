"""`leadquery check` and other commands with a file of requests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from leadquery.wire.endpoints import Endpoint
from tests.cli.shell import Write, failure, leadquery
from tests.request_files import ACCESS, SECRET, curl_single, document, postman_request

PAGING = '"Paging": {"PageIndex": 1, "PageSize": 100}'
CLEAN = '{"Output": {"Type": "list", "IncludeCSV": "Phone"}, ' + PAGING + "}"
WRONG = (
    '{\n  "Output": {"type": "list", "IncludeCSV": "Phone"},\n'
    '  "DateFilter": [{"FromDate": "{{from}}", "ToDate": "2026-01-31"}],\n  ' + PAGING + "\n}"
)


DATE = "'2026-01-31' is not in the format 'yyyy-MM-dd HH:mm:ss'; write '2026-01-31 23:59:59'"
COMPUTED = "its body is a variable or an expression; check what it stands for"
FIXABLE = "1 can be fixed with --fix, 1 more with --unsafe-fixes"


@pytest.fixture
def collection(write: Write) -> Path:
    return write("collection.json", document("postman", CLEAN, WRONG, "{{body}}"))


def column(file: Path, part: str) -> int:
    return file.read_text("utf-8").index(part.replace('"', '\\"')) + 1


def test_each_body_is_reported_with_its_request(
    collection: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "94")
    result = leadquery("check", "collection.json")
    name = "in 'Reports / Report 2'"
    place = column(collection, '{"FromDate"')
    typed, dated = column(collection, '"type"'), column(collection, '"2026-01-31"')

    assert result.exit_code == 1
    assert result.output.splitlines() == [
        f"collection.json:1:{typed}: LQ202 warning  $.Output.type  {name}",
        '    2 |   "Output": {"type": "list", "IncludeCSV": "Phone"},',
        "      |              ^^^^^^",
        "      | 'type' differs from 'Type' only in letter case; write 'Type'   [fix: safe]",
        f"collection.json:1:{place}: LQ203 error  $.DateFilter[0].DateField  {name}",
        '    3 |   "DateFilter": [{"FromDate": "{{from}}", "ToDate": "2026-01-31"}],',
        "      |                  ^",
        '      | missing key \'DateField\'; add "DateField": "LeadCreatedOn" or "LeadModifiedOn"',
        f"collection.json:1:{dated}: LQ307 error  $.DateFilter[0].ToDate  {name}",
        '    3 |   "DateFilter": [{"FromDate": "{{from}}", "ToDate": "2026-01-31"}],',
        "      |                                                     ^^^^^^^^^^^^",
        f"      | {DATE}",
        "      | [fix: unsafe]",
        f"collection.json: not checked in 'Reports / Report 3': {COMPUTED.partition(' check')[0]}",
        "    check what it stands for",
        f"2 errors, 1 warning in 1 of 2 payloads; {FIXABLE}",
    ]


def test_a_file_of_requests_is_fixed(collection: Path) -> None:
    before = collection.read_text("utf-8")
    result = leadquery("check", "--unsafe-fixes", "collection.json")

    assert collection.read_text("utf-8") == before.replace('\\"type\\"', '\\"Type\\"').replace(
        "2026-01-31", "2026-01-31 23:59:59"
    )
    assert (
        result.output.splitlines()[-1]
        == "2 fixed; 1 error left in 1 of 2 payloads: 1 by hand (line 1)"
    )


@pytest.mark.usefixtures("collection")
def test_a_file_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("leadquery.cli.file_checker.write", refuse)

    assert failure(leadquery("check", "--fix", "collection.json"))[0] == 2


def test_a_command_on_stdin_is_fixed() -> None:
    text = curl_single(WRONG.replace("{{from}}", "2026-01-01 00:00:00"))
    result = leadquery("check", "--fix", "-", stdin=text)

    assert result.stdout == text.replace('"type"', '"Type"')
    assert "-:4:14: LQ202 fixed  $.Output.type" in result.stderr


def test_a_diff_shows_bodies_only(write: Write) -> None:
    """What is around them may hold keys."""
    file = write("request.sh", curl_single(WRONG))
    before = file.read_text("utf-8")
    result = leadquery("check", "--diff", "request.sh")

    assert file.read_text("utf-8") == before
    assert result.stdout.splitlines() == [
        "--- request.sh",
        "+++ request.sh",
        "@@ -1,5 +1,5 @@",
        " {",
        '-  "Output": {"type": "list", "IncludeCSV": "Phone"},',
        '+  "Output": {"Type": "list", "IncludeCSV": "Phone"},',
        '   "DateFilter": [{"FromDate": "{{from}}", "ToDate": "2026-01-31"}],',
        f"   {PAGING}",
        " }",
    ]


@pytest.mark.parametrize("output_format", ["text", "json", "github", "sarif"])
@pytest.mark.parametrize("options", [[], ["--diff"], ["--unsafe-fixes"]])
@pytest.mark.parametrize("kind", ["collection.json", "request.sh"])
def test_keys_are_never_shown(
    collection: Path, write: Write, output_format: str, options: list[str], kind: str
) -> None:
    assert collection.name == "collection.json"
    write("request.sh", curl_single(WRONG).replace("\\\n", " "))
    result = leadquery("check", "--format", output_format, *options, kind)

    assert "DateField" in result.output
    assert ACCESS not in result.output
    assert SECRET not in result.output


def test_programs_get_the_request_and_the_place(collection: Path) -> None:
    result = json.loads(leadquery("check", "--format", "json", "collection.json").stdout)
    clean, wrong, unchecked = result["files"]

    assert [one["request"] for one in result["files"]] == [
        "Reports / Report 1",
        "Reports / Report 2",
        "Reports / Report 3",
    ]
    assert (clean["ok"], wrong["ok"], unchecked["ok"]) == (True, False, None)
    assert unchecked["note"].startswith("its body is a variable")
    first = wrong["diagnostics"][0]
    assert (first["line"], first["column"]) == (1, column(collection, '"type"'))
    assert first["width"] == len('\\"type\\"')

    output = leadquery("check", "--format", "github", "collection.json").stdout.splitlines()
    assert output[0].endswith(
        "title=LQ202::$.Output.type in 'Reports / Report 2': 'type' differs from 'Type' only in "
        "letter case; write 'Type'"
    )
    assert output[-1].startswith(
        "::notice file=collection.json::not checked in 'Reports / Report 3'"
    )

    log = json.loads(leadquery("check", "--format", "sarif", "collection.json").stdout)["runs"][0]
    region = log["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region["startColumn"] == column(collection, '"type"')
    assert log["invocations"][0]["toolExecutionNotifications"][0]["level"] == "note"


@pytest.mark.parametrize(
    ("requests", "message"),
    [
        ([], "is a Postman collection without a request for this API"),
        (
            [postman_request("{}", "https://x/LeadManagement.svc/Leads.Get")],
            "is a Postman collection without a request for this API; its 1 requests are for others",
        ),
        ([postman_request("{{x}}")], "is a Postman collection without a body that can be checked"),
    ],
)
def test_a_file_without_a_body(write: Write, requests: list[Any], message: str) -> None:
    items = [{"name": "x", "request": request} for request in requests]
    write("other.json", json.dumps({"info": {}, "item": items}))
    result = leadquery("check", "other.json")

    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == f"Error: 'other.json' {message}"
    if not requests or "{}" in str(requests):
        assert failure(leadquery("describe", "other.json"))[1] == f"Error: 'other.json' {message}"


def test_a_body_is_described_and_converted(collection: Path) -> None:
    """By number or name; the only one needs none."""
    assert collection.name == "collection.json"
    for request in ("1", "report 1", "Reports / Report 1"):
        described = leadquery("describe", f"collection.json:{request}").output
        assert described == "List of Phone of all leads.\n"
    assert "Leads.select(Phone)" in leadquery("to-python", "collection.json:1").output
    (collection.parent / "one.sh").write_text(curl_single(CLEAN), "utf-8")
    assert leadquery("describe", "one.sh").output == described
    exported = leadquery("payload", "collection.json:1", "--as", "postman").output
    assert json.loads(exported)["item"][0]["name"] == "collection"
    assert leadquery("run", "--demo", "collection.json:1", "--limit", "1").exit_code == 0


@pytest.mark.usefixtures("collection")
def test_a_body_is_chosen(write: Write) -> None:
    listed = (
        "  collection.json:1  Reports / Report 1\n  collection.json:2  Reports / Report 2\n"
        "  collection.json:3  Reports / Report 3\n"
    )
    result = leadquery("describe", "collection.json")
    assert result.exit_code == 2
    assert result.stderr.endswith(
        f"Error: 'collection.json' has 3 requests; write one of\n{listed}"
    )
    assert leadquery("describe", "collection.json:x").stderr.endswith(
        f"Error: 'collection.json' has no request 'x'; write one of\n{listed}"
    )
    assert failure(leadquery("describe", "collection.json:2")) == (
        1,
        "Error: 'collection.json' 'Reports / Report 2': replace its variables by values: {{from}}",
    )
    assert failure(leadquery("describe", "collection.json:3"))[1].endswith(COMPUTED)
    write("one.json", CLEAN)
    assert failure(leadquery("describe", "one.json:1"))[1] == (
        "Error: 'one.json' holds one query, without a name; write one.json"
    )


@pytest.mark.usefixtures("collection")
def test_one_request_is_checked() -> None:
    assert leadquery("check", "collection.json:1").output == "no problems found\n"
    assert leadquery("check", "collection.json:2").output.splitlines()[-1] == (
        f"2 errors, 1 warning; {FIXABLE}"
    )
    assert leadquery("check", "--fix", "collection.json:report 1").exit_code == 0
    assert leadquery("check", "collection.json:9").exit_code == 2


def test_errors_of_a_chosen_body_are_where_the_file_has_them(write: Write) -> None:
    write("request.sh", curl_single(CLEAN.replace('"list"', '"lst"')))
    result = leadquery("describe", "request.sh")

    assert result.exit_code == 1
    assert result.stderr.splitlines()[0] == "request.sh:3:35: LQ301 error  $.Output.Type"
    assert result.stderr.splitlines()[-1] == (
        "to fix it: leadquery check --unsafe-fixes request.sh"
    )


def test_several_files(collection: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    write("clean.json", CLEAN)
    result = leadquery("check", "clean.json", "collection.json", "--fix")

    assert collection.exists()
    assert result.output.splitlines()[-1] == (
        "1 fixed; 2 errors left in 1 of 3 payloads: 1 with --unsafe-fixes, 1 by hand "
        "(collection.json:1)"
    )


NODE = '{"ReportFilter": {"%s": [{"Id": 1}]}, ' + CLEAN[1:]
PATHS = {one.path: one for one in Endpoint}


@pytest.mark.parametrize("key", ["ActivityFilters", "TaskFilters", "activityfilters"])
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("kind", ["postman", "har", "n8n", "insomnia", "curl"])
def test_a_node_goes_to_the_url_of_its_report(write: Write, kind: str, path: str, key: str) -> None:
    """Else the API would ignore it."""
    body = NODE % key
    text = curl_single(body) if kind == "curl" else document(kind, body)
    file = write("requests.txt", text.replace(Endpoint.DISTRIBUTION.path, path))
    options = ["--format", "json", "--select", "LQ411"]
    result = json.loads(leadquery("check", *options, file.name).stdout)["files"]
    found = [one for each in result for one in each["diagnostics"]]

    if PATHS[path].key.casefold() == key.casefold():
        assert found == []
    else:
        [one] = found
        assert one["path"] == f"$.ReportFilter.{key}"
        assert one["message"] == (
            f"{key!r} belongs to {REPORTS[key.casefold()]}, but the URL is that of "
            f"{PATHS[path].title}"
        )
        assert one["hint"].startswith("send it to '/")
        line = file.read_text("utf-8").splitlines()[one["line"] - 1]
        assert key in line[one["column"] - 1 :][: one["width"]]
    assert leadquery("check", "--ignore", "LQ411,LQ2", file.name).exit_code == 0
    assert leadquery("check", "--fix", "--ignore", "LQ411,LQ2", file.name).exit_code == 0


REPORTS = {
    "activityfilters": "Leads Not Contacted",
    "taskfilters": "Leads With No Active Tasks",
}


@pytest.mark.parametrize(
    "body",
    [
        CLEAN,
        NODE.replace("ReportFilter", "ReportFilters") % "ActivityFilters",
        NODE.replace("}]},", "}],},") % "ActivityFilters",
        '{"ReportFilter": 1}',
    ],
)
def test_a_body_whose_node_is_not_certain(write: Write, body: str) -> None:
    """It is one without a node, or has to be corrected first."""
    write("request.sh", curl_single(body))

    assert "LQ411" not in leadquery("check", "request.sh").output
