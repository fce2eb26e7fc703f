"""The module of an account: its source for any metadata, and what `--check` finds in it."""

from __future__ import annotations

import random
import subprocess
import sys
import warnings
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, strategies as st

from leadquery.cli.fields_file import (
    RESERVED,
    field_differences,
    module_source,
    options,
    python_names,
    users_by_name,
)
from leadquery.expr import BaseField, Choice
from leadquery.expr.group_key import key_field
from leadquery.fields import STANDARD, Field
from leadquery.lint.catalog import FIELD_TYPES, read_fields
from leadquery.query.decompile import FieldModule, to_module, with_declared_types
from leadquery.query.query import Query, fields_of
from leadquery.testing import planned_queries, queries, texts
from leadquery.wire.model import AggregateOutput, ListOutput

_TYPES = sorted({*FIELD_TYPES.values(), Field}, key=str)

NAMES = st.sampled_from(
    (
        *("mx_Course", "mx_course", "mx_Course_Option", "mx_a~b", "mx_a-b", "mx_a_b", "mx_a_b_7e"),
        *("class", "class_", "mx_class", "1abc", "field_1abc", "_x", "__all__", "Text", "Literal"),
        *(
            "ﬁ",
            "fi",
            "语",
            "\uff33ource",
            "Source",
            "Phone",
            "OwnerId",
            "count",
            "get_args",
            "Users",
        ),
        *(f"mx_{'D' * length}" for length in (30, 50, 60, 70, 90)),
    )
)

ENTRIES = st.fixed_dictionaries(
    {"SchemaName": NAMES | texts()},
    optional={
        "DisplayName": texts(),
        "DataType": st.sampled_from((*FIELD_TYPES, "Select", "CustomObject", "")),
        "RenderTypeTextValue": st.sampled_from(("DateTime", "Dropdown", "DropdownWithOthers")),
        "Options": st.lists((texts() | st.sampled_from(("Web", "web ", "MBA"))), max_size=9),
    },
)

ACCOUNTS = st.lists(ENTRIES, min_size=1, max_size=8).map(read_fields)

USERS = st.fixed_dictionaries(
    {"ID": st.uuids().map(str)},
    optional={
        "FirstName": st.sampled_from(("Asha", "asha", "", "मीरा", "1", "class")) | texts(),
        "LastName": st.sampled_from(("Rao", "rao", "O'Neil", "Müller")) | st.none(),
        "EmailAddress": st.sampled_from(("asha@example.com", "", '"a"@b')),
    },
)


def parts(field: BaseField[Any]) -> tuple[object, ...]:
    """What the module declares of a field."""
    others = isinstance(field, Choice) and field.others
    return type(field), field.name, field.label, options(field), others


def declared(source: str) -> dict[str, BaseField[Any]]:
    """The fields of a module by the names of their variables."""
    namespace: dict[str, Any] = {}
    exec(compile(source, "account_fields.py", "exec"), namespace)  # noqa: S102 - ours
    return {name: value for name, value in namespace.items() if isinstance(value, BaseField)}


@given(ACCOUNTS)
def test_a_module_declares_each_field_as_the_metadata_does(
    account: dict[str, BaseField[Any]],
) -> None:
    """Under the schema name wherever Python has such a name."""
    variables = declared(module_source(account))

    assert {field.name: parts(field) for field in variables.values()} == {
        name: parts(field) for name, field in account.items()
    }
    assert len(variables) == len(account)
    assert {field.name: name for name, field in variables.items()} == python_names(account)
    assert [*field_differences({one.name: one for one in variables.values()}, account)] == []


@given(ACCOUNTS, st.randoms(use_true_random=False))
def test_a_module_depends_on_nothing_but_the_fields(
    account: dict[str, BaseField[Any]], rng: random.Random
) -> None:
    shuffled = [*account.values()]
    rng.shuffle(shuffled)

    assert module_source({field.name: field for field in shuffled}) == module_source(account)


@given(ACCOUNTS, st.lists(USERS, max_size=2))
def test_a_module_is_formatted(
    account: dict[str, BaseField[Any]], users: list[dict[str, Any]]
) -> None:
    """As ruff does with its own settings."""
    source = module_source(account, users_by_name(users))

    assert formatted(source) == source


def test_dropdowns_with_long_names_are_formatted() -> None:
    """However long."""
    names = ["w" * length for length in range(35, 95)]
    account = {
        name: Choice(name, "a label", options=("A", "B"), others=len(name) % 2 > 0)
        for name in names
    }
    source = module_source(account)

    assert formatted(source) == source


def formatted(source: str) -> str:
    """The source as ruff formats it."""
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "-"]
    return subprocess.run(
        command, input=source.encode(), capture_output=True, check=True
    ).stdout.decode()


