"""Lines that type checkers reject: exactly those that are marked. Read by checkers, never run."""

# ruff: noqa: B015, B018, E711

from __future__ import annotations

from leadquery import AsyncClient, Leads, count, periods, users
from leadquery.expr.field_types import Choice, Identifier, Number, Text, Time
from leadquery.fields import (
    CreatedOn,
    DoNotCall,
    EngagementScore,
    OwnerId,
    OwnerIdName,
    Phone,
    Source,
)

GROUPED = Leads.group_by(OwnerId)
QUERY = Leads.select(Phone)
LOW = EngagementScore < 20


def values_of_another_type() -> None:
    """Values that the field cannot have."""
    EngagementScore < "x"  # refused
    EngagementScore >= "20"  # refused
    EngagementScore < None  # refused
    CreatedOn > 5  # refused
    Time("mx_A") < 930  # refused
    EngagementScore.between("5", "20")  # refused
    EngagementScore.is_in(["5"])  # refused
    EngagementScore.is_in("12")  # refused
    Phone.is_in([98])  # refused
    Phone.is_in(98)  # refused
    Phone.contains(98)  # refused
    CreatedOn.during("2026-01")  # refused
    Leads.where(EngagementScore == "x")  # refused
    Leads.where(EngagementScore != "x")  # refused
    Leads.where(EngagementScore == None)  # refused
    Leads.where(Phone == 98)  # refused
    Leads.where(DoNotCall == "true")  # refused
    Leads.where(OwnerId == 5)  # refused
    Leads.where(CreatedOn == 5)  # refused
    Leads.where(EngagementScore == Phone)  # refused
    Leads.owned_by(users.Role == 1)  # refused
    Leads.owned_by(users.Role.is_in([1]))  # refused


def operators_that_a_type_lacks() -> None:
    """Operators that the API does not have for such a field."""
    Phone < "5"  # refused
    Text("mx_A") >= "5"  # refused
    Source > "Web"  # refused
    OwnerId < "a"  # refused
    DoNotCall < True  # refused
    EngagementScore.contains("5")  # refused
    Number("mx_A").during(periods.last_month())  # refused
    Identifier("mx_A").contains("a")  # refused
    DoNotCall.is_in([True])  # refused
    CreatedOn.is_in(["2026-01-31"])  # refused
    Time("mx_A").between("09:30", "10:30")  # refused
    Phone.starts_with("98")  # refused
    users.Role < "a"  # refused
    users.Role & (users.Role == "a")  # refused
    ~EngagementScore  # refused
    users.Role.starts_with("a")  # refused
    ~users.Role  # refused


def conditions_in_the_wrong_place() -> None:
    """Arguments that are not conditions, or are user conditions among those on leads."""
    Leads.where("Score < 5")  # refused
    Leads.where(True)  # refused
    Leads.where(Phone)  # refused
    Leads.where([EngagementScore < 20])  # refused
    Leads.where("98" in Phone)  # refused
    Leads.where(Phone is None)  # refused
    Leads.where(not EngagementScore)  # refused
    Leads.owned_by(OwnerId == "a")  # refused
    Leads.owned_by(5)  # refused
    Leads.owned_by(["a", "b"])  # refused
    (EngagementScore < 20) & 5  # refused
    20 & (EngagementScore < 20)  # refused
    20 | (EngagementScore == 20)  # refused
    EngagementScore < 20 & Phone  # refused
    EngagementScore < 20 & (Source == "Web")  # refused
    5 & (users.Role == "a")  # refused
    "a" in Leads  # refused
    "a" in users.Role  # refused
    list(Leads)  # refused
    [*(EngagementScore < 20)]  # refused


def misuse_that_python_allows(flag: bool) -> None:
    """Code that runs but means something else."""
    Leads.where(not LOW)  # refused
    Leads.where(EngagementScore in [1, 5])  # refused
    Leads.where(EngagementScore is not None)  # refused
    Leads.where(EngagementScore < 20 & Source == "Web")  # refused
    Leads.where(~Source == "Web")  # refused
    Leads.where(flag and LOW)  # refused
    Leads.where(LOW if flag else True)  # refused
    Leads.where(f"{EngagementScore} < 5")  # refused
    Leads.where(EngagementScore=5)  # refused
    Leads.owned_by(Role="Sales_User")  # refused
    Leads.where(*LOW)  # refused
    Leads & LOW  # refused
    LOW & True  # refused
    Leads.filter(LOW)  # refused
    Leads.order_by(EngagementScore)  # refused
    EngagementScore.isin([1])  # refused
    len(Leads)  # refused
    len(LOW)  # refused
    Leads[0]  # refused
    for row in QUERY:  # refused
        print(row)


