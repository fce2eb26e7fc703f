"""Diagnostics as text for terminals, rich and notebooks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Final, NamedTuple

from leadquery._util.text import display_width, snippet

if TYPE_CHECKING:
    from rich.text import Text

    from leadquery.lint.report import Diagnostic, Report


WIDTH: Final = 80
"""Columns of a terminal; a longer line would wrap, and its carets with it."""

_MIN_WIDTH: Final = 40

COLOURS: Final = {"error": "red", "warning": "yellow"}

# Dark enough on white, and light enough on black.
_HTML_COLOURS: Final = {"error": "#d64545", "warning": "#b7791f"}


class Segment(NamedTuple):
    """A piece of text and its style: "place", "severity", "carets", or none."""

    text: str
    style: str = ""


def segments(report: Report, diagnostic: Diagnostic, width: int = WIDTH) -> list[Segment]:
    """The text of a diagnostic, with its line of the payload if there is one."""
    place = "" if diagnostic.line is None else f"{diagnostic.line}:{diagnostic.column}: "
    head = [
        Segment(place, "place"),
        Segment(f"{diagnostic.code} {diagnostic.severity}", "severity"),
        Segment(f"  {diagnostic.path}\n"),
    ]
    if report.source is None or diagnostic.line is None:
        return [*head, Segment(f"    {diagnostic.advice}")]
    number = f"{diagnostic.line:5} | "
    margin = f"{'| ':>{len(number)}}"
    line = report.source.lines.line(diagnostic.line)
    available = max(width, _MIN_WIDTH) - len(number)
    excerpt = snippet(line, diagnostic.column or 1, diagnostic.width or 1, available)
    fits = display_width(f"{margin}{excerpt.carets} {diagnostic.advice}") <= width
    carets = excerpt.carets.lstrip(" ")
    return [
        *head,
        Segment(f"{number}{excerpt.line}\n{margin}{excerpt.carets.removesuffix(carets)}"),
        Segment(carets, "carets"),
        Segment(f" {diagnostic.advice}" if fits else f"\n{margin}{diagnostic.advice}"),
    ]


def to_rich(report: Report, width: int) -> Iterator[Text]:
    """The lines of a report for rich."""
    from rich.text import Text

    for diagnostic in report:
        colour = COLOURS[diagnostic.severity]
        styles = {"place": "bold", "severity": colour, "carets": f"bold {colour}", "": ""}
        parts = segments(report, diagnostic, width)
        yield Text.assemble(*((part.text, styles[part.style]) for part in parts))
    yield Text(report.summary())


def to_html(report: Report) -> str:
    """A report for a notebook."""
    lines = [_to_html(segments(report, one), _HTML_COLOURS[one.severity]) for one in report]
    text = "\n".join([*lines, f"<b>{escape(report.summary())}</b>"])
    return f'<pre style="line-height: 1.3">{text}</pre>'


def _to_html(parts: Sequence[Segment], colour: str) -> str:
    tags = {
        "place": ("<b>", "</b>"),
        "severity": (f'<b style="color: {colour}">', "</b>"),
        "carets": (f'<span style="color: {colour}">', "</span>"),
        "": ("", ""),
    }
    return "".join(escape(part.text).join(tags[part.style]) for part in parts if part.text)
