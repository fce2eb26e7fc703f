"""The payload as pydantic types, as a user without leadquery might declare it.

Discriminators and typed dicts are the fastest that pydantic has.
"""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import ConfigDict, Discriminator, Field, with_config
from typing_extensions import TypedDict

Name = Annotated[str, Field(min_length=1)]
Moment = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$")]
LogicalOperator = Literal["AND", "OR"]
Count = Annotated[int, Field(ge=1, le=2**31 - 1, strict=True)]

exact = with_config(ConfigDict(extra="forbid"))


@exact
class Comparison(TypedDict):
    """A lead filter with one value."""

    LookUpName: Name
    LookUpValue: Name
    SqlOperator: Literal["=", "<>", ">", "<", ">=", "<=", "lik", "nlik"]


@exact
class MembershipFilter(TypedDict):
    """A lead filter with several values."""

    LookUpName: Name
    SqlOperator: Literal["in"]
    LookUpValues: Annotated[list[Name], Field(min_length=1)]


@exact
class PresenceFilter(TypedDict):
    """A lead filter without a value."""

    LookUpName: Name
    SqlOperator: Literal["def", "ndef"]
    LookUpValue: NotRequired[Literal[""]]


@exact
class UserCondition(TypedDict):
    """A condition on users."""

    LookupName: Name
    Operator: Name
    LookupValue: Name
    ConditionOperator: NotRequired[LogicalOperator | None]


@exact
class UserGroup(TypedDict):
    """Conditions, or groups of them."""

    Condition: NotRequired[Annotated[list[UserCondition], Field(min_length=1)]]
    GroupConditions: NotRequired[Annotated[list[UserGroup], Field(min_length=1)]]
    GroupOperator: NotRequired[LogicalOperator | None]


@exact
class UserFilter(TypedDict):
    """Conditions on the owners of leads."""

    GroupConditions: Annotated[list[UserGroup], Field(min_length=1)]
    GroupOperator: NotRequired[LogicalOperator | None]


LeadFilter = Annotated[Comparison | MembershipFilter | PresenceFilter, Discriminator("SqlOperator")]


@exact
class ReportFilter(TypedDict):
    """Filters on leads and their owners."""

    UserFilter: NotRequired[UserFilter]
    LeadFilters: NotRequired[Annotated[list[LeadFilter], Field(min_length=1)]]


@exact
class DateRange(TypedDict):
    """A range of dates."""

    DateField: Literal["LeadCreatedOn", "LeadModifiedOn"]
    FromDate: Moment
    ToDate: Moment


@exact
class ListOutput(TypedDict):
    """Leads with some columns."""

    Type: Literal["list", "List"]
    IncludeCSV: Annotated[str, Field(pattern=r"[^, \t\r\n]")]
    GroupBy: NotRequired[str]
    AggregateFunction: NotRequired[str]
    AggregateField: NotRequired[str]


@exact
class Aggregate(TypedDict):
    """Groups of leads."""

    Type: Literal["aggregate", "Aggregate"]
    GroupBy: Name
    AggregateFunction: Literal["Count", "Average", "Sum"]
    AggregateField: Name
    IncludeCSV: NotRequired[str]


@exact
class Paging(TypedDict):
    """A page."""

    PageIndex: Count
    PageSize: Count


@exact
class Request(TypedDict):
    """The body of the call."""

    ReportFilter: NotRequired[ReportFilter]
    DateFilter: NotRequired[Annotated[list[DateRange], Field(min_length=1)]]
    Output: Annotated[ListOutput | Aggregate, Discriminator("Type")]
    Paging: NotRequired[Paging]
