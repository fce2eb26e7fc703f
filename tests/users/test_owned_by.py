"""`owned_by`: ids, addresses and conditions, alone, mixed and in several calls."""

from __future__ import annotations

from typing import Any

import pytest

from leadquery import Leads, QueryError, users
from leadquery.fields import OwnerId, Score
from tests.plain import plain

QUERY = Leads.select("Phone")
SALES = users.Role == "Sales_User"
NORTH = users.TeamId == "North"


def condition(name: str, value: str, joined: str | None = None) -> dict[str, str]:
    """A user condition in the payload, with the operator to the next one."""
    sent = {"LookupName": name, "Operator": "eq", "LookupValue": value}
    return sent if joined is None else sent | {"ConditionOperator": joined}


@pytest.mark.parametrize(
    ("query", "conditions"),
    [
        (QUERY.owned_by("a"), [condition("UserID", "a")]),
        (QUERY.owned_by("a", "b"), [condition("UserID", "a,b")]),
        (QUERY.owned_by("b", "a", "b"), [condition("UserID", "b,a")]),
        (QUERY.owned_by("a@x.com"), [condition("EmailAddress", "a@x.com")]),
        (QUERY.owned_by("a@x.com", "b@x.com"), [condition("EmailAddress", "a@x.com,b@x.com")]),
        (
            QUERY.owned_by("a@x.com", "a", "b"),
            [condition("UserID", "a,b", "OR"), condition("EmailAddress", "a@x.com")],
        ),
        (QUERY.owned_by(SALES), [condition("Role", "Sales_User")]),
        (
            QUERY.owned_by(SALES, NORTH),
            [condition("Role", "Sales_User", "AND"), condition("TeamId", "North")],
        ),
        (
            QUERY.owned_by(SALES | NORTH),
            [condition("Role", "Sales_User", "OR"), condition("TeamId", "North")],
        ),
        # A second call narrows.
        (
            QUERY.owned_by("a").owned_by("b"),
            [condition("UserID", "a", "AND"), condition("UserID", "b")],
        ),
        (
            QUERY.owned_by(SALES).owned_by("a"),
            [condition("Role", "Sales_User", "AND"), condition("UserID", "a")],
        ),
        (QUERY.owned_by("a").owned_by("a"), [condition("UserID", "a")]),
    ],
)
def test_owners_are_one_group(query: Any, conditions: list[dict[str, str]]) -> None:
    """Ids and addresses are comma-joined; both together are joined by OR, conditions by AND."""
    assert query.to_payload()["ReportFilter"] == {
        "UserFilter": {"GroupConditions": [{"Condition": conditions}]}
    }


def test_a_second_call_narrows_a_mixed_one() -> None:
    """An OR becomes a group of its own."""
    sent = QUERY.owned_by("a", "a@x.com").owned_by(SALES).to_payload()["ReportFilter"]

    assert sent["UserFilter"]["GroupConditions"] == [
        {
            "Condition": [condition("UserID", "a", "OR"), condition("EmailAddress", "a@x.com")],
            "GroupOperator": "AND",
        },
        {"Condition": [condition("Role", "Sales_User")]},
    ]


def test_the_user_filter_precedes_the_lead_filters() -> None:
    """As in the sample on the API's page, whichever was added first."""
    query = QUERY.where(Score < 5).owned_by("a")

    assert list(query.to_payload()["ReportFilter"]) == ["UserFilter", "LeadFilters"]
    assert query == QUERY.owned_by("a").where(Score < 5)


def test_owned_by_an_empty_list_is_rejected() -> None:
    """An empty list does not mean the leads of all owners."""
    with pytest.raises(QueryError) as raised:
        QUERY.owned_by(*[])

    assert str(raised.value) == (
        "owned_by() names no user; give it ids, e-mail addresses or conditions"
    )


