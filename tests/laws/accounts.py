"""Leads and users that a query may match, built from the values in the query."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from leadquery.emulator import Emulator
from leadquery.errors import UnsupportedQueryError
from leadquery.query.query import Query
from leadquery.wire.enums import SEPARATOR, DateField

Rows = list[dict[str, Any]]

IDS = ("u1", "u2", "u3")
# Each field type can decode some of these, none all of them.
USUAL = ("a", "ab", "1", "20", "-3.5", "2026-01-31 12:00:00", "09:30:00", "", None)
_DATES = {DateField.CREATED: "CreatedOn", DateField.MODIFIED: "ModifiedOn"}


def _pools(query: Query) -> dict[str, list[Any]]:
    """The values in a query's filters, by field, and values close to them."""
    pools: dict[str, list[Any]] = {}
    for one in query.filters:
        named = getattr(one, "values", None) or getattr(one, "value", None) or ()
        texts = [named] if isinstance(named, str) else [*named]
        pools.setdefault(one.name, []).extend([*texts, *texts, *(f"{text}a" for text in texts)])
    for dates in query.dates:
        second = timedelta(seconds=1)
        inside = [dates.start, dates.end]
        beside = [inside[0] - second] if dates.start.year > 1 else []
        pools.setdefault(_DATES[dates.field], []).extend([*inside, *beside])
    return {name: [*values, *values, *USUAL] for name, values in pools.items()}


def _attributes(query: Query) -> dict[str, list[Any]]:
    pools: dict[str, list[Any]] = {}
    for group in () if query.users is None else query.users.groups:
        for one in group:
            pools.setdefault(one.name, []).extend([*one.value.split(SEPARATOR), one.value, "a"])
    return pools


def _rows(pools: dict[str, list[Any]], most: int) -> st.SearchStrategy[Rows]:
    return st.lists(
        st.fixed_dictionaries({name: st.sampled_from(pool) for name, pool in pools.items()}),
        max_size=most,
    )


@st.composite
def accounts(draw: st.DrawFn, *queries: Query) -> tuple[Rows, Rows]:
    """Leads and users, some of which match some of the queries."""
    users: dict[str, list[Any]] = {"UserID": [*IDS]}
    leads: dict[str, list[Any]] = {"OwnerId": [*IDS, None]}
    for query in queries:
        for pool, found in ((users, _attributes(query)), (leads, _pools(query))):
            for name, values in found.items():
                pool.setdefault(name, []).extend(values)
    leads["OwnerId"] += [one for one in users["UserID"] if one]
    rows = draw(_rows({**leads, "ProspectID": ["same"]}, 6))
    numbered = [{**row, "ProspectID": f"p{number}"} for number, row in enumerate(rows)]
    return numbered, draw(_rows(users, 3))


def answered(emulator: Emulator, query: Query) -> dict[str, Any] | None:
    """The result of the mock API, or None if it does not support a user operator."""
    try:
        return emulator.answer(query.to_payload())
    except UnsupportedQueryError:
        return None
