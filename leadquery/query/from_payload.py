"""Read a payload as a query."""

from __future__ import annotations

from leadquery.expr._guards import uncalled_method_error
from leadquery.expr.field_types import Field
from leadquery.expr.predicate import Predicate
from leadquery.expr.registry import FIELDS
from leadquery.expr.user_field import from_model
from leadquery.lint.check import read
from leadquery.query.query import OneRequest, Query
from leadquery.wire.model import LeadFilter, MembershipFilter, ReportFilter, Request


def from_payload(payload: object) -> Query[OneRequest]:
    """The query of a payload: a JSON object, or JSON as text or UTF-8 bytes.

    Raises PayloadError, with all diagnostics, for a payload with errors, and UnsupportedQueryError
    if its nested user groups need more than 64 conditions without nesting.
    (API page: Request Parameters)

    >>> from leadquery import from_payload
    >>> from_payload('{"Output": {"Type": "list", "IncludeCSV": "Phone, Score"}}')
    Leads.select(Phone, Score).page(None)
    """
    if callable(payload) and (error := uncalled_method_error(payload, "from_payload")):
        raise error
    return _to_query(read(payload))


def _to_query(request: Request) -> Query:
    report = request.report or ReportFilter(None, None)
    conditions = {
        canonical: field
        for lead_filter in report.filters or ()
        for canonical, field in _to_predicate(lead_filter)._conditions.items()
    }
    return Query(
        conditions,
        tuple(dict.fromkeys(request.dates or ())),
        None if report.users is None else from_model(report.users),
        request.paging,
        (),
        request.output,
    )


def _to_predicate(lead_filter: LeadFilter) -> Predicate:
    field = FIELDS.all().get(lead_filter.name, Field(lead_filter.name))
    if not isinstance(lead_filter, MembershipFilter):
        return Predicate({lead_filter: field})
    # A list of one value becomes `==`.
    canonical = Field(lead_filter.name).is_in(lead_filter.values)
    return Predicate(dict.fromkeys(canonical.filters, field))
