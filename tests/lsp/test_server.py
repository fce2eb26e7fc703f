"""The language server, driven by pygls' own client."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from lsprotocol import types

from leadquery.lint.rules import rule_url
from leadquery.lsp import messages
from leadquery.lsp.analysis import Analysis, analyze
from leadquery.lsp.completion import complete
from leadquery.lsp.document import Change, Document
from leadquery.lsp.server import PayloadServer
from tests.cli.shell import leadquery
from tests.lsp.editor import Editor, editor
from tests.request_files import curl_single

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
        assert found.code_description == types.CodeDescription(rule_url("LQ304"))
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
            ("report.json", "json", '{"$schema": "./leadquery.schema.json", }'),
            ("empty.json", "json", ""),
            ("run.py", "python", f"payload = {LIKE}"),
        ):
            uri = one.open(text, f"file:///{name}", language)
            assert await one.diagnostics(uri) == []
            for offset in range(0, len(text), 9):
                assert await one.hover(uri, offset) == ""
            assert await one.actions(uri, 0, len(text)) == []
            labels = [item.label for item in await one.complete(uri, max(0, len(text) - 1))]
            assert bool(labels) == (name in ("settings.json", "report.json"))

    drive(steps)


def test_a_file_that_is_named_a_payload_is_checked() -> None:
    """Whatever is in it."""

    async def steps(one: Editor) -> None:
        uri = one.open("{}", "file:///new.leadquery.json")
        assert [each.code for each in await one.diagnostics(uri)] == ["LQ203", "LQ503"]
        labels = [item.label for item in await one.complete(uri, 1)]
        assert labels == ["Output", "ReportFilter", "DateFilter", "Paging"]
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


@pytest.mark.parametrize("setting", ["initialize", "configuration", "both"])
def test_fields_of_the_account(tmp_path: Path, setting: str) -> None:
    """From the command line, or from the settings of the editor; a changed file is read again."""
    file = tmp_path / "fields.json"
    file.write_text(json.dumps(FIELDS))
    text = payload('{"LookUpName": "mx_Course", "SqlOperator": "=", "LookUpValue": "MBBA"}')
    arguments = ["--fields", str(file)] if setting == "both" else []
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
        file.write_text("{")
        one.type(uri, 0, " ")
        assert await one.diagnostics(uri) == []
        [message] = one.messages
        assert "the text is not JSON" in message

    drive(
        steps,
        *arguments,
        options=named if setting in ("initialize", "both") else None,
        folder=folder,
    )


def test_a_file_of_fields_that_cannot_be_read(tmp_path: Path) -> None:
    """The editor shows it once, and files are checked without it. Python is not run."""
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "fields.py").write_text("raise SystemExit(3)")

    async def steps(one: Editor) -> None:
        uri = one.open(LIKE)
        for name, reason in (
            ("missing.json", "cannot be read: No such file or directory"),
            ("broken.json", "fields: the text is not JSON"),
            ("fields.py", "fields: the text is not JSON"),
        ):
            settings = types.DidChangeConfigurationParams({"leadquery": {"fields": name}})
            one.workspace_did_change_configuration(settings)
            one.messages.clear()
            for _ in range(2):
                one.type(uri, 0, " ")
                assert [each.code for each in await one.diagnostics(uri)] == ["LQ304"]
            [message] = one.messages
            assert reason in message
            assert str(tmp_path / name) in message

    drive(steps, folder=tmp_path.as_uri())


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


def test_the_body_of_a_curl_command() -> None:
    """In a script of a shell, whose language is another."""
    text = curl_single(LIKE)
    analysis = analyze(Document("file:///send.sh", "sh", text))

    [found] = analysis.found
    assert text[found.start : found.end] == '"LIKE"'
    [change] = analysis.fix(found)
    assert (text[change.start : change.end], change.text) == ('"LIKE"', '"lik"')


def test_variables_in_a_file_of_requests() -> None:
    """A body that is one is not checked, and no fix writes over one."""
    document = json.loads(json.dumps(POSTMAN))
    document["item"] += json.loads(json.dumps(POSTMAN["item"]))
    first, second = (item["request"]["body"] for item in document["item"])
    first["raw"] = "{{body}}"
    second["raw"] = second["raw"].replace("mx_A", "{{name}}").replace("LIKE", "{{operator}}")
    second["raw"] = second["raw"].replace('"Type"', '"type"')
    text = json.dumps(document)

    analysis = analyze(Document("file:///a.json", "json", text))

    [found] = analysis.found
    assert found.diagnostic.code == "LQ202"
    [change] = analysis.fix(found)
    assert (text[change.start : change.end], change.text) == (r"\"type\"", r"\"Type\"")
    assert [one.text for one in analysis.fix_all()] == ["T"]


def many_filters(number: int) -> str:
    """A payload with many lead filters, of which the first is wrong."""
    filters = (
        f'{{"LookUpName": "mx_A", "SqlOperator": "=", "LookUpValue": "{one}"}}'
        for one in range(number)
    )
    return payload(",\n".join(filters)).replace('"="', '"LIKE"', 1)


def test_a_file_that_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so, and what to run instead."""
    monkeypatch.setattr("leadquery.lsp.analysis.MAX_CHARACTERS", len(LIKE) - 1)
    refused = analyze(Document("file:///a.json", "json", LIKE))

    [found] = messages.diagnostics(refused)
    assert found.severity == types.DiagnosticSeverity.Information
    assert found.message == (
        "the file has more than 8,388,608 characters and is not checked here; "
        "run 'leadquery check' with it"
    )
    assert (refused.is_payload, refused.fix_all()) == (True, ())
    other = analyze(Document("file:///a.json", "json", " " * len(LIKE)))
    assert messages.diagnostics(other) == []


