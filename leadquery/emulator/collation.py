"""Kinds of fields: the text of a value, and the key by which such texts compare.

A key is bytes, and keys order as bytes do: so NULs, lone surrogates and doubles stay exact.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any, Final, TypeVar

from leadquery.errors import QueryError
from leadquery.expr import BaseField, Boolean, DateTime, Number, Time, intervals
from leadquery.lint.json_values import describe_json
from leadquery.wire.types import format_timestamp

Kind = Callable[[str], bytes | None]
"""Makes a text's key; None for a text that the kind cannot read."""

T = TypeVar("T")


def each(values: Iterable[T], refusal: str) -> Iterator[T]:
    """The values one by one; QueryError with the refusal where there are none to go over."""
    try:
        return iter(values)
    except TypeError:
        raise QueryError(refusal) from None


def encoded(text: str) -> bytes:
    """A text as it is stored; lone surrogates too."""
    return text.encode("utf-8", "surrogatepass")


def decoded(stored: bytes | None) -> str | None:
    """The text that was stored."""
    return None if stored is None else stored.decode("utf-8", "surrogatepass")


def folded(text: str) -> bytes:
    """The key of a text."""
    return encoded(intervals.text_key(text))


def number(text: str) -> bytes | None:
    """The key of a number."""
    read = intervals.number_key(text)
    if read is None:
        return None
    # Adding zero makes one zero of the two.
    bits: int = struct.unpack(">Q", struct.pack(">d", read + 0.0))[0]
    return (bits ^ (_ALL if bits & _SIGN else _SIGN)).to_bytes(8, "big")


_SIGN: Final = 1 << 63

_ALL: Final = (1 << 64) - 1


def moment(text: str) -> bytes | None:
    """The key of a moment."""
    read = intervals.timestamp_key(text)
    return None if read is None else format_timestamp(read).encode()


def text_of(value: object) -> str | None:
    """The API's text of a Python value; None for no data.

    A naive datetime is taken as UTC, a date as its first second.
    """
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, datetime) and value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    word = next((word for kinds, word in _WORDS if isinstance(value, kinds)), _NUMBERS)
    try:
        return word.text(value)
    except QueryError:
        raise QueryError(
            f"{describe_json(value)} is no value; write text, a finite number, True or False, "
            "a date, a time without a zone or None"
        ) from None


_NUMBERS: Final = Number("value")

_WORDS: Final[tuple[tuple[type, BaseField[Any]], ...]] = (
    (bool, Boolean("value")),
    (date, DateTime("value")),
    (time, Time("value")),
)
