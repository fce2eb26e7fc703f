"""How values travel: for each kind of value its text, and the refusal of what is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from enum import Enum
from operator import index
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from leadquery._util.text import exact_str, safe_repr
from leadquery.errors import QueryError
from leadquery.expr._guards import NotBoolean
from leadquery.periods import DateLike, end_of, start_of
from leadquery.periods.parsing import is_naive, repr_value
from leadquery.wire.protocol import FALSE, TRUE
from leadquery.wire.types import format_timestamp

if TYPE_CHECKING:
    from decimal import Decimal

    from leadquery.expr.field import BaseField


_MAX_DIGITS: Final = 400

# Compiled, and kept, by the re module on first use.
_TIME_PATTERN: Final = "((?:[01][0-9]|2[0-3]):[0-5][0-9])(?::([0-5][0-9])(?:[.][0-9]+)?)?"


class ValueEncoder(NamedTuple):
    """How values of one kind travel: `write` makes their text, `order` what a text is sorted by.

    `last` makes the text of what a value ends with, for those that last.
    """

    write: Callable[[BaseField[Any], Any], str]
    order: Callable[[str], Any] | None = None
    last: Callable[[BaseField[Any], Any], str] | None = None


def type_error(word: object, value: object, expected: str) -> QueryError:
    """The error for a value that a word does not compare with."""
    from leadquery._util.text import safe_repr

    return QueryError(f"{word!r} compares with {expected}, not {safe_repr(value)}")


def _encode_text(word: BaseField[Any], value: Any) -> str:
    if type(value) is str and value:
        return value
    if not isinstance(value, str) or not value:
        raise type_error(word, value, "text")
    return exact_str(value)


def _encode_identifier(word: BaseField[Any], value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise type_error(word, value, "an id as text")
    return exact_str(value)


def _encode_boolean(word: BaseField[Any], value: Any) -> str:
    own = _unwrap_scalar(value)
    if not isinstance(own, bool):
        raise type_error(word, value, "True or False")
    return TRUE if own else FALSE


def _encode_number(word: BaseField[Any], value: Any) -> str:
    if type(value) is int and -(10**9) < value < 10**9:
        return str(value)
    exact = _to_decimal(value)
    if exact is None:
        raise type_error(word, value, "a number such as 20 or 0.5")
    if not exact.is_finite():
        raise type_error(word, value, "a finite number")
    if exact.adjusted() > _MAX_DIGITS or exact.as_tuple().exponent < -_MAX_DIGITS:  # type: ignore[operator]
        raise QueryError(f"{word!r} compares with a number of at most {_MAX_DIGITS} digits")
    plain = format(exact, "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain == "-0" else plain


def _to_decimal(value: Any) -> Decimal | None:
    """A number in full; None for what is none, such as True."""
    from decimal import Decimal

    if isinstance(value, Decimal):
        return value
    if isinstance(value, float):
        return Decimal(repr(float(value)))
    own = _unwrap_scalar(value)
    if own is not value and isinstance(own, float):
        # As it says itself: 0.1 of half the bits is another number to Python.
        return Decimal(str(value))
    try:
        return None if isinstance(own, bool) else Decimal(index(value))
    except TypeError:
        return None


def _unwrap_scalar(value: Any) -> Any:
    """A single value of a library of arrays, such as numpy, as Python's; any other as it is."""
    kind = type(value)
    alone = hasattr(kind, "item") and hasattr(kind, "__float__") and not hasattr(kind, "__iter__")
    return value.item() if alone else value


def _is_array_timestamp(value: Any) -> bool:
    """Whether a value is a moment of such a library, which has no time zone."""
    kind = getattr(getattr(value, "dtype", None), "kind", None)
    return kind == "M" and _unwrap_scalar(value) is not value


def _parse_decimal(text: str) -> Decimal:
    from decimal import Decimal

    return Decimal(text)


def _encode_start(word: BaseField[Any], value: Any) -> str:
    return format_timestamp(start_of(_check_date(word, value), None, word.name))


def _encode_end(word: BaseField[Any], value: Any) -> str:
    return format_timestamp(end_of(_check_date(word, value), None, word.name))


