"""The file formats of an export: Parquet, CSV, and JSON Lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from shutil import copyfileobj
from typing import Any, BinaryIO, Final

from leadquery.errors import QueryError
from leadquery.result import Row
from leadquery.result.column_types import ColumnType
from leadquery.result.frames import arrow_schema, arrow_table, import_optional
from leadquery.result.serialize import csv_cells, csv_lines

Batches = Iterator[list[Row]]
"""Rows as Python values, in lists of bounded length."""

BATCHES_PER_ROW_GROUP: Final = 20

Write = Callable[[BinaryIO, Batches, Mapping[str, ColumnType], Path], None]
"""Writes the rows to a file, from batches or from the part file, which is JSON Lines already."""


def writer_for(target: Path) -> Write:
    """The function that writes a file, by its extension.

    Raises QueryError for an unknown extension, and MissingDependencyError for Parquet without
    pyarrow, before anything is fetched.
    """
    write = _WRITERS.get(target.suffix.lower())
    if write is None:
        raise QueryError(
            f"{target.name!r} has no known extension; write one of {', '.join(_WRITERS)}"
        )
    if write is _write_parquet:
        arrow, _ = _import_arrow()
        # The first value makes pyarrow import pandas, if installed: better now than at the end.
        arrow.array([None])
    return write


def _write_parquet(
    out: BinaryIO, batches: Batches, types: Mapping[str, ColumnType], _: Path
) -> None:
    arrow, parquet = _import_arrow()
    with parquet.ParquetWriter(out, arrow_schema(arrow, types)) as writer:
        tables = (arrow_table(arrow, rows, types) for rows in batches)
        while group := list(islice(tables, BATCHES_PER_ROW_GROUP)):
            writer.write_table(arrow.concat_tables(group))


def _write_csv(out: BinaryIO, batches: Batches, types: Mapping[str, ColumnType], _: Path) -> None:
    names = list(types)
    out.write(csv_lines([names]).encode())
    out.writelines(csv_lines(csv_cells(rows, names)).encode() for rows in batches)


def _write_jsonl(out: BinaryIO, _: Batches, __: Mapping[str, ColumnType], part: Path) -> None:
    with part.open("rb") as lines:
        copyfileobj(lines, out)


def _import_arrow() -> tuple[Any, Any]:
    feature = "an export to Parquet"
    return import_optional(feature, "pyarrow"), import_optional(feature, "pyarrow.parquet")


_WRITERS: Final[Mapping[str, Write]] = {
    ".parquet": _write_parquet,
    ".csv": _write_csv,
    ".jsonl": _write_jsonl,
}
