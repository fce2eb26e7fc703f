"""Checking the body of a request, and where in the file its diagnostics and its fixes are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import attrs

from leadquery.lint.diagnostics import Path, Place, build_diagnostics, pointer
from leadquery.lint.fixes import Replacement, each_replacements, joint_replacements
from leadquery.lint.json_text import parse
from leadquery.lint.key_matching import normalize_key
from leadquery.lint.report import Diagnostic, Report
from leadquery.lint.request_files import RequestBody
from leadquery.lint.request_files.embedded import MARK, PLACEHOLDER, EmbeddedText
from leadquery.lint.rules.combinations import other_url
from leadquery.lint.rules.suspicious import CONTRADICTION
from leadquery.lint.source_text import LineIndex, SourceText
from leadquery.wire.endpoints import Endpoint
from leadquery.wire.model import Request
from leadquery.wire.schema import key_name
from leadquery.wire.types import Json

UNREADABLE: Final = "its body is no JSON before its variables are replaced; replace them by values"


def check_body(body: RequestBody, check: Callable[[str], Report]) -> Report | str:
    """The report on a body, or why it cannot be checked.

    What depends on an unknown value is not reported, and no fix writes over one.
    """
    text = body.text
    if text is None:
        return body.note
    report = check(text.text)
    unknown: list[str] = []
    if text.unknown:
        parsed = parse(text.text)
        if not parsed.source.readable:
            return UNREADABLE
        unknown = [pointer(path) for path in _unknown_paths(parsed.raw)]
    found = [one for one in report.diagnostics if not _depends_on(one, unknown)]
    fixes = zip(found, written_replacements(text, report, found), strict=True)
    known = (one if changes is not None else attrs.evolve(one, fix=None) for one, changes in fixes)
    return _check_url(attrs.evolve(report, diagnostics=tuple(known)), body.endpoint)


def _check_url(report: Report, url: Endpoint | None) -> Report:
    """The report on a body, also on whether its node is one of the report of its URL."""
    node = report.endpoint
    # A report without diagnostics may have no source.
    source = report.source or SourceText(report.payload, report.payload)
    if url is None or node.node in (None, url.node) or source.issues:
        return report
    raw = json.loads(source.text)
    outer = _key_in(raw, key_name(Request, "report"))
    path = (outer, _key_in(raw.get(outer), node.key))
    added = build_diagnostics(raw, source, [other_url(path, node, url)])
    both = (*report.diagnostics, *added)
    in_order = sorted(both, key=lambda one: (one.line or 0, one.column or 0))
    return attrs.evolve(report, diagnostics=tuple(in_order), source=source)


def _key_in(node: dict[str, Json] | None, name: str) -> str:
    """The key of an object that is a name but for letter case; the name if there is none."""
    return next((key for key in node or {} if normalize_key(key) == normalize_key(name)), name)


def _depends_on(found: Diagnostic, unknown: list[str]) -> bool:
    """Whether a diagnostic may depend on the values at some places."""
    return bool(unknown) and (
        found.code == CONTRADICTION.code
        or MARK in found.advice
        or any(f"{found.pointer}/".startswith(f"{place}/") for place in unknown)
    )


def _unknown_paths(raw: Json) -> Iterator[Path]:
    """The paths of values that hold an unknown value, and of objects with such a key."""
    waiting: list[tuple[Path, Json]] = [((), raw)]
    while waiting:
        path, node = waiting.pop()
        if isinstance(node, str) and MARK in node:
            yield path
        elif isinstance(node, dict):
            if any(MARK in key for key in node):
                yield path
            waiting += [((*path, key), value) for key, value in node.items()]
        elif isinstance(node, list):
            waiting += [((*path, index), value) for index, value in enumerate(node)]


def written_replacements(
    text: EmbeddedText, report: Report, found: Sequence[Diagnostic]
) -> list[tuple[Replacement, ...] | None]:
    """What the fix of each diagnostic replaces in the file; None if that is an unknown value."""
    return [_written(text, changes) for changes in each_replacements(report, found)]


def _written(text: EmbeddedText, changes: Iterable[Replacement]) -> tuple[Replacement, ...] | None:
    try:
        return tuple(map(text.written_replacement, changes))
    except ValueError:
        return None


def next_fixes(
    text: EmbeddedText, report: Report, *, unsafe: bool
) -> tuple[list[Replacement], list[Diagnostic]]:
    """What to replace in the file next, and the diagnostics that this fixes.

    What is no JSON is corrected first, and the rest where it is then. Entries move at last.
    """
    fixable = [one for one in report.all_diagnostics if one.fix and (unsafe or one.fix.safe)]
    syntax = [one for one in fixable if one.fix and not one.fix.edits]
    fixable = syntax or [one for one in fixable if one.fix and not one.fix.moves] or fixable
    changes = joint_replacements(report, fixable)
    return [text.written_replacement(change) for change in changes], fixable


def placed(text: EmbeddedText, lines: LineIndex, found: Diagnostic) -> Diagnostic:
    """A diagnostic of a body, and the place that it names, where they are in the file."""

    def move(line: int | None, column: int | None, width: int | None) -> tuple[int, int, int]:
        offset = text.lines.offset(line or 1, column or 1)
        start, end = text.span(offset, offset + (width or 1))
        return *lines.position(start), max(1, len(text.file[start:end].partition("\n")[0]))

    line, column, width = move(found.line, found.column, found.width)
    related = found.related
    if related is not None:
        related = Place(related.path, *move(*related[1:]))
    return attrs.evolve(found, line=line, column=column, width=width, related=related)


def without_placeholders(
    text: EmbeddedText, report: Report, found: Diagnostic
) -> tuple[Report, Diagnostic]:
    """A report and a diagnostic whose line shows unknown values as the file writes them."""
    if not text.unknown:
        return report, found
    unknown = text.unknown

    def filled(part: str) -> str:
        return PLACEHOLDER.sub(lambda name: " ".join(unknown[name[0]].split()), part)

    number, column = found.line or 1, (found.column or 1) - 1
    line = text.lines.line(number)
    before, rest = line[:column], line[column:]
    width = len(filled(rest[: found.width or 1]))
    printed = "\n" * (number - 1) + filled(before) + filled(rest)
    source = SourceText(printed, printed)
    moved = attrs.evolve(found, column=len(filled(before)) + 1, width=width)
    return attrs.evolve(report, source=source), moved
