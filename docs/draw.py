"""Draw the pictures of the pages: `python docs/draw.py` writes them into docs/pictures.

They show the output of the commands, a result as `plot` draws it, and the curves of the last run of
the benchmarks. The same versions of the libraries draw the same bytes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen
from rich.console import Console
from rich.text import Text

from leadquery import Leads, Query
from leadquery.cli.demo import NOW
from leadquery.cli.run import demo_client
from leadquery.fields import EngagementScore, ProspectStage

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FOLDER: Final = Path(__file__).parent / "pictures"
HOME: Final = Path(__file__).parents[1]
BENCHMARKS: Final = HOME / "tests" / "benchmarks" / "last.json"
COSTS: Final = ("filters", "mistakes", "text", "export", "engine", "fields")

REPORT: Final = """\
{
  "ReportFilter": {
    "LeadFilters": [
      {"LookUpName": "Source", "LookUpValue": "Website", "SqlOperator": "LIKE"},
    ]
  },
  "DateFilter": [
    {"DateField": "CreatedOn", "FromDate": "2026-03-01 00:00:00", "ToDate": "2026-03-31 23:59:59"}
  ],
  "Output": {"Type": "list", "IncludeCSV": "FirstName, Phone"},
  "Paging": {"PageIndex": 1, "PageSize": 100}
}
"""
"""A payload with mistakes in its syntax, its values and its columns."""

QUERIES: Final = """\
from leadquery import Leads, count
from leadquery.fields import EngagementScore, OwnerId, ProspectStage, Score, Source, mx_City

stages = Leads.group_by(ProspectStage).average(EngagementScore)
pipeline = Leads.group_by(ProspectStage, Source).count()
leads = Leads.where(Score > 80).select("ProspectID", "FirstName", ProspectStage, Score, "CreatedOn")
either = Leads.where((mx_City == "Delhi") | (Score > 80)).group_by(OwnerId).count()
top = either.order_by(count().desc()).limit(3).with_owner_names()
"""
"""Queries of one request and of several."""

FILES: Final = {"report.json": REPORT, "ask.py": QUERIES}

FORMAT: Final = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<!-- DRAWN WITH -->
<style>
.{unique_id}-matrix {{
font-family: "Fira Code", "DejaVu Sans Mono", Menlo, Consolas, monospace;
font-size: {char_height}px;
line-height: {line_height}px;
font-variant-east-asian: full-width;
}}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""The SVG template of rich, without fonts from the network."""


def drawn_with(*names: str) -> str:
    """Return the versions of the libraries that draw a picture."""
    return "drawn with " + ", ".join(f"{name} {version(name)}" for name in names)


def terminal_svg(
    name: str, command: str, lines: Iterable[Text], width: int, form: str = FORMAT
) -> str:
    """A command and its output on a terminal, as SVG."""
    console = Console(
        width=width,
        record=True,
        file=StringIO(),
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
    )
    console.print(Text(f"$ {command}", style="bold"))
    for line in lines:
        console.print(line)
    return console.export_svg(title="", code_format=form, unique_id=name)


@frozen
class Terminal:
    """A command on a terminal; its output is shown from the line that starts with `since`."""

    name: str
    command: str
    width: int
    since: str = ""

    @property
    def mark(self) -> str:
        """What says by which versions the bytes go."""
        return drawn_with("rich", "pygments")

    def drawn(self) -> str:
        """The picture, as SVG."""
        form = FORMAT.replace("DRAWN WITH", self.mark)
        return terminal_svg(self.name, self.command, self._visible_lines(), self.width, form)

    def _visible_lines(self) -> list[Text]:
        lines = list(Text.from_ansi(self._written()).split("\n"))
        began = [place for place, line in enumerate(lines) if line.plain.startswith(self.since)]
        return [Text("…"), Text(), *lines[began[0] :]] if began[0] else lines

    def _written(self) -> str:
        """Run the command and return its output, in colour."""
        with TemporaryDirectory() as folder:
            for name, text in FILES.items():
                Path(folder, name).write_text(text, "utf-8")
            done = subprocess.run(  # noqa: S603 - our own commands
                [sys.executable, "-m", *self.command.split()],
                cwd=folder,
                env={**_environment(), "COLUMNS": str(self.width), "PYTHONPATH": str(HOME)},
                stdout=subprocess.PIPE,
                check=False,
            )
        return done.stdout.decode().rstrip("\n")


