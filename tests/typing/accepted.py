"""Lines that type checkers accept, and the types they see. Read by checkers, never run."""

# ruff: noqa: E712

from __future__ import annotations

import asyncio
from datetime import date, datetime, time, timezone
from decimal import Decimal
from typing import Any, assert_type

from leadquery import (
    AsyncClient,
    GroupedLeads,
    Leads,
    LeadSet,
    Query,
    Result,
    check,
    count,
    fields,
    from_payload,
    periods,
    users,
)
from leadquery.expr.aggregate import Aggregate, HavingCondition, SortKey
from leadquery.expr.field_types import Choice, Field, Identifier, Number, Time
from leadquery.expr.group_key import Bins, DateBucket, NamedPeriods
from leadquery.expr.predicate import Condition, Predicate
from leadquery.expr.user_field import UserPredicate
from leadquery.fields import (
    CreatedOn,
    DoNotCall,
    EngagementScore,
    OwnerId,
    OwnerIdName,
    Phone,
    Source,
)
from leadquery.query.query import OneRequest, SeveralRequests


def conditions() -> None:
    """Every comparison is a condition, not a bool."""
    assert_type(EngagementScore < 20, Predicate)
    assert_type(EngagementScore <= 0.5, Predicate)
    assert_type(EngagementScore > Decimal("0.5"), Predicate)
    assert_type(EngagementScore == 20, Predicate)
    assert_type(EngagementScore != 20, Predicate)
    assert_type(20 > EngagementScore, Predicate)
    assert_type(EngagementScore.between(5, 20), Predicate)
    assert_type(EngagementScore.is_in([5, 20.5]), Predicate)
    assert_type(EngagementScore.is_in({5: "five"}), Predicate)
    assert_type(Phone == "98", Predicate)
    assert_type(Phone.contains("98"), Predicate)
    assert_type(Phone.is_in(("98", "99")), Predicate)
    assert_type(Phone.has_no_data(), Predicate)
    assert_type(Source == "Web", Predicate)
    assert_type(DoNotCall == True, Predicate)
    assert_type(OwnerId == "a", Predicate)
    assert_type(CreatedOn >= "2026-01-31", Predicate)
    assert_type(CreatedOn >= date(2026, 1, 31), Predicate)
    assert_type(CreatedOn < datetime(2026, 1, 31, tzinfo=timezone.utc), Predicate)
    assert_type(CreatedOn.during(periods.last_month()), Predicate)
    assert_type(Time("mx_A") < time(9, 30), Predicate)
    assert_type(Time("mx_A") < "09:30", Predicate)
    assert_type(Field("mx_A") < "0.50", Predicate)
    assert_type(Field("mx_A") == 5, Predicate)


def joined() -> None:
    """Joined, negated and folded conditions are conditions."""
    assert_type((EngagementScore < 20) & (Source == "Web"), Predicate)
    assert_type((Source == "Fair") | (Source == "Web"), Condition)
    assert_type(~(EngagementScore < 20), Condition)
    assert_type((users.Role == "a") | (EngagementScore < 20), Condition)
    assert_type(Leads.where(users.Role == "a", ~(users.Role == "b")), LeadSet)


def custom_fields() -> None:
    """Custom fields are built from the field types."""
    assert_type(Number("mx_Deal_Value"), Number)
    assert_type(Choice("mx_Course", options=["MBA", "BSc"]), Choice)
    assert_type(Choice("mx_Course", "Course", options=("MBA",)), Choice)
    assert_type(Identifier("mx_Manager").name, str)
    assert_type(EngagementScore.label, str)


def annotated(low: Predicate, sales: UserPredicate) -> Predicate:
    """The results of comparisons have public types."""
    assert_type(Leads.where(low), LeadSet)
    assert_type(Leads.owned_by(sales), LeadSet)
    assert_type(users.Role == "a", UserPredicate)
    assert_type(users.Role.is_in(["a"]) | sales, UserPredicate)
    assert_type(fields.EngagementScore, Number)
    assert_type(fields.Predicate, type[Predicate])
    return low & (EngagementScore < 20)


def states() -> None:
    """Each method returns the state it leads to."""
    assert_type(Leads, LeadSet)
    assert_type(Leads.where(EngagementScore < 20, Phone.has_data()), LeadSet)
    assert_type(Leads.created_between("2026-01-01", date(2026, 1, 31), tz="Asia/Kolkata"), LeadSet)
    assert_type(Leads.modified_in(periods.quarter(2026, 1)), LeadSet)
    assert_type(Leads.created_since("2026-01-01"), LeadSet)
    assert_type(Leads.page(None), LeadSet)
    assert_type(Leads.select("FirstName", Phone, OwnerIdName), Query[OneRequest])
    assert_type(Leads.select(Phone).where(EngagementScore < 20).page(2, 50), Query[OneRequest])
    assert_type(Leads.group_by(OwnerId), GroupedLeads[OneRequest])
    assert_type(Leads.group_by("mx_City").where(EngagementScore < 20), GroupedLeads[OneRequest])
    assert_type(Leads.group_by(OwnerId).count(), Query[OneRequest])
    assert_type(Leads.group_by(OwnerId).count(Phone), Query[OneRequest])
    assert_type(Leads.group_by(OwnerId).average(EngagementScore), Query[OneRequest])
    assert_type(Leads.group_by(OwnerId).sum("mx_Deal_Value"), Query[OneRequest])
    assert_type(Leads.group_by(OwnerId).sum(Number("mx_Deal_Value")), Query[OneRequest])
    assert_type(Leads.group_by(OwnerId).average(Field("mx_Deal_Value")), Query[OneRequest])


