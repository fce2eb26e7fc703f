"""Leads and users in files: JSON, JSON lines, CSV, Parquet and Excel."""

from __future__ import annotations

import csv
import json
import re
import zlib
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from datetime import datetime, tzinfo
from itertools import chain
from pathlib import Path
from typing import Any, Final, TextIO
from zipfile import BadZipFile

from click import ClickException, UsageError

from leadquery._util.text import describe_json
from leadquery.cli.files import FileError
from leadquery.errors import QueryError
from leadquery.periods import zone
from leadquery.result.csv_header import guess_separator, is_plain, named_separator

Row = Mapping[str, Any]

_EXPECTED: Final = 'write a list of objects such as [{"ProspectID": "a", "Score": 7}]'
_EXPECTED_TABLE: Final = "save it again, or as CSV"

_DAMAGE: Final = (ValueError, LookupError, EOFError, SyntaxError, BadZipFile, zlib.error)
"""What json, pyarrow and openpyxl raise for a damaged file, in any of its parts."""


def read_rows(file: str, *, users: bool = False) -> Iterator[Row]:
    """An iterator over the leads or the users of a file, in the format that its name ends with.

    Rows of .jsonl, .csv, .parquet and .xlsx files are read one by one. Parquet needs pyarrow, and
    Excel openpyxl. The command ends with an error if the file cannot be read or holds something
    else, such as display names of lead fields.
    """
    suffix = Path(file).suffix.lower()
    read_table = _TABLE_FORMATS.get(suffix)
    read_list = _LIST_FORMATS.get(suffix)
    try:
        if read_table is not None:
            yield from _named_rows(read_table(file), users=users)
        elif read_list is not None:
            with _open_text(file) as opened:
                yield from _checked_rows(read_list(opened), users=users)
        else:
            known = ", ".join([*_LIST_FORMATS, *_TABLE_FORMATS])
            raise UsageError(
                f"{file!r} has no known row format; name a file that ends with {known}"
            )
    except OSError as error:
        raise UsageError(str(FileError.reading(file, error))) from None
    except UnicodeError:
        raise ClickException(f"{file!r} is not UTF-8; save it as UTF-8") from None
    except (QueryError, RecursionError, csv.Error) as error:
        raise ClickException(f"{file!r}: {error}") from None
    except _DAMAGE as error:
        raise ClickException(
            f"{file!r} is damaged ({type(error).__name__}); {_EXPECTED_TABLE}"
        ) from None


def _open_text(file: str) -> TextIO:
    # Spreadsheets start files with a byte order mark, and "Unicode text" is UTF-16.
    with Path(file).open("rb") as opened:
        is_utf16 = opened.read(2) in (BOM_UTF16_LE, BOM_UTF16_BE)
    return Path(file).open(encoding="utf-16" if is_utf16 else "utf-8-sig", newline="")


# Lists of objects


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


def _checked_rows(rows: Iterable[Any], *, users: bool) -> Iterator[Row]:
    """The objects of a list, whose names are checked when they occur first."""
    names: set[str] = set()
    for row in rows:
        flat = _flatten(row)
        if isinstance(flat, Mapping) and not names.issuperset(flat):
            for name in flat:
                _check_name(name, users=users)
            names.update(flat)
        yield flat


def _flatten(row: Any) -> Any:
    """An object of names and values, also if they are a list of attributes, as in Leads.Get."""
    from leadquery.wire.sibling_apis import CAPTURE

    name, value = CAPTURE.signature_keys
    pairs = next(iter(row.values())) if isinstance(row, dict) and len(row) == 1 else row
    if not isinstance(pairs, list) or not pairs:
        return row
    if all(isinstance(pair, dict) and {name, value} <= pair.keys() for pair in pairs):
        return {pair[name]: pair[value] for pair in pairs}
    return row


# Tables

Cells = tuple[int, Sequence[Any]]
"""The number of a line, and its cells."""


def _read_csv(file: str) -> Iterator[Cells]:
    """CSV with commas, semicolons, tabs or bars, or what a line such as `sep=;` names."""
    with _open_text(file) as opened:
        header, before = _first_line(opened, 0)
        delimiter = named_separator(header)
        if delimiter is None:
            delimiter = guess_separator(header)
        else:
            header, before = _first_line(opened, before + 1)
        lines = csv.reader(chain([header], opened), delimiter=delimiter, strict=True)
        for line in lines:
            yield before + lines.line_num, line


