"""From a payload back to the query that asks the same."""

from __future__ import annotations

from leadquery.fields import STANDARD
from leadquery.language.query import Leads, Query
from leadquery.payload.check import read
from leadquery.slips import uncalled
from leadquery.spec.model import LeadFilter, Membership, ReportFilter, Request
from leadquery.words.condition import Condition
from leadquery.words.kinds import Field
from leadquery.words.owners import from_model


def from_payload(payload: object) -> Query:
    """The query of a payload: a JSON object, its text, or its bytes in UTF-8.

    PayloadError, with every problem, for a payload with errors, and NotExpressibleError for one
    whose nested user groups, said as groups of one word each, take more than 64 conditions.

    >>> from leadquery import from_payload
    >>> from_payload('{"Output": {"Type": "list", "IncludeCSV": "Phone, Score"}}')
    Leads.select(Phone, Score).page(None)
    """
    if callable(payload) and (slip := uncalled(payload, "from_payload")):
        raise slip
    return _query(read(payload))


def _query(request: Request) -> Query:
    report = request.report or ReportFilter(None, None)
    conditions = [_condition(one) for one in report.filters or ()]
    asked = Leads.where(*conditions)
    return Query(
        asked.conditions,
        tuple(dict.fromkeys(request.dates or ())),
        None if report.users is None else from_model(report.users),
        request.paging,
        request.output,
    )


def _condition(one: LeadFilter) -> Condition:
    word = STANDARD[one.name] if one.name in STANDARD else Field(one.name)
    if isinstance(one, Membership):
        listed = Field(one.name).is_in(one.values)
        return Condition(dict.fromkeys(listed.filters, word))
    return Condition({one: word})
