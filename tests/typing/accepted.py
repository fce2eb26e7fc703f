"""Lines that type checkers accept, and the types they see. Read by checkers, never run."""

# ruff: noqa: E712

from __future__ import annotations

from datetime import date, datetime, time, timezone
from decimal import Decimal
from typing import Any, assert_type

from leadquery import (
    GroupedLeads,
    Leads,
    LeadSet,
    Query,
    check,
    fields,
    from_payload,
    periods,
    users,
)
from leadquery.expr.field_types import Choice, Field, Identifier, Number, Time
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
    assert_type(Leads.select("FirstName", Phone, OwnerIdName), Query)
    assert_type(Leads.select(Phone).where(EngagementScore < 20).page(2, 50), Query)
    assert_type(Leads.group_by(OwnerId), GroupedLeads)
    assert_type(Leads.group_by("mx_City").where(EngagementScore < 20), GroupedLeads)
    assert_type(Leads.group_by(OwnerId).count(), Query)
    assert_type(Leads.group_by(OwnerId).count(Phone), Query)
    assert_type(Leads.group_by(OwnerId).average(EngagementScore), Query)
    assert_type(Leads.group_by(OwnerId).sum("mx_Deal_Value"), Query)
    assert_type(Leads.group_by(OwnerId).sum(Number("mx_Deal_Value")), Query)
    assert_type(Leads.group_by(OwnerId).average(Field("mx_Deal_Value")), Query)


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
    assert_type(from_payload("{}"), Query)
    assert_type(check(b"{}").ok, bool)
