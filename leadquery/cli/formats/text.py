"""For people: each problem with its line and carets, and a count at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from click import style

from leadquery._util.text import escape_unprintable
from leadquery.cli.files import FileError
from leadquery.cli.formats.results import Outcome, Summary
from leadquery.lint.render import COLOURS, segments
from leadquery.lint.report import Diagnostic, Report


def lines(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """In colour; who writes them takes it out where it does not belong."""
    tally = Summary()
    for outcome in tally.over(outcomes):
        if isinstance(outcome, FileError):
            continue
        file = escape_unprintable(outcome.file)
        yield from (_mended(file, problem) for problem in outcome.fixed)
        yield from (_problem(file, outcome.report, problem) for problem in outcome.report)
    if tally.files:
        yield summary(tally)


def _problem(file: str, report: Report, problem: Diagnostic) -> str:
    colour = COLOURS[problem.severity]
    styles: dict[str, dict[str, Any]] = {
        "place": {"bold": True},
        "severity": {"fg": colour},
        "carets": {"fg": colour, "bold": True},
    }
    place, *said = segments(report, problem)
    in_file = place._replace(text=f"{file}:{place.text}")
    return "".join(
        style(part.text, **styles[part.style]) if part.style else part.text
        for part in (in_file, *said)
    )


def _mended(file: str, problem: Diagnostic) -> str:
    place = style(f"{file}:{problem.line}:{problem.column}: ", bold=True)
    said = f"{problem.message}; {problem.hint}" if problem.hint else problem.message
    what = style(f"{problem.code} fixed", fg="green")
    return f"{place}{what}  {problem.path}\n    {said}"


def summary(tally: Summary) -> str:
    """How many problems there are, and how many of them can be fixed."""
    text = _counts(tally)
    if tally.fixed:
        text = f"{tally.fixed} fixed; {text or 'no problems'} left"
    text = text or "no problems found"
    if tally.files > 1:
        some = f"{tally.troubled} of " if tally.troubled else ""
        text += f" in {some}{tally.files} files"
    options = {"--fix": tally.safe, "--unsafe-fixes": tally.unsafe}
    fixes = [(number, option) for option, number in options.items() if number]
    if not fixes:
        return text
    (number, option), *others = fixes
    more = "".join(f", {number} more with {option}" for number, option in others)
    return f"{text}; {number} can be fixed with {option}{more}"


def _counts(tally: Summary) -> str:
    counts = {"error": tally.errors, "warning": tally.warnings}
    return ", ".join(
        f"{number} {severity}{'s' * (number > 1)}" for severity, number in counts.items() if number
    )
