"""Decide whether filters on one field contradict each other.

The filters leave an interval or a finite set of values. For a field of unknown type, the callers
report a contradiction only if there is one for every type it may have.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from math import isinf
from typing import Any, Final, NamedTuple

from leadquery.errors import QueryError
from leadquery.expr.field_types import Date, Number
from leadquery.expr.registry import FIELDS
from leadquery.periods import start_of
from leadquery.wire.enums import Operator
from leadquery.wire.model import ComparisonFilter, LeadFilter, MembershipFilter

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


_MAX_COMPARISONS: Final = 1_000_000
"""Characters times parts; a longer search is skipped, and no contradiction reported."""


def sort_keys_of(name: str) -> tuple[SortKey, ...]:
    """The sort keys of the types that a field may have; text first, because it is the fastest."""
    field = FIELDS.get(name)
    if field is None:
        return text_key, number_key, timestamp_key
    if isinstance(field, Number):
        return (number_key,)
    return (timestamp_key,) if isinstance(field, Date) else (text_key,)


def may_conflict(operators: Collection[Operator]) -> bool:
    """Whether filters with some operators on one field can be unsatisfiable, for any values."""
    return not _EXACT.isdisjoint(operators) or any(
        not low.isdisjoint(operators) and not high.isdisjoint(operators) for low, high in _OPPOSED
    )


_EXACT: Final = frozenset((Operator.EQUAL, Operator.ONE_OF, Operator.HAS_NO_DATA))
"""Operators that leave a few values, or none."""

_OPPOSED: Final = (
    ({Operator.ABOVE, Operator.AT_LEAST}, {Operator.BELOW, Operator.AT_MOST}),
    tuple(
        {one for one, (_, wanted) in SEARCHES.items() if wanted is flag} for flag in (True, False)
    ),
)


def is_unsatisfiable(filters: Sequence[LeadFilter], sort_key: SortKey) -> bool:
    """Whether no lead can meet all of these filters on one field."""
    operators = {lead_filter.operator for lead_filter in filters}
    # A lead without data meets no other filter.
    if Operator.HAS_NO_DATA in operators:
        return len(operators) > 1
    compared = [one for one in filters if isinstance(one, ComparisonFilter)]
    searches = [search_of(one) for one in compared if one.operator in SEARCHES]
    required = [search for search, wanted in searches if wanted]
    excluded = [search for search, wanted in searches if not wanted]
    if _excludes_required(excluded, required):
        return True
    candidates = _candidates(filters, sort_key)
    if candidates is None or sort_key is not text_key:
        return candidates is not None and not candidates
    return not _any_matches(candidates, required, excluded)


def _excludes_required(excluded: Sequence[Search], required: Sequence[Search]) -> bool:
    """Whether an excluded search finds whatever a required one finds."""
    if not set(excluded).isdisjoint(required):
        return True
    if _is_too_expensive((search.sought for search in required), excluded):
        return False
    return any(search.implies(one) for search in required for one in excluded)


def _any_matches(
    candidates: Collection[str], required: Sequence[Search], excluded: Sequence[Search]
) -> bool:
    """Whether some value is found by all required searches and by none of the excluded ones."""
    if _is_too_expensive(candidates, (*required, *excluded)):
        return bool(candidates)
    return any(
        all(one.finds(value) for one in required) and not any(one.finds(value) for one in excluded)
        for value in candidates
    )


def _is_too_expensive(texts: Iterable[str], searches: Sequence[Search]) -> bool:
    return sum(map(len, texts)) * len(searches) > _MAX_COMPARISONS


def _candidates(filters: Sequence[LeadFilter], sort_key: SortKey) -> Collection[Key] | None:
    """The values that are possible; None if there are infinitely many."""
    compared = [
        (lead_filter.operator, sort_key(lead_filter.value))
        for lead_filter in filters
        if isinstance(lead_filter, ComparisonFilter) and lead_filter.operator not in SEARCHES
    ]
    if any(key is None for _, key in compared):
        return ()
    lists = [
        set(map(sort_key, lead_filter.values)) - {None}
        for lead_filter in filters
        if isinstance(lead_filter, MembershipFilter)
    ]
    lists += [{key} for operator, key in compared if operator is Operator.EQUAL]
    low, high = _lower_bound(compared), _upper_bound(compared)
    if low is not None and high is not None and low.key >= high.key:
        lists.append({low.key})
    if not lists:
        return None
    without = {key for operator, key in compared if operator is Operator.NOT_EQUAL}
    possible = set.intersection(*lists) - without
    return {key for key in possible if _is_within(key, low, high)}


class _Bound(NamedTuple):
    """An end of an interval, and whether it belongs to it."""

    key: Key
    included: bool


def _lower_bound(compared: Sequence[tuple[Operator, Key]]) -> _Bound | None:
    """The highest lower bound; of two equal ones, the exclusive."""
    bounds = [
        _Bound(key, operator is Operator.AT_LEAST)
        for operator, key in compared
        if operator in (Operator.ABOVE, Operator.AT_LEAST)
    ]
    return max(bounds, key=lambda bound: (bound.key, not bound.included), default=None)


def _upper_bound(compared: Sequence[tuple[Operator, Key]]) -> _Bound | None:
    bounds = [
        _Bound(key, operator is Operator.AT_MOST)
        for operator, key in compared
        if operator in (Operator.BELOW, Operator.AT_MOST)
    ]
    return min(bounds, default=None)


def _is_within(key: Key, low: _Bound | None, high: _Bound | None) -> bool:
    above = low is None or key > low.key or (low.included and key == low.key)
    return above and (high is None or key < high.key or (high.included and key == high.key))
