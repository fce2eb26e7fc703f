"""Mistakes of beginners with fields: each a QueryError that says what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, time
from typing import Any

import pytest

from leadquery import QueryError, fields
from tests.bad_input.untyped import (
    Choice,
    CreatedOn,
    DoNotCall,
    EngagementScore,
    F,
    OwnerId,
    OwnerIdName,
    Phone,
    Source,
)
from tests.plain import plain

NAN = float("nan")
NO_FILTER = (
    "OwnerIdName is a column of the result, which filters are not known to support; to try it "
    'anyway write Field("OwnerIdName")'
)
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
            "!=, <, <=, >, >=, .is_in(), .between(), .has_data(), .has_no_data(); its aggregates "
            "are .average(), .sum(), .min(), .max(), .median(), .quantile(), .count_distinct(); "
            "its group keys are .bins()"
        ),
    ),
    (
        lambda: OwnerId.contains("a"),
        (
            "OwnerId is an Identifier field, and an Identifier field has no .contains(); it has "
            "==, !=, .is_in(), .has_data(), .has_no_data(); its aggregates are .count_distinct()"
        ),
    ),
    (
        lambda: F.starts_with("a"),
        (
            'Field("mx_A") has no .starts_with(); it has ==, !=, <, <=, >, >=, .is_in(), '
            ".contains(), .does_not_contain(), .between(), .during(), .has_data(), "
            ".has_no_data(); its aggregates are .average(), .sum(), .min(), .max(), .median(), "
            ".quantile(), .count_distinct(); its group keys are .day(), .week(), .month(), "
            ".quarter(), .year(), .in_periods(), .bins()"
        ),
    ),
    (lambda: OwnerIdName == "Asha", NO_FILTER),
    (lambda: OwnerIdName < 5, NO_FILTER),
    (lambda: OwnerIdName.is_in(["Asha"]), NO_FILTER),
    (OwnerIdName.has_data, NO_FILTER),
    (
        lambda: CreatedOn != "2026-01-31",
        (
            'CreatedOn != "2026-01-31" is two ranges; write (CreatedOn < "2026-01-31") | '
            '(CreatedOn > "2026-01-31")'
        ),
    ),
]
VALUES = [
    (
        lambda: EngagementScore < NAN,
        (
            "EngagementScore < nan compares with nothing; for leads without data write "
            "EngagementScore.has_no_data(), for leads with data EngagementScore.has_data()"
        ),
    ),
    (
        lambda: EngagementScore == float("inf"),
        "EngagementScore compares with a finite number, not inf",
    ),
    (
        lambda: EngagementScore > "20",
        (
            "EngagementScore compares with a number such as 20 or 0.5, not '20'; "
            "write 20 without quotes"
        ),
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
            'Phone == "" compares with nothing; for leads without data write '
            "Phone.has_no_data(), for leads with data Phone.has_data()"
        ),
    ),
    (
        lambda: Phone.contains(""),
        (
            'Phone.contains("") looks for nothing; for leads without data write '
            "Phone.has_no_data(), for leads with data Phone.has_data()"
        ),
    ),
    (
        lambda: F.does_not_contain(None),
        (
            'Field("mx_A").does_not_contain(None) looks for nothing; for leads without data write '
            'Field("mx_A").has_no_data(), for leads with data Field("mx_A").has_data()'
        ),
    ),
    (
        lambda: Phone.contains(Source),
        (
            "Phone.contains(Source) compares a field with a field; "
            "the API compares fields with values only"
        ),
    ),
    (
        lambda: F < [5],
        (
            'Field("mx_A") compares with text, a number, True or False, a date or a time of day, '
            "not [5]"
        ),
    ),
    (
        lambda: F == [5],
        'Field("mx_A") == [5] asks for one of several values; write Field("mx_A").is_in([...])',
    ),
    (
        lambda: Source == ["Web", "Fair"],
        "Source == ['Web', 'Fair'] asks for one of several values; write Source.is_in([...])",
    ),
    (
        lambda: Source != ("Web", "Fair"),
        "Source != ('Web', 'Fair') asks for none of several values; write ~Source.is_in([...])",
    ),
    (
        lambda: CreatedOn == ["2026-01-31"],
        "CreatedOn == ['2026-01-31'] asks for one of several values; ask one query for each value",
    ),
    (
        lambda: DoNotCall != [True],
        "DoNotCall != [True] asks for none of several values; write one != for each value",
    ),
    (
        lambda: F < NAN,
        (
            'Field("mx_A") < nan compares with nothing; for leads without data write '
            'Field("mx_A").has_no_data(), for leads with data Field("mx_A").has_data()'
        ),
    ),
    (
        lambda: F == time(9, tzinfo=UTC),
        (
            'Field("mx_A") compares with a time of day written HH:MM or HH:MM:SS, without a zone, '
            "not datetime.time(9, 0, tzinfo=datetime.timezone.utc)"
        ),
    ),
    (
        lambda: F != date(2026, 1, 31),
        (
            'Field("mx_A") != datetime.date(2026, 1, 31) is two ranges; write '
            '(Field("mx_A") < datetime.date(2026, 1, 31)) | '
            '(Field("mx_A") > datetime.date(2026, 1, 31))'
        ),
    ),
    (
        lambda: F.during("2026-01"),
        'Field("mx_A").during takes a period such as periods.last_month(), not "2026-01"',
    ),
    (
        lambda: fields.Time("mx_A") == "2026",
        (
            'Time("mx_A") compares with a time of day written HH:MM or HH:MM:SS, without a zone, '
            "not '2026'"
        ),
    ),
    (
        lambda: Choice("mx_A", options="MBA"),
        'options are a list of texts; write options=["MBA"]',
    ),
    (
        lambda: Choice("mx_A", options=5),
        'options are a list of texts such as ["MBA", "BSc"], not 5',
    ),
    (
        lambda: Choice("mx_A", options=["a", 5]),
        'an option is text such as "MBA", not 5',
    ),
    (
        lambda: Source.is_in([]),
        (
            "Source.is_in([]) matches no lead; give it at least one value, or leave the "
            "condition out"
        ),
    ),
    (
        lambda: Source.is_in("Web"),
        'is_in takes a list of values; write Source.is_in(["Web"])',
    ),
]
TABLE: list[tuple[Callable[[], Any], str]] = [*OPERATORS, *VALUES]


@pytest.mark.parametrize(("build", "text"), TABLE, ids=[text[:60] for _, text in TABLE])
def test_bad_input_raises_with_what_to_write(build: Callable[[], Any], text: str) -> None:
    """At the line with the mistake."""
    with pytest.raises(QueryError) as caught:
        build()

    assert plain(caught.value) == text


@pytest.mark.parametrize("text", [text for _, text in TABLE])
def test_the_message_is_one_plain_sentence(text: str) -> None:
    """No full stop, no line break, no blame."""
    assert not text.endswith(".")
    assert "\n" not in text
    assert "invalid" not in text.lower()
    assert "error" not in text.lower()


@pytest.mark.parametrize(
    ("condition", "hint"),
    [
        (lambda: OwnerId == "u1, u2", 'OwnerId.is_in(["u1", "u2"])'),
        (lambda: OwnerId != "u1,u2,", 'OwnerId.is_in(["u1", "u2"])'),
        (lambda: OwnerId.is_in(["u1,u2", "u3"]), 'OwnerId.is_in(["u1", "u2"])'),
        (lambda: OwnerId.is_in("u1,u2"), 'OwnerId.is_in(["u1", "u2"])'),
        (lambda: OwnerId == ",", "OwnerId.is_in([...])"),
    ],
)
def test_an_id_has_no_comma(condition: Any, hint: str) -> None:
    with pytest.raises(QueryError) as caught:
        condition()

    assert str(caught.value).endswith(f"contains a comma, which no id has; write {hint}")
