"""The cells of values, which plans add and in which rules look for contradictions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pytest
from hypothesis import given, strategies as st

from leadquery.cover.cover import cover
from leadquery.expr.collation import OrderedCells, number_key, text_key
from leadquery.expr.predicate import Predicate
from leadquery.fields import Score, Source
from leadquery.wire.enums import ONE_OF, Operator
from leadquery.wire.model import ComparisonFilter, LeadFilter, MembershipFilter, PresenceFilter
from tests.operators import COMPARE, SEARCHES

presence = st.builds(
    lambda one: PresenceFilter("Field", one, None),
    st.sampled_from([Operator.HAS_DATA, Operator.HAS_NO_DATA]),
)


def filters_of(operators: Sequence[Operator], values: Sequence[str]) -> st.SearchStrategy[Any]:
    one = st.one_of(
        presence,
        st.builds(
            lambda value, one: ComparisonFilter("Field", value, one),
            st.sampled_from(values),
            st.sampled_from(operators),
        ),
        st.builds(
            lambda some: MembershipFilter("Field", ONE_OF, tuple(some)),
            st.lists(st.sampled_from(values), min_size=1, max_size=3),
        ),
    )
    return st.lists(one, min_size=1, max_size=5)


ORDER: Final = [one for one in Operator if one.token in COMPARE.keys() - SEARCHES]
TEXT: Final = [one for one in Operator if one.token in ("=", "<>", *SEARCHES)]

numbers = filters_of(ORDER, ["1", "1.0", "2", "3"])
texts = filters_of(TEXT, ["ab", "AB", "b", "abc", "x"])


def meets(value: Any, one: LeadFilter, key: Any) -> bool:
    if isinstance(one, PresenceFilter):
        return (value is not None) is (one.operator is Operator.HAS_DATA)
    if value is None:
        return False
    if isinstance(one, MembershipFilter):
        return value in map(key, one.values)
    return bool(COMPARE[one.operator.token](value, key(one.value)))


@given(numbers)
def test_numbers_contradict_if_no_number_meets_all(filters: list[LeadFilter]) -> None:
    values = [None, 0, 1, 1.5, 2, 2.5, 3, 4]
    possible = any(all(meets(value, one, number_key) for one in filters) for value in values)

    assert OrderedCells(number_key, filters).is_unsatisfiable(filters) is not possible


@given(texts)
def test_texts_contradict_if_no_text_meets_all(filters: list[LeadFilter]) -> None:
    values = [None, "", "zb ab abc x", "ab", "b", "abc", "x", "zb", "zab", "zabc", "zx"]
    values += ["zb x", "zab x", "zabc x"]
    possible = any(all(meets(value, one, text_key) for one in filters) for value in values)

    assert OrderedCells(text_key, filters).is_unsatisfiable(filters) is not possible


@pytest.mark.parametrize("field", [Score, Source], ids=repr)
@given(data=st.data())
def test_plans_and_rules_see_the_same_contradictions(field: Any, data: st.DataObject) -> None:
    filters = data.draw(numbers if field is Score else texts)
    sort_key = number_key if field is Score else text_key
    terms = cover([Predicate(dict.fromkeys(filters, field))])

    assert OrderedCells(sort_key, filters).is_unsatisfiable(filters) is (not terms)


def test_a_value_of_another_type_is_in_no_cell() -> None:
    above = ComparisonFilter("Field", "many", Operator.ABOVE)
    either = MembershipFilter("Field", ONE_OF, ("many", "5"))

    assert OrderedCells(number_key, [above]).is_unsatisfiable([above])
    assert not OrderedCells(number_key, [either]).is_unsatisfiable([either])


@pytest.mark.parametrize("count", [10, 100, 1_000])
def test_cells_of_a_long_conjunction_are_few(count: int) -> None:
    """Values that no condition tells apart share a cell."""
    excluded = [ComparisonFilter("Field", str(n), Operator.NOT_EQUAL) for n in range(count)]
    listed = [MembershipFilter("Field", ONE_OF, tuple(map(str, range(count))))]
    cells = OrderedCells(number_key, [*excluded, *listed])

    assert len(cells.classes([excluded, listed])) == 2
