"""Write files atomically: a reader sees the whole new content or the old."""

from __future__ import annotations

import os
import stat
import sys
from codecs import getincrementaldecoder
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import IO, Any, BinaryIO, Final, cast

from leadquery.errors import QueryError

File = str | os.PathLike[str] | IO[Any]
"""A path, or a file open for writing bytes or text."""

MODE: Final = 0o666
"""Permissions of a new file, before the umask."""


class TextAdapter:
    """A binary file that decodes UTF-8 and writes to a text file."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._decoder = getincrementaldecoder("utf-8")("replace")

    def write(self, data: bytes) -> int:
        """Decode and write the complete characters so far."""
        self._file.write(self._decoder.decode(data))
        return len(data)


@contextmanager
def open_target(file: File) -> Iterator[BinaryIO]:
    """Open a path, or wrap an open file, for writing bytes.

    A path is replaced at the end, and keeps its content if an error occurs. Raises OSError if it
    cannot be written, QueryError for anything but a path or a file.
    """
    if not isinstance(file, (str, os.PathLike)):
        if not hasattr(file, "write"):
            raise QueryError(f"{file!r} is not a file; write a path, or pass an open file")
        yield cast("BinaryIO", TextAdapter(file) if _is_text(file) else file)
        return
    path = Path(file)
    if path.exists() and not path.is_file():
        # A pipe or a terminal cannot be replaced.
        with path.open("wb") as special_file:
            yield special_file
        return
    target = Path(os.path.realpath(path))
    with atomic_write(target, target.with_name(f".{target.name}.{token_hex(4)}.new")) as output:
        yield output


@contextmanager
def atomic_write(target: Path, scratch: Path) -> Iterator[BinaryIO]:
    """Write to `scratch`, then replace `target` by it, durably."""
    scratch.unlink(missing_ok=True)
    try:
        with _create(scratch) as output:
            yield output
            output.flush()
            os.fsync(output.fileno())
        _replace(scratch, target)
    finally:
        scratch.unlink(missing_ok=True)


def _create(path: Path) -> BinaryIO:
    """Create a file with the usual permissions; it must not exist."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, MODE), "wb")


def _replace(scratch: Path, target: Path) -> None:
    """Replace `target`, keeping its permissions."""
    if target.exists():
        scratch.chmod(stat.S_IMODE(target.stat().st_mode))
    scratch.replace(target)
    # Windows has no fsync for directories, and needs none.
    if sys.platform != "win32":
        directory = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def _is_text(file: IO[Any]) -> bool:
    try:
        file.write(b"")
    except TypeError:
        return True
    return False
