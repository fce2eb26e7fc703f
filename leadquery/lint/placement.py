"""Findings as the problems that people see: in the order of the payload, each at its place."""

from __future__ import annotations

from typing import Final

import attrs

from leadquery.lint.diagnostics import Fix, Json, Path, RawDiagnostic
from leadquery.lint.json_parser.issues import SyntaxIssue
from leadquery.lint.json_parser.literals import NAN_PLACEHOLDER
from leadquery.lint.json_parser.locations import Span, locate
from leadquery.lint.json_parser.source_map import SourceText
from leadquery.lint.order import in_order
from leadquery.lint.report import Diagnostic, path_text, pointer
from leadquery.lint.rules.base import Severity

_IN_THE_TEXT: Final = Fix((), safe=True)


def locate_diagnostics(
    raw: Json, source: SourceText | None, findings: list[RawDiagnostic]
) -> tuple[Diagnostic, ...]:
    """The problems of a payload; `raw` is what it holds, `source` its text if it came as one."""
    if source is None:
        return tuple(_problem(found) for found in in_order(raw, findings))
    places = locate(source.read_as, (found.path for found in findings)) if findings else {}
    spans = [(*_span(found, places, source), _problem(found)) for found in findings]
    slips = [(slip.at, slip.width, _of_syntax_issue(slip, source)) for slip in source.slips]
    in_place = sorted([*slips, *spans], key=lambda span: span[0])
    return tuple(_at(*span, source) for span in in_place)


def _span(found: RawDiagnostic, places: dict[Path, Span], source: SourceText) -> tuple[int, int]:
    """Where a finding points, and how far; what is not there points at its object."""
    path = found.path
    while path not in places:
        path = path[:-1]
    place = places[path]
    keyed = found.rule.at_key and path == found.path
    start, end = (place.start, place.key_end) if keyed else (place.value, place.end)
    if path != found.path:
        end = start + 1
    at = source.original(start)
    return at, source.original(end - 1) + 1 - at


def _problem(found: RawDiagnostic) -> Diagnostic:
    return Diagnostic(
        code=found.rule.code,
        severity="error" if found.rule.severity is Severity.ERROR else "warning",
        path=path_text(found.path),
        pointer=pointer(found.path),
        message=found.message,
        hint=found.hint,
        fix=found.fix,
    )


def _at(start: int, width: int, problem: Diagnostic, source: SourceText) -> Diagnostic:
    line, column = source.lines.place(start)
    width = max(1, min(width, source.lines.end(line) - start))
    return attrs.evolve(problem, line=line, column=column, width=width)


def _of_syntax_issue(slip: SyntaxIssue, source: SourceText) -> Diagnostic:
    certain = source.readable and slip.to not in (None, NAN_PLACEHOLDER)
    fix = _IN_THE_TEXT if certain else None
    return _problem(RawDiagnostic(slip.rule, slip.path, slip.message, slip.hint, fix))
