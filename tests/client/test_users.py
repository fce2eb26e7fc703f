"""The users of the account: listed, searched for, and found by name for `owned_by`."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from leadquery import Client, Leads, users
from leadquery.client import account
from leadquery.emulator import Emulator
from leadquery.errors import BadRequestError, InvalidResponseError, QueryError
from leadquery.fields import OwnerId
from leadquery.users import User
from tests.client.stub_server import client_with_response


def user(id_: str, name: str, email: str | None = None, **others: Any) -> dict[str, Any]:
    first, _, last = name.partition(" ")
    return {"ID": id_, "FirstName": first, "LastName": last, "EmailAddress": email, **others}


USERS = [
    user("a1", "Anita Rao", "anita@example.com", Role="Sales_User", StatusCode="0"),
    user("a2", "Anita Roy", "a.roy@example.com", Role="Sales_Manager", StatusCode="0"),
    user("b1", "Bo Lund", "bo@example.com", Role="Sales_User", StatusCode="0"),
    user("b2", "Bo Lund", "bo.lund@example.com", Role="Sales_User", StatusCode="1"),
    user("c1", "Zoë van der  Berg", StatusCode="1"),
    {"ID": "n1"},
]
LEADS = [{"ProspectID": f"{n}", "OwnerId": one["ID"]} for n, one in enumerate(USERS)]


def client_of(listed: list[dict[str, Any]] | None = None) -> Client:
    """A client of an account with users."""
    session = Emulator(LEADS, USERS if listed is None else listed).session()
    return Client("api.example.com", "key", "secret", session)


def test_users_have_names_for_what_the_api_returns() -> None:
    anita, *_, zoe, unnamed = client_of().users()

    assert (anita.id, anita.name, anita.email) == ("a1", "Anita Rao", "anita@example.com")
    assert (anita.role, anita.is_active, anita["Role"]) == ("Sales_User", True, "Sales_User")
    assert (zoe.email, zoe.role, zoe.is_active) == (None, None, False)
    assert (unnamed.id, unnamed.name, unnamed.is_active) == ("n1", None, None)
    assert dict(anita) == anita.attributes
    assert len(unnamed) == 1
    assert (str(anita), repr(unnamed)) == (
        "Anita Rao (anita@example.com, id a1)",
        "<User: no name (id n1)>",
    )
    assert {User({"ID": "a1"}): 1}[User({"ID": "a1"})] == 1
    assert User({"StatusCode": 0}).is_active


def test_users_are_mappings_as_the_mock_api_takes_them() -> None:
    copied = Emulator(LEADS, client_of().users())

    assert copied.session().get(URL, params=KEYS).json() == [*map(dict, client_of().users())]


URL = "https://api.example.com/v2/UserManagement.svc/Users.Get"
SEARCH = "https://api.example.com/v2/UserManagement.svc/User/AdvancedSearch"
KEYS = {"accessKey": "access", "secretKey": "secret"}


def test_users_are_read_once() -> None:
    """Or again with refresh; from each host."""
    session = Emulator([], USERS).session()
    client = Client("api.example.com", "key", "secret", session)

    client.users().clear()
    assert len(client.users()) == 6
    client.find_user("a1")
    assert len(session.fault_log) == 1
    client.users(refresh=True)
    client.users("other.example.com")
    assert len(session.fault_log) == 3


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Anita Rao", "a1"),
        ("  anita   RAO ", "a1"),
        ("Rao, Anita", "a1"),
        ("ANITA@example.com", "a1"),
        ("A2", "a2"),
        ("bo.lund@example.com", "b2"),
        ("zoe\u0308 van der berg", "c1"),
        ("n1", "n1"),
    ],
)
def test_a_user_is_found_by_name_address_or_id(text: str, found: str) -> None:
    assert client_of().find_user(text).id == found


RAO = "Anita Rao (anita@example.com, id a1)"
ROY = "Anita Roy (a.roy@example.com, id a2)"
LUNDS = "Bo Lund (bo@example.com, id b1), Bo Lund (bo.lund@example.com, id b2) inactive"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Anita Roa", f"the nearest are {ROY}, {RAO}"),
        ("Bo Lumd", f"the nearest are {LUNDS}"),
        ("anita", f"the nearest are {RAO}, {ROY}"),
        ("Rao, Anit", f"did you mean {RAO}?"),
        ("Zoe van der Berg", "did you mean Zoë van der  Berg (id c1)?"),
        ("anita@exmaple.com", f"did you mean {RAO}?"),
        ("Somebody Else", "client.users() lists them"),
    ],
)
def test_a_user_who_is_not_found(text: str, hint: str) -> None:
    """The error names the nearest."""
    with pytest.raises(QueryError) as caught:
        client_of().find_user(text)

    assert str(caught.value) == f"none of the 6 users is called {text!r}; {hint}"


def test_several_users_of_one_name() -> None:
    """The error names the address and the id of each."""
    with pytest.raises(QueryError) as caught:
        client_of().find_user("bo lund")

    assert str(caught.value) == (
        f"2 users are called 'bo lund'; write the e-mail address or the id of one: {LUNDS}"
    )


@pytest.mark.parametrize("text", ["", " ", None, 7])
def test_nobody_is_looked_for(text: Any) -> None:
    with pytest.raises(QueryError) as caught:
        client_of().find_user(text)

    assert str(caught.value) == (
        f"find_user takes a name, an e-mail address or an id, not {text!r}"
    )


def test_an_error_names_some_of_many() -> None:
    many = [user(f"u{n}", "Ann Lee", f"ann{n}@example.com") for n in range(9)]

    with pytest.raises(QueryError, match=r"9 users are called 'Ann Lee'.*id u4\) and 4 more"):
        client_of(many).find_user("Ann Lee")


def test_a_new_user_is_found() -> None:
    """The users are read once more."""
    listed = [{"ID": "a", "FirstName": "Ann"}]
    client = client_with_response(200, listed)
    client.users()
    client._users[None].clear()

    assert client.find_user("Ann").id == "a"


def test_owned_by_takes_users() -> None:
    client = client_of()
    bo, anita = client.find_user("bo@example.com"), client.find_user("Anita Rao")

    assert Leads.owned_by(bo, anita) == Leads.owned_by("b1", "a1")
    assert client.count(Leads.owned_by(*client.users())) == 6
    assert client.count(Leads.owned_by(anita, "bo@example.com")) == 2
    with pytest.raises(QueryError, match="owned_by takes ids or e-mail addresses as text"):
        Leads.owned_by(User({"FirstName": "Ann"}))
    with pytest.raises(QueryError, match=r"write owned_by\(\*owners\)"):
        Leads.owned_by(client.users())  # type: ignore[arg-type]


def test_owned_by_does_not_look_names_up() -> None:
    """A query sends nothing. The error says what does."""
    with pytest.raises(QueryError) as caught:
        Leads.owned_by("Anita Rao")

    assert str(caught.value).splitlines()[0] == (
        "owned_by takes ids or e-mail addresses, but 'Anita Rao' looks like a name; write the "
        "address, or owned_by(client.find_user('Anita Rao')) to look it up, or "
        "users.Attribute(\"UserID\") == 'Anita Rao' if it is an id"
    )


# Search


def test_users_that_meet_a_condition(monkeypatch: pytest.MonkeyPatch) -> None:
    """In pages, and each time anew."""
    monkeypatch.setattr(account, "USERS_PER_PAGE", 2)
    session = Emulator(LEADS, USERS).session()
    client = Client("api.example.com", "key", "secret", session)
    sales = users.Role == "Sales_User"

    found = client.users(where=sales)

    assert [one.id for one in found] == ["a1", "b1", "b2"]
    assert [one.name for one in found] == ["Anita Rao", "Bo Lund", "Bo Lund"]
    assert len(session.fault_log) == 2
    assert client.count(Leads.owned_by(*found)) == client.count(Leads.owned_by(sales))
    active = sales & (users.StatusCode == "0") & users.FirstName.contains("bo")
    assert [one.id for one in client.users(where=active)] == ["b1"]
    assert client.users(where=users.FirstName == "Nobody") == []


def test_a_search_ends_if_pages_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "USERS_PER_PAGE", 1)
    client = client_with_response(200, {"Users": [{"UserId": "a"}]})

    assert [one.id for one in client.users(where=users.Role == "x")] == ["a"]


@pytest.mark.parametrize("body", [{}, {"Users": None}, {"Users": []}])
def test_a_search_may_find_nothing(body: object) -> None:
    assert client_with_response(200, body).users(where=users.Role == "x") == []


@pytest.mark.parametrize("body", [7, [3], {"Users": [{"FirstName": "Ann"}]}, {"Users": 7}])
def test_a_response_that_is_no_search_result_is_an_error(body: object) -> None:
    with pytest.raises(InvalidResponseError, match="not a list of users with their ids"):
        client_with_response(200, body).users(where=users.Role == "x")


def test_a_search_takes_a_condition_on_users() -> None:
    for where in ("Sales_User", OwnerId == "a1", ~(users.Role == "x")):
        with pytest.raises(QueryError, match=r"users\(where=...\) takes a condition on users, not"):
            client_of().users(where=where)  # type: ignore[arg-type]


def search(body: object, emulator: Emulator | None = None) -> requests.Response:
    session = (emulator or Emulator(LEADS, USERS)).session()
    data = body if isinstance(body, str) else None
    return session.post(SEARCH, params=KEYS, json=None if data else body, data=data)


def condition(name: str, operator: str = "eq") -> dict[str, Any]:
    one = {"LookupName": name, "Operator": operator, "LookupValue": "x"}
    return {"GroupConditions": [{"Condition": [one]}]}


INVALID = "User search has some invalid Attributes"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{", "the body is not a JSON object"),
        ([], "the body is not a JSON object"),
        ({"Paging": {"PageIndex": 1, "PageSize": 1001}}, "PageSize can not be more than 1000"),
        ({"Columns": {"Include_CSV": "UserID,TeamName"}}, INVALID),
        (condition("Team"), INVALID),
        ({"GroupConditions": [{"Condition": []}]}, "LQ"),
        (condition("Role", "zz"), "the mock API does not support the user operator 'zz'"),
    ],
)
def test_the_mock_api_rejects_invalid_searches(body: object, message: str) -> None:
    """As a live account was seen to."""
    response = search(body)

    assert response.status_code == 500
    assert response.json()["ExceptionType"] == "MXInvalidInputException"
    assert message in response.json()["ExceptionMessage"]


def test_the_mock_api_returns_what_is_asked_for() -> None:
    """Null for the rest; all for a star, or if nothing is said."""
    some = search(
        {"Columns": {"Include_CSV": "UserID, Role"}, "Paging": {"PageIndex": 2, "PageSize": 1}}
    )
    everything = search({"Columns": {"Include_CSV": "*"}})

    assert some.json() == {
        "Users": [
            {
                **dict.fromkeys(["FirstName", "LastName", "EmailAddress", "StatusCode"]),
                "UserId": "a2",
                "Role": "Sales_Manager",
            }
        ]
    }
    assert everything.json() == search({}).json()
    assert everything.json()["Users"][0]["FirstName"] == "Anita"


def test_a_closed_mock_api_finds_no_user() -> None:
    emulator = Emulator(LEADS, USERS)
    emulator.close()
    client = Client("api.example.com", "key", "secret", emulator.session(), max_attempts=1)

    with pytest.raises(BadRequestError, match="the mock API is closed"):
        client.users(where=users.Role == "x")
