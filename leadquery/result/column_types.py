"""What the values of a column are: for tables whose columns have types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timezone
from decimal import Decimal
from enum import Enum, auto
from json import dumps
from typing import Any, Final

from leadquery.wire.protocol import FALSE, TRUE
from leadquery.wire.types import format_timestamp

SMALLEST: Final = -(1 << 63)

LARGEST: Final = -SMALLEST - 1
"""What a column of whole numbers holds: 64 bits."""


class ColumnType(Enum):
    """What all values of a column are, those that are None aside."""

    WHOLE = auto()
    NUMBER = auto()
    TRUTH = auto()
    MOMENT = auto()
    TEXT = auto()


_TYPES: Final = {
    frozenset({int}): ColumnType.WHOLE,
    frozenset({float}): ColumnType.NUMBER,
    frozenset({int, float}): ColumnType.NUMBER,
    frozenset({bool}): ColumnType.TRUTH,
    frozenset({datetime}): ColumnType.MOMENT,
}


class TypeInference:
    """The columns of rows that come one by one, and what their values are.

    `known` are the types of columns that may turn out to hold nothing.
    """

    def __init__(self, asked: Iterable[str], known: Mapping[str, ColumnType]) -> None:
        self._seen: dict[str, set[type]] = {name: set() for name in asked}
        self._known = known

    def note(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take some rows into account."""
        seen = self._seen
        for row in rows:
            for name, value in row.items():
                if name not in seen:
                    seen[name] = set()
                kind = type(value)
                # What 64 bits do not hold is of no type, so that it becomes a text.
                seen[name].add(object if kind is int and not _fits(value) else kind)

    @property
    def types(self) -> dict[str, ColumnType]:
        """The type of each column; values of several sorts are texts."""
        return {name: self._type(name, seen) for name, seen in self._seen.items()}

    def _type(self, name: str, seen: set[type]) -> ColumnType:
        held = frozenset(seen - {type(None)})
        return _TYPES.get(held, ColumnType.TEXT) if held else self._known.get(name, ColumnType.TEXT)


def _fits(number: int) -> bool:
    return SMALLEST <= number <= LARGEST


def cells(type_: ColumnType, values: Iterable[Any]) -> list[Any]:
    """The values of a column, each of its type or None."""
    make = _MAKERS.get(type_)
    if make is None:
        return list(values)
    return [None if value is None else make(value) for value in values]


def text_of(value: Any) -> str:
    """A value as the API writes it: moments in UTC, numbers as plain decimals."""
    write = _WRITERS.get(type(value))
    if write is not None:
        return write(value)
    return dumps(value, default=str) if isinstance(value, (list, dict)) else str(value)


def unicode_of(text: str) -> str:
    """A text that every encoding of Unicode can write: half a surrogate pair becomes U+FFFD."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _number(value: float) -> str:
    # Adding zero makes one zero of the two.
    text = repr(value + 0.0)
    if text.endswith(".0"):
        return text[:-2]
    return format(Decimal(text), "f") if "e" in text else text


def _moment(value: datetime) -> str:
    utc = value.astimezone(timezone.utc) if value.tzinfo else value
    fraction = f".{utc.microsecond:06}".rstrip("0") if utc.microsecond else ""
    return format_timestamp(utc) + fraction


def _truth(value: bool) -> str:
    return TRUE if value else FALSE


_WRITERS: Final[dict[type, Callable[[Any], str]]] = {
    str: unicode_of,
    int: str,
    float: _number,
    bool: _truth,
    datetime: _moment,
}

_MAKERS: Final[dict[ColumnType, Callable[[Any], Any]]] = {
    ColumnType.NUMBER: float,
    ColumnType.TEXT: text_of,
}
