"""Whatever the query, its statement is one that sqlglot reads, and writes as it is."""

from __future__ import annotations

import pytest
import sqlglot
from hypothesis import given, settings

from leadquery import Query
from leadquery.errors import UnsupportedQueryError
from leadquery.sql.dialects import DIALECTS
from leadquery.testing.strategies.queries import planned_queries, queries
from tests.plan.test_law import questions


@pytest.mark.parametrize("name", DIALECTS)
@settings(max_examples=50)
@given(query=queries() | planned_queries() | questions())
def test_a_statement_parses_back_to_itself(name: str, query: Query) -> None:
    try:
        statement = query.to_sql(name)
    except UnsupportedQueryError:
        # An operator on users that nobody has documented.
        return

    [parsed] = sqlglot.parse(statement, read=name)
    assert parsed is not None
    assert parsed.sql(name, pretty=True) == statement
