"""Payloads inside something else: programs, commands, texts, collections, other objects."""

from __future__ import annotations

import html
import json
from base64 import b64encode, encodebytes
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from leadquery import check
from leadquery.lint.report import Report

BODY = {
    "Output": {"Type": "list", "IncludeCSV": "Phone"},
    "Paging": {"PageIndex": 1, "PageSize": 9},
}
TEXT = json.dumps(BODY)
WRONG = TEXT.replace('"list"', '"lst"')
INDENTED = json.dumps(BODY, indent=2)
CARETS = TEXT.replace("{", "^{").replace("}", "^}")
ESCAPED = TEXT.replace('"', '\\"')
COLLECTION: dict[str, Any] = {
    "info": {"schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
    "item": [{"item": [{"request": {"body": {"mode": "raw", "raw": TEXT}}}]}],
}

PROGRAMS = [
    f"payload = {TEXT}",
    f"const body = {TEXT};",
    f"curl -X POST 'https://api.example.com/x' -H 'Content-Type: application/json' -d '{TEXT}'",
    f'curl "https://api.example.com/x" --data "{ESCAPED}"',
    f"requests.post(url, params=keys, json={TEXT})",
    f"requests.post(url, json={BODY}, timeout=5)",
    f"fetch(url, {{method: 'POST', body: JSON.stringify({TEXT})}})",
    f"{{method: 'POST', body: JSON.stringify({TEXT})}}",
    f"Invoke-RestMethod -Uri $url -Method Post -Body '{TEXT}'",
    f'String body = "{ESCAPED}";',
    f"POST /Leads HTTP/1.1\nHost: api.example.com\n\n{TEXT}",
    f"```json\n{INDENTED}\n```",
    f"curl -d $'{TEXT}' https://api.example.com/x",
    "curl -d $'" + INDENTED.replace("\n", "\\n") + "' https://api.example.com/x",
    "curl -d $'" + TEXT.replace("Phone", "mx_D\\'Arc") + "' https://api.example.com/x",
    f"curl -d @- https://api.example.com/x <<END\n{INDENTED}\nEND",
    'curl ^"https://api.example.com^" --data-raw ^"' + CARETS.replace('"', '^\\^"') + '^"',
    'curl "https://api.example.com" --data "' + CARETS.replace('"', '\\^"') + '"',
    '$body = "' + TEXT.replace('"', '`"') + '"',
    'var body = @"' + TEXT.replace('"', '""') + '";',
    f"$body = @'\n{INDENTED}\n'@",
    f"body: |\n  {INDENTED}".replace("\n", "\n  "),
    f"({TEXT})",
    f">>> {BODY}",
    f"> {TEXT}",
    f"[2026-01-31 12:00:00] DEBUG {TEXT}",
    repr(TEXT.encode()),
    quote(TEXT),
    f"body={quote_plus(TEXT)}&format=json",
    html.escape(TEXT),
    b64encode(TEXT.encode()).decode(),
    encodebytes(INDENTED.encode()).decode(),
]


def codes(report: Report) -> list[str]:
    return [one.code for one in report]


@pytest.mark.parametrize("text", PROGRAMS)
def test_a_payload_in_a_program_is_read(text: str) -> None:
    """Nothing is fixed, because the rest of the program would be lost."""
    report = check(text)
    found = [one for one in report if one.code not in ("LQ107", "LQ112")]

    assert [(one.code, one.path) for one in found] == [("LQ113", "$")]
    assert any(part in found[0].message for part in ("part of a program", "the text is"))
    assert not any(one.fix for one in report)
    assert report.fixed(unsafe=True) == text


@pytest.mark.parametrize("before", ["payload = ", "first line\n  body = "])
def test_a_mistake_in_a_program_is_at_its_place(before: str) -> None:
    text = f"{before}{WRONG}"
    found = {one.code: (one.line, one.column) for one in check(text)}
    *lines, last = text.split("\n")

    assert found["LQ301"] == (len(lines) + 1, last.index('"lst"') + 1)
    assert found["LQ113"] == (len(lines) + 1, last.index("{") + 1)


@pytest.mark.parametrize(
    "text",
    [
        "payload = {'x': 1}",
        "{x",
        "Output",
        "Output = {",
        f"{TEXT}{TEXT}",
        'Output = "{\\"Output',
        "Output {" * 40,
        f"{TEXT[:-1]}, Output",
    ],
)
def test_another_text_is_no_program(text: str) -> None:
    assert "LQ113" not in codes(check(text))


FORMATS = [
    ("Output:\n  Type: list\n  IncludeCSV: Phone\n", "the text is YAML"),
    ("# a report\n---\nOutput: {Type: list, IncludeCSV: Phone}\n", "the text is YAML"),
    ("Output[Type]=list&Output[IncludeCSV]=Phone", "the text is a query string"),
    ("<Output><IncludeCSV>Phone</IncludeCSV></Output>", "the text is XML or HTML"),
    ("dict(Output=dict(Type='list', IncludeCSV='Phone'))", "the text is a program"),
    ("array('Output' => array('IncludeCSV' => 'Phone'))", "the text is a program"),
    ('$body = @{ Output = @{ IncludeCSV = "Phone" } }', "the text is a program"),
    ('String s = "{\\"Output\\":" +\n  "{\\"IncludeCSV\\":1}}";', "the text is a program"),
]


@pytest.mark.parametrize(("text", "message"), FORMATS)
def test_another_format_is_named_once(text: str, message: str) -> None:
    [found] = check(text)

    assert found.code == "LQ113"
    assert found.message.startswith(message)
    assert found.fix is None


@pytest.mark.parametrize(
    "text",
    [
        "eyL/",
        "eyJPdXRwdXQ=x",
        "eyJh=",
        b64encode(b'{"a": 1}').decode(),
        "Output%7B",
        "x=Output&#34;",
    ],
)
def test_an_encoded_text_without_a_payload_is_no_json(text: str) -> None:
    assert {"LQ101", "LQ107"} >= set(codes(check(text)))


@pytest.mark.parametrize("text", [json.dumps(TEXT), json.dumps(json.dumps(TEXT))])
def test_json_in_a_text_is_read(text: str) -> None:
    report = check(text)

    assert codes(report) == ["LQ113"]
    assert report.diagnostics[0].message == "the text holds JSON as a text"
    assert json.loads(report.fixed()) == BODY
    assert codes(check(json.dumps(WRONG))) == ["LQ113", "LQ301"]


@pytest.mark.parametrize(
    ("payload", "place", "safe"),
    [
        ({"body": BODY}, "$.body", True),
        ({"request": {"body": BODY}}, "$.request.body", True),
        ({"Paging": BODY}, "$.Paging", True),
        ({"body": TEXT}, "$.body", True),
        ({"statusCode": 200, "body": json.dumps(TEXT)}, "$.body", False),
        ({"requests": [{"json": BODY}]}, "$.requests[0].json", True),
        ({"requests": [{"url": "x", "json": BODY}]}, "$.requests[0].json", False),
        ({"data": {"Parameter": {"LookupName": "Phone"}}}, "$.data", True),
    ],
)
def test_a_wrapped_body_is_read(payload: Any, place: str, safe: bool) -> None:
    first, *rest = check(payload)

    assert (first.code, first.fix and first.fix.safe) == ("LQ208", safe)
    assert first.message == f"the body of the call is at {place!r}, inside another object"
    assert all(one.path.startswith(place) for one in rest)
    assert {one.code for one in rest} <= {"LQ207"}


def test_a_wrapped_body_is_unwrapped() -> None:
    assert check({"body": BODY}).fixed() == BODY
    assert json.loads(check(json.dumps({"body": TEXT})).fixed()) == BODY
    assert check({"url": "x", "body": BODY}).fixed() == {"url": "x", "body": BODY}


REQUEST = {"method": "POST", "url": "x", "postData": {"mimeType": "y", "text": TEXT}}


@pytest.mark.parametrize(
    ("payload", "dropped"),
    [
        ({"body": TEXT}, ""),
        ({"url": "x", "body": BODY}, "; the fix drops 'url'"),
        ({"data": [BODY, {"a": 1}]}, "; the fix drops 1"),
        (
            {"log": {"version": "1.2", "entries": [{"request": REQUEST}]}},
            "; the fix drops 'version', 'method', 'url' and more",
        ),
    ],
)
def test_the_hint_says_what_the_fix_drops(payload: Any, dropped: str) -> None:
    [found] = check(payload)

    assert found.hint == f"write that object alone{dropped}"
    assert found.fix is not None
    assert found.fix.safe == (not dropped)


def test_a_collection_is_named() -> None:
    [found] = check(COLLECTION)

    assert found.message == (
        "this is a Postman collection; the body of the call is at "
        "'$.item[0].item[0].request.body.raw'"
    )
    two = {**COLLECTION, "item": COLLECTION["item"] * 2}
    [found] = check(two)
    assert (found.code, found.hint, found.fix) == ("LQ208", "check each body alone", None)


@pytest.mark.parametrize(
    "payload",
    [
        {"a": 1},
        {"a": {"b": [1, "Output"]}},
        {"a": "{"},
        {"a": '{"b": "Output"}'},
        {"a": '{"Output": {"Type"'},
        {"a": '{"Output":' * 5_000},
        {"Outputs": BODY["Output"]},
        [BODY],
        "Output",
        {str(number): [] for number in range(2000)},
    ],
)
def test_another_object_is_no_wrapper(payload: Any) -> None:
    assert {"LQ113", "LQ208"}.isdisjoint(codes(check(payload)))


@pytest.mark.parametrize("key", [b"body", 10**5000, None], ids=["bytes", "number", "none"])
def test_keys_that_json_has_not_are_no_wrapper(key: object) -> None:
    """An object of Python may have them."""
    codes = [one.code for one in check({key: {"Output": {"Type": "list", "IncludeCSV": "Phone"}}})]

    assert "LQ208" not in codes


def test_the_other_place_of_a_duplicate_in_a_wrapper() -> None:
    """It is named with its whole path."""
    dates = {"DateField": "LeadCreatedOn", "FromDate": "2026-01-01 00:00:00"}
    dates |= {"ToDate": "2026-01-31 00:00:00"}
    report = check(json.dumps({"body": {**BODY, "DateFilter": [dates, dates]}}))
    [found] = [one for one in report if one.code == "LQ408"]

    assert found.path == "$.body.DateFilter[1]"
    assert found.related is not None
    assert found.related.path == "$.body.DateFilter[0]"
