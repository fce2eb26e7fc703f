"""How problems look: their parts, and what a rich terminal and a notebook make of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Final, NamedTuple

from leadquery._util.text import display_width, snippet

if TYPE_CHECKING:
    from rich.text import Text

    from leadquery.lint.report import Diagnostic, Report


WIDTH: Final = 80
"""Columns of a terminal: where a line is longer, carets would stand under another one."""

_NARROW: Final = 40
"""Columns that are taken on a terminal that has less."""

COLOURS: Final = {"error": "red", "warning": "yellow"}

# Dark enough on white, and light enough on black.
_IN_HTML: Final = {"error": "#d64545", "warning": "#b7791f"}


class Segment(NamedTuple):
    """A part of a problem's text: its "place", "what" is wrong, the "marks", or anything else."""

    text: str
    what: str = ""


def segments(report: Report, problem: Diagnostic, width: int = WIDTH) -> list[Segment]:
    """A problem as a person reads it, with its line where there is one; together its text."""
    place = "" if problem.line is None else f"{problem.line}:{problem.column}: "
    head = [
        Segment(place, "place"),
        Segment(f"{problem.code} {problem.severity}", "what"),
        Segment(f"  {problem.path}\n"),
    ]
    if report.source is None or problem.line is None:
        return [*head, Segment(f"    {problem.advice}")]
    number = f"{problem.line:5} | "
    beside = f"{'| ':>{len(number)}}"
    line = report.source.lines.line(problem.line)
    room = max(width, _NARROW) - len(number)
    shown = snippet(line, problem.column or 1, problem.width or 1, room)
    behind = display_width(f"{beside}{shown.carets} {problem.advice}") <= width
    carets = shown.carets.lstrip(" ")
    return [
        *head,
        Segment(f"{number}{shown.line}\n{beside}{shown.carets.removesuffix(carets)}"),
        Segment(carets, "marks"),
        Segment(f" {problem.advice}" if behind else f"\n{beside}{problem.advice}"),
    ]


def in_rich(report: Report, width: int) -> Iterator[Text]:
    """The lines of a report for rich, in colour where the terminal has it."""
    from rich.text import Text

    for problem in report:
        colour = COLOURS[problem.severity]
        styles = {"place": "bold", "what": colour, "marks": f"bold {colour}", "": ""}
        said = segments(report, problem, width)
        yield Text.assemble(*((part.text, styles[part.what]) for part in said))
    yield Text(report.summary())


def in_html(report: Report) -> str:
    """A report for a notebook."""
    problems = [
        _in_html(segments(report, problem), _IN_HTML[problem.severity]) for problem in report
    ]
    lines = "\n".join([*problems, f"<b>{escape(report.summary())}</b>"])
    return f'<pre style="line-height: 1.3">{lines}</pre>'


def _in_html(problem: Sequence[Segment], colour: str) -> str:
    tags = {
        "place": ("<b>", "</b>"),
        "what": (f'<b style="color: {colour}">', "</b>"),
        "marks": (f'<span style="color: {colour}">', "</span>"),
        "": ("", ""),
    }
    return "".join(escape(part.text).join(tags[part.what]) for part in problem if part.text)
