"""A test suite that uses leadquery's public testing tools only."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from report import (  # type: ignore[import-not-found]  # It lies beside this file.
    best,
    by_hand,
    quiet,
    report,
)

from leadquery import Query, check, from_payload, testing
from leadquery.emulator import Emulator, Fault, Faults
from leadquery.expr.field_types import Number
from leadquery.testing import FakeLeadSquared

LEADS = [
    {"ProspectID": "a", "FirstName": "Zoë", "OwnerId": "u", "EngagementScore": 5, "Score": 60},
    {"ProspectID": "b", "FirstName": "Li", "OwnerId": "u", "EngagementScore": 9, "Score": 40},
    {"ProspectID": "c", "FirstName": "Noah", "OwnerId": "v", "EngagementScore": 90, "Score": 80},
]
# The fixture stays the same from one example to the next; each fills the account anew.
shared = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def test_a_report(leadsquared: FakeLeadSquared) -> None:
    leadsquared.load(LEADS)

    assert report() == "u: 2"
    assert leadsquared.queries == [quiet(20)]


def test_demo_leads_are_there(leadsquared: FakeLeadSquared) -> None:
    assert leadsquared.emulator.leads == 500
    assert len(report(1_000).splitlines()) > 5


def test_a_report_with_faults(leadsquared: FakeLeadSquared) -> None:
    leadsquared.load(LEADS)
    leadsquared.inject_faults(Faults([Fault.DROPPED]))

    assert report() == "u: 2"
    assert len(leadsquared.payloads) == 2


def test_no_report(leadsquared: FakeLeadSquared) -> None:
    leadsquared.inject_faults(Faults({Fault.REJECTED: 1.0}))

    assert report() == "no report: BadRequestError"


@pytest.mark.usefixtures("leadsquared")
def test_nothing_leaves_the_process() -> None:
    with pytest.raises(testing.NetworkBlockedError):
        socket.create_connection(("example.com", 443), 1)


@shared
@given(st.lists(testing.leads(Number("Score")), unique_by=lambda lead: lead["ProspectID"]))
def test_the_best(leadsquared: FakeLeadSquared, leads: list[dict[str, Any]]) -> None:
    leadsquared.load(leads)
    scores = [lead["Score"] for lead in leads if lead["Score"] not in (None, "")]

    assert len(best()) == sum(score > 50 for score in scores)


@given(testing.queries())
def test_queries_are_read_back(query: Query) -> None:
    assert from_payload(query.to_payload()) == query


@given(testing.payloads())
def test_payloads_are_right(payload: object) -> None:
    assert check(payload).ok


@shared
@given(testing.invalid_payloads())
def test_wrong_payloads_are_refused(leadsquared: FakeLeadSquared, payload: object) -> None:
    leadsquared.load(LEADS)

    assert by_hand(payload) == 400


def test_an_emulator_of_ones_own() -> None:
    assert Emulator.demo(7).session().get("https://api.example.com").status_code == 404
