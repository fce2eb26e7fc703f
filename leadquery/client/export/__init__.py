"""`Client.export`: lists of any length in a file, in bounded memory, resumed after a stop.

`run_export` fetches the pages and writes the finished file: Parquet, CSV, JSON Lines or Excel.
Until then, `part_file.PartFile` keeps the rows fetched so far. Start reading at `run_export`, which
only `Client.export` calls.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final

from attrs import frozen

from leadquery._util.atomic_write import atomic_write, resolve_target
from leadquery.client.drift import MAX_PASSES, ChangePolicy, DriftDetector, too_many_passes_error
from leadquery.client.export.part_file import RESTART_OPTION, ExportKey, PartFile, open_part_file
from leadquery.client.export.windows import fetch_windows
from leadquery.client.paginator import Paginator
from leadquery.client.progress import ProgressCallback, ReportRows, progress_reporter
from leadquery.errors import Change, QueryError
from leadquery.fields import ProspectID
from leadquery.query.query import Query
from leadquery.result import Row
from leadquery.result.decode import RowDecoder, decoder_for
from leadquery.result.excel import check_size, import_xlsxwriter, write_workbook
from leadquery.result.frames import (
    ColumnType,
    TypeInference,
    arrow_schema,
    arrow_table,
    import_optional,
)
from leadquery.result.serialize import CsvFormat, ZoneKey, convert_rows, json_lines
from leadquery.wire.model import ListOutput

__all__ = ["ExportJob", "ExportResult", "resume_note", "run_export"]

Batches = Iterator[list[Row]]
"""Rows as Python values, in lists of bounded length."""

BATCHES_PER_ROW_GROUP: Final = 20

Write = Callable[[BinaryIO, "FinishedRows"], None]
"""Writes the rows to a file."""


@frozen
class FinishedRows:
    """All rows of an export, in the part file, and what is known of their columns.

    `spreadsheet` says that CSV is for spreadsheets, `tz` is the zone to write times in. `extra` is
    a column of the part file that the file does not have.
    """

    part: PartFile
    decoder: RowDecoder
    columns: TypeInference
    spreadsheet: bool
    tz: ZoneKey
    extra: str | None

    @property
    def types(self) -> dict[str, ColumnType]:
        """The type of each column."""
        return self.columns.types

    def batches(self) -> Batches:
        """The rows as Python values."""
        for rows in _decoded_batches(self.part, self.decoder):
            yield _without(self.extra, rows)


def writer_for(target: Path) -> Write:
    """The function that writes a file, by its extension.

    Raises QueryError for an unknown extension, and MissingDependencyError for a format whose
    library is not installed, before anything is fetched.
    """
    write = _WRITERS.get(target.suffix.lower())
    if write is None:
        is_json = target.suffix.lower() == ".json"
        hint = f", or client.run(query).to_json({target.name!r})" if is_json else ""
        raise QueryError(
            f"{target.name!r} has no known extension; write one of {', '.join(_WRITERS)}{hint}"
        )
    if write is _write_parquet:
        arrow, _ = _import_arrow()
        # The first value makes pyarrow import pandas, if installed: better now than at the end.
        arrow.array([None])
    if write is _write_excel:
        import_xlsxwriter(_EXCEL)
    return write


def _write_parquet(out: BinaryIO, rows: FinishedRows) -> None:
    arrow, parquet = _import_arrow()
    types, tz = rows.types, rows.tz
    with parquet.ParquetWriter(out, arrow_schema(arrow, types, tz)) as writer:
        tables = (arrow_table(arrow, batch, types, tz) for batch in rows.batches())
        while group := list(islice(tables, BATCHES_PER_ROW_GROUP)):
            writer.write_table(arrow.concat_tables(group))


def _write_csv(out: BinaryIO, rows: FinishedRows) -> None:
    csv = CsvFormat(rows.spreadsheet, rows.tz)
    out.write(csv.header(rows.columns.csv_headers(rows.tz, spreadsheet=rows.spreadsheet)))
    out.writelines(csv.rows(batch, list(rows.types)) for batch in rows.batches())


def _write_jsonl(out: BinaryIO, rows: FinishedRows) -> None:
    if rows.tz is None and rows.extra is None:
        out.writelines(rows.part.lines())
    else:
        out.writelines(json_lines(convert_rows(batch, rows.tz)) for batch in rows.batches())


def _write_excel(out: BinaryIO, rows: FinishedRows) -> None:
    headers = rows.columns.headers(rows.tz)
    check_size(rows.part.rows)
    write_workbook(import_xlsxwriter(_EXCEL), out, headers, rows.batches(), rows.tz)


_EXCEL: Final = "an export to Excel"


def _import_arrow() -> tuple[Any, Any]:
    feature = "an export to Parquet"
    return (
        import_optional(feature, "pyarrow", extra="parquet"),
        import_optional(feature, "pyarrow.parquet", extra="parquet"),
    )


_WRITERS: Final[Mapping[str, Write]] = {
    ".parquet": _write_parquet,
    ".csv": _write_csv,
    ".jsonl": _write_jsonl,
    ".xlsx": _write_excel,
}

_KEPT: Final = "rows are kept in"


@frozen
class ExportResult:
    """A finished export: the file, the number of rows in it, and the total number of rows.

    `changes` are the signs that rows moved while they were read, `resumed` is the number of rows
    that came from an earlier run that was stopped, and `started` is when the first of them was
    read, in UTC.
    """

    file: Path
    rows: int
    total: int
    changes: tuple[Change, ...] = ()
    resumed: int = 0
    started: datetime | None = None


@frozen
class ExportJob:
    """What to export, and how. `account` names the access key without revealing it.

    `window` says to read windows of time instead of pages.
    """

    pages: Paginator
    host: str
    account: str
    policy: ChangePolicy
    progress: ProgressCallback | bool
    resume: bool
    spreadsheet: bool
    tz: ZoneKey
    window: bool = False

    @property
    def extra(self) -> str | None:
        """The column that only windows need, to tell leads apart."""
        is_extra = self.window and ProspectID.name not in self.pages.query.output.columns
        return ProspectID.name if is_extra else None


def run_export(job: ExportJob, file: str | os.PathLike[str]) -> ExportResult:
    """Fetch the rows that are missing, and write the finished file."""
    query = job.pages.query
    if job.window:
        _check_window(query, job.pages.limit)
    target = _resolve(file)
    write = writer_for(target)
    if job.spreadsheet and write is not _write_csv:
        raise QueryError(f"spreadsheet=True is for CSV, not for {target.name!r}; leave it out")
    decoder = decoder_for(query)
    key = ExportKey(job.host, job.account, query.to_payload(), job.pages.limit, job.window)
    with open_part_file(target, key, resume=job.resume) as part:
        try:
            columns = _fetch(part, job, decoder, write)
            rows = FinishedRows(part, decoder, columns, job.spreadsheet, job.tz, job.extra)
            with atomic_write(target, part.scratch) as out:
                write(out, rows)
        except BaseException as error:
            if part.kept:
                error.add_note(
                    f"{part.kept:,} {_KEPT} {str(part.path)!r}; the same export continues "
                    f"from there, or starts over with {RESTART_OPTION}"
                )
            raise
        part.remove()
    return ExportResult(
        target, part.rows, part.total or 0, job.policy.changes, part.resumed, part.header.started
    )


_WINDOW_OPTION: Final = "window=True (--window)"
"""What reads windows of time, in Python and in a shell."""


def _check_window(query: Query, limit: int | None) -> None:
    """Raise QueryError for an export that windows of time cannot read."""
    if not isinstance(query.output, ListOutput):
        raise QueryError(f"{_WINDOW_OPTION} reads lists of leads, not groups; leave it out")
    if limit is not None:
        raise QueryError(f"{_WINDOW_OPTION} reads all rows; leave it out, or the limit")


def _resolve(file: str | os.PathLike[str]) -> Path:
    """The file to write.

    Raises QueryError for a folder, a pipe, an open file, and a link to another folder, and
    FileNotFoundError for a file in a folder that does not exist.
    """
    if not isinstance(file, (str, os.PathLike)):
        raise QueryError(f"{file!r} is not a path; write a name, such as 'leads.csv'")
    name = repr(os.fspath(file))
    try:
        return resolve_target(file)
    except IsADirectoryError:
        raise QueryError(f"{name} is a folder; name a file in it") from None
    except OSError as error:
        if error.errno == errno.ENOENT and "\0" not in os.fspath(file):
            raise
        hint = "; write to it with client.csv(...)" if error.errno == errno.EINVAL else ""
        raise QueryError(f"{name} cannot be replaced: {error.strerror}{hint}") from None


def resume_note(error: BaseException) -> str | None:
    """The note of an error that ended an export after some rows, if it has one."""
    notes: list[str] = getattr(error, "__notes__", [])
    return next((note for note in notes if _KEPT in note), None)


def _fetch(part: PartFile, job: ExportJob, decoder: RowDecoder, write: Write) -> TypeInference:
    """Complete the part file, and return the columns of its rows.

    Raises QueryError as soon as it is known that the rows do not fit the file.
    """
    policy = job.policy
    with progress_reporter(job.progress) as progress:

        def report(rows: int, total: int) -> None:
            if write is _write_excel:
                check_size(total)
            progress(rows, total)

        for _ in range(MAX_PASSES):
            columns = TypeInference(decoder.columns, decoder.types)
            policy.changes = ()
            policy.apply(part.changes)
            fetch = _fetch_windows if job.window else _fetch_pages
            if not policy.wants_refetch and fetch(part, job, columns, decoder, report):
                return columns
            part.clear()
    raise too_many_passes_error(policy.changes)


def _fetch_windows(
    part: PartFile, job: ExportJob, columns: TypeInference, decoder: RowDecoder, report: ReportRows
) -> bool:
    """Fetch the windows of time that are missing; False if all are to be fetched again."""

    def observe(rows: Sequence[Row]) -> None:
        columns.observe(_without(job.extra, rows))

    for rows in _decoded_batches(part, decoder):
        observe(rows)
    return fetch_windows(part, job.pages, job.policy, observe, report)


def _fetch_pages(
    part: PartFile, job: ExportJob, columns: TypeInference, decoder: RowDecoder, report: ReportRows
) -> bool:
    """Fetch the pages that are missing; False if all are to be fetched again."""
    detector = DriftDetector(job.pages.query)
    detector.total = part.total
    for rows in _decoded_batches(part, decoder):
        detector.preload(rows)
        columns.observe(rows)
    pages = job.pages.restarted(part.pages + 1, detector, part.rows)
    for result, signs in pages:
        changes = signs
        lines = json_lines(result.rows, part.rows + 1)
        moved = part.last_page not in (None, lines)
        if part.is_whole and (changes or moved):
            # All rows were there, and are outdated.
            return False
        if moved:
            text = "it had other rows when the export was stopped"
            changes = (*changes, Change(part.pages + 1, "rows", text))
        part.add(lines, len(result), result.total, changes)
        columns.observe(result.rows)
        job.policy.apply(changes)
        if job.policy.wants_refetch:
            return False
        report(part.rows, pages.goal)
    part.finish()
    return True


def _decoded_batches(part: PartFile, decoder: RowDecoder) -> Iterator[list[Row]]:
    for batch in part.batches():
        decoder.parse(batch)
        yield batch


def _without(column: str | None, rows: Sequence[Row]) -> list[Row]:
    """Rows without a column."""
    if column is None:
        return list(rows)
    return [{name: row[name] for name in row if name != column} for row in rows]
