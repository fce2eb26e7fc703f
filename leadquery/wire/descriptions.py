"""Documentation of the request: a sentence for each key, and a sample for each output."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Final

from leadquery.wire.enums import (
    AggregateFunction,
    DateField,
    LogicalOperator,
    Operator,
    OutputType,
    UserOperator,
)
from leadquery.wire.model import (
    AggregateOutput,
    ComparisonFilter,
    DateRange,
    ListOutput,
    MembershipFilter,
    Paging,
    PresenceFilter,
    ReportFilter,
    Request,
    UserCondition,
    UserFilter,
    UserGroup,
)
from leadquery.wire.schema import Class

_FIELD: Final = "Schema name of the lead field."

_NEXT: Final = "to the next one; null or absent on the last."

DESCRIPTIONS: Final[dict[Class, dict[str, str]]] = {
    ComparisonFilter: {
        "name": _FIELD,
        "value": "The value to compare with, as text; this includes numbers, dates and booleans.",
        "operator": "How the field compares with the value.",
    },
    MembershipFilter: {
        "name": _FIELD,
        "operator": "The field has one of the values.",
        "values": "The values, as text, one entry each.",
    },
    PresenceFilter: {
        "name": _FIELD,
        "operator": "The field has data, or has none.",
        "value": "Empty; it may be left out.",
    },
    UserCondition: {
        "name": "Schema name of the user attribute.",
        "operator": "How the attribute compares with the value; these are the known ones.",
        "value": "The value to compare with; several ids are separated by commas.",
        "joiner": f"The operator that joins the condition {_NEXT}",
    },
    UserGroup: {
        "conditions": "The conditions of the group; all are joined by the same operator.",
        "groups": "Groups inside the group; all are joined by the same operator.",
        "joiner": f"The operator that joins the group {_NEXT}",
    },
    UserFilter: {
        "groups": "The groups that a lead's owner matches; all are joined by the same operator.",
        "joiner": "Ignored: nothing follows.",
    },
    ReportFilter: {
        "users": "Which owners' leads; without it, those of all users.",
        "filters": "Which leads, by their fields; the filters are joined by AND.",
    },
    DateRange: {
        "field": "The date that the range limits.",
        "start": "The start of the range.",
        "end": "The end of the range, included; not before its start.",
    },
    ListOutput: {
        "type": "A list of leads.",
        "columns": "Schema names of the lead fields to show, separated by commas.",
    },
    AggregateOutput: {
        "type": "A row for each group of leads.",
        "group": "Schema name of the lead field to group by.",
        "function": "What is computed for each group, beside the number of its leads.",
        "field": "Schema name of the lead field to compute with; a count takes any.",
    },
    Paging: {
        "index": "The page, counted from 1.",
        "size": "How many rows a page has.",
    },
    Request: {
        "report": "Which leads, by their owners and by their fields; without it, all.",
        "dates": "Which leads, by when they were created or modified; joined by AND.",
        "output": "What to show of the leads.",
        "paging": "Which page of the response.",
    },
}
"""The attributes of the model, by class. (API page: Request Parameters)"""

_OWNERS: Final = UserFilter(
    (
        UserGroup(
            (
                UserCondition("Role", UserOperator.EQUAL.token, "Sales_User", LogicalOperator.AND),
                UserCondition("EmailAddress", UserOperator.CONTAINS.token, "@example.com", None),
            ),
            None,
            None,
        ),
    ),
    None,
)

_JANUARY: Final = DateRange(
    DateField.CREATED,
    datetime(2026, 1, 1, tzinfo=timezone.utc),
    datetime(2026, 1, 31, 23, 59, 59, tzinfo=timezone.utc),
)

SAMPLES: Final = (
    Request(
        ReportFilter(
            None,
            (
                ComparisonFilter("EngagementScore", "20", Operator.BELOW),
                MembershipFilter("Source", Operator.ONE_OF, ("Website", "Referral Sites")),
                PresenceFilter("Phone", Operator.HAS_DATA, None),
            ),
        ),
        (_JANUARY,),
        ListOutput(OutputType.LIST, ("FirstName", "EmailAddress", "EngagementScore")),
        Paging(1, 100),
    ),
    Request(
        ReportFilter(_OWNERS, None),
        (_JANUARY,),
        AggregateOutput(
            OutputType.AGGREGATE, "OwnerId", AggregateFunction.AVERAGE, "EngagementScore"
        ),
        Paging(1, 100),
    ),
)
