"""What travels: one class for each JSON object, one attribute for each key."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

from attrs import define

from leadquery.spec import forms
from leadquery.spec.forms import Columns, Moment, Nothing, OneOf, Open, WholeNumber
from leadquery.spec.rules import Rule
from leadquery.spec.shapes import Chain, Form, Nested, Several, Shape, Variants, key
from leadquery.spec.vocabulary import (
    COUNT,
    DateField,
    Function,
    Joiner,
    Operator,
    OutputType,
    Takes,
    UserOperator,
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
    return key("LookUpName", forms.name(), slips=slips)


def _lead_value(form: Form, *, required: bool) -> Any:
    return key("LookUpValue", form, required=required, slips=("Value",))


def _lead_operator(takes: Takes) -> Any:
    return key("SqlOperator", OneOf(Operator, takes), slips=("Operator", "Op", "Condition"))


@hashed
class Comparison(Shape):
    """Leads whose field compares with one value in the way the operator says."""

    label: ClassVar = "a lead filter"

    name: str = _lead_field()
    value: str = _lead_value(forms.value(), required=True)
    operator: Operator = _lead_operator(Takes.ONE)


@hashed
class Membership(Shape):
    """Leads whose field has one of several values."""

    label: ClassVar = "a lead filter"

    name: str = _lead_field()
    operator: Operator = _lead_operator(Takes.MANY)
    values: tuple[str, ...] = key("LookUpValues", Several(forms.value()), slips=("Values",))


@hashed
class Presence(Shape):
    """Leads whose field has data, or has none."""

    label: ClassVar = "a lead filter"

    name: str = _lead_field()
    operator: Operator = _lead_operator(Takes.NONE)
    # Whether the key may be sent without a value is not said: it is read when empty, never written.
    value: None = _lead_value(Nothing(), required=False)


LeadFilter = Comparison | Membership | Presence


@frozen
class UserCondition(Shape):
    """Users whose attribute compares with a value. Several ids are one comma-joined value."""

    label: ClassVar = "a user condition"

    name: str = key("LookupName", forms.name(), slips=("Attribute", "Field"))
    operator: str = key("Operator", Open(UserOperator), slips=("SqlOperator",))
    value: str = key("LookupValue", forms.values(), slips=("Value",))
    joiner: Joiner | None = key("ConditionOperator", OneOf(Joiner, nullable=True), required=False)


@frozen
class UserGroup(Shape):
    """Users who meet the conditions of a group, and those of its nested groups."""

    label: ClassVar = "a user group"

    conditions: tuple[UserCondition, ...] | None = key(
        "Condition", Chain(lambda: UserCondition), required=False, slips=("Conditions",)
    )
    groups: tuple[UserGroup, ...] | None = key(
        "GroupConditions",
        Chain(lambda: UserGroup),
        required=False,
        slips=("GroupCondition", "Groups"),
    )
    joiner: Joiner | None = key("GroupOperator", OneOf(Joiner, nullable=True), required=False)

    # A group asks for something: of these, one has to be there.
    either: ClassVar = ("conditions", "groups")


@frozen
class UserFilter(Shape):
    """Leads whose owner meets the groups. The word beside the list joins it to nothing."""

    label: ClassVar = "a user filter"

    groups: tuple[UserGroup, ...] = key(
        "GroupConditions", Chain(lambda: UserGroup), slips=("GroupCondition", "Groups")
    )
    joiner: Joiner | None = key(
        "GroupOperator", OneOf(Joiner, nullable=True, idle=True), required=False
    )


@frozen
class ReportFilter(Shape):
    """Which leads: by their owners, and by their fields, joined by AND."""

    label: ClassVar = "a report filter"

    users: UserFilter | None = key("UserFilter", Nested(UserFilter), required=False)
    filters: tuple[LeadFilter, ...] | None = key(
        "LeadFilters",
        Several(Variants((Comparison, Membership, Presence), "operator", Rule.VALUE_KEY)),
        required=False,
        slips=("LeadFilter", "Filters"),
    )


@frozen
class DateRange(Shape):
    """Leads whose date falls between two moments, both included."""

    label: ClassVar = "a date filter"

    field: DateField = key("DateField", OneOf(DateField), slips=("Field",))
    start: datetime = key("FromDate", Moment(), slips=("From", "StartDate", "Start"))
    end: datetime = key("ToDate", Moment(last=True), slips=("To", "EndDate", "End"))

    # Named here, so that a range that ends before it starts is one problem, at its end.
    ordered: ClassVar = ("start", "end")


@frozen
class Listing(Shape):
    """A list of leads with the columns named."""

    label: ClassVar = "an output"

    type: OutputType = key("Type", OneOf(OutputType, only=OutputType.LIST))
    columns: tuple[str, ...] = key("IncludeCSV", Columns(), slips=("Include_CSV", "Columns"))


@frozen
class Aggregate(Shape):
    """The number of leads of each group, with an average or a sum."""

    label: ClassVar = "an output"

    type: OutputType = key("Type", OneOf(OutputType, only=OutputType.AGGREGATE))
    group: str = key("GroupBy", forms.name(), slips=("Group", "GroupField"))
    function: Function = key("AggregateFunction", OneOf(Function), slips=("Function",))
    field: str = key("AggregateField", forms.name())

    @property
    def columns(self) -> tuple[str, ...]:
        """The keys of a row of the answer. Count computes nothing beside the count."""
        if self.function is Function.COUNT:
            return self.group, COUNT
        return self.group, COUNT, f"{self.function.token}_{self.field}"


@frozen
class Paging(Shape):
    """One page of the answer. Pages count from 1."""

    label: ClassVar = "a paging"

    index: int = key("PageIndex", WholeNumber(), slips=("PageNumber", "Page"))
    size: int = key("PageSize", WholeNumber(), slips=("PerPage", "Limit", "PageLimit"))


FIRST_PAGE: Final = Paging(1, 100)
"""The page that is asked for unless another is named."""


@frozen
class Request(Shape):
    """The body of the call."""

    label: ClassVar = "a request"

    report: ReportFilter | None = key(
        "ReportFilter", Nested(ReportFilter), required=False, slips=("Filter", "ReportFilters")
    )
    dates: tuple[DateRange, ...] | None = key(
        "DateFilter", Several(Nested(DateRange)), required=False, slips=("DateFilters", "DateRange")
    )
    output: Listing | Aggregate = key(
        "Output", Variants((Listing, Aggregate), "type", Rule.OTHER_OUTPUT)
    )
    paging: Paging | None = key("Paging", Nested(Paging), required=False, slips=("Page",))
