"""Groups whose labels are spelled differently in the results of several requests."""

from __future__ import annotations

from typing import Any

import pytest

from leadquery import Client, Leads, count
from leadquery.emulator import Emulator
from leadquery.expr.field_types import Field
from leadquery.fields import CreatedOn, Score, Source, mx_City
from leadquery.periods import month
from leadquery.plan.terms import unify_spellings

X = Field("mx_X")
EITHER = (Score > 80) | (mx_City == "Delhi")
HIGH, DELHI = {"Score": 90}, {"mx_City": "Delhi"}

Lead = dict[str, Any]


def client_of(*leads: Lead, sent: list[Any] | None = None) -> Client:
    """A client of an account with some leads; `sent` collects its responses."""
    numbered = [
        {"ProspectID": str(number), "Source": "Web", **lead} for number, lead in enumerate(leads)
    ]
    session = Emulator(numbered).session()
    session.hooks["response"].append(
        lambda response, **_: None if sent is None else sent.append(response)
    )
    return Client("demo.example.com", "key", "secret", session)


NUMBERS: list[Lead] = [{"mx_X": "1", **HIGH}, {"mx_X": "1.0", **DELHI}, {"mx_X": "01", **DELHI}]
TEXTS: list[Lead] = [*NUMBERS, {"mx_X": "a", **DELHI}]


@pytest.mark.parametrize(
    ("leads", "expected", "requests"),
    [
        (NUMBERS, {"1": 3}, 4),
        (TEXTS, {"1": 1, "1.0": 1, "01": 1, "a": 1}, 3),
        # No result tells them apart, so a request decides.
        ([NUMBERS[0], TEXTS[1], TEXTS[3]], {"1": 1, "1.0": 1, "a": 1}, 4),
        ([NUMBERS[0], {"mx_X": "2", **DELHI}], {"1": 1, "2": 1}, 3),
    ],
)
def test_spellings_of_a_number(leads: list[Lead], expected: dict[str, int], requests: int) -> None:
    """As the server groups them when one request counts them."""
    sent: list[Any] = []
    client = client_of(*leads, sent=sent)
    found = client.run(Leads.where(EITHER).group_by(X).count(), on_change="ignore")

    assert {row["mx_X"]: row["Count"] for row in found} == expected
    assert len(sent) == requests
    assert {row["mx_X"]: row["Count"] for row in client.run(Leads.group_by(X).count())} == expected


def test_the_plan_names_the_request_that_may_follow() -> None:
    untyped = Leads.where(EITHER).group_by(X).count().plan()
    typed = Leads.where(EITHER).group_by(Source).count().plan()

    assert untyped.later == (
        "a count if mx_X has a number in two spellings, such as '1' and '1.0'",
    )
    assert not untyped.is_complete
    assert typed.is_complete


def test_distinct_values() -> None:
    query = Leads.where(EITHER).aggregate(X.count_distinct())

    assert [*client_of(*NUMBERS).run(query)] == [{"CountDistinct_mx_X": 1}]
    assert [*client_of(*TEXTS).run(query)] == [{"CountDistinct_mx_X": 4}]


JANUARY, FEBRUARY = {"CreatedOn": "2026-01-05 00:00:00"}, {"CreatedOn": "2026-02-05 00:00:00"}
PERIODS = month(2026, 1), month(2026, 2)


def test_compared_periods() -> None:
    client = client_of({"mx_X": "1", **JANUARY}, {"mx_X": "1.0", **FEBRUARY})
    query = Leads.group_by(X).count().compare(*PERIODS, on=CreatedOn)

    [row] = client.run(query)
    assert (row["Count_before"], row["Count_after"]) == (1, 1)


def test_compared_groups_of_two_keys() -> None:
    """Two spellings that different requests give say nothing about each other."""
    client = client_of(
        {"mx_City": "x", "Source": "Web", **JANUARY},
        {"mx_City": "X", "Source": "Ad", **JANUARY},
        {"mx_City": "X", "Source": "Web", **FEBRUARY},
    )
    query = Leads.group_by(mx_City, Source).aggregate(count()).compare(*PERIODS, on=CreatedOn)

    counts = {
        (row["mx_City"].casefold(), row["Source"]): (row["Count_before"], row["Count_after"])
        for row in client.run(query)
    }
    assert counts == {("x", "Web"): (1, 1), ("x", "Ad"): (1, 0)}


def test_a_text_has_one_spelling_in_all_groups() -> None:
    """The least, whatever leads a request for some of the groups finds first."""
    client = client_of(
        {"Source": "web", **JANUARY},
        {"Source": "Web", **FEBRUARY},
        {"Source": "WEBSITE", **FEBRUARY},
    )
    query = Leads.group_by(CreatedOn.month(), Source).count()

    assert sorted(row["Source"] for row in client.run(query)) == ["WEBSITE", "Web", "Web"]
    both = Leads.group_by(mx_City, Source).count().compare(*PERIODS, on=CreatedOn)
    assert sorted(row["Source"] for row in client.run(both)) == ["WEBSITE", "web"]
    assert client.run(query.having(count() > 0)).pivot("CreatedOn_month", "Source").columns == (
        "CreatedOn_month",
        "Web",
        "WEBSITE",
    )


def test_spellings_that_the_server_tells_apart_stay_two_groups() -> None:
    groups = [("a", "Web"), ("a", "web"), ("b", "web"), ("b", "AD"), ("c", "Ad"), ("c", None)]

    assert unify_spellings((mx_City.name, Source.name), groups) == [
        *groups[:3],
        ("b", "AD"),
        ("c", "AD"),
        ("c", None),
    ]


def test_names_of_periods_stay_as_they_are() -> None:
    names = CreatedOn.in_periods(jan=PERIODS[0], JAN=PERIODS[1])
    client = client_of({"mx_City": "x", **JANUARY}, {"mx_City": "y", **FEBRUARY})

    rows = client.run(Leads.group_by(names, mx_City).count())
    assert sorted(row["CreatedOn_period"] for row in rows) == ["JAN", "jan"]
