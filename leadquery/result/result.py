"""`Result`: rows as Python values, and the methods that convert them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, overload

import attrs
from attrs import frozen

from leadquery.errors import Misuse, UsageError
from leadquery.expr._guards import ExplainedMembers
from leadquery.result import frames, render, serialize
from leadquery.result.frames import ColumnType

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    import polars as pl
    import pyarrow as pa
    from matplotlib.figure import Figure
    from rich.console import Console, ConsoleOptions
    from rich.table import Table

    from leadquery.errors import Change
    from leadquery.result.serialize import File


Row = dict[str, Any]


@frozen(repr=False)
class Result(ExplainedMembers):
    """Rows as dicts, and the total number of rows of the query.

    Values of number fields are numbers, those of date fields are datetimes in UTC, and those of
    boolean fields are True or False; a value of another form stays the API's string. null is None.

    `requested_columns` are the columns of a result without rows. `grouped` is True if each row is a
    group; then a terminal shows the last number as bars. `changes` are the signs that rows moved
    while the pages were read: if there are any, rows may be missing. `types` are the types of
    columns without values.

    >>> result = Result(({"OwnerId": "a", "Count": 7},), total=1)
    >>> result[0]["Count"]
    7
    >>> print(result)
    OwnerId  Count
    a            7
    """

    rows: tuple[Row, ...]
    total: int
    requested_columns: tuple[str, ...] = ()
    grouped: bool = False
    changes: tuple[Change, ...] = attrs.field(default=(), kw_only=True)
    types: Mapping[str, ColumnType] = attrs.field(factory=dict, kw_only=True, eq=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns: those of the rows, or the requested ones if there is no row."""
        names = dict.fromkeys(name for row in self.rows for name in row)
        return tuple(names) or self.requested_columns

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> Result: ...

    def __getitem__(self, index: int | slice) -> Row | Result:
        """A row; for a slice, a result with these rows and the same total."""
        if isinstance(index, str):
            message = f"a result has rows, not columns; write [row[{index!r}] for row in result]"
            raise UsageError(message, Misuse("item", name=index))
        if isinstance(index, slice):
            return attrs.evolve(self, rows=self.rows[index])
        return self.rows[index]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def to_pandas(self) -> pd.DataFrame:
        """A pandas DataFrame with nullable types. Raises MissingDependencyError without pandas."""
        return frames.to_pandas(self)

    def to_polars(self) -> pl.DataFrame:
        """A polars DataFrame. Raises MissingDependencyError without polars."""
        return frames.to_polars(self)

    def to_arrow(self) -> pa.Table:
        """An Arrow table. Raises MissingDependencyError without pyarrow."""
        return frames.to_arrow(self)

    @overload
    def to_csv(self, file: None = None, *, spreadsheet: bool = False) -> str: ...

    @overload
    def to_csv(self, file: File, *, spreadsheet: bool = False) -> None: ...

    def to_csv(self, file: File | None = None, *, spreadsheet: bool = False) -> str | None:
        r"""CSV (RFC 4180, UTF-8) as a string, or written to a file. Values are as the API's.

        A file given by its path is replaced only when everything is written. A spreadsheet runs
        text that begins with =, +, - or @ as a formula, and anybody may have typed it into a web
        form: `spreadsheet` puts an apostrophe before it, and begins with a byte order mark, so
        that Excel reads UTF-8. Raises QueryError for half of a surrogate pair, with its row.

        >>> Result(({"Phone": "1, 2", "Score": None},), total=1).to_csv()
        'Phone,Score\r\n"1, 2",\r\n'
        >>> Result(({"FirstName": "=1+1", "Score": -3},), total=1).to_csv(spreadsheet=True)
        "\ufeffFirstName,Score\r\n'=1+1,-3\r\n"
        """
        return serialize.to_csv(self, file, spreadsheet=spreadsheet)

    @overload
    def to_json(self, file: None = None, *, indent: int | None = None) -> str: ...

    @overload
    def to_json(self, file: File, *, indent: int | None = None) -> None: ...

    def to_json(self, file: File | None = None, *, indent: int | None = None) -> str | None:
        """A JSON array of the rows as a string, or written to a file. Dates are ISO 8601, in UTC.

        >>> Result(({"Phone": "1", "Score": 7},), total=1).to_json()
        '[{"Phone": "1", "Score": 7}]'
        """
        return serialize.to_json(self, file, indent)

    def to_parquet(self, file: File) -> None:
        """Write the rows to a Parquet file. Raises MissingDependencyError without pyarrow."""
        frames.to_parquet(self, file)

    def plot(self, column: str | None = None) -> Figure:
        """A bar chart of the groups, as a matplotlib Figure: `plot().savefig("leads.png")`.

        Bars are labelled by the columns before the first numbers.

        `column` is the column of numbers to draw; None is the last one. Raises QueryError for a
        result without groups or without such a column, MissingDependencyError without matplotlib.
        """
        return render.plot(self, column)

    def __repr__(self) -> str:
        return f"<Result: {len(self):,} of {self.total:,} rows, {len(self.columns)} columns>"

    def __str__(self) -> str:
        return render.preview(self)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Table]:
        return render.render_console(self, console, options)

    def _repr_html_(self) -> str:
        return render.format_html(self)
