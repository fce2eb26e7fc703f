"""Conditions joined by `&` and `|` one after another, and queries that `where` adds to."""

from __future__ import annotations

import copy
import operator
import pickle
import re
import sys
import tracemalloc
from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any

import pytest
from hypothesis import given, strategies as st

from leadquery import Leads, count, users
from leadquery.expr import Number, Predicate
from leadquery.expr.predicate import conditions_of
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


def _and_after(one: Any, other: Any) -> Any:
    return one & other


def _and_before(one: Any, other: Any) -> Any:
    return other & one


def _or_after(one: Any, other: Any) -> Any:
    return one | other


def _or_before(one: Any, other: Any) -> Any:
    return other | one


def _where(leads: Any, other: Any) -> Any:
    return leads.where(other)


def _unequal(number: int) -> Any:
    return Score != number


def _equal(number: int) -> Any:
    return Score == number


def _above(number: int) -> Any:
    return Score > number


def _either(number: int) -> Any:
    return (Score == number) | (mx_City == "Delhi")


def _of_users(number: int) -> Any:
    return users.Role == f"Role {number}"


def _of_groups(number: int) -> Any:
    return count() > number


number_trees: st.SearchStrategy[Any] = st.recursive(
    st.integers(0, 3), lambda inner: st.tuples(inner, inner), max_leaves=20
)


@pytest.mark.parametrize(
    ("make", "join", "together"),
    [
        (_unequal, operator.and_, lambda numbers: Leads.where(*map(_unequal, numbers)).filters),
        (_equal, operator.or_, lambda numbers: Score.is_in(numbers).filters),
        (_above, operator.or_, lambda numbers: tuple(map(_above, numbers))),
        (_either, operator.and_, lambda numbers: tuple(map(_either, numbers))),
        (_of_groups, operator.or_, lambda numbers: tuple(map(_of_groups, numbers))),
        (_of_users, operator.or_, lambda numbers: _one_group(map(_of_users, numbers))),
        (_of_users, operator.and_, lambda numbers: _one_group(map(_of_users, numbers))),
    ],
)
@given(tree=number_trees)
def test_brackets_change_no_condition_of_any_kind(
    make: Callable[[int], Any],
    join: Callable[[Any, Any], Any],
    together: Callable[[list[int]], Any],
    tree: Any,
) -> None:
    """The parts are in the order in which they are written, each once."""
    numbers: list[int] = []

    def joined_as(tree: Any) -> Any:
        if isinstance(tree, tuple):
            return join(joined_as(tree[0]), joined_as(tree[1]))
        numbers.append(tree)
        return make(tree)

    result = joined_as(tree)
    distinct = list(dict.fromkeys(numbers))

    if len(distinct) == 1:
        assert result == make(distinct[0])
    else:
        assert _parts_of(result) == together(distinct)
    assert result == reduce(join, map(make, numbers))
    assert hash(result) == hash(reduce(join, map(make, numbers)))


def _parts_of(result: Any) -> Any:
    """The filters, groups of users, or conditions that are joined."""
    names = ("filters", "groups", "parts")
    return next(getattr(result, name) for name in names if hasattr(type(result), name))


def _one_group(conditions: Iterable[Any]) -> Any:
    return (tuple(one.groups[0][0] for one in conditions),)


@pytest.mark.parametrize(
    ("start", "make", "join"),
    [
        (Score > 5, _unequal, _and_after),
        (Score > 5, _unequal, _and_before),
        (Leads, _unequal, _where),
        (Score == -1, _equal, _or_after),
        (Score == -1, _equal, _or_before),
        (mx_City == "Delhi", _above, _or_after),
        (mx_City == "Delhi", _above, _or_before),
        (mx_City == "Delhi", _either, _and_after),
        (users.TeamId == "north", _of_users, _or_after),
        (users.TeamId == "north", _of_users, _and_before),
        (Score.average() > 5, _of_groups, _or_before),
        (Score.average() > 5, _of_groups, _and_after),
    ],
)
class TestThousands:
    """Conditions that are joined one at a time."""

    def test_each_takes_the_same_memory(
        self, start: Any, make: Callable[[int], Any], join: Callable[[Any, Any], Any]
    ) -> None:
        """Whatever was joined before is shared, not copied."""
        conditions = [make(number) for number in range(2_000)]
        results = [start]
        tracemalloc.start()
        try:
            for condition in conditions:
                results.append(join(results[-1], condition))
            used, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

        assert used < 1_500 * len(conditions)

    def test_each_hashes_only_what_it_adds(
        self, start: Any, make: Callable[[int], Any], join: Callable[[Any, Any], Any]
    ) -> None:
        """Whatever was joined before is not compared again, either."""
        ten, hundred = (
            _calls_to_join(start, [make(number) for number in range(size)], join)
            for size in (10, 100)
        )

        assert hundred <= 10 * ten

    def test_they_are_copied_and_pickled(
        self, start: Any, make: Callable[[int], Any], join: Callable[[Any, Any], Any]
    ) -> None:
        """However deep they are."""
        result = reduce(join, [make(number) for number in range(2_000)], start)

        assert set(map(str, range(2_000))) <= set(re.findall("[0-9]+", repr(result)))
        assert copy.deepcopy(result) == result
        assert pickle.loads(pickle.dumps(result)) == result
        assert copy.copy(result) == result
        assert hash(copy.deepcopy(result)) == hash(result)


def _calls_to_join(start: Any, conditions: list[Any], join: Callable[[Any, Any], Any]) -> int:
    """The calls of functions, also of those in C, that joining conditions one by one takes."""
    calls = 0

    def on_event(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(on_event)
    try:
        reduce(join, conditions, start)
    finally:
        sys.setprofile(before)
    return calls


def test_the_filters_of_a_compound_are_one_condition() -> None:
    """Whether they are joined one at a time or together."""
    either = (Score > 5) | (mx_City == "Delhi")
    conditions = [Number("mx_Deal_Value") != number for number in range(2_000)]
    result: Any = reduce(_and_after, conditions, either)
    together = either & reduce(_and_after, conditions)

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

    assert conditions_of(conditions) is conditions
