"""The result of `check`: diagnostics with their places, and the report of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from attrs import field, frozen

from leadquery.expr._guards import ExplainedMembers
from leadquery.lint.rules import rule_page
from leadquery.wire.endpoints import Endpoint

# Most reports are empty, so what only others need is imported where it is used.
if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions
    from rich.text import Text

    from leadquery.lint.catalog import FieldCatalog
    from leadquery.lint.diagnostics import Fix, Place
    from leadquery.lint.source_text import SourceText


# Without slots, a frozen object takes less time to make.
@frozen(slots=False)
class Diagnostic:
    """One mistake in a payload.

    `code` names the rule, `path` the place (`$.Output.Type`), and `pointer` the same place as a
    JSON Pointer (RFC 6901). `message` says what was found, `hint` what to write instead, or is
    None. `line` and `column` count from 1, columns in characters, and `width` is the number of
    characters to underline; they are None for a payload that was not text.
    `fix` is None if no change is certain or likely, else its `safe` says which of the two.
    `related` is another place that the message names, such as the first of two equal filters.

    >>> from leadquery import check
    >>> text = '{"Paging": {"PageIndex": 1, "PageSize": 0}, "Output": {"Type": "list"}}'
    >>> diagnostic = check(text).diagnostics[0]
    >>> diagnostic.code, diagnostic.path, diagnostic.line, diagnostic.column, diagnostic.hint
    ('LQ309', '$.Paging.PageSize', 1, 41, 'write a number from 1 to 2147483647')
    """

    code: str
    severity: Literal["error", "warning"]
    path: str
    pointer: str
    message: str
    hint: str | None = None
    line: int | None = None
    column: int | None = None
    width: int | None = None
    fix: Fix | None = field(default=None, hash=False)
    related: Place | None = None

    def __str__(self) -> str:
        place = "" if self.line is None else f"{self.line}:{self.column}: "
        return f"{place}{self.code} {self.severity}  {self.path}\n{self.advice}"

    @property
    def docs_page(self) -> str:
        """The page of the documentation about its rule."""
        return rule_page(self.code)

    @property
    def advice(self) -> str:
        """What was found, what to write instead, and whether there is a fix."""
        fix = f"   [fix: {'safe' if self.fix.safe else 'unsafe'}]" if self.fix else ""
        return f"{message_text(self)}{fix}"


def message_text(diagnostic: Diagnostic) -> str:
    """What was found, and what to write instead."""
    return f"{diagnostic.message}; {diagnostic.hint}" if diagnostic.hint else diagnostic.message


@frozen(slots=False)
class Report(ExplainedMembers):
    """The result of `check`: the diagnostics of a payload, in the order of the payload.

    `omitted` are those beyond `max_diagnostics`: they are counted and fixed, but not shown.
    `endpoint` is the report that the payload is for, by the node for activities or tasks that it
    has; its `title`, `start` and `path` say more. `catalog` has the fields of the account, if the
    payload was checked with them.
    Iterating over a report yields its diagnostics; its text is for people. Notebooks and
    `rich.print` show it in colour.

    >>> from leadquery import check
    >>> paging = {"PageIndex": 1, "PageSize": 100}
    >>> report = check({"Output": {"type": "list", "IncludeCSV": "Phone"}, "Paging": paging})
    >>> print(report)
    LQ202 warning  $.Output.type
        'type' differs from 'Type' only in letter case; write 'Type'   [fix: safe]
    1 warning; 1 can be fixed
    >>> report.fixed()["Output"]
    {'Type': 'list', 'IncludeCSV': 'Phone'}
    """

    payload: Any = field(repr=False)
    diagnostics: tuple[Diagnostic, ...] = ()
    source: SourceText | None = field(default=None, repr=False, eq=False)
    omitted: tuple[Diagnostic, ...] = field(default=(), repr=False)
    endpoint: Endpoint = field(default=Endpoint.DISTRIBUTION, repr=False, eq=False)
    catalog: FieldCatalog | None = field(default=None, repr=False, eq=False)

    @property
    def ok(self) -> bool:
        """Whether there is no error; there may be warnings."""
        return not any(diagnostic.severity == "error" for diagnostic in self.all_diagnostics)

    @property
    def all_diagnostics(self) -> tuple[Diagnostic, ...]:
        """Every diagnostic, with those that are omitted."""
        return self.diagnostics + self.omitted

    def fixed(self, *, unsafe: bool = False) -> Any:
        """The payload in the form it came in (object, text or bytes), with safe fixes applied.

        What can be fixed only then is fixed, too, so a payload that was fixed has no safe fixes.
        `unsafe` applies the likely fixes of this report as well. Text keeps its formatting outside
        of what is fixed; of an object, only the parts that are fixed are copied.
        """
        from leadquery.lint.check import check
        from leadquery.lint.fixes import fix_all

        fixed = fix_all(self, lambda fixed: check(fixed, self.catalog), unsafe=unsafe).content
        return bytes(fixed) if isinstance(fixed, bytearray) else fixed

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.diagnostics)

    def __len__(self) -> int:
        return len(self.diagnostics)

    def __bool__(self) -> bool:
        raise TypeError("the truth of a report is ambiguous; use .ok (no errors) or .diagnostics")

    def __str__(self) -> str:
        return "\n".join([*map(self.format, self.diagnostics), self.summary()])

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        for text in to_rich(self, options.max_width):
            for line in text.wrap(console, options.max_width):
                yield line if options.is_terminal else _without_command(line)

    def _repr_html_(self) -> str:
        return to_html(self)

    def format(self, diagnostic: Diagnostic) -> str:
        """A diagnostic as text for people, with its line of the payload if there is one."""
        return "".join(segment.text for segment in segments(self, diagnostic))

    @property
    def note(self) -> str:
        """Which report the payload is for, and what was not checked; empty for the main report."""
        if self.endpoint.node is None:
            return ""
        other = ""
        if self.endpoint is Endpoint.NO_ACTIVE_TASKS:
            other = f" (or for {Endpoint.PENDING_TASKS.title}, whose body has the same key)"
        return (
            f"a body for {self.endpoint.title}{other}; {self.endpoint.key!r} is not checked, "
            "because its keys are not documented"
        )

    def summary(self) -> str:
        """The number of errors and warnings, and how many of them can be fixed or are omitted."""
        found = self.all_diagnostics
        errors = sum(one.severity == "error" for one in found)
        text = count_text(errors, len(found) - errors) or "no problems found"
        fixable = sum(one.fix is not None and one.fix.safe for one in found)
        text = f"{text}; {fixable} can be fixed" if fixable else text
        text = f"{text}; {self.note}" if self.note else text
        return f"{text}; {len(self.omitted)} not shown" if self.omitted else text


def count_text(errors: int, warnings: int) -> str:
    """The numbers of errors and of warnings, unless they are 0."""
    numbers = {"error": errors, "warning": warnings}
    return ", ".join(f"{n} {noun}{'s' if n > 1 else ''}" for noun, n in numbers.items() if n)


WIDTH: Final = 80
"""Screen columns of a report that is not for a terminal."""

_MIN_WIDTH: Final = 40

COLOURS: Final = {"error": "red", "warning": "yellow"}

# Dark enough on white, and light enough on black.
_HTML_COLOURS: Final = {"error": "#d64545", "warning": "#b7791f"}


class Segment(NamedTuple):
    """A piece of text and its style: "place", "severity", "carets", or none."""

    text: str
    style: str = ""


def segments(
    report: Report, diagnostic: Diagnostic, width: int = WIDTH, *, wrapped: bool = False
) -> list[Segment]:
    """The text of a diagnostic, with its line of the payload if there is one.

    The line is cut around the mistake to fit the width; what it says is only if it is `wrapped`.
    """
    place = "" if diagnostic.line is None else f"{diagnostic.line}:{diagnostic.column}: "
    head = [
        Segment(place, "place"),
        Segment(f"{diagnostic.code} {diagnostic.severity}", "severity"),
        Segment(f"  {diagnostic.path}\n"),
    ]
    if report.source is None or diagnostic.line is None:
        return [*head, Segment(_with_margin(diagnostic.advice, "    ", width if wrapped else None))]
    from leadquery._util.layout import display_width, snippet

    number = f"{diagnostic.line:5} | "
    margin = f"{'| ':>{len(number)}}"
    line = report.source.lines.line(diagnostic.line)
    available = max(width, _MIN_WIDTH) - len(number)
    excerpt = snippet(line, diagnostic.column or 1, diagnostic.width or 1, available)
    fits = display_width(f"{margin}{excerpt.carets} {diagnostic.advice}") <= width
    advice = _with_margin(diagnostic.advice, margin, width if wrapped else None)
    carets = excerpt.carets.lstrip(" ")
    return [
        *head,
        Segment(f"{number}{excerpt.line}\n{margin}{excerpt.carets.removesuffix(carets)}"),
        Segment(carets, "carets"),
        Segment(f" {diagnostic.advice}" if fits else f"\n{advice}"),
    ]


def _with_margin(text: str, margin: str, width: int | None) -> str:
    """A text behind a margin, in lines of a width if there is one."""
    from leadquery._util.layout import wrap

    lines = [text] if width is None else wrap(text, max(width, _MIN_WIDTH) - len(margin))
    return "\n".join(f"{margin}{line}" for line in lines)


def to_rich(report: Report, width: int) -> Iterator[Text]:
    """The lines of a report for rich."""
    from rich.text import Text

    for diagnostic in report:
        colour = COLOURS[diagnostic.severity]
        styles = {"place": "bold", "severity": colour, "carets": f"bold {colour}", "": ""}
        parts = segments(report, diagnostic, width, wrapped=True)
        yield Text.assemble(*((part.text, styles[part.style]) for part in parts))
    yield Text(report.summary())


def _without_command(line: Text) -> Text:
    """A line of a log; at its start, GitHub Actions would take `::` for a command."""
    if not line.plain.lstrip().startswith("::"):
        return line
    from rich.text import Text

    return Text(line.plain.replace(":", r"\u003a", 1))


def to_html(report: Report) -> str:
    """A report for a notebook. Only advice is wrapped, so that carets stay below their place."""
    lines = [_to_html(segments(report, one), _HTML_COLOURS[one.severity]) for one in report]
    from html import escape

    text = "\n".join([*lines, f"<b>{escape(report.summary())}</b>"])
    style = "line-height: 1.3; white-space: pre; overflow-x: auto; font-family: monospace"
    return f'<pre style="{style}">{text}</pre>'


def _to_html(parts: Sequence[Segment], colour: str) -> str:
    tags = {
        "place": ("<b>", "</b>"),
        "severity": (f'<b style="color: {colour}">', "</b>"),
        "carets": (f'<span style="color: {colour}">', "</span>"),
        "": ("", ""),
    }
    from html import escape

    *others, advice = (escape(part.text).join(tags[part.style]) for part in parts if part.text)
    return "".join([*others, f'<span style="white-space: pre-wrap">{advice}</span>'])
