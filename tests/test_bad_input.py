"""What a newcomer gets wrong: each a QueryError, at once, that says what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

import leadquery
from leadquery import LeadQueryError, QueryError, fields, periods

# Untyped: a type checker would refuse most of these lines before they run.
Leads: Any = leadquery.Leads
users: Any = leadquery.users
CreatedOn: Any = fields.CreatedOn
DoNotCall: Any = fields.DoNotCall
EngagementScore: Any = fields.EngagementScore
OwnerId: Any = fields.OwnerId
OwnerIdName: Any = fields.OwnerIdName
Phone: Any = fields.Phone
Source: Any = fields.Source
NAN = float("nan")
NAIVE = datetime(2026, 1, 31, 10)
NO_ZONE = (
    '{}: 2026-01-31 10:00:00 has no time zone; give tz="Asia/Kolkata", an aware datetime such as '
    "datetime(2026, 1, 1, tzinfo=timezone.utc), or text, which is read as UTC"
)
NO_DATE = "{} is no date; write '2026-01-31', '2026-01-31 12:00:00', a date or a datetime"
COMMA = "'a,b' holds a comma, which the API reads as 'one of'; write users.UserID.is_in([...])"
OPERATORS = [
    (
        lambda: Phone < "5",
        (
            "Phone is a Text field, and a Text field has no <; it has ==, !=, .is_in(), "
            ".contains(), .does_not_contain(), .has_data(), .has_no_data()"
        ),
    ),
    (
        lambda: EngagementScore.contains("5"),
        (
            "EngagementScore is a Number field, and a Number field has no .contains(); it has ==, "
            "!=, <, <=, >, >=, .is_in(), .between(), .has_data(), .has_no_data()"
        ),
    ),
    (
        lambda: OwnerIdName == "Asha",
        (
            "OwnerIdName is a column of the answer, which no filter is known to read; to try it "
            "all the same write Field('OwnerIdName')"
        ),
    ),
    (
        lambda: CreatedOn != "2026-01-31",
        (
            "CreatedOn != '2026-01-31' is two ranges joined by OR, which the API cannot say; "
            "ask for the days before and the days after in two queries"
        ),
    ),
]
VALUES = [
    (
        lambda: EngagementScore < NAN,
        "EngagementScore compares with a finite number, not nan",
    ),
    (
        lambda: EngagementScore == float("inf"),
        "EngagementScore compares with a finite number, not inf",
    ),
    (
        lambda: EngagementScore > "20",
        "EngagementScore compares with a number such as 20 or 0.5, not '20'",
    ),
    (
        lambda: EngagementScore == True,  # noqa: E712
        "EngagementScore compares with a number such as 20 or 0.5, not True",
    ),
    (lambda: DoNotCall == 1, "DoNotCall compares with True or False, not 1"),
    (lambda: Phone == 5, "Phone compares with text, not 5"),
    (
        lambda: Phone == None,  # noqa: E711
        (
            "Phone == None compares with nothing; for leads without data write "
            "Phone.has_no_data(), for leads with data Phone.has_data()"
        ),
    ),
    (
        lambda: Phone == "",
        (
            "Phone == '' compares with nothing; for leads without data write "
            "Phone.has_no_data(), for leads with data Phone.has_data()"
        ),
    ),
    (
        lambda: Source.is_in([]),
        (
            "Source.is_in([]) asks for none of the leads; give it at least one value, or leave the "
            "condition out"
        ),
    ),
    (
        lambda: Source.is_in("Web"),
        "is_in takes a list of values; write Source.is_in(['Web'])",
    ),
]
USERS = [
    (lambda: Leads.owned_by("a,b"), f"{COMMA} for several values"),
    (lambda: users.UserID == "a,b", f"{COMMA} for several values"),
    (
        lambda: Leads.owned_by(["a", "b"]),
        "owned_by takes ids or e-mail addresses as text, or user conditions, not ['a', 'b']",
    ),
    (
        lambda: users.Role.is_in("Sales_User"),
        "is_in takes a list of values; write users.Role.is_in(['Sales_User'])",
    ),
    (
        lambda: users.Role.is_in([]),
        "users.Role.is_in([]) names nobody; give it at least one value",
    ),
]
DATES = [
    (lambda: Leads.created_between(NAIVE, "2026-02-01"), NO_ZONE.format("start")),
    (lambda: Leads.created_between("2026-01-01", NAIVE), NO_ZONE.format("end")),
    (lambda: Leads.modified_since(NAIVE), NO_ZONE.format("start")),
    (
        lambda: Leads.created_between("2026-02-01", "2026-01-31"),
        (
            "start 2026-02-01 00:00:00 lies after end 2026-01-31 23:59:59 (UTC); "
            "write the earlier one first"
        ),
    ),
    (
        lambda: EngagementScore.between(20, 5),
        "EngagementScore.between(20, 5) ends before it starts; write between(5, 20)",
    ),
    (
        lambda: CreatedOn.between("2026-02-01", "2026-01-31"),
        (
            "CreatedOn.between('2026-02-01', '2026-01-31') ends before it starts; "
            "write between('2026-01-31', '2026-02-01')"
        ),
    ),
    (
        lambda: Leads.created_between("31/01/2026", "2026-02-01"),
        NO_DATE.format("start: '31/01/2026'"),
    ),
    (lambda: CreatedOn > "yesterday", NO_DATE.format("CreatedOn: 'yesterday'")),
    (
        lambda: Leads.created_between("2026-02-30", "2026-03-01"),
        "start: '2026-02-30' is not on the calendar; write a day and time that exist",
    ),
    (
        lambda: Leads.created_in("2026-01"),
        "give a period such as periods.last_month(), not '2026-01'",
    ),
    (
        lambda: Leads.created_between("2026-01-01", "2026-01-31", tz="Asia/Kolkatta"),
        "tz: 'Asia/Kolkatta' is no time zone; write 'Asia/Kolkata'",
    ),
    (
        lambda: Leads.created_between("2026-01-01", "2026-01-31", tz="IST"),
        "tz: 'IST' is no time zone; write a name such as 'Asia/Kolkata'",
    ),
    (
        lambda: periods.last_month(tz="asia/kolkata/"),
        "tz: 'asia/kolkata/' is no time zone; write 'Asia/Kolkata'",
    ),
]
SHOWN = [
    (
        lambda: Leads.select(*[]),
        "select names the columns to show; write select('FirstName', 'Phone')",
    ),
    (
        lambda: Leads.select("First Name"),
        "'First Name' is no schema name, which has no blank and no comma; write 'First', 'Name'",
    ),
    (
        lambda: Leads.select("Phone, mx_City"),
        (
            "'Phone, mx_City' is no schema name, which has no blank and no comma; "
            "write 'Phone', 'mx_City'"
        ),
    ),
    (
        lambda: Leads.select(" Phone"),
        "' Phone' is no schema name, which has no blank and no comma; write 'Phone'",
    ),
    (lambda: Leads.select(""), "'' names no field; write a schema name such as 'mx_City'"),
    (
        lambda: Leads.select(5),
        "name a field by its word or its schema name, not by 5",
    ),
    (
        lambda: Leads.select(fields.Field("a,b")),
        "'a,b' cannot stand in a list of columns, which commas part",
    ),
    (
        lambda: Leads.group_by("Owner Id"),
        "'Owner Id' is no schema name, which has no blank and no comma; write 'Owner', 'Id'",
    ),
    (
        lambda: Leads.group_by(OwnerIdName),
        "OwnerIdName is a column of the answer; group by a field such as OwnerId",
    ),
    (
        lambda: Leads.group_by(OwnerId).average(Phone),
        "Phone is a Text field; average takes a Number field, or an untyped Field(...)",
    ),
    (
        lambda: Leads.group_by(OwnerId).sum(Source),
        "Source is a Choice field; sum takes a Number field, or an untyped Field(...)",
    ),
    (lambda: Leads.page(0), "a page is a whole number from 1, not 0; write page(1, 100)"),
    (lambda: Leads.page(True), "a page is a whole number from 1, not True; write page(1, 100)"),
    (lambda: Leads.page(1, 0), "a size is a whole number from 1, not 0; write page(1, 100)"),
    (
        lambda: Leads.page("1"),
        "a page is a whole number from 1, not '1'; write page(1, 100)",
    ),
]
TABLE: list[tuple[Callable[[], Any], str]] = [*OPERATORS, *VALUES, *USERS, *DATES, *SHOWN]


@pytest.mark.parametrize(("build", "text"), TABLE, ids=[text[:60] for _, text in TABLE])
def test_bad_input_is_refused_with_what_to_write(build: Callable[[], Any], text: str) -> None:
    """The line that holds the mistake raises, with a text for who wrote it."""
    with pytest.raises(QueryError) as caught:
        build()

    assert str(caught.value) == text


@pytest.mark.parametrize("kind", [QueryError, LeadQueryError, ValueError])
def test_bad_input_is_caught_as_a_value_error(kind: type[Exception]) -> None:
    """Who knows nothing of leadquery's errors catches ValueError."""
    with pytest.raises(kind):
        Leads.page(0)


def test_a_comparison_of_dates_says_which_field() -> None:
    """In `where` there is no start and no end, so the text opens with the field."""
    with pytest.raises(QueryError) as caught:
        Leads.where(CreatedOn > NAIVE)

    assert str(caught.value).startswith("CreatedOn: 2026-01-31 10:00:00 has no time zone; ")


@pytest.mark.parametrize("text", [text for _, text in TABLE])
def test_a_refusal_is_one_plain_sentence(text: str) -> None:
    """No full stop, no line break, nothing that blames."""
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
    ],
)
def test_what_the_texts_propose_is_accepted(build: Callable[[], Any]) -> None:
    """Following a hint gets there."""
    assert repr(build())
