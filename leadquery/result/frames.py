"""Results as tables of pandas, polars and Arrow, and the types of their columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from enum import Enum, auto
from importlib import import_module
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from leadquery.errors import missing_dependency_error
from leadquery.expr.collation import MAX_EXACT
from leadquery.result.serialize import (
    File,
    ZoneKey,
    check_suffix,
    encode_rows,
    name_zone,
    open_target,
    to_text,
)

if TYPE_CHECKING:
    import polars as pl

    from leadquery.result.result import Result, Row


MIN_INT64: Final = -(1 << 63)

MAX_INT64: Final = -MIN_INT64 - 1


class ColumnType(Enum):
    """The type of all values of a column that are not None."""

    INTEGER = auto()
    NUMBER = auto()
    BOOLEAN = auto()
    TIMESTAMP = auto()
    DATE = auto()
    STRING = auto()


class _LongInteger:
    """In place of int, the type of an integer that a 64-bit float may not hold."""


_COLUMN_TYPES: Final = {
    frozenset({int}): ColumnType.INTEGER,
    frozenset({_LongInteger}): ColumnType.INTEGER,
    frozenset({int, _LongInteger}): ColumnType.INTEGER,
    frozenset({float}): ColumnType.NUMBER,
    frozenset({int, float}): ColumnType.NUMBER,
    frozenset({bool}): ColumnType.BOOLEAN,
    frozenset({datetime}): ColumnType.TIMESTAMP,
    frozenset({date}): ColumnType.DATE,
}


class TypeInference:
    """Infers the types of columns from rows that come one by one.

    `default_types` are the types of columns without any value. A column becomes one of strings if
    it has an integer beyond 64 bits, or fractions beside an integer that no 64-bit float holds.
    """

    def __init__(self, columns: Iterable[str], default_types: Mapping[str, ColumnType]) -> None:
        self._observed: dict[str, set[type]] = {name: set() for name in columns}
        self._default_types = default_types

    def observe(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Take the values of some rows into account."""
        for name in dict.fromkeys(chain.from_iterable(rows)):
            values = [row.get(name) for row in rows]
            types: set[type] = {*map(type, values)}
            if int in types:
                types |= _long_types([value for value in values if type(value) is int])
            self._observed.setdefault(name, set()).update(types)

    @property
    def types(self) -> dict[str, ColumnType]:
        """The type of each column; STRING if its values have several."""
        return {name: self._infer(name, types) for name, types in self._observed.items()}

    def headers(self, tz: ZoneKey) -> dict[str, str]:
        """The header of each column: its name, and the time zone if it has times."""
        zone_name = name_zone(tz)
        return {
            name: f"{name} ({zone_name})" if self._has_times(name) else name
            for name in self._observed
        }

    def csv_headers(self, tz: ZoneKey, *, spreadsheet: bool) -> Iterable[str]:
        """The headers of a CSV file: with the zone where its times have no offset."""
        return self.headers(tz).values() if spreadsheet and tz is not None else self._observed

    def _has_times(self, name: str) -> bool:
        types = self._observed[name] - {type(None)}
        return datetime in types or (
            not types and self._default_types.get(name) is ColumnType.TIMESTAMP
        )

    def _infer(self, name: str, types: set[type]) -> ColumnType:
        value_types = frozenset(types - {type(None)})
        if not value_types:
            return self._default_types.get(name, ColumnType.STRING)
        return _COLUMN_TYPES.get(value_types, ColumnType.STRING)


def _long_types(integers: Sequence[int]) -> set[type]:
    """The types that stand for integers that a 64-bit float may not hold."""
    if min(integers) >= -MAX_EXACT and max(integers) <= MAX_EXACT:
        return set()
    are_long = min(integers) >= MIN_INT64 and max(integers) <= MAX_INT64
    return {_LongInteger if are_long else object}


