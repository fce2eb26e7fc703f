"""The outcome of checking files, and its formats: text, JSON, GitHub commands and SARIF."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import attrs
from click import style

from leadquery._util.text import escape_unprintable
from leadquery.cli.files import FileError
from leadquery.lint.report import COLOURS, Diagnostic, Report, count_text, segments

if TYPE_CHECKING:
    from leadquery.lint.request_files import RequestFile
    from leadquery.lint.request_files.embedded import EmbeddedText

SARIF: Final = "sarif"

FORMATS: Final = ("text", "json", "github", SARIF)

MAX_RESULTS: Final = 25_000
"""The most results that code scanning accepts in one SARIF upload."""

MAX_PLACES: Final = 5
"""How many places to fix by hand the summary lists."""

MAX_NAME: Final = 80
"""How much of the name of a request to show."""

JSON_VERSION: Final = 2
"""The version of the JSON format. It grows when a key is renamed or removed, not added."""


class BodyInFile(NamedTuple):
    """A body in a file of requests, and the name of its request."""

    file: RequestFile
    text: EmbeddedText
    name: str


@attrs.frozen
class FileResult:
    """The report on a file as it is now, and what was fixed in it if it was to be fixed.

    In a file of requests, that is one `body` in it; a `note` says why it could not be checked.
    """

    file: str
    report: Report
    fixed: tuple[Diagnostic, ...] | None = None
    body: BodyInFile | None = None
    note: str = ""

    def placed(self, diagnostic: Diagnostic) -> Diagnostic:
        """A diagnostic at its place in the file."""
        if self.body is None:
            return diagnostic
        from leadquery.lint.request_files.checking import placed

        return placed(self.body.file, self.body.text, self.report, diagnostic)

    def to_print(self, diagnostic: Diagnostic) -> tuple[Report, Diagnostic]:
        """The report and a diagnostic of it, to print with its line."""
        if self.body is None:
            return self.report, diagnostic
        from leadquery.lint.request_files.checking import without_placeholders

        return without_placeholders(self.body.text, self.report, diagnostic)

    @property
    def request(self) -> str:
        """The request in the file, as messages call it."""
        if self.body is None or not self.body.name:
            return ""
        from textwrap import shorten

        return f"in {shorten(self.body.name, MAX_NAME, placeholder=' …')!r}"


Outcome = FileResult | FileError

Formatter = Callable[[Iterable[Outcome]], Iterator[str]]
"""Formats outcomes as lines. The lines of a file may come before the next file is checked."""


def formatter(name: str) -> Formatter:
    """The function that writes a format."""
    if name == SARIF:
        from leadquery.cli.sarif import format_sarif

        return format_sarif
    return {"text": format_text, "json": format_json, "github": format_github}[name]


@attrs.define
class Summary:
    """The numbers of files, diagnostics and fixes."""

    files: int = 0
    last_file: str | None = None
    payloads: int = 0
    payloads_with_problems: int = 0
    errors: int = 0
    warnings: int = 0
    safe_fixes: int = 0
    unsafe_fixes: int = 0
    fixed: int | None = None
    by_hand: list[tuple[str, int | None]] = attrs.field(factory=list)
    omitted: int = 0
    unreadable: int = 0

    def count(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        """The same outcomes, each counted as it passes."""
        for outcome in outcomes:
            self._add(outcome)
            yield outcome

    def _add(self, outcome: Outcome) -> None:
        if isinstance(outcome, FileError):
            self.unreadable += 1
            return
        self.files += outcome.file != self.last_file
        self.last_file = outcome.file
        self.payloads += not outcome.note
        self.payloads_with_problems += bool(outcome.report.all_diagnostics)
        if outcome.fixed is not None:
            self.fixed = (self.fixed or 0) + len(outcome.fixed)
        self.omitted += len(outcome.report.omitted)
        for diagnostic in outcome.report.all_diagnostics:
            self.errors += diagnostic.severity == "error"
            self.warnings += diagnostic.severity == "warning"
            if diagnostic.fix:
                self.safe_fixes += diagnostic.fix.safe
                self.unsafe_fixes += not diagnostic.fix.safe
            else:
                self.by_hand.append((outcome.file, outcome.placed(diagnostic).line))

    def exit_code(self, *, strict: bool) -> int:
        """0 without errors, 1 with errors, 2 if a file was not checked."""
        if self.unreadable or not self.files:
            return 2
        return int(bool(self.errors or (strict and self.warnings)))

    def __str__(self) -> str:
        text = self._text()
        return f"{text}; {self.omitted} not shown" if self.omitted else text

    def _text(self) -> str:
        text = count_text(self.errors, self.warnings)
        if self.fixed is not None and (self.fixed or text):
            text = f"{self.fixed} fixed; {text or 'no problems'} left"
        text = text or "no problems found"
        if self.payloads > 1:
            some = f"{self.payloads_with_problems} of " if self.payloads_with_problems else ""
            noun = "files" if self.payloads == self.files else "payloads"
            text += f" in {some}{self.payloads} {noun}"
        options = {"--fix": self.safe_fixes, "--unsafe-fixes": self.unsafe_fixes}
        fixable = [(number, option) for option, number in options.items() if number]
        if self.fixed is not None:
            return self._remaining(text, [f"{number} with {option}" for number, option in fixable])
        if not fixable:
            return text
        (number, option), *others = fixable
        more = "".join(f", {number} more with {option}" for number, option in others)
        return f"{text}; {number} can be fixed with {option}{more}"

    def _remaining(self, text: str, fixable: list[str]) -> str:
        """The text with how to fix what remains, and where nothing but people can."""
        if self.by_hand:
            places = list(dict.fromkeys(self._place(*place) for place in self.by_hand))
            more = f" and {len(places) - MAX_PLACES} more" if len(places) > MAX_PLACES else ""
            listed = f"{', '.join(places[:MAX_PLACES])}{more}"
            fixable = [*fixable, f"{len(self.by_hand)} by hand ({listed})"]
        return f"{text}: {', '.join(fixable)}" if fixable else text

    def _place(self, file: str, line: int | None) -> str:
        return f"line {line}" if self.files == 1 else f"{escape_unprintable(file)}:{line}"


def format_text(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """For people: each diagnostic with its line and carets, and a summary at the end.

    It has colours, which the caller removes where they do not belong.
    """
    summary = Summary()
    for outcome in summary.count(outcomes):
        if isinstance(outcome, FileError):
            continue
        file = escape_unprintable(outcome.file)
        yield from (_fixed_text(file, diagnostic) for diagnostic in outcome.fixed or ())
        yield from (_diagnostic_text(file, outcome, found) for found in outcome.report)
        if outcome.note:
            yield f"{file}: not checked{outcome.request and ' '}{outcome.request}: {outcome.note}"
        if note := outcome.report.note:
            yield f"{file}:{outcome.request and ' '}{outcome.request} {note}"
    if summary.files:
        yield str(summary)


def _diagnostic_text(file: str, result: FileResult, diagnostic: Diagnostic) -> str:
    colour = COLOURS[diagnostic.severity]
    styles: dict[str, dict[str, Any]] = {
        "place": {"bold": True},
        "severity": {"fg": colour},
        "carets": {"fg": colour, "bold": True},
    }
    place, severity, path, *others = segments(*result.to_print(diagnostic))
    placed = result.placed(diagnostic)
    at = f"{placed.line}:{placed.column}: " if place.text else ""
    in_file = place._replace(text=f"{file}:{at}")
    if result.request:
        path = path._replace(text=f"{path.text.rstrip()}  {result.request}\n")
    return "".join(
        style(part.text, **styles[part.style]) if part.style else part.text
        for part in (in_file, severity, path, *others)
    )


def _fixed_text(file: str, diagnostic: Diagnostic) -> str:
    place = style(f"{file}:{diagnostic.line}:{diagnostic.column}: ", bold=True)
    label = style(f"{diagnostic.code} fixed", fg="green")
    return f"{place}{label}  {diagnostic.path}\n    {message_text(diagnostic)}"


def message_text(diagnostic: Diagnostic) -> str:
    """What was found, and what to write instead."""
    return f"{diagnostic.message}; {diagnostic.hint}" if diagnostic.hint else diagnostic.message


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


def _file_json(result: FileResult) -> dict[str, Any]:
    return {
        "file": result.file,
        **({"request": result.body.name} if result.body else {}),
        **({"note": result.note} if result.note else {}),
        "ok": None if result.note else result.report.ok,
        "report": result.report.endpoint.title,
        "diagnostics": [_diagnostic_json(result.placed(found)) for found in result.report],
        "omitted": len(result.report.omitted),
        "fixed": [_diagnostic_json(diagnostic) for diagnostic in result.fixed or ()],
    }


def _diagnostic_json(diagnostic: Diagnostic) -> dict[str, Any]:
    attributes = attrs.asdict(diagnostic, filter=attrs.filters.exclude("fix"))
    fix = diagnostic.fix and {"safe": diagnostic.fix.safe}
    return {**attributes, "fix": fix, "docs_page": diagnostic.docs_page}


def format_github(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """For GitHub Actions: a workflow command for each diagnostic and each unreadable file."""
    for outcome in outcomes:
        if isinstance(outcome, FileError):
            yield _workflow_command("error", outcome.reason, file=outcome.file)
            continue
        if outcome.note:
            message = " ".join(filter(None, ("not checked", outcome.request)))
            yield _workflow_command("notice", f"{message}: {outcome.note}", file=outcome.file)
        for found in outcome.report:
            diagnostic = outcome.placed(found)
            yield _workflow_command(
                diagnostic.severity,
                f"{' '.join(filter(None, (diagnostic.path, outcome.request)))}: "
                f"{message_text(diagnostic)}",
                file=outcome.file,
                line=diagnostic.line,
                col=diagnostic.column,
                title=diagnostic.code,
            )
        if omitted := len(outcome.report.omitted):
            yield _workflow_command("notice", omitted_text(omitted), file=outcome.file)


def omitted_text(number: int) -> str:
    """What a report says of problems that it does not show."""
    return f"{number} more problem{'s are' if number > 1 else ' is'} not shown"


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
