"""Files: which ones a command is given, reading and writing them."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

import click
from attrs import frozen
from click import ClickException, UsageError

if TYPE_CHECKING:
    from pathlib import Path

STDIN: Final = "-"
SUFFIX: Final = ".json"
PYTHON: Final = ".py"
SQL: Final = ".sql"
_SUFFIXES: Final = (PYTHON, SUFFIX, SQL)

EXPECTED: Final = "write FILE.py:NAME, FILE.py, FILE.json, FILE.sql or -"

CUTOFF: Final = 0.6
"""The similarity of names for a suggestion: a transposition in a name of five letters."""

MAX_SIZE: Final = 16 << 20
"""Bytes of the largest file of a folder to read: a payload has a few thousand."""

NOT_REGULAR: Final = "it is not a regular file"


@frozen(repr=False)
class FileError:
    """A file or folder that cannot be read or written, and the reason."""

    file: str
    reason: str

    @classmethod
    def reading(cls, file: str, error: OSError) -> FileError:
        """The error of a file that cannot be read."""
        return cls(file, f"cannot be read: {error.strerror or error}")

    @classmethod
    def missing(cls, file: str) -> FileError:
        """The error of a name that no file has, and the name that was probably intended."""
        from textwrap import shorten

        beginning = shorten(file, 40, placeholder=" …")
        if file.lstrip().startswith(("{", "[")):
            return cls(beginning, "is JSON itself; save it as FILE.json, or pipe it to -")
        if re.match(_SQL_START, file.encode(errors="replace")):
            return cls(beginning, "is SQL itself; save it as FILE.sql")
        if not file:
            return cls(file, f"names no query; {EXPECTED}")
        if is_folder(file):
            return cls(file, "is a folder; name a file in it")
        near = nearest_file(file)
        return cls(file, f"does not exist; {f'did you mean {near!r}?' if near else EXPECTED}")

    @classmethod
    def writing(cls, file: str, error: OSError) -> FileError:
        """The error of a file that cannot be written."""
        return cls(file, f"cannot be written: {error.strerror or error}")

    def __str__(self) -> str:
        return f"{self.file!r} {self.reason}"


_SQL_START: Final = rb"(?i)\s*(select|with)\s"
_PYTHON_IMPORT: Final = rb"(?m)^(from|import)[ ]+leadquery\b"


def wrong_language(content: bytes) -> str | None:
    """What to write if Python or SQL is where a payload belongs."""
    if re.search(_PYTHON_IMPORT, content):
        return "it is Python, not JSON: save it as FILE.py and name that"
    if re.match(_SQL_START, content):
        return "it is SQL, not JSON: save it as FILE.sql and name that"
    return None


def nearest_file(file: str) -> str | None:
    """The file beside a missing one with a similar name, if possible of the same kind."""
    from pathlib import Path

    from leadquery._util.text import closest_match

    path = Path(file)
    try:
        beside = [one for one in path.parent.iterdir() if one.suffix.lower() in _SUFFIXES]
    except OSError:
        return None
    beside.sort(key=lambda one: (one.suffix == path.suffix, one.name))
    stem = path.stem if path.suffix.lower() in _SUFFIXES else path.name
    return closest_match(stem, {one.stem: str(one) for one in beside}, CUTOFF)


def exists(file: str) -> bool:
    """Whether there is such a file or folder. Path.exists raises for very long names."""
    return os.path.exists(file)  # noqa: PTH110


def is_folder(file: str) -> bool:
    """Whether there is such a folder. Path.is_dir raises for very long names."""
    return os.path.isdir(file)  # noqa: PTH112


_REQUEST_IN_FILE: Final = r"(?is)(.+\.(?:json|har|sh|cmd|bat|curl|txt)):(.+)"


def split_request(name: str) -> tuple[str, str]:
    """The file of an argument, and the request in it that FILE.json:REQUEST names, or ""."""
    found = None if exists(name) else re.fullmatch(_REQUEST_IN_FILE, name)
    return (found[1], found[2]) if found else (name, "")


def is_query(name: str) -> bool:
    """Whether an argument names a query in Python or SQL, not a payload or a folder."""
    if split_request(name)[1]:
        return False
    if name == STDIN or name.lower().endswith(SUFFIX) or is_folder(name):
        return False
    if name.lower().endswith((PYTHON, SQL)):
        return True
    _, colon, names = name.rpartition(":")
    return bool(colon and re.fullmatch(r"[\w,]*", names)) and not exists(name)


def discover(names: Iterable[str]) -> Iterator[str | FileError]:
    """The files that names stand for, each once: a folder means all JSON files in it.

    Hidden files and folders are skipped, unless they are named. What a folder holds may come from
    anyone, so its pipes, devices, very large files, and links out of it are not read, unless they
    are named.
    """
    seen: set[str] = set()
    for name in names:
        files = _in_folder(name) if name != STDIN and is_folder(name) else (name,)
        for file in files:
            if isinstance(file, FileError):
                yield file
                continue
            identity = _identity(file)
            if identity not in seen:
                seen.add(identity)
                yield file


def _identity(file: str) -> str:
    try:
        return file if file == STDIN else os.path.realpath(file)
    except OSError:
        # The working directory was deleted. Reading the file will say so.
        return file


def _in_folder(name: str) -> Iterator[str | FileError]:
    from pathlib import Path

    errors: list[FileError] = []

    def record(error: OSError) -> None:
        errors.append(FileError.reading(str(error.filename), error))

    for folder, folders, files in os.walk(name, onerror=record):
        folders[:] = sorted(child for child in folders if not child.startswith("."))
        for child in folders:
            if error := _reject_link(Path(folder, child), Path(name)):
                yield error
        for file in sorted(files):
            if file.lower().endswith(SUFFIX) and not file.startswith("."):
                yield _reject(Path(folder, file), Path(name)) or str(Path(folder, file))
    yield from errors


def _reject(file: Path, folder: Path) -> FileError | None:
    """The error of a file in a folder that is not to be read."""
    try:
        status = file.stat()
    except OSError as error:
        return FileError.reading(str(file), error)
    if not stat.S_ISREG(status.st_mode):
        return FileError(str(file), f"cannot be read: {NOT_REGULAR}")
    if status.st_size > MAX_SIZE:
        return FileError(str(file), f"has {status.st_size:,} bytes; name the file to check it")
    return _reject_link(file, folder)


def _reject_link(path: Path, folder: Path) -> FileError | None:
    """The error of a link out of a folder. Links within it lead to what is read anyway."""
    # Path.is_symlink raises for very long names.
    if not os.path.islink(path) or path.resolve().is_relative_to(folder.resolve()):  # noqa: PTH114
        return None
    kind = "folder" if path.is_dir() else "file"
    return FileError(
        str(path), f"is a link to a {kind} outside {str(folder)!r}; name the link to check it"
    )


def read(file: str) -> bytes:
    """The content of a file, or of stdin for '-'. Raises OSError if it cannot be read."""
    if file != STDIN:
        with open(file, "rb") as opened:  # noqa: PTH123 - pathlib is slow to load.
            return opened.read()
    if sys.stdin is None:
        raise OSError(errno.EBADF, "stdin is closed")
    return sys.stdin.buffer.read()


def read_input(file: str) -> bytes:
    """The content of a file that a command needs. It exits with 2 if it cannot be read."""
    try:
        return read(file)
    except OSError as error:
        raise UsageError(str(FileError.reading(file, error))) from None


def write(file: str, content: bytes) -> None:
    """Replace the content of a file atomically. Raises OSError as `atomic_write` does.

    The file keeps its mode and its owner, and a link to a file in its folder stays a link.
    """
    from leadquery._util.atomic_write import atomic_write

    with atomic_write(file) as output:
        output.write(content)


out_option: Final = click.option(
    "--out", metavar="FILE", default=STDIN, help="The file to write. [default: stdout]"
)


def write_output(file: str, content: str | bytes) -> None:
    """Write to the file of `--out`, or to stdout for '-'.

    Text is written as UTF-8 to a file, and in the terminal's encoding to stdout. The file keeps its
    content if it cannot be written, and the command ends with an error.
    """
    from leadquery.result.serialize import open_target

    if file == STDIN:
        click.echo(content, nl=False)
        return
    if isinstance(content, str):
        content = content.encode("utf-8", "backslashreplace")
    try:
        with open_target(file) as opened:
            opened.write(content)
    except OSError as error:
        raise ClickException(str(FileError.writing(file, error))) from None
