"""The APIs beside this one: how their bodies are told, and what of them carries over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs

from leadquery.spec.findings import Json
from leadquery.spec.model import Listing, ReportFilter, Request, UserFilter
from leadquery.spec.shapes import token_of
from leadquery.spec.vocabulary import Joiner, OutputType


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


_REPORT: Final = token_of(Request, "report")
_OUTPUT: Final = token_of(Request, "output")
_FILTERS: Final = token_of(ReportFilter, "filters")
_USERS: Final = token_of(ReportFilter, "users")
_GROUPS: Final = token_of(UserFilter, "groups")
_TYPE: Final = token_of(Listing, "type")
_LISTED: Final = token_of(Listing, "columns")


def _criterion(value: Json) -> Json:
    return {_FILTERS: [value]}


def _columns(value: Json) -> Json:
    listing = {_TYPE: OutputType.LIST.token}
    return {**listing, **value} if isinstance(value, dict) else {**listing, _LISTED: value}


def _groups(value: Json) -> Json:
    return {_USERS: {_GROUPS: value}}


# Columns and sorting are much the same in all of these APIs.
_SHOWN: Final = ("Columns", "Sorting")

APIS: Final = (
    Api(
        "the reports on leads not contacted and on tasks",
        "all but this key carries over as it is; activities and tasks are not read here",
        told_by=("ActivityFilters", "TaskFilters"),
        inside=_REPORT,
    ),
    Api(
        "the advanced search of leads or opportunities",
        f"its conditions on lead fields carry over to {_FILTERS!r} where "
        f"{Joiner.AND.token} joins them, its columns to {_OUTPUT!r}, its paging as it is",
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
        f"its groups carry over to {_USERS!r} in {_REPORT!r}, its paging as it is; "
        f"{_OUTPUT!r} says what to show of the leads",
        told_by=(_GROUPS,),
        beside=_SHOWN,
        others=(token_of(UserFilter, "joiner"),),
        moves=(Move(_GROUPS, _REPORT, _groups),),
    ),
    Api(
        "Leads.Get, the search of leads by one criterion",
        f"its criterion carries over to {_FILTERS!r} in {_REPORT!r}, its columns to {_OUTPUT!r}, "
        "its paging as it is",
        told_by=("Parameter",),
        beside=_SHOWN,
        unless=(_REPORT, _OUTPUT),
        others=("Attribute", "Value"),
        moves=(
            Move("Parameter", _REPORT, _criterion),
            Move("Columns", _OUTPUT, _columns),
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
