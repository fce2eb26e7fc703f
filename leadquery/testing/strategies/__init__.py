"""Hypothesis strategies for fields, conditions, queries, payloads and leads.

They are derived from the field types, the operators and the wire model, so a new operator is
drawn without a change here. Start reading at `queries.py` and `payloads.py`.
"""

from leadquery.errors import missing_dependency_error

try:
    import hypothesis  # noqa: F401
except ImportError:
    raise missing_dependency_error("leadquery.testing", "hypothesis", extra="testing") from None

from leadquery.testing.strategies.fields import (
    conditions,
    fields,
    leads,
    moments,
    periods,
    texts,
    values,
)
from leadquery.testing.strategies.mutations import invalid_payloads
from leadquery.testing.strategies.payloads import payloads
from leadquery.testing.strategies.queries import (
    aggregates,
    any_queries,
    group_keys,
    planned_queries,
    queries,
    sibling_reports,
    user_conditions,
)

__all__ = [
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
