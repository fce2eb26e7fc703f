"""What each key is for, in a sentence: for schemas, and for what is generated from them."""

from __future__ import annotations

from typing import Final

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

_NEXT: Final = "joins it to the next one; null or absent on the last."

DESCRIPTIONS: Final[dict[Class, dict[str, str]]] = {
    ComparisonFilter: {
        "name": _FIELD,
        "value": "The value to compare with, as text, also for numbers, dates and booleans.",
        "operator": "How the field compares with the value.",
    },
    MembershipFilter: {
        "name": _FIELD,
        "operator": "That the field has one of the values.",
        "values": "The values, as texts, each an entry of its own.",
    },
    PresenceFilter: {
        "name": _FIELD,
        "operator": "That the field has data, or has none.",
        "value": "Nothing: it may be left out.",
    },
    UserCondition: {
        "name": "Schema name of the user attribute.",
        "operator": "How the attribute compares with the value; these are the ones that are known.",
        "value": "The value to compare with; several ids stand with commas between them.",
        "joiner": f"The word that stands behind the condition and {_NEXT}",
    },
    UserGroup: {
        "conditions": "The conditions of the group; all are joined by one word.",
        "groups": "Groups inside the group; all are joined by one word.",
        "joiner": f"The word that stands behind the group and {_NEXT}",
    },
    UserFilter: {
        "groups": "The groups that a lead's owner meets; all are joined by one word.",
        "joiner": "Not read: nothing follows.",
    },
    ReportFilter: {
        "users": "Which owners' leads; without it, those of all users.",
        "filters": "Which leads, by their fields; the filters are joined by AND.",
    },
    DateRange: {
        "field": "The date that the range limits.",
        "start": "The first moment of the range.",
        "end": "The last moment of the range; it is not before the first.",
    },
    ListOutput: {
        "type": "A list of leads.",
        "columns": "Schema names of the lead fields to show, with commas between them.",
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
        "paging": "Which page of the answer.",
    },
}
"""The attributes of the model, by class. (API page: Request Parameters)"""
