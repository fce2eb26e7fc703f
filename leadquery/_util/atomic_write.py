"""Write files atomically: a reader sees the whole new content or the old."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

MODE: Final = 0o666
"""Permissions of a new file, before the umask."""


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
