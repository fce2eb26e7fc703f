"""The rows of an export that has not ended: a line of JSON for each, and how far it has come."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import BinaryIO, Final

import attrs

from leadquery.client.export.checkpoint import Checkpoint, ExportKey, checkpoint_in
from leadquery.client.pagination import Change
from leadquery.errors import QueryError
from leadquery.result import Row
from leadquery.result.serialize import dumps, json_row

EVERY: Final = 1.0
"""Seconds between two checkpoints. What came since the last is fetched again after a kill."""

BATCH: Final = 1_000
"""Rows in memory at once."""


class PartFile:
    """The rows of an export, and its state.

    Behind the state stands one page more. A run that goes on reads that page again.
    """

    def __init__(self, handle: BinaryIO, state: Checkpoint, files: tuple[Path, Path]) -> None:
        self._handle = handle
        self.part, self._checkpoint = files
        self.resumed = state.rows
        self._to(state)

    def clear(self) -> None:
        """Start over."""
        self.resumed = 0
        self._to(Checkpoint(self.state.asked))

    def _to(self, state: Checkpoint) -> None:
        self.state = state
        self.pages, self.rows, self._size = state.pages, state.rows, state.size
        self._saved = monotonic()
        self._handle.truncate(state.size)
        self._handle.seek(state.size)

    def add(self, rows: Sequence[Row], total: int) -> Change | None:
        """Put the rows of the next page behind the others.

        Of the page that is read again, tells whether it is the same as before.
        """
        lines = "".join(f"{dumps(json_row(row))}\n" for row in rows).encode()
        digest = sha256(lines).hexdigest()
        again = self.pages == self.state.pages and self.state.last
        self.state = attrs.evolve(
            self.state,
            pages=self.pages,
            rows=self.rows,
            size=self._size,
            last=digest,
            total=total,
        )
        self._handle.write(lines)
        self.pages, self.rows, self._size = (
            self.pages + 1,
            self.rows + len(rows),
            self._size + len(lines),
        )
        if not again or again == digest:
            return None
        return Change(self.pages, "rows", "it held other rows when the export was stopped")

    def keep(self, changes: tuple[Change, ...]) -> None:
        """Note the changes that were seen, and save the state if the last time is a while ago."""
        self.state = attrs.evolve(self.state, changes=changes)
        if monotonic() - self._saved >= EVERY:
            self.save()

    def end(self) -> None:
        """Note that all rows are there."""
        self.state = attrs.evolve(
            self.state, pages=self.pages, rows=self.rows, size=self._size, last="", whole=True
        )
        self.save()

    def save(self) -> None:
        """Make rows and state safe against a power cut; the rows first, which the state counts."""
        self._handle.flush()
        os.fsync(self._handle.fileno())
        self.state.write(self._checkpoint)
        self._saved = monotonic()

    def batches(self) -> Iterator[list[Row]]:
        """The rows as they were written, some at a time: dates are texts."""
        self._handle.flush()
        with self.part.open("rb") as lines:
            left = self.rows
            while left:
                batch = [json.loads(line) for line in islice(lines, min(left, BATCH))]
                left -= len(batch)
                yield batch

    def remove(self) -> None:
        """Leave nothing behind. The state goes first: it says nothing without the rows."""
        self._checkpoint.unlink(missing_ok=True)
        self.part.unlink()


def beside(target: Path) -> tuple[Path, Path]:
    """Where the rows and the state of an export are until it ends."""
    return target.with_name(f"{target.name}.part"), target.with_name(f"{target.name}.checkpoint")


@contextmanager
def open_part_file(target: Path, asked: ExportKey, *, resume: bool) -> Iterator[PartFile]:
    """The rows that are there of an export, if it may go on, or none.

    Raises QueryError while another process writes them, and as `checkpoint_in` does.
    """
    part, checkpoint = beside(target)
    with os.fdopen(os.open(part, _FLAGS, 0o666), "r+b") as handle:
        _lock(handle, part)
        if not resume:
            checkpoint.unlink(missing_ok=True)
        state = checkpoint_in(checkpoint, asked) or Checkpoint(asked)
        if os.fstat(handle.fileno()).st_size < state.size:
            # The rows were taken away, and the state was left.
            state = Checkpoint(asked)
        spool = PartFile(handle, state, (part, checkpoint))
        try:
            yield spool
        except BaseException:
            if spool.rows:
                spool.save()
            else:
                spool.remove()
            raise


def _lock(handle: BinaryIO, part: Path) -> None:
    """Keep other processes away, where the system can."""
    if sys.platform != "win32":
        from fcntl import LOCK_EX, LOCK_NB, flock

        try:
            flock(handle, LOCK_EX | LOCK_NB)
        except OSError:
            raise QueryError(
                f"another export writes {str(part)!r}; wait for its end, or name another file"
            ) from None


_FLAGS: Final = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
