"""Conditions joined by `&` one after another, and queries that `where` adds to."""

from __future__ import annotations

import copy
import pickle
import tracemalloc
from collections.abc import Callable
from functools import reduce
from typing import Any

import pytest
from hypothesis import given, strategies as st

from leadquery import Leads
from leadquery.expr import Number, Predicate
from leadquery.expr.predicate import flatten
from leadquery.fields import Score, mx_City

SINGLE = [Score != number for number in range(4)]

trees: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from(SINGLE), lambda inner: st.tuples(inner, inner), max_leaves=20
)


def joined(tree: Any) -> Predicate:
    """The conditions of a tree, joined by `&` as it says."""
    if isinstance(tree, Predicate):
        return tree
    condition = joined(tree[0]) & joined(tree[1])
    assert isinstance(condition, Predicate)
    return condition


def leaves_of(tree: Any) -> list[Predicate]:
    """The conditions of a tree, from left to right."""
    return [tree] if isinstance(tree, Predicate) else leaves_of(tree[0]) + leaves_of(tree[1])


@given(trees)
def test_brackets_between_conditions_change_nothing(tree: Any) -> None:
    """The filters are in the order in which they are written, each once."""
    condition, plain = joined(tree), Leads.where(*leaves_of(tree))

    assert condition.filters == tuple(dict.fromkeys(leaf.filters[0] for leaf in leaves_of(tree)))
    assert Leads.where(condition) == plain
    assert hash(Leads.where(condition)) == hash(plain)
    assert reduce(lambda leads, leaf: leads.where(leaf), leaves_of(tree), Leads) == plain
    assert reduce(lambda leads, leaf: leads.where(leaf), leaves_of(tree), Leads).filters == (
        plain.filters
    )
    assert pickle.loads(pickle.dumps(condition)) == condition
    assert repr(condition) == repr(reduce(lambda one, two: one & two, leaves_of(tree)))


def _after(one: Any, other: Any) -> Any:
    return one & other


def _before(one: Any, other: Any) -> Any:
    return other & one


def _where(leads: Any, other: Any) -> Any:
    return leads.where(other)


@pytest.mark.parametrize(
    ("start", "join"), [(Score > 5, _after), (Score > 5, _before), (Leads, _where)]
)
class TestThousands:
    """Conditions that are joined one at a time."""

    def test_each_takes_the_same_memory(self, start: Any, join: Callable[[Any, Any], Any]) -> None:
        """Whatever was joined before is shared, not copied."""
        conditions = [Number("mx_Deal_Value") != number for number in range(2_000)]
        results = [start]
        tracemalloc.start()
        try:
            for condition in conditions:
                results.append(join(results[-1], condition))
            used, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

        assert used < 1_500 * len(conditions)

    def test_they_are_copied_and_pickled(self, start: Any, join: Callable[[Any, Any], Any]) -> None:
        """However deep they are."""
        conditions = [Number("mx_Deal_Value") != number for number in range(2_000)]
        result = reduce(join, conditions, start)

        assert len(result.filters) == len(start.filters) + 2_000
        assert copy.deepcopy(result) == result
        assert pickle.loads(pickle.dumps(result)) == result
        assert copy.copy(result) == result


def test_the_filters_of_a_compound_are_one_condition() -> None:
    """Whether they are joined one at a time or together."""
    either = (Score > 5) | (mx_City == "Delhi")
    conditions = [Number("mx_Deal_Value") != number for number in range(2_000)]
    result: Any = reduce(_after, conditions, either)
    together = either & reduce(_after, conditions)

    assert len(result.parts) == 2
    assert result == together
    assert hash(result) == hash(together)
    assert pickle.loads(pickle.dumps(result)) == result
    assert copy.deepcopy(result) == result


def test_an_operand_that_occurs_many_times_is_read_once() -> None:
    first = second = SINGLE[0] & SINGLE[1]
    for _ in range(100):
        first, second = first & second, first & SINGLE[2]

    assert isinstance(first, Predicate)
    assert first.filters == (*SINGLE[0].filters, *SINGLE[1].filters, *SINGLE[2].filters)


def test_one_condition_is_not_copied() -> None:
    conditions = SINGLE[0]._conditions

    assert flatten(conditions) is conditions
