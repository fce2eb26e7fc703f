"""What the server sends, in the types of the protocol."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from lsprotocol import types

from leadquery.lint.fixes import Replacement
from leadquery.lint.report import Diagnostic
from leadquery.lint.rules import rule_url
from leadquery.lint.rules.combinations import IGNORED_KEY
from leadquery.lint.rules.joiners import IGNORED_LOGICAL_OPERATOR
from leadquery.lsp.analysis import MAX_CHARACTERS, Analysis, Found
from leadquery.lsp.completion import Suggestion
from leadquery.lsp.document import Document, Range

SOURCE: Final = "leadquery"

FIX_ALL: Final = "source.fixAll.leadquery"

_UNNECESSARY: Final = (IGNORED_KEY.code, IGNORED_LOGICAL_OPERATOR.code)
"""The rules about what the API does not read."""

_SEVERITIES: Final = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
}


def to_range(found: Range) -> types.Range:
    """A range of the protocol."""
    return types.Range(types.Position(*found.start), types.Position(*found.end))


def diagnostics(analysis: Analysis) -> list[types.Diagnostic]:
    """What is wrong in a file, or that the file is too long."""
    if analysis.refused:
        message = (
            f"the file has more than {MAX_CHARACTERS:,} characters and is not checked here; "
            "run 'leadquery check' with it"
        )
        start = types.Position(0, 0)
        information = types.DiagnosticSeverity.Information
        return [types.Diagnostic(types.Range(start, start), message, information, source=SOURCE)]
    return [diagnostic(analysis.document, found) for found in analysis.found]


def diagnostic(document: Document, found: Found) -> types.Diagnostic:
    """One diagnostic. Its message has no mark of a fix, which editors show themselves."""
    one = found.diagnostic
    related = None
    if found.related is not None and one.related is not None:
        place = to_range(document.range(*found.related))
        location = types.Location(document.uri, place)
        related = [types.DiagnosticRelatedInformation(location, one.related.path)]
    return types.Diagnostic(
        range=to_range(document.range(found.start, found.end)),
        message=f"{one.message}; {one.hint}" if one.hint else one.message,
        severity=_SEVERITIES[one.severity],
        code=one.code,
        code_description=types.CodeDescription(rule_url(one.code)),
        source=SOURCE,
        tags=[types.DiagnosticTag.Unnecessary] if one.code in _UNNECESSARY else None,
        related_information=related,
    )


def quick_fixes(
    analysis: Analysis, found: Iterable[Found], *, versioned: bool
) -> Iterator[types.CodeAction]:
    """A code action for each diagnostic that has a fix."""
    for one in found:
        if one.diagnostic.fix is not None:
            yield types.CodeAction(
                _title(one.diagnostic, is_safe=one.diagnostic.fix.safe),
                types.CodeActionKind.QuickFix,
                [diagnostic(analysis.document, one)],
                is_preferred=one.diagnostic.fix.safe,
                edit=workspace_edit(analysis.document, analysis.fix(one), versioned=versioned),
            )


def _title(one: Diagnostic, *, is_safe: bool) -> str:
    text = one.hint or f"fix: {one.message}"
    guess = "" if is_safe else ", probably"
    return f"{text[0].upper()}{text[1:]} ({one.code}{guess})"


def fix_all(analysis: Analysis, *, versioned: bool) -> Iterator[types.CodeAction]:
    """A code action for all safe fixes of a file together, if there are any."""
    changes = analysis.fix_all()
    if changes:
        edit = workspace_edit(analysis.document, changes, versioned=versioned)
        yield types.CodeAction("Fix all that is safe to fix", FIX_ALL, edit=edit)


def workspace_edit(
    document: Document, changes: Iterable[Replacement], *, versioned: bool
) -> types.WorkspaceEdit:
    """The edits of a file; with `versioned`, only for this version of it."""
    edits = [types.TextEdit(to_range(document.range(one[0], one[1])), one.text) for one in changes]
    if not versioned:
        return types.WorkspaceEdit(changes={document.uri: edits})
    name = types.OptionalVersionedTextDocumentIdentifier(uri=document.uri, version=document.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(name, edits)])


def completion_item(
    document: Document, one: Suggestion, index: int, *, with_snippets: bool
) -> types.CompletionItem:
    """A suggestion; `index` is its place among the others."""
    is_snippet = with_snippets and bool(one.snippet)
    text = one.snippet if is_snippet else one.text
    place = to_range(document.range(one.start, one.end))
    kinds = types.InsertTextFormat
    return types.CompletionItem(
        one.label,
        kind=types.CompletionItemKind[one.kind],
        detail=one.detail or None,
        documentation=one.documentation or None,
        sort_text=f"{index:04}",
        filter_text=f"{one.text} {one.detail}",
        insert_text_format=kinds.Snippet if is_snippet else kinds.PlainText,
        text_edit=types.TextEdit(place, text),
    )
