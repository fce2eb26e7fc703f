"""For programs: one JSON object, described in docs/reference/check-json.md."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

import attrs

from leadquery.cli.files import FileError
from leadquery.cli.formats.results import FileResult, Outcome, Summary
from leadquery.lint.report import Diagnostic

VERSION: Final = 2
"""The version of the format: it grows when a key is renamed or removed, not when one is added."""


def lines(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """All at the end."""
    tally = Summary()
    files: list[dict[str, Any]] = []
    unreadable: list[dict[str, str]] = []
    for outcome in tally.over(outcomes):
        if isinstance(outcome, FileError):
            unreadable.append(attrs.asdict(outcome))
        else:
            files.append(_file(outcome))
    counts = {"errors": tally.errors, "warnings": tally.warnings, "fixed": tally.fixed}
    said = {"version": VERSION, **counts, "files": files, "unreadable": unreadable}
    yield json.dumps(said, indent=2)


def _file(checked: FileResult) -> dict[str, Any]:
    return {
        "file": checked.file,
        "ok": checked.report.ok,
        "diagnostics": [_diagnostic(one) for one in checked.report],
        "fixed": [_diagnostic(one) for one in checked.fixed],
    }


def _diagnostic(diagnostic: Diagnostic) -> dict[str, Any]:
    keys = attrs.asdict(diagnostic, filter=attrs.filters.exclude("fix"))
    return {**keys, "fix": diagnostic.fix and {"safe": diagnostic.fix.safe}}
