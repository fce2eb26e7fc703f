"""Queries as Python source."""

from __future__ import annotations

import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from leadquery import LeadsNotContacted, fields, periods, users
from leadquery.expr import Date, Field, Number, Predicate
from leadquery.fields import DoNotCall, EngagementScore, OwnerId, Phone, Score, Source
from leadquery.query.base import BaseQuery
from leadquery.query.decompile import FieldModule, to_expression, to_module
from leadquery.query.leads import Leads
from leadquery.query.query import Query

RUFF = Path(sysconfig.get_path("scripts")) / "ruff"
FIELD_TYPES = {field_type.__name__: field_type for field_type in fields.FIELD_TYPES}
NAMES: dict[str, Any] = {"Leads": Leads, "users": users, **FIELD_TYPES, **fields.STANDARD}

YEAR = periods.year(2026)

TABLE = [
    (Leads, "Leads"),
    (Leads.group_by(OwnerId), "Leads.group_by(OwnerId)"),
    (Leads.select("Phone", "mx_x", Field("a b")), 'Leads.select(Phone, "mx_x", Field("a b"))'),
    (Leads.group_by(Field("Groups")), 'Leads.group_by(Field("Groups"))'),
    (
        Leads.group_by("mx_a").count(Field("Groups")),
        'Leads.group_by("mx_a").count(Field("Groups"))',
    ),
    (Leads.owned_by("a1", "c"), 'Leads.owned_by("a1", "c")'),
    (Leads.owned_by(users.UserID == "Ann"), 'Leads.owned_by(users.UserID == "Ann")'),
    (Leads.select("Phone").page(None), "Leads.select(Phone).page(None)"),
    (Leads.select("Phone").page(1, 50), "Leads.select(Phone).page(1, 50)"),
    (Leads.select("Phone").page(2), "Leads.select(Phone).page(2)"),
    (Leads.group_by(Field("Groups")).count(), 'Leads.group_by(Field("Groups")).count()'),
    (Leads.group_by("mx_a").count("Phone"), 'Leads.group_by("mx_a").count(Phone)'),
    (Leads.group_by(OwnerId).sum(Field("Source")), 'Leads.group_by(OwnerId).sum(Field("Source"))'),
    (Leads.group_by(OwnerId).average("Score"), "Leads.group_by(OwnerId).average(Score)"),
    (Leads.where(Source.is_in(["a", "b"])), 'Leads.where(Source.is_in(["a", "b"]))'),
    (Leads.where(Number("mx_D") < 5), 'Leads.where(Number("mx_D") < 5)'),
    (Leads.where(Field("Score") == "0.50"), 'Leads.where(Field("Score") == "0.50")'),
    (Leads.owned_by("a", "b@x"), 'Leads.owned_by("a", "b@x")'),
    (Leads.owned_by(users.Role == "a"), 'Leads.owned_by(users.Role == "a")'),
    (
        Leads.modified_between("2018-01-01", "2018-01-01"),
        'Leads.modified_between("2018-01-01 00:00:00", "2018-01-01 23:59:59")',
    ),
    (
        Leads.owned_by((users.Role == "a") & users.Attribute("T").matches("sw", "y")),
        'Leads.owned_by((users.Role == "a") & users.Attribute("T").matches("sw", "y"))',
    ),
    (
        Leads.owned_by(
            (users.UserID.is_in(["a", "b"]) | (users.Role == "c")) & (users.Role == "d")
        ),
        (
            'Leads.owned_by((users.UserID.is_in(["a", "b"]) | (users.Role == "c")) '
            '& (users.Role == "d"))'
        ),
    ),
]


@pytest.mark.parametrize(("query", "source"), TABLE)
def test_a_query_as_python_on_one_line(query: BaseQuery, source: str) -> None:
    """In every state."""
    assert to_expression(query) == source
    assert eval(source, dict(NAMES)) == query


def test_a_file_imports_what_it_names() -> None:
    """And a chain that does not fit has one call a line."""
    query = (
        Leads.where(EngagementScore < 20)
        .created_between("2017-11-10 12:00:00", "2018-11-10 12:00:00")
        .group_by(OwnerId)
        .average(EngagementScore)
    )

    assert to_module(query) == (
        "from leadquery import Leads\n"
        "from leadquery.fields import EngagementScore, OwnerId\n\n"
        "query = (\n"
        "    Leads.where(EngagementScore < 20)\n"
        '    .created_between("2017-11-10 12:00:00", "2018-11-10 12:00:00")\n'
        "    .group_by(OwnerId)\n"
        "    .average(EngagementScore)\n"
        ")\n"
    )


def test_a_file_without_fields_imports_none() -> None:
    """A query of custom columns needs only Leads."""
    assert to_module(Leads.select("mx_x")) == (
        'from leadquery import Leads\n\nquery = Leads.select("mx_x")\n'
    )


