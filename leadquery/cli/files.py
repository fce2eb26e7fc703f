"""Files: which ones a command is given, reading and writing them, and rows of leads in them."""

from __future__ import annotations

import csv
import errno
import json
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any, Final, TextIO
from zipfile import BadZipFile

import click
from attrs import frozen
from click import ClickException, UsageError

from leadquery._util.text import describe_json
from leadquery.errors import QueryError

STDIN: Final = "-"
SUFFIX: Final = ".json"
MAX_SIZE: Final = 16 << 20
"""Bytes of the largest file of a folder to read: a payload has a few thousand."""

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
    anyone, so its pipes, devices, very large files, and links out of it are not read, unless they
    are named.
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
_EXPECTED_TABLE: Final = "save it again, or as CSV"


def read_rows(file: str, *, users: bool = False) -> Iterator[Row]:
    """An iterator over the leads or the users of a file, in the format that its name ends with.

    Rows of .jsonl, .csv, .parquet and .xlsx files are read one by one. Parquet needs pyarrow, and
    Excel openpyxl. The command ends with an error if the file cannot be read or holds something
    else, such as columns with the display names of lead fields.
    """
    suffix = Path(file).suffix.lower()
    read_table = _TABLE_FORMATS.get(suffix)
    read_list = _LIST_FORMATS.get(suffix)
    try:
        if read_table is not None:
            yield from _named_rows(read_table(file), users=users)
        elif read_list is not None:
            with _open_text(file) as opened:
                yield from read_list(opened)
        else:
            known = ", ".join([*_LIST_FORMATS, *_TABLE_FORMATS])
            raise UsageError(
                f"{file!r} has no known row format; name a file that ends with {known}"
            )
    except OSError as error:
        raise UsageError(str(FileError.reading(file, error))) from None
    except UnicodeDecodeError:
        raise ClickException(f"{file!r} is not UTF-8; save it as UTF-8") from None
    except (QueryError, RecursionError, csv.Error) as error:
        raise ClickException(f"{file!r}: {error}") from None


def _open_text(file: str) -> TextIO:
    # Spreadsheets start files with a byte order mark.
    return Path(file).open(encoding="utf-8-sig", newline="")


def _read_json(opened: TextIO) -> Iterable[Row]:
    """The rows of a list, or of a response of the API, which contains one."""
    try:
        value = json.load(opened)
    except json.JSONDecodeError as error:
        raise QueryError(f"line {error.lineno} is not JSON; {_EXPECTED}") from None
    values = value.values() if isinstance(value, dict) else [value]
    lists = [entry for entry in values if isinstance(entry, list)]
    if len(lists) != 1:
        raise QueryError(f"{describe_json(value)} is not a list of rows; {_EXPECTED}")
    return lists[0]


def _read_json_lines(opened: TextIO) -> Iterator[Row]:
    for number, line in enumerate(opened, 1):
        if line.strip():
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                raise QueryError(
                    f"line {number} is not JSON; write one object on each line"
                ) from None


Cells = tuple[int, Sequence[Any]]
"""The number of a line, and its cells."""


def _read_csv(file: str) -> Iterator[Cells]:
    """CSV with commas, semicolons, tabs or bars, or what a line such as `sep=;` names."""
    with _open_text(file) as opened:
        header, before = opened.readline(), 0
        if header.lower().startswith("sep="):
            delimiter = header[4:5]
            if delimiter in '\r\n"':
                raise QueryError(f"{header.strip()!r} names no separator; write sep=, or sep=;")
            header, before = opened.readline(), 1
        else:
            delimiter = max(",;\t|", key=header.count)
        lines = csv.reader(chain([header], opened), delimiter=delimiter, strict=True)
        for line in lines:
            yield before + lines.line_num, line


def _read_parquet(file: str) -> Iterator[Cells]:
    from leadquery.result.frames import import_optional

    parquet = import_optional("a .parquet file", "pyarrow.parquet")
    with Path(file).open("rb") as opened:
        try:
            table = parquet.ParquetFile(opened)
        except ValueError:
            raise QueryError(f"it is not Parquet; {_EXPECTED_TABLE}") from None
        yield 0, table.schema_arrow.names
        rows = chain.from_iterable(
            zip(*(column.to_pylist() for column in batch.columns), strict=True)
            for batch in table.iter_batches()
        )
        yield from enumerate(rows, 1)


def _read_excel(file: str) -> Iterator[Cells]:
    """The first sheet of a workbook."""
    from leadquery.result.frames import import_optional

    openpyxl = import_optional("an .xlsx file", "openpyxl")
    try:
        workbook = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except (ValueError, KeyError, BadZipFile):
        raise QueryError(f"it is not an Excel workbook; {_EXPECTED_TABLE}") from None
    with closing(workbook):
        yield from enumerate(workbook.worksheets[0].iter_rows(values_only=True), 1)


def _named_rows(lines: Iterator[Cells], *, users: bool) -> Iterator[Row]:
    """The lines of a table as rows, without empty ones. The first line has the names."""
    _, cells = next(lines, (1, []))
    names = ["" if name is None else str(name) for name in cells]
    _check_header(names, users=users)
    for number, line in lines:
        if line and len(line) != len(names):
            raise QueryError(
                f"line {number} has {len(line)} values, but the header has {len(names)} names"
            )
        if any(cell is not None for cell in line):
            yield dict(zip(names, line, strict=True))


def _check_header(names: list[str], *, users: bool) -> None:
    """Reject names that would hide a column: duplicates, and display names of standard fields."""
    from leadquery.fields import STANDARD
    from leadquery.lint.rules.names import DISPLAY_NAME, suggest_field

    standard = {name.casefold() for name in STANDARD}
    for index, name in enumerate(names):
        if name in names[:index]:
            raise QueryError(f"the header has {name!r} twice; remove one of the columns")
        # No schema name has a space. Users have attributes of their own.
        if not users or " " in name:
            unknown = suggest_field(name)
            is_certain = unknown is not None and (
                " " in name or unknown.rule is DISPLAY_NAME or name.casefold() in standard
            )
            if unknown is not None and is_certain:
                raise QueryError(f"the header: {unknown.message}; {unknown.hint}")


_LIST_FORMATS: Final[dict[str, Callable[[TextIO], Iterable[Row]]]] = {
    ".json": _read_json,
    ".jsonl": _read_json_lines,
}
_TABLE_FORMATS: Final[dict[str, Callable[[str], Iterator[Cells]]]] = {
    ".csv": _read_csv,
    ".parquet": _read_parquet,
    ".xlsx": _read_excel,
}
