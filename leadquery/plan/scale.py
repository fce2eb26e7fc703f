"""The values of a field on a scale: as keys to compare, and back as values to send and return."""

from __future__ import annotations

import struct
import sys
from abc import ABC, abstractmethod
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any, Final

from leadquery.errors import QueryError
from leadquery.expr.collation import number_key, timestamp_key
from leadquery.expr.field_types import Date, Field

if TYPE_CHECKING:
    from leadquery.expr.field import BaseField

Key = int | float
"""A number, or the seconds of a date since 1970."""


def scale_of(field: BaseField[Any]) -> Scale:
    """The scale of a field's values: dates, or else numbers."""
    return Dates(field) if isinstance(field, Date) else Numbers(field)


class Scale(ABC):
    """How values of a field are read, sent, and interpolated."""

    def __init__(self, field: BaseField[Any]) -> None:
        self.field = field

    @abstractmethod
    def sort_key(self, text: str) -> Any:
        """The key by which the API compares a text; None for a text of another type."""

    @abstractmethod
    def key(self, value: Any) -> Key:
        """The key of a value of a row. Raises QueryError for a value of another type."""

    @abstractmethod
    def value(self, key: Key) -> Any:
        """The value of a key."""

    @abstractmethod
    def reach(self, low: Key, high: Key) -> Fraction:
        """How far to look beyond values that are known, at first."""

    @abstractmethod
    def beyond(self, key: Key, reach: Fraction) -> Key:
        """The key so far above another one, or below it; the last one if there are no more."""

    @abstractmethod
    def middle(self, low: Key, high: Key, *, by_doubles: bool) -> Key:
        """A key between two others, about half way in distance, or in the number of doubles."""

    @abstractmethod
    def interpolate(self, low: Key, high: Key, share: Fraction) -> Any:
        """The value at a share of the distance between two keys."""


class Numbers(Scale):
    """Numbers: whole ones as int, others as float, both by their decimal digits."""

    def sort_key(self, text: str) -> float | None:
        return number_key(text)

    def key(self, value: Any) -> Key:
        if isinstance(value, str) and number_key(value) is not None:
            return int(value) if value.lstrip("+-").isdecimal() else float(value)
        if isinstance(value, str):
            hint = f'; for dates write Date("{self.field.name}")'
            raise QueryError(
                f"{self.field!r} has the value {value!r}, which is not a number"
                f"{hint if isinstance(self.field, Field) else ''}"
            )
        number: Key = value
        return number

    def value(self, key: Key) -> Key:
        return key

    def reach(self, low: Key, high: Key) -> Fraction:
        return Fraction(high) - Fraction(low) or max(abs(Fraction(low)), Fraction(1))

    def beyond(self, key: Key, reach: Fraction) -> float:
        # A double of this size changes by no less.
        least = abs(Fraction(key)) / 2**40
        step = max(abs(reach), least)
        return _to_float(Fraction(key) + (step if reach > 0 else -step))

    def middle(self, low: Key, high: Key, *, by_doubles: bool) -> float:
        if by_doubles:
            return _double((_ordinal(low) + _ordinal(high)) // 2)
        distance = Fraction(high) - Fraction(low)
        digits = Decimal(distance.numerator) / Decimal(distance.denominator)
        # With few digits, which are shorter to send.
        return _to_float(round((Fraction(low) + Fraction(high)) / 2, 1 - digits.adjusted()))

    def interpolate(self, low: Key, high: Key, share: Fraction) -> Key:
        if low == high or not share:
            return low
        exact = Fraction(str(low)) * (1 - share) + Fraction(str(high)) * share
        are_whole = isinstance(low, int) and isinstance(high, int)
        return int(exact) if are_whole and exact.denominator == 1 else _to_float(exact)


def _to_float(number: Fraction) -> float:
    try:
        return float(number)
    except OverflowError:
        return sys.float_info.max if number > 0 else -sys.float_info.max


def _ordinal(number: Key) -> int:
    """The number of doubles from 0 to a number; negative below 0."""
    double = _to_float(Fraction(number))
    bits: int = struct.unpack(">q", struct.pack(">d", abs(double)))[0]
    return -bits if double < 0 else bits


def _double(ordinal: int) -> float:
    """The double of an ordinal."""
    double: float = struct.unpack(">d", struct.pack(">q", abs(ordinal)))[0]
    return -double if ordinal < 0 else double


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)
_FIRST_SECOND: Final = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _SECOND
_LAST_SECOND: Final = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _SECOND
_DAY: Final = Fraction(24 * 60 * 60)


class Dates(Scale):
    """Dates in UTC, as seconds since 1970; fractions of a second are dropped."""

    def sort_key(self, text: str) -> datetime | None:
        return timestamp_key(text)

    def key(self, value: Any) -> int:
        if not isinstance(value, datetime):
            raise QueryError(f"{self.field!r} has the value {value!r}, which is not a date")
        return (value - _EPOCH) // _SECOND

    def value(self, key: Key) -> datetime:
        return _EPOCH + int(key) * _SECOND

    def reach(self, low: Key, high: Key) -> Fraction:
        return Fraction(high - low) or _DAY

    def beyond(self, key: Key, reach: Fraction) -> int:
        return min(max(int(key + reach), _FIRST_SECOND), _LAST_SECOND)

    def middle(self, low: Key, high: Key, *, by_doubles: bool) -> int:
        return int(low + high) // 2

    def interpolate(self, low: Key, high: Key, share: Fraction) -> datetime:
        return self.value(floor(low + (high - low) * share))
