"""How texts, numbers and dates compare, and what counts as no data."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from leadquery.emulator import Emulator
from leadquery.emulator.storage import BATCH_SIZE
from leadquery.expr import BaseField, Choice, Date, Field, Number, Text
from leadquery.fields import CreatedOn
from leadquery.wire.enums import AggregateFunction, DateField, OutputType
from leadquery.wire.model import AggregateOutput, DateRange
from tests.emulator.payloads import found, lead_filter, leads_of, list_of, moment, payload

NAIVE = datetime(2026, 1, 5, 10, 0, 0, 999)


@pytest.mark.parametrize(
    ("stored", "token", "value", "meets"),
    [
        ("Pune", "=", "PUNE", True),
        ("ß", "=", "SS", True),
        ("İ", "=", "i̇", True),
        ("é", "=", "e\u0301", False),
        ("Pune", "=", "Pune ", False),
        ("a\0b", "=", "a", False),
        ("a\0b", "=", "A\0B", True),
        ("\ud800", "=", "\ud800", True),
        ("\ud800", "=", "\ud801", False),
        ("Pune", "<>", "pune", False),
        ("Pune", "<>", "Delhi", True),
        ("b", ">", "A", True),
        ("\U0001f600", ">", "\uffff", True),
        ("a", "<", "B", True),
        ("a", ">=", "A", True),
        ("a", "<=", "A", True),
        ("100%", "lik", "%", True),
        ("100", "lik", "%", False),
        ("a_c", "lik", "_C", True),
        ("abc", "lik", "a_c", False),
        ("a\0b", "lik", "\0B", True),
        ("STRASSE", "lik", "aß", True),
        ("Pune", "nlik", "UN", False),
        ("Pune", "nlik", "x", True),
        ("x'); DROP TABLE leads; --", "lik", "'); drop table leads", True),
    ],
)
def test_text_compares_without_regard_to_case(
    stored: str, token: str, value: str, meets: bool
) -> None:
    """By Unicode casefold and code points; contains is literal."""
    emulator = Emulator(leads_of("FirstName", stored))

    assert found(emulator, lead_filter("FirstName", token, value)) == ["a"] * meets


@pytest.mark.parametrize(
    ("stored", "token", "value", "meets"),
    [
        ("10", ">", "9", True),
        ("1.0", "=", "1", True),
        ("+1", "=", "1e0", True),
        (".5", "=", "0.5", True),
        ("-0", "=", "0", True),
        ("-2", "<", "-1", True),
        ("-1", "<", "0", True),
        ("5e-324", ">", "0", True),
        ("0.1", "<>", "0.10", False),
        ("9007199254740993", "=", "9007199254740992", True),
        ("1", "=", "one", False),
        ("1", "<>", "one", False),
        ("1", ">", "\u0661", False),
        ("1E1", "lik", "e", True),
        ("1.50", "lik", "50", True),
        ("15", "nlik", "5", False),
        ("15", "nlik", "x", True),
        ("10", "def", "", True),
    ],
)
def test_numbers_compare_as_doubles(stored: str, token: str, value: str, meets: bool) -> None:
    """Contains searches the text; other texts match nothing."""
    emulator = Emulator(leads_of("Score", stored))
    chosen = lead_filter("Score", token, *filter(None, [value]))

    assert found(emulator, chosen) == ["a"] * meets


@pytest.mark.parametrize(
    ("stored", "token", "value", "meets"),
    [
        ("2026-01-05 10:00:00", "=", "2026-01-05T15:30:00+05:30", True),
        ("2026-01-05T10:00:00.999Z", "=", "2026-01-05 10:00:00", True),
        ("2026-01-05", "=", "2026-01-05 00:00:00", True),
        ("20260105", "<", "2026-01-05 00:00:01", True),
        ("2026-01-05 10:00:00", ">", "2026-01-05 10:00:00.5", False),
        ("0999-01-01 00:00:00", "<", "2026-01-01 00:00:00", True),
        ("2026-01-05 10:00:00", "<>", "yesterday", False),
        ("2026-01-05T10:00:00Z", "lik", "t10", True),
        ("2026-01-05 10:00:00", "nlik", "2025", True),
    ],
)
def test_dates_compare_as_times_in_utc(stored: str, token: str, value: str, meets: bool) -> None:
    """To the second."""
    emulator = Emulator(leads_of("CreatedOn", stored))

    assert found(emulator, lead_filter("CreatedOn", token, value)) == ["a"] * meets


@pytest.mark.parametrize(
    ("field", "stored"),
    [
        ("FirstName", None),
        ("FirstName", ""),
        ("Score", "n/a"),
        ("Score", "\u0661"),
        ("Score", "1_0"),
        ("Score", " 1"),
        ("Score", "5."),
        ("Score", "nan"),
        ("Score", "inf"),
        ("Score", "1e309"),
        ("DoNotCall", "yes"),
        ("DoNotCall", "10"),
        ("CreatedOn", "2026-02-30"),
        ("CreatedOn", "0001-01-01T00:00:00+14:00"),
        ("CreatedOn", "\u0662\u0660\u0662\u0666-01-01"),
        ("Nobody_Has", None),
    ],
)
def test_leads_without_data_match_no_comparison(field: str, stored: str | None) -> None:
    """Empty and unreadable values are no data: only `ndef` finds them."""
    emulator = Emulator(leads_of(field, stored))
    tokens = ("=", "<>", "<", ">", "<=", ">=", "lik", "nlik", "in")

    assert not any(found(emulator, lead_filter(field, token, "1")) for token in tokens)
    assert found(emulator, lead_filter(field, "def")) == []
    assert found(emulator, lead_filter(field, "ndef")) == ["a"]


def test_membership_matches_any_value() -> None:
    """Values that the field's type cannot read are skipped."""
    emulator = Emulator(leads_of("Score", 1, 2, 3, None))

    assert found(emulator, lead_filter("Score", "in", "3.0", "x", "1")) == ["a", "c"]
    assert found(emulator, lead_filter("Score", "in", "x")) == []


