"""Values and results as CSV and JSON, and times in the zone that they are read in."""

from __future__ import annotations

import csv
import json
import os
import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timezone, tzinfo
from decimal import Decimal
from io import StringIO
from math import isfinite
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Final, cast

from attrs import frozen

from leadquery._util.atomic_write import atomic_write
from leadquery.errors import QueryError
from leadquery.periods import zone
from leadquery.wire.enums import FALSE, TRUE
from leadquery.wire.types import format_timestamp

if TYPE_CHECKING:
    from leadquery.result.result import Result, Row


File = str | os.PathLike[str] | IO[Any]
"""A path, or a file open for writing bytes or text."""


class TextAdapter:
    """A binary file that decodes UTF-8 and writes to a text file."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._decoder = getincrementaldecoder("utf-8")("replace")

    def write(self, data: bytes) -> int:
        """Decode and write the complete characters so far."""
        self._file.write(self._decoder.decode(data))
        return len(data)


@contextmanager
def open_target(file: File) -> Iterator[BinaryIO]:
    """Open a path, or wrap an open file, for writing bytes.

    A path is replaced at the end, and keeps its content if an error occurs. A pipe or a device is
    written to. Raises OSError if it cannot be written, as `atomic_write` does, and QueryError for
    anything but a path or a file.
    """
    if not isinstance(file, (str, os.PathLike)):
        if not hasattr(file, "write"):
            raise QueryError(f"{file!r} is not a file; write a path, or pass an open file")
        yield cast("BinaryIO", TextAdapter(file) if _is_text(file) else file)
        return
    path = Path(file)
    if _is_special(path):
        with path.open("ab") as special_file:
            yield special_file
        return
    with atomic_write(path) as output:
        yield output


def check_suffix(file: File | None, suffix: str) -> None:
    """Raise QueryError for a path with the suffix of another format than the one to write."""
    if not isinstance(file, (str, os.PathLike)):
        return
    name, other = os.fspath(file), Path(file).suffix.lower()
    if other in _PACKED:
        raise QueryError(f"this packs nothing, and {name!r} ends with {other}; leave {other} out")
    if other != suffix and other in _WRITERS:
        call = _WRITERS[other].format(name)
        raise QueryError(
            f"this writes a {suffix} file, and {name!r} ends with {other}; write {call}"
        )


_PACKED: Final = (".bz2", ".gz", ".xz", ".zip", ".zst")
"""The suffixes of compressed files."""


_WRITERS: Final = {
    ".csv": "result.to_csv({!r})",
    ".json": "result.to_json({!r})",
    ".jsonl": "client.export(query, {!r})",
    ".parquet": "result.to_parquet({!r})",
    ".xlsx": "result.to_excel({!r})",
}
"""The call that writes each kind of file."""


def _is_special(path: Path) -> bool:
    """Whether a path cannot be replaced: a pipe, a device, or what a process has open."""
    folder = path.absolute().parent
    return (path.exists() and not path.is_file() and not path.is_dir()) or any(
        folder.is_relative_to(system) for system in ("/dev", "/proc")
    )


def _is_text(file: IO[Any]) -> bool:
    try:
        file.write(b"")
    except TypeError:
        return True
    return False


@frozen
class CsvFormat:
    """CSV (RFC 4180, UTF-8) in parts: a header, then rows.

    `spreadsheet` begins it with a byte order mark, which spreadsheets need to read UTF-8, and puts
    an apostrophe before text that a spreadsheet would run as a formula, also if it splits the file
    at semicolons or tabs. Times are in the zone `tz`: in UTC as the API writes them, in others with
    their offset, which a spreadsheet would not take for a date.
    """

    spreadsheet: bool
    tz: ZoneKey = None

    def header(self, names: Iterable[str]) -> bytes:
        """The first line."""
        mark = BYTE_ORDER_MARK if self.spreadsheet else ""
        cells = map(_defuse, names) if self.spreadsheet else names
        return (mark + _csv_lines([cells])).encode("utf-8", "replace")

    def rows(self, rows: Sequence[Row], names: Sequence[str]) -> bytes:
        """The lines of rows. Cells are as the API writes them.

        Raises QueryError as `encode_rows` does.
        """
        to_cell = _to_spreadsheet_cell if self.spreadsheet else _to_cell
        if self.tz is not None:
            local = zone(self.tz)
            rows = [
                {
                    name: self._local_time(value, local) if isinstance(value, datetime) else value
                    for name, value in row.items()
                }
                for row in rows
            ]
        columns = ([row.get(name) for row in rows] for name in names)
        plain = set() if self.spreadsheet else _PLAIN_CELLS
        cells = (
            column if {*map(type, column)} <= plain else map(to_cell, column) for column in columns
        )
        return encode_rows(_csv_lines(zip(*cells, strict=True)), rows)

    def _local_time(self, moment: datetime, local: tzinfo) -> str:
        moment = to_zone(moment, local)
        offset = "" if self.spreadsheet else format_offset(moment)
        return to_text(moment.replace(tzinfo=None)) + offset


BYTE_ORDER_MARK: Final = "\ufeff"

# Excel takes full-width characters for the usual ones.
_SIGN: Final = r"[=+\-@\uff1d\uff0b\uff0d\uff20]"
"""How a formula starts."""

_BLANK: Final = r"[\s;\"\x00-\x1f\x7f\u200b-\u200f\u2060\ufeff]"
"""What may be before a formula: separators, quotes, and what spreadsheets do not show."""

_may_have_formula = re.compile(rf"{_SIGN}|\A[\t\r\n]").search

# Possessive, so that a long run of blanks takes time in proportion to its length.
_replace_formulas = re.compile(rf"(\A{_BLANK}*+|{_BLANK}++)({_SIGN})?").sub

_starts_cell = re.compile(r"[;\t\r\n\"]").search
"""Where a cell may start. Many countries separate cells with semicolons; then the quotes that this
file has around a cell protect nothing in it."""


def _defuse(text: str) -> str:
    """Text of which a spreadsheet runs no part as a formula."""
    if not _may_have_formula(text):
        return text
    defused = _replace_formulas(_defuse_match, text)
    return f"'{defused}" if text[0] in "\t\r\n" else defused


def _defuse_match(match: re.Match[str]) -> str:
    blanks, sign = match.groups()
    is_formula = sign and (match.start() == 0 or _starts_cell(blanks))
    return f"{blanks}'{sign}" if is_formula else match[0]


def _to_cell(value: Any) -> str:
    return "" if value is None else to_text(value)


def _to_spreadsheet_cell(value: Any) -> str:
    cell = _to_cell(value)
    return cell if isinstance(value, (int, float, datetime)) else _defuse(cell)


_PLAIN_CELLS: Final = {str, int, type(None)}
"""Types that csv writes as `_to_cell` does."""


def _csv_lines(rows: Iterable[Iterable[object]]) -> str:
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


def to_csv(
    result: Result, file: File | None, headers: Iterable[str], *, spreadsheet: bool
) -> str | None:
    """CSV as a string, or written to a file, with the header of each column."""
    check_suffix(file, ".csv")
    csv_format = CsvFormat(spreadsheet, result.tz)
    content = csv_format.header(headers) + csv_format.rows(result.rows, result.columns)
    return _write_or_return(content, file)


def to_json(result: Result, file: File | None, indent: int | None) -> str | None:
    """The rows as a JSON array, as a string or written to a file."""
    check_suffix(file, ".json")
    rows = [json_row(row) for row in result.rows]
    text = json.dumps(rows, ensure_ascii=False, indent=indent)
    return _write_or_return(encode_rows(text, result.rows), file)


def _write_or_return(content: bytes, file: File | None) -> str | None:
    if file is None:
        return content.decode()
    with open_target(file) as out:
        out.write(content)
    return None


def json_lines(rows: Sequence[Row], first: int = 1) -> bytes:
    """A line of JSON for each row, of which one is the first of all."""
    return encode_rows(_joined_lines(rows), rows, first)


def _joined_lines(rows: Sequence[Row]) -> str:
    # One array of all rows takes a fifth of the time of a text for each. It becomes lines if
    # no value looks like the end of a row.
    with suppress(ValueError):
        array = json.dumps(rows, ensure_ascii=False, allow_nan=False, default=_json_value)
        if array.count(_ROW_END) == len(rows) - 1:
            return array[1:-1].replace(_ROW_END, "}\n{") + "\n"
    return "".join(f"{json.dumps(json_row(row), ensure_ascii=False)}\n" for row in rows)


_ROW_END: Final = "}, {"


def json_row(row: Row) -> Row:
    """A row that JSON can hold: dates in ISO 8601, NaN and infinity as None."""
    return {name: _json_value(value) for name, value in row.items()}


def _json_value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return None if isinstance(value, float) and not isfinite(value) else value


def dumps(value: Any, indent: int | None = None) -> str:
    """JSON with non-ASCII characters as they are, escaped only if a string is not valid Unicode."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, indent=indent)
    return text