TEXT_ONLY = "owned_by takes ids or e-mail addresses as text, or user conditions, not {}"
COMMA = (
    "'{0},{1}' contains a comma, which the API reads as 'one of'; "
    'write users.{2}.is_in(["{0}", "{1}"])'
)


@pytest.mark.parametrize(
    ("owners", "text"),
    [
        ((["a", "b"],), "owned_by takes owners one by one; write owned_by(*owners)"),
        (({"a"},), "owned_by takes owners one by one; write owned_by(*owners)"),
        ((5,), TEXT_ONLY.format("5")),
        ((None,), TEXT_ONLY.format("None")),
        ((True,), TEXT_ONLY.format("True")),
        (("a", b"b"), TEXT_ONLY.format("b'b'")),
        ((users.Role,), "users.Role is a user attribute; write owned_by(users.Role == ...)"),
        ((OwnerId == "a",), 'OwnerId == "a" is about leads; write where(OwnerId == "a")'),
        ((SALES, Score < 5), "Score < 5 is about leads; write where(Score < 5)"),
        ((Score,), "Score is a field; compare it, as in Score.has_data()"),
        ((QUERY,), TEXT_ONLY.format("Leads.select(Phone)")),
        (("",), "owned_by takes ids or e-mail addresses, not ''"),
        (("a", " "), "owned_by takes ids or e-mail addresses, not ' '"),
        (("a,b",), COMMA.format("a", "b", "UserID")),
        (("a@x,b@x",), COMMA.format("a@x", "b@x", "EmailAddress")),
        (
            ("a", SALES),
            "owned_by takes ids and addresses, or conditions, not both; write a second owned_by",
        ),
        (
            (SALES, "a"),
            "owned_by takes ids and addresses, or conditions, not both; write a second owned_by",
        ),
        (
            (~SALES, "a"),
            "owned_by takes ids and addresses, or conditions, not both; write a second owned_by",
        ),
    ],
)
def test_invalid_owners_are_rejected(owners: tuple[Any, ...], text: str) -> None:
    """The message says what an owner is."""
    with pytest.raises(QueryError) as caught:
        Leads.owned_by(*owners)

    assert plain(caught.value) == text


@pytest.mark.parametrize(
    "name",
    [
        *("Ann", "John Smith", "Ann 2", "o'neil", "ann-marie", "Dr. Ann Smith", "A. Smith"),
        *("J.R.R. Tolkien", "Ann Smith Jr.", "van der Berg", "ann.smith", "O\u2019Neil"),
        *("José García", "Иван Петров", "محمد علي", "राहुल शर्मा", "李小龙", "김철수", "田中 太郎"),
    ],
)
def test_a_name_is_not_an_id(name: str) -> None:
    with pytest.raises(QueryError) as caught:
        Leads.owned_by("a@x.com", name)

    assert (
        str(caught.value)
        .splitlines()[0]
        .startswith(
            f"owned_by takes ids or e-mail addresses, but {name!r} looks like a name; "
            f"write the address, or owned_by(client.find_user({name!r})) to look it up, or "
            f'users.Attribute("UserID") == {name!r} if it is an id'
        )
    )


@pytest.mark.parametrize("name", ["Smith, Ann", "Smith,Ann", "D'Souza, Mary", "Müller, u1"])
def test_a_name_with_a_comma_is_not_two_ids(name: str) -> None:
    with pytest.raises(QueryError) as caught:
        Leads.owned_by(name)

    assert str(caught.value).splitlines()[0] == (
        f"owned_by takes ids or e-mail addresses, but {name!r} looks like a name; write the "
        f"address, or owned_by(client.find_user({name!r})) to look it up"
    )


@pytest.mark.parametrize("text", ["01f131a5-7746-11e6-bcaf-0677ec402fcf", "u1", "USER-12", "a"])
def test_a_word_with_a_digit_is_an_id(text: str) -> None:
    assert Leads.owned_by(text) == Leads.owned_by(users.UserID == text)
