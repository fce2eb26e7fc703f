"""An answer: the rows of one page, and how they look in a terminal and a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table

Row = dict[str, Any]

BAR: Final = 18
"""The length of the longest bar, in characters."""

EIGHTHS: Final = " ▏▎▍▌▋▊▉"


@frozen
class Answer:
    """The rows of the page that was asked for, as dicts, and how many rows there are in all.

    `grouped` says that each row is a group: then its last number is drawn as a bar.

    >>> answer = Answer(({"OwnerId": "a", "Leads": 7},), total=1, grouped=True)
    >>> [row["Leads"] for row in answer]
    [7]
    >>> print(answer)
    OwnerId  Leads
    a            7
    """

    rows: tuple[Row, ...]
    total: int
    grouped: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns, in the order of the rows."""
        return tuple(dict.fromkeys(name for row in self.rows for name in row))

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __str__(self) -> str:
        shown = [[name, *map(_cell, self._values(name))] for name in self.columns]
        padded = [
            _padded(cells, to_the_right=self._numeric(name))
            for name, cells in zip(self.columns, shown, strict=True)
        ]
        lines = ("  ".join(line).rstrip() for line in zip(*padded, strict=True))
        return "\n".join(lines) or "no rows"

    def __rich__(self) -> Table:
        from rich.table import Table  # noqa: PLC0415 - loaded when something is drawn
        from rich.text import Text  # noqa: PLC0415

        table = Table()
        columns = []
        for name in self.columns:
            table.add_column(Text(name), justify="right" if self._numeric(name) else "left")
            columns.append([Text(_cell(value)) for value in self._values(name)])
        drawn = self._drawn()
        if drawn:
            table.add_column("", no_wrap=True)
            columns.append([Text(bar, style="cyan") for bar in _bars(self._values(drawn))])
        for cells in zip(*columns, strict=True):
            table.add_row(*cells)
        return table

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        body = "".join(
            "<tr>"
            + "".join(f"<td>{escape(_cell(row.get(name)))}</td>" for name in self.columns)
            + "</tr>"
            for row in self.rows
        )
        return f"<table><tr>{head}</tr>{body}</table>"

    def _values(self, name: str) -> list[Any]:
        return [row.get(name) for row in self.rows]

    def _numeric(self, name: str) -> bool:
        held = [value for value in self._values(name) if value is not None]
        return bool(held) and all(type(value) in (int, float) for value in held)

    def _drawn(self) -> str | None:
        numeric = [name for name in self.columns if self._numeric(name)]
        return numeric[-1] if self.grouped and numeric else None


def _cell(value: object) -> str:
    if value is None:
        return ""
    if type(value) is int:
        return f"{value:,}"
    return f"{value:,.2f}" if type(value) is float else str(value)


def _padded(cells: list[str], *, to_the_right: bool) -> list[str]:
    width = max(map(len, cells))
    return [cell.rjust(width) if to_the_right else cell.ljust(width) for cell in cells]


def _bars(values: list[Any]) -> list[str]:
    """A bar for each number above zero, the longest for the greatest."""
    lengths = [max(value or 0, 0) for value in values]
    longest = max(lengths) or 1
    return [_bar(round(length / longest * BAR * 8)) for length in lengths]


def _bar(eighths: int) -> str:
    return ("█" * (eighths // 8) + EIGHTHS[eighths % 8]).rstrip()
