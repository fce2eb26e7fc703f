"""Sort keys that SQLite computes are those that Python computes."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from leadquery.emulator.collations import (
    AS_EXACT_TIMESTAMP,
    AS_NUMBER,
    AS_TEXT,
    AS_TIMESTAMP,
    Collation,
    key_literal,
)
from leadquery.emulator.storage import connect
from tests.emulator.strategies import TEXTS

COLLATIONS = [AS_TEXT, AS_NUMBER, AS_TIMESTAMP, AS_EXACT_TIMESTAMP]

USUAL = st.one_of(
    st.integers(-(10**10), 10**10).map(str),
    st.integers(0, 10**10).map("+{}".format),
    st.datetimes().map(lambda moment: str(moment.replace(microsecond=0))),
    st.sampled_from(["007", "-0", "1\n2", "2026-02-30 00:00:00", "2026-03-01 24:00:00", "0\0"]),
    st.sampled_from(["0000-01-01 00:00:00", "2026-03-01 00:00:00\n2026-03-01 00:00:00"]),
    st.sampled_from(TEXTS),
)


@pytest.mark.parametrize("collation", COLLATIONS)
@given(texts=st.lists(USUAL, max_size=3))
def test_sqlite_computes_the_keys_of_python(collation: Collation, texts: list[str]) -> None:
    """If it is said to."""
    if collation.is_computed(texts):
        for text in texts:
            key = collation.key(text)
            assert key is not None
            query = f"SELECT {collation.sql.format('?1')} = {key_literal(key)}"
            assert connect(":memory:").execute(query, [text]).fetchone() == (1,)


@pytest.mark.parametrize(
    ("collation", "text"),
    [
        (AS_TEXT, "Aarav@example.com"),
        (AS_NUMBER, "-123456789"),
        (AS_TIMESTAMP, "2026-03-01 23:59:59"),
        (AS_EXACT_TIMESTAMP, "2024-02-29 00:00:00"),
    ],
)
def test_sqlite_computes_the_keys_of_usual_texts(collation: Collation, text: str) -> None:
    assert collation.is_computed([text, text])


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_exact_in_sql(number: float) -> None:
    found = connect(":memory:").execute(f"SELECT {key_literal(number)}").fetchone()

    assert found == (number,)
