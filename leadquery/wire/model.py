"""The request: one class for each JSON object, one attribute for each key."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

from attrs import define

from leadquery.wire.enums import (
    COUNT,
    AggregateFunction,
    Arity,
    DateField,
    LogicalOperator,
    Operator,
    OutputType,
    UserOperator,
)
from leadquery.wire.schema import Array, JoinedArray, Object, Type, Union, WireObject, key
from leadquery.wire.types import (
    CommaList,
    Content,
    EmptyString,
    EnumType,
    JsonText,
    NonEmptyString,
    OpenEnumType,
    PositiveInt,
    Timestamp,
)

if TYPE_CHECKING:
    from attrs import frozen, frozen as hashed
else:
    # Frozen for type checkers only: each query builds a dozen of these objects, and attrs' own
    # freezing would triple the time that takes.
    frozen = partial(define, eq=False, repr=False)
    # A query hashes its filters as it grows, so these get a compiled comparison and hash.
    hashed = partial(define, unsafe_hash=True, repr=False)


_NAME: Final = NonEmptyString()

_VALUE: Final = NonEmptyString(Content.VALUE)


def _lead_field() -> Any:
    aliases = ("Attribute", "Field", "FieldName", "SchemaName", "Name")
    return key("LookUpName", _NAME, aliases=aliases)


def _lead_value(wire_type: Type, *, required: bool) -> Any:
    return key("LookUpValue", wire_type, required=required, aliases=("Value",))


def _lead_operator(arity: Arity) -> Any:
    return key("SqlOperator", EnumType(Operator, arity), aliases=("Operator", "Op", "Condition"))


def _joiner(*, unused: bool = False) -> EnumType[LogicalOperator]:
    return EnumType(LogicalOperator, nullable=True, unused=unused)


@hashed
class ComparisonFilter(WireObject):
    """Leads whose field compares with one value."""

    label: ClassVar[str] = "a lead filter"
    section: ClassVar[str] = "Lead Filters"

    name: str = _lead_field()
    value: str = _lead_value(_VALUE, required=True)
    operator: Operator = _lead_operator(Arity.ONE)


@hashed
class MembershipFilter(WireObject):
    """Leads whose field has one of several values."""

    label: ClassVar[str] = "a lead filter"
    section: ClassVar[str] = "Lead Filters"

    name: str = _lead_field()
    operator: Operator = _lead_operator(Arity.MANY)
    values: tuple[str, ...] = key("LookUpValues", Array(_VALUE), aliases=("Values",))


@hashed
class PresenceFilter(WireObject):
    """Leads whose field has data, or has none."""

    label: ClassVar[str] = "a lead filter"
    section: ClassVar[str] = "Lead Filters"

    name: str = _lead_field()
    operator: Operator = _lead_operator(Arity.NONE)
    # Not documented: an empty value is accepted, and never written.
    value: None = _lead_value(EmptyString(), required=False)


LeadFilter = ComparisonFilter | MembershipFilter | PresenceFilter


@frozen
class UserCondition(WireObject):
    """Users whose attribute compares with a value. Several ids are one comma-joined value."""

    label: ClassVar[str] = "a user condition"
    section: ClassVar[str] = "User Filter"

    name: str = key("LookupName", _NAME, aliases=("Attribute", "Field"))
    operator: str = key("Operator", OpenEnumType(UserOperator), aliases=("SqlOperator", "Op"))
    value: str = key("LookupValue", NonEmptyString(Content.VALUES), aliases=("Value",))
    joiner: LogicalOperator | None = key("ConditionOperator", _joiner(), required=False)


@frozen
class UserGroup(WireObject):
    """Users who match the conditions of a group and its nested groups."""

    label: ClassVar[str] = "a user group"
    section: ClassVar[str] = "User Filter"

    conditions: tuple[UserCondition, ...] | None = key(
        "Condition", JoinedArray(lambda: UserCondition), required=False, aliases=("Conditions",)
    )
    groups: tuple[UserGroup, ...] | None = key(
        "GroupConditions",
        JoinedArray(lambda: UserGroup),
        required=False,
        aliases=("GroupCondition", "Groups"),
    )
    joiner: LogicalOperator | None = key("GroupOperator", _joiner(), required=False)

    # At least one of these keys is required.
    any_required: ClassVar = ("conditions", "groups")


@frozen
class UserFilter(WireObject):
    """Leads whose owner matches the groups. The API ignores the operator beside the list."""

    label: ClassVar[str] = "a user filter"
    section: ClassVar[str] = "User Filter"

    groups: tuple[UserGroup, ...] = key(
        "GroupConditions", JoinedArray(lambda: UserGroup), aliases=("GroupCondition", "Groups")
    )
    joiner: LogicalOperator | None = key("GroupOperator", _joiner(unused=True), required=False)


@frozen
class ReportFilter(WireObject):
    """Which leads: by their owners, and by their fields, joined by AND.

    A report on activities or tasks has one node more; see `leadquery.wire.endpoints`.
    """

    label: ClassVar[str] = "a report filter"
    section: ClassVar[str] = "Report Filter"

    users: UserFilter | None = key("UserFilter", Object(UserFilter), required=False)
    filters: tuple[LeadFilter, ...] | None = key(
        "LeadFilters",
        Array(Union((ComparisonFilter, MembershipFilter, PresenceFilter), "operator")),
        required=False,
        aliases=("LeadFilter", "Filters"),
    )
    activities: str | None = key(
        "ActivityFilters", JsonText(), required=False, aliases=("ActivityFilter",), default=None
    )
    tasks: str | None = key(
        "TaskFilters", JsonText(), required=False, aliases=("TaskFilter",), default=None
    )

    # At most one of these keys is allowed.
    exclusive: ClassVar = ("activities", "tasks")


@frozen
class DateRange(WireObject):
    """Leads whose date falls between two moments, both included."""

    label: ClassVar[str] = "a date filter"
    section: ClassVar[str] = "Date Filter"

    field: DateField = key("DateField", EnumType(DateField), aliases=("Field",))
    start: datetime = key("FromDate", Timestamp(), aliases=("From", "StartDate", "Start"))
    end: datetime = key("ToDate", Timestamp(end_of_day=True), aliases=("To", "EndDate", "End"))

    # The first is not later than the second.
    ordered: ClassVar = ("start", "end")


@frozen
class ListOutput(WireObject):
    """A list of leads with the named columns."""

    label: ClassVar[str] = "an output"
    section: ClassVar[str] = "Output"

    type: OutputType = key("Type", EnumType(OutputType, only=OutputType.LIST))
    columns: tuple[str, ...] = key("IncludeCSV", CommaList(), aliases=("Include_CSV", "Columns"))


@frozen
class AggregateOutput(WireObject):
    """The number of leads of each group, with an average or a sum."""

    label: ClassVar[str] = "an output"
    section: ClassVar[str] = "Output"

    type: OutputType = key("Type", EnumType(OutputType, only=OutputType.AGGREGATE))
    group: str = key("GroupBy", _NAME, aliases=("Group", "GroupField"))
    function: AggregateFunction = key(
        "AggregateFunction", EnumType(AggregateFunction), aliases=("Function",)
    )
    field: str = key("AggregateField", _NAME)

    @property
    def columns(self) -> tuple[str, ...]:
        """The keys of a row of the response. `Count` adds no key of its own."""
        if self.function is AggregateFunction.COUNT:
            return self.group, COUNT
        return self.group, COUNT, f"{self.function.token}_{self.field}"


@frozen
class Paging(WireObject):
    """One page of the response. Pages count from 1."""

    label: ClassVar[str] = "a paging"
    section: ClassVar[str] = "Paging"

    index: int = key("PageIndex", PositiveInt(), aliases=("PageNumber", "PageNo", "Page"))
    size: int = key("PageSize", PositiveInt(), aliases=("PerPage", "Limit", "PageLimit", "Size"))


FIRST_PAGE: Final = Paging(1, 100)
"""The page of a query that names none."""


@frozen
class Request(WireObject):
    """The body of the call."""

    label: ClassVar[str] = "a request"
    section: ClassVar[str] = "Request Parameters"

    report: ReportFilter | None = key(
        "ReportFilter", Object(ReportFilter), required=False, aliases=("Filter", "ReportFilters")
    )
    dates: tuple[DateRange, ...] | None = key(
        "DateFilter", Array(Object(DateRange)), required=False, aliases=("DateFilters", "DateRange")
    )
    output: ListOutput | AggregateOutput = key(
        "Output", Union((ListOutput, AggregateOutput), "type", ignores_other_keys=True)
    )
    paging: Paging | None = key("Paging", Object(Paging), required=False, aliases=("Page",))
