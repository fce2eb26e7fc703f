"""Related APIs of the vendor: how to recognize their bodies, and what can be kept of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs

from leadquery.wire.enums import LogicalOperator, OutputType
from leadquery.wire.model import ListOutput, ReportFilter, Request, UserFilter
from leadquery.wire.schema import key_name
from leadquery.wire.types import Json


@attrs.frozen
class KeyMapping:
    """A key that can be translated: the key to write here, and what becomes of its value."""

    key: str
    target: str
    convert: Callable[[Json], Json]


@attrs.frozen
class SiblingApi:
    """Another API of the vendor.

    A body with one of the `signature_keys` is written for it. The `weak_keys` are no proof alone:
    if there are `excluding_keys`, all weak ones together are, in a body without any of those.
    `other_keys` are the rest of its keys. `parent` is the key of this API's body under which the
    signature keys are looked for; the rest of such a body is the same in both APIs.
    """

    name: str
    migration_hint: str
    signature_keys: tuple[str, ...]
    weak_keys: tuple[str, ...] = ()
    excluding_keys: tuple[str, ...] = ()
    other_keys: tuple[str, ...] = ()
    parent: str | None = None
    mappings: tuple[KeyMapping, ...] = ()


_REPORT: Final = key_name(Request, "report")

_OUTPUT: Final = key_name(Request, "output")

_FILTERS: Final = key_name(ReportFilter, "filters")

_USERS: Final = key_name(ReportFilter, "users")

_GROUPS: Final = key_name(UserFilter, "groups")

_TYPE: Final = key_name(ListOutput, "type")

_COLUMNS: Final = key_name(ListOutput, "columns")


def _to_report_filter(value: Json) -> Json:
    return {_FILTERS: [value]}


def _to_list_output(value: Json) -> Json:
    output = {_TYPE: OutputType.LIST.token}
    return {**output, **value} if isinstance(value, dict) else {**output, _COLUMNS: value}


def _to_user_filter(value: Json) -> Json:
    return {_USERS: {_GROUPS: value}}


# Most of these APIs have them.
_COLUMN_KEYS: Final = ("Columns", "Sorting")

SIBLING_APIS: Final = (
    SiblingApi(
        "the reports on leads not contacted and on tasks",
        "all but this key carries over as it is; activities and tasks are not read here",
        signature_keys=("ActivityFilters", "TaskFilters"),
        parent=_REPORT,
    ),
    SiblingApi(
        "the advanced search of leads or opportunities",
        f"its conditions on lead fields carry over to {_FILTERS!r} where "
        f"{LogicalOperator.AND.token} joins them, its columns to {_OUTPUT!r}, its paging as it is",
        signature_keys=(
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
        other_keys=(
            *_COLUMN_KEYS,
            "Conditions",
            "QueryTimeZone",
            "OpportunityEventCode",
            "ActivityEvent",
        ),
    ),
    SiblingApi(
        "the advanced search of users",
        f"its groups carry over to {_USERS!r} in {_REPORT!r}, its paging as it is; "
        f"{_OUTPUT!r} says what to show of the leads",
        signature_keys=(_GROUPS,),
        weak_keys=_COLUMN_KEYS,
        other_keys=(key_name(UserFilter, "joiner"),),
        mappings=(KeyMapping(_GROUPS, _REPORT, _to_user_filter),),
    ),
    SiblingApi(
        "Leads.Get, the search of leads by one criterion",
        f"its criterion carries over to {_FILTERS!r} in {_REPORT!r}, its columns to {_OUTPUT!r}, "
        "its paging as it is",
        signature_keys=("Parameter",),
        weak_keys=_COLUMN_KEYS,
        excluding_keys=(_REPORT, _OUTPUT),
        other_keys=("Attribute", "Value"),
        mappings=(
            KeyMapping("Parameter", _REPORT, _to_report_filter),
            KeyMapping("Columns", _OUTPUT, _to_list_output),
        ),
    ),
)
"""The related APIs, in the order in which they are tried."""

CAPTURE: Final = SiblingApi(
    "Lead.Capture, which saves a lead",
    "nothing of it carries over; a report is asked with an object: { … }",
    signature_keys=("Attribute", "Value"),
)
"""The API whose body is a list, each entry of which has both signature keys."""
