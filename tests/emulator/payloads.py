"""Helpers that build payloads and leads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from leadquery.emulator import Emulator
from leadquery.wire.enums import AggregateFunction, LogicalOperator, Operator, OutputType
from leadquery.wire.model import (
    AggregateOutput,
    ComparisonFilter,
    DateRange,
    LeadFilter,
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
from leadquery.wire.serializer import to_payload

URL = "https://api.example.com/Leads/LeadDistribution/FilterByLeadField"
KEYS = {"accessKey": "u$r", "secretKey": "s&cret"}


def lead_filter(name: str, token: str, *values: str) -> LeadFilter:
    """A filter with the token of its operator."""
    operator = next(operator for operator in Operator if operator.token == token)
    if operator is Operator.ONE_OF:
        return MembershipFilter(name, operator, values)
    return (
        ComparisonFilter(name, values[0], operator)
        if values
        else PresenceFilter(name, operator, None)
    )


def user_group(
    *conditions: tuple[str, str, str], joiner: LogicalOperator = LogicalOperator.AND
) -> UserGroup:
    """A group of user conditions, given as name, operator, value."""
    *most, last = conditions
    return UserGroup(
        (*(UserCondition(*one, joiner) for one in most), UserCondition(*last, None)), None, None
    )


def payload(
    output: ListOutput | AggregateOutput,
    filters: Sequence[LeadFilter] = (),
    groups: Sequence[UserGroup] = (),
    dates: Sequence[DateRange] = (),
    page: tuple[int, int] | None = None,
) -> dict[str, Any]:
    """A payload with these parts."""
    users = UserFilter(tuple(groups), None) if groups else None
    report = ReportFilter(users, tuple(filters) or None) if filters or groups else None
    paging = Paging(*page) if page else None
    written: dict[str, Any] = to_payload(Request(report, tuple(dates) or None, output, paging))
    return written


def list_of(*names: str) -> ListOutput:
    """An output with these columns."""
    return ListOutput(OutputType.LIST, names)


def group_by(
    group: str, function: AggregateFunction = AggregateFunction.COUNT, field: str = "Score"
) -> AggregateOutput:
    """An output grouped by a field."""
    return AggregateOutput(OutputType.AGGREGATE, group, function, field)


def found(emulator: Emulator, *filters: LeadFilter, **parts: Any) -> list[str]:
    """The ids of the leads that match."""
    result = emulator.answer(payload(list_of("ProspectID"), filters, **parts))
    return [row["ProspectID"] for row in result["Results"]]


def leads_of(field: str, *values: object) -> list[dict[str, object]]:
    """Leads with one value each, and the ids a, b, c …"""
    return [{"ProspectID": chr(97 + place), field: value} for place, value in enumerate(values)]


def moment(text: str) -> datetime:
    """A datetime in UTC."""
    return datetime.fromisoformat(f"{text}+00:00")
