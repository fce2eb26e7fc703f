"""Values and results as CSV and JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timezone
from decimal import Decimal
from io import StringIO
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from leadquery._util.atomic_write import File, open_target
from leadquery.wire.protocol import FALSE, TRUE
from leadquery.wire.types import format_timestamp

if TYPE_CHECKING:
    from leadquery.result.result import Result, Row


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
