"""Diagnostics as a SARIF 2.1.0 log for code scanning, with all rules and the fixes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from leadquery.cli.files import FileError
from leadquery.cli.formats import MAX_RESULTS, FileResult, Outcome, message_text, omitted_text
from leadquery.lint.diagnostics import Fix, Replacement, apply_to_text
from leadquery.lint.report import Diagnostic
from leadquery.lint.rules import Rule, all_rules
from leadquery.lint.source_text import SourceText

SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
LINE_ENDS: Final = ("\r\n", "\n", "\r")

MAX_FIX_COST: Final = 5_000_000
"""Each fix takes a pass over the text. If all take more characters than that, leave fixes out."""

_RULE_INDEX: Final = {rule.code: index for index, rule in enumerate(all_rules())}


def format_sarif(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """One JSON object at the end."""
    results: list[dict[str, Any]] = []
    notifications: list[dict[str, Any]] = []
    for outcome in outcomes:
        if isinstance(outcome, FileError):
            notifications.append(_notification("error", outcome.file, outcome.reason))
            continue
        if outcome.note:
            notifications.append(_notification("note", outcome.file, outcome.note))
        included = outcome.report.diagnostics[: MAX_RESULTS - len(results)]
        results += [_result(outcome, diagnostic) for diagnostic in included]
        if omitted := len(outcome.report.all_diagnostics) - len(included):
            notifications.append(_notification("warning", outcome.file, omitted_text(omitted)))
    invocation = {
        "executionSuccessful": all(one["level"] != "error" for one in notifications),
        "toolExecutionNotifications": notifications,
    }
    run = {
        "tool": {"driver": _driver()},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "newlineSequences": LINE_ENDS,
        "results": results,
    }
    yield json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _driver() -> dict[str, Any]:
    return {
        "name": "leadquery",
        "version": version("leadquery"),
        "rules": [_rule(rule) for rule in all_rules()],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": "".join(map(str.capitalize, rule.name.split("-"))),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.rationale},
        "help": {
            "text": f"{rule.rationale} (API page: {rule.spec_section}; {rule.certainty.value})"
        },
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _notification(level: str, file: str, text: str) -> dict[str, Any]:
    location = {"physicalLocation": {"artifactLocation": _artifact(file)}}
    return {"level": level, "message": {"text": text}, "locations": [location]}


def _result(result: FileResult, diagnostic: Diagnostic) -> dict[str, Any]:
    placed = result.placed(diagnostic)
    line, column = placed.line or 1, placed.column or 1
    region = {"startLine": line, "startColumn": column, "endColumn": column + (placed.width or 1)}
    location = {
        "physicalLocation": {"artifactLocation": _artifact(result.file), "region": region},
        "logicalLocations": [{"fullyQualifiedName": diagnostic.path, "kind": "member"}],
    }
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": _RULE_INDEX[diagnostic.code],
        "level": diagnostic.severity,
        "message": {"text": message_text(diagnostic)},
        "locations": [location],
        **_fixes(result, diagnostic),
    }


def _fixes(result: FileResult, diagnostic: Diagnostic) -> dict[str, Any]:
    """The text change that fixes a diagnostic, if the text is valid JSON."""
    source = result.report.source
    if diagnostic.fix is None or source is None or source.issues or result.body:
        return {}
    if len(source.text) * len(result.report) > MAX_FIX_COST:
        return {}
    start, end, text = minimal_replacement(source.text, diagnostic.fix)
    change = {"deletedRegion": _region(source, start, end), "insertedContent": {"text": text}}
    artifact = {"artifactLocation": _artifact(result.file), "replacements": [change]}
    return {"fixes": [{"artifactChanges": [artifact]}]}


def _region(source: SourceText, start: int, end: int) -> dict[str, int]:
    (line, column), (last, behind) = source.lines.position(start), source.lines.position(end)
    return {"startLine": line, "startColumn": column, "endLine": last, "endColumn": behind}


def _artifact(file: str) -> dict[str, str]:
    if Path(file).is_absolute():
        return {"uri": Path(file).as_uri()}
    return {"uri": quote(os.fsencode(Path(file).as_posix()))}


def minimal_replacement(text: str, fix: Fix) -> Replacement:
    """The shortest part of a text that a fix changes, and its new text."""
    fixed = apply_to_text(text, fix.edits)
    start = _common_prefix(text, fixed)
    tail = _common_prefix(text[start:][::-1], fixed[start:][::-1])
    return Replacement(start, len(text) - tail, fixed[start : len(fixed) - tail])


def _common_prefix(text: str, other: str) -> int:
    """The length of the common prefix of two texts, found by bisection."""
    low, high = 0, min(len(text), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if text[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
