"""Fixes as changes of the text: those of one diagnostic, and all of them, round by round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from leadquery.lint.diagnostics import Edit, Path, Replacement, edits_at, spans_of, without_overlaps
from leadquery.lint.report import Diagnostic, Report
from leadquery.lint.source_text import SourceText, Span

MAX_FIX_ROUNDS: Final = 10
"""A fix may uncover another fixable mistake, so payloads are fixed again this often at most.

Likely fixes are applied only in the first round: a guess based on a guess could change the meaning.
"""


class FixResult(NamedTuple):
    """A payload with fixes applied, the report on it, and what was fixed."""

    content: Any
    report: Report
    fixed: tuple[Diagnostic, ...]


def fix_all(report: Report, check: Callable[[Any], Report], *, unsafe: bool = False) -> FixResult:
    """The payload of a report with all safe fixes applied, and with `unsafe` the likely ones."""
    content, fixed = report.payload, list[Diagnostic]()
    for number in range(MAX_FIX_ROUNDS):
        likely = unsafe and number == 0
        fixable = [one for one in report.all_diagnostics if one.fix and (likely or one.fix.safe)]
        if not fixable:
            break
        fixed += fixable
        content = report.fixed(unsafe=likely)
        report = check(content)
    return FixResult(content, report, tuple(fixed))


def replacements(report: Report, diagnostic: Diagnostic) -> tuple[Replacement, ...]:
    """The changes of the text that are the fix of one diagnostic of its report, in its order.

    Everything else stays as it is written, mistakes and all. The offsets are those of the text.

    >>> from leadquery import check
    >>> report = check('{"Paging": {"pageindex": 1, "PageSize": 9}, "Output": {"Type": "list"}}')
    >>> [replacements(report, one) for one in report if one.fix]
    [(Replacement(start=12, end=23, text='"PageIndex"'),)]
    """
    [changes] = each_replacements(report, [diagnostic])
    return changes


def each_replacements(
    report: Report, diagnostics: Sequence[Diagnostic]
) -> list[tuple[Replacement, ...]]:
    """The `replacements` of several diagnostics, each without the others, in one pass."""
    source = report.source
    fixes = [one.fix for one in diagnostics]
    if source is None or not any(fixes):
        return [()] * len(diagnostics)
    spans = spans_of(source.repaired, [edit for fix in fixes if fix for edit in fix.edits])
    corrections = _corrections(source)
    return [
        _edits_in_original(source, spans, one.fix.edits)
        if one.fix and one.fix.edits
        else tuple(corrections[one.code, one.line, one.column] if one.fix else ())
        for one in diagnostics
    ]


def _edits_in_original(
    source: SourceText, spans: Mapping[Path, Span], edits: Iterable[Edit]
) -> tuple[Replacement, ...]:
    changes = without_overlaps(edits_at(spans, edits))
    return tuple(Replacement(*source.original_span(e.start, e.end), e.text) for e in changes)


def _corrections(source: SourceText) -> Mapping[tuple[Any, ...], list[Replacement]]:
    """The corrections of a text that is not JSON, by the code and the place of the diagnostic."""
    found = defaultdict(list)
    for issue in source.issues:
        # That of another encoding is no change of the text.
        if issue.replacement or issue.start < issue.end:
            place = source.lines.position(issue.position)
            change = Replacement(issue.start, issue.end, issue.replacement or "")
            found[issue.rule.code, *place].append(change)
    return found
