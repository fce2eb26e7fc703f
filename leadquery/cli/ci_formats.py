"""The formats of other services: GitLab's Code Quality, JUnit, reviewdog, and SARIF 2.1.0."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from xml.etree import ElementTree as ET

from leadquery._util.text import escape_unprintable
from leadquery.cli.check_formats import MAX_RESULTS
from leadquery.cli.files import FileError
from leadquery.cli.outcomes import (
    Outcome,
    TextEdit,
    omitted_text,
    request_text,
    text_edit,
    text_edits,
)
from leadquery.lint.checked_file import CheckedPayload
from leadquery.lint.fixes import Replacement, replace
from leadquery.lint.report import Diagnostic, message_text
from leadquery.lint.rules import Rule, all_rules, rule_url

UNREADABLE: Final = "unreadable"
"""What stands for a code where a file cannot be read."""


# GitLab (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format)

_GITLAB_SEVERITIES: Final = {"error": "major", "warning": "minor"}


def format_gitlab(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """One JSON list at the end, with an issue for each diagnostic and each unreadable file."""
    issues: list[dict[str, Any]] = []
    seen: Counter[tuple[str, ...]] = Counter()
    for outcome in outcomes:
        file = _path_in_project(outcome.file)
        if isinstance(outcome, FileError):
            key: tuple[str, ...] = (file, UNREADABLE, outcome.reason)
            issues.append(_issue(key, 1, "critical", {"begin": {"line": 1, "column": 1}}))
            continue
        for found in map(outcome.placed, outcome.report):
            # Without lines, so that an issue stays the same if others are added before it.
            key = (file, found.code, message_text(found), request_text(outcome))
            seen[key] += 1
            severity = _GITLAB_SEVERITIES[found.severity]
            issues.append(_issue(key, seen[key], severity, _range(found)))
    yield json.dumps(issues, indent=2)


def _issue(
    key: tuple[str, ...], number: int, severity: str, positions: dict[str, Any]
) -> dict[str, Any]:
    """An issue; `number` tells those with one key apart."""
    path, code, description, *_ = key
    identity = json.dumps([*key, number]).encode()
    return {
        "description": description,
        "check_name": code,
        "fingerprint": sha256(identity).hexdigest()[:32],
        "severity": severity,
        "location": {"path": path, "positions": positions},
    }


def _range(found: Diagnostic) -> dict[str, Any]:
    line, column = found.line or 1, found.column or 1
    end = column + (found.width or 1)
    return {"begin": {"line": line, "column": column}, "end": {"line": line, "column": end}}


def _path_in_project(file: str) -> str:
    """A path as GitLab expects it: from the root of the repository, with slashes."""
    root = os.environ.get("CI_PROJECT_DIR") or "."
    try:
        return Path(os.path.relpath(file, root)).as_posix()
    except ValueError:
        # It is on another drive of Windows.
        return Path(file).as_posix()


# JUnit (https://github.com/jenkinsci/xunit-plugin, junit-10.xsd, which knows no line of a case)


def format_junit(outcomes: Iterable[Outcome], *, strict: bool = False) -> Iterator[str]:
    """One XML document at the end: a suite for each file, and a test case for each diagnostic.

    An error is a failure, and so is a warning if it is to be; other warnings pass, with their text
    as output. A file without diagnostics is a test case that passes.
    """
    root = ET.Element("testsuites", name="leadquery")
    suites: dict[str, ET.Element] = {}
    names: Counter[tuple[str, str]] = Counter()
    for outcome in outcomes:
        file = escape_unprintable(outcome.file)
        suite = suites.setdefault(file, ET.Element("testsuite", name=file, file=file))
        for name, kind, text in _cases(outcome, strict=strict):
            names[file, name] += 1
            number = names[file, name]
            # GitLab takes cases with one name for one.
            unique = name if number == 1 else f"{name} ({number})"
            case = ET.SubElement(suite, "testcase", name=unique, classname=file)
            if kind:
                ET.SubElement(case, kind).text = text
            if kind in ("failure", "error", "skipped"):
                case[0].set("message", text)
    root.extend(suites.values())
    for element in (root, *root):
        for key, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
            element.set(key, str(sum(1 for _ in element.iter(tag))))
    ET.indent(root)
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}'


def _cases(outcome: Outcome, *, strict: bool) -> Iterator[tuple[str, str, str]]:
    """The name of each test case, the element of its text or "" for none, and the text."""
    if isinstance(outcome, FileError):
        yield UNREADABLE, "error", escape_unprintable(outcome.reason)
        return
    for found in map(outcome.placed, outcome.report):
        fails = strict or found.severity == "error"
        text = f"line {found.line}, column {found.column}: {message_text(found)}"
        name = " ".join(filter(None, (found.code, found.path, request_text(outcome))))
        kind = "failure" if fails else "system-out"
        yield escape_unprintable(name), kind, escape_unprintable(text)
    if outcome.note or not outcome.report.diagnostics:
        name = " ".join(filter(None, ("check", request_text(outcome))))
        yield escape_unprintable(name), "skipped" if outcome.note else "", outcome.note


# reviewdog (https://github.com/reviewdog/reviewdog/tree/master/proto/rdf)


def format_rdjson(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """One JSON object at the end, with a suggestion for each fix. Columns count bytes of UTF-8."""
    diagnostics: list[dict[str, Any]] = []
    for outcome in outcomes:
        if isinstance(outcome, FileError):
            location = {"path": outcome.file}
            code = {"value": UNREADABLE}
            diagnostics.append(_rdjson("ERROR", outcome.reason, location, code))
        else:
            diagnostics += _rdjson_of_file(outcome)
    source = {"name": "leadquery"}
    yield json.dumps({"source": source, "diagnostics": diagnostics}, indent=2)


def _rdjson(
    severity: str, message: str, location: dict[str, Any], code: dict[str, str]
) -> dict[str, Any]:
    return {"message": message, "location": location, "severity": severity, "code": code}


def _rdjson_of_file(result: CheckedPayload) -> Iterator[dict[str, Any]]:
    diagnostics = result.report.diagnostics
    for found, parts in zip(diagnostics, result.replacements(diagnostics), strict=True):
        placed = result.placed(found)
        line, column = placed.line or 1, placed.column or 1
        at = TextEdit(line, column, line, column + (placed.width or 1), "")
        location = {"path": result.file, "range": _bytes_range(result, at)}
        message = " ".join(filter(None, (message_text(placed), request_text(result))))
        code = {"value": placed.code, "url": rule_url(placed.code)}
        yield {
            **_rdjson(placed.severity.upper(), message, location, code),
            **({"suggestions": [_suggestion(result, parts)]} if parts else {}),
        }


def _suggestion(result: CheckedPayload, parts: tuple[Replacement, ...]) -> dict[str, Any]:
    """The replacements of a fix as one, because several suggestions are alternatives."""
    start, end = parts[0].start, parts[-1].end
    moved = [Replacement(one.start - start, one.end - start, one.text) for one in parts]
    text = replace(result.lines.text[start:end], moved)
    edit = text_edit(result, Replacement(start, end, text))
    return {"range": _bytes_range(result, edit), "text": text}


def _bytes_range(result: CheckedPayload, edit: TextEdit) -> dict[str, Any]:
    return {
        "start": _bytes_position(result, edit.line, edit.column),
        "end": _bytes_position(result, edit.end_line, edit.end_column),
    }


def _bytes_position(result: CheckedPayload, line: int, column: int) -> dict[str, int]:
    before = result.lines.line(line)[: column - 1]
    return {"line": line, "column": len(before.encode("utf-8", "surrogatepass")) + 1}


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
        included = list(islice(text_edits(outcome), MAX_RESULTS - len(results)))
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


def _result(result: CheckedPayload, placed: Diagnostic, edits: list[TextEdit]) -> dict[str, Any]:
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


def _fix(result: CheckedPayload, diagnostic: Diagnostic, edits: list[TextEdit]) -> dict[str, Any]:
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
