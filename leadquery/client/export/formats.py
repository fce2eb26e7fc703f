"""What the rows of an export become: Parquet, CSV, or lines of JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from shutil import copyfileobj
from typing import Any, BinaryIO, Final

from leadquery.client.answer import Row
from leadquery.client.answer.libraries import library
from leadquery.client.answer.tables import arrow_schema, arrow_table
from leadquery.client.answer.texts import csv_cells, csv_lines
from leadquery.client.answer.types import Type
from leadquery.errors import QueryError

Batches = Iterator[list[Row]]
"""Rows as Python values, some at a time."""

GROUP: Final = 20
"""Batches in a row group of Parquet: they take little once they are Arrow's."""

Write = Callable[[BinaryIO, Batches, Mapping[str, Type], Path], None]


def writer_of(target: Path) -> Write:
    """What writes a file, by how its name ends.

    Raises QueryError for another ending, and NotInstalledError for Parquet without pyarrow,
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


def _parquet(out: BinaryIO, batches: Batches, types: Mapping[str, Type], _: Path) -> None:
    arrow, parquet = _arrow()
    with parquet.ParquetWriter(out, arrow_schema(arrow, types)) as writer:
        tables = (arrow_table(arrow, rows, types) for rows in batches)
        while group := list(islice(tables, GROUP)):
            writer.write_table(arrow.concat_tables(group))


def _csv(out: BinaryIO, batches: Batches, types: Mapping[str, Type], _: Path) -> None:
    names = list(types)
    out.write(csv_lines([names]).encode())
    out.writelines(csv_lines(csv_cells(rows, names)).encode() for rows in batches)


def _jsonl(out: BinaryIO, _: Batches, __: Mapping[str, Type], part: Path) -> None:
    with part.open("rb") as lines:
        copyfileobj(lines, out)


def _arrow() -> tuple[Any, Any]:
    method = "an export to Parquet"
    return library(method, "pyarrow"), library(method, "pyarrow.parquet")


_WRITERS: Final[Mapping[str, Write]] = {".parquet": _parquet, ".csv": _csv, ".jsonl": _jsonl}
