"""Read a payload as a query."""

from __future__ import annotations

from typing import Final

from leadquery.errors import QueryError, check_call
from leadquery.expr._guards import uncalled_method_error
from leadquery.expr.field_types import Field
from leadquery.expr.predicate import Predicate
from leadquery.expr.registry import FIELDS
from leadquery.expr.user_field import from_model
from leadquery.lint.check import read
from leadquery.query.leads import LeadSet
from leadquery.query.query import OneRequest, Query, with_output
from leadquery.wire.endpoints import NO_NODE, Endpoint, endpoint_of, parse_node
from leadquery.wire.model import LeadFilter, MembershipFilter, ReportFilter, Request


@check_call
def from_payload(payload: object, report: LeadSet | None = None) -> Query[OneRequest]:
    """The query of a payload: a JSON object, or JSON as text or UTF-8 bytes.

    A body with `ActivityFilters` is for LeadsNotContacted. One with `TaskFilters` is for
    LeadsWithPendingTasks if it names a status of open tasks, else for LeadsWithNoActiveTasks; where
    you know better, pass one of these as `report`.

    Raises PayloadError, with all diagnostics, for a payload with errors, and UnsupportedQueryError
    if its nested user groups need more than 64 conditions without nesting. Raises QueryError for
    a `report` whose body has another node.
    (API page: Request Parameters)

    >>> from leadquery import from_payload
    >>> from_payload('{"Output": {"Type": "list", "IncludeCSV": "Phone, Score"}}')
    Leads.select(Phone, Score).page(None)
    """
    if callable(payload) and (error := uncalled_method_error(payload, "from_payload")):
        raise error
    request = read(payload)
    endpoint = endpoint_of(request.report)
    if report is not None:
        endpoint = _chosen(report, endpoint)
    return _to_query(request, endpoint)


def _chosen(report: object, found: Endpoint) -> Endpoint:
    """The report that the caller names."""
    if not isinstance(report, LeadSet):
        names = ", ".join(endpoint.start for endpoint in Endpoint)
        raise QueryError(f"report= takes one of {names}, not {report!r}")
    endpoint = report._node.endpoint
    if endpoint is found or (found, endpoint) == _SAME_BODY:
        return endpoint
    raise QueryError(
        f"report= is {endpoint.start}, but the body is for {found.start}; leave report= out"
    )


_SAME_BODY: Final = (Endpoint.NO_ACTIVE_TASKS, Endpoint.PENDING_TASKS)
"""What a body on tasks without a status is read as, and what it may be for instead."""


def _to_query(request: Request, endpoint: Endpoint) -> Query:
    report = request.report or ReportFilter(None, None)
    node = NO_NODE
    if endpoint.node is not None:
        node = parse_node(endpoint, getattr(report, endpoint.node))
    conditions = {
        canonical: field
        for lead_filter in report.filters or ()
        for canonical, field in _to_predicate(lead_filter)._conditions.items()
    }
    leads = LeadSet(
        conditions,
        tuple(dict.fromkeys(request.dates or ())),
        None if report.users is None else from_model(report.users),
        request.paging,
        (),
        node=node,
    )
    return with_output(leads, request.output, ())


def _to_predicate(lead_filter: LeadFilter) -> Predicate:
    field = FIELDS.all().get(lead_filter.name, Field(lead_filter.name))
    if not isinstance(lead_filter, MembershipFilter):
        return Predicate({lead_filter: field})
    # A list of one value becomes `==`.
    canonical = Field(lead_filter.name).is_in(lead_filter.values)
    return Predicate(dict.fromkeys(canonical.filters, field))
