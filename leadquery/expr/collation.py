"""How values are compared: their keys, searches in text, and cells of values in their order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from math import isinf
from typing import Any, Final, NamedTuple

from leadquery.errors import QueryError
from leadquery.expr.field_types import Date, Number
from leadquery.expr.registry import FIELDS
from leadquery.periods import start_of
from leadquery.wire.enums import FALSE, TRUE, Operator
from leadquery.wire.model import ComparisonFilter, LeadFilter, MembershipFilter, PresenceFilter

_match_number = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?").fullmatch

MAX_EXACT: Final = 1 << 53
"""From zero to here, every whole number is a 64-bit float, too."""


def text_key(value: str) -> str:
    """The key by which text is compared: without regard to case."""
    return value.casefold()


def number_key(value: str) -> float | None:
    """The key by which numbers are compared: as doubles. None for text that is not a number."""
    number = float(value) if _match_number(value) else None
    return None if number is None or isinf(number) else number


def whole_as_int(number: float) -> int | float:
    """A number as results have it: an int if it is whole, unless a float may have rounded it."""
    is_whole = number.is_integer() and abs(number) <= MAX_EXACT
    return int(number) if is_whole else number


def timestamp_key(value: str) -> datetime | None:
    """The key by which dates are compared: in UTC, to the second. None for anything else."""
    try:
        return start_of(value)
    except QueryError:
        return None


BOOLEANS: Final = {TRUE: True, FALSE: False, "true": True, "false": False}
"""The texts of true and false, in lower case."""


def truth_key(value: str) -> str | None:
    """The key by which checkboxes are compared. None for text that is neither true nor false."""
    found = BOOLEANS.get(value.lower())
    return None if found is None else TRUE if found else FALSE


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


class Run(NamedTuple):
    """Cells that follow each other: the first one, and the one after the last."""

    first: int
    end: int

    @property
    def is_value(self) -> bool:
        """Whether it is one named value."""
        return self.first % 2 == 1 and self.end == self.first + 1


class OrderedCells:
    """The values of one type in their order, by the values that filters name.

    Odd cells are the named values. Even ones are the values between two of them, below the first or
    above the last. Values of another type have no cell. Searches in text have no cells of their
    own: `can_match` and `Search.finds` decide them.
    """

    def __init__(self, sort_key: SortKey, filters: Iterable[LeadFilter]) -> None:
        self._sort_key = sort_key
        compared = filter(is_comparison, filters)
        keys = {text: sort_key(text) for text in values_of(compared)}
        texts: dict[Key, list[str]] = {}
        for text, key in keys.items():
            if key is not None:
                texts.setdefault(key, []).append(text)
        self.keys = sorted(texts)
        self.spellings = [texts[key] for key in self.keys]
        cells = {key: 2 * place + 1 for place, key in enumerate(self.keys)}
        self._cells = {text: cells[key] for text, key in keys.items() if key is not None}
        self.size = 2 * len(self.keys) + 1

    def common(self, filters: Sequence[LeadFilter]) -> list[Run]:
        """The longest runs of cells in which all filters hold."""
        changes = {0: 0, self.size: 0}
        for one in filters:
            for first, end in self._runs(one):
                changes[first] = changes.get(first, 0) + 1
                changes[end] = changes.get(end, 0) - 1
        runs: list[Run] = []
        holding = 0
        for first, end in pairwise(sorted(changes)):
            holding += changes[first]
            if holding == len(filters):
                start = runs.pop().first if runs and runs[-1].end == first else first
                runs.append(Run(start, end))
        return runs

    def classes(self, conjunctions: Sequence[Sequence[LeadFilter]]) -> dict[int, list[Run]]:
        """The cells that the same conjunctions of filters hold in, as runs.

        The key has a bit for each of these conjunctions.
        """
        changes = {0: 0, self.size: 0}
        for number, filters in enumerate(conjunctions):
            for run in self.common(filters):
                for cell in run:
                    changes[cell] = changes.get(cell, 0) ^ 1 << number
        found: dict[int, list[Run]] = {}
        holding = 0
        for first, end in pairwise(sorted(changes)):
            holding ^= changes[first]
            found.setdefault(holding, []).append(Run(first, end))
        return found

    def _runs(self, one: LeadFilter) -> list[tuple[int, int]]:
        """The runs of cells in which a filter with a value holds."""
        if isinstance(one, MembershipFilter):
            cells = {self._cells[value] for value in one.values if value in self._cells}
            return [(cell, cell + 1) for cell in cells]
        cell = self._cells.get(one.value) if isinstance(one, ComparisonFilter) else None
        return [] if cell is None else _RUNS[one.operator](cell, self.size)

    def is_unsatisfiable(self, filters: Sequence[LeadFilter]) -> bool:
        """Whether no lead can meet all of some filters on the field."""
        operators = {one.operator for one in filters}
        # A lead without data meets no other filter.
        if Operator.HAS_NO_DATA in operators:
            return len(operators) > 1
        searches = list(map(search_of, searches_in(filters)))
        required = [search for search, wanted in searches if wanted]
        excluded = [search for search, wanted in searches if not wanted]
        if not can_match(required, excluded):
            return True
        runs = self.common([one for one in filters if is_comparison(one)])
        if self._sort_key is not text_key or not all(run.is_value for run in runs):
            return not runs
        return not _any_matches([self.keys[run.first // 2] for run in runs], required, excluded)


_RUNS: Final[Mapping[Operator, Callable[[int, int], list[tuple[int, int]]]]] = {
    Operator.EQUAL: lambda cell, _: [(cell, cell + 1)],
    Operator.NOT_EQUAL: lambda cell, size: [(0, cell), (cell + 1, size)],
    Operator.BELOW: lambda cell, _: [(0, cell)],
    Operator.AT_MOST: lambda cell, _: [(0, cell + 1)],
    Operator.ABOVE: lambda cell, size: [(cell + 1, size)],
    Operator.AT_LEAST: lambda cell, size: [(cell, size)],
}
"""Where a comparison holds, by the cell of its value and the number of cells."""


def is_comparison(one: LeadFilter) -> bool:
    """Whether a filter compares values, and does not search in them or ask whether there is one."""
    return not isinstance(one, PresenceFilter) and one.operator not in SEARCHES


def values_of(filters: Iterable[LeadFilter]) -> Iterator[str]:
    """The values that filters name."""
    for one in filters:
        if isinstance(one, MembershipFilter):
            yield from one.values
        elif isinstance(one, ComparisonFilter):
            yield one.value


def searches_in(filters: Iterable[LeadFilter]) -> Iterator[ComparisonFilter]:
    """The filters that search in text."""
    for one in filters:
        if isinstance(one, ComparisonFilter) and one.operator in SEARCHES:
            yield one


_MAX_COMPARISONS: Final = 1_000_000
"""Characters times searches; a longer comparison is skipped, and no contradiction found."""


def can_match(required: Sequence[Search], excluded: Sequence[Search]) -> bool:
    """Whether some text may be found by all required searches, and by none of the excluded ones."""
    if not set(excluded).isdisjoint(required):
        return False
    if _is_too_expensive((search.sought for search in required), excluded):
        return True
    return not any(search.implies(one) for search in required for one in excluded)


def _any_matches(
    texts: Sequence[str], required: Sequence[Search], excluded: Sequence[Search]
) -> bool:
    """Whether some text is found by all required searches, and by none of the excluded ones."""
    if _is_too_expensive(texts, (*required, *excluded)):
        return bool(texts)
    return any(
        all(one.finds(text) for one in required) and not any(one.finds(text) for one in excluded)
        for text in texts
    )


def _is_too_expensive(texts: Iterable[str], searches: Sequence[Search]) -> bool:
    return sum(map(len, texts)) * len(searches) > _MAX_COMPARISONS
