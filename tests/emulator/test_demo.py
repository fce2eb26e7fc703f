"""Demo leads: reproducible, and like those of a real account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadquery.emulator import Emulator, demo_leads, demo_users
from leadquery.errors import QueryError
from leadquery.fields import STANDARD
from leadquery.wire.enums import AggregateFunction
from leadquery.wire.types import parse_timestamp
from tests.emulator.payloads import found, group_by, lead_filter, payload

HALF: Any = 2.5
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
EARLIEST = datetime(3, 1, 1, tzinfo=UTC)
TOO_EARLY = (
    "now: '0001-01-01 00:00:00' has no two years before it; write '0003-01-01 00:00:00' or later"
)
LAST_TOO_EARLY = TOO_EARLY.replace("'0001-01-01 00:00:00'", "'0002-12-31 23:59:59'")
MANY = list(demo_leads(5_000, 1, NOW))


def test_the_same_seed_makes_the_same_leads() -> None:
    """With the same size and now."""
    leads = list(demo_leads(50, 7, NOW))

    assert leads == list(demo_leads(50, 7, NOW))
    assert leads != list(demo_leads(50, 8, NOW))
    assert leads[0]["CreatedOn"] != next(demo_leads(50, 7, NOW + timedelta(days=1)))["CreatedOn"]
    assert demo_users(7) == demo_users(7) != demo_users(8)


def test_the_earliest_now_has_leads() -> None:
    """All in the two years before it."""
    dates = [lead["CreatedOn"] for lead in demo_leads(2_000, now=EARLIEST)]

    assert "0001-01-01 00:00:00" <= min(dates) <= max(dates) <= "0003-01-01 00:00:00"


def test_leads_are_made_lazily() -> None:
    """A billion leads cost nothing until they are read."""
    assert next(demo_leads(10**9))["OwnerId"]


@pytest.mark.parametrize("size", [0, 1, 10, 1_001])
def test_the_size_is_the_number_of_leads(size: int) -> None:
    """Each has its own id."""
    assert len({lead["ProspectID"] for lead in demo_leads(size)}) == size


def test_leads_have_the_fields_of_an_account() -> None:
    """Standard and custom ones; every lead has them all."""
    names = {name for lead in MANY for name in lead}

    assert {name for name in names if name not in STANDARD} == {"mx_Deal_Value"}
    assert all(set(lead) == names for lead in MANY)


def test_owners_are_uneven() -> None:
    """Some own far more leads than others, and some owners are not users."""
    owners = Counter(lead["OwnerId"] for lead in MANY)
    users = {user["UserID"] for user in demo_users(1)}
    most, *_, least = (number for _, number in owners.most_common())

    assert most > 5 * least
    assert len(set(owners) - users) == 1


def test_owners_have_the_names_of_their_users() -> None:
    """And their addresses, unless they are not users."""
    users = {user["UserID"]: user for user in demo_users(1)}
    unknown = {"FirstName": "", "LastName": "", "EmailAddress": ""}
    of = [(lead, users.get(lead["OwnerId"], unknown)) for lead in MANY]

    assert [lead["OwnerIdEmailAddress"] for lead, _ in of] == [
        user["EmailAddress"] for _, user in of
    ]
    assert [lead["OwnerIdName"] for lead, _ in of] == [
        f"{user['FirstName']} {user['LastName']}".strip() for _, user in of
    ]
    assert "Elena Smith" in {lead["OwnerIdName"] for lead in MANY}


def test_the_demo_is_the_same_within_an_hour() -> None:
    """Its now is the start of the hour, so that an interrupted export can resume."""
    hours = [datetime.now(UTC).replace(minute=0, second=0, microsecond=0)]
    leads = list(demo_leads(20))
    hours.append(datetime.now(UTC).replace(minute=0, second=0, microsecond=0))

    assert leads in [list(demo_leads(20, now=hour)) for hour in hours]


def test_later_stages_have_fewer_leads_and_higher_scores() -> None:
    stages = ["Prospect", "Lead", "Opportunity", "Customer"]
    scores = {
        stage: [int(lead["Score"]) for lead in MANY if lead["ProspectStage"] == stage]
        for stage in stages
    }
    averages = [sum(numbers) / len(numbers) for numbers in scores.values()]

    assert sorted(stages, key=lambda stage: -len(scores[stage])) == stages
    assert sorted(averages) == averages


def test_some_values_are_unclean_or_empty() -> None:
    """A dropdown has a value that is not an option, and some fields are empty."""
    sources = Counter(lead["Source"] for lead in MANY)
    empty = {name for lead in MANY for name, value in lead.items() if not value}

    assert {"web", "Web ", "website", ""} < set(sources)
    assert {"EmailAddress", "Phone", "LastName", "mx_City", "mx_Deal_Value", "Score"} - empty == {
        "Score"
    }


def test_dates_lie_in_the_two_years_before_now() -> None:
    """Recent ones are more frequent; leads are not modified before they are created."""
    created = [parse_timestamp(lead["CreatedOn"]) for lead in MANY]
    modified = [parse_timestamp(lead["ModifiedOn"]) for lead in MANY]
    recent = [day for day in created if day > NOW - timedelta(days=365)]

    assert NOW - timedelta(days=730) <= min(created) <= max(modified) <= NOW
    assert all(one <= other for one, other in zip(created, modified, strict=True))
    assert len(recent) > len(created) * 0.55


def test_users_are_a_dozen() -> None:
    """With four roles; one is inactive."""
    users = demo_users()

    assert len({user["UserID"] for user in users}) == 12
    assert {user["Role"] for user in users} == {
        "Administrator",
        "Marketing_User",
        "Sales_Manager",
        "Sales_User",
    }
    assert [user["StatusCode"] for user in users].count("1") == 1
    assert all(user["EmailAddress"].endswith("@example.com") for user in users)


def test_a_demo_emulator() -> None:
    """Its fields have the expected types."""
    emulator = Emulator.demo(300, seed=3, now=NOW)

    result = emulator.answer(payload(group_by("OwnerId", AggregateFunction.SUM, "mx_Deal_Value")))

    assert repr(emulator) == "<Emulator: 300 leads, 12 users>"
    assert any(row["Sum_mx_Deal_Value"] for row in result["Results"])
    assert found(emulator, lead_filter("CreatedOn", ">", "2026-03-01 12:00:00")) == []


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Emulator.demo(-1), "size: -1 is not a number of leads; write 0 or more"),
        (lambda: demo_leads(True), "size: true is not a number of leads; write 0 or more"),
        (lambda: demo_leads(HALF), "size: 2.5 is not a number of leads; write 0 or more"),
        (
            lambda: demo_leads(1, now=NOW.replace(tzinfo=None)),
            (
                "now: 2026-03-01 12:00:00 has no time zone; "
                'give tz="Asia/Kolkata", an aware datetime '
                "such as datetime(2026, 1, 1, tzinfo=timezone.utc), or text, which is read as UTC"
            ),
        ),
        (lambda: Emulator.demo(5, now=datetime(1, 1, 1, tzinfo=UTC)), TOO_EARLY),
        (lambda: demo_leads(5, now=EARLIEST - timedelta(seconds=1)), LAST_TOO_EARLY),
    ],
)
def test_invalid_sizes_and_times(make: Callable[[], Any], message: str) -> None:
    """Rejected at once, not with the first lead."""
    with pytest.raises(QueryError) as caught:
        make()

    assert str(caught.value) == message