CONDITIONS = [
    (fields.Phone.has_data(), "Phone.has_data()"),
    (fields.DoNotCall == False, "DoNotCall == False"),  # noqa: E712 - a field, not a bool
    ((Source == "a") & (Number("mx_D") < 0.5), '(Source == "a") & (Number("mx_D") < 0.5)'),
    (
        Source.contains("a") & fields.Phone.has_no_data(),
        'Source.contains("a") & Phone.has_no_data()',
    ),
    (Field("Score").is_in(["x", "1"]), 'Field("Score").is_in(["x", "1"])'),
    (Field("Source") < "a", 'Field("Source") < "a"'),
    (Number("mx_D") == 12345678901234567891, 'Number("mx_D") == 12345678901234567891'),
    (
        Predicate(dict.fromkeys((Field("mx_E") > "2026-01-31").filters, Date("mx_E"))),
        'Field("mx_E") > "2026-01-31"',
    ),
    (
        Predicate(dict.fromkeys((Field("Groups") == "a").filters, fields.Groups)),
        'Field("Groups") == "a"',
    ),
    (Predicate(dict.fromkeys((Field("Source") < "a").filters, Source)), 'Field("Source") < "a"'),
    (
        Predicate(dict.fromkeys(Field("Score").is_in(["x", "1"]).filters, fields.Score)),
        'Field("Score").is_in(["x", "1"])',
    ),
    (
        Predicate(dict.fromkeys((Field("Score") == "0.50").filters, fields.Score)),
        'Field("Score") == "0.50"',
    ),
]


@pytest.mark.parametrize(("condition", "source"), CONDITIONS)
def test_a_condition_uses_a_field_that_encodes_the_same_value(
    condition: Predicate, source: str
) -> None:
    """If the typed field would encode it differently, the untyped Field is used."""
    assert repr(condition) == source


def test_a_field_is_its_name_or_its_type_and_name() -> None:
    assert [repr(Source), repr(Number("mx_D"))] == ["Source", 'Number("mx_D")']


def test_an_owner_that_owned_by_rejects_stays_a_condition() -> None:
    query = Leads.owned_by(users.UserID.matches("eq", "a,"))

    assert to_expression(query) == 'Leads.owned_by(users.UserID.matches("eq", "a,"))'


def wide(width: int) -> list[Query]:
    """Queries of every shape, with a part of the given width."""
    name, text, number = f"mx_{'x' * width}", "x" * width, 10**width
    owner, team = users.UserID.contains(text), users.Attribute(text).matches("sw", text)
    return [
        Leads.select(name),
        Leads.select("Phone", name, "Web").page(None),
        Leads.select(name).page(3),
        Leads.group_by(name).count().page(3),
        Leads.where(Source == text).select(Phone),
        Leads.where(Source == text, Phone.is_in([text, "a"])).group_by(Field(name)).sum(Score),
        Leads.where(Field(name).is_in(["a", "b"]), DoNotCall == True).select(name),  # noqa: E712
        Leads.where(DoNotCall == False).select("Phone"),  # noqa: E712
        Leads.where(Source.is_in([text, "a", "b"])).created_in(YEAR).select(Phone),
        Leads.owned_by((users.Role == text) & (owner | team)).select(name),
        Leads.owned_by(owner | (users.Role == "a") & team).select(Phone).page(2),
        Leads.owned_by(users.UserID == text).owned_by("a1").select(name).page(2),
        Leads.where((DoNotCall == True) | (Source == text)).select(Phone),  # noqa: E712
        Leads.group_by(OwnerId)
        .aggregate(Score.sum())
        .having((Score.sum() > 5) | (Score.average() > 1), Score.sum() < number)
        .having((Score.max() > 5) | (Score.min() < number), Score.sum() > 1)
        .with_owner_names(),
        LeadsNotContacted.activity_filters({"Name": [text, "y"], "Other": 5}).select(Phone),
    ]


def test_ruff_has_nothing_to_change(tmp_path: Path) -> None:
    """Whatever the width of their lines."""
    names = sorted(fields.STANDARD, key=lambda name: (name[0].islower(), name.lower()))
    some = [names[at : at + many] for at in range(len(names)) for many in (4, 5)]
    made = [Leads.select(*each) for each in (names, *some)]
    made += [query for width in range(1, 80) for query in wide(width)]
    for number, query in enumerate(made):
        (tmp_path / f"q{number}.py").write_text(to_module(query), "utf-8")
    run = [
        subprocess.run(
            [RUFF, *args, "--isolated", "--no-cache", tmp_path],
            capture_output=True,
            text=True,
            check=False,
        )
        for args in (["format", "--diff"], ["check", "--select", "I", "--diff"])
    ]

    assert [one.stdout for one in run] == ["", ""]


@pytest.mark.parametrize("width", [1, 30, 60, 90])
def test_a_file_builds_its_query(width: int) -> None:
    """Also with broken lines."""
    for query in wide(width):
        built: dict[str, Any] = {}
        exec(to_module(query), built)  # noqa: S102 - what users do with it

        assert built["query"] == query


FEES = FieldModule("account_fields", {"Fee": Number("mx_Fee"), "Paid": Number("mx_Paid")})


@pytest.mark.parametrize(
    ("query", "variable", "method"),
    [
        (Leads.group_by("Source").average("mx_Fee"), "Fee", "average"),
        (Leads.group_by("Source").sum("mx_Paid"), "Paid", "sum"),
    ],
)
def test_numbers_are_fields_of_the_module(query: Any, variable: str, method: str) -> None:
    assert to_module(query, FEES) == (
        "from leadquery import Leads\n"
        "from leadquery.fields import Source\n\n"
        f"from account_fields import {variable}\n\n"
        f"query = Leads.group_by(Source).{method}({variable})\n"
    )
