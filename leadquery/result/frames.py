"""Results as tables of pandas, polars and Arrow, and as Parquet files."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from leadquery.errors import MissingDependencyError
from leadquery.result.column_types import ColumnType, TypeInference, convert_values
from leadquery.result.serialize import File, open_target

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import polars as pl

    from leadquery.result.result import Result, Row


def import_optional(method: str, *names: str) -> Any:
    """The first of these modules that is installed.

    Raises MissingDependencyError, which says what to install for `method`.
    """
    for name in names:
        try:
            return import_module(name)
        except ModuleNotFoundError as error:
            # An installed library that lacks a dependency of its own raises its own error.
            if error.name is None or error.name.partition(".")[0] != name.partition(".")[0]:
                raise
    packages = [name.partition(".")[0] for name in names]
    raise MissingDependencyError(
        f"{method} needs {' or '.join(packages)}, which is not installed; "
        f"run pip install {packages[0]}"
    )


PANDAS_TYPES: Final = {
    ColumnType.INTEGER: "Int64",
    ColumnType.NUMBER: "Float64",
    ColumnType.BOOLEAN: "boolean",
    ColumnType.TIMESTAMP: "datetime64[us, UTC]",
    ColumnType.STRING: "string",
}
"""Nullable types, so that a missing value does not change the type of its column."""


def to_pandas(result: Result) -> Any:
    """A pandas DataFrame."""
    pandas = import_optional("to_pandas()", "pandas")
    types = infer_types(result)
    columns = {
        name: pandas.Series(values, dtype=PANDAS_TYPES[types[name]])
        for name, values in _columns(result.rows, types).items()
    }
    # The explicit index is right for a table without columns, too.
    return pandas.DataFrame(columns, index=pandas.RangeIndex(len(result)))


def to_polars(result: Result) -> pl.DataFrame:
    """A polars DataFrame."""
    polars = import_optional("to_polars()", "polars")
    polars_types = {
        ColumnType.INTEGER: polars.Int64,
        ColumnType.NUMBER: polars.Float64,
        ColumnType.BOOLEAN: polars.Boolean,
        ColumnType.TIMESTAMP: polars.Datetime("us", "UTC"),
        ColumnType.STRING: polars.String,
    }
    types = infer_types(result)
    schema = {name: polars_types[type_] for name, type_ in types.items()}
    frame: pl.DataFrame = polars.DataFrame(_columns(result.rows, types), schema=schema)
    return frame


def to_arrow(result: Result) -> Any:
    """An Arrow table."""
    arrow = import_optional("to_arrow()", "pyarrow")
    return arrow_table(arrow, result.rows, infer_types(result))


def to_parquet(result: Result, file: File) -> None:
    """Write a Parquet file."""
    arrow = import_optional("to_parquet()", "pyarrow")
    parquet = import_optional("to_parquet()", "pyarrow.parquet")
    table = arrow_table(arrow, result.rows, infer_types(result))
    with open_target(file) as out:
        parquet.write_table(table, out)


def infer_types(result: Result) -> dict[str, ColumnType]:
    """The columns of a result and their types."""
    inference = TypeInference(result.columns, result.types)
    inference.observe(result.rows)
    return inference.types


def arrow_table(arrow: Any, rows: Iterable[Row], types: Mapping[str, ColumnType]) -> Any:
    """Rows as an Arrow table with these columns."""
    return arrow.table(_columns(rows, types), schema=arrow_schema(arrow, types))


def arrow_schema(arrow: Any, types: Mapping[str, ColumnType]) -> Any:
    """An Arrow schema for these columns."""
    arrow_types = {
        ColumnType.INTEGER: arrow.int64(),
        ColumnType.NUMBER: arrow.float64(),
        ColumnType.BOOLEAN: arrow.bool_(),
        ColumnType.TIMESTAMP: arrow.timestamp("us", "UTC"),
        ColumnType.STRING: arrow.string(),
    }
    return arrow.schema([(name, arrow_types[type_]) for name, type_ in types.items()])


def _columns(rows: Iterable[Row], types: Mapping[str, ColumnType]) -> dict[str, list[Any]]:
    rows = list(rows)
    return {
        name: convert_values(type_, [row.get(name) for row in rows])
        for name, type_ in types.items()
    }
