"""Leads that one request cannot express, as a signed sum of leads that one request can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from leadquery.errors import PlanTooLargeError
from leadquery.expr.axes import TooManyRequestsError
from leadquery.expr.cover import cover, filter_names, is_about_users
from leadquery.expr.predicate import Predicate
from leadquery.query.base import BaseQuery, advance, replace
from leadquery.query.leads import LeadSet, without_output
from leadquery.query.query import Query
from leadquery.wire.enums import AggregateFunction, OutputType
from leadquery.wire.model import FIRST_PAGE, AggregateOutput, Paging

if TYPE_CHECKING:
    from leadquery.expr.field import BaseField
    from leadquery.expr.predicate import Condition, Conditions

PAGE_SIZE = 1_000
"""The rows of a page of a step, unless the query has another size."""

_PAGE = Paging(1, PAGE_SIZE)


@frozen
class Part:
    """Leads that one request can express, and how often they count, which may be negative."""

    sign: int
    leads: LeadSet


def split(query: BaseQuery, limit: int, *more: Condition, disjoint: bool = False) -> list[Part]:
    """The parts whose signed sum is the leads of a query that meet more conditions, too.

    Filters on fields that no condition joined by OR is about go into each part unchanged. With
    `disjoint`, no lead is in two parts, where that is possible. Raises PlanTooLargeError if there
    are more than `limit` parts.
    """
    page = _PAGE if query.paging in (None, FIRST_PAGE) else query.paging
    leads = replace(without_output(query).where(*more), "paging", page)
    compounds = leads._compounds
    if not compounds:
        return [Part(1, leads)]
    names = set().union(*map(filter_names, compounds))
    own = {one: field for one, field in leads._conditions.items() if one.name in names}
    kept: Conditions = {one: its for one, its in leads._conditions.items() if one not in own}
    conditions = [*compounds, *([Predicate(own)] if own else [])]
    has_users = any(map(is_about_users, compounds))
    if leads.users is not None and has_users:
        conditions.append(leads.users)
    try:
        terms = cover(conditions, limit, disjoint=disjoint)
    except TooManyRequestsError:
        if disjoint:
            return split(query, limit, *more)
        raise too_large_error(limit) from None
    return [
        Part(
            term.sign,
            LeadSet(
                {**kept, **term.conditions},
                leads.dates,
                term.users if has_users else leads.users,
                page,
                (),
            ),
        )
        for term in terms
    ]


def count_by(leads: LeadSet, field: BaseField[Any]) -> Query:
    """The number of leads per value of a field, without the warnings of `group_by`."""
    output = AggregateOutput(OutputType.AGGREGATE, field.name, AggregateFunction.COUNT, field.name)
    return advance(leads, Query, output, (field,))


def too_large_error(max_calls: int) -> PlanTooLargeError:
    """The error for a query that takes more requests than allowed."""
    return PlanTooLargeError(
        f"this query takes more than {max_calls} requests; join fewer fields by | (k of them take "
        "up to 2^k - 1 requests, but k if has_data() of each is a condition, too), group by fewer "
        "keys (several take a request for each value of all but one), or pass a larger max_calls"
    )