@pytest.mark.slow
def test_a_file_of_five_megabytes() -> None:
    """It is checked, and completed meanwhile."""
    text = many_filters(75_000)
    assert len(text) > 5_000_000

    async def steps(one: Editor) -> None:
        uri = one.open(text)
        assert len(await one.complete(uri, text.index("LIKE"))) == 11
        assert "LQ304" in [each.code for each in await one.diagnostics(uri)]

    drive(steps)


def test_a_keystroke_in_a_megabyte_takes_little_time() -> None:
    """The change and the completion behind it, in processor time."""
    text = many_filters(15_000)
    assert len(text) > 1_000_000
    document, times = Document("file:///a.json", "json", text), []
    offset = text.rindex("LookUpValue") - 3
    for version in range(3):
        started = time.process_time()
        document = document.changed(version, [Change("x", document.range(offset, offset))])
        assert complete(document.text, offset).items == ()
        times.append(time.process_time() - started)

    assert min(times) < 0.1


@pytest.mark.slow
def test_keystrokes_in_a_megabyte() -> None:
    """Between an editor and the server, while files are checked: a quarter is within 100 ms.

    On a machine with nothing else to do, all are.
    """
    text = many_filters(15_000)
    times = []

    async def steps(one: Editor) -> None:
        uri = one.open(text)
        await one.diagnostics(uri)
        at = text.rindex("LookUpName") + len('LookUpName": "')
        for _ in range(100):
            started = time.perf_counter()
            one.type(uri, at, "x")
            await one.complete(uri, at + 1)
            times.append(time.perf_counter() - started)
            await asyncio.sleep(0.05)

    drive(steps)

    times.sort()
    assert times[25] < 0.1, f"median {times[50]:.3f} s, 99th {times[98]:.3f} s"


def test_the_configuration_of_the_project(tmp_path: Path) -> None:
    """The fields, and the rules to report, as `check` reads them."""
    (tmp_path / "fields.json").write_text(json.dumps(FIELDS))
    (tmp_path / "leadquery.toml").write_text('fields = "fields.json"\nignore = ["LQ503"]\n')
    text = payload('{"LookUpName": "mx_Course", "SqlOperator": "=", "LookUpValue": "MBBA"}')
    without_paging = text.replace(f",\n{PAGING}", "")
    assert without_paging != text

    async def steps(one: Editor) -> None:
        uri = one.open(without_paging, (tmp_path / "a.json").as_uri())
        assert [each.code for each in await one.diagnostics(uri)] == ["LQ606"]
        (tmp_path / "leadquery.toml").write_text("fields = 1\n")
        one.type(uri, 0, " ")
        assert [each.code for each in await one.diagnostics(uri)] == ["LQ503"]
        assert one.messages == [
            f"leadquery: {tmp_path / 'leadquery.toml'}:1: 'fields': 1 is not text"
        ]

    drive(steps)


PHONE = "+91-9840012345"


def test_an_error_is_logged_without_what_is_in_the_document(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], caplog: Any
) -> None:
    """Its kind and its place are; the editor gets no answer, and the server goes on."""

    def fail(text: Any, *_: Any) -> Any:
        raise ValueError(text)

    for name in ("analyze", "complete", "hover_at"):
        monkeypatch.setattr(f"leadquery.lsp.server.{name}", fail)
    server = PayloadServer()
    sent: list[Any] = []
    monkeypatch.setattr(server.protocol, "_send_data", sent.append)
    uri = "file:///a.json"
    at = types.TextDocumentIdentifier(uri), types.Position(0, 1)

    async def steps() -> None:
        call(server, types.INITIALIZE, types.InitializeParams(types.ClientCapabilities()))
        item = types.TextDocumentItem(uri, "json", 1, LIKE.replace('"1"', f'"{PHONE}"'))
        call(server, types.TEXT_DOCUMENT_DID_OPEN, types.DidOpenTextDocumentParams(item))
        async with asyncio.timeout(30):
            while not sent:
                await asyncio.sleep(0.01)
        call(server, types.TEXT_DOCUMENT_COMPLETION, types.CompletionParams(*at))
        call(server, types.TEXT_DOCUMENT_HOVER, types.HoverParams(*at))

    asyncio.run(steps())

    err = capfd.readouterr().err
    assert err.count("leadquery lsp: ValueError at test_server.py:") == 3
    for text in (err, caplog.text, str(sent)):
        assert PHONE not in text
    assert any(isinstance(one, types.PublishDiagnosticsNotification) for one in sent)