_CONVERTERS: Final[dict[ColumnType, Callable[[Any], Any]]] = {
    ColumnType.NUMBER: float,
    ColumnType.STRING: to_text,
}


def convert_values(type_: ColumnType, values: Iterable[Any]) -> list[Any]:
    """The values of a column, each of the column's type or None."""
    values = list(values)
    convert = _CONVERTERS.get(type_)
    if convert is None or {*map(type, values)} <= _CONVERTED[type_]:
        return values
    return [None if value is None else convert(value) for value in values]


_CONVERTED: Final = {
    ColumnType.NUMBER: {float, type(None)},
    ColumnType.STRING: {str, type(None)},
}
"""The types of values that are not converted."""


def import_optional(method: str, *names: str, extra: str | None = None) -> Any:
    """The first of these modules that is installed.

    Raises MissingDependencyError, which says what to install for `method`: the first package, or
    the extra of leadquery that has it.
    """
    for name in names:
        try:
            return import_module(name)
        except ModuleNotFoundError as error:
            # An installed library that lacks a dependency of its own raises its own error.
            if error.name is None or error.name.partition(".")[0] != name.partition(".")[0]:
                raise
    packages = [name.partition(".")[0] for name in names]
    raise missing_dependency_error(method, *packages, extra=extra)


PANDAS_TYPES: Final = {
    ColumnType.INTEGER: "Int64",
    ColumnType.NUMBER: "Float64",
    ColumnType.BOOLEAN: "boolean",
    ColumnType.DATE: "datetime64[us]",
    ColumnType.STRING: "string",
}
"""Nullable types, so that a missing value does not change the type of its column."""


def to_pandas(result: Result) -> Any:
    """A pandas DataFrame."""
    pandas = import_optional("to_pandas()", "pandas")
    types = infer_types(result)
    dtypes = PANDAS_TYPES | {
        ColumnType.TIMESTAMP: pandas.DatetimeTZDtype("us", result.tz or "UTC"),
    }
    columns = {
        name: pandas.Series(values, dtype=dtypes[types[name]])
        for name, values in _columns(result.rows, types).items()
    }
    # The explicit index is right for a table without columns, too.
    return pandas.DataFrame(columns, index=pandas.RangeIndex(len(result)))


def to_polars(result: Result) -> pl.DataFrame:
    """A polars DataFrame."""
    polars = import_optional("to_polars()", "polars")
    # polars has no zones that are an offset.
    tz = result.tz if isinstance(result.tz, str) else "UTC"
    polars_types = {
        ColumnType.INTEGER: polars.Int64,
        ColumnType.NUMBER: polars.Float64,
        ColumnType.BOOLEAN: polars.Boolean,
        ColumnType.TIMESTAMP: polars.Datetime("us", tz),
        ColumnType.DATE: polars.Date,
        ColumnType.STRING: polars.String,
    }
    types = infer_types(result)
    schema = {name: polars_types[type_] for name, type_ in types.items()}
    frame: pl.DataFrame = polars.DataFrame(_columns(result.rows, types), schema=schema)
    return frame


def to_arrow(result: Result) -> Any:
    """An Arrow table."""
    arrow = import_optional("to_arrow()", "pyarrow")
    return arrow_table(arrow, result.rows, infer_types(result), result.tz)


def to_arrow_stream(result: Result) -> Any:
    """The capsule of an Arrow C stream, by the library that is installed, the lightest first.

    Times in a zone that is an offset are in UTC, since polars reads no such zones.
    """
    feature = "a table by the Arrow C stream"
    library = import_optional(feature, "nanoarrow", "pyarrow", "polars", extra="arrow")
    makers = {"nanoarrow": _nanoarrow_stream, "pyarrow": to_arrow, "polars": to_polars}
    if isinstance(result.tz, timezone):
        result = result.tz_convert(None)
    return makers[library.__name__](result).__arrow_c_stream__()


