"""Warnings about names similar to standard fields."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest

from leadquery import Leads, check
from leadquery.expr.field_types import Field
from leadquery.fields import OwnerId, Phone

NEAR = [
    ("Stage", "'Stage' is not a schema name; write 'ProspectStage'"),
    ("FristName", "unknown field 'FristName'; write 'FirstName'"),
    ("OwnerID", "'OwnerID' differs from 'OwnerId' only in letter case; write 'OwnerId'"),
]
USES: list[Callable[[Any], Any]] = [
    lambda name: Leads.select(Phone, name),
    lambda name: Leads.group_by(name).count(),
    lambda name: Leads.group_by(OwnerId).count(name),
]


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize(("name", "message"), NEAR)
def test_a_near_name_warns_at_its_line(
    name: str, message: str, use: Callable[[Any], Any], request: pytest.FixtureRequest
) -> None:
    """The name is sent, because the account may have such a field."""
    with pytest.warns(UserWarning, match=name) as caught:
        query = use(name)

    [warning] = caught
    assert str(warning.message) == f'{message}, or Field("{name}") for a field of your own'
    assert warning.filename == str(request.path)
    assert name in query.to_json()


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("name", [*(Field(near) for near, _ in NEAR), "Phone", "mx_Stage", "Abc"])
def test_fields_and_other_names_do_not_warn(name: Any, use: Callable[[Any], Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        use(name)


@pytest.mark.parametrize(("name", "_message"), NEAR)
def test_a_near_name_is_a_field_in_the_repr(name: str, _message: str) -> None:
    """So the repr builds the query without a warning; `check` still warns."""
    query = Leads.group_by(Field(name)).count()

    assert repr(query) == f'Leads.group_by(Field("{name}")).count()'
    assert eval(repr(query), {"Leads": Leads, "Field": Field}) == query
    assert [one.code for one in check(query.to_payload())] != []
