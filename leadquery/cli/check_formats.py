"""The formats of the outcome of checking files; those of other services are in `ci_formats`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Final

import attrs
from click import style, unstyle

from leadquery._util.layout import display_width, wrap
from leadquery._util.text import escape_unprintable
from leadquery.cli.files import FileError
from leadquery.cli.outcomes import (
    Outcome,
    Summary,
    TextEdit,
    omitted_text,
    request_text,
    text_edits,
)
from leadquery.lint.checked_file import CheckedPayload
from leadquery.lint.report import COLOURS, WIDTH, Diagnostic, message_text, segments

SARIF: Final = "sarif"

FORMATS: Final = ("text", "concise", "json", "github", "gitlab", "junit", "rdjson", SARIF)

MAX_RESULTS: Final = 25_000
"""The most results that code scanning accepts in one SARIF upload."""

JSON_VERSION: Final = 2
"""The version of the JSON format. It grows when a key is renamed or removed, not added."""


Formatter = Callable[[Iterable[Outcome]], Iterator[str]]
"""Formats outcomes as lines. The lines of a file may come before the next file is checked."""


def formatter(name: str, *, strict: bool = False, width: int = WIDTH) -> Formatter:
    """The function that writes a format.

    With `strict`, warnings count as errors. `width` is that of the terminal.
    """
    if name == SARIF:
        from leadquery.cli.ci_formats import format_sarif

        return format_sarif
    if name in ("gitlab", "junit", "rdjson"):
        from leadquery.cli import ci_formats

        junit = partial(ci_formats.format_junit, strict=strict)
        others = {"gitlab": ci_formats.format_gitlab, "rdjson": ci_formats.format_rdjson}
        return others.get(name, junit)
    if name == "text":
        return partial(format_text, width=width)
    return {"concise": format_concise, "json": format_json, "github": format_github}[name]


def format_text(outcomes: Iterable[Outcome], *, width: int = WIDTH) -> Iterator[str]:
    """For people: each diagnostic with its line and carets, and a summary at the end.

    It has colours, which the caller removes where they do not belong.
    """
    summary = Summary()
    for outcome in summary.count(outcomes):
        if isinstance(outcome, FileError):
            continue
        file = escape_unprintable(outcome.file)
        yield from (_fixed_text(file, diagnostic, width) for diagnostic in outcome.fixed or ())
        yield from (_diagnostic_text(file, outcome, found, width) for found in outcome.report)
        if outcome.note:
            yield _wrapped(_note_text(file, outcome), width)
        if note := outcome.report.note:
            label = " ".join(filter(None, (f"{file}:", request_text(outcome))))
            yield _wrapped(f"{label} {note}", width)
    if summary.files:
        yield _wrapped(str(summary), width)


def _wrapped(text: str, width: int, indent: str = "    ") -> str:
    """A text in lines of a width, all but the first indented."""
    first, *others = wrap(text, width)
    rest = wrap(" ".join(others), width - len(indent)) if others else []
    return f"\n{indent}".join([first, *rest])


def _diagnostic_text(file: str, result: CheckedPayload, diagnostic: Diagnostic, width: int) -> str:
    colour = COLOURS[diagnostic.severity]
    styles: dict[str, dict[str, Any]] = {
        "severity": {"fg": colour},
        "carets": {"fg": colour, "bold": True},
    }
    place, severity, path, *others = segments(*result.to_print(diagnostic), width, wrapped=True)
    placed = result.placed(diagnostic)
    at = f"{file}:{placed.line}:{placed.column}: " if place.text else f"{file}:"
    after = (path.text.strip(), request_text(result))
    head = _head(at, style(severity.text, fg=colour), after, width)
    return head + "".join(
        style(part.text, **styles[part.style]) if part.style else part.text for part in others
    )


def _head(place: str, label: str, after: Iterable[str], width: int) -> str:
    """The first line of a diagnostic; what does not fit it is on the next ones."""
    lines = [f"{style(place, bold=True)}{label}"]
    for part in filter(None, after):
        if display_width(f"{unstyle(lines[-1])}  {part}") <= width:
            lines[-1] += f"  {part}"
        else:
            lines += wrap(part, width - 4)
    return "\n    ".join(lines) + "\n"


def format_concise(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """A line for each diagnostic, `[*]` if --fix corrects it, and the summary."""
    summary = Summary()
    for outcome in summary.count(outcomes):
        if isinstance(outcome, FileError):
            continue
        file = escape_unprintable(outcome.file)
        for found in map(outcome.placed, outcome.report):
            place = style(f"{file}:{found.line}:{found.column}:", bold=True)
            code = style(found.code, fg=COLOURS[found.severity])
            fixable = "[*] " if found.fix and found.fix.safe else ""
            yield f"{place} {code} {fixable}{escape_unprintable(message_text(found))}"
        if outcome.note:
            yield _note_text(file, outcome)
    if summary.files:
        yield str(summary)


def _note_text(file: str, result: CheckedPayload) -> str:
    """Why a body was not checked."""
    label = " ".join(filter(None, (f"{file}: not checked", request_text(result))))
    return f"{label}: {result.note}"


def _fixed_text(file: str, diagnostic: Diagnostic, width: int) -> str:
    place = f"{file}:{diagnostic.line}:{diagnostic.column}: "
    head = _head(place, style(f"{diagnostic.code} fixed", fg="green"), (diagnostic.path,), width)
    lines = wrap(message_text(diagnostic), width - 4)
    return head + "\n".join(f"    {line}" for line in lines)


def format_json(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """For programs: one JSON object at the end. docs/reference/check-json.md describes it."""
    summary = Summary()
    files: list[dict[str, Any]] = []
    unreadable: list[dict[str, str]] = []
    for outcome in summary.count(outcomes):
        if isinstance(outcome, FileError):
            unreadable.append(attrs.asdict(outcome))
        else:
            files.append(_file_json(outcome))
    counts = {
        "errors": summary.errors,
        "warnings": summary.warnings,
        "fixed": summary.fixed or 0,
        "omitted": summary.omitted,
    }
    report = {"version": JSON_VERSION, **counts, "files": files, "unreadable": unreadable}
    yield json.dumps(report, indent=2)


def _file_json(result: CheckedPayload) -> dict[str, Any]:
    return {
        "file": result.file,
        **({"request": result.body.name} if result.body else {}),
        **({"note": result.note} if result.note else {}),
        "ok": None if result.note else result.report.ok,
        "report": result.report.endpoint.title,
        "diagnostics": [_diagnostic_json(found, edits) for found, edits in text_edits(result)],
        "omitted": len(result.report.omitted),
        "fixed": [_diagnostic_json(diagnostic) for diagnostic in result.fixed or ()],
    }


def _diagnostic_json(
    diagnostic: Diagnostic, edits: Iterable[TextEdit] | None = None
) -> dict[str, Any]:
    attributes = attrs.asdict(diagnostic, filter=attrs.filters.exclude("fix", "related"))
    fix: dict[str, Any] | None = None
    if diagnostic.fix:
        fix = {"safe": diagnostic.fix.safe}
        if edits is not None:
            fix["edits"] = [edit._asdict() for edit in edits]
    return {**attributes, "fix": fix, "docs_page": diagnostic.docs_page}


def format_github(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """For GitHub Actions: a workflow command for each diagnostic and each unreadable file."""
    for outcome in outcomes:
        if isinstance(outcome, FileError):
            yield _workflow_command("error", outcome.reason, file=outcome.file)
            continue
        if outcome.note:
            message = " ".join(filter(None, ("not checked", request_text(outcome))))
            yield _workflow_command("notice", f"{message}: {outcome.note}", file=outcome.file)
        for found in outcome.report:
            diagnostic = outcome.placed(found)
            yield _workflow_command(
                diagnostic.severity,
                f"{' '.join(filter(None, (diagnostic.path, request_text(outcome))))}: "
                f"{message_text(diagnostic)}",
                file=outcome.file,
                line=diagnostic.line,
                col=diagnostic.column,
                title=diagnostic.code,
            )
        if omitted := len(outcome.report.omitted):
            yield _workflow_command("notice", omitted_text(omitted), file=outcome.file)


_ESCAPE_MESSAGE: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})

_ESCAPE_PROPERTY: Final = _ESCAPE_MESSAGE | str.maketrans({":": "%3A", ",": "%2C"})


def _workflow_command(name: str, message: str, **properties: object) -> str:
    escaped = ",".join(
        f"{key}={_escape(str(value), _ESCAPE_PROPERTY)}" for key, value in properties.items()
    )
    return f"::{name} {escaped}::{_escape(message, _ESCAPE_MESSAGE)}"


def _escape(text: str, table: dict[int, str]) -> str:
    """The text as GitHub escapes it, and then without what could steer a terminal."""
    return escape_unprintable(text.translate(table))
