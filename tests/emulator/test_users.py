"""The users of the mock API, in the form of Users.Get, and the time of its responses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests

from leadquery.emulator import Emulator, Fault, Faults

HOST = "https://api.example.com"
USERS = f"{HOST}/v2/UserManagement.svc/Users.Get"
KEYS = {"accessKey": "access", "secretKey": "secret"}


def get(emulator: Emulator, url: str = USERS, **headers: str) -> requests.Response:
    """The response to a call with keys."""
    return emulator.session().get(url, params=KEYS, headers=headers)


def test_the_users_are_listed_with_their_ids() -> None:
    """As `ID`, whatever it was called; without empty values and lists."""
    emulator = Emulator(
        [],
        [
            {"UserID": "a", "FirstName": "Ann", "LastName": "", "MemberOfGroups": [{"Id": 1}]},
            {"ID": "b", "StatusCode": 1},
            {"UserId": "c", "FirstName": "Zoë"},
        ],
    )

    response = get(emulator)

    assert response.status_code == 200
    assert response.json() == [
        {"ID": "a", "FirstName": "Ann"},
        {"ID": "b", "StatusCode": "1"},
        {"ID": "c", "FirstName": "Zoë"},
    ]
    assert get(Emulator([])).json() == []


def test_other_calls_for_users_are_rejected() -> None:
    emulator = Emulator([], [{"UserID": "a"}], keys=[("access", "secret")])
    session = emulator.session()

    assert session.get(USERS).status_code == 401
    assert session.post(USERS, params=KEYS).status_code == 405
    emulator.close()
    assert get(emulator).status_code == 500


def date_of(emulator: Emulator, faults: Faults | None = None) -> datetime:
    """The Date of a response."""
    session = emulator.session(faults or Faults())
    return parsedate_to_datetime(session.get(USERS, params=KEYS).headers["Date"])


@pytest.mark.parametrize("faults", [Faults(), Faults([Fault.FAILED]), Faults([Fault.UNAVAILABLE])])
def test_responses_have_the_present_date(faults: Faults) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)

    assert before <= date_of(Emulator([{"CreatedOn": "2020-01-01 00:00:00"}]), faults)
    assert date_of(Emulator([]), faults) <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("options", "date"),
    [({}, "2999-01-01 00:01:00"), ({"counts_fractions": True}, "2999-01-01 00:01:00")],
)
def test_no_lead_is_of_the_future(options: dict[str, Any], date: str) -> None:
    """The mock API's time is after the last change of its leads."""
    leads = [
        {"CreatedOn": "2998-01-01 00:00:00", "ModifiedOn": "2999-01-01 00:00:00.412"},
        {"CreatedOn": "2998-05-01 00:00:00"},
    ]

    assert f"{date_of(Emulator(leads, **options)):%F %T}" == date


def test_the_end_of_time() -> None:
    """Then it is the present."""
    leads = [{"CreatedOn": "9999-12-31 23:59:59"}]

    assert date_of(Emulator(leads)).year < 9999


def test_a_closed_mock_api_has_a_date() -> None:
    emulator = Emulator([{"CreatedOn": "2999-01-01 00:00:00"}])
    emulator.close()

    assert date_of(emulator).year < 2999


@pytest.mark.parametrize(
    ("leads", "unwatched"),
    [
        ([], False),
        ([{"Phone": "1"}], True),
        ([{"CreatedOn": "2020-01-01 00:00:00"}], False),
        ([{"CreatedOn": "2020-01-01 00:00:00"}, {"CreatedOn": ""}], True),
    ],
)
def test_leads_without_creation_cannot_be_watched(
    leads: list[dict[str, str]], unwatched: bool
) -> None:
    """A session says so to its client."""
    assert Emulator(leads).unwatched is Emulator(leads).session().unwatched is unwatched


def test_the_server_has_the_same_date() -> None:
    with Emulator([{"CreatedOn": "2999-01-01 00:00:00"}]).server() as server:
        url = f"{server.url}/v2/UserManagement.svc/Users.Get"
        response = requests.get(url, params=KEYS, timeout=30)

    assert response.headers["Date"] == "Tue, 01 Jan 2999 00:01:00 GMT"


def test_lists_have_the_names_of_owners() -> None:
    """Made of the users, unless a lead has a column of that name."""
    leads: list[dict[str, Any]] = [
        {"Phone": "1", "OwnerId": "A"},
        {"Phone": "2", "OwnerId": "x"},
        {"Phone": "3"},
    ]
    users = [{"ID": "a", "FirstName": "Ann", "EmailAddress": "a@x.com"}, {"FirstName": "Nobody"}]
    columns = "Phone,OwnerIdName,OwnerIdEmailAddress"
    payload = {"Output": {"Type": "list", "IncludeCSV": columns}}

    assert [[*row.values()] for row in Emulator(leads, users).answer(payload)["Results"]] == [
        ["1", "Ann", "a@x.com"],
        ["2", None, None],
        ["3", None, None],
    ]
    own = [{**leads[0], "OwnerIdName": "Own"}]
    assert [*Emulator(own, users).answer(payload)["Results"][0].values()] == ["1", "Own", "a@x.com"]
    nobody = Emulator([{"Phone": "1"}], users).answer(payload)["Results"]
    assert [*nobody[0].values()] == ["1", None, None]
