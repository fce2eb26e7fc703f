"""The APIs beside this one: how their bodies are told, and what of them carries over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs

from leadquery.lint.diagnostics import Json
from leadquery.wire.enums import LogicalOperator, OutputType
from leadquery.wire.model import ListOutput, ReportFilter, Request, UserFilter
from leadquery.wire.schema import key_name


@attrs.frozen
class KeyMapping:
    """A key whose meaning survives: where it goes, and what its value becomes there."""

    key: str
    to: str
    becomes: Callable[[Json], Json]


@attrs.frozen
class SiblingApi:
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
    moves: tuple[KeyMapping, ...] = ()


_REPORT: Final = key_name(Request, "report")

_OUTPUT: Final = key_name(Request, "output")

_FILTERS: Final = key_name(ReportFilter, "filters")

_USERS: Final = key_name(ReportFilter, "users")

_GROUPS: Final = key_name(UserFilter, "groups")

_TYPE: Final = key_name(ListOutput, "type")

_LISTED: Final = key_name(ListOutput, "columns")


def _criterion(value: Json) -> Json:
    return {_FILTERS: [value]}


def _columns(value: Json) -> Json:
    listing = {_TYPE: OutputType.LIST.token}
    return {**listing, **value} if isinstance(value, dict) else {**listing, _LISTED: value}


def _groups(value: Json) -> Json:
    return {_USERS: {_GROUPS: value}}


# Columns and sorting are much the same in all of these APIs.
_SHOWN: Final = ("Columns", "Sorting")

SIBLING_APIS: Final = (
    SiblingApi(
        "the reports on leads not contacted and on tasks",
        "all but this key carries over as it is; activities and tasks are not read here",
        told_by=("ActivityFilters", "TaskFilters"),
        inside=_REPORT,
    ),
    SiblingApi(
        "the advanced search of leads or opportunities",
        f"its conditions on lead fields carry over to {_FILTERS!r} where "
        f"{LogicalOperator.AND.token} joins them, its columns to {_OUTPUT!r}, its paging as it is",
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
    SiblingApi(
        "the advanced search of users",
        f"its groups carry over to {_USERS!r} in {_REPORT!r}, its paging as it is; "
        f"{_OUTPUT!r} says what to show of the leads",
        told_by=(_GROUPS,),
        beside=_SHOWN,
        others=(key_name(UserFilter, "joiner"),),
        moves=(KeyMapping(_GROUPS, _REPORT, _groups),),
    ),
    SiblingApi(
        "Leads.Get, the search of leads by one criterion",
        f"its criterion carries over to {_FILTERS!r} in {_REPORT!r}, its columns to {_OUTPUT!r}, "
        "its paging as it is",
        told_by=("Parameter",),
        beside=_SHOWN,
        unless=(_REPORT, _OUTPUT),
        others=("Attribute", "Value"),
        moves=(
            KeyMapping("Parameter", _REPORT, _criterion),
            KeyMapping("Columns", _OUTPUT, _columns),
        ),
    ),
)
"""The neighbours, in the order in which they are looked for."""

CAPTURE: Final = SiblingApi(
    "Lead.Capture, which saves a lead",
    "nothing of it carries over; a report is asked with an object: { … }",
    told_by=("Attribute", "Value"),
)
"""The neighbour whose body is a list: each entry has both of its keys."""
