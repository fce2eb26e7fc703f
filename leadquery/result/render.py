"""Results as text, rich tables and charts.

rich and matplotlib are imported when they are used.
"""

from __future__ import annotations

import sys
from datetime import datetime
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadquery._util.text import escape_unprintable
from leadquery.errors import QueryError
from leadquery.fields import OwnerId, OwnerIdName
from leadquery.periods import zone
from leadquery.query.aggregation import result_columns
from leadquery.result.frames import import_optional
from leadquery.result.serialize import ZoneKey, name_zone, to_text, to_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from rich.console import Console, ConsoleOptions
    from rich.table import Table
    from rich.text import Text

    from leadquery.result.result import Result


MAX_PREVIEW_ROWS: Final = 60

MAX_BAR_WIDTH: Final = 18

MIN_BAR_WIDTH: Final = 4
"""In characters. If the terminal has less room, no bars are drawn."""

COLUMN_GAP: Final = 3


def with_owner_labels(result: Result) -> Result:
    """A result as people read it: with the names of owners in place of their ids.

    An owner without a name has the id, and owners of one name have both.
    """
    columns = result.columns
    if OwnerId.name not in columns or OwnerIdName.name not in columns:
        return result
    ids: dict[object, set[object]] = {}
    for row in result.rows:
        ids.setdefault(row.get(OwnerIdName.name), set()).add(row.get(OwnerId.name))
    rows = []
    for row in result.rows:
        name, owner = row.get(OwnerIdName.name), row.get(OwnerId.name)
        label = f"{name} ({owner})" if name and len(ids[name]) > 1 else name or owner
        labelled = {**row, OwnerIdName.name: label}
        del labelled[OwnerId.name]
        rows.append(labelled)
    names = tuple(name for name in columns if name != OwnerId.name)
    return attrs.evolve(result, rows=tuple(rows), requested_columns=names)


def preview(result: Result) -> str:
    """The first rows as text, and how many more there are."""
    result = with_owner_labels(result)
    remaining = len(result) - MAX_PREVIEW_ROWS
    more = f"\n… and {remaining:,} more rows" if remaining > 0 else ""
    notes = "".join(f"\n{escape_unprintable(note)}" for note in notes_of(result))
    return format_text(result[:MAX_PREVIEW_ROWS]) + more + notes


def notes_of(result: Result) -> tuple[str, ...]:
    """The lines below a table: the time zone, if it has times, and why it has no rows."""
    has_times = any(type(value) is datetime for row in result.rows for value in row.values())
    return (*([f"times in {name_zone(result.tz)}"] if has_times else ()), *result.notes)


def format_text(result: Result) -> str:
    """All rows as aligned columns."""
    result = with_owner_labels(result)
    padded = []
    for name in result.columns:
        cells = [escape_unprintable(name), *format_cells(result, name)]
        width = max(map(len, cells))
        numeric = is_numeric(result, name)
        padded.append([cell.rjust(width) if numeric else cell.ljust(width) for cell in cells])
    lines = ("  ".join(line).rstrip() for line in zip(*padded, strict=True))
    return "\n".join(lines) or "no rows"


def render_console(
    result: Result, console: Console, options: ConsoleOptions
) -> Iterator[Table | Text]:
    """What fits the terminal: a table with bars, a table without, or a block for each row."""
    result = with_owner_labels(result)
    table = _table(result, bar_width=0)
    unlimited = options.update(max_width=sys.maxsize)
    free_width = options.max_width - console.measure(table, options=unlimited).maximum
    bar_width = free_width - COLUMN_GAP
    from rich.text import Text

    if free_width < 0 and result.rows and len(result.columns) > 1:
        yield _blocks(result)
    elif bar_width >= MIN_BAR_WIDTH and not options.ascii_only:
        yield _table(result, min(bar_width, MAX_BAR_WIDTH))
    else:
        yield table
    for note in notes_of(result):
        yield Text(escape_unprintable(note))


