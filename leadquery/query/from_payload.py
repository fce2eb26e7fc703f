"""From a payload back to the query that asks the same."""

from __future__ import annotations

from leadquery.expr._guards import uncalled_method_error
from leadquery.expr.field_types import Field
from leadquery.expr.predicate import Predicate
from leadquery.expr.registry import FIELDS
from leadquery.expr.user_predicate import from_model
from leadquery.lint.check import read
from leadquery.query.query import Leads, Query
from leadquery.wire.model import LeadFilter, MembershipFilter, ReportFilter, Request


def from_payload(payload: object) -> Query:
    """The query of a payload: a JSON object, its text, or its bytes in UTF-8.

    PayloadError, with every problem, for a payload with errors, and UnsupportedQueryError for one
    whose nested user groups, said as groups of one word each, take more than 64 conditions.

    >>> from leadquery import from_payload
    >>> from_payload('{"Output": {"Type": "list", "IncludeCSV": "Phone, Score"}}')
    Leads.select(Phone, Score).page(None)
    """
    if callable(payload) and (error := uncalled_method_error(payload, "from_payload")):
        raise error
    return _to_query(read(payload))


def _to_query(request: Request) -> Query:
    report = request.report or ReportFilter(None, None)
    conditions = [_to_predicate(one) for one in report.filters or ()]
    asked = Leads.where(*conditions)
    return Query(
        asked.conditions,
        tuple(dict.fromkeys(request.dates or ())),
        None if report.users is None else from_model(report.users),
        request.paging,
        request.output,
    )


def _to_predicate(one: LeadFilter) -> Predicate:
    word = FIELDS.all().get(one.name, Field(one.name))
    if isinstance(one, MembershipFilter):
        listed = Field(one.name).is_in(one.values)
        return Predicate(dict.fromkeys(listed.filters, word))
    return Predicate({one: word})
