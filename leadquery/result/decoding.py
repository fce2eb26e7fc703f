"""How the texts of a row become Python values: by the kinds of the fields, where they are known.

A text that its field's kind cannot read stays as it is, so that nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timezone
from math import isfinite
from typing import Any, Final

from attrs import frozen

from leadquery.expr import Boolean, Date, Number
from leadquery.fields import STANDARD
from leadquery.query.query import Query
from leadquery.result.column_types import ColumnType
from leadquery.result.result import Result, Row
from leadquery.wire.model import AggregateOutput
from leadquery.wire.protocol import FALSE, TRUE

_number = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?").fullmatch

_whole = re.compile("[+-]?[0-9]{1,400}").fullmatch

_date = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T].*)?").fullmatch


@frozen
class RowDecoder:
    """How the rows that answer a query are read: its columns, and what is known of their types."""

    columns: tuple[str, ...]
    types: Mapping[str, ColumnType]

    def rows(self, raw: Iterable[Mapping[str, Any]]) -> tuple[Row, ...]:
        """Rows as Python values. A column that a row lacks is None; the asked ones come first."""
        readers = [(name, _READERS[type_]) for name, type_ in self.types.items()]
        found = []
        for given in raw:
            row: Row = dict.fromkeys(self.columns)
            row.update(given)
            for name, read in readers:
                if isinstance(row[name], str):
                    row[name] = read(row[name])
            found.append(row)
        return tuple(found)


def decoder_for(query: Query) -> RowDecoder:
    """How the answer to a query is read: by its words, and by the fields every account has."""
    words = {word.name: word for word in (*query.words, *query.shown)} | STANDARD
    columns = query.output.columns
    types = {name: type_ for name in columns for type_ in _types(words.get(name))}
    if isinstance(query.output, AggregateOutput):
        _, count, *computed = columns
        types |= {count: ColumnType.WHOLE} | dict.fromkeys(computed, ColumnType.NUMBER)
    return RowDecoder(columns, types)


def build_result(query: Query, rows: Iterable[Mapping[str, Any]], total: int) -> Result:
    """The answer that some rows of the API are."""
    reading = decoder_for(query)
    grouped = isinstance(query.output, AggregateOutput)
    return Result(reading.rows(rows), total, reading.columns, grouped, types=reading.types)


def _types(word: object) -> Iterable[ColumnType]:
    return (type_ for kind, type_ in _KINDS if isinstance(word, kind))


def _as_number(text: str) -> Any:
    if not text:
        return None
    if _whole(text):
        return int(text)
    number = float(text) if _number(text) else float("nan")
    return number if isfinite(number) else text


def _as_moment(text: str) -> Any:
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text) if _date(text) else None
        if read is None or read.tzinfo is None:
            return read.replace(tzinfo=timezone.utc) if read else text
        return read.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return text


def _as_truth(text: str) -> Any:
    return _TRUTHS.get(text.lower(), text)


_TRUTHS: Final = {TRUE: True, FALSE: False, "true": True, "false": False, "": None}

_KINDS: Final = (
    (Number, ColumnType.NUMBER),
    (Date, ColumnType.MOMENT),
    (Boolean, ColumnType.TRUTH),
)

_READERS: Final[Mapping[ColumnType, Callable[[str], Any]]] = {
    ColumnType.NUMBER: _as_number,
    ColumnType.WHOLE: _as_number,
    ColumnType.MOMENT: _as_moment,
    ColumnType.TRUTH: _as_truth,
}