def several_requests() -> None:
    """Queries that take several requests, or whose rows are sorted, limited or compared."""
    quarters = periods.quarters(2026)
    by_owner = Leads.group_by(OwnerId)
    counted = by_owner.count()
    assert_type(count(), Aggregate)
    assert_type(EngagementScore.average(), Aggregate)
    assert_type(CreatedOn.max(), Aggregate)
    assert_type(Source.count_distinct(), Aggregate)
    assert_type(EngagementScore.quantile(0.9).desc(), SortKey)
    assert_type(OwnerId.asc(), SortKey)
    assert_type(count() > 50, HavingCondition)
    assert_type((count() > 50) & (EngagementScore.average() < Decimal("0.5")), HavingCondition)
    assert_type(CreatedOn.min() >= "2026-01-31", HavingCondition)
    assert_type(CreatedOn.month(tz="Asia/Kolkata", fill=True), DateBucket)
    assert_type(EngagementScore.bins(0, 20.5, Decimal(50)), Bins)
    assert_type(CreatedOn.in_periods(*quarters, before=periods.year(2025)), NamedPeriods)
    assert_type(by_owner.aggregate(count(), top=EngagementScore.max()), Query[SeveralRequests])
    assert_type(Leads.count(), Query[SeveralRequests])
    assert_type(Leads.average(EngagementScore), Query[SeveralRequests])
    assert_type(Leads.sum("Score"), Query[SeveralRequests])
    assert_type(Leads.aggregate(count()), Query[SeveralRequests])
    assert_type(Leads.group_by(CreatedOn.month()), GroupedLeads[SeveralRequests])
    assert_type(Leads.group_by(OwnerId, "Source"), GroupedLeads[SeveralRequests])
    assert_type(Leads.group_by(OwnerId, Source).count(), Query[SeveralRequests])
    assert_type(Leads.group_by(CreatedOn.day()).average("Score"), Query[SeveralRequests])
    assert_type(counted.having(count() > 50), Query[SeveralRequests])
    assert_type(counted.order_by(count().desc(), OwnerId, "Count"), Query[SeveralRequests])
    assert_type(counted.order_by(CreatedOn.month().desc()).limit(5), Query[SeveralRequests])
    assert_type(counted.limit(5).where(EngagementScore < 20), Query[SeveralRequests])
    assert_type(counted.with_owner_names(), Query[SeveralRequests])
    assert_type(counted.compare(*quarters[:2], on=CreatedOn), Query[SeveralRequests])
    assert_type(counted.compare(quarters[0], quarters[1], on="CreatedOn"), Query[SeveralRequests])
    assert_type(count().change_pct > 10, HavingCondition)


def queries_of_any_type(query: Query, one: Query[OneRequest]) -> list[Query]:
    """A bare annotation takes any query."""
    assert_type(query.to_payload(), dict[str, Any])
    several: Query[SeveralRequests] = one
    return [query, one, several, Leads.select(Phone).limit(5)]


def owners() -> None:
    """Ids, addresses and conditions on users."""
    assert_type(Leads.owned_by("a", "a@x.com"), LeadSet)
    assert_type(Leads.owned_by(users.Role == "Sales_User"), LeadSet)
    assert_type(
        Leads.owned_by(
            (users.Role == "a") & users.EmailAddress.contains("@x"), users.UserID == "b"
        ),
        LeadSet,
    )
    assert_type(Leads.owned_by(users.Attribute("Team").matches("sw", "North")), LeadSet)


def outputs_of_queries() -> None:
    """The types of a query's outputs."""
    query = Leads.select(Phone)
    assert_type(query.to_payload(), dict[str, Any])
    assert_type(query.to_json(), str)
    assert_type(query.to_json(indent=2), str)
    assert_type(query.to_python(), str)
    assert_type(query.describe(), str)
    assert_type(from_payload("{}"), Query[OneRequest])
    assert_type(check(b"{}").ok, bool)


async def awaited(client: AsyncClient) -> None:
    """An async client returns what a client does."""
    query = Leads.select(Phone)
    assert_type(await client.run(query, limit=3), Result)
    assert_type(await client.count(Leads), int)
    assert_type(await client.users(refresh=True), list[users.User])
    assert_type([page async for page in client.pages(query)], list[Result])
    assert_type([row["Phone"] async for row in client.rows(query, limit=3)], list[Any])
    async with AsyncClient.from_env(deadline=5) as own, asyncio.TaskGroup() as group:
        task = group.create_task(own.count(Leads))
    assert_type(task.result(), int)
