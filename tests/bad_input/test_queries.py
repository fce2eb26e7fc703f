"""Mistakes of beginners with queries: each a QueryError that says what to write instead."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from leadquery import LeadQueryError, QueryError, check, fields
from tests.bad_input.untyped import (
    CreatedOn,
    EngagementScore,
    F,
    Leads,
    OwnerId,
    OwnerIdName,
    Phone,
    Source,
    users,
)
from tests.plain import plain

NAIVE = datetime(2026, 1, 31, 10)
COMMA = (
    "'a,b' contains a comma, which the API reads as 'one of'; "
    'write users.UserID.is_in(["a", "b"])'
)
NO_NAME = "{!r} is not a schema name, which has no signs such as ( ) / and .; write {}"
CALLED = "a query is not called; write Leads without brackets, or client.run(query) to send a query"
USERS = [
    (lambda: Leads.owned_by("a,b"), COMMA),
    (lambda: users.UserID == "a,b", COMMA),
    (
        lambda: Leads.owned_by(["a", "b"]),
        "owned_by takes owners one by one; write owned_by(*owners)",
    ),
    (
        lambda: users.Role.is_in("Sales_User"),
        'is_in takes a list of values; write users.Role.is_in(["Sales_User"])',
    ),
    (
        lambda: users.Role.is_in([]),
        "users.Role.is_in([]) matches no user; give it at least one value",
    ),
]
SUGGESTED = [
    (
        lambda: Leads.select(*[]),
        "select names the columns to show; write select('FirstName', 'Phone')",
    ),
    (
        lambda: Leads.group_by("OwnerIdName"),
        "OwnerIdName is a column of the result; group by a field such as OwnerId",
    ),
    (
        lambda: Leads.group_by("OwnerId").average("Phone"),
        "Phone is a Text field; average takes a Number field, or an untyped Field(...)",
    ),
    (
        lambda: Leads.select("First Name"),
        "'First Name' is not a schema name, which has no spaces and no commas; write 'FirstName'",
    ),
    (
        lambda: Leads.select("Lead Stage"),
        (
            "'Lead Stage' is not a schema name, which has no spaces and no commas; "
            "write 'ProspectStage'"
        ),
    ),
    (
        lambda: Leads.select("lead stage,mx_x"),
        (
            "'lead stage,mx_x' is not a schema name, which has no spaces and no commas; "
            "write 'ProspectStage', 'mx_x'"
        ),
    ),
    (
        lambda: Leads.select("lead stage,first name"),
        (
            "'lead stage,first name' is not a schema name, which has no spaces and no commas; "
            "write 'ProspectStage', 'FirstName'"
        ),
    ),
    (
        lambda: Leads.select("Deal Value, Phone"),
        (
            "'Deal Value, Phone' is not a schema name, which has no spaces and no commas; "
            "write a name such as 'mx_City'"
        ),
    ),
    (lambda: Leads.select(["a"]), 'select takes columns one by one; write select("a")'),
    (
        lambda: Leads.select(("a", Phone), "b"),
        'select takes columns one by one; write select("a", Phone)',
    ),
    (lambda: Leads.select([]), "select takes columns one by one; write select(...)"),
    (lambda: Leads.group_by("a,b"), 'group_by takes keys one by one; write group_by("a", "b")'),
    (
        lambda: Leads.group_by([Phone, "mx_x"]),
        'group_by takes keys one by one; write group_by(Phone, "mx_x")',
    ),
    (lambda: Leads.group_by([]), "group_by takes keys one by one; write group_by(...)"),
    (
        lambda: Leads.group_by("CreatedOn.month()"),
        NO_NAME.format("CreatedOn.month()", "CreatedOn.month() without quotes"),
    ),
    (
        lambda: Leads.group_by("EngagementScore.bins(0, 20)"),
        NO_NAME.format("EngagementScore.bins(0, 20)", "EngagementScore.bins(0, 20) without quotes"),
    ),
    (lambda: Leads.group_by("Score/10"), NO_NAME.format("Score/10", "a name such as 'mx_City'")),
    (lambda: Leads.select("Score + 1"), NO_NAME.format("Score + 1", "a name such as 'mx_City'")),
    (lambda: Leads.select("Lead.Score"), NO_NAME.format("Lead.Score", "a name such as 'mx_City'")),
    (Leads, CALLED),
    (lambda: Leads.select("Phone")(tz="UTC"), CALLED),
    (
        lambda: Leads[EngagementScore > 20],
        (
            "a query has no items; EngagementScore > 20 is about leads; "
            "write where(EngagementScore > 20)"
        ),
    ),
    (
        lambda: Leads[users.Role == "a"],
        'a query has no items; users.Role == "a" is about users; write owned_by(users.Role == "a")',
    ),
    (
        lambda: Leads.group_by(CreatedOn.month),
        "CreatedOn.month is a method; write group_by(CreatedOn.month())",
    ),
    (
        lambda: Leads.group_by(5),
        (
            "group_by takes fields, and periods and ranges of fields such as CreatedOn.month(), "
            "not 5"
        ),
    ),
    (lambda: Leads.group_by(OwnerId).count("a,b"), "count takes one field, not 'a,b'"),
    (lambda: Leads.group_by(OwnerId).sum("a,b"), "sum takes one field, not 'a,b'"),
    (
        lambda: Leads.select("Phone, mx_City"),
        (
            "'Phone, mx_City' is not a schema name, which has no spaces and no commas; "
            "write 'Phone', 'mx_City'"
        ),
    ),
    (
        lambda: Leads.select(" Phone"),
        "' Phone' is not a schema name, which has no spaces and no commas; write 'Phone'",
    ),
    (lambda: Leads.select(""), "'' names no field; write a schema name such as 'mx_City'"),
    (
        lambda: Leads.select(5),
        "give a field or its schema name, not 5",
    ),
    (
        lambda: Leads.select(fields.Field("a,b")),
        "'a,b' cannot be a column, because columns are sent separated by commas",
    ),
    (
        lambda: Leads.group_by("Owner Id"),
        "'Owner Id' is not a schema name, which has no spaces and no commas; write 'OwnerId'",
    ),
    (
        lambda: Leads.group_by(OwnerIdName),
        "OwnerIdName is a column of the result; group by a field such as OwnerId",
    ),
    (
        lambda: Leads.group_by(OwnerId).average(Phone),
        "Phone is a Text field; average takes a Number field, or an untyped Field(...)",
    ),
    (
        lambda: Leads.group_by(OwnerId).sum(Source),
        "Source is a Choice field; sum takes a Number field, or an untyped Field(...)",
    ),
    (
        lambda: Leads.group_by("mx_City").average(OwnerId),
        "OwnerId is an Identifier field; average takes a Number field, or an untyped Field(...)",
    ),
    (
        lambda: Leads.page(None, 5),
        "page(None) sends no paging, so it takes no size",
    ),
    (
        lambda: Leads.page(10**5_000),
        (
            "a page is a whole number from 1 to 2147483647, not a very large number; "
            "write page(1, 100)"
        ),
    ),
    (
        lambda: Leads.page(0),
        "a page is a whole number from 1 to 2147483647, not 0; write page(1, 100)",
    ),
    (
        lambda: Leads.page(True),
        "a page is a whole number from 1 to 2147483647, not True; write page(1, 100)",
    ),
    (
        lambda: Leads.page(1, 0),
        "a size is a whole number from 1 to 2147483647, not 0; write page(1, 100)",
    ),
    (
        lambda: Leads.page("1"),
        "a page is a whole number from 1 to 2147483647, not '1'; write page(1, 100)",
    ),
    (
        lambda: Leads.page(2**31),
        "a page is a whole number from 1 to 2147483647, not 2147483648; write page(1, 100)",
    ),
    (
        lambda: Leads.page("3", 50),
        "a page is a whole number from 1 to 2147483647, not '3'; write page(3, 50)",
    ),
    (
        lambda: Leads.page(0, 50),
        "a page is a whole number from 1 to 2147483647, not 0; write page(1, 50)",
    ),
    (
        lambda: Leads.page(3, "50"),
        "a size is a whole number from 1 to 2147483647, not '50'; write page(3, 50)",
    ),
    (
        lambda: Leads.page(3, "9" * 5000),
        f"a size is a whole number from 1 to 2147483647, not '{'9' * 5000}'; write page(3, 100)",
    ),
    (
        lambda: Leads.page(3, 1.5),
        "a size is a whole number from 1 to 2147483647, not 1.5; write page(3, 100)",
    ),
]
TABLE: list[tuple[Callable[[], Any], str]] = [*USERS, *SUGGESTED]


@pytest.mark.parametrize(("build", "text"), TABLE, ids=[text[:60] for _, text in TABLE])
def test_bad_input_raises_with_what_to_write(build: Callable[[], Any], text: str) -> None:
    """At the line with the mistake."""
    with pytest.raises(QueryError) as caught:
        build()

    assert plain(caught.value) == text


@pytest.mark.parametrize("error_type", [QueryError, LeadQueryError, ValueError])
def test_bad_input_is_caught_as_a_value_error(error_type: type[Exception]) -> None:
    """By code that does not know leadquery's errors."""
    with pytest.raises(error_type):
        Leads.page(0)


