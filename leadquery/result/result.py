"""`Result`: rows as Python values, and the methods that convert them.

`build_result` makes one from the strings of a response, by the types of the fields. A string that
its field's type cannot read stays a string, so that nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, overload

import attrs
from attrs import frozen

from leadquery.expr import Boolean, Date, Number
from leadquery.expr.aggregate import Function
from leadquery.expr.collation import number_key
from leadquery.expr.group_key import DateBucket
from leadquery.fields import STANDARD
from leadquery.query.aggregation import SIDES, as_aggregation
from leadquery.query.query import Query, fields_of
from leadquery.result import frames, render, serialize
from leadquery.result.frames import ColumnType
from leadquery.wire.enums import FALSE, TRUE
from leadquery.wire.model import AggregateOutput, ListOutput

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
class Result:
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


_match_integer = re.compile("[+-]?[0-9]{1,400}").fullmatch

_match_date = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T].*)?").fullmatch


@frozen
class RowDecoder:
    """Decodes the rows of one query: its columns, and the types of those that are known."""

    columns: tuple[str, ...]
    types: Mapping[str, ColumnType]

    def decode(self, rows: Iterable[Mapping[str, Any]]) -> tuple[Row, ...]:
        """The rows with Python values. Requested columns come first; missing ones are None."""
        parsers = [(name, _PARSERS[type_]) for name, type_ in self.types.items()]
        decoded = []
        for row in rows:
            values: Row = dict.fromkeys(self.columns)
            values.update(row)
            for name, parse in parsers:
                if isinstance(values[name], str):
                    values[name] = parse(values[name])
            decoded.append(values)
        return tuple(decoded)


def decoder_for(query: Query) -> RowDecoder:
    """The decoder for the rows of a query, by its own fields and the standard fields."""
    fields = fields_of(query) | STANDARD
    columns = query.output.columns
    types = {name: type_ for name in columns for type_ in _column_types(fields.get(name))}
    if isinstance(query.output, AggregateOutput):
        _, count, *computed = columns
        types |= {count: ColumnType.INTEGER} | dict.fromkeys(computed, ColumnType.NUMBER)
    return RowDecoder(columns, types)


def column_types(query: Query) -> dict[str, ColumnType]:
    """The types of the columns of a query that takes several requests, where they are known."""
    fields = fields_of(query) | STANDARD
    if isinstance(query.output, ListOutput):
        return {
            name: type_
            for name in query.output.columns
            for type_ in _column_types(fields.get(name))
        }
    aggregation = as_aggregation(query.output)
    types: dict[str, ColumnType] = {}
    for key in aggregation.keys:
        if isinstance(key, str):
            types |= zip([key], _column_types(fields.get(key)), strict=False)
        elif isinstance(key, DateBucket):
            types[key.name] = ColumnType.DATE
    for column in aggregation.measures:
        function = column.measure.function
        if function in (Function.COUNT, Function.COUNT_DISTINCT):
            own = [ColumnType.INTEGER]
        elif function in (Function.AVERAGE, Function.SUM):
            own = [ColumnType.NUMBER]
        else:
            own = [*_column_types(fields.get(column.measure.field))]
        is_compared = query._local is not None and query._local.comparison is not None
        for type_ in own:
            if not is_compared:
                types[column.name] = type_
                continue
            change = ColumnType.NUMBER if type_ is ColumnType.TIMESTAMP else type_
            sides = (type_, type_, change, ColumnType.NUMBER)
            names = (column.of(side).name for side in SIDES)
            types |= zip(names, sides, strict=True)
    return types


def build_result(query: Query, rows: Iterable[Mapping[str, Any]], total: int) -> Result:
    """The result of a query, from the rows and the total of a response."""
    decoder = decoder_for(query)
    return Result(
        decoder.decode(rows),
        total,
        decoder.columns,
        grouped=isinstance(query.output, AggregateOutput),
        types=decoder.types,
    )


def parse_value(text: str, type_: ColumnType) -> Any:
    """The value of a text by its type; the text itself if it is of another."""
    return _PARSERS[type_](text)


def _column_types(field: object) -> Iterable[ColumnType]:
    """The column type for a field; none if its values are strings, or anything."""
    return (type_ for field_type, type_ in _FIELD_TYPES if isinstance(field, field_type))


def _parse_number(text: str) -> Any:
    if not text:
        return None
    if _match_integer(text):
        return int(text)
    number = number_key(text)
    return text if number is None else number


def _parse_datetime(text: str) -> Any:
    if not text:
        return None
    try:
        parsed = datetime.fromisoformat(text) if _match_date(text) else None
        if parsed is None or parsed.tzinfo is None:
            return parsed.replace(tzinfo=UTC) if parsed else text
        return parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return text


def _parse_boolean(text: str) -> Any:
    return _BOOLEANS.get(text.lower(), text)


_BOOLEANS: Final = {TRUE: True, FALSE: False, "true": True, "false": False, "": None}

_FIELD_TYPES: Final = (
    (Number, ColumnType.NUMBER),
    (Date, ColumnType.TIMESTAMP),
    (Boolean, ColumnType.BOOLEAN),
)

_PARSERS: Final[Mapping[ColumnType, Callable[[str], Any]]] = {
    ColumnType.NUMBER: _parse_number,
    ColumnType.INTEGER: _parse_number,
    ColumnType.TIMESTAMP: _parse_datetime,
    ColumnType.BOOLEAN: _parse_boolean,
}
