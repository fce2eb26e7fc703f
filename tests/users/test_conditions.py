"""Every form of a user condition: its JSON, or the error."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pandas as pd
import pytest

import leadquery
from leadquery import Leads, QueryError
from leadquery.errors import FrozenError

# Untyped: a type checker would refuse some of these lines before they run.
users: Any = leadquery.users


def sent(condition: Any) -> Any:
    """The user filter that a condition becomes."""
    query = Leads.owned_by(condition).select("Phone")
    return query.to_payload()["ReportFilter"]["UserFilter"]


def alone(name: str, token: str, value: str) -> Any:
    """A user filter of one condition."""
    condition = {"LookupName": name, "Operator": token, "LookupValue": value}
    return {"GroupConditions": [{"Condition": [condition]}]}


@pytest.mark.parametrize("name", sorted(users.STANDARD))
def test_each_attribute_is_sent_under_its_name(name: str) -> None:
    attribute = users.STANDARD[name]

    assert repr(attribute) == f"users.{name}"
    assert sent(attribute == "a") == alone(name, "eq", "a")


@pytest.mark.parametrize(
    ("condition", "sent_as"),
    [
        (users.Role == "Sales_User", ("Role", "eq", "Sales_User")),
        (users.EmailAddress.contains("@acme"), ("EmailAddress", "lik", "@acme")),
        (users.UserID.contains("a,b"), ("UserID", "lik", "a,b")),
        (users.Attribute("Team") == "North", ("Team", "eq", "North")),
        (users.Attribute("Team").matches("sw", "North"), ("Team", "sw", "North")),
        (users.Role.matches("eq", "a,b"), ("Role", "eq", "a,b")),
        (users.Role == " a ", ("Role", "eq", " a ")),
        # Ids and addresses: one condition, which then means one of them.
        (users.UserID == "a", ("UserID", "eq", "a")),
        (users.UserID.is_in(["a"]), ("UserID", "eq", "a")),
        (users.UserID.is_in(["a", "b"]), ("UserID", "eq", "a,b")),
        (users.UserID.is_in(("b", "a", "b")), ("UserID", "eq", "b,a")),
        (users.UserID.is_in(iter("abc")), ("UserID", "eq", "a,b,c")),
        (users.UserID.matches("eq", "a,b"), ("UserID", "eq", "a,b")),
        (users.EmailAddress.is_in(["a@x", "b@x"]), ("EmailAddress", "eq", "a@x,b@x")),
        (users.Attribute("UserID").is_in(["a", "b"]), ("UserID", "eq", "a,b")),
        # A list of one is a comparison.
        (users.Role.is_in({"a"}), ("Role", "eq", "a")),
        (users.Role.is_in(["a", "a"]), ("Role", "eq", "a")),
    ],
)
def test_one_condition_is_one_group(condition: Any, sent_as: tuple[str, str, str]) -> None:
    assert sent(condition) == alone(*sent_as)


def test_several_values_are_conditions_joined_by_or() -> None:
    """Except for values that the API takes joined by commas."""
    assert sent(users.Role.is_in(["a", "b", "c"])) == {
        "GroupConditions": [
            {
                "Condition": [
                    {
                        "LookupName": "Role",
                        "Operator": "eq",
                        "LookupValue": "a",
                        "ConditionOperator": "OR",
                    },
                    {
                        "LookupName": "Role",
                        "Operator": "eq",
                        "LookupValue": "b",
                        "ConditionOperator": "OR",
                    },
                    {"LookupName": "Role", "Operator": "eq", "LookupValue": "c"},
                ]
            }
        ]
    }


COMMA = "'a,b' contains a comma, which the API reads as 'one of'; write users.{}.is_in({})"


@pytest.mark.parametrize(
    ("build", "text"),
    [
        (lambda: users.UserID == "a,b", COMMA.format("UserID", '["a", "b"]')),
        (lambda: users.Role == "a,b", COMMA.format("Role", '["a", "b"]')),
        (lambda: users.Role.is_in(["a,b"]), COMMA.format("Role", '["a", "b"]')),
        (lambda: users.Role.is_in(["c", "a,b", "c", 5]), COMMA.format("Role", '["c", "a", "b"]')),
        (
            lambda: users.Role == ", ",
            "', ' contains a comma, which the API reads as 'one of'; write users.Role.is_in([...])",
        ),
        (lambda: users.UserID == " ", "users.UserID compares with text, not ' '"),
        (lambda: users.UserID == "\t\xa0", "users.UserID compares with text, not '\\t\\xa0'"),
        (lambda: users.Role.is_in(["a", " "]), "users.Role compares with text, not ' '"),
        (lambda: users.EmailAddress.is_in(["a,b"]), COMMA.format("EmailAddress", '["a", "b"]')),
        (lambda: users.UserID.is_in(["c", "a,b"]), COMMA.format("UserID", '["c", "a", "b"]')),
        (
            lambda: users.Role.is_in("ab"),
            'is_in takes a list of values; write users.Role.is_in(["ab"])',
        ),
        (lambda: users.Role.is_in(5), "users.Role compares with text, not 5"),
        (
            lambda: users.Role.is_in([]),
            "users.Role.is_in([]) matches no user; give it at least one value",
        ),
        (lambda: users.Role == "", "users.Role compares with text, not ''"),
        (lambda: users.Role == None, "users.Role compares with text, not None"),  # noqa: E711
        (lambda: users.Role == 5, "users.Role compares with text, not 5"),
        (lambda: users.Role == users.UserID, "users.Role compares with text, not users.UserID"),
        (
            lambda: users.Role == ["a"],
            "users.Role == ['a'] asks for one of several values; write users.Role.is_in([...])",
        ),
        (
            lambda: users.UserID == {"a": 1}.keys(),
            (
                "users.UserID == dict_keys(['a']) asks for one of several values; "
                "write users.UserID.is_in([...])"
            ),
        ),
        (
            lambda: users.Role != ("a\n",),
            (
                "users.Role != ('a\\n',): the API has no documented operator for this; "
                "write ~(users.Role == ...) for all other leads, or list the users to include"
            ),
        ),
        (
            lambda: users.Role != pd.Series(["a", "b"], dtype=object),
            (
                r"users.Role != 0    a\n1    b\ndtype: object: the API has no "
                "documented operator for this; write ~(users.Role == ...) for all other leads, or "
                "list the users to include"
            ),
        ),
        (lambda: users.Role == b"a", "users.Role compares with text, not b'a'"),
        (lambda: users.Role.is_in([["a"]]), "users.Role compares with text, not ['a']"),
        (lambda: users.Role.contains(""), "users.Role compares with text, not ''"),
        (lambda: users.Role.is_in(["a", ""]), "users.Role compares with text, not ''"),
        (lambda: users.Role.matches("", "a"), "an operator is text such as 'eq', not ''"),
        (lambda: users.Role.matches("eq", ""), "users.Role compares with text, not ''"),
        (
            lambda: users.Role.matches("EQ", "a"),
            "'EQ' is 'eq' in another case; write that",
        ),
        (lambda: users.Attribute(""), "an attribute's name is text such as 'Team', not ''"),
        (
            lambda: users.Attribute(5),
            "an attribute's name is text such as 'Team', not 5",
        ),
    ],
)
def test_invalid_conditions_are_rejected(build: Any, text: str) -> None:
    """The message says what to write instead."""
    with pytest.raises(QueryError) as caught:
        build()

    assert str(caught.value) == text


def test_a_search_text_may_be_a_blank() -> None:
    """Only a value to compare with must not be blank."""
    assert sent(users.FirstName.contains(" ")) == alone("FirstName", "lik", " ")
    assert sent(users.Role.matches("eq", " ")) == alone("Role", "eq", " ")


@pytest.mark.parametrize(
    ("condition", "source"),
    [
        (users.Attribute("Role") == "a", 'users.Role == "a"'),
        (users.Attribute("Team") == "a", 'users.Attribute("Team") == "a"'),
        (users.Role.contains("a"), 'users.Role.contains("a")'),
        (users.UserID.matches("eq", "a,b"), 'users.UserID.is_in(["a", "b"])'),
        (users.UserID.matches("eq", "a,"), 'users.UserID.matches("eq", "a,")'),
        (users.Role.matches("eq", "a,b"), 'users.Role.matches("eq", "a,b")'),
        (users.Role.matches("sw", "a"), 'users.Role.matches("sw", "a")'),
        (users.Role.is_in(["a", "b"]), '(users.Role == "a") | (users.Role == "b")'),
    ],
)
def test_a_condition_as_python(condition: Any, source: str) -> None:
    """The Python is the shortest that builds an equal condition."""
    assert repr(condition) == source
    assert eval(source, {"users": users}) == condition


def test_equal_conditions_send_the_same() -> None:
    """However they were built."""
    one, other = users.Role == "a", users.Attribute("Role").matches("eq", "a")

    assert one == other
    assert hash(one) == hash(other)
    assert one != (users.Role == "b")
    assert one != (users.Role.contains("a"))


@pytest.mark.parametrize(
    "condition", [users.Role == "a", users.Role.is_in(["a", "b"]) & (users.TeamId == "c")], ids=repr
)
def test_a_condition_is_immutable_and_can_be_copied(condition: Any) -> None:
    assert pickle.loads(pickle.dumps(condition)) == condition
    assert copy.deepcopy(condition) == condition
    with pytest.raises(FrozenError):
        condition.groups = ()


def test_an_attribute_is_frozen() -> None:
    with pytest.raises(FrozenError):
        users.Role.name = "UserID"


def test_a_custom_attribute_is_pickled_with_its_name() -> None:
    """A standard attribute is a singleton."""
    team = users.Attribute("Team")
    again = pickle.loads(pickle.dumps(team))

    assert pickle.loads(pickle.dumps(users.Role)) is users.Role
    assert again is not team
    assert (again == "North") == (team == "North")
