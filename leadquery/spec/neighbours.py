"""The APIs beside this one: how their bodies are told, and what of them carries over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs

from leadquery.spec.findings import Json
from leadquery.spec.vocabulary import OutputType


@attrs.frozen
class Move:
    """A key whose meaning survives: where it goes, and what its value becomes there."""

    key: str
    to: str
    becomes: Callable[[Json], Json]


@attrs.frozen
class Api:
    """A neighbouring API.

    Each of `told_by` tells its bodies. Those of `beside` tell nothing alone: where there is
    `unless`, all of them do together, in a body without those keys. `others` are its other keys.
    `inside` is the key of this API's body that its own stand under; all else is then the same.
    """

    name: str
    carries: str
    told_by: tuple[str, ...]
    beside: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    inside: str | None = None
    moves: tuple[Move, ...] = ()


def _criterion(value: Json) -> Json:
    return {"LeadFilters": [value]}


def _columns(value: Json) -> Json:
    listing = {"Type": OutputType.LIST.token}
    return {**listing, **value} if isinstance(value, dict) else {**listing, "IncludeCSV": value}


def _groups(value: Json) -> Json:
    return {"UserFilter": {"GroupConditions": value}}


# Columns and sorting are much the same in all of these APIs.
_SHOWN: Final = ("Columns", "Sorting")

APIS: Final = (
    Api(
        "the reports on leads not contacted and on tasks",
        "all but this key carries over as it is; activities and tasks are not read here",
        told_by=("ActivityFilters", "TaskFilters"),
        inside="ReportFilter",
    ),
    Api(
        "the advanced search of leads or opportunities",
        "its conditions on lead fields carry over to 'LeadFilters' where AND joins them, "
        "its columns to 'Output', its paging as it is",
        told_by=(
            "SearchParameters",
            "AdvancedSearch",
            "AdvancedSearchText",
            "AdvancedSearchTextNew",
            "GrpConOp",
            "ConOp",
            "RowCondition",
            "LSO",
            "RSO",
        ),
        others=(*_SHOWN, "Conditions", "QueryTimeZone", "OpportunityEventCode", "ActivityEvent"),
    ),
    Api(
        "the advanced search of users",
        "its groups carry over to 'UserFilter' in 'ReportFilter', its paging as it is; "
        "'Output' says what to show of the leads",
        told_by=("GroupConditions",),
        beside=_SHOWN,
        others=("GroupOperator",),
        moves=(Move("GroupConditions", "ReportFilter", _groups),),
    ),
    Api(
        "Leads.Get, the search of leads by one criterion",
        "its criterion carries over to 'LeadFilters' in 'ReportFilter', its columns to 'Output', "
        "its paging as it is",
        told_by=("Parameter",),
        beside=_SHOWN,
        unless=("ReportFilter", "Output"),
        others=("Attribute", "Value"),
        moves=(
            Move("Parameter", "ReportFilter", _criterion),
            Move("Columns", "Output", _columns),
        ),
    ),
)
"""The neighbours, in the order in which they are looked for."""

CAPTURE: Final = Api(
    "Lead.Capture, which saves a lead",
    "nothing of it carries over; a report is asked with an object: { … }",
    told_by=("Attribute", "Value"),
)
"""The neighbour whose body is a list: each entry has both of its keys."""
