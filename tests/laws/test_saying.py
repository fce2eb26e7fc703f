"""Law 3: the Python of a query builds the same query, and pickles restore it."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from hypothesis import given, strategies as st

import leadquery
from leadquery import Leads, fields, testing, users
from leadquery.expr import BaseField, Predicate
from leadquery.periods import Period
from leadquery.query.base import BaseQuery
from leadquery.query.decompile import to_module
from leadquery.query.query import Query
from tests.laws.reports import any_query, every_query

NAMES: dict[str, Any] = {
    **{name: getattr(leadquery, name) for name in leadquery.__all__ if name.startswith("Leads")},
    "users": users,
    **{field_type.__name__: field_type for field_type in fields.FIELD_TYPES},
    **fields.STANDARD,
}


def evaluated(text: str) -> Any:
    """The value of a Python expression."""
    return eval(text, {**NAMES, "Period": Period})


@given(any_query)
def test_the_repr_of_a_query_builds_it(query: BaseQuery) -> None:
    """Law 3: in any state."""
    built = evaluated(repr(query))

    assert built == query
    assert type(built) is type(query)
    assert repr(built) == repr(query)


@given(testing.conditions() | testing.user_conditions() | testing.periods())
def test_the_repr_of_a_part_builds_it(part: object) -> None:
    """Law 3: conditions on leads and users, and periods."""
    assert evaluated(repr(part)) == part
    assert repr(evaluated(repr(part))) == repr(part)


@given(testing.fields())
def test_the_repr_of_a_field_builds_it(field: BaseField[Any]) -> None:
    """Law 3."""
    built = evaluated(repr(field))

    assert (type(built), built.name) == (type(field), field.name)


@given(every_query)
def test_the_module_of_a_query_builds_it(query: Query) -> None:
    """Law 3: with only its own imports."""
    scope: dict[str, Any] = {}
    exec(query.to_python(), scope)  # noqa: S102 - our own text

    assert scope["query"] == query
    assert scope["query"].to_python() == query.to_python()


def test_ruff_has_nothing_to_change(tmp_path: Path) -> None:
    """Law 3: generated modules are formatted and their imports sorted."""
    files: dict[str, None] = {}

    @given(every_query)
    def collect(query: Query) -> None:
        files[to_module(query)] = None

    collect()
    for number, text in enumerate(files):
        (tmp_path / f"q{number}.py").write_text(text, "utf-8")

    assert changed(tmp_path, "format", "--diff") == ""
    assert changed(tmp_path, "check", "--select", "I", "--diff") == ""


def changed(folder: Path, *command: str) -> str:
    """The changes that ruff would make in a folder."""
    ruff = Path(sysconfig.get_path("scripts")) / "ruff"
    run = subprocess.run(
        [ruff, *command, "--isolated", "--no-cache", folder],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return run.stdout


@given(st.one_of(any_query, testing.conditions(), testing.user_conditions()))
def test_a_pickle_restores_an_equal_value(value: object) -> None:
    """Queries and conditions are values."""
    again = pickle.loads(pickle.dumps(value))

    assert again == value
    assert hash(again) == hash(value)
    assert repr(again) == repr(value)
    assert copy.deepcopy(value) == value


def test_standard_fields_and_attributes_are_singletons() -> None:
    """Pickling and copying return the same object."""
    standard = [*fields.STANDARD.values(), *users.STANDARD.values()]

    assert [field for field in standard if pickle.loads(pickle.dumps(field)) is not field] == []
    assert [field for field in standard if copy.deepcopy(field) is not field] == []


@given(testing.fields())
def test_a_custom_field_is_pickled_with_its_type(field: BaseField[Any]) -> None:
    """And with its name and label."""
    again = pickle.loads(pickle.dumps(field))

    assert (type(again), again.name, again.label) == (type(field), field.name, field.label)


@given(st.lists(testing.conditions(), max_size=3))
def test_a_pickled_query_keeps_its_fields(several: list[Predicate]) -> None:
    """Its Python stays the same."""
    query = Leads.where(*several).select("Phone")

    assert pickle.loads(pickle.dumps(query)).to_python() == query.to_python()
