"""Scans: a query of many requests as one list of leads, from which the rest is computed here."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import Literal

from attrs import frozen

from leadquery.expr.group_key import DateBucket, key_field
from leadquery.expr.predicate import filter_names, is_about_users
from leadquery.fields import DATE_FIELDS, OwnerId, ProspectID
from leadquery.plan.solve import hidden_measures
from leadquery.plan.terms import PAGE_SIZE
from leadquery.query.aggregation import as_aggregation, local_steps
from leadquery.query.base import replace
from leadquery.query.leads import LeadSet, without_output
from leadquery.query.query import Query, fields_of, with_output
from leadquery.wire.enums import OutputType
from leadquery.wire.model import FIRST_PAGE, ListOutput, Paging
from leadquery.wire.types import MAX_INT

ScanPolicy = Literal["never", "if cheaper"]
"""Whether to read the leads and answer here, if that takes fewer requests."""


@frozen
class Scan:
    """A list of the leads that the conditions joined by AND leave, with the columns needed.

    `rest` is the query to answer with those of the listed leads that meet the other conditions,
    `query._compounds`.
    """

    query: Query
    listed: Query
    rest: Query

    @property
    def count(self) -> Query:
        """The query whose total is the number of leads to list."""
        return without_output(self.listed).select(ProspectID).page(1, 1)

    def calls(self, leads: int) -> int:
        """The number of requests for so many leads, one of which counts them."""
        return 1 + ceil(leads / self.page_size)

    @property
    def page_size(self) -> int:
        """The leads of a page; all of them for a query without paging."""
        page = self.listed.paging
        return MAX_INT if page is None else page.size


def scan_of(query: Query) -> Scan | None:
    """The scan for a query; None if the leads alone are not enough.

    The users are needed, too, where conditions on them are joined by OR, and where owners without
    leads are listed.
    """
    if any(map(is_about_users, query._compounds)) or _lists_owners(query):
        return None
    leads = replace(without_output(query), "_compounds", ())
    page = query.paging if query.paging not in (None, FIRST_PAGE) else Paging(1, PAGE_SIZE)
    columns = ListOutput(OutputType.LIST, tuple(dict.fromkeys(_columns(query))))
    fields = tuple(fields_of(query).values())
    listed: Query = with_output(replace(leads, "paging", page), columns, fields)
    return Scan(query, listed, _rest(query))


def _lists_owners(query: Query) -> bool:
    if query.users is None or isinstance(query.output, ListOutput):
        return False
    return as_aggregation(query.output).keys == (OwnerId.name,)


def _columns(query: Query) -> Iterable[str]:
    """The columns that the conditions and the output need."""
    yield ProspectID.name
    for condition in query._compounds:
        yield from sorted(filter_names(condition))
    steps = local_steps(query)
    if isinstance(query.output, ListOutput):
        yield from query.output.columns
        yield from (str(key.column) for key in steps.order)
        return
    aggregation = as_aggregation(query.output)
    yield from map(key_field, aggregation.keys)
    yield from (one.measure.field for one in aggregation.measures if one.measure.field)
    yield from (one.field for one in hidden_measures(query) if one.field)
    if steps.comparison is not None:
        yield steps.comparison.on


def _rest(query: Query) -> Query:
    """The query without what the list applies, but for the range of dates that it groups by."""
    periods: set[str] = set()
    if not isinstance(query.output, ListOutput):
        keys = as_aggregation(query.output).keys
        periods = {key.field for key in keys if isinstance(key, DateBucket)}
    leads = LeadSet(
        {one: field for one, field in query._conditions.items() if one.name in periods},
        tuple(one for one in query.dates if DATE_FIELDS[one.field].name in periods),
        None,
        FIRST_PAGE,
        (),
    )
    rest: Query = with_output(leads, query.output, query._selected_fields)
    return replace(rest, "_local", query._local)
