"""What user conditions do not support: negation, ordering, the methods of lead fields."""

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
                "write ~(users.Role == ...) for all other leads, or list the users to "
                "include"
            ),
        ),
    ],
)
def test_user_conditions_cannot_be_negated(build: Any, text: str) -> None:
    """Only two operators are documented, and neither is the opposite of the other."""
    with pytest.raises(UnsupportedQueryError) as caught:
        build()

    assert plain(caught.value) == text


@pytest.mark.parametrize(
    ("sign", "symbol"),
    [(operator.lt, "<"), (operator.le, "<="), (operator.gt, ">"), (operator.ge, ">=")],
)
def test_attributes_cannot_be_ordered(sign: Any, symbol: str) -> None:
    """Attributes are text; the message lists what they support."""
    with pytest.raises(QueryError) as caught:
        sign(users.Role, "a")

    assert plain(caught.value) == LACKS.format(symbol)


@pytest.mark.parametrize("name", ["starts_with", "has_data", "between"])
def test_a_method_of_lead_fields_is_rejected(name: str) -> None:
    """As an AttributeError, too."""
    with pytest.raises(UnknownNameError) as caught:
        getattr(users.Role, name)

    assert plain(caught.value) == LACKS.format(f".{name}()")
    assert not hasattr(users.Role, "_hidden")