def test_before_a_file_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Completion and hover do not wait, and what was found in an older text is not sent."""
    monkeypatch.setattr("leadquery.lsp.server.DEBOUNCE", 0)
    server, begun, ready = PayloadServer(), threading.Event(), threading.Event()
    sent: list[Any] = []
    monkeypatch.setattr(server.protocol, "_send_data", sent.append)

    def wait(document: Document, *rest: Any) -> Analysis:
        begun.set()
        ready.wait(30)
        return analyze(document, *rest)

    monkeypatch.setattr("leadquery.lsp.server.analyze", wait)
    uri = "file:///a.json"

    async def steps() -> None:
        call(server, types.INITIALIZE, types.InitializeParams(types.ClientCapabilities()))
        item = types.TextDocumentItem(uri, "json", 1, LIKE)
        call(server, types.TEXT_DOCUMENT_DID_OPEN, types.DidOpenTextDocumentParams(item))
        async with asyncio.timeout(30):
            while not begun.is_set():
                await asyncio.sleep(0.01)
        params = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(0, 3))
        hover = server.on_hover(params)
        assert hover is not None
        assert "`ReportFilter`" in str(hover.contents)
        offset = types.Position(0, 1)
        found = server.on_completion(types.CompletionParams(params.text_document, offset))
        assert found is not None
        server.update(server.documents[uri].changed(2, [Change(GOOD)]))
        ready.set()
        async with asyncio.timeout(30):
            while not sent:
                await asyncio.sleep(0.01)

    asyncio.run(steps())

    assert [one.params.version for one in sent] == [2]


def test_hover_over_a_place_without_a_key() -> None:
    """What is missing there is explained, and nothing if nothing is."""

    async def steps(one: Editor) -> None:
        uri = one.open(f"{{{OUTPUT}}}")
        assert [each.code for each in await one.diagnostics(uri)] == ["LQ503"]
        assert (await one.hover(uri, 0)).startswith("**LQ503**: missing paging")
        assert await one.hover(uri, len(OUTPUT) + 1) == ""
        assert await one.actions(uri, 0, 0) == []

    drive(steps)


def call(server: PayloadServer, method: str, params: Any) -> None:
    """Call what answers a method, as the protocol does."""
    server.protocol._execute_handler(
        msg_id=1,
        handler=server.protocol._get_handler(method),
        callback=lambda future: future.result(),
        args=(params,),
    )


def test_messages_that_are_not_of_the_protocol() -> None:
    """No traceback and no content in what the server writes, and it goes on."""

    async def steps(one: Editor) -> None:
        one.protocol.notify("textDocument/didOpen", {"textDocument": {"text": PHONE}})
        one.protocol.notify("textDocument/didChange", {"textDocument": {"uri": PHONE}})
        uri = one.open(GOOD)
        assert await one.diagnostics(uri) == []

    async def run() -> str:
        async with editor() as one:
            await steps(one)
        return one.stderr

    errors = asyncio.run(run())
    assert PHONE not in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("sent", [b"", b"nonsense\r\n\r\nContent-Length: 2\r\n\r\n{}"])
def test_an_editor_that_leaves_without_a_word(sent: bytes) -> None:
    """The exit code is 1, and stdout has nothing but messages."""
    ended = subprocess.run(
        [sys.executable, "-m", "leadquery", "lsp"],
        input=sent,
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert ended.returncode == 1
    assert ended.stdout == b"" or ended.stdout.startswith(b"Content-Length: ")
    assert b"Traceback" not in ended.stderr


def test_a_closed_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says who starts the command."""
    monkeypatch.setattr("leadquery.cli.lsp.sys", SimpleNamespace(stdin=None))

    result = leadquery("lsp")

    assert result.exit_code == 2
    assert "stdin is closed; an editor starts this command" in result.output


def test_without_pygls(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install."""
    for name in [name for name in sys.modules if name.startswith("leadquery.lsp.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "lsprotocol", None)

    result = leadquery("lsp")

    assert result.exit_code == 1
    assert "leadquery lsp needs pygls, which is not installed" in result.output
    assert "run pip install 'leadquery[lsp]'" in result.output
