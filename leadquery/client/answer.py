"""An answer: the rows of one page, and how they look in a terminal and a notebook."""

from __future__ import annotations

import sys
from html import escape
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from leadquery.slips.screen import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions
    from rich.table import Table

Row = dict[str, Any]

LONGEST: Final = 18
SHORTEST: Final = 4
"""The length of a bar, in characters; a terminal that has less room gets none."""

GAP: Final = 3


@frozen
class Answer:
    """The rows of the page that was asked for, as dicts, and how many rows there are in all.

    `asked` are the columns of an answer without rows. `grouped` says that each row is a group:
    then a terminal shows its last number as a bar.

    >>> answer = Answer(({"OwnerId": "a", "Count": 7},), total=1)
    >>> answer[0]["Count"]
    7
    >>> print(answer)
    OwnerId  Count
    a            7
    """

    rows: tuple[Row, ...]
    total: int
    asked: tuple[str, ...] = ()
    grouped: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns, in the order of the rows, or as asked for without rows."""
        return tuple(dict.fromkeys(name for row in self.rows for name in row)) or self.asked

    def __getitem__(self, place: int) -> Row:
        return self.rows[place]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __str__(self) -> str:
        padded = []
        for name in self.columns:
            cells = [escaped(name), *map(_cell, self._values(name))]
            width = max(map(len, cells))
            numeric = self._numeric(name)
            padded.append([cell.rjust(width) if numeric else cell.ljust(width) for cell in cells])
        lines = ("  ".join(line).rstrip() for line in zip(*padded, strict=True))
        return "\n".join(lines) or "no rows"

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Table]:
        table = self._table(0)
        endless = options.update(max_width=sys.maxsize)
        left = options.max_width - console.measure(table, options=endless).maximum
        room = left - GAP
        if left < 0 and self.rows and len(self.columns) > 1:
            yield self._blocks()
        elif room >= SHORTEST and not options.ascii_only:
            yield self._table(min(room, LONGEST))
        else:
            yield table

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(escaped(name))}</th>" for name in self.columns)
        body = "".join(
            "<tr>"
            + "".join(f"<td>{escape(_cell(row.get(name)))}</td>" for name in self.columns)
            + "</tr>"
            for row in self.rows
        )
        return f"<table><tr>{head}</tr>{body}</table>"

    def _table(self, bar: int) -> Table:
        """A table with bars of a length, or without."""
        from rich import box
        from rich.bar import Bar
        from rich.table import Table
        from rich.text import Text

        table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
        columns: list[list[Any]] = []
        for name in self.columns:
            table.add_column(
                Text(escaped(name)),
                justify="right" if self._numeric(name) else "left",
                overflow="fold",
            )
            columns.append([Text(_cell(value)) for value in self._values(name)])
        for name in self._drawn() if bar else ():
            lengths = [value or 0 for value in self._values(name)]
            longest = max(*lengths, 0) or 1
            table.add_column("")
            columns.append([Bar(1, 0, one / longest, width=bar, color="cyan") for one in lengths])
        for cells in zip(*columns, strict=True):
            table.add_row(*cells)
        return table

    def _blocks(self) -> Table:
        """Each row as a block of names and values, where columns would be too many."""
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(overflow="fold")
        table.add_column(overflow="fold")
        names = self.columns
        for place, row in enumerate(self.rows):
            if place:
                table.add_row()
            for name in names:
                table.add_row(Text(f"{escaped(name)}:"), Text(_cell(row.get(name))))
        return table

    def _values(self, name: str) -> list[Any]:
        return [row.get(name) for row in self.rows]

    def _numeric(self, name: str) -> bool:
        held = [value for value in self._values(name) if value is not None]
        return bool(held) and all(map(_is_number, held))

    def _drawn(self) -> list[str]:
        """The column that is drawn as bars, if any: the last number of a group."""
        return [name for name in self.columns if self.grouped and self._numeric(name)][-1:]


def _is_number(value: Any) -> bool:
    """Whether a value can be compared and drawn; JSON as Python reads it may hold NaN."""
    return type(value) in (int, float) and bool(abs(value) <= sys.float_info.max)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if type(value) is int:
        return f"{value:,}"
    return f"{value:,.2f}" if type(value) is float else escaped(str(value))