def unfinished_queries() -> None:
    """Queries without an output."""
    Leads.to_payload()  # refused
    Leads.to_json()  # refused
    Leads.to_python()  # refused
    Leads.describe()  # refused
    Leads.where(EngagementScore < 20).to_payload()  # refused
    GROUPED.to_payload()  # refused
    GROUPED.describe()  # refused
    GROUPED.select(Phone)  # refused
    QUERY.select(Phone)  # refused
    QUERY.group_by(OwnerId)  # refused
    QUERY.to_paylod()  # refused


def outputs() -> None:
    """Outputs that are not possible."""
    GROUPED.average(Phone)  # refused
    GROUPED.sum(Source)  # refused
    GROUPED.average(CreatedOn)  # refused
    GROUPED.sum(OwnerIdName)  # refused
    GROUPED.average(5)  # refused
    GROUPED.average()  # refused
    Leads.select(5)  # refused
    Leads.select(["Phone"])  # refused
    Leads.group_by(5)  # refused
    Leads.group_by()  # refused
    Leads.page("1")  # refused
    Leads.page(page=3)  # refused
    Leads.page(1, 50, 3)  # refused
    Leads.page()  # refused
    Leads.created_in(periods.last_month(), periods.last_month())  # refused
    Leads.created_between("2026-01-01", "2026-01-31", "UTC")  # refused
    Leads.created_between("2026-01-01", "2026-01-31", timezone="UTC")  # refused
    Phone.is_in("98", "99")  # refused
    EngagementScore.between((5, 10))  # refused
    periods.last_month("UTC")  # refused
    periods.day("2026-03-01")  # refused
    Leads.page(1, None)  # refused
    Leads.created_between("2026-01-01")  # refused
    Leads.created_between(5, 6)  # refused
    Leads.created_in("2026-01")  # refused


def payloads_of_several_requests() -> None:
    """Only one request has a payload."""
    Leads.count().to_payload()  # refused
    Leads.average(EngagementScore).to_json()  # refused
    GROUPED.aggregate(count()).to_request("curl")  # refused
    GROUPED.count().having(count() > 5).to_payload()  # refused
    GROUPED.count().order_by(OwnerId).to_payload()  # refused
    GROUPED.count().with_owner_names().to_json()  # refused
    QUERY.limit(5).to_payload()  # refused
    QUERY.limit(5).where(LOW).to_payload()  # refused
    Leads.group_by(OwnerId, Source).count().to_payload()  # refused
    Leads.group_by(CreatedOn.month()).count().to_json(indent=2)  # refused


def aggregates_and_groups() -> None:
    """Aggregates that a type lacks, and what belongs elsewhere."""
    Phone.average()  # refused
    Phone.max()  # refused
    Source.month()  # refused
    CreatedOn.average()  # refused
    CreatedOn.bins(5)  # refused
    EngagementScore.day()  # refused
    EngagementScore.mean()  # refused
    EngagementScore.quantile("0.5")  # refused
    EngagementScore.bins("5")  # refused
    CreatedOn.month("UTC")  # refused
    CreatedOn.week(week_starts="mon")  # refused
    CreatedOn.in_periods(last="2026-01")  # refused
    OwnerIdName.count_distinct()  # refused
    count(EngagementScore)  # refused
    GROUPED.aggregate(EngagementScore)  # refused
    GROUPED.aggregate("Score")  # refused
    GROUPED.having(count() > 5)  # refused
    GROUPED.count().having(EngagementScore > 5)  # refused
    GROUPED.count().having(count())  # refused
    Leads.where(count() > 5)  # refused
    Leads.where(not (count() > 5))  # refused
    (count() > 5) & 5  # refused
    (count() > 5) & LOW  # refused
    GROUPED.count().order_by(count().desc)  # refused
    GROUPED.count().order_by(count(), descending=True)  # refused
    GROUPED.count().limit("5")  # refused
    QUERY.compare(periods.last_month(), periods.this_month())  # refused
    QUERY.compare("2026-01", "2026-02", on=CreatedOn)  # refused
    sum(EngagementScore)  # refused
    max(count())  # refused


def invalid_fields() -> None:
    """Calls that do not build a field."""
    Number()  # refused
    Number(5)  # refused
    users.Attribute(5)  # refused
    Number("mx_A", options=["a"])  # refused
    Choice("mx_A", ["a"])  # refused
    EngagementScore.name = "x"  # refused
    QUERY.paging = None  # refused


async def invalid_calls(client: AsyncClient) -> None:
    """Calls of an async client."""
    await client.run(Leads)  # refused
    await client.run(QUERY, limitt=3)  # refused
    client.run(QUERY).rows  # refused
    client.pages(QUERY, tz=5)  # refused
    AsyncClient("api.example.com", "key", "secret", rates=(25, 5.0))  # refused