@given(st.sets(NAMES | texts(), max_size=9))
def test_names_differ_and_are_kept_where_python_allows(names: set[str]) -> None:
    spelled = python_names(names)

    assert len({*spelled.values()}) == len(names)
    for text, name in spelled.items():
        compile(f"{name} = 1", "names.py", "exec")
        assert name.isidentifier()
        assert name[0] != "_"
        assert name not in RESERVED
        assert name == text or name not in names
        assert name == text or name not in STANDARD
        is_plain = text.isascii() and text.isidentifier() and text[0] != "_"
        assert name == text or not is_plain or name.rstrip("_") == text.rstrip("_")


@given(st.sets(NAMES | texts(), min_size=1, max_size=9), NAMES | texts())
def test_a_new_field_gives_its_name_to_no_other(names: set[str], new: str) -> None:
    """A name that stays means the same field, unless the new one is spelled so."""
    before = {name: text for text, name in python_names(names).items()}
    after = {name: text for text, name in python_names({*names, new}).items()}

    assert all(after[name] in (text, new) for name, text in before.items() if name in after)


def changes(field: BaseField[Any]) -> list[tuple[str, BaseField[Any]]]:
    """Each kind of change of a field, with the beginning of its line."""
    label = f"{field.label}!"
    retyped = next(cls for cls in (*FIELD_TYPES.values(),) if cls is not type(field))
    retype = ("type is ", retyped(field.name, field.label))
    if not isinstance(field, Choice):
        return [("display name is ", type(field)(field.name, label)), retype]
    known = options(field)
    some = [
        ("new option ", (*known, "an option that is new")),
        ("removed option ", known[1:]),
        ("options are in another order", known[::-1]),
        ("new option ", (*known[1:], "an option that is new")),
    ]
    changed = [
        (line, Choice(field.name, field.label, options=new, others=field.others))
        for line, new in some
        if new != known and (known[1:] or line == "new option ")
    ]
    others = Choice(field.name, field.label, options=known, others=not field.others)
    relabelled = Choice(field.name, label, options=known, others=field.others)
    return [
        ("display name is ", relabelled),
        retype,
        *changed,
        ("values other than the options ", others),
    ]


@given(ACCOUNTS, st.data())
def test_a_change_is_one_line(account: dict[str, BaseField[Any]], data: st.DataObject) -> None:
    """Of the field that is new, gone or changed, with what has changed."""
    field = data.draw(st.sampled_from([*account.values()]))
    without = {name: one for name, one in account.items() if name != field.name}
    line, changed = data.draw(st.sampled_from(changes(field)))

    [new] = field_differences(without, account)
    [gone] = field_differences(account, without)
    [other] = field_differences(account, {**account, field.name: changed})

    assert new == f"{field.name}: new field of the type {type(field).__name__}"
    assert gone == f"{field.name}: no longer a field"
    assert other.startswith(f"{field.name}: {line}")


@given(st.lists(USERS, max_size=9, unique_by=lambda user: user["ID"]))
def test_a_module_names_each_user(users: list[dict[str, Any]]) -> None:
    """Once, in whatever order they come."""
    named = users_by_name(users)
    namespace: dict[str, Any] = {}
    exec(module_source(read_fields(["Phone"]), named), namespace)  # noqa: S102 - ours
    members = {name: value for name, value in vars(namespace["Users"]).items() if name[0] != "_"}

    assert members == {name: id_ for name, (id_, _) in named.items()}
    assert sorted(members.values()) == sorted(user["ID"] for user in users)
    assert len({name.casefold() for name in members}) == len(users)
    assert users_by_name(users[::-1]) == named


@given(queries() | planned_queries(), st.data())
def test_a_query_imports_its_fields(query: Query, data: st.DataObject) -> None:
    """From the module, and is the same query."""
    names = [*fields_of(query), *_columns(query)]
    types = st.sampled_from(_TYPES)
    fields = {name: data.draw(types)(name) for name in names if data.draw(st.booleans())}
    variables = declared(module_source(fields)) if fields else {}
    account = FieldModule("account_fields", variables)
    source = to_module(with_declared_types(query, fields), account)
    namespace: dict[str, Any] = {}

    with pytest.MonkeyPatch.context() as patched, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = ModuleType("account_fields")
        vars(module).update(variables)
        patched.setitem(sys.modules, "account_fields", module)
        exec(source, namespace)  # noqa: S102 - ours

    assert namespace["query"] == query


def _columns(query: Query) -> Iterator[str]:
    output = query.output
    if isinstance(output, ListOutput):
        yield from output.columns
    elif isinstance(output, AggregateOutput):
        yield from (output.group, output.field)
    else:
        yield from map(key_field, output.keys)
        yield from filter(None, (column.measure.field for column in output.measures))