def _check_date(word: BaseField[Any], value: Any) -> DateLike:
    if is_naive(value):
        raise QueryError(
            f"{word.name}: {repr_value(value)} has no time zone; write datetime(..., "
            "tzinfo=timezone.utc), or text, which is read as UTC; "
            f"for another zone use {word!r}.during(period)"
        )
    if isinstance(value, (str, date)):
        return value
    if _is_array_timestamp(value):
        raise QueryError(
            f"{word.name}: {value} has no time zone; write str(...) of it, which is read as UTC"
        )
    raise type_error(word, value, "a date such as '2026-01-31' or datetime.date(2026, 1, 31)")


def _encode_time(word: BaseField[Any], value: Any) -> str:
    if isinstance(value, time) and value.tzinfo is None:
        return value.isoformat()[:8]
    match = re.fullmatch(_TIME_PATTERN, value) if isinstance(value, str) else None
    if match is None:
        raise type_error(word, value, "a time of day written HH:MM or HH:MM:SS, without a zone")
    return f"{match[1]}:{match[2] or '00'}"


def _reject(word: BaseField[Any], value: Any) -> str:
    raise type_error(word, value, "text, a number, True or False, a date or a time of day")


TEXT: Final = ValueEncoder(_encode_text)

IDENTIFIER: Final = ValueEncoder(_encode_identifier)

BOOLEAN: Final = ValueEncoder(_encode_boolean)

NUMBER: Final = ValueEncoder(_encode_number, _parse_decimal)

DATE: Final = ValueEncoder(_encode_start, str, _encode_end)

TIME: Final = ValueEncoder(_encode_time, str)

NO_ENCODER: Final = ValueEncoder(_reject)

_BY_TYPE: Final[tuple[tuple[Any, ValueEncoder], ...]] = (
    (str, TEXT),
    (bool, BOOLEAN),
    ((datetime, date), DATE),
    (time, TIME),
    ((int, float), NUMBER),
)


def encoder_for(value: object) -> ValueEncoder:
    """How a value travels whose field is of no known kind."""
    for types, way in _BY_TYPE:
        if isinstance(value, types):
            return way
    if isinstance(_unwrap_scalar(value), bool):
        return BOOLEAN
    if _is_array_timestamp(value):
        return DATE
    return NO_ENCODER if _to_decimal(value) is None else NUMBER


_LIST_HINTS: Final = {
    "==": ("asks for one of several values", "{}.is_in([...])", "ask one query for each value"),
    "!=": ("asks for none of several values", "~{}.is_in([...])", "write one != for each value"),
}
"""What a comparison with several values means, by its sign: in words, with `is_in`, without it."""


def is_missing(value: object) -> bool:
    """Whether a value says that there is none, as NaN, and NaT and NA of pandas do."""
    if isinstance(value, (Iterable, NotBoolean)):
        return False
    unlike: object = False
    try:
        unlike = value != value
        return bool(unlike)
    except Exception:  # noqa: BLE001 - the comparison is the user's own code.
        # NA does not say whether it is, but is itself in place of an answer.
        return unlike is value


def enum_member_hint(
    refused: QueryError, value: object, takes: Callable[[object], object]
) -> QueryError | None:
    """The error for a member of an enumeration whose own value would be taken."""
    if not isinstance(value, Enum) or value.name not in type(value).__members__:
        return None
    try:
        takes(value.value)
    except QueryError:
        return None
    # A member may say itself otherwise.
    return QueryError(f"{refused}; write {Enum.__str__(value)}.value")


def list_hint(word: object, sign: str, value: object) -> QueryError | None:
    """The error for several values where a word is compared with one."""
    alone = isinstance(value, (str, bytes, bytearray, Enum, NotBoolean))
    if sign not in _LIST_HINTS or alone or not isinstance(value, Iterable):
        return None
    asks, listed, instead = _LIST_HINTS[sign]
    if hasattr(type(word), "is_in"):
        instead = f"write {listed.format(repr(word))}"
    return QueryError(f"{word!r} {sign} {safe_repr(value)} {asks}; {instead}")
