"""An answer: rows as Python values, and what they turn into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, overload

import attrs
from attrs import frozen

from leadquery.result import chart, frames, render, serialize
from leadquery.result.column_types import ColumnType

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    import polars as pl
    import pyarrow as pa
    from matplotlib.figure import Figure
    from rich.console import Console, ConsoleOptions
    from rich.table import Table

    from leadquery._util.atomic_write import File
    from leadquery.client.pagination.drift import Change


Row = dict[str, Any]


@frozen(repr=False)
class Result:
    """Rows as dicts, and how many rows there are in all.

    Where the kind of a field is known, numbers are numbers, dates are aware datetimes in UTC and
    booleans True and False; null is None. What a kind cannot read stays the API's text.

    `asked` are the columns of an answer without rows. `grouped` says that each row is a group:
    then a terminal shows its last number as a bar. `changes` are the signs that rows moved while
    the pages were read: where there are some, rows may be missing. `types` are those of columns
    that may hold nothing.

    >>> answer = Result(({"OwnerId": "a", "Count": 7},), total=1)
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
    changes: tuple[Change, ...] = attrs.field(default=(), kw_only=True)
    types: Mapping[str, ColumnType] = attrs.field(factory=dict, kw_only=True, eq=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns, in the order of the rows, or as asked for without rows."""
        return tuple(dict.fromkeys(name for row in self.rows for name in row)) or self.asked

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> Result: ...

    def __getitem__(self, place: int | slice) -> Row | Result:
        """A row; of a slice, an answer of its rows, with the same total."""
        if isinstance(place, slice):
            return attrs.evolve(self, rows=self.rows[place])
        return self.rows[place]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def to_pandas(self) -> pd.DataFrame:
        """A DataFrame, with pandas' nullable types. Raises MissingDependencyError without pandas."""
        return frames.to_pandas(self)

    def to_polars(self) -> pl.DataFrame:
        """A DataFrame of polars. Raises MissingDependencyError without polars."""
        return frames.to_polars(self)

    def to_arrow(self) -> pa.Table:
        """A table of Arrow. Raises MissingDependencyError without pyarrow."""
        return frames.to_arrow(self)

    @overload
    def to_csv(self, file: None = None) -> str: ...

    @overload
    def to_csv(self, file: File) -> None: ...

    def to_csv(self, file: File | None = None) -> str | None:
        r"""CSV as text, or into a file: RFC 4180 in UTF-8, values as the API writes them.

        A path holds all of it at the end, or what it held before.

        >>> Result(({"Phone": "1, 2", "Score": None},), total=1).to_csv()
        'Phone,Score\r\n"1, 2",\r\n'
        """
        return serialize.to_csv(self, file)

    @overload
    def to_json(self, file: None = None, *, indent: int | None = None) -> str: ...

    @overload
    def to_json(self, file: File, *, indent: int | None = None) -> None: ...

    def to_json(self, file: File | None = None, *, indent: int | None = None) -> str | None:
        """The rows as a JSON list, as text or into a file; dates in ISO 8601, in UTC.

        >>> Result(({"Phone": "1", "Score": 7},), total=1).to_json()
        '[{"Phone": "1", "Score": 7}]'
        """
        return serialize.to_json(self, file, indent)

    def to_parquet(self, file: File) -> None:
        """A Parquet file of the rows. Raises MissingDependencyError without pyarrow."""
        frames.to_parquet(self, file)

    def plot(self, column: str | None = None) -> Figure:
        """A bar chart of the groups, as a Figure of matplotlib: `plot().savefig("leads.png")`.

        `column` is the number to draw, the last one unless given. Raises QueryError for an
        answer that has no groups or no such number, MissingDependencyError without matplotlib.
        """
        return chart.plot(self, column)

    def __repr__(self) -> str:
        return f"<Result: {len(self):,} of {self.total:,} rows, {len(self.columns)} columns>"

    def __str__(self) -> str:
        return render.preview(self)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Table]:
        return render.on_console(self, console, options)

    def _repr_html_(self) -> str:
        return render.as_html(self)
