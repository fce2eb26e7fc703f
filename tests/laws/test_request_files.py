"""Laws of files of requests: a body is read as it was written, and written back as it was read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from leadquery import check, testing
from leadquery.cli.formats import FORMATS, formatter
from leadquery.cli.request_files import check_requests
from leadquery.lint.fixes import Replacement
from leadquery.lint.report import Report
from leadquery.lint.request_files import RequestFile, read_requests
from leadquery.lint.request_files.checking import check_body, placed
from leadquery.lint.request_files.embedded import EmbeddedText
from tests.laws.mutations import json_values, mutated
from tests.request_files import ACCESS, COMMANDS, DOCUMENTS, SECRET, URL, document

LITERAL = [kind for kind in DOCUMENTS if kind in ("har", "n8n", "n8n 1", "n8n list")]

characters = st.sampled_from(list("ab{}\"'\\$`^%&!~*?[]<>|;:,#@= \n\té😀/.-_01()"))
json_texts = st.text(characters | st.characters(exclude_categories=["Cs"]), max_size=40)
# What a shell or its line ends cannot hold is left out.
command_texts = st.text(characters, max_size=40).map(lambda text: f"{{{text}")


def body_of(text: str) -> EmbeddedText:
    file = read_requests(text.encode())
    assert file is not None
    [body] = file.bodies
    assert body.text is not None
    return body.text


@st.composite
def replacements(draw: st.DrawFn, length: int) -> list[Replacement]:
    cuts = sorted(draw(st.lists(st.integers(0, length), min_size=2, max_size=6, unique=True)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return [Replacement(start, end, draw(st.text(characters, max_size=5))) for start, end in pairs]


def replaced(text: str, parts: list[Replacement]) -> str:
    for part in reversed(parts):
        text = text[: part.start] + part.text + text[part.end :]
    return text


@pytest.mark.parametrize("kind", LITERAL)
@given(text=json_texts.filter(str.strip), ascii_only=st.booleans(), data=st.data())
def test_a_document_holds_any_text(
    kind: str, text: str, ascii_only: bool, data: st.DataObject
) -> None:
    if text.startswith("="):
        return
    written = document(kind, text, ensure_ascii=ascii_only)
    body = body_of(written)
    assert body.text == text
    assert written[body.start :].startswith(body.written)

    parts = data.draw(replacements(len(text)))
    changed = body.replace(parts)
    assert changed.text == replaced(text, parts)
    assert json.loads(f'"{changed.written}"') == changed.text


@pytest.mark.parametrize("kind", [*COMMANDS])
@given(text=command_texts, data=st.data())
def test_a_command_holds_any_text(kind: str, text: str, data: st.DataObject) -> None:
    # For Windows, what a backslash means depends on what follows it; JSON ends in none.
    backslash = "\\" if kind == "carets" else "\0"
    text = text.rstrip(backslash)
    written = COMMANDS[kind](text)
    body = body_of(written)
    end = "\n" if "document" in kind else ""
    assert body.text == text + end
    assert written[body.start :].startswith(body.written)

    drawn = data.draw(replacements(len(text)))
    parts = [part._replace(text=part.text.replace(backslash, "")) for part in drawn]
    try:
        changed = body.replace(parts)
    except ValueError:
        # Backslashes and the quote behind them are written together there.
        assert kind == "carets"
        assert "\\" in text
        return
    assert changed.text == replaced(text, parts) + end
    if changed.text.startswith("{") and not changed.text.endswith(backslash):
        before, after = written[: body.start], written[body.start + len(body.written) :]
        assert body_of(before + changed.written + after).text == changed.text


KINDS = st.sampled_from([*LITERAL, *COMMANDS])


def utf8(text: str) -> str:
    """The text without lone surrogates."""
    return text.encode("utf-8", "replace").decode()


def write(kind: str, text: str) -> str:
    return document(kind, text) if kind in DOCUMENTS else COMMANDS[kind](text)


@given(payload=mutated(), indent=st.sampled_from([None, 1]), kind=KINDS)
def test_a_body_has_the_diagnostics_of_its_text(payload: Any, indent: Any, kind: str) -> None:
    """Each where the file has the character that it points at."""
    text = utf8(json.dumps(payload, indent=indent, ensure_ascii=False))
    if "\0" in text or not isinstance(payload, dict):
        return
    written = write(kind, text)
    file = read_requests(written.encode())
    assert file is not None
    [body] = file.bodies
    if body.text is None:
        return
    report, expected = check_body(body.text, check), check(text)
    assert isinstance(report, Report)
    assert [str(one) for one in report] == [str(one) for one in expected]
    lines = written.split("\n")
    for one in report:
        place = placed(file, body.text, report, one)
        assert one.line is not None
        assert one.column is not None
        assert place.line is not None
        assert place.column is not None
        character = text.split("\n")[one.line - 1][one.column - 1]
        if character.isalnum():
            assert lines[place.line - 1][place.column - 1] == character


@given(mutated(), KINDS, st.booleans())
def test_a_body_is_fixed_as_its_text_is(payload: Any, kind: str, unsafe: bool) -> None:
    text = utf8(json.dumps(payload, ensure_ascii=False))
    if "\0" in text or not isinstance(payload, dict):
        return
    written = write(kind, text)
    file = read_requests(written.encode())
    assert file is not None
    fixed = check_requests(file, check).fixed(check, unsafe=unsafe)
    [body] = fixed.file.bodies
    if body.text is None:
        return
    expected = check(text).fixed(unsafe=unsafe)
    for _ in range(9):
        expected = check(expected).fixed()

    assert json.loads(body.text.text) == json.loads(expected)
    [before] = file.bodies
    assert before.text is not None
    around = written[: before.text.start], written[before.text.start + len(before.text.written) :]
    assert fixed.file.text == around[0] + body.text.written + around[1]
    assert body_of(fixed.file.text).text == body.text.text


KEYS = (
    *("item", "request", "body", "mode", "raw", "url", "path", "name", "collection", "requests"),
    *("log", "entries", "postData", "text", "encoding", "method", "nodes", "parameters", "type"),
    *("jsonBody", "bodyParametersJson", "sendBody", "bodyParameters", "resources", "_type"),
    *("rawModeData", "disabled", "specifyBody"),
)
LEAVES = (URL, "raw", "request", "{{a}}", "=", "={{a}}", '{"Output": {}}', '{"Output": {{a}}}', "{")
hostile: st.SearchStrategy[Any] = st.recursive(
    json_values | st.sampled_from(LEAVES),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
    ),
    max_leaves=12,
)
roots = st.dictionaries(st.sampled_from(KEYS), hostile, max_size=4) | st.lists(hostile, max_size=2)
SCRAPS = ("curl ", f"'{URL}'", " -d ", " --json=", "'", '"', "$'", "\\", "\n", "^", '^"', "<<END\n")
shell_texts = st.lists(
    st.sampled_from((*SCRAPS, "END", "{", "}", "$(", "`", "@-", " ", "\\x4")) | st.text(max_size=3),
    max_size=15,
).map(lambda parts: "curl " + "".join(parts))


def outcomes(file: RequestFile) -> None:
    """Check and fix a file, and print the outcomes in every format."""
    checked = check_requests(file, check)
    for result in (checked, checked.fixed(check, unsafe=True)):
        for name in FORMATS:
            text = "\n".join(formatter(name)(result.outcomes("file.json")))
            assert ACCESS not in text
            assert SECRET not in text


@given(roots)
def test_a_document_of_any_shape_is_read(raw: Any) -> None:
    file = read_requests(json.dumps(raw).encode())
    if file is not None:
        outcomes(file)


@given(shell_texts)
def test_a_command_of_any_shape_is_read(text: str) -> None:
    file = read_requests(text.encode("utf-8", "replace"))
    if file is not None:
        assert file.with_texts([body.text for body in file.bodies]).text == file.text
        outcomes(file)


@given(testing.payloads(), st.sampled_from([*DOCUMENTS]))
def test_a_clean_payload_has_no_diagnostics_in_a_file(payload: Any, kind: str) -> None:
    text = json.dumps(payload).replace("{{", "{ {").replace("{%", "{ %")
    if "{{" in json.loads(text).__repr__():
        return
    body = body_of(document(kind, text))
    report = check_body(body, check)

    assert isinstance(report, Report)
    assert [one.code for one in report] == [one.code for one in check(text)]
