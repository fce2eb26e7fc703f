"""Random queries as JSON: each is refused with a suggestion, or drafted without an error."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import Any

from hypothesis import given, strategies as st

from leadquery import check
from leadquery.errors import PlanTooLargeError
from leadquery.lint.catalog import FieldCatalog
from leadquery.mcp.conditions import OPERATOR_NAMES, UNITS
from leadquery.mcp.drafts import Drafts
from leadquery.mcp.grammar import FUNCTIONS, KEYS
from leadquery.mcp.query_reader import read_query
from leadquery.mcp.refusals import MAX_MESSAGE, MOST_LISTED, RefusedCallError
from tests.mcp.accounts import demo_client

NAMES = ["Score", "Phone", "Source", "CreatedOn", "OwnerId", "DoNotCall", "OwnerIdName", "mx_City"]

junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
texts = st.sampled_from(["Web", "Delhi", "2026-01-31", "last_month", "50", "a,b", ""])
names = st.sampled_from(NAMES) | texts | junk
numbers = st.integers(-5, 200) | st.floats(-1, 1)
values = texts | numbers | st.booleans() | st.lists(texts | numbers, max_size=3) | junk


def mostly(likely: dict[str, Any], *required: str) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with some of the keys, and sometimes one that does not belong there."""
    needed = {key: likely[key] for key in required}
    others = {key: value for key, value in likely.items() if key not in required}
    return st.fixed_dictionaries(needed, optional={**others, "unknown": junk})


FITTING: dict[str, tuple[list[str], st.SearchStrategy[Any]]] = {
    "Score": (["==", "!=", "<", "<=", ">", ">="], st.integers(-5, 200)),
    "CreatedOn": (["<", "<=", ">", ">="], st.sampled_from(["2026-01-31", "2026-05-01 12:30:00"])),
    "Phone": (["==", "!=", "contains", "does_not_contain"], st.sampled_from(["98", "+91-1"])),
    "Source": (["is_in"], st.lists(st.sampled_from(["Web", "Fair"]), min_size=1)),
    "OwnerId": (["has_data", "has_no_data"], st.none()),
    "EngagementScore": (["between"], st.just([10, 20])),
    "LastVisitDate": (["during"], st.sampled_from(["2026", "last_month", "last_7_days"])),
    "DoNotCall": (["==", "!="], st.booleans()),
}
"""Operators and values that a field takes."""


@st.composite
def fitting(draw: st.DrawFn) -> dict[str, Any]:
    """A condition without a mistake."""
    name = draw(st.sampled_from([*FITTING]))
    names, values = FITTING[name]
    return {"field": name, "op": draw(st.sampled_from(names)), "value": draw(values)}


fitting_conditions = st.recursive(
    fitting(),
    lambda inner: (
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=2)})
        | st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=2)})
        | st.fixed_dictionaries({"not": inner})
    ),
    max_leaves=3,
)
fitting_queries = st.fixed_dictionaries(
    {"where": st.lists(fitting_conditions, min_size=1, max_size=2)},
    optional={
        "created": st.sampled_from(["2026-Q1", {"from": "2026-01-01"}]),
        "owners": st.just(["Aarav Roy"]),
        "tz": st.just("Asia/Kolkata"),
    },
).flatmap(
    lambda leads: st.sampled_from(
        [
            {**leads, "select": ["Phone", "Score"], "order_by": ["Score"], "limit": 5},
            {**leads, "select": ["ProspectID"]},
            {
                **leads,
                "group_by": ["OwnerId"],
                "having": {"column": "Count", "op": ">", "value": 1},
            },
            {**leads, "group_by": [{"field": "Score", "bins": [20, 50]}]},
            {**leads, "aggregate": ["count", {"function": "sum", "field": "Score"}]},
        ]
    )
)

operators = st.sampled_from(OPERATOR_NAMES) | texts | junk
leaves = mostly(
    {"field": names, "op": operators, "value": values}, "field", "op", "value"
) | mostly({"owner": texts | junk, "op": operators, "value": values}, "owner", "op", "value")
conditions = st.recursive(
    leaves,
    lambda inner: (
        st.fixed_dictionaries({"any": st.lists(inner, max_size=3)})
        | st.fixed_dictionaries({"all": st.lists(inner, max_size=3)})
        | st.fixed_dictionaries({"not": inner})
    ),
    max_leaves=4,
)
keys = names | mostly(
    {"field": names, "by": st.sampled_from(UNITS) | junk, "bins": st.lists(numbers) | junk}, "field"
)
aggregates = st.just("count") | mostly(
    {"function": st.sampled_from(FUNCTIONS) | junk, "field": names, "q": numbers},
    "function",
    "field",
)
columns = st.sampled_from(["Count", "Average_Score", "-Count", "Score desc"]) | names
periods = texts | junk | mostly({"from": texts, "to": texts})
queries = st.fixed_dictionaries(
    {},
    optional={
        "where": st.lists(conditions, max_size=3) | junk,
        "created": periods,
        "modified": periods,
        "select": st.lists(names, max_size=3),
        "group_by": st.lists(keys, max_size=2),
        "aggregate": st.lists(aggregates, max_size=2),
        "having": st.lists(
            mostly({"column": columns, "op": operators, "value": values}, "column", "op"),
            max_size=2,
        ),
        "order_by": st.lists(columns | mostly({"column": columns, "descending": st.booleans()})),
        "limit": st.integers(-1, 50) | junk,
        "owner_names": st.booleans() | junk,
        "tz": st.sampled_from(["UTC", "Asia/Kolkata", "IST"]) | junk,
    },
)


@cache
def catalog() -> FieldCatalog:
    return FieldCatalog.of(demo_client().lead_fields())


@given(query=queries)
def test_a_query_is_refused_with_a_suggestion_or_has_no_error(query: dict[str, Any]) -> None:
    """And nothing else is raised, whatever a model writes."""
    try:
        drafted(query)
    except RefusedCallError as error:
        lines = str(error).splitlines()
        assert len(lines) <= MOST_LISTED + 2
        assert all(len(line) <= MAX_MESSAGE + 200 for line in lines)


@given(query=fitting_queries)
def test_a_query_without_a_mistake_is_drafted(query: dict[str, Any]) -> None:
    with suppress(TooDearError):
        drafted(query)


class TooDearError(RefusedCallError):
    """A query without a mistake that takes too many requests."""


def drafted(query: dict[str, Any]) -> None:
    """Draft a query, whose requests then have no errors."""
    read = read_query(query, catalog(), demo_client().find_user)
    try:
        read.plan()
    except PlanTooLargeError:
        raise TooDearError from None
    draft = Drafts().add(read, catalog(), 0.0, query.get("tz"))
    assert set(query) <= set(KEYS)
    for step in draft.plan.steps:
        assert check(step.query.to_payload(), catalog()).ok
    assert draft.price.requests >= draft.plan.calls
