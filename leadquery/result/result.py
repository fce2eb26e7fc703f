"""`Result`: rows as Python values, and the methods that convert them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, SupportsIndex, overload

import attrs
from attrs import frozen

from leadquery.errors import check_call
from leadquery.expr._guards import ExplainedMembers
from leadquery.expr.group_key import zone_key
from leadquery.result import frames, render, reshape, serialize
from leadquery.result.frames import ColumnType
from leadquery.result.serialize import ZoneKey, convert_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    import polars as pl
    import pyarrow as pa
    from matplotlib.figure import Figure
    from rich.console import Console, ConsoleOptions
    from rich.table import Table
    from rich.text import Text

    from leadquery.errors import Change
    from leadquery.expr.aggregate import SortKey
    from leadquery.periods import TimeZone
    from leadquery.query.query import Query
    from leadquery.result.reshape import ColumnName
    from leadquery.result.serialize import File


Row = dict[str, Any]


@frozen(repr=False)
class Result(ExplainedMembers):
    """Rows as dicts, and the total number of rows of the query.

    Values of number fields are numbers, those of date fields are datetimes in UTC or the zone `tz`,
    and those of boolean fields are True or False; a value of another form stays the API's string.
    null is None. Libraries that read the Arrow C stream take a result as a table, if nanoarrow,
    pyarrow or polars is installed: `duckdb.sql("from result")`, `polars.DataFrame(result)`.

    `requested_columns` are the columns of a result without rows. `grouped` is True if each row is a
    group; then a terminal shows the last number as bars. `changes` are the signs that rows moved
    while the pages were read: if there are any, rows may be missing. `types` are the types of
    columns without values. `query` is the query, if it is known. `notes` say why there are no rows,
    where it is known without a request.

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
    query: Query | None = attrs.field(default=None, kw_only=True, eq=False)
    tz: ZoneKey = attrs.field(default=None, kw_only=True)
    notes: tuple[str, ...] = attrs.field(default=(), kw_only=True, eq=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns: those of the rows, or the requested ones if there is no row."""
        names = dict.fromkeys(name for row in self.rows for name in row)
        return tuple(names) or self.requested_columns

    @overload
    def __getitem__(self, index: SupportsIndex) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> Result: ...

    @overload
    def __getitem__(self, index: ColumnName) -> list[Any]: ...

    def __getitem__(self, index: SupportsIndex | slice | ColumnName) -> Row | Result | list[Any]:
        """A row; for a slice, a result with these rows and the same total; or a column's values.

        Raises QueryError for an unknown column, with the nearest.

        >>> result = Result(({"OwnerId": "a", "Count": 7}, {"OwnerId": "b", "Count": 9}), total=2)
        >>> result["Count"]
        [7, 9]
        """
        if isinstance(index, slice):
            return attrs.evolve(self, rows=self.rows[index])
        if isinstance(index, SupportsIndex):
            return self.rows[index]
        return render.column_values(self, reshape.column_name(self, index))

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @check_call
    def sort(self, *by: ColumnName | SortKey, descending: bool = False) -> Result:
        """The rows sorted by columns, from low to high; those without a value come last.

        Equal rows keep their order. Numbers come before dates, and dates before text, which is
        sorted without regard to case. A field's `.desc()` sorts by one column from high to low.
        Raises QueryError for an unknown column, with the nearest.

        >>> result = Result(({"OwnerId": "a", "Count": 7}, {"OwnerId": "b", "Count": 9}), total=2)
        >>> result.sort("Count", descending=True)[0]
        {'OwnerId': 'b', 'Count': 9}
        """
        return reshape.sort(self, by, descending=descending)

    @check_call
    def top(self, n: int, by: ColumnName | None = None) -> Result:
        """The `n` rows with the greatest values of a column, by default the last one of numbers.

        Raises QueryError for an unknown column, and if there are no numbers.

        >>> result = Result(({"OwnerId": "a", "Count": 7}, {"OwnerId": "b", "Count": 9}), total=2)
        >>> print(result.top(1))
        OwnerId  Count
        b            9
        """
        return reshape.top(self, n, by)

    @check_call
    def pivot(
        self,
        index: ColumnName | None = None,
        columns: ColumnName | None = None,
        values: ColumnName | None = None,
    ) -> Result:
        """A row for each value of the key `index`, and a column for each value of `columns`.

        Cells have the column `values`, by default the last one of numbers, and None where there is
        no such row. The keys are by default those of a result of two groups, in their order.
        Raises QueryError for other results unless they are named, and for a pair with two rows.

        >>> rows = {"Day": 1, "Stage": "Lead", "Count": 7}, {"Day": 1, "Stage": "New", "Count": 9}
        >>> print(Result(rows, total=2).pivot("Day", "Stage"))
        Day  Lead  New
          1     7    9
        """
        return reshape.pivot(self, index, columns, values)

    @check_call
    def tz_convert(self, tz: TimeZone | None) -> Result:
        """The result with its times in another time zone, for files and tables, too; None is UTC.

        Days and months that leads were grouped by stay those of the query.
        Raises QueryError for an unknown zone.

        >>> from datetime import UTC, datetime
        >>> result = Result(({"CreatedOn": datetime(2026, 1, 31, 12, tzinfo=UTC)},), total=1)
        >>> result.tz_convert("Asia/Kolkata").to_json()
        '[{"CreatedOn": "2026-01-31T17:30:00+05:30"}]'
        """
        key = zone_key(tz)
        if key == self.tz:
            return self
        return attrs.evolve(self, rows=tuple(convert_rows(self.rows, key)), tz=key)

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        # (The Arrow PyCapsule interface; a producer may ignore the schema.)
        return frames.to_arrow_stream(self)

    @check_call
    def to_pandas(self) -> pd.DataFrame:
        """A pandas DataFrame with nullable types. Raises MissingDependencyError without pandas."""
        return frames.to_pandas(self)

    @check_call
    def to_polars(self) -> pl.DataFrame:
        """A polars DataFrame. Raises MissingDependencyError without polars."""
        return frames.to_polars(self)

    @check_call
    def to_arrow(self) -> pa.Table:
        """An Arrow table. Raises MissingDependencyError without pyarrow."""
        return frames.to_arrow(self)

    @overload
    def to_csv(self, file: None = None, *, spreadsheet: bool = False) -> str: ...

    @overload
    def to_csv(self, file: File, *, spreadsheet: bool = False) -> None: ...

    @check_call
    def to_csv(self, file: File | None = None, *, spreadsheet: bool = False) -> str | None:
        r"""CSV (RFC 4180, UTF-8) as a string, or written to a file. Values are as the API's.

        A file given by its path is replaced only when everything is written. A spreadsheet runs
        text that begins with =, +, - or @ as a formula, and anybody may have typed it into a web
        form: `spreadsheet` puts an apostrophe before it, and begins with a byte order mark, so
        that Excel reads UTF-8. Times in a zone other than UTC have their offset, for a spreadsheet
        the header names the zone. Raises QueryError for half of a surrogate pair, with its row,
        and, as the other methods, for a file that ends as one of another format.

        >>> Result(({"Phone": "1, 2", "Score": None},), total=1).to_csv()
        'Phone,Score\r\n"1, 2",\r\n'
        >>> Result(({"FirstName": "=1+1", "Score": -3},), total=1).to_csv(spreadsheet=True)
        "\ufeffFirstName,Score\r\n'=1+1,-3\r\n"
        """
        columns = frames.observe_result(self)
        headers = columns.csv_headers(self.tz, spreadsheet=spreadsheet)
        return serialize.to_csv(self, file, headers, spreadsheet=spreadsheet)

    @overload
    def to_json(self, file: None = None, *, indent: int | None = None) -> str: ...

    @overload
    def to_json(self, file: File, *, indent: int | None = None) -> None: ...

    @check_call
    def to_json(self, file: File | None = None, *, indent: int | None = None) -> str | None:
        """A JSON array of the rows as a string, or written to a file. Dates are ISO 8601.

        >>> Result(({"Phone": "1", "Score": 7},), total=1).to_json()
        '[{"Phone": "1", "Score": 7}]'
        """
        return serialize.to_json(self, file, indent)

    @check_call
    def to_excel(self, file: File) -> None:
        """Write the rows to an Excel workbook (.xlsx), replaced only when everything is written.

        Excel takes dates and times as such; a cell has no time zone, so the header of a column with
        times names it. No text becomes a formula or a link. Excel has 15 digits, so longer whole
        numbers are text, as are dates before 1900, and fractions are rounded to 16 digits.

        Raises QueryError for more than 1,048,575 rows, and for a text of more than 32,767
        characters, with its row; MissingDependencyError without xlsxwriter.
        """
        from leadquery.result.excel import to_excel

        to_excel(self, file)

    @check_call
    def to_parquet(self, file: File) -> None:
        """Write the rows to a Parquet file. Raises MissingDependencyError without pyarrow."""
        frames.to_parquet(self, file)

    @check_call
    def plot(self, column: str | None = None) -> Figure:
        """A bar chart of the groups, as a matplotlib Figure: `plot().savefig("leads.png")`.

        Bars are labelled by the columns before the first numbers.

        `column` is the column of numbers to draw; None is the last one. Raises QueryError for a
        result without groups or without such a column, MissingDependencyError without matplotlib.
        """
        return render.plot(self, column)

    def __repr__(self) -> str:
        notes = "".join(f"; {note}" for note in self.notes)
        return f"<Result: {len(self):,} of {self.total:,} rows, {len(self.columns)} columns{notes}>"

    def __str__(self) -> str:
        return render.preview(self)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Table | Text]:
        return render.render_console(self, console, options)

    def _repr_html_(self) -> str:
        from leadquery.result.html import format_html

        return format_html(self)