def _table(result: Result, bar_width: int) -> Table:
    """A table, with a column of bars unless `bar_width` is 0."""
    from rich import box
    from rich.bar import Bar
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    columns: list[list[Any]] = []
    for name in result.columns:
        table.add_column(
            Text(escape_unprintable(name)),
            justify="right" if is_numeric(result, name) else "left",
            overflow="fold",
        )
        columns.append([Text(cell) for cell in format_cells(result, name)])
    for name in bar_columns(result) if bar_width else ():
        table.add_column("")
        shares = bar_shares(result, name)
        columns.append([Bar(1, 0, share, width=bar_width, color="cyan") for share in shares])
    for row in zip(*columns, strict=True):
        table.add_row(*row)
    return table


def _blocks(result: Result) -> Table:
    """Each row as a block of names and values, for more columns than fit."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    names = result.columns
    for index, cells in enumerate(
        zip(*(format_cells(result, name) for name in names), strict=True)
    ):
        if index:
            table.add_row()
        for name, cell in zip(names, cells, strict=True):
            table.add_row(Text(f"{escape_unprintable(name)}:"), Text(cell))
    return table


def column_values(result: Result, name: str) -> list[Any]:
    """The values of a column."""
    return [row.get(name) for row in result.rows]


def is_numeric(result: Result, name: str) -> bool:
    """Whether a column has numbers, and nothing else but None."""
    values = [value for value in column_values(result, name) if value is not None]
    return bool(values) and all(map(_is_finite_number, values))


def bar_columns(result: Result) -> list[str]:
    """The column to draw as bars, if any: the last column of numbers of a grouped result.

    The columns of a pivoted result are all of one kind, so none of them has bars.
    """
    names = result.columns if result.query is None else result_columns(result.query)
    groups = [name for name in result.columns if result.grouped and name in names]
    return [name for name in groups if is_numeric(result, name)][-1:]


def bar_shares(result: Result, name: str) -> list[float]:
    """The lengths of the bars of a column, as parts of the longest; negative below zero."""
    lengths = [value or 0 for value in column_values(result, name)]
    longest = max(*lengths, 0) or 1
    return [length / longest for length in lengths]


def _is_finite_number(value: Any) -> bool:
    """Whether a value can be drawn. Python's JSON parser returns NaN and infinity, too."""
    return type(value) in (int, float) and bool(abs(value) <= sys.float_info.max)


def format_cells(result: Result, name: str) -> list[str]:
    """The values of a column as text for people."""
    values = column_values(result, name)
    # Averages and sums are rounded, the values of leads are not.
    rounded = result.grouped and float in map(type, values)
    cells = [_cell(value, result.tz, rounded=rounded) for value in values]
    # Else the groups "Web " and "Web" would look alike.
    return [_quote_blanks(cell) for cell in cells] if result.grouped else cells


def _cell(value: object, tz: ZoneKey, *, rounded: bool) -> str:
    if type(value) is int:
        return f"{value:,}.00" if rounded else f"{value:,}"
    if type(value) is float:
        return f"{value:,.2f}" if rounded else f"{value:,}"
    return label(value, tz)


def _quote_blanks(text: str) -> str:
    """A text in quotes, if it starts or ends with a blank."""
    return text if text == text.strip() else f'"{text}"'


def label(value: object, tz: ZoneKey) -> str:
    """A value on one line, a time in a zone; empty for None."""
    if value is None:
        return ""
    if type(value) is datetime:
        return to_text(to_zone(value, zone(tz)).replace(tzinfo=None))
    return escape_unprintable(str(value))


NO_DATA: Final = "(no data)"
"""The label of a group without a value."""

MAX_CHART_BARS: Final = 50

MAX_LABEL_LENGTH: Final = 40

CHART_WIDTH: Final = 8.0

BAR_HEIGHT: Final = 0.28

