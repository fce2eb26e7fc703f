"""Leads and users in files: JSON, one JSON object a line, or CSV, by the end of the file's name."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TextIO

import click

from leadquery.cli.files import unreadable
from leadquery.errors import QueryError
from leadquery.lint.json_values import describe_json
from leadquery.wire.protocol import ROWS

Row = Mapping[str, Any]

_EXPECTED: Final = 'write a list of objects such as [{"ProspectID": "a", "Score": 7}]'


def read_rows(file: str) -> Iterator[Row]:
    """The rows of a file, one by one; of lines and CSV, no more than a few are in memory.

    Ends the command where the file cannot be read, or holds something else.
    """
    read = _READERS.get(Path(file).suffix.lower())
    if read is None:
        known = ", ".join(_READERS)
        raise click.UsageError(f"{file!r} is no file of rows; name one that ends with {known}")
    try:
        # A byte order mark is what spreadsheets begin with.
        with Path(file).open(encoding="utf-8-sig", newline="") as opened:
            yield from read(opened)
    except OSError as error:
        lost = unreadable(file, error)
        raise click.UsageError(f"{lost.file!r} {lost.reason}") from None
    except UnicodeDecodeError:
        raise click.ClickException(f"{file!r} is not UTF-8; save it as UTF-8") from None
    except (QueryError, RecursionError, csv.Error) as error:
        raise click.ClickException(f"{file!r}: {error}") from None


def _of_json(opened: TextIO) -> Iterable[Row]:
    """A list, or an answer of the API that holds one."""
    try:
        value = json.load(opened)
    except json.JSONDecodeError as error:
        raise QueryError(f"line {error.lineno} is not JSON; {_EXPECTED}") from None
    rows = value.get(ROWS) if isinstance(value, dict) else value
    if not isinstance(rows, list):
        raise QueryError(f"{describe_json(value)} is no list of rows; {_EXPECTED}")
    return rows


def _of_lines(opened: TextIO) -> Iterator[Row]:
    for number, line in enumerate(opened, 1):
        if line.strip():
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                raise QueryError(f"line {number} is not JSON; write an object a line") from None


def _of_csv(opened: TextIO) -> Iterator[Row]:
    lines = csv.reader(opened, strict=True)
    names = next(lines, [])
    for line in lines:
        if line and len(line) != len(names):
            raise QueryError(
                f"line {lines.line_num} has {len(line)} values "
                f"and the first line {len(names)} names"
            )
        if line:
            yield dict(zip(names, line, strict=True))


_READERS: Final[dict[str, Callable[[TextIO], Iterable[Row]]]] = {
    ".json": _of_json,
    ".jsonl": _of_lines,
    ".csv": _of_csv,
}
