"""Files: which ones a command is given, reading and writing them, and rows of leads in them."""

from __future__ import annotations

import csv
import errno
import json
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, Final, TextIO

import click
from attrs import frozen
from click import ClickException, UsageError

from leadquery._util.text import describe_json
from leadquery.errors import QueryError
from leadquery.wire.enums import ROWS

STDIN: Final = "-"
SUFFIX: Final = ".json"
NOT_REGULAR: Final = "it is not a regular file"


@frozen
class FileError:
    """A file or folder that cannot be read or written, and the reason."""

    file: str
    reason: str

    @classmethod
    def reading(cls, file: str, error: OSError) -> FileError:
        """The error of a file that cannot be read."""
        return cls(file, f"cannot be read: {error.strerror or error}")

    @classmethod
    def writing(cls, file: str, error: OSError) -> FileError:
        """The error of a file that cannot be written."""
        return cls(file, f"cannot be written: {error.strerror or error}")

    def __str__(self) -> str:
        return f"{self.file!r} {self.reason}"


def discover(names: Iterable[str]) -> Iterator[str | FileError]:
    """The files that names stand for, each once: a folder means all JSON files in it.

    Hidden files and folders are skipped, unless they are named. What a folder holds may come from
    anyone, so its pipes, devices and links to files outside it are not read, unless they are named.
    """
    seen: set[str] = set()
    for name in names:
        files = _in_folder(name) if name != STDIN and Path(name).is_dir() else (name,)
        for file in files:
            if isinstance(file, FileError):
                yield file
                continue
            identity = file if file == STDIN else os.path.realpath(file)
            if identity not in seen:
                seen.add(identity)
                yield file


def _in_folder(name: str) -> Iterator[str | FileError]:
    errors: list[FileError] = []

    def record(error: OSError) -> None:
        errors.append(FileError.reading(str(error.filename), error))

    for folder, folders, files in os.walk(name, onerror=record):
        folders[:] = sorted(child for child in folders if not child.startswith("."))
        for file in sorted(files):
            if file.lower().endswith(SUFFIX) and not file.startswith("."):
                yield _reject(Path(folder, file), Path(name)) or str(Path(folder, file))
    yield from errors


def _reject(file: Path, folder: Path) -> FileError | None:
    """The error of a file in a folder that is not to be read."""
    try:
        is_regular = stat.S_ISREG(file.stat().st_mode)
        target = file.resolve() if file.is_symlink() else None
    except OSError as error:
        return FileError.reading(str(file), error)
    if not is_regular:
        return FileError(str(file), f"cannot be read: {NOT_REGULAR}")
    if target is not None and not target.is_relative_to(folder.resolve()):
        return FileError(
            str(file), f"is a link to a file outside {str(folder)!r}; name the link to check it"
        )
    return None


def read(file: str) -> bytes:
    """The content of a file, or of stdin for '-'. Raises OSError if it cannot be read."""
    if file != STDIN:
        return Path(file).read_bytes()
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


Row = Mapping[str, Any]

_EXPECTED: Final = 'write a list of objects such as [{"ProspectID": "a", "Score": 7}]'


def read_rows(file: str) -> Iterator[Row]:
    """An iterator over the rows of a file, in the format that its name ends with.

    Rows of .jsonl and .csv files are read one by one. The command ends with an error if the file
    cannot be read or holds something else.
    """
    read_format = _ROW_FORMATS.get(Path(file).suffix.lower())
    if read_format is None:
        known = ", ".join(_ROW_FORMATS)
        raise UsageError(f"{file!r} has no known row format; name a file that ends with {known}")
    try:
        # Spreadsheets start files with a byte order mark.
        with Path(file).open(encoding="utf-8-sig", newline="") as opened:
            yield from read_format(opened)
    except OSError as error:
        raise UsageError(str(FileError.reading(file, error))) from None
    except UnicodeDecodeError:
        raise ClickException(f"{file!r} is not UTF-8; save it as UTF-8") from None
    except (QueryError, RecursionError, csv.Error) as error:
        raise ClickException(f"{file!r}: {error}") from None


def _read_json(opened: TextIO) -> Iterable[Row]:
    """The rows of a list, or of a response of the API, which contains one."""
    try:
        value = json.load(opened)
    except json.JSONDecodeError as error:
        raise QueryError(f"line {error.lineno} is not JSON; {_EXPECTED}") from None
    rows = value.get(ROWS) if isinstance(value, dict) else value
    if not isinstance(rows, list):
        raise QueryError(f"{describe_json(value)} is not a list of rows; {_EXPECTED}")
    return rows


def _read_json_lines(opened: TextIO) -> Iterator[Row]:
    for number, line in enumerate(opened, 1):
        if line.strip():
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                raise QueryError(
                    f"line {number} is not JSON; write one object on each line"
                ) from None


def _read_csv(opened: TextIO) -> Iterator[Row]:
    """The rows of CSV with commas, semicolons or tabs, or what a line such as `sep=;` names."""
    header, before = opened.readline(), 0
    if header.lower().startswith("sep="):
        delimiter = header[4:5]
        header, before = opened.readline(), 1
    else:
        delimiter = max(",;\t", key=header.count)
    lines = csv.reader(chain([header], opened), delimiter=delimiter, strict=True)
    names = next(lines, [])
    _check_header(names)
    for line in lines:
        if line and len(line) != len(names):
            raise QueryError(
                f"line {before + lines.line_num} has {len(line)} values, "
                f"but the header has {len(names)} names"
            )
        if line:
            yield dict(zip(names, line, strict=True))


def _check_header(names: list[str]) -> None:
    """Reject names that would hide a column: duplicates, and display names of standard fields."""
    from leadquery.lint.rules.names import suggest_field

    for index, name in enumerate(names):
        if name in names[:index]:
            raise QueryError(f"the header has {name!r} twice; remove one of the columns")
        # No schema name has a space.
        if " " in name and (unknown := suggest_field(name)):
            raise QueryError(f"the header: {unknown.message}; {unknown.hint}")


_ROW_FORMATS: Final[dict[str, Callable[[TextIO], Iterable[Row]]]] = {
    ".json": _read_json,
    ".jsonl": _read_json_lines,
    ".csv": _read_csv,
}