CHART_MARGIN: Final = 1.2
"""In inches, as width and height."""

BAR_COLOR: Final = "#2a7f9e"
"""Readable on white and on black, as the greys are."""

_GREY: Final = "#808080"

_DARKER_GREY: Final = "#7f7f7f"
"""Of some labels: Jupyter draws a background behind a chart whose labels are all light or dark."""

_NEUTRAL_COLORS: Final = {
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "axes.edgecolor": _GREY,
    "axes.labelcolor": _GREY,
    "axes.titlecolor": _GREY,
    "text.color": _GREY,
    "xtick.color": _GREY,
    "ytick.color": _DARKER_GREY,
}


def plot(result: Result, column: str | None) -> Figure:
    """A horizontal bar for each group, in the order of the result."""
    result = with_owner_labels(result)
    column = _column_to_plot(result, column)
    part = result[:MAX_CHART_BARS]
    names = label_columns(result)
    labels = [
        _bar_label(_quote_blanks(label(row.get(name), result.tz)) for name in names)
        for row in part.rows
    ]
    numbers = column_values(part, column)
    groups = ", ".join(names)
    title = f"{column} per {groups}"
    if len(result) > len(part):
        title += f" (the first {MAX_CHART_BARS} of {len(result):,})"
    figure, axes = _new_figure(len(labels))
    bars = axes.barh(range(len(labels)), [number or 0 for number in numbers], color=BAR_COLOR)
    axes.bar_label(bars, list(map(_format_chart_number, numbers)), padding=3, color=_GREY)
    # matplotlib would typeset what is between two $ as a formula.
    axes.set_yticks(range(len(labels)), [label.replace("$", r"\$") for label in labels])
    axes.set(xlabel=column, ylabel=groups, title=title)
    return figure


def _new_figure(bars: int) -> tuple[Figure, Axes]:
    """An empty chart for a number of bars, the first on top, for light and dark pages."""
    pyplot = import_optional("plot()", "matplotlib.pyplot", extra="plot")
    height = CHART_MARGIN + BAR_HEIGHT * bars
    with pyplot.rc_context(_NEUTRAL_COLORS):
        figure, axes = pyplot.subplots(figsize=(CHART_WIDTH, height), layout="constrained")
    # A notebook shows the returned figure, and would show an open one a second time.
    pyplot.close(figure)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.spines[["top", "right"]].set_visible(False)
    axes.xaxis.set_major_formatter("{x:,g}")
    return figure, axes


def _column_to_plot(result: Result, column: str | None) -> str:
    if not result.grouped:
        raise QueryError(
            "plot() draws the groups of an aggregate; "
            "write group_by(...) and count(), average(...), sum(...) or aggregate(...)"
        )
    numeric = [name for name in result.columns[1:] if is_numeric(result, name)]
    if not numeric:
        raise QueryError("the result has no numbers to plot")
    if column is None:
        return numeric[-1]
    if column in numeric:
        return column
    options = ", ".join(map(repr, numeric))
    raise QueryError(f"{column!r} is not a column of numbers; write one of {options}")


def label_columns(result: Result) -> list[str]:
    """The columns that name a group: all before the first numbers, with names of owners for ids."""
    columns = result.columns
    later = takewhile(lambda name: not is_numeric(result, name), columns[1:])
    names = [columns[0], *later]
    return [name for name in names if name != OwnerId.name or OwnerIdName.name not in names]


def _bar_label(values: Iterable[str]) -> str:
    texts = [value or NO_DATA for value in values]
    if sum(map(len, texts)) > MAX_LABEL_LENGTH:
        # Each value has its share, so that none hides those after it.
        texts = [_shorten(text, MAX_LABEL_LENGTH // len(texts)) for text in texts]
    return ", ".join(texts)


def _shorten(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _format_chart_number(number: float | None) -> str:
    if number is None:
        return ""
    return f"{number:,}" if isinstance(number, int) else f"{number:,.2f}"
