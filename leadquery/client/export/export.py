"""An export from its first page to the finished file, in one run or in several."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from attrs import frozen

from leadquery.client.answer import Row
from leadquery.client.answer.types import Columns
from leadquery.client.answer.values import Reading, reading_of
from leadquery.client.export.checkpoint import OVER, Asked
from leadquery.client.export.formats import writer_of
from leadquery.client.export.spool import Spool, spooled
from leadquery.client.files import replaced
from leadquery.client.pages import Change, Pages, Report
from leadquery.client.pages.changes import Watch
from leadquery.client.pages.progress import Tell, told
from leadquery.client.pages.runs import PASSES, Heed, never_still
from leadquery.errors import QueryError

KEPT: Final = "rows are kept in"


@frozen
class Exported:
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
class Order:
    """What is exported, of whom, and how."""

    pages: Pages
    host: str
    heed: Heed
    progress: Report | bool
    resume: bool


def export(order: Order, file: str | os.PathLike[str]) -> Exported:
    """Fetch what is not there yet, and put the finished file in its place."""
    target = _target(file)
    if target.is_dir():
        raise QueryError(f"{str(target)!r} is a folder; name a file in it")
    write = writer_of(target)
    query = order.pages.query
    reading = reading_of(query)
    asked = Asked(order.host, query.to_payload(), order.pages.limit)
    with spooled(target, asked, resume=order.resume) as spool:
        try:
            columns = _fetched(spool, order, reading)
        except BaseException as error:
            if spool.rows:
                error.add_note(
                    f"{spool.rows:,} {KEPT} {str(spool.part)!r}; the same export goes "
                    f"on from there, and starts over with {OVER}"
                )
            raise
        with replaced(target, target.with_name(f"{target.name}.new")) as out:
            write(out, _typed(spool, reading), columns.types, spool.part)
        spool.remove()
    state = spool.state
    return Exported(target, state.rows, state.total or 0, state.changes, spool.resumed)


def kept(error: BaseException) -> str | None:
    """What an error says of the rows of the export that it ended, if there are any."""
    notes: list[str] = getattr(error, "__notes__", [])
    return next((note for note in notes if KEPT in note), None)


def _target(file: str | os.PathLike[str]) -> Path:
    return Path(os.path.realpath(file))


def _fetched(spool: Spool, order: Order, reading: Reading) -> Columns:
    """See that all rows are there; their columns."""
    heed = order.heed
    with told(order.progress) as tell:
        for _ in range(PASSES):
            columns = Columns(reading.columns, reading.types)
            heed.changes = ()
            heed(spool.state.changes)
            if not heed.again and _read_on(spool, order, columns, tell):
                return columns
            spool.clear()
    raise never_still(heed.changes)


def _read_on(spool: Spool, order: Order, columns: Columns, tell: Tell) -> bool:
    """Fetch what is not there yet; False when all is to be fetched again."""
    query = order.pages.query
    watch = Watch(query)
    watch.total = spool.state.total
    for rows in _typed(spool, reading_of(query)):
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


def _typed(spool: Spool, reading: Reading) -> Iterator[list[Row]]:
    for batch in spool.batches():
        yield list(reading.rows(batch))
