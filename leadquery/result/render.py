"""How an answer looks: as text, in a terminal, and in a notebook."""

from __future__ import annotations

import sys
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any, Final

from leadquery._util.text import escape_unprintable
from leadquery.result.column_types import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions
    from rich.table import Table

    from leadquery.result.result import Result


LONGEST: Final = 18

SHORTEST: Final = 4
"""The length of a bar, in characters; a terminal that has less room gets none."""

GAP: Final = 3

MOST: Final = 60
"""The rows that are shown of a long answer, where nobody asked for all."""


def preview(answer: Result) -> str:
    """The first rows, as columns of text, and how many more there are."""
    left = len(answer) - MOST
    more = f"\n… and {left:,} more rows" if left > 0 else ""
    return as_text(answer[:MOST]) + more


def as_text(answer: Result) -> str:
    """All rows, as columns of text."""
    padded = []
    for name in answer.columns:
        texts = [escape_unprintable(name), *_texts(answer, name)]
        width = max(map(len, texts))
        numeric = is_numeric(answer, name)
        padded.append([text.rjust(width) if numeric else text.ljust(width) for text in texts])
    lines = ("  ".join(line).rstrip() for line in zip(*padded, strict=True))
    return "\n".join(lines) or "no rows"


def as_html(answer: Result) -> str:
    """The first rows as a table of HTML, and how many more there are."""
    names = answer.columns
    part = answer[:MOST]
    head = "".join(f"<th>{escape(escape_unprintable(name))}</th>" for name in names)
    columns = [[f"<td>{escape(text)}</td>" for text in _texts(part, name)] for name in names]
    body = "".join(f"<tr>{''.join(cells)}</tr>" for cells in zip(*columns, strict=True))
    left = len(answer) - len(part)
    more = f"<p>… and {left:,} more rows</p>" if left else ""
    return f"<table><tr>{head}</tr>{body}</table>{more}"


def on_console(answer: Result, console: Console, options: ConsoleOptions) -> Iterator[Table]:
    """What fits the terminal: a table with bars, one without, or a block for each row."""
    table = _table(answer, 0)
    endless = options.update(max_width=sys.maxsize)
    left = options.max_width - console.measure(table, options=endless).maximum
    room = left - GAP
    if left < 0 and answer.rows and len(answer.columns) > 1:
        yield _blocks(answer)
    elif room >= SHORTEST and not options.ascii_only:
        yield _table(answer, min(room, LONGEST))
    else:
        yield table


def _table(answer: Result, bar: int) -> Table:
    """A table with bars of a length, or without."""
    from rich import box
    from rich.bar import Bar
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    columns: list[list[Any]] = []
    for name in answer.columns:
        table.add_column(
            Text(escape_unprintable(name)),
            justify="right" if is_numeric(answer, name) else "left",
            overflow="fold",
        )
        columns.append([Text(text) for text in _texts(answer, name)])
    for name in bar_columns(answer) if bar else ():
        lengths = [value or 0 for value in values(answer, name)]
        longest = max(*lengths, 0) or 1
        table.add_column("")
        columns.append([Bar(1, 0, one / longest, width=bar, color="cyan") for one in lengths])
    for cells in zip(*columns, strict=True):
        table.add_row(*cells)
    return table


def _blocks(answer: Result) -> Table:
    """Each row as a block of names and values, where columns would be too many."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    names = answer.columns
    for place, texts in enumerate(zip(*(_texts(answer, name) for name in names), strict=True)):
        if place:
            table.add_row()
        for name, text in zip(names, texts, strict=True):
            table.add_row(Text(f"{escape_unprintable(name)}:"), Text(text))
    return table


def values(answer: Result, name: str) -> list[Any]:
    """The values of a column."""
    return [row.get(name) for row in answer.rows]


def is_numeric(answer: Result, name: str) -> bool:
    """Whether a column holds numbers alone."""
    held = [value for value in values(answer, name) if value is not None]
    return bool(held) and all(map(_is_number, held))


def bar_columns(answer: Result) -> list[str]:
    """The column that is drawn as bars, if any: the last number of a group."""
    return [name for name in answer.columns if answer.grouped and is_numeric(answer, name)][-1:]


def _is_number(value: Any) -> bool:
    """Whether a value can be compared and drawn; JSON as Python reads it may hold NaN."""
    return type(value) in (int, float) and bool(abs(value) <= sys.float_info.max)


def _texts(answer: Result, name: str) -> list[str]:
    # What is computed is rounded; what a lead holds is not.
    places = ".2f" if answer.grouped else ""
    return [_cell(value, places) for value in values(answer, name)]


def _cell(value: object, places: str) -> str:
    if value is None:
        return ""
    if type(value) is int:
        return f"{value:,}"
    return f"{value:,{places}}" if type(value) is float else label(value)


def label(value: object) -> str:
    """A value on one line, as a name; nothing for no data."""
    if value is None:
        return ""
    return text_of(value) if type(value) is datetime else escape_unprintable(str(value))
