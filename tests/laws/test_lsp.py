"""Laws of the language server: it reports and fixes as `check` does, in the text of the editor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings, strategies as st

from leadquery.cli import main
from leadquery.lint.fixes import Replacement
from leadquery.lsp.analysis import SUFFIX, Found, analyze, difference
from leadquery.lsp.completion import complete, hover_at
from leadquery.lsp.cursor import cursor_at
from leadquery.lsp.document import Change, Document, Position
from tests.laws.broken_texts import broken_texts
from tests.request_files import DOCUMENTS, document as request_file

ENCODINGS = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}

texts = st.text(
    st.sampled_from("ab\n\r\t \u2028\x0b\x1c\x85é😋\U0001d11e")
    | st.characters(exclude_categories=["Cs"]),
    max_size=40,
)
encodings = st.sampled_from([*ENCODINGS])
in_a_folder = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


files = broken_texts() | st.builds(request_file, st.sampled_from([*DOCUMENTS]), broken_texts())
"""Payloads, and files of requests with a payload in them."""


def client_offset(text: str, position: Position, encoding: str) -> int:
    """The offset of a position by the words of the protocol, line by line and unit by unit."""
    line = at = 0
    while line < position.line:
        at += 2 if text[at : at + 2] == "\r\n" else 1
        line += text[at - 1] in "\r\n"
    units = 0
    while units < position.character:
        units += len(text[at].encode(ENCODINGS[encoding])) // (int(encoding[-2:].strip("-")) // 8)
        at += 1
    return at


def report_of(file: Path, *options: str) -> Any:
    """What `check --format json` says about a file."""
    result = CliRunner().invoke(main, ["check", "--format", "json", *options, str(file)])
    return json.loads(result.stdout)["files"]


@given(text=texts, encoding=encodings, data=st.data())
def test_a_position_and_its_offset_agree(text: str, encoding: str, data: st.DataObject) -> None:
    """Both ways, and with the words of the protocol."""
    document = Document("file:///a.json", "json", text, 1, encoding)
    offset = data.draw(st.integers(0, len(text)))
    if text[offset - 1 : offset + 1] == "\r\n" and offset:
        offset -= 1

    position = document.position(offset)

    assert document.offset(position) == offset
    assert client_offset(text, position, encoding) == offset


@given(text=texts, encoding=encodings, data=st.data())
def test_the_server_has_the_text_of_the_client(
    text: str, encoding: str, data: st.DataObject
) -> None:
    """After any changes, several at a time."""
    document = Document("file:///a.json", "json", text, 1, encoding)
    for version in range(2, 5):
        changes = []
        for _ in range(data.draw(st.integers(0, 3))):
            start = data.draw(st.integers(0, len(text)))
            end = data.draw(st.integers(start, len(text)))
            own = Document("file:///a.json", "json", text, 1, encoding)
            place = own.range(start, end)
            start, end = (client_offset(text, one, encoding) for one in place)
            new = data.draw(texts)
            changes.append(Change(new, place if data.draw(st.booleans()) else None))
            text = f"{text[:start]}{new}{text[end:]}" if changes[-1].range else new
        document = document.changed(version, changes)

        assert (document.text, document.version) == (text, version)


@in_a_folder
@given(text=files)
def test_diagnostics_are_those_of_check(text: str, tmp_path: Path) -> None:
    """At the same places, with the same codes."""
    file = tmp_path / f"a{SUFFIX}"
    file.write_bytes(text.encode())
    document = Document(file.as_uri(), "json", text)

    analysis = analyze(document)

    [*reports] = report_of(file)
    expected = [one for report in reports for one in report["diagnostics"]]
    found = [
        (*document.lines.position(one.start), one.diagnostic.code, one.diagnostic.message)
        for one in analysis.found
    ]
    assert sorted(found) == sorted(
        (one["line"] or 1, one["column"] or 1, one["code"], one["message"]) for one in expected
    )


def signature(found: Found) -> tuple[str, str, str]:
    """What is the same of a diagnostic wherever it is in the text."""
    return found.diagnostic.code, found.diagnostic.path, found.diagnostic.message


def applied(document: Document, changes: tuple[Replacement, ...]) -> str:
    """The text with the changes that an editor makes at once."""
    places = [Change(one.text, document.range(one.start, one.end)) for one in reversed(changes)]
    return document.changed(2, places).text


line_ends = st.text(st.sampled_from("a\r\n"), max_size=8)


@example(before="\r\n", after="\n")
@example(before="\r\n", after="\r")
@given(before=line_ends, after=line_ends)
def test_a_difference_is_between_positions(before: str, after: str) -> None:
    """It does not start or end within a line end, where no position is."""
    changes = difference(before, after)

    assert applied(Document("file:///a.json", "json", before), changes) == after
    assert bool(changes) == (before != after)


@in_a_folder
@given(text=files, encoding=encodings)
def test_fixing_all_is_what_check_does(text: str, encoding: str, tmp_path: Path) -> None:
    """And each quick fix removes what it is for."""
    file = tmp_path / f"a{SUFFIX}"
    file.write_bytes(text.encode())
    document = Document(file.as_uri(), "json", text, 1, encoding)
    analysis = analyze(document)
    CliRunner().invoke(main, ["check", "--fix", str(file)])

    assert applied(document, analysis.fix_all()) == file.read_bytes().decode()
    for one in analysis.found:
        if one.diagnostic.fix is not None and (changes := analysis.fix(one)):
            fixed = Document(document.uri, "json", applied(document, changes))
            left = [signature(found) for found in analyze(fixed).found]
            before = [signature(found) for found in analysis.found]
            assert left.count(signature(one)) < before.count(signature(one))


@given(text=broken_texts(), data=st.data())
def test_any_offset_has_an_answer(text: str, data: st.DataObject) -> None:
    """Of completion and hover; what is replaced has the offset in it."""
    offset = data.draw(st.integers(0, len(text)))
    if data.draw(st.booleans()):
        text = text[:offset]

    cursor = cursor_at(text, offset)
    for one in complete(text, offset).items:
        assert one.start <= offset <= one.end
        assert "\n" not in text[one.start : one.end]
    hover = hover_at(text, offset)
    assert hover is None or hover.start <= offset <= hover.end
    assert cursor is None or text[cursor.start : cursor.end].strip('"') or not cursor.text
