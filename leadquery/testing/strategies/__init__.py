"""Hypothesis strategies for questions, their parts, payloads right and wrong, and leads."""

from leadquery.testing.strategies.leads import leads
from leadquery.testing.strategies.moments import moments, periods
from leadquery.testing.strategies.payloads import payloads
from leadquery.testing.strategies.questions import queries, questions, user_conditions
from leadquery.testing.strategies.words import conditions, texts, values, words
from leadquery.testing.strategies.wrong import wrong_payloads

__all__ = [
    "conditions",
    "leads",
    "moments",
    "payloads",
    "periods",
    "queries",
    "questions",
    "texts",
    "user_conditions",
    "values",
    "words",
    "wrong_payloads",
]
