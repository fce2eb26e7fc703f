"""Related APIs of the vendor: how to recognize their bodies, and what can be kept of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs

from leadquery.wire.enums import (
    EXCEPTION_MESSAGE,
    EXCEPTION_TYPE,
    ROWS,
    SEPARATOR,
    STATUS,
    TOTAL,
    DateField,
    LogicalOperator,
    Operator,
    OutputType,
    UserOperator,
)
from leadquery.wire.model import (
    ComparisonFilter,
    DateRange,
    ListOutput,
    MembershipFilter,
    ReportFilter,
    Request,
    UserCondition,
    UserFilter,
    UserGroup,
)
from leadquery.wire.schema import key_name
from leadquery.wire.types import Json


@attrs.frozen
class KeyMapping:
    """A key that can be translated: the key to write here, and what becomes of its value.

    `convert` raises ValueError, with the reason, for a value that cannot be expressed here.
    """

    key: str
    target: str
    convert: Callable[[Json], Json]


@attrs.frozen
class SiblingApi:
    """Another API of the vendor.

    A body with one of the `signature_keys` is written for it; if there are `criteria_keys`, only if
    the value of that key is an object with one of them. The `weak_keys` are no proof alone:
    if there are `excluding_keys`, all weak ones together are, in a body without any of those.
    `other_keys` are the rest of its keys. With `is_response`, the body is what an API answers. The
    reports with this very body are in `leadquery.wire.endpoints`.
    """

    name: str
    migration_hint: str
    signature_keys: tuple[str, ...]
    criteria_keys: tuple[str, ...] = ()
    weak_keys: tuple[str, ...] = ()
    excluding_keys: tuple[str, ...] = ()
    other_keys: tuple[str, ...] = ()
    is_response: bool = False
    mappings: tuple[KeyMapping, ...] = ()


_REPORT: Final = key_name(Request, "report")

_OUTPUT: Final = key_name(Request, "output")

_FILTERS: Final = key_name(ReportFilter, "filters")

_USERS: Final = key_name(ReportFilter, "users")

_GROUPS: Final = key_name(UserFilter, "groups")

_DATES: Final = key_name(Request, "dates")

_DATE_FIELD: Final = key_name(DateRange, "field")

_TYPE: Final = key_name(ListOutput, "type")

_COLUMNS: Final = key_name(ListOutput, "columns")


_NAME: Final = key_name(ComparisonFilter, "name")

_OPERATOR: Final = key_name(ComparisonFilter, "operator")

_VALUE: Final = key_name(ComparisonFilter, "value")

_VALUES: Final = key_name(MembershipFilter, "values")

_OWNER_EMAIL: Final = "OwnerIdEmailAddress"
"""The column that this API adds to lists; to filter by it is to filter by the owner."""

_LEAD_IDS: Final = "LeadIds"


def _to_report_filter(value: Json) -> Json:
    return _to_owner_filter(value) or {_FILTERS: [value]}


def _to_owner_filter(value: Json) -> Json:
    """A criterion on the address of the owner as a user filter; None for any other one."""
    members = {key.casefold(): one for key, one in value.items()} if isinstance(value, dict) else {}
    criterion = [members.pop(key.casefold(), None) for key in (_NAME, _OPERATOR, _VALUE)]
    name, operator, addresses = criterion
    if name != _OWNER_EMAIL or members or not isinstance(addresses, str):
        return None
    parts = [part.strip() for part in addresses.split(SEPARATOR)]
    if not all(parts) or operator not in _EQUALITIES[len(parts) > 1 :]:
        return None
    condition = {
        key_name(UserCondition, "name"): "EmailAddress",
        key_name(UserCondition, "operator"): UserOperator.EQUAL.token,
        key_name(UserCondition, "value"): SEPARATOR.join(dict.fromkeys(parts)),
    }
    return _to_user_filter([{key_name(UserGroup, "conditions"): [condition]}])


_EQUALITIES: Final = (Operator.EQUAL.token, Operator.ONE_OF.token)
"""The operators for one address, and the one for several."""


def _to_id_filter(value: Json) -> Json:
    written = {str(key).replace("_", "").casefold(): key for key in value}
    ids = value[written.pop(_LEAD_IDS.casefold())]
    if written:
        raise ValueError(f"there is nothing like {next(iter(written.values()))!r} here")
    if not isinstance(ids, list) or not all(isinstance(one, str) and one.strip() for one in ids):
        raise ValueError(f"{_LEAD_IDS!r} is no list of ids as text")
    distinct = list(dict.fromkeys(one.strip() for one in ids))
    if len(distinct) == 1:
        compared = {_VALUE: distinct[0], _OPERATOR: Operator.EQUAL.token}
    else:
        compared = {_OPERATOR: Operator.ONE_OF.token, _VALUES: distinct}
    return {_FILTERS: [{_NAME: LEAD_ID, **compared}]}


LEAD_ID: Final = "ProspectID"
"""The field that has the id of a lead."""


def _to_date_filter(value: Json) -> Json:
    dates = value if isinstance(value, dict) else {}
    return [{_DATE_FIELD: DateField.MODIFIED.token, **dates}]


def _to_list_output(value: Json) -> Json:
    output = {_TYPE: OutputType.LIST.token}
    return {**output, **value} if isinstance(value, dict) else {**output, _COLUMNS: value}


def _to_user_filter(value: Json) -> Json:
    return {_USERS: {_GROUPS: value}}


_PARAMETER: Final = "Parameter"

_SEARCH: Final = "SearchParameters"

_NOT_READ: Final = "{} are not read here; only its paging carries over"

# Most of these APIs have them.
_COLUMN_KEYS: Final = ("Columns", "Sorting")

# For other types of objects than leads.
_OBJECT_TYPE_KEYS: Final = ("Attribute", "Value")

_COLUMNS_TO_OUTPUT: Final = KeyMapping("Columns", _OUTPUT, _to_list_output)

OFFSET_KEYS: Final = ("Offset", "RowCount")
"""The keys of a paging in some of these APIs."""

SIBLING_APIS: Final = (
    SiblingApi(
        "Leads/Retrieve/ByIds, which reads leads by their ids",
        f"its ids carry over to a filter with {Operator.ONE_OF.token!r} in {_FILTERS!r}, its "
        f"columns to {_OUTPUT!r}, its paging as it is",
        signature_keys=(_SEARCH,),
        criteria_keys=(_LEAD_IDS,),
        other_keys=_COLUMN_KEYS,
        mappings=(KeyMapping(_SEARCH, _REPORT, _to_id_filter), _COLUMNS_TO_OUTPUT),
    ),
    SiblingApi(
        "the advanced search of leads or opportunities",
        f"its conditions on lead fields carry over to {_FILTERS!r} where "
        f"{LogicalOperator.AND.token} joins them, its columns to {_OUTPUT!r}, its paging as it is",
        signature_keys=(
            _SEARCH,
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
        "RetrieveByActivityEvent and other searches of activities",
        _NOT_READ.format("activities"),
        signature_keys=(_PARAMETER,),
        criteria_keys=("ActivityEvent", "ActivityEvents", "ActivityID", "IncludeCustomFields"),
        other_keys=_COLUMN_KEYS,
    ),
    SiblingApi(
        "RetrieveNote, which reads the notes of a lead",
        _NOT_READ.format("notes"),
        signature_keys=(_PARAMETER,),
        criteria_keys=("RelatedId",),
        other_keys=_COLUMN_KEYS,
    ),
    SiblingApi(
        "Task.svc/Retrieve, which reads the tasks of a user",
        _NOT_READ.format("tasks"),
        signature_keys=(_PARAMETER,),
        criteria_keys=("StatusCode", "TypeName"),
        other_keys=_COLUMN_KEYS,
    ),
    SiblingApi(
        "Leads.Get, the search of leads by one criterion",
        f"its criterion carries over to {_FILTERS!r} in {_REPORT!r}, its columns to {_OUTPUT!r}, "
        "its paging as it is",
        signature_keys=(_PARAMETER,),
        criteria_keys=(
            key_name(UserCondition, "name"),
            key_name(UserCondition, "value"),
            key_name(ComparisonFilter, "operator"),
        ),
        weak_keys=_COLUMN_KEYS,
        excluding_keys=(_REPORT, _OUTPUT, _PARAMETER),
        other_keys=_OBJECT_TYPE_KEYS,
        mappings=(KeyMapping(_PARAMETER, _REPORT, _to_report_filter), _COLUMNS_TO_OUTPUT),
    ),
    SiblingApi(
        "Leads.RecentlyModified, which reads leads by a range of dates",
        f"its dates carry over to {_DATES!r} with {DateField.MODIFIED.token!r}, its columns to "
        f"{_OUTPUT!r}, its paging as it is",
        signature_keys=(_PARAMETER,),
        criteria_keys=(key_name(DateRange, "start"), key_name(DateRange, "end")),
        weak_keys=_COLUMN_KEYS,
        other_keys=_OBJECT_TYPE_KEYS,
        mappings=(KeyMapping(_PARAMETER, _DATES, _to_date_filter), _COLUMNS_TO_OUTPUT),
    ),
    SiblingApi(
        "another API of LeadSquared",
        f"write what to search for in {_REPORT!r} or {_DATES!r}, and the columns in {_OUTPUT!r}",
        signature_keys=(_PARAMETER,),
        other_keys=_COLUMN_KEYS,
    ),
    SiblingApi(
        "a search of appointments or to-dos",
        _NOT_READ.format("tasks"),
        signature_keys=("UserSearchCriteria",),
        weak_keys=(key_name(DateRange, "start"), "Users"),
        excluding_keys=(_REPORT, _OUTPUT),
        other_keys=(key_name(DateRange, "end"), "UserIds"),
    ),
    SiblingApi(
        "this API",
        "check the payload of the request",
        signature_keys=(),
        weak_keys=(ROWS,),
        excluding_keys=(_REPORT, _OUTPUT, _PARAMETER),
        other_keys=(TOTAL,),
        is_response=True,
    ),
    SiblingApi(
        "LeadSquared, an error",
        "check the payload of the request",
        signature_keys=(EXCEPTION_TYPE,),
        other_keys=(STATUS, EXCEPTION_MESSAGE),
        is_response=True,
    ),
)
"""The related APIs, in the order in which they are tried."""

CAPTURE: Final = SiblingApi(
    "Lead.Capture, which saves a lead",
    "nothing of it carries over; a report is asked with an object: { … }",
    signature_keys=("Attribute", "Value"),
)
"""The API whose body is a list, each entry of which has both signature keys."""
