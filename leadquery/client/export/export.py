"""An export from its first page to the finished file, in one run or in several."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from attrs import frozen

from leadquery._util.atomic_write import atomic_write
from leadquery.client.export.checkpoint import RESTART_OPTION, ExportKey
from leadquery.client.export.formats import writer_of
from leadquery.client.export.part_file import PartFile, open_part_file
from leadquery.client.pagination import Change, Paginator, ProgressCallback
from leadquery.client.pagination.drift import DriftDetector
from leadquery.client.pagination.progress import Tell, progress_reporter
from leadquery.client.pagination.runs import PASSES, ChangePolicy, never_still
from leadquery.errors import QueryError
from leadquery.result import Row
from leadquery.result.column_types import TypeInference
from leadquery.result.decoding import RowDecoder, decoder_for

KEPT: Final = "rows are kept in"


@frozen
class ExportResult:
    """A finished export: its file, the rows in it, and how many there are in all.

    `changes` are the signs that rows moved while they were read, `resumed` the rows that were
    there already from a run that was stopped.
    """

    file: Path
    rows: int
    total: int
    changes: tuple[Change, ...] = ()
    resumed: int = 0


@frozen
class ExportJob:
    """What is exported, of whom, and how."""

    pages: Paginator
    host: str
    heed: ChangePolicy
    progress: ProgressCallback | bool
    resume: bool


def export(order: ExportJob, file: str | os.PathLike[str]) -> ExportResult:
    """Fetch what is not there yet, and put the finished file in its place."""
    target = _target(file)
    if target.is_dir():
        raise QueryError(f"{str(target)!r} is a folder; name a file in it")
    write = writer_of(target)
    query = order.pages.query
    reading = decoder_for(query)
    asked = ExportKey(order.host, query.to_payload(), order.pages.limit)
    with open_part_file(target, asked, resume=order.resume) as spool:
        try:
            columns = _fetched(spool, order, reading)
        except BaseException as error:
            if spool.rows:
                error.add_note(
                    f"{spool.rows:,} {KEPT} {str(spool.part)!r}; the same export goes "
                    f"on from there, and starts over with {RESTART_OPTION}"
                )
            raise
        with atomic_write(target, target.with_name(f"{target.name}.new")) as out:
            write(out, _typed(spool, reading), columns.types, spool.part)
        spool.remove()
    state = spool.state
    return ExportResult(target, state.rows, state.total or 0, state.changes, spool.resumed)


def resume_note(error: BaseException) -> str | None:
    """What an error says of the rows of the export that it ended, if there are any."""
    notes: list[str] = getattr(error, "__notes__", [])
    return next((note for note in notes if KEPT in note), None)


def _target(file: str | os.PathLike[str]) -> Path:
    return Path(os.path.realpath(file))


def _fetched(spool: PartFile, order: ExportJob, reading: RowDecoder) -> TypeInference:
    """See that all rows are there; their columns."""
    heed = order.heed
    with progress_reporter(order.progress) as tell:
        for _ in range(PASSES):
            columns = TypeInference(reading.columns, reading.types)
            heed.changes = ()
            heed(spool.state.changes)
            if not heed.again and _read_on(spool, order, columns, tell):
                return columns
            spool.clear()
    raise never_still(heed.changes)


def _read_on(spool: PartFile, order: ExportJob, columns: TypeInference, tell: Tell) -> bool:
    """Fetch what is not there yet; False when all is to be fetched again."""
    query = order.pages.query
    watch = DriftDetector(query)
    watch.total = spool.state.total
    for rows in _typed(spool, decoder_for(query)):
        watch.recall(rows)
        columns.note(rows)
    if spool.state.whole:
        return True
    pages = order.pages.again(spool.pages + 1, watch, spool.rows)
    for answer, changes in pages.each():
        moved = spool.add(answer.rows, answer.total)
        columns.note(answer.rows)
        try:
            order.heed((*changes, moved) if moved else changes)
        finally:
            spool.keep(order.heed.changes)
        if order.heed.again:
            return False
        tell(spool.rows, pages.goal)
    spool.end()
    return True


def _typed(spool: PartFile, reading: RowDecoder) -> Iterator[list[Row]]:
    for batch in spool.batches():
        yield list(reading.rows(batch))
