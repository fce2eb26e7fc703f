"""Turn Python values into the text that is sent, and explain values that cannot be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from enum import Enum
from operator import index
from typing import TYPE_CHECKING, Any, Final, NoReturn

from leadquery._util.text import describe_json, exact_str, python_literal, safe_repr
from leadquery.errors import QueryError
from leadquery.expr._guards import NotBoolean
from leadquery.periods import DateLike, end_of, is_whole_day, start_of
from leadquery.periods.parsing import is_naive, repr_value
from leadquery.wire.enums import ABOVE, AT_MOST, EQUAL, FALSE, ONE_OF, SEPARATOR, TRUE, Operator
from leadquery.wire.types import format_timestamp

if TYPE_CHECKING:
    from decimal import Decimal

    from leadquery.expr.field import BaseField


_MAX_DIGITS: Final = 400

# Compiled, and kept, by the re module on first use.
_NUMBER_PATTERN: Final = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"
_TIME_PATTERN: Final = "((?:[01][0-9]|2[0-3]):[0-5][0-9])(?::([0-5][0-9])(?:[.][0-9]+)?)?"


Encoder = Callable[["BaseField[Any]", Any, Operator], str]
"""Makes the text of a value that a field is compared with, or raises QueryError.

Each is the method `_encode` of a field type. The operator decides between the start and the end of
a value that lasts, such as a day.
"""


def type_error(
    field: object, value: object, expected: str, unquoted: str | None = None
) -> QueryError:
    """The error for a value of the wrong type; `unquoted` is what a text holds, if it is that."""
    hint = f"; write {unquoted} without quotes" if unquoted else ""
    return QueryError(f"{field!r} compares with {expected}, not {safe_repr(value)}{hint}")


def encode_text(field: BaseField[Any], value: Any, _operator: Operator, /) -> str:
    if type(value) is str and value:
        return value
    if not isinstance(value, str) or not value:
        raise type_error(field, value, "text")
    return exact_str(value)


def encode_identifier(field: BaseField[Any], value: Any, _operator: Operator) -> str:
    if not isinstance(value, str) or not value:
        raise type_error(field, value, "an id as text")
    if SEPARATOR in value:
        ids = [python_literal(one) for one in map(str.strip, value.split(SEPARATOR)) if one]
        raise QueryError(
            f"{describe_json(value)} contains a comma, which no id has; "
            f"write {field!r}.is_in([{', '.join(ids) or '...'}])"
        )
    return exact_str(value)


def encode_boolean(field: BaseField[Any], value: Any, _operator: Operator) -> str:
    scalar = _unwrap_scalar(value)
    if not isinstance(scalar, bool):
        word = value.strip().capitalize() if isinstance(value, str) else None
        unquoted = word if word in ("True", "False") else None
        raise type_error(field, value, "True or False", unquoted)
    return TRUE if scalar else FALSE


def encode_number(field: object, value: Any, _operator: Operator) -> str:
    if type(value) is int and -(10**9) < value < 10**9:
        return str(value)
    exact = _to_decimal(value)
    if exact is None:
        written = isinstance(value, str) and re.fullmatch(_NUMBER_PATTERN, value.strip())
        unquoted = written[0] if written else None
        raise type_error(field, value, "a number such as 20 or 0.5", unquoted)
    if not exact.is_finite():
        raise type_error(field, value, "a finite number")
    if exact.adjusted() > _MAX_DIGITS or exact.as_tuple().exponent < -_MAX_DIGITS:  # type: ignore[operator]
        raise QueryError(f"{field!r} compares with a number of at most {_MAX_DIGITS} digits")
    text = format(exact, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def to_number(owner: object, value: Any) -> float:
    """A number as a plain int or float. Raises QueryError for what `Number` does not take."""
    text = encode_number(owner, value, EQUAL)
    number = float(text) if "." in text else int(text)
    if abs(number) == float("inf"):
        raise QueryError(f"{owner!r} compares with a number that a float can hold")
    return int(number) if number == int(number) else number


def _to_decimal(value: Any) -> Decimal | None:
    """The exact value of a number; None for anything else, such as True."""
    from decimal import Decimal

    if isinstance(value, Decimal):
        return value
    if isinstance(value, float):
        return Decimal(repr(float(value)))
    scalar = _unwrap_scalar(value)
    if scalar is not value and isinstance(scalar, float):
        # By its text: float(numpy.float32(0.1)) is not 0.1.
        return Decimal(str(value))
    try:
        return None if isinstance(scalar, bool) else Decimal(index(value))
    except TypeError:
        return None


def _unwrap_scalar(value: Any) -> Any:
    """A scalar of an array library such as numpy as a Python value; other values unchanged."""
    array_type = type(value)
    is_number = hasattr(array_type, "item") and hasattr(array_type, "__float__")
    return value.item() if is_number and not hasattr(array_type, "__iter__") else value


def _is_array_timestamp(value: Any) -> bool:
    """Whether a value is such a library's timestamp, which has no time zone."""
    kind = getattr(getattr(value, "dtype", None), "kind", None)
    return kind == "M" and _unwrap_scalar(value) is not value


