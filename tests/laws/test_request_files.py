"""Laws of files of requests: a body is read as it was written, and written back as it was read."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, strategies as st

from leadquery import check, testing
from leadquery.cli.check_formats import FORMATS, formatter
from leadquery.lint.checked_file import check_file
from leadquery.lint.fixes import Replacement
from leadquery.lint.request_files import RequestFile, read_requests
from leadquery.lint.request_files.embedded import EmbeddedText
from tests.laws.broken_texts import broken_texts
from tests.laws.mutations import json_values, mutated
from tests.request_files import (
    ACCESS,
    COMMANDS,
    DOCUMENTS,
    SECRET,
    URL,
    checked,
    checked_body,
    document,
    places,
    read,
    replaced,
)

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


def in_text(text: str, parts: list[Replacement]) -> str:
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

    parts = data.draw(replacements(len(text)))
    changed = replaced(read(written), parts)
    expected = in_text(text, parts)
    if expected.strip() and not expected.startswith("="):
        assert body_of(changed).text == expected


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

    drawn = data.draw(replacements(len(text)))
    parts = [part._replace(text=part.text.replace(backslash, "")) for part in drawn]
    try:
        changed = replaced(read(written), parts)
    except ValueError:
        # Backslashes and the quote behind them are written together there.
        assert kind == "carets"
        assert "\\" in text
        return
    expected = in_text(text, parts)
    if expected.startswith("{") and not expected.endswith(backslash):
        assert body_of(changed).text == expected + end


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
    [payload_in_file] = checked(written).payloads
    if payload_in_file.text is None:
        return
    report, expected = payload_in_file.report, check(text)
    found = [one for one in report if one.code != "LQ411" or one in expected.diagnostics]
    assert [str(one) for one in found] == [str(one) for one in expected]
    lines = written.split("\n")
    for one in report:
        place = payload_in_file.placed(one)
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
    fixed = checked(written).fixed(unsafe=unsafe)
    [payload_in_file] = fixed.payloads
    if payload_in_file.text is None:
        return
    expected = check(text).fixed(unsafe=unsafe)
    for _ in range(9):
        expected = check(expected).fixed()

    assert json.loads(payload_in_file.text.text) == json.loads(expected)
    [(_, before)], [(_, after)] = places(read(written)), places(read(fixed.content))
    assert fixed.content[: after[0]] == written[: before[0]]
    assert fixed.content[after[1] :] == written[before[1] :]


@st.composite
def with_variables(draw: st.DrawFn) -> str:
    """A text with mistakes, in which variables of a client stand for some parts."""
    text = draw(broken_texts())
    for _ in range(draw(st.integers(0, 2))):
        start = draw(st.integers(0, len(text)))
        text = f"{text[:start]}{{{{x}}}}{text[start + draw(st.integers(0, 5)) :]}"
    return text


@given(with_variables(), KINDS | st.just("postman"), st.booleans())
def test_as_much_is_fixed_as_is_fixable(text: str, kind: str, unsafe: bool) -> None:
    """Variables stay, and what was not to be fixed."""
    if "\0" in text or not text.strip():
        return
    written = write(kind, utf8(text))
    found = read_requests(written)
    file = check_file("file", written, found)
    fixable = Counter(
        diagnostic.code
        for one in file.payloads
        for diagnostic in one.report
        if diagnostic.fix and (unsafe or diagnostic.fix.safe)
    )

    fixed = file.fixed(unsafe=unsafe)

    applied = (diagnostic.code for one in fixed.payloads for diagnostic in one.fixed or ())
    assert not fixable - Counter(applied)
    assert fixed.content.count("{{x}}") <= written.count("{{x}}")


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
    found = check_file("file.json", file.text, file)
    for result in (found, found.fixed(unsafe=True)):
        for name in FORMATS:
            text = "\n".join(formatter(name)(result.payloads))
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
        outcomes(file)


@given(testing.payloads(), st.sampled_from([*DOCUMENTS]))
def test_a_clean_payload_has_no_diagnostics_in_a_file(payload: Any, kind: str) -> None:
    text = json.dumps(payload).replace("{{", "{ {").replace("{%", "{ %")
    if "{{" in json.loads(text).__repr__():
        return
    found = checked_body(document(kind, text)).report

    assert [one.code for one in found if one.code != "LQ411"] == [one.code for one in check(text)]
