"""`Plan`: the requests that answer a query, and how many leads of each count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import attrs
from attrs import frozen

from leadquery.errors import PlanTooLargeError, QueryError
from leadquery.expr.axes import TooManyRequestsError
from leadquery.expr.cover import Term, cover, filter_names, is_about_users
from leadquery.expr.predicate import Predicate
from leadquery.expr.registry import FIELDS
from leadquery.fields import Field, ProspectID
from leadquery.query.query import Query, fields_of
from leadquery.wire.enums import CALLS, SECONDS, AggregateFunction
from leadquery.wire.model import FIRST_PAGE, AggregateOutput, ListOutput, Paging

if TYPE_CHECKING:
    from leadquery.expr.predicate import Condition, Conditions

_PAGE_SIZE: Final = 1_000
"""The rows of a page of a step, unless the query says how many."""


@frozen
class Step:
    """One request of a plan.

    `leads` is how often its leads count in the number of leads: 1, -1 for those that other steps
    count twice, or 0. `values` is the same for the sum of a field and the number of its values.
    """

    query: Query
    leads: int = 1
    values: int = 0

    @property
    def sign(self) -> int:
        """How often its result counts; negative if it is subtracted."""
        return self.leads or self.values

    def __str__(self) -> str:
        return f"{'-' if self.sign < 0 else '+'} {self.description}"

    @property
    def description(self) -> str:
        """The query in English, without its page: all of them are read."""
        return self.query.page(1).describe()


@frozen
class Plan:
    """The requests that answer a query. `steps` are ordinary queries, each of one request.

    A step with more than a page of rows takes a request for each page.
    """

    query: Query
    steps: tuple[Step, ...]

    @property
    def calls(self) -> int:
        """The number of requests."""
        return len(self.steps)

    def seconds(self, rate: tuple[int, float] = (CALLS, SECONDS)) -> float:
        """The seconds that a rate of calls per seconds makes the plan wait, at least."""
        calls, seconds = rate
        return max(0, self.calls - 1) // calls * seconds

    def to_dict(self) -> dict[str, Any]:
        """The plan as JSON can hold it: each payload, and how its rows are combined."""
        return {
            "question": self.query.describe(),
            "calls": self.calls,
            "steps": [
                {
                    "leads": step.leads,
                    "values": step.values,
                    "description": step.description,
                    "payload": step.query.to_payload(),
                }
                for step in self.steps
            ],
        }

    def __str__(self) -> str:
        requests = "1 request" if self.calls == 1 else f"{self.calls} requests"
        wait = f"under {self.seconds() + 1:g} s at {CALLS} per {SECONDS} s"
        return "\n".join([f"{requests}, {wait}", *map(str, self.steps)])


def make_plan(query: Query, max_calls: int) -> Plan:
    """The plan with the fewest requests for a query. Raises PlanTooLargeError."""
    if not query._compounds:
        return Plan(query, (Step(query),))
    if query.paging is None or query.paging.index != 1:
        raise QueryError(
            "a query of several requests has no pages of its own; leave page(...) out, or write "
            "page(1, size) for pages of that size within each request"
        )
    try:
        steps = tuple(_steps(query, max_calls))
    except TooManyRequestsError:
        steps = None
    if steps is None or len(steps) > max_calls:
        raise PlanTooLargeError(
            f"this query takes more than {max_calls} requests; an OR of k fields takes up to "
            "2^k - 1 of them, so join fewer fields by |, or pass a larger max_calls"
        )
    return Plan(query, steps)


def _steps(query: Query, limit: int) -> Iterator[Step]:
    output = query.output
    if isinstance(output, ListOutput):
        yield from _list_steps(query, output, limit)
    elif output.function is AggregateFunction.COUNT:
        for term in _terms(query, limit):
            yield Step(_step_query(query, term, output), term.sign)
    else:
        yield from _sum_steps(query, output, limit)


def _list_steps(query: Query, output: ListOutput, limit: int) -> Iterator[Step]:
    """Requests that no lead is in twice, where there are such; every row with its id."""
    columns = tuple(dict.fromkeys((*output.columns, ProspectID.name)))
    output = attrs.evolve(output, columns=columns)
    try:
        terms = _terms(query, limit, disjoint=True)
    except TooManyRequestsError:
        terms = _terms(query, limit)
    for term in terms:
        yield Step(_step_query(query, term, output), term.sign)


def _sum_steps(query: Query, output: AggregateOutput, limit: int) -> Iterator[Step]:
    """Sums over the leads that have the value, which are counted with them, and all leads."""
    known = {**FIELDS.all(), **fields_of(query)}
    field = known.get(output.field, Field(output.field))
    sums = AggregateOutput(output.type, output.group, AggregateFunction.SUM, output.field)
    counts = attrs.evolve(output, function=AggregateFunction.COUNT, field=output.group)
    leads = {_key(term): term for term in _terms(query, limit)}
    for term in _terms(query, limit, field.has_data()):
        same = leads.pop(_key(term), None)
        yield Step(_step_query(query, term, sums), same.sign if same else 0, term.sign)
    for term in leads.values():
        yield Step(_step_query(query, term, counts), term.sign)


def _terms(query: Query, limit: int, *more: Condition, disjoint: bool = False) -> tuple[Term, ...]:
    """The requests for the conditions of a query and others.

    Filters on fields that no condition joined by OR is about go into each request unchanged.
    """
    compounds = [*query._compounds, *more]
    kept = _kept_filters(query)
    own = {one: field for one, field in query._conditions.items() if one not in kept}
    conditions = [*compounds, *([Predicate(own)] if own else [])]
    if query.users is not None and any(map(is_about_users, compounds)):
        conditions.append(query.users)
    return cover(conditions, limit, disjoint=disjoint)


def _step_query(query: Query, term: Term, output: ListOutput | AggregateOutput) -> Query:
    """The query of one request."""
    users = term.users if any(map(is_about_users, query._compounds)) else query.users
    paging = Paging(1, _PAGE_SIZE) if query.paging == FIRST_PAGE else query.paging
    conditions = {**_kept_filters(query), **term.conditions}
    return Query(conditions, query.dates, users, paging, output, query._selected_fields)


def _kept_filters(query: Query) -> Conditions:
    """The filters on fields that no condition joined by OR is about."""
    names = set().union(*map(filter_names, query._compounds))
    return {one: field for one, field in query._conditions.items() if one.name not in names}


def _key(term: Term) -> tuple[Any, ...]:
    return term.sign, frozenset(term.conditions), term.users
