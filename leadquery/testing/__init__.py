"""For your own tests: a LeadSquared account without keys, and Hypothesis strategies.

With leadquery installed, pytest has the fixture `leadsquared`: an account in the same process that
answers calls and opens no connection (`FakeLeadSquared`).

The strategies draw every operator, field type, date form and shape of user filter. Both need
`pip install 'leadquery[testing]'`.

>>> from hypothesis import given
>>> from leadquery import from_payload, testing
>>> @given(testing.queries())
... def test_a_payload_reads_back(query):
...     assert from_payload(query.to_payload()) == query
>>> test_a_payload_reads_back()
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadquery.testing.fake_account import FakeLeadSquared
    from leadquery.testing.network import NetworkBlockedError
    from leadquery.testing.strategies import (
        aggregates,
        any_queries,
        conditions,
        fields,
        group_keys,
        invalid_payloads,
        leads,
        moments,
        payloads,
        periods,
        planned_queries,
        queries,
        sibling_reports,
        texts,
        user_conditions,
        values,
    )

__all__ = [
    "FakeLeadSquared",
    "NetworkBlockedError",
    "aggregates",
    "any_queries",
    "conditions",
    "fields",
    "group_keys",
    "invalid_payloads",
    "leads",
    "moments",
    "payloads",
    "periods",
    "planned_queries",
    "queries",
    "sibling_reports",
    "texts",
    "user_conditions",
    "values",
]

# The fixture does not load hypothesis, and the strategies do not load requests.
_SUBMODULES = {"FakeLeadSquared": "fake_account", "NetworkBlockedError": "network"}


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name not in __all__:
        raise AttributeError(f"module 'leadquery.testing' has no attribute {name!r}")
    return getattr(import_module(f"leadquery.testing.{_SUBMODULES.get(name, 'strategies')}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
