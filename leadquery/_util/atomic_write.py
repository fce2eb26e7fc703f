"""Write files atomically: a reader sees the whole new content or the old."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, Final

MODE: Final = 0o666
"""Permissions of a new file, before the umask."""

PRIVATE: Final = 0o600
"""Permissions of a file that only its owner may read."""

_NO_SPACE: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def atomic_write(path: str | os.PathLike[str], scratch: Path | None = None) -> Iterator[BinaryIO]:
    """Write a file beside `path`, then replace `path` by it, durably.

    The file keeps its permissions and its owner, and a link to a file in its own folder stays a
    link. `scratch` is the name of the file beside it, if a later run should find one that a kill
    has left. Raises OSError as `resolve_target` does, and if the file cannot be written; then its
    content is the old one.
    """
    target = resolve_target(path)
    scratch = scratch or target.with_name(f".leadquery-{token_hex(8)}.new")
    before = target.stat() if target.exists() else None
    scratch.unlink(missing_ok=True)
    try:
        # Until it has the permissions of the old file, nobody else may read it.
        with _create(scratch, MODE if before is None else PRIVATE) as output:
            yield output
            output.flush()
            if before is not None:
                _copy_owner_and_mode(before, output, scratch)
            os.fsync(output.fileno())
        scratch.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        if error.errno not in _NO_SPACE:
            if error.filename == str(scratch):
                error.filename = str(path)
            raise
        kept = "no file is written" if before is None else "the file keeps its old content"
        raise OSError(error.errno, f"{error.strerror}; {kept}", str(target)) from None
    finally:
        scratch.unlink(missing_ok=True)


def resolve_target(path: str | os.PathLike[str]) -> Path:
    """The regular file, perhaps a new one, that a path names.

    Raises OSError for a link to another folder, since whoever made the link chose that file, and
    for a folder, a pipe, a device, a folder that does not exist, or a name with a null character.
    """
    named = Path(path)
    if "\0" in str(named):
        raise OSError(errno.ENOENT, "its name has a null character", str(named))
    if named.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(named))
    if not named.parent.exists():
        hint = f"its folder {str(named.parent)!r} does not exist; make it first"
        raise FileNotFoundError(errno.ENOENT, hint, str(named))
    if named.exists() and not named.is_file():
        raise OSError(errno.EINVAL, "it is not a regular file", str(named))
    target = Path(os.path.realpath(named))
    if named.is_symlink() and not target.is_relative_to(os.path.realpath(named.parent)):
        hint = f"it is a link to {str(target)!r} in another folder; name that file"
        raise OSError(errno.ELOOP, hint, str(named))
    return target


def _create(path: Path, mode: int) -> BinaryIO:
    """Create a file, which must not exist."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, mode), "wb")


def _copy_owner_and_mode(before: os.stat_result, output: BinaryIO, path: Path) -> None:
    if sys.platform != "win32":
        now = os.fstat(output.fileno())
        if (now.st_uid, now.st_gid) != (before.st_uid, before.st_gid):
            try:
                os.fchown(output.fileno(), before.st_uid, before.st_gid)
            except PermissionError:
                raise PermissionError(
                    errno.EPERM, "its owner cannot be kept; delete it, or write another file"
                ) from None
    path.chmod(stat.S_IMODE(before.st_mode))


def _sync_folder(folder: Path) -> None:
    # Windows has no fsync for directories, and needs none.
    if sys.platform != "win32":
        directory = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
