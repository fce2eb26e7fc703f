"""Which files a command is given, what stands in them, and how they are written."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from attrs import frozen
from click import UsageError

STDIN: Final = "-"
SUFFIX: Final = ".json"


@frozen
class FileError:
    """A file or folder that cannot be read or written, and why, as the end of a sentence."""

    file: str
    reason: str


def discover(names: Iterable[str]) -> Iterator[str | FileError]:
    """The files of some names, each once: a folder stands for the JSON files in it, at any depth.

    What is hidden is skipped in a folder, and read where it is named.
    """
    seen: set[str] = set()
    for name in names:
        files = _in_folder(name) if name != STDIN and Path(name).is_dir() else (name,)
        for file in files:
            same = file if file == STDIN or isinstance(file, FileError) else os.path.realpath(file)
            if isinstance(same, FileError):
                yield same
            elif same not in seen:
                seen.add(same)
                yield file


def _in_folder(name: str) -> Iterator[str | FileError]:
    lost: list[FileError] = []

    def note(error: OSError) -> None:
        lost.append(unreadable(str(error.filename), error))

    for folder, folders, files in os.walk(name, onerror=note):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for file in sorted(files):
            if file.lower().endswith(SUFFIX) and not file.startswith("."):
                yield str(Path(folder, file))
    yield from lost


def unreadable(file: str, error: OSError, *, to: str = "read") -> FileError:
    """What is said of a file that cannot be read, or written."""
    return FileError(file, f"cannot be {to}: {error.strerror or error}")


def read(file: str) -> bytes:
    """The bytes of a file, or of stdin for '-'; OSError where there are none."""
    if file != STDIN:
        return Path(file).read_bytes()
    if sys.stdin is None:
        raise OSError(errno.EBADF, "stdin is closed")
    return sys.stdin.buffer.read()


def contents(file: str) -> bytes:
    """The same, of a file that a command needs: without it, the command ends with 2."""
    try:
        return read(file)
    except OSError as error:
        lost = unreadable(file, error)
        raise UsageError(f"{lost.file!r} {lost.reason}") from None


def write(file: str, content: bytes) -> None:
    """Put other bytes into a file at one stroke: nobody ever meets half of them.

    The file keeps its mode, and a link to it stays a link. OSError where it cannot be written.
    """
    from tempfile import mkstemp

    mode = Path(file).stat().st_mode
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is no regular file")
    target = Path(os.path.realpath(file))
    handle, beside = mkstemp(prefix=".leadquery-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
        Path(beside).chmod(stat.S_IMODE(mode))
        Path(beside).replace(target)
    except BaseException:
        Path(beside).unlink()
        raise
