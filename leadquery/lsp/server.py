"""The language server: documents and requests of the protocol, by way of pygls."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from traceback import extract_tb
from typing import Any, Final, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from leadquery.lint.catalog import FieldCatalog
from leadquery.lint.selection import Selection
from leadquery.lsp import messages
from leadquery.lsp.analysis import Analysis, Project, analyze, is_payload
from leadquery.lsp.completion import complete, explain_rule, hover_at
from leadquery.lsp.cursor import cursor_at
from leadquery.lsp.document import Change, Document, Position, Range
from leadquery.wire.model import Request
from leadquery.wire.schema import SCHEMA_KEY

T = TypeVar("T")

DEBOUNCE: Final = 0.15
"""Seconds without a change before a file is checked; longer if checking it takes longer."""


def _change(change: types.TextDocumentContentChangeEvent) -> Change:
    if isinstance(change, types.TextDocumentContentChangeWholeDocument):
        return Change(change.text)
    start, end = change.range.start, change.range.end
    positions = Position(start.line, start.character), Position(end.line, end.character)
    return Change(change.text, Range(*positions))


class PayloadServer(LanguageServer):
    """Answers an editor. Nothing of a document gets into a log or into a message about an error."""

    def __init__(self, project: Project | None = None) -> None:
        super().__init__("leadquery", version("leadquery"))
        self.documents: dict[str, Document] = {}
        self.is_shut_down = False
        self._project = project or Project()
        self._project.report = self._warn
        self._analyses: dict[str, tuple[Document, asyncio.Task[Analysis]]] = {}
        self._diagnosing: dict[str, asyncio.Task[None]] = {}
        self._payloads: set[str] = set()
        self._catalogs: dict[str, FieldCatalog | None] = {}
        # The documents of pygls end lines at more characters than the protocol does.
        for name, keep in (
            (types.TEXT_DOCUMENT_DID_OPEN, self.on_open),
            (types.TEXT_DOCUMENT_DID_CHANGE, self.on_change),
            (types.TEXT_DOCUMENT_DID_CLOSE, self.on_close),
        ):
            self.protocol.fm.add_builtin_feature(name, keep)
        trigger = types.CompletionOptions(trigger_characters=['"', ","])
        kinds = types.CodeActionOptions([types.CodeActionKind.QuickFix, messages.FIX_ALL])
        for name, handler, options in (
            (types.INITIALIZE, self.on_initialize, None),
            (types.SHUTDOWN, self.on_shutdown, None),
            (types.WORKSPACE_DID_CHANGE_CONFIGURATION, self.on_configuration, None),
            (types.TEXT_DOCUMENT_COMPLETION, self.on_completion, trigger),
            (types.TEXT_DOCUMENT_HOVER, self.on_hover, None),
            (types.TEXT_DOCUMENT_CODE_ACTION, self.on_code_action, kinds),
        ):
            # pygls marks what it calls, and a method cannot be marked.
            self.feature(name, options)(partial(handler))

    def run(self) -> int:
        """Answer on stdin and stdout until the editor ends it; the exit code."""
        logger = logging.getLogger("pygls")
        # It would log documents, with errors and otherwise.
        logger.addHandler(logging.NullHandler())
        logger.propagate = False
        self.start_io()
        return 0 if self.is_shut_down else 1

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log the kind of an error, and where it was raised."""
        frames = extract_tb(error.__traceback__)
        place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
        sys.stderr.write(f"leadquery lsp: {type(error).__name__}{place}\n")

    # Settings

    def on_initialize(self, params: types.InitializeParams) -> None:
        self._configure(params.initialization_options)

    def on_configuration(self, params: types.DidChangeConfigurationParams) -> None:
        settings = params.settings
        self._configure(settings.get("leadquery") if isinstance(settings, dict) else None)
        for document in list(self.documents.values()):
            self.update(document.changed(document.version, ()))

    def _configure(self, options: Any) -> None:
        """Take the setting `fields`, a path from the folder of the project."""
        file = options.get("fields") if isinstance(options, dict) else None
        root = self.workspace.root_path or "."
        self._project.setting = str(Path(root, file)) if file and isinstance(file, str) else None

    def _warn(self, text: str) -> None:
        message = types.ShowMessageParams(types.MessageType.Warning, text)
        self.window_show_message(message)

    def on_shutdown(self, _: None) -> None:
        self.is_shut_down = True

    # Documents

    def on_open(self, params: types.DidOpenTextDocumentParams) -> None:
        opened = params.text_document
        encoding = types.PositionEncodingKind(self.workspace.position_encoding).value
        self.update(Document(opened.uri, opened.language_id, opened.text, opened.version, encoding))

    def on_change(self, params: types.DidChangeTextDocumentParams) -> None:
        name, changes = params.text_document, map(_change, params.content_changes)
        self.update(self.documents[name.uri].changed(name.version, changes))

    def on_close(self, params: types.DidCloseTextDocumentParams) -> None:
        """Forget a document and what was wrong in it."""
        uri = params.text_document.uri
        self.documents.pop(uri, None)
        self._analyses.pop(uri, None)
        self._payloads.discard(uri)
        self._catalogs.pop(uri, None)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    # Diagnostics

    def update(self, document: Document) -> None:
        """Take a new version of a document, and check it soon."""
        self.documents[document.uri] = document
        running = self._diagnosing.get(document.uri)
        if running is None or running.done():
            task = asyncio.ensure_future(self._diagnose(document.uri))
            self._diagnosing[document.uri] = task

    async def _diagnose(self, uri: str) -> None:
        """Send what is wrong with the newest version of a document, once typing pauses."""
        delay, checked = DEBOUNCE, None
        while (document := self.documents.get(uri)) is not checked and document is not None:
            await asyncio.sleep(delay)
            if self.documents.get(uri) is not document:
                continue
            started = time.monotonic()
            analysis = await self._analysis(document)
            delay = max(DEBOUNCE, time.monotonic() - started)
            if self.documents.get(uri) is document:
                checked = document
                found = messages.diagnostics(analysis)
                params = types.PublishDiagnosticsParams(uri, found, document.version)
                self.text_document_publish_diagnostics(params)

    def _analysis(self, document: Document) -> asyncio.Future[Analysis]:
        """What is wrong with a version of a document, which is found in a thread once."""
        known = self._analyses.get(document.uri)
        if known is None or known[0] is not document:
            known = document, asyncio.ensure_future(asyncio.to_thread(self._analyze, document))
            self._analyses[document.uri] = known
        # A request that is cancelled does not cancel it.
        return asyncio.shield(known[1])

    def _analyze(self, document: Document) -> Analysis:
        analysis = self._guard(lambda: analyze(document, *self._settings(document)))
        analysis = analysis or Analysis(document)
        self._catalogs[document.uri] = analysis.catalog
        change = self._payloads.add if analysis.is_payload else self._payloads.discard
        change(document.uri)
        # Find the places here, too, and not in the loop.
        self._guard(lambda: analysis.found)
        return analysis

    def _guard(self, function: Callable[[], T]) -> T | None:
        """The result of a function, or None after an error, which is logged without its text."""
        try:
            return function()
        except Exception as error:  # noqa: BLE001
            self.report_server_error(error, None)
            return None

    # Requests

    def on_completion(self, params: types.CompletionParams) -> types.CompletionList | None:
        return self._guard(lambda: self._complete(params))

    def _complete(self, params: types.CompletionParams) -> types.CompletionList | None:
        document, offset = self._place(params)
        if not self._is_payload(document) and not _is_empty(document, offset):
            return None
        found = complete(document.text, offset, self._catalog(document))
        item = getattr(self.client_capabilities.text_document, "completion", None)
        with_snippets = bool(
            getattr(getattr(item, "completion_item", None), "snippet_support", None)
        )
        items = [
            messages.completion_item(document, one, index, with_snippets=with_snippets)
            for index, one in enumerate(found.items)
        ]
        return types.CompletionList(found.is_incomplete, items)

    def on_hover(self, params: types.HoverParams) -> types.Hover | None:
        return self._guard(lambda: self._hover(params))

    def _hover(self, params: types.HoverParams) -> types.Hover | None:
        document, offset = self._place(params)
        if not self._is_payload(document):
            return None
        hover = hover_at(document.text, offset, self._catalog(document))
        known = self._analyses.get(document.uri)
        rules: dict[str, None] = {}
        if known is not None and known[0] is document and known[1].done():
            found = known[1].result().found
            rules = {one.diagnostic.code: None for one in found if one.start <= offset < one.end}
        texts = [*([hover.text] if hover else ()), *map(explain_rule, rules)]
        if not texts:
            return None
        place = None
        if hover is not None:
            place = messages.to_range(document.range(hover.start, hover.end))
        content = types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(texts))
        return types.Hover(content, place)

    async def on_code_action(self, params: types.CodeActionParams) -> list[types.CodeAction] | None:
        document = self.documents[params.text_document.uri]
        analysis = await self._analysis(document)
        # What the client has may be older; what is offered is for the text as it is now.
        return await asyncio.to_thread(
            self._guard, lambda: self._actions(analysis, params.range, params.context.only)
        )

    def _actions(self, analysis: Analysis, place: types.Range, only: Any) -> list[types.CodeAction]:
        start, end = _offset(analysis.document, place.start), _offset(analysis.document, place.end)
        found = [one for one in analysis.found if one.start <= end and start <= one.end]
        workspace = self.client_capabilities.workspace
        versioned = bool(
            workspace and workspace.workspace_edit and workspace.workspace_edit.document_changes
        )
        actions: list[types.CodeAction] = []
        if _is_wanted(types.CodeActionKind.QuickFix.value, only):
            actions += messages.quick_fixes(analysis, found, versioned=versioned)
        is_safe = any(one.diagnostic.fix and one.diagnostic.fix.safe for one in found)
        if _is_wanted(messages.FIX_ALL, only) and (only or is_safe):
            actions += messages.fix_all(analysis, versioned=versioned)
        return actions

    def _place(self, params: types.CompletionParams | types.HoverParams) -> tuple[Document, int]:
        document = self.documents[params.text_document.uri]
        return document, _offset(document, params.position)

    def _settings(self, document: Document) -> tuple[FieldCatalog | None, Selection]:
        return self._project.settings_for(to_fs_path(document.uri) or "")

    def _catalog(self, document: Document) -> FieldCatalog | None:
        """The fields of the account, as they were when the document was checked last."""
        if document.uri not in self._catalogs:
            self._catalogs[document.uri] = self._settings(document)[0]
        return self._catalogs[document.uri]

    def _is_payload(self, document: Document) -> bool:
        # Typing does not make another file of a payload, and looking takes a while.
        return document.uri in self._payloads or is_payload(document)


def _is_empty(document: Document, offset: int) -> bool:
    """Whether a file has no keys yet but the one at an offset, and the name of its schema."""
    cursor = cursor_at(document.text, offset)
    if cursor is None or cursor.classes != (Request,) or cursor.of is not None:
        return False
    return not {*cursor.members} - {SCHEMA_KEY}


def _offset(document: Document, position: types.Position) -> int:
    return document.offset(Position(position.line, position.character))


def _is_wanted(kind: str, only: Any) -> bool:
    """Whether a client wants code actions of a kind: of all, or of some kinds and theirs."""
    names = [str(getattr(one, "value", one)) for one in only or ()]
    return not names or any(f"{kind}.".startswith(f"{name}.") for name in names)
