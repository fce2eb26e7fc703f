"""The law of engines: whatever is asked, the rows are those of a plain loop over the leads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, note, settings, strategies as st

from leadquery import Query
from leadquery.errors import PlanTooLargeError
from leadquery.result import Result
from leadquery.sql import Table
from tests.plain_loop import Lead, expected_rows, has_one_spelling, same_rows
from tests.plan.test_law import USERS, client_of, questions, tables, with_ids
from tests.sql.support import duckdb_table, postgres_table, sqlite_table

if TYPE_CHECKING:
    import psycopg

MakeTable = Callable[..., Table]

SHARE = settings(max_examples=200)
"""A share of the examples, each of which makes new tables."""

FULL = settings(max_examples=3_000)


def check_rows(make: MakeTable, query: Query[Any], rows: list[Lead], *, typed: bool) -> None:
    rows = with_ids(rows)
    note(repr(query))
    table = make(rows, USERS, typed_=typed)

    found = table.run(query).rows

    expected = expected_rows(query, rows, USERS)
    if not same_rows(query, found, expected):
        note(table.to_sql(query))
        note(f"{found}\n{expected}")
        raise AssertionError("the rows differ")
    assert has_one_spelling(query, found)


@pytest.mark.parametrize("make", [duckdb_table, sqlite_table])
@SHARE
@given(query=questions(), rows=tables, typed=st.booleans())
def test_rows_are_those_of_a_plain_loop(
    make: MakeTable, query: Query[Any], rows: list[Lead], typed: bool
) -> None:
    check_rows(make, query, rows, typed=typed)


@pytest.mark.parametrize("make", [duckdb_table, sqlite_table])
@SHARE
@given(query=questions(), rows=tables, typed=st.booleans())
def test_values_have_the_types_that_the_client_gives(
    make: MakeTable, query: Query[Any], rows: list[Lead], typed: bool
) -> None:
    # Interpolated in doubles, a quantile may be just beside a whole number.
    assume(not any("Quantile" in name for name in query.output.columns))
    rows = with_ids(rows)
    try:
        expected = client_of(rows).run(query, progress=False, on_change="ignore")
    except PlanTooLargeError:
        return

    found = make(rows, USERS, typed_=typed).run(query)
    assert types_of(found) == types_of(expected)


def types_of(result: Result) -> dict[str, Counter[str]]:
    """How many values of each type the columns of a result have."""
    return {
        name: Counter(type(row[name]).__name__ for row in result.rows) for name in result.columns
    }


@pytest.mark.slow
@pytest.mark.parametrize("make", [duckdb_table, sqlite_table])
@FULL
@given(query=questions(), rows=tables, typed=st.booleans())
def test_all_rows_are_those_of_a_plain_loop(
    make: MakeTable, query: Query[Any], rows: list[Lead], typed: bool
) -> None:
    check_rows(make, query, rows, typed=typed)


@SHARE
@given(query=questions(), rows=tables, typed=st.booleans())
def test_rows_of_postgres_are_those_of_a_plain_loop(
    postgres: psycopg.Connection, query: Query[Any], rows: list[Lead], typed: bool
) -> None:
    def make(*args: Any, **options: Any) -> Table:
        return postgres_table(postgres, *args, **options)

    check_rows(make, query, rows, typed=typed)


@pytest.mark.slow
@FULL
@given(query=questions(), rows=tables, typed=st.booleans())
def test_all_rows_of_postgres_are_those_of_a_plain_loop(
    postgres: psycopg.Connection, query: Query[Any], rows: list[Lead], typed: bool
) -> None:
    def make(*args: Any, **options: Any) -> Table:
        return postgres_table(postgres, *args, **options)

    check_rows(make, query, rows, typed=typed)