@pytest.mark.parametrize("text", [text for _, text in TABLE])
def test_the_message_is_one_plain_sentence(text: str) -> None:
    """No full stop, no line break, no blame."""
    assert not text.endswith(".")
    assert "\n" not in text
    assert "invalid" not in text.lower()
    assert "error" not in text.lower()


@pytest.mark.parametrize(
    "build",
    [
        lambda: Leads.created_between(NAIVE, NAIVE, tz="Asia/Kolkata"),
        lambda: Leads.created_between(NAIVE.replace(tzinfo=UTC), "2026-02-01"),
        lambda: Leads.created_between(date(2026, 1, 31), date(2026, 1, 31)),
        lambda: Leads.created_between("2026-01-01", "2026-01-31", tz="Asia/Kolkata"),
        lambda: Source.is_in(["Web"]),
        lambda: users.UserID.is_in(["a", "b"]),
        lambda: Leads.select("Phone", "mx_City"),
        lambda: Leads.page(1, 100),
        lambda: fields.Field("OwnerIdName") == "Asha",
        lambda: EngagementScore.between(5, 20),
        lambda: F.between(1, 5),
        lambda: F.between(5, date(2026, 1, 1)),
        lambda: fields.Time("mx_A") == "09:30",
        lambda: Leads.page(2**31 - 1, 2**31 - 1),
        lambda: Leads.where(CreatedOn > NAIVE.replace(tzinfo=UTC)),
    ],
)
def test_what_the_messages_suggest_works(build: Callable[[], Any]) -> None:
    assert repr(build())


