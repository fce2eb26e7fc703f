"""The law of `cover`: signed requests count each lead that meets the conditions once."""

from __future__ import annotations

import operator
from functools import reduce
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, strategies as st

from leadquery import users
from leadquery.cover.axes import Effort, TooManyRequestsError
from leadquery.cover.cover import cover
from leadquery.cover.field_axes import field_axis
from leadquery.expr.predicate import CompoundPredicate, Condition, Predicate
from leadquery.fields import Field, LastVisitDate, Score, Source, mx_City
from leadquery.wire import enums
from leadquery.wire.enums import LogicalOperator, Operator
from leadquery.wire.model import ComparisonFilter
from tests.plain_loop import DAYS, Lead, conditions, is_owned, leads, meets, meets_filter


def _count(lead: Lead, terms: Any) -> int:
    return sum(
        term.sign
        for term in terms
        if all(meets_filter(lead, one) for one in term.conditions)
        and (term.users is None or is_owned(lead, term.users))
    )


@given(st.lists(conditions, min_size=1, max_size=2), st.lists(leads, min_size=5, max_size=20))
def test_requests_count_each_lead_once(wanted: list[Condition], several: list[Lead]) -> None:
    """A lead that meets the conditions counts once, any other not at all."""
    try:
        terms = cover(wanted)
    except TooManyRequestsError:
        return

    for lead in several:
        expected = all(meets(lead, condition) for condition in wanted)
        assert _count(lead, terms) == expected


@given(conditions, st.lists(leads, min_size=5, max_size=20))
def test_the_disjoint_form_has_no_lead_twice(wanted: Condition, several: list[Lead]) -> None:
    """No request is subtracted, so each lead comes from one request."""
    try:
        terms = cover([wanted], disjoint=True)
    except TooManyRequestsError:
        return

    assert {term.sign for term in terms} <= {1}
    for lead in several:
        assert _count(lead, terms) == bool(meets(lead, wanted))


@given(conditions, st.lists(leads, min_size=5, max_size=20))
def test_the_opposite_is_decided_for_the_same_leads(wanted: Condition, several: list[Lead]) -> None:
    """`~` is NOT of three-valued logic, and twice it is nothing."""
    for lead in several:
        value = meets(lead, wanted)
        assert meets(lead, ~wanted) == (None if value is None else not value)
        assert meets(lead, ~~wanted) == value


def _any_of(count: int) -> Condition:
    condition: Condition = Field("mx_0") == "a"
    for number in range(1, count):
        condition |= Field(f"mx_{number}") == "a"
    return condition


city, score, web = mx_City == "Delhi", Score > 80, Source == "Web"
manager = users.Role == "Sales_Manager"


@pytest.mark.parametrize(
    ("condition", "requests"),
    [
        (city, 1),
        (city & score, 1),
        ((mx_City == "Delhi") | (mx_City == "Pune"), 1),
        ((Score > 80) | (Score > 50), 1),
        ((Score > 80) | (Score <= 80), 1),
        ((Score > 80) | Score.has_no_data(), 2),
        (reduce(operator.or_, [Field(f"mx_{number}").has_data() for number in range(8)]), 2),
        ((Score > 80) & (Score < 20), 0),
        (Score.between(10, 50) | Score.between(40, 90), 1),
        ((Score < 10) | (Score > 90), 2),
        (~Score.between(10, 90), 2),
        (city | score, 3),
        (~(city & score), 3),
        (city | score | web, 7),
        ((city | score) & web, 3),
        ((city & web) | (score & web), 3),
        ((city & score) | (~city & web), 2),
        (manager | score, 3),
        (~manager, 2),
        (~manager & score, 2),
        ((city & ~manager) | (users.Role == "Admin"), 3),
        (Source.contains("a") | Source.contains("b"), 2),
        ((Source == "x") | Source.contains("web"), 2),
        ((LastVisitDate == DAYS[0]) | (LastVisitDate == DAYS[1]), 2),
        (Predicate({ComparisonFilter("Score", "high", Operator.EQUAL): Score}) | (Score > 5), 2),
        (_any_of(5), 31),
    ],
)
def test_number_of_requests(condition: Condition, requests: int) -> None:
    """The fewest requests for the shapes that people ask for most."""
    assert len(cover([condition])) == requests


def test_one_request_is_written_as_a_person_would() -> None:
    """Equal values become one list, and overlapping ranges one range."""
    (one,) = cover([(mx_City == "Delhi") | (mx_City == "Pune") | (mx_City == "Agra")])
    (other,) = cover([Score.between(10, 50) | Score.between(40, 90)])

    assert Predicate(one.conditions) == mx_City.is_in(["Delhi", "Pune", "Agra"])
    assert Predicate(other.conditions) == Score.between(10, 90)


def test_too_many_requests() -> None:
    """The limit holds for the whole tree."""
    with pytest.raises(TooManyRequestsError):
        cover([_any_of(8)])
    with pytest.raises(TooManyRequestsError):
        cover([city | score], limit=2)
    assert isinstance(city | score, CompoundPredicate)


def _pairs(count: int) -> Condition:
    """Pairs of fields, whose diagram doubles with each pair."""
    fields = [Field(f"mx_{name}{number}") == "a" for name in "ab" for number in range(count)]
    either = [fields[number] | fields[number + count] for number in range(count)]
    first = reduce(operator.and_, fields[:count])
    return (first & (Field("mx_z") == "a")) | reduce(operator.and_, either)


@pytest.mark.parametrize(
    "condition",
    [
        _pairs(12),
        reduce(operator.or_, [Field("mx_0") > number for number in range(9)]),
        reduce(
            operator.or_,
            [score, *(users.Attribute(f"A{number}") == "a" for number in range(9))],
        ),
    ],
    ids=["diagram", "field", "users"],
)
def test_what_would_take_too_long_is_refused(condition: Condition) -> None:
    """Before it is searched."""
    started = perf_counter()
    with pytest.raises(TooManyRequestsError):
        cover([condition])

    assert perf_counter() - started < 5


def test_users_that_one_request_cannot_ask_for() -> None:
    """More conditions than a user filter can hold are not joined."""
    first, second = (
        reduce(
            operator.and_,
            [
                (users.Attribute(f"{name}{number}") == "a") | (users.Attribute(f"{name}x") == "b")
                for number in range(9)
            ],
        )
        for name in "ab"
    )
    several = CompoundPredicate(LogicalOperator.OR, dict.fromkeys([first, second, city]))

    assert len(cover([several])) == 7


@pytest.mark.parametrize("field", [mx_City, Source, Score])
def test_a_search_without_an_opposite(field: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """One request can ask for what it finds, not for the rest."""
    monkeypatch.delitem(enums._OPPOSITES, Operator.CONTAINS)
    search = ComparisonFilter(field.name, "5", Operator.CONTAINS)
    axis = field_axis(field, [(search,)], Effort(100))
    found = axis.mask_of((search,))

    assert axis.request(found) == (search,)
    assert axis.request(axis.data & ~found) is None
