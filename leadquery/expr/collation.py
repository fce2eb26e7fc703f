"""How values are compared: the keys by which they are equal and sorted, and searches in text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from math import isinf
from typing import Any, Final, NamedTuple

from leadquery.errors import QueryError
from leadquery.expr.field_types import Date, Number
from leadquery.expr.registry import FIELDS
from leadquery.periods import start_of
from leadquery.wire.enums import Operator
from leadquery.wire.model import ComparisonFilter

_match_number = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?").fullmatch


def text_key(value: str) -> str:
    """The key by which text is compared: without regard to case."""
    return value.casefold()


def number_key(value: str) -> float | None:
    """The key by which numbers are compared: as doubles. None for text that is not a number."""
    number = float(value) if _match_number(value) else None
    return None if number is None or isinf(number) else number


def timestamp_key(value: str) -> datetime | None:
    """The key by which dates are compared: in UTC, to the second. None for anything else."""
    try:
        return start_of(value)
    except QueryError:
        return None


Key = Any
"""The key by which values of one type are compared."""

SortKey = Callable[[str], Key | None]
"""Makes the key of a value; None for text that is not of the type."""

_SEARCH_TESTS: Final[Mapping[Operator, Callable[[str, str], bool]]] = {
    Operator.CONTAINS: str.__contains__,
}
"""Whether a text contains another one where a search wants it, both as `text_key` makes them."""

SEARCHES: Final = {
    **{one: (one, True) for one in _SEARCH_TESTS},
    **{one.opposite: (one, False) for one in _SEARCH_TESTS if one.opposite},
}
"""The operators that search in text: the one with a test, and whether they want what it finds."""


class Search(NamedTuple):
    """A search in text, by the operator with a test, and the text that it looks for."""

    operator: Operator
    sought: str

    def finds(self, text: str) -> bool:
        """Whether it finds a text."""
        return _SEARCH_TESTS[self.operator](text, self.sought)

    def implies(self, other: Search) -> bool:
        """Whether another search is known to find whatever this one finds."""
        return other.operator in (self.operator, Operator.CONTAINS) and other.finds(self.sought)


def search_of(condition: ComparisonFilter) -> tuple[Search, bool]:
    """The search of a filter, and whether the filter wants what it finds."""
    operator, wanted = SEARCHES[condition.operator]
    return Search(operator, text_key(condition.value)), wanted


def sort_keys_of(name: str) -> tuple[SortKey, ...]:
    """The sort keys of the types that a field may have; text first, because it is the fastest."""
    field = FIELDS.get(name)
    if field is None:
        return text_key, number_key, timestamp_key
    if isinstance(field, Number):
        return (number_key,)
    return (timestamp_key,) if isinstance(field, Date) else (text_key,)