def _nanoarrow_stream(result: Result) -> Any:
    """The same table as `to_arrow` makes."""
    import nanoarrow
    from nanoarrow.c_array import c_array_from_buffers
    from nanoarrow.c_array_stream import CArrayStream

    types = infer_types(result)
    arrow_types = {
        ColumnType.INTEGER: nanoarrow.int64(),
        ColumnType.NUMBER: nanoarrow.float64(),
        ColumnType.BOOLEAN: nanoarrow.bool_(),
        ColumnType.TIMESTAMP: nanoarrow.timestamp("us", name_zone(result.tz)),
        ColumnType.DATE: nanoarrow.date32(),
        ColumnType.STRING: nanoarrow.string(),
    }
    columns = [
        nanoarrow.c_array(_storage_values(types[name], values), arrow_types[types[name]])
        for name, values in _columns(result.rows, types).items()
    ]
    fields = {name: arrow_types[type_] for name, type_ in types.items()}
    schema = nanoarrow.c_schema(nanoarrow.struct(fields, nullable=False))
    table = c_array_from_buffers(schema, len(result), [None], null_count=0, children=columns)
    return CArrayStream.from_c_arrays([table], schema, validate=False)


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)

_MICROSECOND: Final = timedelta(microseconds=1)


def _storage_values(type_: ColumnType, values: list[Any]) -> list[Any]:
    """Values as Arrow stores them: dates as days, and times as microseconds, since 1970."""
    if type_ is ColumnType.TIMESTAMP:
        aware = (
            value and (value if value.tzinfo else value.replace(tzinfo=_EPOCH.tzinfo))
            for value in values
        )
        return [value and (value - _EPOCH) // _MICROSECOND for value in aware]
    if type_ is ColumnType.DATE:
        return [value and (value - _EPOCH.date()).days for value in values]
    return values


def to_parquet(result: Result, file: File) -> None:
    """Write a Parquet file."""
    check_suffix(file, ".parquet")
    arrow = import_optional("to_parquet()", "pyarrow", extra="parquet")
    parquet = import_optional("to_parquet()", "pyarrow.parquet", extra="parquet")
    table = arrow_table(arrow, result.rows, infer_types(result), result.tz)
    with open_target(file) as out:
        parquet.write_table(table, out)


def observe_result(result: Result) -> TypeInference:
    """The columns of a result."""
    inference = TypeInference(result.columns, result.types)
    inference.observe(result.rows)
    return inference


def infer_types(result: Result) -> dict[str, ColumnType]:
    """The columns of a result and their types."""
    return observe_result(result).types


def arrow_table(
    arrow: Any, rows: Iterable[Row], types: Mapping[str, ColumnType], tz: ZoneKey
) -> Any:
    """Rows as an Arrow table with these columns."""
    return arrow.table(_columns(rows, types), schema=arrow_schema(arrow, types, tz))


def arrow_schema(arrow: Any, types: Mapping[str, ColumnType], tz: ZoneKey) -> Any:
    """An Arrow schema for these columns."""
    arrow_types = {
        ColumnType.INTEGER: arrow.int64(),
        ColumnType.NUMBER: arrow.float64(),
        ColumnType.BOOLEAN: arrow.bool_(),
        ColumnType.TIMESTAMP: arrow.timestamp("us", name_zone(tz)),
        ColumnType.DATE: arrow.date32(),
        ColumnType.STRING: arrow.string(),
    }
    return arrow.schema([(name, arrow_types[type_]) for name, type_ in types.items()])


def _columns(rows: Iterable[Row], types: Mapping[str, ColumnType]) -> dict[str, list[Any]]:
    rows = list(rows)
    columns = {
        name: convert_values(type_, [row.get(name) for row in rows])
        for name, type_ in types.items()
    }
    for name, type_ in types.items():
        if type_ is ColumnType.STRING:
            encode_rows("".join(filter(None, columns[name])), rows)
    return columns
