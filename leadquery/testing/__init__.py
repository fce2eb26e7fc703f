"""For your own tests: Hypothesis strategies for questions, their parts, and payloads.

They walk the language, so they reach every operator, every kind of field, every form of a date and
every shape of a user filter. They need hypothesis: `pip install 'leadquery[testing]'`.

>>> from hypothesis import given
>>> from leadquery import from_payload, testing
>>> @given(testing.queries())
... def test_a_payload_reads_back(query):
...     assert from_payload(query.to_payload()) == query
>>> test_a_payload_reads_back()
"""

from leadquery.testing.moments import moments, periods
from leadquery.testing.payloads import payloads
from leadquery.testing.questions import queries, questions, user_conditions
from leadquery.testing.words import conditions, texts, values, words

__all__ = [
    "conditions",
    "moments",
    "payloads",
    "periods",
    "queries",
    "questions",
    "texts",
    "user_conditions",
    "values",
    "words",
]
