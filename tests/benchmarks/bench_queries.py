"""The cost of building and serializing a query, compared with the literal payload."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any

import pytest

from leadquery import Leads
from leadquery.expr.field_types import Number

from .workloads import built, literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from leadquery import LeadSet
    from leadquery.expr import Predicate

    from .conftest import Compare, Note


def test_a_query_beside_its_literal(compare: Compare) -> None:
    """The sample query."""
    assert built() == literal()

    compare("build a query and write it / json.dumps", ours=built, floor=literal, target=2.5)


def _at_once(conditions: list[Predicate]) -> LeadSet:
    return Leads.where(*conditions)


def _one_at_a_time(conditions: list[Predicate]) -> LeadSet:
    query = Leads
    for condition in conditions:
        query = query.where(condition)
    return query


def _chained(conditions: list[Predicate]) -> LeadSet:
    return Leads.where(reduce(and_, conditions))


@pytest.mark.parametrize("build", [_at_once, _one_at_a_time, _chained])
@pytest.mark.parametrize("count", [1_000, 10_000])
def test_many_filters(
    build: Callable[[list[Predicate]], LeadSet], count: int, benchmark: Any, note: Note
) -> None:
    """The cost of each filter among few and among many."""
    field = Number("mx_Deal_Value")
    conditions = [field != number for number in range(count)]
    query = benchmark.pedantic(build, (conditions,), rounds=3 if build is _at_once else 1)

    assert len(query.filters) == count
    name = build.__name__.strip("_").replace("_", " ")
    each = benchmark.stats.stats.median / count
    note(f"{count:,} filters, {name}", f"{each * 1e6:7.2f} µs a filter")