def _first_line(opened: TextIO, before: int) -> tuple[str, int]:
    """The next line that is not empty, and the number of lines before it."""
    line = opened.readline()
    while line and not line.strip():
        line, before = opened.readline(), before + 1
    return line, before


def _read_parquet(file: str) -> Iterator[Cells]:
    from leadquery.result.frames import import_optional

    parquet = import_optional("a .parquet file", "pyarrow.parquet", extra="parquet")
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

    openpyxl = import_optional("an .xlsx file", "openpyxl", extra="excel")
    try:
        workbook = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except (ValueError, KeyError, BadZipFile):
        raise QueryError(f"it is not an Excel workbook; {_EXPECTED_TABLE}") from None
    with closing(workbook):
        yield from enumerate(workbook.worksheets[0].iter_rows(values_only=True), 1)


def _named_rows(lines: Iterator[Cells], *, users: bool) -> Iterator[Row]:
    """The lines of a table as rows, without empty ones. The first line has the names."""
    filled = ((number, line) for number, line in lines if any(cell is not None for cell in line))
    _, cells = next(filled, (1, []))
    headers = [_split_zone("" if name is None else str(name)) for name in cells]
    names = [name for name, _ in headers]
    _check_header(names, users=users)
    unnamed = [place for place, name in enumerate(names) if not name]
    zoned = [(name, tz) for name, tz in headers if tz is not None]
    for number, line in filled:
        if len(line) != len(names):
            raise QueryError(
                f"line {number} has {len(line)} values, but the header has {len(names)} names"
            )
        for place in unnamed:
            if line[place] not in (None, ""):
                raise QueryError(
                    f"line {number} has {describe_json(line[place])} in column {place + 1}, which "
                    "has no name; write one in the header"
                )
        row = dict(zip(names, line, strict=True))
        for name, tz in zoned:
            row[name] = _to_moment(row[name], tz)
        row.pop("", None)
        yield row


def _split_zone(header: str) -> tuple[str, tzinfo | None]:
    """The name of a column, and the time zone that an export has put behind it."""
    match = re.fullmatch(r"(\S+) \(([+-]\d\d:\d\d|[A-Z]\S+)\)", header)
    if match is None:
        return header, None
    name, tz = match.groups()
    try:
        offset = datetime.fromisoformat(f"2000-01-01 00:00{tz}").tzinfo if tz[0] in "+-" else None
        return name, offset or zone(tz)
    except ValueError:
        # Not a zone: a display name, such as "Amount (INR)".
        return header, None


def _to_moment(cell: Any, tz: tzinfo) -> Any:
    """A local time of a column with a time zone, as text or a date, as a moment."""
    with suppress(ValueError):
        cell = datetime.fromisoformat(cell) if isinstance(cell, str) else cell
    return cell.replace(tzinfo=tz) if isinstance(cell, datetime) and not cell.tzinfo else cell


def _check_header(names: list[str], *, users: bool) -> None:
    """Reject names that would hide a column: duplicates, and display names."""
    for index, name in enumerate(names):
        if name and name in names[:index]:
            raise QueryError(f"the header has {name!r} twice; remove one of the columns")
        if name:
            try:
                _check_name(name, users=users)
            except QueryError as error:
                raise QueryError(f"the header: {error}") from None


def _check_name(name: str, *, users: bool) -> None:
    """Reject a name that is not the schema name of a field. Users have attributes of their own."""
    from leadquery.fields import STANDARD
    from leadquery.lint.rules.names import DISPLAY_NAME, suggest_field

    plain = is_plain(name) is not None
    if users and plain:
        return
    unknown = suggest_field(name)
    standard = {known.casefold() for known in STANDARD}
    is_certain = unknown is not None and (
        not plain or unknown.rule is DISPLAY_NAME or name.casefold() in standard
    )
    if unknown is not None and is_certain:
        raise QueryError(f"{unknown.message}; {unknown.hint}")
    if not plain and not users:
        raise QueryError(
            f"{describe_json(name)} is not a schema name; write that of the field, such as "
            "'mx_Deal_Value'"
        )


_LIST_FORMATS: Final[dict[str, Callable[[TextIO], Iterable[Row]]]] = {
    ".json": _read_json,
    ".jsonl": _read_json_lines,
}
_TABLE_FORMATS: Final[dict[str, Callable[[str], Iterator[Cells]]]] = {
    ".csv": _read_csv,
    ".parquet": _read_parquet,
    ".xlsx": _read_excel,
}
