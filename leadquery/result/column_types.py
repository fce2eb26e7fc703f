"""The types of columns, inferred from their values, for tables that need one type per column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import Enum, auto
from typing import Any, Final

from leadquery.result.serialize import to_text

MIN_INT64: Final = -(1 << 63)

MAX_INT64: Final = -MIN_INT64 - 1


class ColumnType(Enum):
    """The type of all values of a column that are not None."""

    INTEGER = auto()
    NUMBER = auto()
    BOOLEAN = auto()
    TIMESTAMP = auto()
    STRING = auto()


_COLUMN_TYPES: Final = {
    frozenset({int}): ColumnType.INTEGER,
    frozenset({float}): ColumnType.NUMBER,
    frozenset({int, float}): ColumnType.NUMBER,
    frozenset({bool}): ColumnType.BOOLEAN,
    frozenset({datetime}): ColumnType.TIMESTAMP,
}


class TypeInference:
    """Infers the types of columns from rows that come one by one.

    `default_types` are the types of columns without any value.
    """

    def __init__(self, columns: Iterable[str], default_types: Mapping[str, ColumnType]) -> None:
        self._observed: dict[str, set[type]] = {name: set() for name in columns}
        self._default_types = default_types

    def observe(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take the values of some rows into account."""
        observed = self._observed
        for row in rows:
            for name, value in row.items():
                if name not in observed:
                    observed[name] = set()
                type_ = type(value)
                # A column with an integer beyond 64 bits becomes a column of strings.
                is_too_large = type_ is int and not MIN_INT64 <= value <= MAX_INT64
                observed[name].add(object if is_too_large else type_)

    @property
    def types(self) -> dict[str, ColumnType]:
        """The type of each column; STRING if its values have several."""
        return {name: self._infer(name, types) for name, types in self._observed.items()}

    def _infer(self, name: str, types: set[type]) -> ColumnType:
        value_types = frozenset(types - {type(None)})
        if not value_types:
            return self._default_types.get(name, ColumnType.STRING)
        return _COLUMN_TYPES.get(value_types, ColumnType.STRING)


_CONVERTERS: Final[dict[ColumnType, Callable[[Any], Any]]] = {
    ColumnType.NUMBER: float,
    ColumnType.STRING: to_text,
}


def convert_values(type_: ColumnType, values: Iterable[Any]) -> list[Any]:
    """The values of a column, each of the column's type or None."""
    convert = _CONVERTERS.get(type_)
    if convert is None:
        return list(values)
    return [None if value is None else convert(value) for value in values]
