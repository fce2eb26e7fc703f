"""Checking and correcting the bodies in a file of requests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import attrs

from leadquery.lint.diagnostics import Path, build_diagnostics, pointer
from leadquery.lint.fixes import MAX_FIX_ROUNDS, Replacement, each_replacements, edits_in_text
from leadquery.lint.json_text import parse
from leadquery.lint.key_matching import normalize_key
from leadquery.lint.report import Diagnostic, Report
from leadquery.lint.request_files import RequestFile
from leadquery.lint.request_files.embedded import MARK, PLACEHOLDER, EmbeddedText
from leadquery.lint.rules.combinations import other_url
from leadquery.lint.rules.suspicious import CONTRADICTION
from leadquery.lint.source_text import NAN, SourceText
from leadquery.wire.endpoints import Endpoint
from leadquery.wire.model import Request
from leadquery.wire.schema import key_name
from leadquery.wire.types import Json

Check = Callable[[str], Report]

UNREADABLE: Final = "its body is no JSON before its variables are replaced; replace them by values"


def check_body(text: EmbeddedText, check: Check) -> Report | str:
    """The report on a body, or why it cannot be checked.

    What depends on an unknown value is not reported.
    """
    report = check(text.text)
    if not text.unknown:
        return report
    parsed = parse(text.text)
    if not parsed.source.readable:
        return UNREADABLE
    unknown = [pointer(path) for path in _unknown_paths(parsed.raw)]

    def known(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        independent = [one for one in found if not _depends_on(one, unknown)]
        exact = written_replacements(text, report, independent)
        pairs = zip(independent, exact, strict=True)
        return tuple(attrs.evolve(one, fix=None) if no is None else one for one, no in pairs)

    return attrs.evolve(
        report, diagnostics=known(report.diagnostics), omitted=known(report.omitted)
    )


def check_url(report: Report, url: Endpoint | None) -> Report:
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
    return (
        found.code == CONTRADICTION.code
        or MARK in found.advice
        or any(f"{found.pointer}/".startswith(f"{place}/") for place in unknown)
    )


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


class FixedBody(NamedTuple):
    """A body with fixes applied, and what was fixed, at its places in the file as it was."""

    text: EmbeddedText | None
    fixed: tuple[Diagnostic, ...]


def fix_body(
    file: RequestFile, text: EmbeddedText, report: Report, check: Check, *, unsafe: bool
) -> FixedBody:
    """A body with the fixes of its report applied; all else stays as the file writes it."""
    fixed: list[Diagnostic] = []
    for _ in range(MAX_FIX_ROUNDS):
        fixable = [one for one in report.all_diagnostics if one.fix and (unsafe or one.fix.safe)]
        replacements, applied, finished = _replacements(report, fixable)
        if not applied:
            break
        try:
            changed = text.replace(replacements)
        except ValueError:
            break
        fixed += [placed(file, text, report, one) for one in applied]
        text = changed
        # What is no JSON is corrected first, and the rest where it is then.
        unsafe = unsafe and not finished
        checked = check_body(text, check)
        if isinstance(checked, str):
            break
        report = checked
    return FixedBody(text, tuple(fixed))


def _replacements(
    report: Report, fixable: list[Diagnostic]
) -> tuple[list[Replacement], list[Diagnostic], bool]:
    """What to replace next, for which diagnostics, and whether that is in the JSON value."""
    source = report.source
    if source is None or not source.readable:
        return [], [], False
    issues = [one for one in source.issues if one.replacement not in (None, NAN)]
    if issues:
        parts = [Replacement(one.start, one.end, one.replacement or "") for one in issues]
        return parts, [one for one in fixable if one.fix and not one.fix.edits], False
    if source.repaired != source.text:
        return [], [], False
    edits = [edit for one in fixable if one.fix for edit in one.fix.edits]
    return list(edits_in_text(source.text, edits)), fixable, True


def without_placeholders(
    text: EmbeddedText, report: Report, found: Diagnostic
) -> tuple[Report, Diagnostic]:
    """A report and a diagnostic whose line shows unknown values as the file writes them."""
    if report.source is None or found.line is None or not text.unknown:
        return report, found
    unknown = text.unknown

    def filled(part: str) -> str:
        return PLACEHOLDER.sub(lambda name: " ".join(unknown[name[0]].split()), part)

    line, column = report.source.lines.line(found.line), (found.column or 1) - 1
    before, rest = line[:column], line[column:]
    width = len(filled(rest[: found.width or 1]))
    printed = "\n" * (found.line - 1) + filled(before) + filled(rest)
    source = SourceText(printed, printed)
    moved = attrs.evolve(found, column=len(filled(before)) + 1, width=width)
    return attrs.evolve(report, source=source), moved


def placed(file: RequestFile, text: EmbeddedText, report: Report, found: Diagnostic) -> Diagnostic:
    """A diagnostic of a body, at its place in the file."""
    if report.source is None or found.line is None:
        return found
    offset = report.source.lines.offset(found.line, found.column or 1)
    start, end = text.written_span(offset, offset + (found.width or 1))
    line, column = file.position(text, start)
    width = len(text.written[start:end].partition("\n")[0])
    return attrs.evolve(found, line=line, column=column, width=max(1, width))
