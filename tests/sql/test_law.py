"""The law of engines: whatever is asked, the rows are those of a plain loop over the leads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, note, strategies as st

from leadquery import Query
from leadquery.sql import Table
from tests.plain_loop import Lead, expected_rows, same_rows
from tests.plan.test_law import USERS, questions, tables, with_ids
from tests.sql.support import duckdb_table, sqlite_table


@pytest.mark.parametrize("make", [duckdb_table, sqlite_table])
@given(query=questions(), rows=tables, typed=st.booleans())
def test_rows_are_those_of_a_plain_loop(
    make: Callable[..., Table], query: Query[Any], rows: list[Lead], typed: bool
) -> None:
    rows = with_ids(rows)
    note(repr(query))
    table = make(rows, USERS, typed_=typed)
    note(table.to_sql(query))

    found = table.run(query).rows
    expected = expected_rows(query, rows, USERS)

    note(f"{found}\n{expected}")
    assert same_rows(query, found, expected)
