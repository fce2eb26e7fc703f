"""Sizes and values that break naive engines: no traceback and no wrong match."""

from __future__ import annotations

from itertools import count

import pytest
from attrs import evolve

from leadquery.emulator import Emulator, demo_leads
from leadquery.emulator.filters import matching_users
from leadquery.wire.enums import LogicalOperator
from leadquery.wire.model import UserFilter, UserGroup
from tests.emulator.payloads import (
    found,
    group_by,
    lead_filter,
    leads_of,
    list_of,
    payload,
    user_group,
)


@pytest.mark.parametrize("size", [199, 200, 201, 1_000, 10_000])
def test_many_filters(size: int) -> None:
    """All of them count."""
    emulator = Emulator(leads_of("Score", 1, 2, 3))
    filters = [lead_filter("Score", "<>", str(-place)) for place in range(size)]

    assert found(emulator, *filters) == ["a", "b", "c"]
    assert found(emulator, *filters, lead_filter("Score", "<>", "2")) == ["a", "c"]
    assert found(emulator, lead_filter("Score", ">", "2"), *filters) == ["c"]


@pytest.mark.parametrize("size", [190, 1_000])
def test_many_filters_with_groups(size: int) -> None:
    """Also if groups are counted by user."""
    leads = [{**lead, "OwnerId": "u1"} for lead in leads_of("Score", 1, 2, 3)]
    emulator = Emulator(leads, [{"UserID": "u1"}, {"UserID": "u2"}])
    filters = [lead_filter("Score", "<>", str(-place)) for place in range(size)]

    result = emulator.answer(
        payload(group_by("OwnerId"), filters, [user_group(("UserID", "lik", "u"))])
    )

    assert [row["Count"] for row in result["Results"]] == [3, 0]


def test_many_requests_with_many_filters() -> None:
    """Each is independent of the one before."""
    emulator = Emulator(leads_of("Score", 1, 2, 3))
    filters = [lead_filter("Score", "<>", str(-place)) for place in range(2_000)]

    assert found(emulator, *filters, lead_filter("Score", "=", "1")) == ["a"]
    assert found(emulator, *filters, lead_filter("Score", "=", "3")) == ["c"]


def test_many_values() -> None:
    """A filter with a hundred thousand values."""
    emulator = Emulator(leads_of("FirstName", "7", "x", "99999"))

    assert found(emulator, lead_filter("FirstName", "in", *map(str, range(100_000)))) == ["a", "c"]


def test_many_user_conditions() -> None:
    """Fifty thousand conditions on users, joined by OR."""
    emulator = Emulator(leads_of("OwnerId", "u1", "u2"), [{"UserID": "u1"}, {"UserID": "u2"}])
    conditions = [("UserID", "eq", str(place)) for place in range(20_000)]

    group = user_group(*conditions, ("UserID", "eq", "u2"), joiner=LogicalOperator.OR)

    assert found(emulator, groups=[group]) == ["b"]


def nested(levels: int) -> UserGroup:
    """A condition in many nested groups."""
    plain, group = (user_group(("UserID", "lik", "u")), user_group(("UserID", "eq", "u2")))
    for level in range(levels):
        own = plain.conditions if level % 2 else None
        group = UserGroup(own, (evolve(group, joiner=LogicalOperator.AND), plain), None)
    return group


def test_nested_groups() -> None:
    """Each with a condition of its own."""
    emulator = Emulator(leads_of("OwnerId", "u1", "u2"), [{"UserID": "u1"}, {"UserID": "u2"}])

    assert found(emulator, groups=[nested(50)]) == ["b"]


def test_ten_thousand_levels_of_groups() -> None:
    """More than `check` accepts; the emulator has no limit."""
    users = {"u": frozenset({1, 2}), "u2": frozenset({2})}

    met = matching_users(UserFilter((nested(10_000),), None), lambda chosen: users[chosen.value])

    assert met == {2}


@pytest.mark.parametrize(
    "name", ["\0", "\ud800", "'", '"', "t0", "k0", "id", "leads", "a;b", "select", "\u017f"]
)
def test_field_names_are_never_sql(name: str) -> None:
    """Any text is a field name; names that differ in case are different fields."""
    emulator = Emulator(
        [{"ProspectID": "a", name: "x"}, {"ProspectID": "b", name.upper() + "!": "x"}]
    )

    result = emulator.answer(payload(list_of("ProspectID", name)))

    assert result["Results"] == [
        {"ProspectID": "a", name: "x"},
        {"ProspectID": "b", name: None},
    ]
    assert found(emulator, lead_filter(name, "=", "X")) == ["a"]


def test_many_columns() -> None:
    """Unknown columns are null."""
    names = [f"mx_{place}" for place in range(5_000)]

    result = Emulator([{"mx_7": 7}]).answer(payload(list_of(*names)))

    assert result["Results"] == [{name: "7" if name == "mx_7" else None for name in names}]


@pytest.mark.slow
def test_a_million_leads_fit() -> None:
    """A million leads are counted, filtered and paged through."""
    places = count()
    emulator = Emulator({**lead, "mx_Place": next(places)} for lead in demo_leads(1_000_000))

    low = emulator.answer(
        payload(list_of("mx_Place"), [lead_filter("mx_Place", "<", "250000")], page=(25, 10_000))
    )

    assert low["TotalCount"] == "250000"
    assert len(low["Results"]) == 10_000
