"""Law 3: what a query says of itself builds it again; and a pickle is what was pickled."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from hypothesis import given, strategies as st

from leadquery import Leads, fields, testing, users
from leadquery.expr import BaseField, Predicate
from leadquery.periods import Period
from leadquery.query.base import BaseQuery
from leadquery.query.decompile import to_module
from leadquery.query.query import Query

NAMES: dict[str, Any] = {
    "Leads": Leads,
    "users": users,
    **{kind.__name__: kind for kind in fields.FIELD_TYPES},
    **fields.STANDARD,
}


def said(text: str) -> Any:
    """What an expression of the language builds."""
    return eval(text, {**NAMES, "Period": Period})


@given(testing.any_queries())
def test_a_question_builds_itself(question: BaseQuery) -> None:
    """Law 3: the repr of a question in any state is an expression of it, and stays the same."""
    built = said(repr(question))

    assert built == question
    assert type(built) is type(question)
    assert repr(built) == repr(question)


@given(testing.conditions() | testing.user_conditions() | testing.periods())
def test_a_part_builds_itself(part: object) -> None:
    """Law 3: so is the repr of a condition on leads, on users, and of a period."""
    assert said(repr(part)) == part
    assert repr(said(repr(part))) == repr(part)


@given(testing.fields())
def test_a_word_builds_itself(word: BaseField[Any]) -> None:
    """Law 3: a word is said by its name, or by its kind and name."""
    built = said(repr(word))

    assert (type(built), built.name) == (type(word), word.name)


@given(testing.queries())
def test_a_file_builds_its_query(query: Query) -> None:
    """Law 3: executing `to_python()` yields the query, from nothing but its own imports."""
    scope: dict[str, Any] = {}
    exec(query.to_python(), scope)  # noqa: S102 - our own text

    assert scope["query"] == query
    assert scope["query"].to_python() == query.to_python()


def test_ruff_has_nothing_to_change(tmp_path: Path) -> None:
    """Law 3: files stand as ruff formats and sorts them, whatever is in the query."""
    files: dict[str, None] = {}

    @given(testing.queries())
    def collect(query: Query) -> None:
        files[to_module(query)] = None

    collect()
    for number, text in enumerate(files):
        (tmp_path / f"q{number}.py").write_text(text, "utf-8")

    assert changed(tmp_path, "format", "--diff") == ""
    assert changed(tmp_path, "check", "--select", "I", "--diff") == ""


def changed(folder: Path, *command: str) -> str:
    """What ruff would change in a folder."""
    ruff = Path(sysconfig.get_path("scripts")) / "ruff"
    run = subprocess.run(
        [ruff, *command, "--isolated", "--no-cache", folder],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return run.stdout


@given(st.one_of(testing.any_queries(), testing.conditions(), testing.user_conditions()))
def test_a_pickle_is_what_was_pickled(value: object) -> None:
    """Questions and conditions are values, across processes too."""
    again = pickle.loads(pickle.dumps(value))

    assert again == value
    assert hash(again) == hash(value)
    assert repr(again) == repr(value)
    assert copy.deepcopy(value) == value


def test_a_standard_word_is_itself_after_a_pickle() -> None:
    """A field and an attribute of every account are the same in every process."""
    words = [*fields.STANDARD.values(), *users.STANDARD.values()]

    assert [word for word in words if pickle.loads(pickle.dumps(word)) is not word] == []
    assert [word for word in words if copy.deepcopy(word) is not word] == []


@given(testing.fields())
def test_a_word_is_pickled_with_its_kind(word: BaseField[Any]) -> None:
    """A field of the account's own keeps its kind, name and label."""
    again = pickle.loads(pickle.dumps(word))

    assert (type(again), again.name, again.label) == (type(word), word.name, word.label)


@given(st.lists(testing.conditions(), max_size=3))
def test_a_condition_keeps_its_words_in_a_pickle(several: list[Predicate]) -> None:
    """A query that was pickled says itself with the words it was built of."""
    query = Leads.where(*several).select("Phone")

    assert pickle.loads(pickle.dumps(query)).to_python() == query.to_python()
