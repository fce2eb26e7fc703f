"""A set of seen values in bounded memory."""

from __future__ import annotations

from hypothesis import given, strategies as st

from leadquery.client.drift import MIN_TABLE_SIZE, BoundedHashSet


@given(st.lists(st.text("ab", max_size=3)))
def test_a_value_is_new_once(values: list[str]) -> None:
    seen, plain = BoundedHashSet(), set()

    for value in values:
        assert seen.add(value) is (value not in plain)
        plain.add(value)


def test_a_table_grows() -> None:
    """Without forgetting values."""
    seen = BoundedHashSet()

    assert all(seen.add(f"{n}") for n in range(20_000))
    assert not any(seen.add(f"{n}") for n in range(20_000))


def test_a_full_table_forgets_the_oldest_values() -> None:
    """It remembers at least half of its capacity."""
    seen = BoundedHashSet(max_size=MIN_TABLE_SIZE)
    size = MIN_TABLE_SIZE // 2

    assert all(seen.add(n) for n in range(1, 10 * size))
    assert not any(seen.add(n) for n in range(9 * size, 10 * size))
    assert seen.add(1)
    assert len(seen._table) == len(seen._old_table) == MIN_TABLE_SIZE


def test_values_in_the_same_slot_are_distinct() -> None:
    """They are compared by their whole hash."""
    seen = BoundedHashSet()

    assert [seen.add(n * MIN_TABLE_SIZE) for n in range(1, 9)] == [True] * 8
    assert [seen.add(n * MIN_TABLE_SIZE) for n in range(1, 9)] == [False] * 8
