"""Answers as tables of pandas, polars and Arrow, and as Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from leadquery._util.atomic_write import File, open_target
from leadquery._util.optional import import_optional
from leadquery.result.column_types import ColumnType, TypeInference, cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import polars as pl

    from leadquery.result.result import Result, Row


PANDAS: Final = {
    ColumnType.WHOLE: "Int64",
    ColumnType.NUMBER: "Float64",
    ColumnType.TRUTH: "boolean",
    ColumnType.MOMENT: "datetime64[us, UTC]",
    ColumnType.TEXT: "string",
}


def to_pandas(answer: Result) -> Any:
    """A DataFrame. Its types are those that can lack a value without becoming another."""
    pandas = import_optional("to_pandas()", "pandas")
    types = types_of(answer)
    table = {
        name: pandas.Series(column, dtype=PANDAS[types[name]])
        for name, column in _columns(answer.rows, types).items()
    }
    # Without rows or columns, the index is still that of a table.
    return pandas.DataFrame(table, index=pandas.RangeIndex(len(answer)))


def to_polars(answer: Result) -> pl.DataFrame:
    """A DataFrame of polars."""
    polars = import_optional("to_polars()", "polars")
    names = {
        ColumnType.WHOLE: polars.Int64,
        ColumnType.NUMBER: polars.Float64,
        ColumnType.TRUTH: polars.Boolean,
        ColumnType.MOMENT: polars.Datetime("us", "UTC"),
        ColumnType.TEXT: polars.String,
    }
    types = types_of(answer)
    schema = {name: names[type_] for name, type_ in types.items()}
    frame: pl.DataFrame = polars.DataFrame(_columns(answer.rows, types), schema=schema)
    return frame


def to_arrow(answer: Result) -> Any:
    """A table of Arrow."""
    arrow = import_optional("to_arrow()", "pyarrow")
    return arrow_table(arrow, answer.rows, types_of(answer))


def to_parquet(answer: Result, file: File) -> None:
    """A Parquet file, whole or not at all."""
    arrow = import_optional("to_parquet()", "pyarrow")
    parquet = import_optional("to_parquet()", "pyarrow.parquet")
    table = arrow_table(arrow, answer.rows, types_of(answer))
    with open_target(file) as out:
        parquet.write_table(table, out)


def types_of(answer: Result) -> dict[str, ColumnType]:
    """The columns of an answer and their types."""
    columns = TypeInference(answer.columns, answer.types)
    columns.note(answer.rows)
    return columns.types


def arrow_table(arrow: Any, rows: Iterable[Row], types: Mapping[str, ColumnType]) -> Any:
    """Some rows as a table of Arrow whose columns have these types."""
    return arrow.table(_columns(rows, types), schema=arrow_schema(arrow, types))


def arrow_schema(arrow: Any, types: Mapping[str, ColumnType]) -> Any:
    """The columns and their types, as Arrow says them."""
    names = {
        ColumnType.WHOLE: arrow.int64(),
        ColumnType.NUMBER: arrow.float64(),
        ColumnType.TRUTH: arrow.bool_(),
        ColumnType.MOMENT: arrow.timestamp("us", "UTC"),
        ColumnType.TEXT: arrow.string(),
    }
    return arrow.schema([(name, names[type_]) for name, type_ in types.items()])


def _columns(rows: Iterable[Row], types: Mapping[str, ColumnType]) -> dict[str, list[Any]]:
    held = list(rows)
    return {name: cells(type_, [row.get(name) for row in held]) for name, type_ in types.items()}
