"""What was meant by a value that a word does not compare with. Loaded with the first of them."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from leadquery.errors import QueryError


def by_member(
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
