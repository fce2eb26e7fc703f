"""What travels: one class for each JSON object, one attribute for each key."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

from attrs import define

from leadquery.lint.rules.registry import Rule
from leadquery.wire import types
from leadquery.wire.enums import (
    AggregateFunction,
    Arity,
    DateField,
    LogicalOperator,
    Operator,
    OutputType,
    UserOperator,
)
from leadquery.wire.protocol import COUNT
from leadquery.wire.schema import Array, Form, JoinedArray, Object, Union, WireObject, key
from leadquery.wire.types import (
    CommaList,
    EmptyString,
    EnumType,
    OpenEnumType,
    PositiveInt,
    Timestamp,
)

if TYPE_CHECKING:
    from attrs import frozen, frozen as hashed
else:
    # What travels is frozen to type checkers alone: each query makes a dozen of these objects,
    # and keeping them from change as they run would make each cost three times as much.
    frozen = partial(define, eq=False, repr=False)
    # A query hashes its filters as it grows, so attrs compiles what they compare and hash by.
    hashed = partial(define, unsafe_hash=True, repr=False)


def _lead_field() -> Any:
    slips = ("Attribute", "Field", "FieldName", "SchemaName", "Name")
    return key("LookUpName", types.name(), slips=slips)


def _lead_value(form: Form, *, required: bool) -> Any:
    return key("LookUpValue", form, required=required, slips=("Value",))


def _lead_operator(takes: Arity) -> Any:
    return key("SqlOperator", EnumType(Operator, takes), slips=("Operator", "Op", "Condition"))


@hashed
class ComparisonFilter(WireObject):
    """Leads whose field compares with one value in the way the operator says."""

    label: ClassVar = "a lead filter"

    name: str = _lead_field()
    value: str = _lead_value(types.value(), required=True)
    operator: Operator = _lead_operator(Arity.ONE)


@hashed
class MembershipFilter(WireObject):
    """Leads whose field has one of several values."""

    label: ClassVar = "a lead filter"

    name: str = _lead_field()
    operator: Operator = _lead_operator(Arity.MANY)
    values: tuple[str, ...] = key("LookUpValues", Array(types.value()), slips=("Values",))


@hashed
class PresenceFilter(WireObject):
    """Leads whose field has data, or has none."""

    label: ClassVar = "a lead filter"

    name: str = _lead_field()
    operator: Operator = _lead_operator(Arity.NONE)
    # Whether the key may be sent without a value is not said: it is read when empty, never written.
    value: None = _lead_value(EmptyString(), required=False)


LeadFilter = ComparisonFilter | MembershipFilter | PresenceFilter


@frozen
class UserCondition(WireObject):
    """Users whose attribute compares with a value. Several ids are one comma-joined value."""

    label: ClassVar = "a user condition"

    name: str = key("LookupName", types.name(), slips=("Attribute", "Field"))
    operator: str = key("Operator", OpenEnumType(UserOperator), slips=("SqlOperator",))
    value: str = key("LookupValue", types.values(), slips=("Value",))
    joiner: LogicalOperator | None = key(
        "ConditionOperator", EnumType(LogicalOperator, nullable=True), required=False
    )


@frozen
class UserGroup(WireObject):
    """Users who meet the conditions of a group, and those of its nested groups."""

    label: ClassVar = "a user group"

    conditions: tuple[UserCondition, ...] | None = key(
        "Condition", JoinedArray(lambda: UserCondition), required=False, slips=("Conditions",)
    )
    groups: tuple[UserGroup, ...] | None = key(
        "GroupConditions",
        JoinedArray(lambda: UserGroup),
        required=False,
        slips=("GroupCondition", "Groups"),
    )
    joiner: LogicalOperator | None = key(
        "GroupOperator", EnumType(LogicalOperator, nullable=True), required=False
    )

    # A group asks for something: of these, one has to be there.
    either: ClassVar = ("conditions", "groups")


@frozen
class UserFilter(WireObject):
    """Leads whose owner meets the groups. The word beside the list joins it to nothing."""

    label: ClassVar = "a user filter"

    groups: tuple[UserGroup, ...] = key(
        "GroupConditions", JoinedArray(lambda: UserGroup), slips=("GroupCondition", "Groups")
    )
    joiner: LogicalOperator | None = key(
        "GroupOperator", EnumType(LogicalOperator, nullable=True, idle=True), required=False
    )


@frozen
class ReportFilter(WireObject):
    """Which leads: by their owners, and by their fields, joined by AND."""

    label: ClassVar = "a report filter"

    users: UserFilter | None = key("UserFilter", Object(UserFilter), required=False)
    filters: tuple[LeadFilter, ...] | None = key(
        "LeadFilters",
        Array(
            Union((ComparisonFilter, MembershipFilter, PresenceFilter), "operator", Rule.VALUE_KEY)
        ),
        required=False,
        slips=("LeadFilter", "Filters"),
    )


@frozen
class DateRange(WireObject):
    """Leads whose date falls between two moments, both included."""

    label: ClassVar = "a date filter"

    field: DateField = key("DateField", EnumType(DateField), slips=("Field",))
    start: datetime = key("FromDate", Timestamp(), slips=("From", "StartDate", "Start"))
    end: datetime = key("ToDate", Timestamp(last=True), slips=("To", "EndDate", "End"))

    # Named here, so that a range that ends before it starts is one problem, at its end.
    ordered: ClassVar = ("start", "end")


@frozen
class ListOutput(WireObject):
    """A list of leads with the columns named."""

    label: ClassVar = "an output"

    type: OutputType = key("Type", EnumType(OutputType, only=OutputType.LIST))
    columns: tuple[str, ...] = key("IncludeCSV", CommaList(), slips=("Include_CSV", "Columns"))


@frozen
class AggregateOutput(WireObject):
    """The number of leads of each group, with an average or a sum."""

    label: ClassVar = "an output"

    type: OutputType = key("Type", EnumType(OutputType, only=OutputType.AGGREGATE))
    group: str = key("GroupBy", types.name(), slips=("Group", "GroupField"))
    function: AggregateFunction = key(
        "AggregateFunction", EnumType(AggregateFunction), slips=("Function",)
    )
    field: str = key("AggregateField", types.name())

    @property
    def columns(self) -> tuple[str, ...]:
        """The keys of a row of the answer. Count computes nothing beside the count."""
        if self.function is AggregateFunction.COUNT:
            return self.group, COUNT
        return self.group, COUNT, f"{self.function.token}_{self.field}"


@frozen
class Paging(WireObject):
    """One page of the answer. Pages count from 1."""

    label: ClassVar = "a paging"

    index: int = key("PageIndex", PositiveInt(), slips=("PageNumber", "Page"))
    size: int = key("PageSize", PositiveInt(), slips=("PerPage", "Limit", "PageLimit"))


FIRST_PAGE: Final = Paging(1, 100)
"""The page that is asked for unless another is named."""


@frozen
class Request(WireObject):
    """The body of the call."""

    label: ClassVar = "a request"

    report: ReportFilter | None = key(
        "ReportFilter", Object(ReportFilter), required=False, slips=("Filter", "ReportFilters")
    )
    dates: tuple[DateRange, ...] | None = key(
        "DateFilter", Array(Object(DateRange)), required=False, slips=("DateFilters", "DateRange")
    )
    output: ListOutput | AggregateOutput = key(
        "Output", Union((ListOutput, AggregateOutput), "type", Rule.OTHER_OUTPUT)
    )
    paging: Paging | None = key("Paging", Object(Paging), required=False, slips=("Page",))
