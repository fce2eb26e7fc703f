"""Queries for every report: the main one, and its siblings."""

from __future__ import annotations

from hypothesis import strategies as st

from leadquery import testing
from leadquery.query.base import BaseQuery
from leadquery.query.query import Query

every_query: st.SearchStrategy[Query] = testing.queries() | testing.queries(
    testing.sibling_reports()
)

any_query: st.SearchStrategy[BaseQuery] = (
    testing.any_queries() | testing.sibling_reports() | every_query
)