@pytest.mark.parametrize("name", ["where", "count", "describe", "to_payload"])
def test_a_method_in_place_of_its_result_is_to_be_called(name: str) -> None:
    with pytest.raises(QueryError, match=rf"method \.{name} itself; call it: \.{name}\(\)"):
        check(getattr(Leads.group_by("Source"), name, None) or getattr(Leads.select("Phone"), name))


@pytest.mark.parametrize("method", ["a query".upper, Path().exists])
def test_a_method_of_another_object_is_no_payload(method: Any) -> None:
    """The one is a function in C, the other one in Python."""
    [found] = check(method).diagnostics

    assert found.code == "LQ204"


@pytest.mark.parametrize(
    ("compute", "noun"),
    [
        (lambda: EngagementScore + EngagementScore, "a field"),
        (lambda: 1 - EngagementScore, "a field"),
        (lambda: EngagementScore / 2, "a field"),
        (lambda: abs(EngagementScore), "a field"),
        (lambda: round(EngagementScore, 2), "a field"),
        (lambda: sum([EngagementScore, EngagementScore]), "a field"),
        (lambda: EngagementScore.average() * 2, "an aggregate"),
        (lambda: (EngagementScore > 5) + (EngagementScore < 3), "a condition"),
        (lambda: users.Role + "x", "a user attribute"),
    ],
)
def test_nothing_is_computed_from_what_has_no_value(compute: Any, noun: str) -> None:
    with pytest.raises(QueryError) as caught:
        compute()

    assert str(caught.value) == (
        f"{noun} has no value before the API answers, so nothing is computed from it; compare it "
        "alone, or compute with the rows of client.run(query)"
    )


@pytest.mark.parametrize("join", [operator.and_, operator.or_])
def test_queries_are_not_joined(join: Any) -> None:
    low = Leads.where(EngagementScore < 5)
    for left, right in ((low, Leads), (low.select("Phone"), low)):
        with pytest.raises(QueryError, match="queries are not joined; join their conditions"):
            join(left, right)
