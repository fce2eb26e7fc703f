"""Opens a file of this user for one process at a time."""

from __future__ import annotations

import errno
import os
import stat
import sys
from io import FileIO
from pathlib import Path
from typing import Final

from leadquery._util.atomic_write import PRIVATE
from leadquery.errors import QueryError


def open_locked(path: Path) -> FileIO:
    """Open and lock a file that has its name while it is locked."""
    while True:
        handle = FileIO(_open(path), "r+")
        try:
            _lock(handle, path)
            if _has_name(handle, path):
                _check_owner(handle, path)
                return handle
        except BaseException:
            handle.close()
            raise
        # The export that held the lock has finished, and deleted the file.
        handle.close()


_FLAGS: Final = (
    os.O_RDWR
    | os.O_CREAT
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
)


def _open(path: Path) -> int:
    try:
        return os.open(path, _FLAGS, PRIVATE)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EISDIR, errno.ENXIO):
            raise _not_own_error(path, "is no plain file") from None
        raise


def _check_owner(handle: FileIO, path: Path) -> None:
    """Reject what somebody else may have put there, or reads elsewhere."""
    found = os.fstat(handle.fileno())
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        raise _not_own_error(path, "is no plain file")
    if sys.platform != "win32" and found.st_uid != os.geteuid():
        raise _not_own_error(path, "belongs to another user")


def _not_own_error(path: Path, reason: str) -> QueryError:
    return QueryError(f"{str(path)!r} {reason}; move it, or export to a file of another name")


def _has_name(handle: FileIO, path: Path) -> bool:
    """Whether the open file is still the one of that name."""
    try:
        return os.path.samestat(os.fstat(handle.fileno()), path.lstat())
    except FileNotFoundError:
        return False


def _lock(handle: FileIO, path: Path) -> None:
    """Lock the file against other processes, except on Windows."""
    if sys.platform != "win32":
        from fcntl import LOCK_EX, LOCK_NB, flock

        try:
            flock(handle, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            raise QueryError(
                f"another export is writing {str(path)!r}; wait for it, or name another file"
            ) from None
