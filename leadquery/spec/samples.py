"""Requests as examples: one for each output."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Final

from leadquery.spec.model import (
    Aggregate,
    Comparison,
    DateRange,
    Listing,
    Membership,
    Paging,
    Presence,
    ReportFilter,
    Request,
    UserCondition,
    UserFilter,
    UserGroup,
)
from leadquery.spec.vocabulary import (
    DateField,
    Function,
    Joiner,
    Operator,
    OutputType,
    UserOperator,
)

_OWNERS: Final = UserFilter(
    (
        UserGroup(
            (
                UserCondition("Role", UserOperator.EQUAL.token, "Sales_User", Joiner.AND),
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
                Comparison("EngagementScore", "20", Operator.BELOW),
                Membership("Source", Operator.ONE_OF, ("Website", "Referral Sites")),
                Presence("Phone", Operator.HAS_DATA, None),
            ),
        ),
        (_JANUARY,),
        Listing(OutputType.LIST, ("FirstName", "EmailAddress", "EngagementScore")),
        Paging(1, 100),
    ),
    Request(
        ReportFilter(_OWNERS, None),
        (_JANUARY,),
        Aggregate(OutputType.AGGREGATE, "OwnerId", Function.AVERAGE, "EngagementScore"),
        Paging(1, 100),
    ),
)
