"""Laws 4 and 7: the mock API's results, and how refining a query changes them."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given, strategies as st

from leadquery import Leads, testing
from leadquery.emulator import Emulator
from leadquery.errors import QueryError
from leadquery.expr import Predicate
from leadquery.lint.check import read
from leadquery.query.base import BaseQuery
from leadquery.query.leads import LeadSet
from leadquery.query.query import Query
from leadquery.testing.strategies.queries import calls
from tests.emulator import reference
from tests.emulator.test_reference import same
from tests.laws.accounts import accounts, answered

FINISHES: tuple[Any, ...] = (
    lambda query: query.select("ProspectID"),
    lambda query: query.group_by("OwnerId").count(),
    lambda query: query.group_by("OwnerId").sum("Score"),
)


@st.composite
def shuffled(draw: st.DrawFn) -> tuple[Query, Query]:
    """A query, and one with the same conditions reordered and repeated."""
    several: list[Predicate] = draw(st.lists(testing.conditions(), min_size=1, max_size=4))
    order = draw(st.permutations([*several, *draw(st.lists(st.sampled_from(several), max_size=2))]))
    parted = draw(st.integers(0, len(order)))
    finish = draw(st.sampled_from(FINISHES))
    other = Leads.where(*order[:parted]).where(*order[parted:])
    return finish(Leads.where(*several)), finish(other)


@given(st.data())
def test_order_and_repetition_of_conditions_do_not_matter(data: st.DataObject) -> None:
    """Law 4."""
    query, other = data.draw(shuffled())
    emulator = Emulator(*data.draw(accounts(query, other)))

    assert len({*other.filters}) == len(other.filters)
    assert answered(emulator, query) == answered(emulator, other)


def found(emulator: Emulator, query: LeadSet) -> set[str]:
    """The ids of the leads that match."""
    result = answered(emulator, query.page(None).select("ProspectID"))
    assume(result is not None)
    assert result is not None
    return {row["ProspectID"] for row in result["Results"]}


lead_sets = testing.any_queries().filter(lambda one: type(one) is LeadSet)


@given(lead_sets, calls, st.data())
def test_refining_never_adds_a_lead(
    query: LeadSet, call: tuple[str, Any, Any], data: st.DataObject
) -> None:
    """Law 4: another condition, date or owner only removes leads."""
    method, given_, named = call
    try:
        narrower = getattr(query, method)(*given_, **named)
    except QueryError:
        # More owners than one query can have.
        return
    emulator = Emulator(*data.draw(accounts(query.select("Phone"), narrower.select("Phone"))))

    assert found(emulator, narrower) <= found(emulator, query)


ENDS: dict[str, Any] = {
    "select": lambda one: one.select("Phone", "Score"),
    "group_by": lambda one: one.group_by("OwnerId"),
    "count": lambda one: one.count(),
    "average": lambda one: one.average("Score"),
    "sum": lambda one: one.sum("Score"),
    "to_payload": lambda one: one.to_payload().clear(),
    "to_json": lambda one: one.to_json(2),
    "to_python": lambda one: one.to_python(),
    "describe": lambda one: one.describe(),
}


def seen(query: BaseQuery) -> tuple[Any, ...]:
    """Everything that is visible of a query."""
    sent = query.to_json() if isinstance(query, Query) else None
    return query, hash(query), repr(query), tuple(query._conditions.values()), sent


@given(testing.any_queries(), calls)
def test_no_method_changes_the_query(query: BaseQuery, call: tuple[str, Any, Any]) -> None:
    """Law 4: every state of a query is immutable."""
    before = seen(query)
    method, given_, named = call
    try:
        refined = getattr(query, method)(*given_, **named)
    except QueryError:
        refined = query
    ends = [name for name in ENDS if name in dir(type(query))]
    for name in ends:
        ENDS[name](query)

    assert ends
    assert type(refined) is type(query)
    assert seen(query) == before


@st.composite
def short(draw: st.DrawFn) -> Query:
    """A query with one condition, which usually matches some leads."""
    condition = draw(testing.conditions().filter(lambda one: len(one.filters) < 3))
    method, given_, named = draw(st.just(("where", (condition,), {})) | calls)
    query: Query = draw(st.sampled_from(FINISHES))(getattr(Leads, method)(*given_, **named))
    return query


@given(testing.queries() | short(), st.data())
def test_the_emulator_agrees_with_the_reference(query: Query, data: st.DataObject) -> None:
    """Law 7: for any query and any leads."""
    leads, users = data.draw(accounts(query))
    result = answered(Emulator(leads, users), query)
    assume(result is not None)
    request = read(query.to_payload())

    assert request is not None
    assert same(result, reference.evaluate(leads, users, (), request))