@pytest.mark.parametrize(
    ("values", "fields", "matches"),
    [
        (["10", "9"], [], ["a"]),
        (["10", "9", "x"], [], ["c"]),
        (["10", "9", "", None], [], ["a"]),
        (["10", "9"], [Field("mx_A")], ["a"]),
        (["10", "9"], [Text("mx_A")], []),
        (["10", "9"], [Choice("mx_A")], []),
        (["10", "9", "x"], [Number("mx_A")], ["a"]),
        (["10", "9"], [Date("mx_A")], []),
    ],
)
def test_the_type_of_an_own_field_is_given_or_inferred(
    values: list[str | None], fields: list[BaseField[Any]], matches: list[str]
) -> None:
    """A custom field is a number if all its values are."""
    emulator = Emulator(leads_of("mx_A", *values), fields=fields)

    assert found(emulator, lead_filter("mx_A", ">", "9.5")) == matches


def test_a_late_text_turns_a_number_field_into_text() -> None:
    """Rows loaded as numbers then compare as text."""
    many = [{"mx_A": "7"}] * 2_000
    emulator = Emulator([*leads_of("mx_A", *["1E1"] * 3), *many, {"mx_A": "x"}])

    assert found(emulator, lead_filter("mx_A", "=", "10")) == []
    assert found(emulator, lead_filter("mx_A", "=", "1e1")) == ["a", "b", "c"]


def test_a_standard_field_keeps_its_type() -> None:
    """Even if `fields` gives another."""
    emulator = Emulator(leads_of("Score", 10, 9), fields=[Text("Score")])

    assert found(emulator, lead_filter("Score", ">", "9")) == ["a"]


def test_date_filters_are_joined_by_and_and_include_both_ends() -> None:
    """Fractions of seconds are dropped first."""
    leads = [
        {
            "ProspectID": "a",
            "CreatedOn": "2026-01-01 00:00:00",
            "ModifiedOn": "2026-01-02 00:00:00",
        },
        {"ProspectID": "b", "CreatedOn": "2026-01-02 23:59:59.9", "ModifiedOn": "2026-01-03"},
        {"ProspectID": "c", "CreatedOn": "2026-01-03 00:00:00", "ModifiedOn": "2026-01-03"},
        {"ProspectID": "d", "CreatedOn": "", "ModifiedOn": "2026-01-03"},
    ]
    created = DateRange(
        DateField.CREATED, moment("2026-01-01 00:00:00"), moment("2026-01-02 23:59:59")
    )
    modified = DateRange(
        DateField.MODIFIED, moment("2026-01-03 00:00:00"), moment("2026-01-04 00:00:00")
    )
    emulator = Emulator(leads)

    assert found(emulator, dates=[created]) == ["a", "b"]
    assert found(emulator, dates=[created, modified]) == ["b"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Pune", "Pune"),
        (True, "1"),
        (False, "0"),
        (0, "0"),
        (-12, "-12"),
        (20.0, "20"),
        (0.1, "0.1"),
        (1e22, "10000000000000000000000"),
        (1e-7, "0.0000001"),
        (Decimal("12.5"), "12.5"),
        (Decimal("1E+3"), "1000"),
        (NAIVE, "2026-01-05 10:00:00"),
        (datetime(2026, 1, 5, 10, tzinfo=UTC), "2026-01-05 10:00:00"),
        (datetime(2026, 1, 5, 10, tzinfo=timezone(timedelta(hours=5))), "2026-01-05 05:00:00"),
        (date(2026, 1, 5), "2026-01-05 00:00:00"),
        (time(9, 5, 1, 2), "09:05:01"),
        (None, None),
        ("", None),
        ("\ud800\0", "\ud800\0"),
    ],
)
def test_python_values_become_text(value: object, text: str | None) -> None:
    """Lists return them in the API's format."""
    emulator = Emulator(leads_of("mx_A", value))

    result = emulator.answer(payload(list_of("mx_A")))

    assert result == {"TotalCount": "1", "Results": [{"mx_A": text}]}


def test_fields_name_columns() -> None:
    """Keys of leads may be fields."""
    emulator = Emulator([{CreatedOn.name: "2026-01-05 10:00:00"}])

    result = emulator.answer(payload(list_of(CreatedOn.name)))

    assert result["Results"] == [{"CreatedOn": "2026-01-05 10:00:00"}]


@pytest.mark.parametrize(
    ("values", "groups"),
    [
        (["true", "1", "False", "0"], [2, 2]),
        (["1"] * BATCH_SIZE + ["true", "False"], [BATCH_SIZE + 1, 1]),
        (["TRUE", "true", "2"], [2, 1]),
        (["true", "1", "no"], [1, 1, 1]),
        (["true"] * BATCH_SIZE + ["1", "2"], [BATCH_SIZE, 1, 1]),
        (["1"] * BATCH_SIZE + ["2", "true"], [BATCH_SIZE, 1, 1]),
    ],
)
def test_a_field_of_unknown_type_may_be_a_checkbox(values: list[str], groups: list[int]) -> None:
    """It is one if all of its values are true or false."""
    emulator = Emulator([{"mx_Flag": value} for value in values])
    output = AggregateOutput(OutputType.AGGREGATE, "mx_Flag", AggregateFunction.COUNT, "mx_Flag")

    rows = emulator.answer(payload(output))["Results"]

    assert [row["Count"] for row in rows] == groups
