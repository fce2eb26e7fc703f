"""Answers as CSV and JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import StringIO
from math import isfinite
from typing import TYPE_CHECKING, Any

from leadquery._util.atomic_write import File, open_target
from leadquery.result.column_types import text_of

if TYPE_CHECKING:
    from leadquery.result.result import Result, Row


def to_csv(answer: Result, file: File | None) -> str | None:
    """CSV as text, or into a file."""
    names = answer.columns
    text = csv_lines([names]) + csv_lines(csv_cells(answer.rows, names))
    return _given(text, file)


def to_json(answer: Result, file: File | None, indent: int | None) -> str | None:
    """The rows as a JSON list, as text or into a file."""
    rows = [json_row(row) for row in answer.rows]
    return _given(dumps(rows, indent), file)


def csv_cells(rows: Iterable[Row], names: Sequence[str]) -> Iterable[list[str]]:
    """The values of rows as the API writes them; no data is no text."""
    for row in rows:
        values = map(row.get, names)
        yield ["" if value is None else text_of(value) for value in values]


def csv_lines(rows: Iterable[Iterable[str]]) -> str:
    """Lines of CSV."""
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


def json_row(row: Row) -> Row:
    """A row whose values JSON has: dates as ISO 8601, and no number that is none."""
    return {name: _json_value(value) for name, value in row.items()}


def dumps(value: Any, indent: int | None = None) -> str:
    """A value as JSON in Unicode; where a text is none, in ASCII with its escapes."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, indent=indent)
    return text


def _json_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return None if isinstance(value, float) and not isfinite(value) else value


def _given(text: str, file: File | None) -> str | None:
    if file is None:
        return text
    with open_target(file) as out:
        out.write(text.encode())
    return None
