"""Mistakes of beginners with dates: each a QueryError that says what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from leadquery import QueryError, periods
from tests.bad_input.untyped import CreatedOn, EngagementScore, F, Leads

NAIVE = datetime(2026, 1, 31, 10)
NO_ZONE = (
    '{}: 2026-01-31 10:00:00 has no time zone; give tz="Asia/Kolkata", an aware datetime such as '
    "datetime(2026, 1, 1, tzinfo=timezone.utc), or text, which is read as UTC"
)
NO_DATE = "{} is not a date; write '2026-01-31', '2026-01-31 12:00:00', a date or a datetime"
TABLE: list[tuple[Callable[[], Any], str]] = [
    (lambda: Leads.created_between(NAIVE, "2026-02-01"), NO_ZONE.format("start")),
    (lambda: Leads.created_between("2026-01-01", NAIVE), NO_ZONE.format("end")),
    (lambda: Leads.modified_since(NAIVE), NO_ZONE.format("start")),
    (
        lambda: Leads.created_between("2026-02-01", "2026-01-31"),
        (
            "start 2026-02-01 00:00:00 is after end 2026-01-31 23:59:59 (UTC); "
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
            'CreatedOn.between("2026-02-01", "2026-01-31") ends before it starts; '
            'write between("2026-01-31", "2026-02-01")'
        ),
    ),
    (
        lambda: F.between(date(2026, 1, 3), date(2026, 1, 2)),
        (
            'Field("mx_A").between(datetime.date(2026, 1, 3), datetime.date(2026, 1, 2)) ends '
            "before it starts; write between(datetime.date(2026, 1, 2), datetime.date(2026, 1, 3))"
        ),
    ),
    (
        lambda: F.between(5, 1),
        'Field("mx_A").between(5, 1) ends before it starts; write between(1, 5)',
    ),
    (
        lambda: CreatedOn != "2026-02-30",
        "CreatedOn: '2026-02-30' does not exist; write a day and time that exist",
    ),
    (
        lambda: Leads.created_since("2099-01-01", now="2026-03-15 20:00:00"),
        "start 2099-01-01 00:00:00 is in the future; now is 2026-03-15 20:00:00 (UTC)",
    ),
    (
        lambda: Leads.modified_since("2026-03-16", tz="Asia/Kolkata", now="2026-03-15 20:00:00"),
        "start 2026-03-15 18:30:00 is in the future; now is 2026-03-15 14:30:00 (UTC)",
    ),
    (
        lambda: Leads.created_between("31/01/2026", "2026-02-01"),
        "start: '31/01/2026' is not a date; write '2026-01-31'",
    ),
    (lambda: CreatedOn > "someday", NO_DATE.format("CreatedOn: 'someday'")),
    (
        lambda: CreatedOn > "yesterday",
        (
            "CreatedOn: 'yesterday' is not a date; write periods.yesterday(), in created_in(...), "
            "modified_in(...) or CreatedOn.during(...)"
        ),
    ),
    (
        lambda: Leads.created_between("2026-02-30", "2026-03-01"),
        "start: '2026-02-30' does not exist; write a day and time that exist",
    ),
    (
        lambda: Leads.created_in("2026-01"),
        'give a period such as periods.last_month(), not "2026-01"',
    ),
    (
        lambda: Leads.created_between("2026-01-01", "2026-01-31", tz="Asia/Kolkatta"),
        "tz: 'Asia/Kolkatta' is not a time zone; write 'Asia/Kolkata'",
    ),
    (
        lambda: Leads.created_between("2026-01-01", "2026-01-31", tz="IST"),
        "tz: 'IST' is not a time zone; write a name such as 'Asia/Kolkata'",
    ),
    (
        lambda: periods.last_month(tz="asia/kolkata/"),
        "tz: 'asia/kolkata/' is not a time zone; write 'Asia/Kolkata'",
    ),
]


@pytest.mark.parametrize(("build", "text"), TABLE, ids=[text[:60] for _, text in TABLE])
def test_bad_input_raises_with_what_to_write(build: Callable[[], Any], text: str) -> None:
    """At the line with the mistake."""
    with pytest.raises(QueryError) as caught:
        build()

    assert str(caught.value) == text


def test_a_comparison_of_dates_says_which_field() -> None:
    """The message starts with the field."""
    with pytest.raises(QueryError) as caught:
        Leads.where(CreatedOn > NAIVE)

    assert str(caught.value) == (
        "CreatedOn: 2026-01-31 10:00:00 has no time zone; write datetime(..., "
        "tzinfo=timezone.utc), or text, which is read as UTC; "
        "for another zone use CreatedOn.during(period)"
    )


@pytest.mark.parametrize("text", [text for _, text in TABLE])
def test_the_message_is_one_plain_sentence(text: str) -> None:
    """No full stop, no line break, no blame."""
    assert not text.endswith(".")
    assert "\n" not in text
    assert "invalid" not in text.lower()
    assert "error" not in text.lower()
