"""The forms of a value: how it is written, how it is read, what its schema is.

Both directions stand side by side. `write_source` and `clean_source` give the same two as source,
for the functions that `leadquery.payload.compiled` makes of them.
"""

from __future__ import annotations

from typing import Any

from leadquery.wire.types.enum import EnumType, OpenEnumType
from leadquery.wire.types.integer import MAX_INT, PositiveInt
from leadquery.wire.types.string import (
    BLANKS,
    AnyString,
    CommaList,
    EmptyString,
    NonEmptyString,
    name,
    value,
    values,
)
from leadquery.wire.types.timestamp import FIRST, LAST, Timestamp, format_timestamp, parse_timestamp

Leaf = (
    NonEmptyString
    | EmptyString
    | PositiveInt
    | Timestamp
    | EnumType[Any]
    | OpenEnumType[Any]
    | CommaList
)

__all__ = [
    "BLANKS",
    "FIRST",
    "LAST",
    "MAX_INT",
    "AnyString",
    "CommaList",
    "EmptyString",
    "EnumType",
    "Leaf",
    "NonEmptyString",
    "OpenEnumType",
    "PositiveInt",
    "Timestamp",
    "format_timestamp",
    "name",
    "parse_timestamp",
    "value",
    "values",
]
