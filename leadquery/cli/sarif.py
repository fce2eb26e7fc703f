"""Diagnostics as a SARIF 2.1.0 log for code scanning, with all rules and the fixes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from leadquery.cli.files import FileError
from leadquery.cli.formats import MAX_RESULTS
from leadquery.cli.outcomes import FileResult, Outcome, TextEdit, message_text, omitted_text
from leadquery.lint.report import Diagnostic
from leadquery.lint.rules import Rule, all_rules, rule_url

SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
LINE_ENDS: Final = ("\r\n", "\n", "\r")

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
        included = list(islice(outcome.edits(), MAX_RESULTS - len(results)))
        results += [_result(outcome, *one) for one in included]
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
        "helpUri": rule_url(rule.code),
        "help": {
            "text": f"{rule.rationale} (API page: {rule.spec_section}; {rule.certainty.value})"
        },
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _notification(level: str, file: str, text: str) -> dict[str, Any]:
    location = {"physicalLocation": {"artifactLocation": _artifact(file)}}
    return {"level": level, "message": {"text": text}, "locations": [location]}


def _result(result: FileResult, placed: Diagnostic, edits: list[TextEdit]) -> dict[str, Any]:
    line, column = placed.line or 1, placed.column or 1
    region = {"startLine": line, "startColumn": column, "endColumn": column + (placed.width or 1)}
    location = {
        "physicalLocation": {"artifactLocation": _artifact(result.file), "region": region},
        "logicalLocations": [{"fullyQualifiedName": placed.path, "kind": "member"}],
    }
    return {
        "ruleId": placed.code,
        "ruleIndex": _RULE_INDEX[placed.code],
        "level": placed.severity,
        "message": {"text": message_text(placed)},
        "locations": [location],
        **_fix(result, placed, edits),
    }


def _fix(result: FileResult, diagnostic: Diagnostic, edits: list[TextEdit]) -> dict[str, Any]:
    """The changes that fix a diagnostic."""
    if diagnostic.fix is None or not edits:
        return {}
    changes = [
        {"deletedRegion": _region(edit), "insertedContent": {"text": edit.text}} for edit in edits
    ]
    artifact = {"artifactLocation": _artifact(result.file), "replacements": changes}
    certainty = "safe" if diagnostic.fix.safe else "unsafe: it may change the meaning"
    text = f"{diagnostic.hint or 'correct it'} ({certainty})"
    return {"fixes": [{"description": {"text": text}, "artifactChanges": [artifact]}]}


def _region(edit: TextEdit) -> dict[str, int]:
    keys = ("startLine", "startColumn", "endLine", "endColumn")
    return dict(zip(keys, edit[:-1], strict=True))


def _artifact(file: str) -> dict[str, str]:
    if Path(file).is_absolute():
        return {"uri": Path(file).as_uri()}
    return {"uri": quote(os.fsencode(Path(file).as_posix()))}
