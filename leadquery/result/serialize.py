"""Values and results as CSV and JSON."""

from __future__ import annotations

import csv
import json
import os
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from decimal import Decimal
from io import StringIO
from math import isfinite
from pathlib import Path
from secrets import token_hex
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Final, cast

from leadquery._util.atomic_write import atomic_write
from leadquery.errors import QueryError
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

    A path is replaced at the end, and keeps its content if an error occurs. Raises OSError if it
    cannot be written, QueryError for anything but a path or a file.
    """
    if not isinstance(file, (str, os.PathLike)):
        if not hasattr(file, "write"):
            raise QueryError(f"{file!r} is not a file; write a path, or pass an open file")
        yield cast("BinaryIO", TextAdapter(file) if _is_text(file) else file)
        return
    path = Path(file)
    if path.exists() and not path.is_file():
        # A pipe or a terminal cannot be replaced.
        with path.open("wb") as special_file:
            yield special_file
        return
    target = Path(os.path.realpath(path))
    with atomic_write(target, target.with_name(f".{target.name}.{token_hex(4)}.new")) as output:
        yield output


def _is_text(file: IO[Any]) -> bool:
    try:
        file.write(b"")
    except TypeError:
        return True
    return False


def to_csv(result: Result, file: File | None) -> str | None:
    """CSV as a string, or written to a file."""
    names = result.columns
    text = csv_lines([names]) + csv_lines(csv_cells(result.rows, names))
    return _write_or_return(text, file)


def to_json(result: Result, file: File | None, indent: int | None) -> str | None:
    """The rows as a JSON array, as a string or written to a file."""
    rows = [json_row(row) for row in result.rows]
    return _write_or_return(dumps(rows, indent), file)


def _write_or_return(text: str, file: File | None) -> str | None:
    if file is None:
        return text
    with open_target(file) as out:
        out.write(text.encode())
    return None


def csv_cells(rows: Iterable[Row], names: Sequence[str]) -> Iterable[list[str]]:
    """The cells of rows, formatted as the API does. None is an empty cell."""
    for row in rows:
        values = map(row.get, names)
        yield ["" if value is None else to_text(value) for value in values]


def csv_lines(rows: Iterable[Iterable[str]]) -> str:
    """Lines of CSV."""
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


def json_row(row: Row) -> Row:
    """A row that JSON can hold: dates in ISO 8601, NaN and infinity as None."""
    return {name: _json_value(value) for name, value in row.items()}


def _json_value(value: Any) -> Any:
    if isinstance(value, datetime):
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


def to_text(value: Any) -> str:
    """A value as the API writes it: dates in UTC, numbers without exponent."""
    format_value = _FORMATTERS.get(type(value))
    if format_value is not None:
        return format_value(value)
    return json.dumps(value, default=str) if isinstance(value, (list, dict)) else str(value)


def replace_surrogates(text: str) -> str:
    """The text with U+FFFD in place of lone surrogates, which UTF-8 cannot encode."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _format_number(value: float) -> str:
    # Adding zero turns -0.0 into 0.0.
    text = repr(value + 0.0)
    if text.endswith(".0"):
        return text[:-2]
    return format(Decimal(text), "f") if "e" in text else text


def _format_datetime(value: datetime) -> str:
    utc = value.astimezone(timezone.utc) if value.tzinfo else value
    fraction = f".{utc.microsecond:06}".rstrip("0") if utc.microsecond else ""
    return format_timestamp(utc) + fraction


def _format_bool(value: bool) -> str:
    return TRUE if value else FALSE


_FORMATTERS: Final[dict[type, Callable[[Any], str]]] = {
    str: replace_surrogates,
    int: str,
    float: _format_number,
    bool: _format_bool,
    datetime: _format_datetime,
}
