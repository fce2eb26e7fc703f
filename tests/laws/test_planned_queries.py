"""Queries of several keys, aggregates and local steps are values that say what they are."""

from __future__ import annotations

import copy
import pickle
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

from hypothesis import given, strategies as st

from leadquery import Leads, count, periods, testing
from leadquery.query.query import Query
from tests.laws.test_saying import NAMES, changed

SCOPE = {
    **NAMES,
    "count": count,
    "periods": periods,
    "timedelta": timedelta,
    "timezone": timezone,
}


@given(testing.planned_queries())
def test_the_repr_of_a_query_builds_it(query: Query) -> None:
    built = eval(repr(query), SCOPE)

    assert built == query
    assert hash(built) == hash(query)
    assert repr(built) == repr(query)


@given(testing.planned_queries())
def test_the_module_of_a_query_builds_it(query: Query) -> None:
    """With only its own imports."""
    scope: dict[str, Any] = {}
    exec(query.to_python(), scope)  # noqa: S102 - our own text

    assert scope["query"] == query
    assert scope["query"].to_python() == query.to_python()


@given(testing.planned_queries())
def test_a_pickle_restores_an_equal_query(query: Query) -> None:
    again = pickle.loads(pickle.dumps(query))

    assert again == query
    assert hash(again) == hash(query)
    assert repr(again) == repr(query)
    assert copy.deepcopy(query) == query


@given(testing.planned_queries(), testing.planned_queries())
def test_different_queries_have_different_sentences(one: Query, other: Query) -> None:
    assert (one.describe() == other.describe()) is (one == other)


@given(st.lists(testing.aggregates(), min_size=2, max_size=2))
def test_the_order_of_columns_matters(both: list[Any]) -> None:
    first, second = both

    forward = Leads.aggregate(a=first, b=second)
    backward = Leads.aggregate(b=second, a=first)

    assert forward != backward
    assert forward.describe() != backward.describe()
    assert forward.output.columns == ("a", "b")


def test_ruff_has_nothing_to_change(tmp_path: Path) -> None:
    """Generated modules are formatted and their imports sorted."""
    files: dict[str, None] = {}

    @given(testing.planned_queries())
    def collect(query: Query) -> None:
        files[query.to_python()] = None

    collect()
    for number, text in enumerate(files):
        (tmp_path / f"q{number}.py").write_text(text, "utf-8")

    assert changed(tmp_path, "format", "--diff") == ""
    assert changed(tmp_path, "check", "--select", "I", "--diff") == ""
