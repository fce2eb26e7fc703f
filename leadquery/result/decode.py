"""Rows of a response as Python values, by the types of the fields.

A string that its field's type cannot read stays a string, so that nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from attrs import frozen

from leadquery.expr import Boolean, Date, Number
from leadquery.expr.aggregate import Function
from leadquery.expr.collation import BOOLEANS, number_key, whole_as_int
from leadquery.expr.group_key import DateBucket
from leadquery.fields import STANDARD
from leadquery.query.aggregation import SIDES, as_aggregation
from leadquery.query.query import Query, fields_of
from leadquery.result.frames import ColumnType
from leadquery.result.result import Result, Row
from leadquery.wire.enums import AggregateFunction
from leadquery.wire.model import AggregateOutput, ListOutput

_match_integer = re.compile("[+-]?[0-9]{1,400}").fullmatch

_match_date = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T].*)?").fullmatch


@frozen
class RowDecoder:
    """Decodes the rows of one query: its columns, and the types of those that are known."""

    columns: tuple[str, ...]
    types: Mapping[str, ColumnType]
    sums: tuple[str, ...] = ()

    def decode(self, rows: Iterable[Mapping[str, Any]]) -> tuple[Row, ...]:
        """The rows with Python values. Requested columns come first; missing ones are None."""
        missing = dict.fromkeys(self.columns)
        decoded: list[Row] = [{**missing, **row} for row in rows]
        self.parse(decoded)
        return tuple(decoded)

    def parse(self, rows: Sequence[Row]) -> None:
        """Parse the strings in complete rows, in place, and make whole sums integers."""
        for name, type_ in self.types.items():
            parse = _PARSERS[type_]
            for row in rows:
                value = row[name]
                if isinstance(value, str):
                    row[name] = parse(value)
        for name in self.sums:
            for row in rows:
                if isinstance(row[name], float):
                    row[name] = whole_as_int(row[name])


def decoder_for(query: Query) -> RowDecoder:
    """The decoder for the rows of a query, by its own fields and the standard fields."""
    fields = fields_of(query) | STANDARD
    columns = query.output.columns
    types = {name: type_ for name in columns for type_ in _column_types(fields.get(name))}
    sums: tuple[str, ...] = ()
    if isinstance(query.output, AggregateOutput):
        _, count, *computed = columns
        types |= {count: ColumnType.INTEGER} | dict.fromkeys(computed, ColumnType.NUMBER)
        if query.output.function is AggregateFunction.SUM:
            sums = tuple(computed)
    return RowDecoder(columns, types, sums)


def column_types(query: Query) -> dict[str, ColumnType]:
    """The types of the columns of a query that takes several requests, where they are known."""
    fields = fields_of(query) | STANDARD
    if isinstance(query.output, ListOutput):
        return {
            name: type_
            for name in query.output.columns
            for type_ in _column_types(fields.get(name))
        }
    aggregation = as_aggregation(query.output)
    types: dict[str, ColumnType] = {}
    for key in aggregation.keys:
        if isinstance(key, str):
            types |= zip([key], _column_types(fields.get(key)), strict=False)
        elif isinstance(key, DateBucket):
            types[key.name] = ColumnType.DATE
    for column in aggregation.measures:
        function = column.measure.function
        if function in (Function.COUNT, Function.COUNT_DISTINCT):
            own = [ColumnType.INTEGER]
        elif function in (Function.AVERAGE, Function.SUM):
            own = [ColumnType.NUMBER]
        else:
            own = [*_column_types(fields.get(column.measure.field))]
        is_compared = query._local is not None and query._local.comparison is not None
        for type_ in own:
            if not is_compared:
                types[column.name] = type_
                continue
            change = ColumnType.NUMBER if type_ is ColumnType.TIMESTAMP else type_
            sides = (type_, type_, change, ColumnType.NUMBER)
            names = (column.of(side).name for side in SIDES)
            types |= zip(names, sides, strict=True)
    return types


def float_columns(query: Query) -> set[str]:
    """The columns whose numbers are floats, also where they are whole: averages, and per cent."""
    if isinstance(query.output, ListOutput):
        return set()
    names: set[str] = set()
    for column in as_aggregation(query.output).measures:
        sides = {column.of(side).name for side in SIDES}
        is_average = column.measure.function is Function.AVERAGE
        names |= {column.name, *sides} if is_average else {column.of(SIDES[-1]).name}
    return names


def build_result(query: Query, rows: Iterable[Mapping[str, Any]], total: int) -> Result:
    """The result of a query, from the rows and the total of a response."""
    decoder = decoder_for(query)
    return Result(
        decoder.decode(rows),
        total,
        decoder.columns,
        grouped=isinstance(query.output, AggregateOutput),
        types=decoder.types,
        query=query,
    )


def parse_value(text: str, type_: ColumnType) -> Any:
    """The value of a text by its type; the text itself if it is of another."""
    return _PARSERS[type_](text)


def _column_types(field: object) -> Iterable[ColumnType]:
    """The column type for a field; none if its values are strings, or anything."""
    return (type_ for field_type, type_ in _FIELD_TYPES if isinstance(field, field_type))


@lru_cache(maxsize=4096)
def _parse_number(text: str) -> Any:
    if not text:
        return None
    if _match_integer(text):
        return int(text)
    number = number_key(text)
    return text if number is None else number


def _parse_datetime(text: str) -> Any:
    if not text:
        return None
    try:
        parsed = datetime.fromisoformat(text) if _match_date(text) else None
        if parsed is None or parsed.tzinfo is None:
            return parsed.replace(tzinfo=UTC) if parsed else text
        return parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return text


def _parse_boolean(text: str) -> Any:
    return BOOLEANS.get(text.lower(), text) if text else None


_FIELD_TYPES: Final = (
    (Number, ColumnType.NUMBER),
    (Date, ColumnType.TIMESTAMP),
    (Boolean, ColumnType.BOOLEAN),
)

_PARSERS: Final[Mapping[ColumnType, Callable[[str], Any]]] = {
    ColumnType.NUMBER: _parse_number,
    ColumnType.INTEGER: _parse_number,
    ColumnType.TIMESTAMP: _parse_datetime,
    ColumnType.BOOLEAN: _parse_boolean,
}
