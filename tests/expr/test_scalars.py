"""Values of numpy and pandas."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from leadquery.expr.field_types import (
    Boolean,
    Choice,
    DateTime,
    Field,
    Identifier,
    Number,
    Text,
    Time,
)
from tests.expr.support import one, refusal, sent

NUMBER: Any = Number("mx_A")
TRUTH: Any = Boolean("mx_A")
MOMENT: Any = DateTime("mx_A")
UNTYPED: Any = Field("mx_A")
FIELDS: list[Any] = [
    NUMBER,
    TRUTH,
    MOMENT,
    UNTYPED,
    Text("mx_A"),
    Choice("mx_A"),
    Identifier("mx_A"),
    Time("mx_A"),
]


class Unlike:
    """A value whose comparison fails."""

    def __ne__(self, other: object) -> bool:
        raise RuntimeError

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "Unlike()"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.float32(0.1), "0.1"),
        (np.float32(-2.5), "-2.5"),
        (np.float32(20), "20"),
        (np.float32(1e30), f"1{'0' * 30}"),
        (np.float16(0.1), "0.1"),
        (np.float64(0.1), "0.1"),
        (np.int8(5), "5"),
        (np.uint64(2**63), "9223372036854775808"),
    ],
)
@pytest.mark.parametrize("field", [NUMBER, UNTYPED])
def test_numbers_are_encoded_by_their_own_str(field: Any, value: Any, text: str) -> None:
    """A float32 of 0.1 is sent as 0.1."""
    assert sent(field == value) == [one("=", text)]


@pytest.mark.parametrize(("value", "text"), [(np.True_, "1"), (np.False_, "0")])
@pytest.mark.parametrize("field", [TRUTH, UNTYPED])
def test_booleans_are_encoded(field: Any, value: Any, text: str) -> None:
    assert sent(field == value) == [one("=", text)]


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        (NUMBER, np.True_, "a number such as 20 or 0.5"),
        (NUMBER, np.False_, "a number such as 20 or 0.5"),
        (NUMBER, np.complex64(1), "a number such as 20 or 0.5"),
        (NUMBER, np.datetime64(5, "ns"), "a number such as 20 or 0.5"),
        (NUMBER, Unlike(), "a number such as 20 or 0.5"),
        (NUMBER, np.float32(math.inf), "a finite number"),
        (TRUTH, np.int8(1), "True or False"),
        (TRUTH, np.float32(1), "True or False"),
        (MOMENT, np.float32(5), "a date such as '2026-01-31' or datetime.date(2026, 1, 31)"),
    ],
)
def test_values_of_another_type_are_rejected(field: Any, value: Any, expected: str) -> None:
    assert refusal(lambda: field == value) == f"{field!r} compares with {expected}, not {value!r}"


@pytest.mark.parametrize(
    "moment", ["2026-01-31", "2026-01-31T10:00", "2026-01-31T10:00:00.000000000"]
)
@pytest.mark.parametrize("field", [MOMENT, UNTYPED])
def test_a_datetime_without_a_zone_suggests_text(field: Any, moment: str) -> None:
    """A `datetime64` has no zone; a text is read as UTC."""
    value = np.datetime64(moment)

    assert refusal(lambda: field >= value) == (
        f"mx_A: {moment} has no time zone; write str(...) of it, which is read as UTC"
    )
    assert sent(MOMENT >= str(value))[0]["LookUpValue"].startswith("2026-01-31 ")


@pytest.mark.parametrize(
    "nothing",
    [
        math.nan,
        Decimal("NaN"),
        np.float32(math.nan),
        np.datetime64("NaT", "s"),
        pd.NaT,
        pd.NA,
    ],
    ids=repr,
)
@pytest.mark.parametrize("field", FIELDS, ids=repr)
def test_missing_values_are_rejected_as_none_is(field: Any, nothing: Any) -> None:
    """Such as pandas.NA."""
    line = f"{field!r} == {nothing!r}"

    assert refusal(lambda: field == nothing) == (
        f"{line} compares with nothing; for leads without data write {field!r}.has_no_data(), "
        f"for leads with data {field!r}.has_data()"
    )


def test_missing_values_in_lists_and_ranges_are_rejected() -> None:
    nothing = "nothing; for leads without data write"

    assert f"compares with {nothing}" in refusal(lambda: NUMBER.is_in([1, math.nan]))
    assert f"looks for {nothing}" in refusal(lambda: UNTYPED.contains(pd.NA))
    assert f"compares with {nothing}" in refusal(lambda: MOMENT.between(pd.NaT, "2026-01-31"))
