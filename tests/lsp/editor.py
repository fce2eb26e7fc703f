"""An editor for tests: pygls' own client, which drives `leadquery lsp` over stdin and stdout."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from leadquery.lsp.document import Change, Document, Position, Range

CAPABILITIES = types.ClientCapabilities(
    workspace=types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True)
    )
)


class Editor(LanguageClient):
    """Keeps its documents, and the diagnostics of each version that the server sends."""

    def __init__(self) -> None:
        super().__init__("editor", "1")
        self.documents: dict[str, Document] = {}
        self.published: dict[str, types.PublishDiagnosticsParams] = {}
        self.messages: list[str] = []
        self.encoding = "utf-16"
        self.stderr = ""
        self._news = asyncio.Event()
        self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(self._publish())
        self.feature(types.WINDOW_SHOW_MESSAGE)(self._show())

    def _publish(self) -> Any:
        def publish(params: types.PublishDiagnosticsParams) -> None:
            self.published[params.uri] = params
            self._news.set()

        return publish

    def _show(self) -> Any:
        def show(params: types.ShowMessageParams) -> None:
            self.messages.append(params.message)
            self._news.set()

        return show

    def open(self, text: str, uri: str = "file:///report.json", language: str = "json") -> str:
        """Open a document; its URI."""
        self.documents[uri] = Document(uri, language, text, 1, self.encoding)
        item = types.TextDocumentItem(uri, language, 1, text)
        self.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def change(self, uri: str, *changes: Change) -> str:
        """Change a document; its text."""
        document = self.documents[uri]
        self.documents[uri] = document.changed(document.version + 1, changes)
        name = types.VersionedTextDocumentIdentifier(uri=uri, version=self.documents[uri].version)
        sent = [_sent(change) for change in changes]
        self.text_document_did_change(types.DidChangeTextDocumentParams(name, sent))
        return self.documents[uri].text

    def type(self, uri: str, offset: int, text: str, deleted: int = 0) -> str:
        """Insert a text at an offset; the text of the document."""
        place = self.documents[uri].range(offset, offset + deleted)
        return self.change(uri, Change(text, place))

    async def diagnostics(self, uri: str) -> list[types.Diagnostic]:
        """The diagnostics of the newest version."""

        def is_newest() -> bool:
            return uri in self.published and (
                self.published[uri].version == self.documents[uri].version
            )

        await self.wait(is_newest)
        return [*self.published[uri].diagnostics]

    async def wait(self, is_done: Any) -> None:
        """Wait for news until something is true."""
        async with asyncio.timeout(60):
            while not is_done():
                self._news.clear()
                await self._news.wait()

    def position(self, position: types.Position) -> Position:
        """A position of the protocol as documents take it."""
        return Position(position.line, position.character)

    def text(self, uri: str, place: types.Range) -> str:
        """The text in a range."""
        document = self.documents[uri]
        start, end = (document.offset(self.position(one)) for one in (place.start, place.end))
        return document.text[start:end]

    def place(self, uri: str, offset: int) -> dict[str, Any]:
        """The document and the position of an offset, as requests take them."""
        position = types.Position(*self.documents[uri].position(offset))
        return {"text_document": types.TextDocumentIdentifier(uri), "position": position}

    async def complete(self, uri: str, offset: int) -> list[types.CompletionItem]:
        """What can be written at an offset."""
        params = types.CompletionParams(**self.place(uri, offset))
        found = await self.text_document_completion_async(params)
        return [*found.items] if isinstance(found, types.CompletionList) else []

    async def hover(self, uri: str, offset: int) -> str:
        """What is said about an offset."""
        found = await self.text_document_hover_async(types.HoverParams(**self.place(uri, offset)))
        return str(getattr(found.contents, "value", "")) if found else ""

    async def actions(self, uri: str, start: int, end: int, *only: str) -> list[types.CodeAction]:
        """The code actions for a range of offsets."""
        place = self.documents[uri].range(start, end)
        found = await self.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(uri),
                types.Range(*(types.Position(*one) for one in place)),
                types.CodeActionContext([], only=[*only] or None),
            )
        )
        return [one for one in found or () if isinstance(one, types.CodeAction)]

    def apply(self, uri: str, action: types.CodeAction) -> str:
        """Apply the edits of a code action as editors do: all at once, for this version."""
        assert action.edit is not None
        assert action.edit.document_changes is not None
        [change] = action.edit.document_changes
        assert isinstance(change, types.TextDocumentEdit)
        assert change.text_document.version == self.documents[uri].version
        edits = [one for one in change.edits if isinstance(one, types.TextEdit)]
        return self.change(uri, *map(_change, reversed(edits)))


def _sent(change: Change) -> types.TextDocumentContentChangeEvent:
    if change.range is None:
        return types.TextDocumentContentChangeWholeDocument(change.text)
    place = types.Range(*(types.Position(*one) for one in change.range))
    return types.TextDocumentContentChangePartial(place, change.text)


def _change(edit: types.TextEdit) -> Change:
    start, end = edit.range.start, edit.range.end
    place = Range(Position(start.line, start.character), Position(end.line, end.character))
    return Change(edit.new_text, place)


@asynccontextmanager
async def editor(
    *arguments: str,
    encodings: tuple[str, ...] = (),
    options: Any = None,
    folder: str | None = None,
) -> AsyncIterator[Editor]:
    """A client with a server, which must end with exit code 0 and print nothing else."""
    client = Editor()
    await client.start_io(sys.executable, "-m", "leadquery", "lsp", *arguments)
    kinds = [types.PositionEncodingKind(one) for one in encodings]
    general = types.GeneralClientCapabilities(position_encodings=kinds) if kinds else None
    capabilities = types.ClientCapabilities(workspace=CAPABILITIES.workspace, general=general)
    started = await client.initialize_async(
        types.InitializeParams(
            capabilities, root_uri=folder, initialization_options=options, process_id=None
        )
    )
    client.encoding = types.PositionEncodingKind(started.capabilities.position_encoding).value
    client.initialized(types.InitializedParams())
    yield client
    await client.shutdown_async(None)
    client.exit(None)
    server = client._server
    assert server is not None
    assert await asyncio.wait_for(server.wait(), 60) == 0
    assert server.stderr is not None
    client.stderr = (await server.stderr.read()).decode()
    await client.stop()  # type: ignore[no-untyped-call]
