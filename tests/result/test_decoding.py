"""Decoding rows by field type; values that cannot be decoded are kept."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, strategies as st

from leadquery import Client, Leads
from leadquery.emulator import Emulator
from leadquery.expr import BaseField
from leadquery.expr.field_types import Boolean, Date, Field, Number, Text, Time
from leadquery.fields import CreatedOn, DoNotCall, Score
from leadquery.query.query import Query
from leadquery.result import build_result
from leadquery.result.decode import decoder_for
from leadquery.result.serialize import json_row, to_text

UTC = timezone.utc


def read(field: BaseField[Any] | str, value: Any) -> Any:
    """The decoded value of a list's only column."""
    name = field.name if isinstance(field, BaseField) else field
    (row,) = build_result(Leads.select(field), [{name: value}], 1)
    return next(iter(row.values()))


NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (Score, "7", 7),
        (Score, "-7", -7),
        (Score, "007", 7),
        (Score, "7.0", 7.0),
        (Score, "0.50", 0.5),
        (Score, ".5", 0.5),
        (Score, "1e3", 1000.0),
        (Score, "9" * 30, int("9" * 30)),
        (Score, "9" * 401, "9" * 401),
        (Score, "1e999", "1e999"),
        (Score, "nan", "nan"),
        (Score, "1_000", "1_000"),
        (Score, "1,000", "1,000"),
        (Score, "\u0667", "\u0667"),
        (Score, " 7", " 7"),
        (Score, "", None),
        (Score, None, None),
        (Score, 7, 7),
        (Score, 7.5, 7.5),
        (CreatedOn, "2026-01-31 12:00:00", NOON),
        (CreatedOn, "2026-01-31 12:00:00.000", NOON),
        (CreatedOn, "2026-01-31 12:00:00.5", NOON + timedelta(seconds=0.5)),
        (CreatedOn, "2026-01-31T17:30:00+05:30", NOON),
        (CreatedOn, "2026-01-31T12:00:00Z", NOON),
        (CreatedOn, "2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        (CreatedOn, "0001-01-01T00:00:00+05:30", "0001-01-01T00:00:00+05:30"),
        (CreatedOn, "2026-02-30 00:00:00", "2026-02-30 00:00:00"),
        (CreatedOn, "20260131", "20260131"),
        (CreatedOn, "soon", "soon"),
        (CreatedOn, "", None),
        (DoNotCall, "1", True),
        (DoNotCall, "0", False),
        (DoNotCall, "True", True),
        (DoNotCall, "false", False),
        (DoNotCall, "", None),
        (DoNotCall, "yes", "yes"),
        ("Phone", "0123", "0123"),
        ("Phone", "", ""),
        ("mx_Deal", "7", "7"),
        (Number("mx_Deal"), "7", 7),
        (Date("mx_Born"), "2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        (Boolean("mx_Paid"), "1", True),
        (Text("mx_Deal"), "7", "7"),
        (Field("mx_Deal"), "7", "7"),
        (Time("mx_At"), "12:00:00", "12:00:00"),
        (Text("Score"), "7", 7),
    ],
)
def test_strings_are_decoded_by_field_type(
    field: BaseField[Any] | str, text: Any, value: Any
) -> None:
    """Of standard fields, and of those in the query."""
    found = read(field, text)

    assert (found, type(found)) == (value, type(value))
    if isinstance(found, datetime):
        assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("query", "value"),
    [
        (Leads.where(Number("mx_Deal") > 1).select("mx_Deal"), 7),
        (Leads.where(Number("mx_Deal") > 1).select("mx_Deal").page(2), 7),
        (Leads.select(Number("mx_Deal")).where(Score > 1).page(2), 7),
        (Leads.group_by(Number("mx_Deal")).page(2).where(Score > 1).count(), 7),
        (Leads.group_by("mx_Deal").count(), "7"),
    ],
)
def test_fields_of_the_query_set_column_types(query: Query, value: Any) -> None:
    """In conditions, columns and groups."""
    assert build_result(query, [{"mx_Deal": "7"}], 1)[0]["mx_Deal"] == value


def test_field_types_do_not_change_the_payload() -> None:
    """Queries with the same payload are equal."""
    typed, plain = Leads.select(Number("mx_Deal")), Leads.select("mx_Deal")

    assert (typed, hash(typed)) == (plain, hash(plain))


def test_rows_have_the_requested_columns() -> None:
    """In order; a missing one is None, an additional one is kept."""
    (row,) = build_result(Leads.select("A", "B", Score), [{"X": 1, "B": "b"}], 1)

    assert list(row.items()) == [("A", None), ("B", "b"), ("Score", None), ("X", 1)]


def test_results_of_the_emulator_are_decoded() -> None:
    """Through a client."""
    leads = [{"Score": 7, "CreatedOn": NOON, "DoNotCall": True, "mx_Deal": 0.5}]
    client = Client("api.example.com", "key", "secret", Emulator(leads).session())
    query = Leads.select(Score, CreatedOn, DoNotCall, Number("mx_Deal"))

    row = {"Score": 7, "CreatedOn": NOON, "DoNotCall": True, "mx_Deal": 0.5}

    assert list(client.run_page(query)) == list(client.run(query)) == [row]
    assert next(client.rows(query)) == row


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        (7, "7"),
        (True, "1"),
        (False, "0"),
        (0.5, "0.5"),
        (7.0, "7"),
        (1e22, "10000000000000000000000"),
        (1.5e-7, "0.00000015"),
        (-0.0, "0"),
        (float("nan"), "nan"),
        (NOON, "2026-01-31 12:00:00"),
        (NOON + timedelta(microseconds=1500), "2026-01-31 12:00:00.0015"),
        (NOON.astimezone(timezone(timedelta(hours=5.5))), "2026-01-31 12:00:00"),
        (datetime(2026, 1, 31, 12), "2026-01-31 12:00:00"),
        ([1, {"a": None}], '[1, {"a": null}]'),
        (None, "None"),
    ],
)
def test_values_format_as_the_api_does(value: Any, text: str) -> None:
    """Datetimes in UTC, plain decimals, booleans as 1 and 0."""
    assert to_text(value) == text


TEXTS = st.one_of(
    st.text(max_size=12),
    st.from_regex(r"[-+]?[0-9]{0,4}\.?[0-9]{0,3}(e[0-9])?", fullmatch=True),
    st.datetimes().map(str),
    st.datetimes(timezones=st.timezones()).map(datetime.isoformat),
    st.sampled_from(["1", "0", "true", ""]),
    st.none(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
)


@given(TEXTS, st.sampled_from([Score, CreatedOn, DoNotCall, Text("A"), Field("A")]))
def test_decoded_values_decode_to_themselves(text: Any, field: BaseField[Any]) -> None:
    """Rows stored as JSON round-trip."""
    query = Leads.select(field)
    (row,) = build_result(query, [{field.name: text}], 1)

    (again,) = decoder_for(query).decode([json_row(row)])

    assert again == row
    assert list(map(type, again.values())) == list(map(type, row.values()))
