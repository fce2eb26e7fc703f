"""What is said of each kind of thing that Python takes for a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Messages(NamedTuple):
    """What is said of one kind of thing, by what Python does with it.

    `noun` names it and `why` says why it answers no question; `truth` and `iteration` are said
    where the line is not known. `elsewhere` says where it belongs, `{0!r}` being itself; `tight`
    are the signs of comparison, `joins` the ways to write what `&` and `|` join, and `inverted`
    is said of `~`.
    """

    noun: str
    why: str
    truth: str
    iteration: str
    elsewhere: str | None = None
    tight: str = ""
    joins: Mapping[str, str] = {}
    inverted: str = ""
    length: str = ""
    item: str = ""
    order: str = ""


_LEADS: Final = {
    "&": "(A < 5) & (B == 1), or write where(A < 5, B == 1)",
    "|": "(A == 1) | (A == 5), or write A.is_in([1, 5])",
}

_USERS: Final = {
    "&": '(users.A == "x") & (users.B == "y"), or write owned_by(users.A == "x", users.B == "y")',
    "|": '(users.A == "x") | (users.B == "y")',
}

_ALONE: Final = "~ binds tighter than == and turns {0!r} alone round; "

_ANSWERED: Final = "which only the API can answer"

CONDITION: Final = Messages(
    "a condition",
    _ANSWERED,
    "a condition is neither true nor false before the API answers, so `and`, `or`, `not`, `if` "
    "and chains such as 5 < A < 20 cannot read it; join conditions with a comma or with &, each in "
    "brackets: where((A < 5) & (B == 1)), turn one round with ~, and write a range as "
    "A.between(5, 20)",
    "a condition holds no values; give it to where(...)",
    "{0!r} is about leads; write where({0!r})",
    "< and ==",
    _LEADS,
)

FIELD: Final = Messages(
    "a field",
    "and it is a name without a value",
    "a field is neither true nor false; compare it, as in where(A == 1), "
    "or ask where(A.has_data())",
    "a field holds no values; write A.is_in([...]) for one of several, "
    "A.contains(...) for a part of a text",
    "{0!r} is a field; compare it, as in {0!r}.has_data()",
    "< and ==",
    _LEADS,
    f"{_ALONE}put the condition in brackets, ~({{0!r}} == ...), or write {{0!r}}.has_no_data()",
)

USER_CONDITION: Final = Messages(
    "a user condition",
    _ANSWERED,
    "a user condition is neither true nor false before the API answers, so `and`, `or`, `not` and "
    "`if` cannot read it; join user conditions with & and |, each in brackets: "
    'owned_by((users.A == "x") | (users.B == "y"))',
    "a user condition holds no values; give it to owned_by(...)",
    "{0!r} is about users; write owned_by({0!r})",
    "==",
    _USERS,
)

ATTRIBUTE: Final = Messages(
    "a user attribute",
    "and it is a name without a value",
    'a user attribute is neither true nor false; compare it, as in owned_by(users.A == "x")',
    "a user attribute holds no values; write users.A.is_in([...]) for one of several, "
    "users.A.contains(...) for a part of a text",
    "{0!r} is a user attribute; write owned_by({0!r} == ...)",
    "==",
    _USERS,
    f"{_ALONE}no opposite is known for users, so name those who do meet it: {{0!r}}.is_in([...])",
)

QUERY: Final = Messages(
    "a query",
    "before it is sent",
    "a query is neither true nor false before it is sent; "
    "ask client.count(query) how many leads meet it",
    "a query holds no rows before it is sent; go over the rows of client.run(query)",
    length="; ask client.count(query) how many leads meet it",
    item="; ask for a part of the rows, query.page(1, 10), or take them from client.run(query)",
    order="; sort the rows of the answer",
)
