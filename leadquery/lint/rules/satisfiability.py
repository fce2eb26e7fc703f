"""What the filters on one field leave of it: an interval, a few values, parts of a text.

Of a field whose kind is not known, nothing is said unless it holds for every kind.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Final, NamedTuple

from leadquery._util.collation import number_key, text_key, timestamp_key
from leadquery.expr import Date, Number
from leadquery.fields import STANDARD
from leadquery.wire.enums import Operator
from leadquery.wire.model import ComparisonFilter, LeadFilter, MembershipFilter

Key = Any
"""What values of one kind compare by."""

Kind = Callable[[str], Key | None]
"""Makes the key of a text; None for a text that the kind cannot read."""

_COSTLY: Final = 1_000_000
"""Characters times parts: a search above that is left out, and nothing is said."""


def kinds_of(name: str) -> tuple[Kind, ...]:
    """The kinds that a field may be of; text first, for it is the quickest and rules out most."""
    word = STANDARD.get(name)
    if word is None:
        return text_key, number_key, timestamp_key
    if isinstance(word, Number):
        return (number_key,)
    return (timestamp_key,) if isinstance(word, Date) else (text_key,)


def is_unsatisfiable(filters: Sequence[LeadFilter], kind: Kind) -> bool:
    """Whether no lead can meet all of some filters on one field of a kind."""
    operators = {one.operator for one in filters}
    # A lead without data meets no comparison.
    if Operator.HAS_NO_DATA in operators:
        return len(operators) > 1
    parts, hidden = _texts(filters, Operator.CONTAINS), _texts(filters, Operator.DOES_NOT_CONTAIN)
    if _is_any_in(hidden, parts):
        return True
    among = _candidates(filters, kind)
    if among is None or kind is not text_key:
        return among is not None and not among
    return not _is_any_left(among, parts, hidden)


def _texts(filters: Sequence[LeadFilter], operator: Operator) -> list[str]:
    compared = [one for one in filters if isinstance(one, ComparisonFilter)]
    return [text_key(one.value) for one in compared if one.operator is operator]


def _is_any_in(hidden: Sequence[str], parts: Sequence[str]) -> bool:
    """Whether a text that may not be contained is a part of one that must be."""
    if not set(hidden).isdisjoint(parts):
        return True
    if _is_costly(parts, hidden):
        return False
    return any(one in part for part in parts for one in hidden)


def _is_any_left(among: Collection[str], parts: Sequence[str], hidden: Sequence[str]) -> bool:
    """Whether one of some texts contains what it must, and nothing that it may not."""
    if _is_costly(among, (*parts, *hidden)):
        return bool(among)
    return any(
        all(part in value for part in parts) and not any(one in value for one in hidden)
        for value in among
    )


def _is_costly(texts: Iterable[str], sought: Sequence[str]) -> bool:
    return sum(map(len, texts)) * len(sought) > _COSTLY


def _candidates(filters: Sequence[LeadFilter], kind: Kind) -> Collection[Key] | None:
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
    low, high = _low(compared), _high(compared)
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


def _low(compared: Sequence[tuple[Operator, Key]]) -> _Bound | None:
    """The lower end that is left; of two equal ones, the one left out."""
    bounds = [
        _Bound(key, operator is Operator.AT_LEAST)
        for operator, key in compared
        if operator in (Operator.ABOVE, Operator.AT_LEAST)
    ]
    return max(bounds, key=lambda bound: (bound.key, not bound.included), default=None)


def _high(compared: Sequence[tuple[Operator, Key]]) -> _Bound | None:
    bounds = [
        _Bound(key, operator is Operator.AT_MOST)
        for operator, key in compared
        if operator in (Operator.BELOW, Operator.AT_MOST)
    ]
    return min(bounds, default=None)


def _is_within(key: Key, low: _Bound | None, high: _Bound | None) -> bool:
    above = low is None or key > low.key or (low.included and key == low.key)
    return above and (high is None or key < high.key or (high.included and key == high.key))
