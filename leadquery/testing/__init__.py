"""For your own tests: an account without keys, and Hypothesis strategies.

With pytest, the fixture `leadsquared` is there as soon as leadquery is installed: an account in
this process, which opens no socket. (See `FakeLeadSquared`)

The strategies walk the language, so they reach every operator, every kind of field, every form of
a date and every shape of a user filter. Both need `pip install 'leadquery[testing]'`.

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
    from leadquery.testing.no_network import NetworkBlockedError
    from leadquery.testing.strategies import (
        any_queries,
        conditions,
        fields,
        invalid_payloads,
        leads,
        moments,
        payloads,
        periods,
        queries,
        texts,
        user_conditions,
        values,
    )

__all__ = [
    "FakeLeadSquared",
    "NetworkBlockedError",
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

# The fixture loads no hypothesis, and the strategies no HTTP.
_SUBMODULES = {"FakeLeadSquared": "fake_account", "NetworkBlockedError": "no_network"}


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name not in __all__:
        raise AttributeError(f"module 'leadquery.testing' has no attribute {name!r}")
    return getattr(import_module(f"leadquery.testing.{_SUBMODULES.get(name, 'strategies')}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
