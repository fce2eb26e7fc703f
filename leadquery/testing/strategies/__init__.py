"""Hypothesis strategies for questions, their parts, payloads right and wrong, and leads."""

from leadquery.testing.strategies.fields import conditions, fields, leads, texts, values
from leadquery.testing.strategies.moments import moments, periods
from leadquery.testing.strategies.mutations import invalid_payloads
from leadquery.testing.strategies.payloads import payloads
from leadquery.testing.strategies.queries import any_queries, queries, user_conditions

__all__ = [
    "any_queries",
    "conditions",
    "fields",
    "invalid_payloads",
    "leads",
    "moments",
    "payloads",
    "periods",
    "queries",
    "texts",
    "user_conditions",
    "values",
]
