"""SQL out and in again is the same query."""

from __future__ import annotations

import warnings
from copy import copy
from typing import Any, Final

import pytest
from hypothesis import Phase, assume, given, note, settings, strategies as st

from leadquery import Query
from leadquery.expr.group_key import DateBucket
from leadquery.fields import ProspectID
from leadquery.query.leads import without_output
from leadquery.sql import from_sql
from tests.plain_loop import Lead, expected_rows, same_rows
from tests.plan.test_law import USERS, questions, tables, with_ids

DIALECTS: Final = ("duckdb", "postgres", "mysql", "bigquery", "snowflake", "spark")


PHASES: Final = (Phase.explicit, Phase.generate)
"""Without shrinking, which takes minutes: statements are parsed again for each attempt."""


def read(query: Query[Any], dialect: str) -> Query[Any]:
    """A query that is written as SQL and read again, which warns of nothing."""
    text = query.to_sql(dialect)
    note(text)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return from_sql(text, dialect)


def normal(query: Query[Any]) -> Query[Any]:
    """A query with its conditions as they are read: text in lower case, each of them once."""
    leads = without_output(query)
    plain = read(leads.select(ProspectID), "duckdb")
    changed = copy(query)
    for name in ("_joined", "_compounds", "dates", "users"):
        object.__setattr__(changed, name, getattr(plain, name))
    return changed


queries = questions().map(normal)


@settings(phases=PHASES)
@given(questions(), st.sampled_from(DIALECTS), tables)
def test_the_rows_are_the_same(query: Query[Any], dialect: str, rows: list[Lead]) -> None:
    """What SQL does not keep makes no difference to rows.

    That is the letter case of text, the spelling of a number in text, sort keys of equal rows, the
    order of a single row, and the page.
    """
    note(repr(query))
    plain = read(normal(query), dialect)
    note(repr(plain))
    rows = with_ids(rows)

    assert same_rows(query, expected_rows(plain, rows, USERS), expected_rows(query, rows, USERS))


@settings(phases=PHASES)
@given(queries, st.sampled_from(DIALECTS), st.sampled_from(DIALECTS))
def test_the_same_query(query: Query[Any], first: str, second: str) -> None:
    plain = read(query, first)

    assert read(plain, second) == plain


@pytest.mark.slow
@settings(max_examples=2_000, phases=PHASES)
@given(queries)
def test_the_same_query_in_every_dialect(query: Query[Any]) -> None:
    plain = read(query, "duckdb")

    for dialect in DIALECTS:
        assert read(plain, dialect) == plain


OTHERS: Final = ("sqlite", "redshift", "databricks", "trino", "clickhouse", "tsql", "oracle")

WITHOUT_ZONES: Final = ("sqlite", "tsql")
"""Engines for which the offsets of a time zone are written, from which it is not known."""


@settings(phases=PHASES)
@given(queries, st.sampled_from(OTHERS))
def test_other_dialects(query: Query[Any], dialect: str) -> None:
    plain = read(query, "duckdb")
    keys = getattr(plain.output, "keys", ())
    has_zone = any(isinstance(key, DateBucket) and key.tz for key in keys)
    assume(not has_zone or dialect not in WITHOUT_ZONES)

    assert read(plain, dialect) == plain
