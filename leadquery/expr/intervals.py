"""What values compare by, as far as it is known: text, numbers and moments."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
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
    """Text compares without regard to case."""
    return value.casefold()


def number_key(value: str) -> float | None:
    """Numbers compare as doubles; None for what is none, or larger than any."""
    read = float(value) if _match_number(value) else None
    return None if read is None or isinf(read) else read


def timestamp_key(value: str) -> datetime | None:
    """Dates compare as moments in UTC, to the second; None for what is none."""
    try:
        return start_of(value)
    except QueryError:
        return None


Key = Any
"""What values of one kind compare by."""

SortKey = Callable[[str], Key | None]
"""Makes the key of a text; None for a text that the kind cannot read."""

_MAX_COMPARISONS: Final = 1_000_000
"""Characters times parts: a search above that is left out, and nothing is said."""


def sort_keys_of(name: str) -> tuple[SortKey, ...]:
    """The kinds that a field may be of; text first, for it is the quickest and rules out most."""
    field = FIELDS.get(name)
    if field is None:
        return text_key, number_key, timestamp_key
    if isinstance(field, Number):
        return (number_key,)
    return (timestamp_key,) if isinstance(field, Date) else (text_key,)


def is_unsatisfiable(filters: Sequence[LeadFilter], kind: SortKey) -> bool:
    """Whether no lead can meet all of some filters on one field of a kind."""
    operators = {one.operator for one in filters}
    # A lead without data meets no comparison.
    if Operator.HAS_NO_DATA in operators:
        return len(operators) > 1
    parts, hidden = (
        _compared_texts(filters, Operator.CONTAINS),
        _compared_texts(filters, Operator.DOES_NOT_CONTAIN),
    )
    if _excludes_required(hidden, parts):
        return True
    among = _candidates(filters, kind)
    if among is None or kind is not text_key:
        return among is not None and not among
    return not _any_matches(among, parts, hidden)


def _compared_texts(filters: Sequence[LeadFilter], operator: Operator) -> list[str]:
    compared = [one for one in filters if isinstance(one, ComparisonFilter)]
    return [text_key(one.value) for one in compared if one.operator is operator]


def _excludes_required(hidden: Sequence[str], parts: Sequence[str]) -> bool:
    """Whether a text that may not be contained is a part of one that must be."""
    if not set(hidden).isdisjoint(parts):
        return True
    if _is_too_expensive(parts, hidden):
        return False
    return any(one in part for part in parts for one in hidden)


def _any_matches(among: Collection[str], parts: Sequence[str], hidden: Sequence[str]) -> bool:
    """Whether one of some texts contains what it must, and nothing that it may not."""
    if _is_too_expensive(among, (*parts, *hidden)):
        return bool(among)
    return any(
        all(part in value for part in parts) and not any(one in value for one in hidden)
        for value in among
    )


def _is_too_expensive(texts: Iterable[str], sought: Sequence[str]) -> bool:
    return sum(map(len, texts)) * len(sought) > _MAX_COMPARISONS


def _candidates(filters: Sequence[LeadFilter], kind: SortKey) -> Collection[Key] | None:
    """The values that are left where they are few, None where there is no end to them."""
    compared = [
        (one.operator, kind(one.value))
        for one in filters
        if isinstance(one, ComparisonFilter) and one.operator not in _SEARCHES
    ]
    if any(key is None for _, key in compared):
        return ()
    lists = [
        set(map(kind, one.values)) - {None} for one in filters if isinstance(one, MembershipFilter)
    ]
    lists += [{key} for operator, key in compared if operator is Operator.EQUAL]
    low, high = _lower_bound(compared), _upper_bound(compared)
    if low is not None and high is not None and low.key >= high.key:
        lists.append({low.key})
    if not lists:
        return None
    without = {key for operator, key in compared if operator is Operator.NOT_EQUAL}
    few = set.intersection(*lists) - without
    return {key for key in few if _is_within(key, low, high)}


_SEARCHES: Final = (Operator.CONTAINS, Operator.DOES_NOT_CONTAIN)


class _Bound(NamedTuple):
    """An end of an interval, and whether it is a part of it."""

    key: Key
    included: bool


def _lower_bound(compared: Sequence[tuple[Operator, Key]]) -> _Bound | None:
    """The lower end that is left; of two equal ones, the one left out."""
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
