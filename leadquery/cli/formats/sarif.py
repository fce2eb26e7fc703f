"""For code scanning: one SARIF 2.1.0 log, with the rules that were broken and the fixes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from leadquery.cli.files import FileError
from leadquery.cli.formats.replacement import replacement
from leadquery.cli.formats.results import FileResult, Outcome
from leadquery.lint.json_parser.source_text import SourceText
from leadquery.lint.report import Diagnostic
from leadquery.lint.rules.base import Rule
from leadquery.lint.rules.registry import all_rules

SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
LINE_ENDS: Final = ("\r\n", "\n", "\r")

EFFORT: Final = 5_000_000
"""Each fix costs a pass over the text; where all take more characters than that, none is given."""

_PLACES: Final = {rule.code: place for place, rule in enumerate(all_rules())}


def lines(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """All at the end."""
    results: list[dict[str, Any]] = []
    lost: list[dict[str, Any]] = []
    for outcome in outcomes:
        if isinstance(outcome, FileError):
            lost.append(_lost(outcome))
        else:
            results += [_result(outcome, problem) for problem in outcome.report]
    invocation = {"executionSuccessful": not lost, "toolExecutionNotifications": lost}
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


def _lost(outcome: FileError) -> dict[str, Any]:
    place = {"physicalLocation": {"artifactLocation": _artifact(outcome.file)}}
    return {"level": "error", "message": {"text": outcome.reason}, "locations": [place]}


def _result(checked: FileResult, problem: Diagnostic) -> dict[str, Any]:
    line, column = problem.line or 1, problem.column or 1
    region = {"startLine": line, "startColumn": column, "endColumn": column + (problem.width or 1)}
    place = {
        "physicalLocation": {"artifactLocation": _artifact(checked.file), "region": region},
        "logicalLocations": [{"fullyQualifiedName": problem.path, "kind": "member"}],
    }
    hint = f"; {problem.hint}" if problem.hint else ""
    return {
        "ruleId": problem.code,
        "ruleIndex": _PLACES[problem.code],
        "level": problem.severity,
        "message": {"text": f"{problem.message}{hint}"},
        "locations": [place],
        **_fixes(checked, problem),
    }


def _fixes(checked: FileResult, problem: Diagnostic) -> dict[str, Any]:
    """The change of a text that mends a problem, for a text that is JSON."""
    source = checked.report.source
    if problem.fix is None or source is None or source.issues:
        return {}
    if len(source.text) * len(checked.report) > EFFORT:
        return {}
    start, end, text = replacement(source.text, problem.fix)
    change = {"deletedRegion": _region(source, start, end), "insertedContent": {"text": text}}
    artifact = {"artifactLocation": _artifact(checked.file), "replacements": [change]}
    return {"fixes": [{"artifactChanges": [artifact]}]}


def _region(source: SourceText, start: int, end: int) -> dict[str, int]:
    (line, column), (last, behind) = source.lines.position(start), source.lines.position(end)
    return {"startLine": line, "startColumn": column, "endLine": last, "endColumn": behind}


def _artifact(file: str) -> dict[str, str]:
    if Path(file).is_absolute():
        return {"uri": Path(file).as_uri()}
    return {"uri": quote(os.fsencode(Path(file).as_posix()))}
