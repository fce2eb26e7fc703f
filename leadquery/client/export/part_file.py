"""An unfinished export: the rows fetched so far, in a .part file beside the target.

The file begins with `MAGIC`, which says that it is leadquery's, and a line about its export. Each
page is a block: a line about the page, and its rows as JSON Lines. Both kinds of lines begin with a
checksum, of the line and the rows below it. A block reaches the disk before the next is written,
so a kill or a power cut can only damage the last one; a thread waits for the disk. The file holds
no key.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import FileIO
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

import attrs
from attrs import frozen

from leadquery.client.export.blocks import (
    DAMAGE,
    Block,
    Times,
    checked_line,
    parse_block,
    parse_line,
)
from leadquery.client.export.lock import open_locked
from leadquery.errors import Change, QueryError
from leadquery.query.from_payload import from_payload
from leadquery.result import Row

MAGIC: Final = b"leadquery\n"

FORMAT_VERSION: Final = 4
"""Of the part file. Files of another version are not read."""

RESTART_OPTION: Final = "resume=False (--no-resume)"
"""What starts an export over, in Python and in a shell."""

BATCH_SIZE: Final = 1_000
"""Rows decoded at once."""

MAX_AGE: Final = timedelta(days=1)
"""After which a part file with all rows is no longer used."""

MAX_LINE: Final = 1 << 20
"""Bytes of a line about an export or a page."""


@frozen
class ExportKey:
    """Identifies an export: only one with the same key may continue it.

    `account` names the access key without revealing it. `window` says that the rows are read in
    windows of time instead of pages.
    """

    host: str
    account: str
    payload: Mapping[str, Any]
    limit: int | None
    window: bool = False


@frozen
class Header:
    """The export, when it started, and a random name for it."""

    key: ExportKey
    started: datetime
    id: str


class PartFile:
    """The rows of an unfinished export.

    A run that continues it reads its last page again, to see whether rows moved meanwhile. Until
    then, `pages` and `rows` count what comes before that page, and `last_page` has its rows, which
    `kept` counts too. `is_whole` says that all rows were fetched, `resumed` how many of them by an
    earlier run. `changes` are those that an earlier run saw.

    `windows` are the windows of time that were read, which are not read again.
    """

    def __init__(self, handle: FileIO, path: Path, key: ExportKey, syncer: Executor) -> None:
        self._handle = handle
        self._syncer = syncer
        self._synced: Future[None] | None = None
        self._key = key
        self.path = path
        self._start = self._end = 0
        self.pages = self.rows = self.kept = self.resumed = self.left_out = 0
        self.total: int | None = None
        self.changes: tuple[Change, ...] = ()
        self.last_page: bytes | None = None
        self._last_changes: tuple[Change, ...] = ()
        self.is_whole = False
        self.windows: list[Times | None] = []

    def load(self, *, resume: bool) -> None:
        """Continue what is in the file, or start over.

        Raises QueryError for a file that is not leadquery's, the part file of another export, and
        a damaged one.
        """
        content = self._handle.seek(0, os.SEEK_END)
        self._handle.seek(0)
        if content and self._handle.read(len(MAGIC)) != MAGIC:
            raise QueryError(
                f"{str(self.path)!r} is not an unfinished export; "
                "move it, or export to a file of another name"
            )
        if not (content and resume):
            self.clear()
            return
        self.header = self._read_header()
        self._end = self._start
        last: Block | None = None
        for block in self._blocks():
            if block.is_final:
                self.is_whole = True
                break
            self._append(last)
            last = block
        if self._key.window and last is not None:
            self._append(last)
            self.total = last.total
        elif last is not None:
            self.last_page, self.total = last.lines, last.total
            self._last_changes = last.changes
            self.changes += last.changes
            self.kept += last.rows
        self.resumed = self.rows
        if self.is_whole and datetime.now(UTC) - self.header.started > MAX_AGE:
            self.clear()

    def clear(self) -> None:
        """Start over."""
        now = datetime.now(UTC)
        self.header = Header(self._key, now, token_hex(8))
        state = {"version": FORMAT_VERSION, **attrs.asdict(self.header)}
        line = checked_line({**state, "started": now.isoformat()}, b"")
        self._handle.seek(0)
        self._handle.truncate()
        try:
            self._write(MAGIC + line)
            self._wait_for_disk()
        except OSError:
            self.remove()
            raise
        self._start = self._end = len(MAGIC) + len(line)
        self.pages = self.rows = self.kept = self.resumed = self.left_out = 0
        self.total = self.last_page = None
        self.changes = self._last_changes = ()
        self.is_whole = False
        self.windows = []

    def _append(self, block: Block | None) -> None:
        """Count a block that is before the last page."""
        if block is not None:
            self.pages += 1
            self.rows += block.rows
            self.kept = self.rows
            self.changes += block.changes
            self._end = block.end
            self.windows.append(block.window)
            self.left_out += block.left_out

    def add(
        self,
        lines: bytes,
        rows: int,
        total: int,
        changes: tuple[Change, ...],
        window: Times | None = None,
        left_out: int = 0,
    ) -> None:
        """Append the rows of the next page or window, and the changes that it shows."""
        changes = (*self._last_changes, *changes)
        of_window: dict[str, Any] = {"window": window, "left_out": left_out} if window else {}
        self._write_block(lines, rows, total, changes, **of_window)
        self.windows.append(window)
        self.left_out += left_out
        self._last_changes = ()
        self.pages += 1
        self.rows += rows
        self.kept = self.rows
        self.total = total
        self.last_page = None

    def finish(self) -> None:
        """Record that all rows were fetched."""
        self._write_block(b"", 0, self.total or 0, (), is_final=True)
        self._wait_for_disk()

    def _write_block(
        self,
        lines: bytes,
        rows: int,
        total: int,
        changes: tuple[Change, ...],
        *,
        is_final: bool = False,
        **of_window: Any,
    ) -> None:
        state = {
            "rows": rows,
            "size": len(lines),
            "total": total,
            "changes": [change._asdict() for change in changes],
            "is_final": is_final,
            **of_window,
        }
        block = checked_line(state, lines) + lines
        self._handle.seek(self._end)
        self._handle.truncate()
        self._write(block)
        self._end += len(block)

    def _write(self, content: bytes) -> None:
        self._wait_for_disk()
        rest = memoryview(content)
        while rest:
            rest = rest[self._handle.write(rest) :]
        self._synced = self._syncer.submit(os.fsync, self._handle.fileno())

    def _wait_for_disk(self) -> None:
        """Wait until all that was written is on the disk."""
        synced, self._synced = self._synced, None
        if synced is not None:
            synced.result()

    def batches(self) -> Iterator[list[Row]]:
        """The rows as they were written, in lists of bounded length. Dates are strings."""
        for lines in self._pages():
            rows = lines.split(b"\n")[:-1]
            for start in range(0, len(rows), BATCH_SIZE):
                # One array takes a third of the time of a text for each row.
                yield json.loads(b"[%b]" % b",".join(rows[start : start + BATCH_SIZE]))

    def lines(self) -> Iterator[bytes]:
        """The rows as JSON Lines, in parts."""
        return self._pages()

    def _pages(self) -> Iterator[bytes]:
        remaining = self.pages
        for block in self._blocks():
            if not remaining:
                return
            remaining -= 1
            yield block.lines

    def _read_header(self) -> Header:
        """The header of a file that begins with MAGIC."""
        with self._reader(len(MAGIC)) as file:
            line = file.readline(MAX_LINE)
        self._start = len(MAGIC) + len(line)
        try:
            state = parse_line(line, b"")
        except DAMAGE:
            raise self._damage_error(0) from None
        if state["version"] != FORMAT_VERSION:
            raise QueryError(
                f"{str(self.path)!r} was written by another version of leadquery; "
                f"continue with that one, or write {RESTART_OPTION} to start over"
            )
        key = ExportKey(**state["key"])
        if key != self._key:
            raise QueryError(
                f"{str(self.path)!r} belongs to an export {_mismatch(key, self._key)}; "
                f"continue that one, or write {RESTART_OPTION} to start over"
            )
        return Header(key, datetime.fromisoformat(state["started"]), state["id"])

    def _blocks(self) -> Iterator[Block]:
        """The blocks of the file, up to one that was not written to its end.

        Raises QueryError for a damaged block.
        """
        rows = 0
        size = os.fstat(self._handle.fileno()).st_size
        with self._reader(self._start) as file:
            start = self._start
            while line := file.readline(MAX_LINE):
                if not line.endswith(b"\n") and file.tell() == size:
                    return
                try:
                    block = parse_block(line, file, start, size)
                except DAMAGE:
                    if file.tell() == size:
                        return
                    raise self._damage_error(rows) from None
                yield block
                rows += block.rows
                start = block.end

    @contextmanager
    def _reader(self, start: int) -> Iterator[Any]:
        """The file from a position on, buffered. It shares its position with the handle."""
        with os.fdopen(os.dup(self._handle.fileno()), "rb") as file:
            file.seek(start)
            yield file

    def _damage_error(self, rows: int) -> QueryError:
        return QueryError(
            f"{str(self.path)!r} is damaged from row {rows + 1:,} on; "
            f"write {RESTART_OPTION} to start over"
        )

    @property
    def scratch(self) -> Path:
        """The file to write the finished rows to, before it replaces the target."""
        return self.path.with_name(f".leadquery-{self.header.id}.new")

    def remove(self) -> None:
        """Delete the file."""
        self.path.unlink()


def _mismatch(found: ExportKey, expected: ExportKey) -> str:
    """How the export of a part file differs from this one."""
    if found.host != expected.host:
        return f"from {found.host!r}, not from {expected.host!r}"
    if found.account != expected.account:
        return "with another access key"
    if found.window != expected.window:
        return f"with window={found.window}, not {expected.window}"
    if found.limit != expected.limit:
        return f"with limit={found.limit}, not {expected.limit}"
    other = _describe_without_page(found.payload)
    if other == _describe_without_page(expected.payload):
        return "with another page size"
    return f"of another query ({other.rstrip('.')})"


def _describe_without_page(payload: Mapping[str, Any]) -> str:
    return from_payload(dict(payload)).page(1).describe()


@contextmanager
def open_part_file(target: Path, key: ExportKey, *, resume: bool) -> Iterator[PartFile]:
    """The part file of an export: that of an earlier run if `resume`, else an empty one.

    It is deleted if it holds no rows when an error occurs. Raises QueryError if another process is
    writing it, if it is not a plain file of this user, and as `PartFile.load` does.
    """
    path = target.with_name(f"{target.name}.part")
    with open_locked(path) as handle, ThreadPoolExecutor(1) as syncer:
        part = PartFile(handle, path, key, syncer)
        part.load(resume=resume)
        try:
            yield part
        except BaseException:
            if not part.kept:
                part.remove()
            raise
