"""Answers as tables of pandas, polars and Arrow, and as Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from leadquery.client.answer.libraries import library
from leadquery.client.answer.types import Columns, Type, cells
from leadquery.client.files import File, opened

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import polars as pl

    from leadquery.client.answer.answer import Answer, Row

PANDAS: Final = {
    Type.WHOLE: "Int64",
    Type.NUMBER: "Float64",
    Type.TRUTH: "boolean",
    Type.MOMENT: "datetime64[us, UTC]",
    Type.TEXT: "string",
}


def to_pandas(answer: Answer) -> Any:
    """A DataFrame. Its types are those that can lack a value without becoming another."""
    pandas = library("to_pandas()", "pandas")
    types = types_of(answer)
    table = {
        name: pandas.Series(column, dtype=PANDAS[types[name]])
        for name, column in _columns(answer.rows, types).items()
    }
    # Without rows or columns, the index is still that of a table.
    return pandas.DataFrame(table, index=pandas.RangeIndex(len(answer)))


def to_polars(answer: Answer) -> pl.DataFrame:
    """A DataFrame of polars."""
    polars = library("to_polars()", "polars")
    names = {
        Type.WHOLE: polars.Int64,
        Type.NUMBER: polars.Float64,
        Type.TRUTH: polars.Boolean,
        Type.MOMENT: polars.Datetime("us", "UTC"),
        Type.TEXT: polars.String,
    }
    types = types_of(answer)
    schema = {name: names[type_] for name, type_ in types.items()}
    frame: pl.DataFrame = polars.DataFrame(_columns(answer.rows, types), schema=schema)
    return frame


def to_arrow(answer: Answer) -> Any:
    """A table of Arrow."""
    arrow = library("to_arrow()", "pyarrow")
    return arrow_table(arrow, answer.rows, types_of(answer))


def to_parquet(answer: Answer, file: File) -> None:
    """A Parquet file, whole or not at all."""
    arrow = library("to_parquet()", "pyarrow")
    parquet = library("to_parquet()", "pyarrow.parquet")
    table = arrow_table(arrow, answer.rows, types_of(answer))
    with opened(file) as out:
        parquet.write_table(table, out)


def types_of(answer: Answer) -> dict[str, Type]:
    """The columns of an answer and their types."""
    columns = Columns(answer.columns, answer.types)
    columns.note(answer.rows)
    return columns.types


def arrow_table(arrow: Any, rows: Iterable[Row], types: Mapping[str, Type]) -> Any:
    """Some rows as a table of Arrow whose columns have these types."""
    return arrow.table(_columns(rows, types), schema=arrow_schema(arrow, types))


def arrow_schema(arrow: Any, types: Mapping[str, Type]) -> Any:
    """The columns and their types, as Arrow says them."""
    names = {
        Type.WHOLE: arrow.int64(),
        Type.NUMBER: arrow.float64(),
        Type.TRUTH: arrow.bool_(),
        Type.MOMENT: arrow.timestamp("us", "UTC"),
        Type.TEXT: arrow.string(),
    }
    return arrow.schema([(name, names[type_]) for name, type_ in types.items()])


def _columns(rows: Iterable[Row], types: Mapping[str, Type]) -> dict[str, list[Any]]:
    held = list(rows)
    return {name: cells(type_, [row.get(name) for row in held]) for name, type_ in types.items()}
