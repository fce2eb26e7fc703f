"""What the rows of an export become: Parquet, CSV, or lines of JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from shutil import copyfileobj
from typing import Any, BinaryIO, Final

from leadquery._util.optional import import_optional
from leadquery.errors import QueryError
from leadquery.result import Row
from leadquery.result.column_types import ColumnType
from leadquery.result.frames import arrow_schema, arrow_table
from leadquery.result.serialize import csv_cells, csv_lines

Batches = Iterator[list[Row]]
"""Rows as Python values, some at a time."""

GROUP: Final = 20
"""Batches in a row group of Parquet: they take little once they are Arrow's."""

Write = Callable[[BinaryIO, Batches, Mapping[str, ColumnType], Path], None]


def writer_of(target: Path) -> Write:
    """What writes a file, by how its name ends.

    Raises QueryError for another ending, and MissingDependencyError for Parquet without pyarrow,
    before anything is fetched.
    """
    write = _WRITERS.get(target.suffix.lower())
    if write is None:
        raise QueryError(
            f"{target.name!r} ends in no format that is known; "
            f"write one of {', '.join(_WRITERS)} at its end"
        )
    if write is _parquet:
        arrow, _ = _arrow()
        # With its first value it loads pandas, where that is installed: better now than at the end.
        arrow.array([None])
    return write


def _parquet(out: BinaryIO, batches: Batches, types: Mapping[str, ColumnType], _: Path) -> None:
    arrow, parquet = _arrow()
    with parquet.ParquetWriter(out, arrow_schema(arrow, types)) as writer:
        tables = (arrow_table(arrow, rows, types) for rows in batches)
        while group := list(islice(tables, GROUP)):
            writer.write_table(arrow.concat_tables(group))


def _csv(out: BinaryIO, batches: Batches, types: Mapping[str, ColumnType], _: Path) -> None:
    names = list(types)
    out.write(csv_lines([names]).encode())
    out.writelines(csv_lines(csv_cells(rows, names)).encode() for rows in batches)


def _jsonl(out: BinaryIO, _: Batches, __: Mapping[str, ColumnType], part: Path) -> None:
    with part.open("rb") as lines:
        copyfileobj(lines, out)


def _arrow() -> tuple[Any, Any]:
    method = "an export to Parquet"
    return import_optional(method, "pyarrow"), import_optional(method, "pyarrow.parquet")


_WRITERS: Final[Mapping[str, Write]] = {".parquet": _parquet, ".csv": _csv, ".jsonl": _jsonl}
