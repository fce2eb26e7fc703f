"""Laws 4 and 7: what the emulator answers to queries, and what refining does to the answer."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given, strategies as st

from leadquery import Leads, testing
from leadquery.emulator import Emulator
from leadquery.errors import QueryError
from leadquery.expr import Predicate
from leadquery.lint.check import read
from leadquery.query.base import BaseQuery
from leadquery.query.query import LeadSet, Query
from leadquery.testing.strategies.queries import calls
from tests.emulator import reference
from tests.emulator.test_reference import same
from tests.laws.accounts import accounts, answered

FINISHES: tuple[Any, ...] = (
    lambda asked: asked.select("ProspectID"),
    lambda asked: asked.group_by("OwnerId").count(),
    lambda asked: asked.group_by("OwnerId").sum("Score"),
)


@st.composite
def shuffled(draw: st.DrawFn) -> tuple[Query, Query]:
    """A query, and another with the same conditions in another order, some of them twice."""
    several: list[Predicate] = draw(st.lists(testing.conditions(), min_size=1, max_size=4))
    order = draw(st.permutations([*several, *draw(st.lists(st.sampled_from(several), max_size=2))]))
    parted = draw(st.integers(0, len(order)))
    finish = draw(st.sampled_from(FINISHES))
    other = Leads.where(*order[:parted]).where(*order[parted:])
    return finish(Leads.where(*several)), finish(other)


@given(st.data())
def test_neither_order_nor_repetition_of_where_matters(data: st.DataObject) -> None:
    """Law 4: conditions in another order, and given twice, find the same leads."""
    query, other = data.draw(shuffled())
    emulator = Emulator(*data.draw(accounts(query, other)))

    assert len({*other.filters}) == len(other.filters)
    assert answered(emulator, query) == answered(emulator, other)


def found(emulator: Emulator, asked: LeadSet) -> set[str]:
    """The ids of the leads that meet a question."""
    answer = answered(emulator, asked.page(None).select("ProspectID"))
    assume(answer is not None)
    assert answer is not None
    return {row["ProspectID"] for row in answer["Results"]}


unfinished = testing.any_queries().filter(lambda one: type(one) is LeadSet)


@given(unfinished, calls, st.data())
def test_refining_never_adds_a_lead(
    asked: LeadSet, call: tuple[str, Any, Any], data: st.DataObject
) -> None:
    """Law 4: a further condition, date or owner leaves some of the leads, and brings none."""
    method, given_, named = call
    try:
        narrower = getattr(asked, method)(*given_, **named)
    except QueryError:
        # More owners than one query can name.
        return
    emulator = Emulator(*data.draw(accounts(asked.select("Phone"), narrower.select("Phone"))))

    assert found(emulator, narrower) <= found(emulator, asked)


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


def seen(question: BaseQuery) -> tuple[Any, ...]:
    """All that can be seen of a question."""
    sent = question.to_json() if isinstance(question, Query) else None
    return question, hash(question), repr(question), tuple(question._conditions.values()), sent


@given(testing.any_queries(), calls)
def test_no_method_changes_a_question(question: BaseQuery, call: tuple[str, Any, Any]) -> None:
    """Law 4: whatever is called on a question, it stays what it was."""
    before = seen(question)
    method, given_, named = call
    try:
        refined = getattr(question, method)(*given_, **named)
    except QueryError:
        refined = question
    ends = [name for name in ENDS if name in dir(type(question))]
    for name in ends:
        ENDS[name](question)

    assert ends
    assert type(refined) is type(question)
    assert seen(question) == before


@st.composite
def short(draw: st.DrawFn) -> Query:
    """A query with one part alone, which most often finds something."""
    condition = draw(testing.conditions().filter(lambda one: len(one.filters) < 3))
    method, given_, named = draw(st.just(("where", (condition,), {})) | calls)
    query: Query = draw(st.sampled_from(FINISHES))(getattr(Leads, method)(*given_, **named))
    return query


@given(testing.queries() | short(), st.data())
def test_the_emulator_answers_a_query_as_a_plain_loop_does(
    query: Query, data: st.DataObject
) -> None:
    """Law 7: whatever the query and the leads, both say the same."""
    leads, users = data.draw(accounts(query))
    answer = answered(Emulator(leads, users), query)
    assume(answer is not None)
    request = read(query.to_payload())

    assert request is not None
    assert same(answer, reference.evaluate(leads, users, (), request))
