"""Requests in .bru files: which bodies are read, where they are, and what is written back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from leadquery.lint.fixes import Replacement
from leadquery.lint.request_files import read_requests
from tests.lint.test_request_files import CLEAN, WRONG
from tests.request_files import OTHER_URL, bruno, checked, checked_body, read, replaced

BODIES = st.text(st.sampled_from(list("ab{}\"'\\$`^:~@ \n\té😀é")), max_size=40)


@pytest.mark.parametrize("mode", ["json", "text"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_body_is_read_corrected_and_written_back(mode: str, end: str, mark: str) -> None:
    """The mistake is at its place in the file, and only that changes."""
    text = mark + bruno(WRONG, mode).replace("\n", end)
    file = read(text)
    [body] = file.bodies
    assert (body.name, file.label, file.others) == ("Hot leads", "a request of Bruno", 0)
    payload = checked_body(text)
    assert payload.text is not None
    assert payload.text.text == WRONG
    [found] = payload.report
    place = payload.placed(found)
    assert place.line is not None
    assert place.column is not None
    line = text.split("\n")[place.line - 1]
    assert line[place.column - 1 :].startswith('"LIKE"')

    assert checked(text).fixed().content == text.replace("LIKE", "lik")


@given(BODIES.filter(str.strip), st.data())
def test_any_text_is_read_and_replaced(text: str, data: st.DataObject) -> None:
    text = text.strip("\n")
    [body] = read(bruno(text)).bodies
    assert body.text is not None
    assert body.text.text == text or "{{" in text
    if "{{" in text:
        return
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    new = data.draw(BODIES)

    changed = replaced(read(bruno(text)), [Replacement(start, end, new)])

    expected = text[:start] + new + text[end:]
    if not expected.strip() or "{{" in expected:
        return
    [again] = read(changed).bodies
    assert again.text is not None
    assert again.text.text == expected


def test_variables_are_unknown_values() -> None:
    text = bruno(CLEAN.replace('"Phone"', '"{{columns}}"').replace("100", "{{size}}"))
    payload = checked_body(text)

    assert payload.text is not None
    assert [*payload.text.unknown.values()] == ["{{columns}}", "{{size}}"]
    assert payload.report.diagnostics == ()


@pytest.mark.parametrize("first", ["  {", "{"])
def test_lines_without_their_indent(first: str) -> None:
    """Bruno reads them as they are."""
    text = bruno(json.dumps(json.loads(CLEAN), indent=1)).replace("\n   ", "\n ")
    text = text.replace("\n  {", f"\n{first}")
    [body] = read(text).bodies
    assert body.text is not None

    assert json.loads(body.text.text) == json.loads(CLEAN)
    assert body.text.text.startswith('{\n "Output"')


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (bruno(" "), "it has no body"),
        (bruno(CLEAN).replace("body: json", "body: none"), "it has no body"),
        (bruno(CLEAN).replace("  body: json\n", ""), "it has no body"),
        (
            bruno(CLEAN).replace("\n}\n\ndocs {\n  curl 'https://example.com'\n}", ""),
            "it has no body",
        ),
        (bruno("a: b", "form-urlencoded"), "its body is in the mode 'form-urlencoded', not 'json'"),
    ],
)
def test_no_body(text: str, note: str) -> None:
    [body] = read(text).bodies

    assert (body.text, body.note) == (None, note)


@pytest.mark.parametrize(
    "text",
    [
        bruno(CLEAN.replace("Output", "Parameter"), url=OTHER_URL),
        "meta {\n  name: Reports\n}\n",
        "meta {\n}\n\nauth {\n  mode: none\n}\n",
    ],
)
def test_requests_for_other_apis(text: str) -> None:
    file = read(text)

    assert (file.bodies, file.others) == ((), 1)


@pytest.mark.parametrize(
    "text", ["vars {\n  host: x\n}\n", "meta: {\n}\n", "meta {}\n", "x meta {\n"]
)
def test_other_files(text: str) -> None:
    assert read_requests(text.encode()) is None


@pytest.mark.parametrize(
    "method", ["get", "post", "put", "delete", "patch", "options", "head", "http"]
)
def test_a_request_of_any_method_is_read(method: str) -> None:
    [body] = read(bruno(CLEAN).replace("post {", f"{method} {{")).bodies

    assert body.endpoint is not None
    assert body.text is not None
    assert json.loads(body.text.text) == json.loads(CLEAN)
