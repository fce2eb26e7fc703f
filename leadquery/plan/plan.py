"""`Plan`: the requests that answer a query, and how many leads of each count."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from leadquery.errors import QueryError
from leadquery.expr.aggregate import Function
from leadquery.plan.recipe import Step
from leadquery.plan.solve import solve
from leadquery.plan.terms import too_large_error
from leadquery.plan.totals import ADDITIVE
from leadquery.query.aggregation import as_aggregation
from leadquery.query.query import MAX_CALLS, Query
from leadquery.wire.enums import CALLS, SECONDS
from leadquery.wire.model import ListOutput

MOST_PER_RANK = 40
"""The most requests that a search for a value at a rank takes, about."""


@frozen
class Plan:
    """The requests that answer a query. `steps` are ordinary queries, each of one request.

    A step with more than a page of rows takes a request for each page. `later` says what is asked
    for after these steps, depending on their results; `Client.plan` finds out how many that are.
    """

    query: Query
    steps: tuple[Step, ...]
    later: tuple[str, ...] = ()

    @property
    def calls(self) -> int:
        """The number of requests; at least, if there are `later` ones."""
        return len(self.steps)

    @property
    def is_complete(self) -> bool:
        """Whether the steps are all requests."""
        return not self.later

    def seconds(self, rate: tuple[int, float] = (CALLS, SECONDS)) -> float:
        """The seconds that a rate of calls per seconds makes the plan wait, at least."""
        calls, seconds = rate
        return max(0, self.calls - 1) // calls * seconds

    def to_dict(self) -> dict[str, Any]:
        """The plan as JSON can hold it: each payload, and how its rows are combined."""
        return {
            "question": self.query.describe(),
            "calls": self.calls,
            "later": list(self.later),
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
        at_least = "" if self.is_complete else "at least "
        later = [f"then {text}" for text in self.later]
        return "\n".join([f"{at_least}{requests}, {wait}", *map(str, self.steps), *later])


def make_plan(query: Query, max_calls: int = MAX_CALLS) -> Plan:
    """The plan with the fewest requests for a query. Raises PlanTooLargeError."""
    if query.is_one_request:
        return Plan(query, (Step(query),))
    check_paging(query)
    try:
        first = next(solve(query, max_calls))
    except StopIteration:
        first = ()
    steps = tuple(dict.fromkeys(first))
    if len(steps) > max_calls:
        raise too_large_error(max_calls)
    return Plan(query, steps, later_steps(query, steps))


def check_paging(query: Query) -> None:
    """Raise QueryError for a query of several requests that asks for another page than the first."""
    if query.paging is None or query.paging.index != 1:
        raise QueryError(
            "a query of several requests has no pages of its own; leave page(...) out, or write "
            "page(1, size) for pages of that size within each request"
        )


def later_steps(query: Query, steps: tuple[Step, ...]) -> tuple[str, ...]:
    """What is asked for after some steps, whose results decide how often."""
    if isinstance(query.output, ListOutput):
        return ()
    wanted = as_aggregation(query.output)
    found = []
    if any(step.lookup for step in steps):
        found.append("one request, or more, for each value found")
    ranked = [one.measure for one in wanted.measures if one.measure.function not in ADDITIVE]
    for field in dict.fromkeys(one.field for one in ranked):
        names = ", ".join(one.name for one in ranked if one.field == field)
        of = " of each group" if wanted.keys else ""
        if wanted.keys or any(one.function is not Function.COUNT_DISTINCT for one in ranked):
            found.append(f"up to {MOST_PER_RANK} requests for {names}{of}")
    return tuple(found)