def _parse_decimal(text: str) -> Decimal:
    from decimal import Decimal

    return Decimal(text)


def encode_date(field: BaseField[Any], value: Any, operator: Operator) -> str:
    if operator is ONE_OF and is_whole_day(value):
        day = python_literal(value)
        raise QueryError(f"{day} is a whole day, which is a range; write between({day}, {day})")
    parse = end_of if operator in (ABOVE, AT_MOST) else start_of
    return format_timestamp(parse(_check_date(field, value), None, field.name))


def _check_date(field: BaseField[Any], value: Any) -> DateLike:
    if is_naive(value):
        raise QueryError(
            f"{field.name}: {repr_value(value)} has no time zone; write datetime(..., "
            "tzinfo=timezone.utc), or text, which is read as UTC; "
            f"for another zone use {field!r}.during(period)"
        )
    if isinstance(value, (str, date)):
        return value
    if _is_array_timestamp(value):
        raise QueryError(
            f"{field.name}: {value} has no time zone; write str(...) of it, which is read as UTC"
        )
    raise type_error(field, value, "a date such as '2026-01-31' or datetime.date(2026, 1, 31)")


def encode_time(field: BaseField[Any], value: Any, _operator: Operator) -> str:
    if isinstance(value, time) and value.tzinfo is None:
        return value.isoformat()[:8]
    match = re.fullmatch(_TIME_PATTERN, value) if isinstance(value, str) else None
    if match is None:
        raise type_error(field, value, "a time of day written HH:MM or HH:MM:SS, without a zone")
    return f"{match[1]}:{match[2] or '00'}"


def encode_any(field: BaseField[Any], value: Any, operator: Operator) -> str:
    """The text of a value by its type, for fields of unknown type."""
    return _encoder_for(value)(field, value, operator)


def reject(field: BaseField[Any], value: Any, _operator: Operator) -> NoReturn:
    """Raise QueryError for any value."""
    raise type_error(field, value, "text, a number, True or False, a date or a time of day")


_BY_TYPE: Final[tuple[tuple[Any, Encoder], ...]] = (
    (str, encode_text),
    (bool, encode_boolean),
    ((datetime, date), encode_date),
    (time, encode_time),
    ((int, float), encode_number),
)


def _encoder_for(value: object) -> Encoder:
    """The encoder for a value, by its type."""
    for types, encode in _BY_TYPE:
        if isinstance(value, types):
            return encode
    if isinstance(_unwrap_scalar(value), bool):
        return encode_boolean
    if _is_array_timestamp(value):
        return encode_date
    return reject if _to_decimal(value) is None else encode_number


_SORT_KEYS: Final[dict[Encoder, Callable[[str], Any]]] = {
    encode_number: _parse_decimal,
    encode_date: str,
    encode_time: str,
}


def sort_key(encode: Encoder, *values: object) -> Callable[[str], Any] | None:
    """What orders the texts of some values; None if they are not all of a type with an order."""
    encoders = {_encoder_for(value) if encode is encode_any else encode for value in values}
    return _SORT_KEYS.get(encoders.pop()) if len(encoders) == 1 else None


_LIST_HINTS: Final = {
    "==": ("asks for one of several values", "{}.is_in([...])", "ask one query for each value"),
    "!=": ("asks for none of several values", "~{}.is_in([...])", "write one != for each value"),
}
"""By operator: what a comparison with a list means, how to write it, also without `is_in`."""


def is_missing(value: object) -> bool:
    """Whether a value stands for missing data: NaN, or NaT and NA of pandas."""
    if isinstance(value, (Iterable, NotBoolean)):
        return False
    differs: object = False
    try:
        differs = value != value
        return bool(differs)
    except Exception:  # noqa: BLE001 - the comparison is the user's code.
        # `NA != NA` is NA, which has no truth value.
        return differs is value


def enum_member_hint(
    error: QueryError, value: object, encode: Callable[[object], object]
) -> QueryError | None:
    """The error for an enum member whose `.value` the field takes."""
    if not isinstance(value, Enum) or value.name not in type(value).__members__:
        return None
    try:
        encode(value.value)
    except QueryError:
        return None
    # An enum may define another __str__.
    return QueryError(f"{error}; write {Enum.__str__(value)}.value")


def list_hint(field: object, operator: str, value: object) -> QueryError | None:
    """The error for a comparison with a list."""
    is_single = isinstance(value, (str, bytes, bytearray, Enum, NotBoolean))
    if operator not in _LIST_HINTS or is_single or not isinstance(value, Iterable):
        return None
    meaning, with_is_in, hint = _LIST_HINTS[operator]
    if hasattr(type(field), "is_in"):
        hint = f"write {with_is_in.format(repr(field))}"
    return QueryError(f"{field!r} {operator} {safe_repr(value)} {meaning}; {hint}")
