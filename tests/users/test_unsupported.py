"""What conditions on users lack: an opposite, an order, the methods of lead fields."""

from __future__ import annotations

import operator
from typing import Any

import pytest

import leadquery
from leadquery import QueryError, UnsupportedQueryError
from leadquery.errors import UnknownNameError
from tests.plain import plain

# Untyped: a type checker would refuse some of these lines before they run.
users: Any = leadquery.users
LACKS = (
    "users.Role is a user attribute, and a user attribute has no {}; "
    "it has ==, .is_in(), .contains(), .matches()"
)


@pytest.mark.parametrize(
    ("build", "text"),
    [
        (
            lambda: users.Role != "Administrator",
            (
                'users.Role != "Administrator": the API has no documented operator for this; '
                "list the values to include: users.Role.is_in([...])"
            ),
        ),
        (
            lambda: ~(users.Role == "Administrator"),
            (
                "the API has no documented opposite of a user condition; list the users to "
                "include, or use an operator of your account with "
                "users.Attribute(...).matches(...)"
            ),
        ),
    ],
)
def test_no_opposite_is_known(build: Any, text: str) -> None:
    """Only two operators have been seen, and neither is the opposite of the other."""
    with pytest.raises(UnsupportedQueryError) as caught:
        build()

    assert plain(caught.value) == text


@pytest.mark.parametrize(
    ("sign", "said"),
    [(operator.lt, "<"), (operator.le, "<="), (operator.gt, ">"), (operator.ge, ">=")],
)
def test_users_have_no_order(sign: Any, said: str) -> None:
    """Attributes are text; the text names what they have in its place."""
    with pytest.raises(QueryError) as caught:
        sign(users.Role, "a")

    assert plain(caught.value) == LACKS.format(said)


@pytest.mark.parametrize("name", ["starts_with", "has_data", "between"])
def test_a_method_that_users_lack_is_refused(name: str) -> None:
    """As that of a lead field is; to Python it is a plain lack."""
    with pytest.raises(UnknownNameError) as caught:
        getattr(users.Role, name)

    assert plain(caught.value) == LACKS.format(f".{name}()")
    assert not hasattr(users.Role, "_hidden")