@frozen
class Chart:
    """A query of the demo leads, as a chart."""

    name: str
    query: Query

    @property
    def mark(self) -> str:
        """What says by which versions the bytes go."""
        return drawn_with("matplotlib")

    def drawn(self) -> str:
        """The picture, as SVG, with its text as text."""
        return _figure_svg(self.name, demo_client(NOW).run_page(self.query).plot(), self.mark)


INK, PAPER, FAINT = "#24292f", "#fefefe", "#9aa0a6"
LINES: Final = ("#c2410c", "#2563eb", "#15803d", "#a21caf", "#b08800")
THEMES: Final = """\
<style>
:root { --ink: #24292f; --paper: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --ink: #d5d9de; --paper: #1a1c1e; } }
text { fill: var(--ink); }
</style>
"""


@frozen
class Curves:
    """How a cost grows with its size, from the last run of the benchmarks.

    Both axes are logarithmic. The curves that end highest are named.
    """

    name: str

    @property
    def mark(self) -> str:
        """What says by which versions the bytes go."""
        return drawn_with("matplotlib")

    def drawn(self) -> str:
        """The picture, as SVG in the colours of the reader's theme."""
        [growth] = (one for one in json.loads(BENCHMARKS.read_bytes())["growth"] if self._is(one))
        svg = _figure_svg(self.name, _curves(growth), self.mark)
        svg = svg.replace(INK, "var(--ink)").replace(PAPER, "var(--paper)")
        return svg.replace(" <defs>", THEMES + " <defs>", 1)

    def _is(self, growth: Mapping[str, Any]) -> bool:
        return self.name == f"growth-{growth['name']}"


def _curves(growth: Mapping[str, Any]) -> Figure:
    import matplotlib as mpl
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    colours: Any = ("axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color", "text.color")
    with mpl.rc_context(dict.fromkeys(colours, INK)):
        figure = Figure(figsize=(7, 3.6), facecolor=PAPER, layout="constrained")
        axes = figure.subplots()
    curves = sorted(growth["curves"].items(), key=lambda curve: -curve[1][-1][1])
    for number, (name, points) in enumerate(curves):
        is_named = number < len(LINES)
        label = name if is_named else "others" if number == len(LINES) else None
        style = {"color": LINES[number], "zorder": 3} if is_named else {"color": FAINT, "lw": 0.8}
        axes.plot(*zip(*points, strict=True), marker="o", ms=3, label=label, **style)
    axes.set(xscale="log", yscale="log", xlabel=growth["unit"], facecolor=PAPER)
    for axis, text in ((axes.xaxis, _size), (axes.yaxis, _time)):
        axis.set_major_locator(LogLocator(numticks=20))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(FuncFormatter(lambda value, _, text=text: text(value)))
    axes.grid(color=FAINT, alpha=0.3, lw=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside right upper", frameon=False)
    return figure


def _size(number: float) -> str:
    return f"{number / 1e6:.0f} M" if number >= 1e6 else f"{number:,.0f}"


def _time(seconds: float) -> str:
    for unit, factor in (("s", 1), ("ms", 1e3)):
        if seconds * factor >= 0.99:
            return f"{seconds * factor:,.0f} {unit}"
    return f"{seconds * 1e6:,.0f} µs"


def _figure_svg(name: str, figure: Figure, mark: str) -> str:
    import matplotlib as mpl

    svg = StringIO()
    with mpl.rc_context({"svg.hashsalt": name, "svg.fonttype": "none"}):
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": mark})
    # Lines of numbers end with a blank.
    return "".join(f"{line.rstrip()}\n" for line in svg.getvalue().splitlines())


def _environment() -> dict[str, str]:
    """Return the environment of a terminal with all colours."""
    kept = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    colours = {"FORCE_COLOR": "1", "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    return {**kept, **colours, "PYTHONIOENCODING": "utf-8"}


PICTURES: Final[tuple[Terminal | Chart | Curves, ...]] = (
    Terminal("check", "leadquery check report.json", 88),
    Terminal("demo", "leadquery demo", 100, since="4. "),
    Chart("chart", Leads.group_by(ProspectStage).average(EngagementScore)),
    *(Curves(f"growth-{cost}") for cost in COSTS),
)


def draw(folder: Path) -> None:
    """Write every picture into a folder."""
    folder.mkdir(exist_ok=True)
    for picture in PICTURES:
        (folder / f"{picture.name}.svg").write_text(picture.drawn(), "utf-8", newline="\n")


if __name__ == "__main__":
    draw(FOLDER)
