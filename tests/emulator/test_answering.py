"""Owners, groups, functions, order and paging."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from leadquery.emulator import Emulator
from leadquery.errors import PayloadError, UnsupportedQueryError
from leadquery.wire.enums import AggregateFunction, LogicalOperator
from leadquery.wire.model import UserGroup
from tests.emulator.payloads import (
    found,
    group_by,
    lead_filter,
    leads_of,
    list_of,
    payload,
    user_group,
)

USERS = [
    {"UserID": "u1", "Role": "Sales_User", "EmailAddress": "ann@example.com", "TeamId": "1"},
    {"UserID": "u2", "Role": "Sales_Manager", "EmailAddress": "ben@example.com", "TeamId": "2"},
    {"UserID": "u3", "Role": "Sales_User", "EmailAddress": "cat@example.org"},
    {"Role": "Sales_User"},
]
OWNED = leads_of("OwnerId", "U1", "u1", "u2", "gone", None)
SALES = ("Role", "eq", "sales_user")
ORG = ("EmailAddress", "lik", ".ORG")


def rows(emulator: Emulator, output: Any, **parts: Any) -> list[tuple[Any, ...]]:
    """The values of the rows in a result."""
    result = emulator.answer(payload(output, **parts))
    return [tuple(row.values()) for row in result["Results"]]


@pytest.mark.parametrize(
    ("groups", "matches"),
    [
        ([], ["a", "b", "c", "d", "e"]),
        ([user_group(SALES)], ["a", "b"]),
        ([user_group(("UserID", "eq", "u1, U2 ,"))], ["a", "b", "c"]),
        ([user_group(("UserID", "eq", " u1"))], []),
        ([user_group(("UserID", "eq", ","))], []),
        ([user_group(("TeamId", "eq", "2.0"))], ["c"]),
        ([user_group(("EmailAddress", "lik", "BEN@"))], ["c"]),
        ([user_group(("Nobody_Has", "lik", "x"))], []),
        ([user_group(SALES, ("TeamId", "eq", "2"))], []),
        ([user_group(SALES, ("TeamId", "eq", "2"), joiner=LogicalOperator.OR)], ["a", "b", "c"]),
    ],
)
def test_user_filters(groups: list[UserGroup], matches: list[str]) -> None:
    """Without one, leads of unknown owners and without owner count too."""
    assert found(Emulator(OWNED, USERS), groups=groups) == matches


def test_groups_combine_by_their_own_operator() -> None:
    """Groups of one level are joined; own conditions and nested groups must both match."""
    one, two = user_group(("UserID", "eq", "u1")), user_group(("UserID", "eq", "u2"))
    either = [UserGroup(one.conditions, None, LogicalOperator.OR), two]
    both = [UserGroup(one.conditions, None, LogicalOperator.AND), two]
    inside = [UserGroup(user_group(SALES).conditions, tuple(either), None)]
    only_nested = [UserGroup(None, tuple(either), None)]
    emulator = Emulator(OWNED, USERS)

    assert found(emulator, groups=either) == ["a", "b", "c"]
    assert found(emulator, groups=both) == []
    assert found(emulator, groups=inside) == ["a", "b"]
    assert found(emulator, groups=only_nested) == ["a", "b", "c"]


def test_unknown_user_operators_raise_an_error() -> None:
    """The emulator does not guess their meaning."""
    wanted = "the mock API does not support the user operator 'sw'; write 'eq' or 'lik'"

    with pytest.raises(UnsupportedQueryError) as caught:
        found(Emulator(OWNED, USERS), groups=[user_group(("Role", "sw", "Sales"))])

    assert str(caught.value) == wanted


def test_grouping_by_owner_with_a_user_filter_lists_every_user() -> None:
    """With count 0 and null if they have no leads; users without an id are left out."""
    emulator = Emulator([{**lead, "Score": 3} for lead in OWNED], USERS)
    groups = [user_group(("Role", "lik", "sales"))]

    found_rows = rows(emulator, group_by("OwnerId", AggregateFunction.AVERAGE), groups=groups)
    second = emulator.answer(payload(group_by("OwnerId"), groups=groups, page=(3, 1)))

    assert found_rows == [("U1", 2, 3.0), ("u2", 1, 3.0), ("u3", 0, None)]
    assert second == {"TotalCount": "3", "Results": [{"OwnerId": "u3", "Count": 0}]}


def test_a_duplicate_owner_is_listed_once() -> None:
    """Ids that differ only in case are one, shown as first seen."""
    users = [{"UserID": "X", "Role": "a"}, {"UserID": "x", "Role": "a"}, {"Role": "a"}]

    found_rows = rows(
        Emulator([], users), group_by("OwnerId"), groups=[user_group(("Role", "eq", "a"))]
    )

    assert found_rows == [("X", 0)]


def test_other_groupings_list_the_values_found() -> None:
    """By count, then by value, no data last; values that differ only in case are one group."""
    leads = leads_of(
        "mx_City", "pune", "Delhi", None, "DELHI", "Pune", "Agra", "", "Bern", "\ud800"
    )
    emulator = Emulator(leads, USERS)

    assert rows(emulator, group_by("mx_City")) == [
        ("Delhi", 2),
        ("pune", 2),
        (None, 2),
        ("Agra", 1),
        ("Bern", 1),
        ("\ud800", 1),
    ]
    assert rows(emulator, group_by("Nobody_Has")) == [(None, 9)]
    assert rows(emulator, group_by("OwnerId")) == [(None, 9)]
    assert rows(emulator, group_by("mx_City"), filters=[lead_filter("mx_City", "=", "x")]) == []


def test_groups_of_numbers_and_dates_are_ordered_by_value() -> None:
    """Equal numbers are one group, and 9 precedes 10."""
    emulator = Emulator(leads_of("Score", "10", "9", "1.0", "1"))

    assert rows(emulator, group_by("Score")) == [("1.0", 2), ("9", 1), ("10", 1)]


@pytest.mark.parametrize(
    ("values", "total", "average"),
    [
        (["1", "2", "4.5"], 7.5, 2.5),
        (["1", "", "n/a", "2"], 3.0, 1.5),
        (["", ""], None, None),
        (["1e308", "1e308"], None, 1e308),
        (["1e308", "1e308", "-1e308"], 1e308, 1e308 / 3),
        (["1e300", "1", "-1e300"], 1.0, 1 / 3),
    ],
)
def test_functions_use_the_leads_that_have_the_number(
    values: list[str], total: float | None, average: float | None
) -> None:
    """The count includes all leads; without a finite number the result is null."""
    emulator = Emulator(leads_of("Score", *values))
    count = len(values)

    assert rows(emulator, group_by("X", AggregateFunction.SUM)) == [(None, count, total)]
    assert rows(emulator, group_by("X", AggregateFunction.AVERAGE)) == [(None, count, average)]
    assert rows(emulator, group_by("X", AggregateFunction.COUNT)) == [(None, count)]


@pytest.mark.parametrize("field", ["FirstName", "CreatedOn", "DoNotEmail"])
def test_only_number_fields_have_sums(field: str) -> None:
    """The sum of a text or a date is null."""
    emulator = Emulator(leads_of(field, "1", "2026"))

    assert rows(emulator, group_by("X", AggregateFunction.SUM, field)) == [(None, 2, None)]


def test_the_keys_of_an_aggregate_row() -> None:
    """The group field, the count, and the function with its field."""
    emulator = Emulator([{"OwnerId": "u1", "Score": "20"}])

    result = emulator.answer(payload(group_by("OwnerId", AggregateFunction.AVERAGE)))

    assert result == {
        "TotalCount": "1",
        "Results": [{"OwnerId": "u1", "Count": 1, "Average_Score": 20.0}],
    }


def test_list_rows_hold_the_requested_columns() -> None:
    """In order, null for no data and for unknown columns."""
    emulator = Emulator([{"ProspectID": "a", "Score": 1, "mx_City": ""}])

    result = emulator.answer(payload(list_of("Unknown", "mx_City", "Score", "ProspectID")))

    assert list(result["Results"][0].items()) == [
        ("Unknown", None),
        ("mx_City", None),
        ("Score", "1"),
        ("ProspectID", "a"),
    ]


def test_lists_are_ordered_by_lead_id() -> None:
    """Ignoring case; ties in the order given; leads without an id last."""
    ids = ["b", "A", None, "B", "a"]
    leads = [{"ProspectID": one, "Score": place} for place, one in enumerate(ids)]

    assert rows(Emulator(leads), list_of("Score")) == [("1",), ("4",), ("0",), ("3",), ("2",)]


@pytest.mark.parametrize(
    ("page", "ids"),
    [
        ((1, 2), ["a", "b"]),
        ((2, 2), ["c"]),
        ((3, 2), []),
        ((2**31 - 1, 2**31 - 1), []),
        ((1, 2**31 - 1), ["a", "b", "c"]),
        (None, ["a", "b", "c"]),
    ],
)
def test_paging_comes_last(page: tuple[int, int] | None, ids: list[str]) -> None:
    """The total counts rows before paging."""
    result = Emulator(leads_of("Score", 1, 2, 3)).answer(payload(list_of("ProspectID"), page=page))

    assert result == {"TotalCount": "3", "Results": [{"ProspectID": one} for one in ids]}


def test_a_payload_with_errors_raises_an_error() -> None:
    """The error contains every diagnostic."""
    with pytest.raises(PayloadError) as caught:
        Emulator([]).answer({"Output": {"Type": "list"}})

    assert caught.value.report.ok is False


def test_a_payload_may_be_text_or_bytes() -> None:
    """As for `check`."""
    text = '{"Output": {"Type": "list", "IncludeCSV": "Score"}}'
    emulator = Emulator([{"Score": 1}])

    assert emulator.answer(text) == emulator.answer(text.encode())


def test_ctrl_c_within_an_aggregate(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite catches it, so it has to be raised again."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("leadquery.emulator.storage.Sum.step", interrupt)
    emulator = Emulator([{"ProspectID": "a", "Score": "1"}])
    output = {"Type": "aggregate", "GroupBy": "OwnerId", "AggregateFunction": "SUM"}
    payload = {
        "Output": {**output, "AggregateField": "Score"},
        "Paging": {"PageIndex": 1, "PageSize": 1},
    }

    with pytest.raises(KeyboardInterrupt):
        emulator.answer(payload)


def test_errors_of_sqlite_are_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr("leadquery.emulator.executor.Database._execute", fail)
    payload = {
        "Output": {"Type": "list", "IncludeCSV": "Score"},
        "Paging": {"PageIndex": 1, "PageSize": 1},
    }

    with pytest.raises(sqlite3.OperationalError, match="disk I/O error"):
        Emulator([]).answer(payload)
