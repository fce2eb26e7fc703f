"""An export to Parquet, CSV or JSON Lines, in one run or in several."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from shutil import copyfileobj
from typing import Any, BinaryIO, Final

from attrs import frozen

from leadquery._util.atomic_write import atomic_write
from leadquery.client.export.part_file import RESTART_OPTION, ExportKey, PartFile, open_part_file
from leadquery.client.pagination import (
    MAX_PASSES,
    Change,
    ChangePolicy,
    DriftDetector,
    Paginator,
    ProgressCallback,
    progress_reporter,
    too_many_passes_error,
)
from leadquery.client.pagination.progress import ReportRows
from leadquery.errors import QueryError
from leadquery.result import Row
from leadquery.result.decoding import RowDecoder, decoder_for
from leadquery.result.frames import (
    ColumnType,
    TypeInference,
    arrow_schema,
    arrow_table,
    import_optional,
)
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

_KEPT: Final = "rows are kept in"


@frozen
class ExportResult:
    """A finished export: the file, the number of rows in it, and the total number of rows.

    `changes` are the signs that rows moved while they were read, and `resumed` is the number of
    rows that came from an earlier run that was stopped.
    """

    file: Path
    rows: int
    total: int
    changes: tuple[Change, ...] = ()
    resumed: int = 0


@frozen
class ExportJob:
    """What to export, and how."""

    pages: Paginator
    host: str
    policy: ChangePolicy
    progress: ProgressCallback | bool
    resume: bool


def run_export(job: ExportJob, file: str | os.PathLike[str]) -> ExportResult:
    """Fetch the rows that are missing, and write the finished file."""
    target = Path(os.path.realpath(file))
    if target.is_dir():
        raise QueryError(f"{str(target)!r} is a folder; name a file in it")
    write = writer_for(target)
    query = job.pages.query
    decoder = decoder_for(query)
    key = ExportKey(job.host, query.to_payload(), job.pages.limit)
    with open_part_file(target, key, resume=job.resume) as part:
        try:
            columns = _fetch(part, job, decoder)
        except BaseException as error:
            if part.rows:
                error.add_note(
                    f"{part.rows:,} {_KEPT} {str(part.path)!r}; the same export continues "
                    f"from there, or starts over with {RESTART_OPTION}"
                )
            raise
        with atomic_write(target, target.with_name(f"{target.name}.new")) as out:
            write(out, _decoded_batches(part, decoder), columns.types, part.path)
        part.remove()
    checkpoint = part.checkpoint
    return ExportResult(
        target, checkpoint.rows, checkpoint.total or 0, checkpoint.changes, part.resumed
    )


def resume_note(error: BaseException) -> str | None:
    """The note of an error that ended an export after some rows, if it has one."""
    notes: list[str] = getattr(error, "__notes__", [])
    return next((note for note in notes if _KEPT in note), None)


def _fetch(part: PartFile, job: ExportJob, decoder: RowDecoder) -> TypeInference:
    """Complete the part file, and return the columns of its rows."""
    policy = job.policy
    with progress_reporter(job.progress) as report:
        for _ in range(MAX_PASSES):
            columns = TypeInference(decoder.columns, decoder.types)
            policy.changes = ()
            policy.apply(part.checkpoint.changes)
            if not policy.wants_refetch and _fetch_missing(part, job, columns, decoder, report):
                return columns
            part.clear()
    raise too_many_passes_error(policy.changes)


def _fetch_missing(
    part: PartFile, job: ExportJob, columns: TypeInference, decoder: RowDecoder, report: ReportRows
) -> bool:
    """Fetch the pages that are missing; False if all are to be fetched again."""
    detector = DriftDetector(job.pages.query)
    detector.total = part.checkpoint.total
    for rows in _decoded_batches(part, decoder):
        detector.preload(rows)
        columns.observe(rows)
    if part.checkpoint.complete:
        return True
    pages = job.pages.restarted(part.pages + 1, detector, part.rows)
    for result, changes in pages:
        change = part.add(result.rows, result.total)
        columns.observe(result.rows)
        try:
            job.policy.apply((*changes, change) if change else changes)
        finally:
            part.save_changes(job.policy.changes)
        if job.policy.wants_refetch:
            return False
        report(part.rows, pages.goal)
    part.finish()
    return True


def _decoded_batches(part: PartFile, decoder: RowDecoder) -> Iterator[list[Row]]:
    for batch in part.batches():
        yield list(decoder.decode(batch))