def encode_rows(text: str, rows: Iterable[Row], first: int = 1) -> bytes:
    """The text of rows in UTF-8. Raises QueryError for half of a surrogate pair in a row."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise _half_pair_error(rows, first) from None


def _half_pair_error(rows: Iterable[Row], first: int) -> QueryError:
    number, name, value = next(
        (number, name, value)
        for number, row in enumerate(rows, first)
        for name, value in row.items()
        if _is_half_pair(f"{name}{json.dumps(value, ensure_ascii=False, default=str)}")
    )
    return QueryError(
        f"row {number:,}, {name!r}: {value!r} has half of a surrogate pair, which UTF-8 cannot "
        "encode; correct the lead, or leave the field out"
    )


_is_half_pair = re.compile("[\ud800-\udfff]").search


def to_text(value: Any) -> str:
    """A value as the API writes it: dates in UTC, numbers without exponent."""
    format_value = _FORMATTERS.get(type(value))
    if format_value is not None:
        return format_value(value)
    return json.dumps(value, default=str) if isinstance(value, (list, dict)) else str(value)


def _format_number(value: float) -> str:
    # Adding zero turns -0.0 into 0.0.
    text = repr(value + 0.0)
    if text.endswith(".0"):
        return text[:-2]
    return format(Decimal(text), "f") if "e" in text else text


def _format_datetime(value: datetime) -> str:
    utc = value.astimezone(UTC) if value.tzinfo else value
    fraction = f".{utc.microsecond:06}".rstrip("0") if utc.microsecond else ""
    return format_timestamp(utc) + fraction


def _format_bool(value: bool) -> str:
    return TRUE if value else FALSE


_FORMATTERS: Final[dict[type, Callable[[Any], str]]] = {
    str: str,
    int: str,
    float: _format_number,
    bool: _format_bool,
    datetime: _format_datetime,
}


ZoneKey = str | timezone | None
"""A time zone as `zone_key` has it: its name, an offset, or None for UTC."""


def name_zone(tz: ZoneKey) -> str:
    """A time zone as tables name it, such as "UTC", "Asia/Kolkata" or "+05:30"."""
    if isinstance(tz, timezone):
        return format_offset(datetime(2000, 1, 1, tzinfo=tz))
    return tz or "UTC"


def format_offset(moment: datetime) -> str:
    """The offset of a time from UTC, such as "+05:30"; empty without a time zone."""
    return moment.isoformat(timespec="seconds")[19:]


def to_zone(moment: datetime, tz: tzinfo) -> datetime:
    """A time in a zone, unless the years end before; without a zone as it is."""
    try:
        return moment.astimezone(tz) if moment.tzinfo else moment
    except OverflowError:
        return moment


def convert_rows(rows: Iterable[dict[str, Any]], tz: ZoneKey) -> list[dict[str, Any]]:
    """Rows with their times in a zone."""
    local = zone(tz)
    return [
        {
            name: to_zone(value, local) if isinstance(value, datetime) else value
            for name, value in row.items()
        }
        for row in rows
    ]
