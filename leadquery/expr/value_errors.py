"""What was meant by a value that a word does not compare with. Loaded with the first of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Final

from leadquery._util.text import safe_repr
from leadquery.errors import QueryError
from leadquery.expr._guards import NotBoolean

_LISTED: Final = {
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
    if sign not in _LISTED or alone or not isinstance(value, Iterable):
        return None
    asks, listed, instead = _LISTED[sign]
    if hasattr(type(word), "is_in"):
        instead = f"write {listed.format(repr(word))}"
    return QueryError(f"{word!r} {sign} {safe_repr(value)} {asks}; {instead}")
