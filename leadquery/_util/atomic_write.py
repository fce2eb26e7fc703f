"""Files that answers are written to: by path, at one stroke, or as something that is open."""

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
"""A path, or a file that is open for bytes or for text."""

MODE: Final = 0o666
"""Of a new file, before the mask of the process."""


class TextAdapter:
    """Takes bytes in UTF-8 and writes them to a file of text."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._decoder = getincrementaldecoder("utf-8")("replace")

    def write(self, part: bytes) -> int:
        """Write what the bytes so far say."""
        self._file.write(self._decoder.decode(part))
        return len(part)


@contextmanager
def open_target(file: File) -> Iterator[BinaryIO]:
    """Something to write bytes to.

    A path holds all of them at the end, or what it held before; OSError where it cannot be
    written.
    """
    if not isinstance(file, (str, os.PathLike)):
        if not hasattr(file, "write"):
            raise QueryError(f"{file!r} is no file; write a path, or give a file that is open")
        yield cast("BinaryIO", TextAdapter(file) if _is_text(file) else file)
        return
    path = Path(file)
    if path.exists() and not path.is_file():
        # A pipe or a terminal: nothing can be put in its place.
        with path.open("wb") as straight:
            yield straight
        return
    target = Path(os.path.realpath(path))
    with atomic_write(target, target.with_name(f".{target.name}.{token_hex(4)}.new")) as part:
        yield part


@contextmanager
def atomic_write(target: Path, scratch: Path) -> Iterator[BinaryIO]:
    """A file to write that takes the place of another when it is whole, also after a power cut."""
    scratch.unlink(missing_ok=True)
    try:
        with _created(scratch) as part:
            yield part
            part.flush()
            os.fsync(part.fileno())
        _put_in_place(scratch, target)
    finally:
        scratch.unlink(missing_ok=True)


def _created(path: Path) -> BinaryIO:
    """A new file, with the rights that the process gives to new files."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, MODE), "wb")


def _put_in_place(scratch: Path, target: Path) -> None:
    """Put a file where another may be, with the rights of that other."""
    if target.exists():
        scratch.chmod(stat.S_IMODE(target.stat().st_mode))
    scratch.replace(target)
    # Windows keeps by itself what a folder names.
    if sys.platform != "win32":
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _is_text(file: IO[Any]) -> bool:
    try:
        file.write(b"")
    except TypeError:
        return True
    return False
