"""The language server, driven by pygls' own client."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from leadquery.lsp.document import Change
from tests.cli.shell import leadquery
from tests.lsp.editor import Editor, editor

PAGING = '"Paging": {"PageIndex": 1, "PageSize": 100}'
OUTPUT = '"Output": {"Type": "list", "IncludeCSV": "Phone"}'
GOOD = f"{{{OUTPUT}, {PAGING}}}"


def payload(filters: str, line: str = "\n") -> str:
    """A payload with lead filters."""
    return line.join(
        (f'{{"ReportFilter": {{"LeadFilters": [{filters}]}},', f"\t{OUTPUT},", f"{PAGING}}}")
    )


LIKE = payload('{"LookUpName": "mx_A", "SqlOperator": "LIKE", "LookUpValue": "1"}')


def drive(steps: Callable[[Editor], Awaitable[None]], *arguments: str, **options: Any) -> Editor:
    """Run steps with an editor."""

    async def run() -> Editor:
        async with editor(*arguments, **options) as one:
            await steps(one)
        return one

    driven = asyncio.run(run())
    assert driven.stderr == ""
    return driven


def test_a_mistake_is_found_and_fixed() -> None:
    """Diagnostics, a quick fix, hover, and completion in the same file."""

    async def steps(one: Editor) -> None:
        uri = one.open(LIKE)
        [found] = await one.diagnostics(uri)
        assert (found.code, found.severity) == ("LQ304", types.DiagnosticSeverity.Error)
        assert found.message == "unknown operator 'LIKE'; write 'lik'"
        assert found.code_description == types.CodeDescription("docs/reference/rules/LQ304.md")
        at = LIKE.index('"LIKE"')
        assert one.text(uri, found.range) == '"LIKE"'
        fix, fix_all = await one.actions(uri, at, at)
        assert (fix.title, fix.kind, fix.is_preferred) == (
            "Write 'lik' (LQ304)",
            types.CodeActionKind.QuickFix,
            True,
        )
        assert [*(fix.diagnostics or ())] == [found]
        assert fix_all.kind == "source.fixAll.leadquery"
        assert "an unknown operator" in await one.hover(uri, at + 1)
        assert [item.label for item in await one.complete(uri, at + 1)][:2] == ["=", "<>"]
        assert one.apply(uri, fix) == LIKE.replace("LIKE", "lik")
        assert await one.diagnostics(uri) == []
        assert "In Python, `.contains()`" in await one.hover(uri, at + 1)

    drive(steps, "--stdio")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_positions_count_in_the_units_of_the_editor(encoding: str) -> None:
    """Behind emoji, tabs, and any line end; U+2028 ends no line."""

    async def steps(one: Editor) -> None:
        assert one.encoding == encoding
        for line in ("\n", "\r\n", "\r"):
            text = payload(
                '{"LookUpName": "mx_A", "SqlOperator": "=", "LookUpValue": "😋\u2028é"}, '
                '{"LookUpName": "mx_B", "SqlOperator": "LIKE", "LookUpValue": "1"}',
                line,
            ).replace('"Type"', '"type"')
            uri = one.open(text, f"file:///{len(text)}.json")
            found = await one.diagnostics(uri)
            assert [one.text(uri, each.range) for each in found] == ['"LIKE"', '"type"']
            [field] = [i for i in await one.complete(uri, text.index("LIKE")) if i.label == "lik"]
            assert isinstance(field.text_edit, types.TextEdit)
            assert one.text(uri, field.text_edit.range) == '"LIKE"'
            [action] = await one.actions(uri, 0, 0, "source.fixAll")
            fixed = text.replace("LIKE", "lik").replace('"type"', '"Type"')
            assert one.apply(uri, action) == fixed

    drive(steps, encodings=(encoding,))


def test_what_is_ignored_is_faded_and_a_duplicate_names_the_first() -> None:
    """Tags and related information."""
    one_filter = '{"LookUpName": "mx_A", "SqlOperator": "=", "LookUpValue": "1"}'
    text = payload(f"{one_filter}, {one_filter}").replace('"Type"', '"GroupBy": "Phone", "Type"')

    async def steps(one: Editor) -> None:
        uri = one.open(text)
        duplicate, ignored = await one.diagnostics(uri)
        assert [*(ignored.tags or ())] == [types.DiagnosticTag.Unnecessary]
        assert duplicate.tags is None
        [related] = duplicate.related_information or ()
        assert one.text(uri, related.location.range) == one_filter
        assert related.message == "$.ReportFilter.LeadFilters[0]"
        assert text.index(one_filter) == one.documents[uri].offset(
            one.position(related.location.range.start)
        )
        at = text.index("GroupBy")
        [remove] = await one.actions(uri, at, at)
        assert (remove.title, remove.is_preferred) == ("Remove it (LQ407, probably)", False)

    drive(steps)


def test_only_the_newest_version_is_reported() -> None:
    """Each report is for the version that it names, and the last one for the last text."""

    async def steps(one: Editor) -> None:
        uri = one.open(LIKE)
        at = LIKE.index("LIKE")
        for _ in range(20):
            one.type(uri, at, "x")
            await asyncio.sleep(0.01)
        one.type(uri, at, "", deleted=24)
        one.type(uri, at, "lik")
        assert await one.actions(uri, 0, 0, "source") == []
        assert await one.diagnostics(uri) == []

    drive(steps)


def test_other_files_are_left_alone() -> None:
    """No diagnostics, no hover, no actions; completion only where nothing is written yet."""

    async def steps(one: Editor) -> None:
        for name, language, text in (
            ("package.json", "json", '{"name": "x", "version": "1", "Output": {"Type": 1},}'),
            ("settings.json", "jsonc", "{// note\n}"),
            ("empty.json", "json", ""),
            ("run.py", "python", f"payload = {LIKE}"),
        ):
            uri = one.open(text, f"file:///{name}", language)
            assert await one.diagnostics(uri) == []
            for offset in range(0, len(text), 9):
                assert await one.hover(uri, offset) == ""
            assert await one.actions(uri, 0, len(text)) == []
            labels = [item.label for item in await one.complete(uri, max(0, len(text) - 1))]
            assert bool(labels) == (name == "settings.json")

    drive(steps)


def test_a_file_that_is_named_a_payload_is_checked() -> None:
    """Whatever is in it."""

    async def steps(one: Editor) -> None:
        uri = one.open("{}", "file:///new.leadquery.json")
        assert [each.code for each in await one.diagnostics(uri)] == ["LQ203", "LQ503"]
        labels = [item.label for item in await one.complete(uri, 1)]
        assert labels == ["Output", "Paging", "DateFilter", "ReportFilter"]
        text = one.change(uri, Change(GOOD))
        assert await one.diagnostics(uri) == []
        one.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
        )
        assert text == GOOD

    drive(steps)


FIELDS = [
    {"SchemaName": "mx_Course", "DisplayName": "Course", "DataType": "Select"}
    | {"Options": [{"Value": "MBA"}, {"Value": "BSc"}]},
    {"SchemaName": "Phone", "DisplayName": "Phone Number", "DataType": "Phone"},
]


@pytest.mark.parametrize("setting", ["option", "initialize", "configuration", "both"])
def test_fields_of_the_account(tmp_path: Path, setting: str) -> None:
    """From the command line, or from the settings of the editor; a changed file is read again."""
    file = tmp_path / "fields.json"
    file.write_text(json.dumps(FIELDS))
    text = payload('{"LookUpName": "mx_Course", "SqlOperator": "=", "LookUpValue": "MBBA"}')
    arguments = ["--fields", str(file)] if setting in ("option", "both") else []
    named = {"fields": "other.json" if setting == "both" else "fields.json"}
    folder = tmp_path.as_uri()

    async def steps(one: Editor) -> None:
        uri = one.open(text)
        if setting == "configuration":
            assert await one.diagnostics(uri) == []
            one.published.clear()
            one.workspace_did_change_configuration(
                types.DidChangeConfigurationParams({"leadquery": named})
            )
        assert [each.code for each in await one.diagnostics(uri)] == ["LQ606"]
        assert [item.label for item in await one.complete(uri, text.index("MBBA"))] == [
            "MBA",
            "BSc",
        ]
        assert "Course: a Choice field of the account" in await one.hover(
            uri, text.index("mx_Course")
        )
        file.write_text(json.dumps(FIELDS[1:]))
        one.type(uri, 0, " ")
        assert [each.code for each in await one.diagnostics(uri)] == ["LQ601"]

    drive(
        steps,
        *arguments,
        options=named if setting in ("initialize", "both") else None,
        folder=folder,
    )


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("missing.json", None, "No such file or directory"),
        ("broken.json", "{", "fields: the text is not JSON"),
        ("fields.py", "raise SystemExit(3)", "fields: the text is not JSON"),
    ],
)
def test_a_file_of_fields_that_cannot_be_read(
    tmp_path: Path, name: str, content: str | None, reason: str
) -> None:
    """The editor shows it once, and files are checked without it. Python is not run."""
    if content is not None:
        (tmp_path / name).write_text(content)

    async def steps(one: Editor) -> None:
        uri = one.open(LIKE)
        assert [each.code for each in await one.diagnostics(uri)] == ["LQ304"]
        one.type(uri, 0, " ")
        await one.diagnostics(uri)
        [message] = one.messages
        assert reason in message
        assert name in message

    drive(steps, options={"fields": name}, folder=tmp_path.as_uri())


def test_a_file_that_the_command_line_names_is_read_first(tmp_path: Path) -> None:
    """It ends with 2, as other commands do."""
    (tmp_path / "broken.json").write_text("{")

    assert leadquery("lsp", "--fields", str(tmp_path / "broken.json")).exit_code == 2
    assert leadquery("lsp", "--fields", str(tmp_path / "missing.json")).exit_code == 2


POSTMAN = {
    "info": {"schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
    "item": [
        {
            "name": "one",
            "request": {
                "method": "POST",
                "url": "https://h/v2/Leads/LeadDistribution/FilterByLeadField",
                "body": {"mode": "raw", "raw": LIKE.replace('"1"', '"{{value}}"')},
            },
        }
    ],
}


def test_the_bodies_in_a_file_of_requests() -> None:
    """Diagnostics and fixes at their places in the file."""
    text = json.dumps(POSTMAN, indent=1)

    async def steps(one: Editor) -> None:
        uri = one.open(text)
        [found] = await one.diagnostics(uri)
        assert found.code == "LQ304"
        assert one.text(uri, found.range) == r"\"LIKE\""
        at = text.index("LIKE")
        fix, fix_all = await one.actions(uri, at, at)
        assert await one.hover(uri, at) == ""
        fixed = text.replace("LIKE", "lik")
        assert one.apply(uri, fix) == fixed
        one.change(uri, Change(text))
        [again] = await one.actions(uri, 0, 0, "source.fixAll.leadquery")
        assert again.kind == fix_all.kind
        assert one.apply(uri, again) == fixed

    drive(steps)


def test_a_long_file() -> None:
    """5 MB are checked; a longer file says that it is not."""
    filters = ",\n".join(
        f'{{"LookUpName": "mx_A", "SqlOperator": "=", "LookUpValue": "{number}"}}'
        for number in range(75_000)
    )
    text = payload(filters).replace('"="', '"LIKE"', 1)
    assert len(text) > 5_000_000

    async def steps(one: Editor) -> None:
        uri = one.open(text)
        assert "LQ304" in [each.code for each in await one.diagnostics(uri)]
        one.change(uri, Change(text + " " * 5_000_000))
        [refusal] = await one.diagnostics(uri)
        assert refusal.severity == types.DiagnosticSeverity.Information
        assert refusal.message == (
            "the file has more than 8,388,608 characters and is not checked here; "
            "run 'leadquery check' with it"
        )
        assert await one.actions(uri, 0, 0) == []

    drive(steps)


def test_without_pygls(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install."""
    for name in [name for name in sys.modules if name.startswith("leadquery.lsp.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "lsprotocol", None)

    result = leadquery("lsp")

    assert result.exit_code == 1
    assert "leadquery lsp needs pygls, which is not installed" in result.output
    assert "run pip install 'leadquery[lsp]'" in result.output
