"""Requests in .http files, and as HTTP writes them."""

from __future__ import annotations

import json

import pytest

from leadquery import Leads
from leadquery.lint.request_files import read_requests
from tests.request_files import OTHER_URL, URL, checked, checked_body, http, read

BODY = (
    '{"Output": {"type": "list", "IncludeCSV": "Phone"},\n'
    ' "Paging": {"PageIndex": 1, "PageSize": 9}}'
)


def test_a_body_is_checked_and_fixed_at_its_place() -> None:
    text = http(BODY)
    file = checked(text)
    [payload] = file.payloads
    [found] = payload.report

    assert (file.requests and file.requests.label) == "a file of HTTP requests"
    assert payload.body is not None
    assert (payload.body.name, payload.body.number) == ("Hot leads", 2)
    placed = payload.placed(found)
    assert placed.line is not None
    assert text.splitlines()[placed.line - 1].startswith('{"Output": {"type"')
    assert placed.column == BODY.index('"type"') + 1
    assert file.fixed().content == text.replace('"type"', '"Type"')


def test_a_request_of_a_browser_is_read() -> None:
    """With line ends of HTTP."""
    lines = ["POST /Leads/LeadDistribution/FilterByLeadField?accessKey=a HTTP/1.1", "Host: a", ""]
    text = "\r\n".join([*lines, BODY.replace("\n", "\r\n")])

    assert read(text).label == "an HTTP request"
    assert [one.code for one in checked_body(text).report] == ["LQ202"]


def test_an_exported_request_is_read() -> None:
    query = Leads.select("Phone")

    [body] = read(query.to_request("http")).bodies
    assert body.text is not None
    assert json.loads(body.text.text) == query.to_payload()


def test_an_address_may_have_several_lines() -> None:
    start, _, query = URL.partition("?")
    text = http(BODY, f"{start}\n    ?{query}\n    &a=b")

    assert [one.code for one in checked_body(text).report] == ["LQ202"]
    [body] = read(text).bodies
    assert body.endpoint is not None


def test_variables_are_unknown_values() -> None:
    given = BODY.replace("9", "{{size}}").replace("Phone", "{{columns}}")
    text = http(given)

    assert [one.code for one in checked_body(text).report] == ["LQ202"]
    assert checked(text).fixed().content == text.replace('"type"', '"Type"')


@pytest.mark.parametrize(
    ("body", "note"),
    [
        ("", "it has no body"),
        ("< ./report.json", "its body is in another file; check that file"),
        ("{{body}}", "its body is a variable or an expression; check what it stands for"),
    ],
)
def test_a_request_without_a_body_says_why(body: str, note: str) -> None:
    [found] = read(http(body)).bodies

    assert (found.text, found.note) == (None, note)


def test_the_name_may_be_in_a_comment() -> None:
    text = http(BODY).replace("// asks for them", "# @name hot")

    assert [one.name for one in read(text).bodies] == ["hot"]


def test_other_requests_and_texts_are_left_out() -> None:
    found = read(http('{"Parameter": {}}', OTHER_URL))

    assert (found.bodies, found.others) == ((), 2)
    assert read_requests("# POST x\nPOSTING = 1\n") is None
    assert read_requests("The POST https://example.com takes a body.\n") is None
