"""The states of a query: what each method adds, and the payload."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from typing import Any

import pytest

from leadquery import GroupedLeads, Leads, LeadSet, Query, periods
from leadquery.errors import FrozenError
from leadquery.expr.field_types import Field, Number
from leadquery.fields import EngagementScore, OwnerId, OwnerIdName, Phone, Score

NOW = datetime(2026, 3, 15, 20, tzinfo=UTC)
SELECTED = Leads.select(Phone)
GROUPED = Leads.group_by(OwnerId)
COUNTED = GROUPED.count()


def test_a_bare_list_is_output_and_paging() -> None:
    """The default is the first page of 100 rows."""
    assert SELECTED.to_payload() == {
        "Output": {"Type": "list", "IncludeCSV": "Phone"},
        "Paging": {"PageIndex": 1, "PageSize": 100},
    }


def test_the_states_follow_one_another() -> None:
    assert type(Leads.where().page(2)) is LeadSet
    assert type(GROUPED.where().page(2)) is GroupedLeads
    assert type(SELECTED.where().page(2)) is Query
    assert type(COUNTED) is Query


@pytest.mark.parametrize("question", [Leads, GROUPED, SELECTED, COUNTED], ids=repr)
@pytest.mark.parametrize(
    "refine",
    [
        lambda question: question.where(Score < 5),
        lambda question: question.created_between("2026-01-01", "2026-01-31"),
        lambda question: question.modified_between("2026-01-01", "2026-01-31"),
        lambda question: question.created_in(periods.month(2026, 1)),
        lambda question: question.modified_in(periods.month(2026, 1)),
        lambda question: question.created_since("2026-01-01", now=NOW),
        lambda question: question.modified_since("2026-01-01", now=NOW),
        lambda question: question.owned_by("a"),
        lambda question: question.page(2, 50),
    ],
)
def test_every_method_returns_a_new_query(question: Any, refine: Callable[[Any], Any]) -> None:
    """Of the same state; the original does not change."""
    before = repr(question)
    refined = refine(question)

    assert repr(question) == before
    assert type(refined) is type(question)
    assert refined != question
    assert refine(question) == refined


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (
            Leads.where(Score < 5).page(2).owned_by("a").select(Phone),
            SELECTED.where(Score < 5).owned_by("a").page(2),
        ),
        (
            Leads.where(Score < 5).created_in(periods.year(2026)).group_by(OwnerId).count(),
            GROUPED.where(Score < 5).created_in(periods.year(2026)).count(),
        ),
        (GROUPED.where(Score < 5).count(), COUNTED.where(Score < 5)),
    ],
)
def test_refining_may_precede_or_follow_the_output(first: Query, then: Query) -> None:
    assert first == then
    assert hash(first) == hash(then)


def test_a_query_is_frozen() -> None:
    with pytest.raises(FrozenError):
        SELECTED.paging = None  # type: ignore[misc]


@pytest.mark.parametrize(
    ("query", "filters"),
    [
        (SELECTED.where(Score < 5, Phone.has_data()), ["Score", "Phone"]),
        (SELECTED.where(Score < 5).where(Phone.has_data()), ["Score", "Phone"]),
        (SELECTED.where((Score < 5) & Phone.has_data()), ["Score", "Phone"]),
        (SELECTED.where(Score < 5, Score < 5), ["Score"]),
        (SELECTED.where(Score < 5).where(Field("Score") < "5"), ["Score"]),
        (SELECTED.where(Score.between(1, 5)), ["Score", "Score"]),
    ],
)
def test_where_adds_conditions(query: Query, filters: list[str]) -> None:
    """In order, each once."""
    sent = query.to_payload()["ReportFilter"]["LeadFilters"]

    assert [one["LookUpName"] for one in sent] == filters


def test_where_without_a_condition_adds_nothing() -> None:
    """A list of conditions may be empty."""
    assert SELECTED.where(*[]) == SELECTED


@pytest.mark.parametrize(
    ("query", "dates"),
    [
        (
            SELECTED.created_between("2017-11-10 12:00:00", "2018-11-10 12:00:00"),
            [("LeadCreatedOn", "2017-11-10 12:00:00", "2018-11-10 12:00:00")],
        ),
        (
            SELECTED.modified_between(date(2026, 1, 1), "2026-01-31"),
            [("LeadModifiedOn", "2026-01-01 00:00:00", "2026-01-31 23:59:59")],
        ),
        (
            SELECTED.created_between("2026-01-01", "2026-01-31", tz="Asia/Kolkata"),
            [("LeadCreatedOn", "2025-12-31 18:30:00", "2026-01-31 18:29:59")],
        ),
        (
            SELECTED.created_in(periods.quarter(2026, 1)),
            [("LeadCreatedOn", "2026-01-01 00:00:00", "2026-03-31 23:59:59")],
        ),
        (
            SELECTED.modified_in(periods.last_month(tz="Asia/Kolkata", now=NOW)),
            [("LeadModifiedOn", "2026-01-31 18:30:00", "2026-02-28 18:29:59")],
        ),
        (
            SELECTED.created_since("2026-01-01", now=NOW),
            [("LeadCreatedOn", "2026-01-01 00:00:00", "2026-03-15 20:00:00")],
        ),
        (
            SELECTED.modified_since("2026-01-01", tz="Asia/Kolkata", now=NOW),
            [("LeadModifiedOn", "2025-12-31 18:30:00", "2026-03-15 20:00:00")],
        ),
        (
            SELECTED.created_in(periods.year(2026)).modified_in(periods.day(2026, 1, 1)),
            [
                ("LeadCreatedOn", "2026-01-01 00:00:00", "2026-12-31 23:59:59"),
                ("LeadModifiedOn", "2026-01-01 00:00:00", "2026-01-01 23:59:59"),
            ],
        ),
        (
            SELECTED.created_in(periods.year(2026)).created_in(periods.year(2026)),
            [("LeadCreatedOn", "2026-01-01 00:00:00", "2026-12-31 23:59:59")],
        ),
        (
            SELECTED.modified_between("2026-01-01", "2026-01-01", tz="Asia/Kolkata"),
            [("LeadModifiedOn", "2025-12-31 18:30:00", "2026-01-01 18:29:59")],
        ),
        (
            SELECTED.created_since("2026-01-01", tz="Asia/Kolkata", now=NOW),
            [("LeadCreatedOn", "2025-12-31 18:30:00", "2026-03-15 20:00:00")],
        ),
    ],
)
def test_dates_accumulate(query: Query, dates: list[tuple[str, str, str]]) -> None:
    """Each range is a date filter in UTC; duplicates are dropped."""
    sent = query.to_payload()["DateFilter"]

    assert [tuple(one.values()) for one in sent] == dates
    assert list(sent[0]) == ["DateField", "FromDate", "ToDate"]


def test_since_ends_at_the_moment_of_the_call() -> None:
    """So a query does not change with time."""
    before = datetime.now(UTC) - timedelta(seconds=1)
    (sent,) = SELECTED.created_since("2020-01-01").to_payload()["DateFilter"]
    after = datetime.now(UTC)

    assert before <= datetime.fromisoformat(sent["ToDate"] + "Z") <= after


def test_since_a_period_is_since_its_start() -> None:
    day = periods.day(2026, 3, 1, tz="Asia/Kolkata")
    now = "2026-03-15 12:00:00"

    for method in (Leads.created_since, Leads.modified_since):
        assert method(day, now=now) == method("2026-02-28 18:30:00", now=now)


@pytest.mark.parametrize(
    ("query", "paging"),
    [
        (SELECTED.page(3), {"PageIndex": 3, "PageSize": 100}),
        (SELECTED.page(1, 1), {"PageIndex": 1, "PageSize": 1}),
        (SELECTED.page(index=2, size=5_000), {"PageIndex": 2, "PageSize": 5_000}),
        (SELECTED.page(2, 50).page(3), {"PageIndex": 3, "PageSize": 100}),
        (SELECTED.page(2, 50).page(None), None),
        (SELECTED.page(None).page(1), {"PageIndex": 1, "PageSize": 100}),
    ],
)
def test_the_last_page_counts(query: Query, paging: dict[str, int] | None) -> None:
    """None removes paging."""
    assert query.to_payload().get("Paging") == paging


class Rows(IntEnum):
    """A whole number with another str()."""

    FEW = 1
    MANY = 500
    MOST = 2_147_483_647

    def __format__(self, _: str) -> str:
        return "many"


def test_a_page_may_be_any_whole_number() -> None:
    for rows in Rows:
        assert SELECTED.page(1, rows).to_json() == SELECTED.page(1, int(rows)).to_json()


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        (Leads.select("mx_City"), "mx_City"),
        (
            Leads.select(Phone, "mx_City", OwnerIdName, Field("mx_B")),
            "Phone,mx_City,OwnerIdName,mx_B",
        ),
        (Leads.select("a", Phone, "a", "Phone"), "a,Phone"),
        (Leads.select("mx_Custom_3~mx_CustomObject_1"), "mx_Custom_3~mx_CustomObject_1"),
        (Leads.select(Field("mx_A\xa0")), "mx_A\xa0"),
    ],
)
def test_select_is_a_list(query: Query, columns: str) -> None:
    """Fields and schema names are columns, in order, each once."""
    assert query.to_payload()["Output"] == {"Type": "list", "IncludeCSV": columns}


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        (Leads.select("mx_A", Phone, OwnerId), [Phone, OwnerId]),
        (Leads.group_by(OwnerId).count(), [OwnerId]),
        (Leads.group_by("OwnerId").sum(Score), [OwnerId]),
        (Leads.group_by("mx_A").count(), []),
    ],
)
def test_a_query_keeps_the_fields_of_its_columns(query: Query, fields: list[Any]) -> None:
    """Their types decode the result."""
    assert list(map(id, query._selected_fields)) == list(map(id, fields))


@pytest.mark.parametrize(
    ("query", "group", "function", "field"),
    [
        (GROUPED.count(), "OwnerId", "Count", "OwnerId"),
        (GROUPED.count(Phone), "OwnerId", "Count", "Phone"),
        (GROUPED.count("mx_City"), "OwnerId", "Count", "mx_City"),
        (GROUPED.average(EngagementScore), "OwnerId", "Average", "EngagementScore"),
        (GROUPED.sum(Number("mx_Deal_Value")), "OwnerId", "Sum", "mx_Deal_Value"),
        (GROUPED.sum(Field("mx_A")), "OwnerId", "Sum", "mx_A"),
        (GROUPED.average("mx_A"), "OwnerId", "Average", "mx_A"),
        (Leads.group_by("mx_City").count(), "mx_City", "Count", "mx_City"),
    ],
)
def test_a_group_is_an_aggregate(query: Query, group: str, function: str, field: str) -> None:
    """The API requires a field even to count; the default is the group's."""
    output = query.to_payload()["Output"]

    assert list(output.items()) == [
        ("Type", "aggregate"),
        ("GroupBy", group),
        ("AggregateFunction", function),
        ("AggregateField", field),
    ]
