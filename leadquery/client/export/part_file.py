"""An unfinished export: its rows in a .part file, and how far it has come in a .checkpoint file.

Neither holds a key.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO, Final

import attrs
from attrs import frozen

from leadquery._util.atomic_write import atomic_write
from leadquery.client.pagination import Change
from leadquery.errors import QueryError
from leadquery.query.from_payload import from_payload
from leadquery.result import Row
from leadquery.result.serialize import dumps, json_row

FORMAT_VERSION: Final = 2
"""Of the checkpoint file. Files of another version are not read."""

RESTART_OPTION: Final = "resume=False (--no-resume)"
"""What starts an export over, in Python and in a shell."""

CHECKPOINT_INTERVAL: Final = 1.0
"""Seconds between two checkpoints. After a kill, the rows since the last one are fetched again."""

BATCH_SIZE: Final = 1_000
"""Rows in memory at once."""


@frozen
class ExportKey:
    """Identifies an export: only one with the same key may continue it."""

    host: str
    payload: Mapping[str, Any]
    limit: int | None


@frozen
class Checkpoint:
    """The state of an export.

    `pages`, `rows` and `size` (in bytes) count what comes before the last page in the part file,
    and `last_digest` is the hash of that page. A run that continues reads that page again, to see
    whether rows moved meanwhile. `complete` says that there is nothing left to fetch.
    """

    key: ExportKey
    pages: int = 0
    rows: int = 0
    size: int = 0
    last_digest: str = ""
    total: int | None = None
    changes: tuple[Change, ...] = ()
    complete: bool = False

    def write(self, path: Path) -> None:
        """Replace the checkpoint file."""
        text = json.dumps({"version": FORMAT_VERSION, **attrs.asdict(self)}, indent=1)
        with atomic_write(path, path.with_name(f"{path.name}.new")) as out:
            out.write(text.encode())


def read_checkpoint(path: Path, key: ExportKey) -> Checkpoint | None:
    """The checkpoint in a file; None if there is no file.

    Raises QueryError for the checkpoint of another export, and for an unreadable file.
    """
    if not path.exists():
        return None
    try:
        checkpoint = _parse_checkpoint(json.loads(path.read_text("utf-8")))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise QueryError(
            f"{str(path)!r} is not a readable checkpoint; write {RESTART_OPTION} to start over"
        ) from None
    if checkpoint.key != key:
        raise QueryError(
            f"{str(path)!r} belongs to an export {_mismatch(checkpoint.key, key)}; "
            f"continue that one, or write {RESTART_OPTION} to start over"
        )
    return checkpoint


def _parse_checkpoint(state: dict[str, Any]) -> Checkpoint:
    if state.pop("version") != FORMAT_VERSION:
        raise ValueError
    key = ExportKey(**state.pop("key"))
    from_payload(dict(key.payload))
    changes = tuple(Change(**change) for change in state.pop("changes"))
    return Checkpoint(key, changes=changes, **state)


def _mismatch(found: ExportKey, expected: ExportKey) -> str:
    """How the export of a checkpoint differs from this one."""
    if found.host != expected.host:
        return f"from {found.host!r}, not from {expected.host!r}"
    if found.limit != expected.limit:
        return f"with limit={found.limit}, not {expected.limit}"
    other = _describe_without_page(found.payload)
    if other == _describe_without_page(expected.payload):
        return "with another page size"
    return f"of another query ({other.rstrip('.')})"


def _describe_without_page(payload: Mapping[str, Any]) -> str:
    return from_payload(dict(payload)).page(1).describe()


class PartFile:
    """The rows of an unfinished export, one JSON object per line, and its checkpoint.

    The file has one page more than the checkpoint counts.
    """

    def __init__(
        self, handle: BinaryIO, path: Path, checkpoint_path: Path, checkpoint: Checkpoint
    ) -> None:
        self._handle = handle
        self.path = path
        self._checkpoint_path = checkpoint_path
        self.resumed = checkpoint.rows
        self._truncate(checkpoint)

    def clear(self) -> None:
        """Start over."""
        self.resumed = 0
        self._truncate(Checkpoint(self.checkpoint.key))

    def _truncate(self, checkpoint: Checkpoint) -> None:
        self.checkpoint = checkpoint
        self.pages, self.rows, self._size = checkpoint.pages, checkpoint.rows, checkpoint.size
        self._saved_at = monotonic()
        self._handle.truncate(checkpoint.size)
        self._handle.seek(checkpoint.size)

    def add(self, rows: Sequence[Row], total: int) -> Change | None:
        """Append the rows of the next page.

        If an earlier run has read that page, return a Change if its rows were others then.
        """
        lines = "".join(f"{dumps(json_row(row))}\n" for row in rows).encode()
        digest = sha256(lines).hexdigest()
        is_reread = self.pages == self.checkpoint.pages and self.checkpoint.last_digest
        changed = is_reread and self.checkpoint.last_digest != digest
        self.checkpoint = attrs.evolve(
            self.checkpoint,
            pages=self.pages,
            rows=self.rows,
            size=self._size,
            last_digest=digest,
            total=total,
        )
        self._handle.write(lines)
        self.pages += 1
        self.rows += len(rows)
        self._size += len(lines)
        if not changed:
            return None
        return Change(self.pages, "rows", "it had other rows when the export was stopped")

    def save_changes(self, changes: tuple[Change, ...]) -> None:
        """Record the changes so far, and save the checkpoint if CHECKPOINT_INTERVAL has passed."""
        self.checkpoint = attrs.evolve(self.checkpoint, changes=changes)
        if monotonic() - self._saved_at >= CHECKPOINT_INTERVAL:
            self.save()

    def finish(self) -> None:
        """Record that all rows were fetched."""
        self.checkpoint = attrs.evolve(
            self.checkpoint,
            pages=self.pages,
            rows=self.rows,
            size=self._size,
            last_digest="",
            complete=True,
        )
        self.save()

    def save(self) -> None:
        """Make the files safe against a power cut: first the rows, which the checkpoint counts."""
        self._handle.flush()
        os.fsync(self._handle.fileno())
        self.checkpoint.write(self._checkpoint_path)
        self._saved_at = monotonic()

    def batches(self) -> Iterator[list[Row]]:
        """The rows as they were written, in lists of bounded length. Dates are strings."""
        self._handle.flush()
        with self.path.open("rb") as lines:
            remaining = self.rows
            while remaining:
                batch = [json.loads(line) for line in islice(lines, min(remaining, BATCH_SIZE))]
                remaining -= len(batch)
                yield batch

    def remove(self) -> None:
        """Delete both files, the checkpoint first: it means nothing without the rows."""
        self._checkpoint_path.unlink(missing_ok=True)
        self.path.unlink()


@contextmanager
def open_part_file(target: Path, key: ExportKey, *, resume: bool) -> Iterator[PartFile]:
    """The part file of an export: that of an earlier run if `resume`, else an empty one.

    Raises QueryError if another process is writing it, and as `read_checkpoint` does.
    """
    path = target.with_name(f"{target.name}.part")
    checkpoint_path = target.with_name(f"{target.name}.checkpoint")
    with os.fdopen(os.open(path, _OPEN_FLAGS, 0o666), "r+b") as handle:
        _lock(handle, path)
        if not resume:
            checkpoint_path.unlink(missing_ok=True)
        checkpoint = read_checkpoint(checkpoint_path, key) or Checkpoint(key)
        if os.fstat(handle.fileno()).st_size < checkpoint.size:
            # Somebody deleted the rows, but not the checkpoint.
            checkpoint = Checkpoint(key)
        part = PartFile(handle, path, checkpoint_path, checkpoint)
        try:
            yield part
        except BaseException:
            if part.rows:
                part.save()
            else:
                part.remove()
            raise


_OPEN_FLAGS: Final = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)


def _lock(handle: BinaryIO, path: Path) -> None:
    """Lock the file against other processes, except on Windows."""
    if sys.platform != "win32":
        from fcntl import LOCK_EX, LOCK_NB, flock

        try:
            flock(handle, LOCK_EX | LOCK_NB)
        except OSError:
            raise QueryError(
                f"another export is writing {str(path)!r}; wait for it, or name another file"
            ) from None
