"""Requests as examples: one for each output."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Final

from leadquery.wire.enums import (
    AggregateFunction,
    DateField,
    LogicalOperator,
    Operator,
    OutputType,
    UserOperator,
)
from leadquery.wire.model import (
    AggregateOutput,
    ComparisonFilter,
    DateRange,
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

_OWNERS: Final = UserFilter(
    (
        UserGroup(
            (
                UserCondition("Role", UserOperator.EQUAL.token, "Sales_User", LogicalOperator.AND),
                UserCondition("EmailAddress", UserOperator.CONTAINS.token, "@example.com", None),
            ),
            None,
            None,
        ),
    ),
    None,
)

_JANUARY: Final = DateRange(
    DateField.CREATED,
    datetime(2026, 1, 1, tzinfo=timezone.utc),
    datetime(2026, 1, 31, 23, 59, 59, tzinfo=timezone.utc),
)

SAMPLES: Final = (
    Request(
        ReportFilter(
            None,
            (
                ComparisonFilter("EngagementScore", "20", Operator.BELOW),
                MembershipFilter("Source", Operator.ONE_OF, ("Website", "Referral Sites")),
                PresenceFilter("Phone", Operator.HAS_DATA, None),
            ),
        ),
        (_JANUARY,),
        ListOutput(OutputType.LIST, ("FirstName", "EmailAddress", "EngagementScore")),
        Paging(1, 100),
    ),
    Request(
        ReportFilter(_OWNERS, None),
        (_JANUARY,),
        AggregateOutput(
            OutputType.AGGREGATE, "OwnerId", AggregateFunction.AVERAGE, "EngagementScore"
        ),
        Paging(1, 100),
    ),
)
