"""A question said as Python builds the same question again."""

from __future__ import annotations

import random
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadquery import fields, users
from leadquery.fields import EngagementScore, OwnerId, Source
from leadquery.language.query import Leads, Query
from leadquery.language.question import Question
from leadquery.language.source import expression, module
from leadquery.words import Choice, Condition, Field, Number

RUFF = Path(sysconfig.get_path("scripts")) / "ruff"
KINDS = {kind.__name__: kind for kind in fields.KINDS}
NAMES: dict[str, Any] = {"Leads": Leads, "users": users, **KINDS, **fields.STANDARD}

TABLE = [
    (Leads, "Leads"),
    (Leads.group_by(OwnerId), "Leads.group_by(OwnerId)"),
    (Leads.select("Phone", "mx_x", Field("a b")), 'Leads.select(Phone, "mx_x", Field("a b"))'),
    (Leads.select("Phone").page(None), "Leads.select(Phone).page(None)"),
    (Leads.select("Phone").page(1, 50), "Leads.select(Phone).page(1, 50)"),
    (Leads.select("Phone").page(2), "Leads.select(Phone).page(2)"),
    (Leads.group_by("Groups").count(), 'Leads.group_by("Groups").count()'),
    (Leads.group_by("mx_a").count("Phone"), 'Leads.group_by("mx_a").count(Phone)'),
    (Leads.group_by(OwnerId).sum("Source"), 'Leads.group_by(OwnerId).sum("Source")'),
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
        'Leads.owned_by((users.UserID.is_in(["a", "b"]) | (users.Role == "c")) & (users.Role == "d"))',
    ),
]


@pytest.mark.parametrize(("question", "said"), TABLE)
def test_a_question_is_said_on_one_line(question: Question, said: str) -> None:
    """Every state of a question has one expression, of names one can import."""
    assert expression(question) == said
    assert eval(said, dict(NAMES)) == question


def test_a_file_imports_what_it_names() -> None:
    """The file holds its imports, and a chain that does not fit has one call a line."""
    query = (
        Leads.where(EngagementScore < 20)
        .created_between("2017-11-10 12:00:00", "2018-11-10 12:00:00")
        .group_by(OwnerId)
        .average(EngagementScore)
    )

    assert module(query) == (
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
    """A query of a tenant's own columns alone needs nothing but Leads."""
    assert module(Leads.select("mx_x")) == (
        'from leadquery import Leads\n\nquery = Leads.select("mx_x")\n'
    )


def built(dice: random.Random) -> Query:
    """A query of any size, with texts that quoting could get wrong."""
    pieces = [
        "a",
        '"',
        "'",
        "\\",
        "\n",
        "é",
        "語",
        "🎈",
        "word ",
        "x" * 30,
        "\u0301",
        "\x00",
        "True",
        ".",
    ]
    standard = sorted(fields.STANDARD)

    def text() -> str:
        return "".join(dice.choices(pieces, k=dice.choice([1, 2, 3, 6, 12])))

    def lead() -> Any:
        field = Field(text())
        return dice.choice(
            [
                lambda: Number("mx_" + "D" * dice.randint(1, 90)) >= dice.randint(1, 9),
                lambda: Choice(text()).contains(text()),
                lambda: Source == text(),
                lambda: Source.is_in([text() for _ in range(dice.randint(1, 5))]),
                field.has_data,
                lambda: field != text(),
                lambda: field.is_in([text() for _ in range(dice.randint(1, 5))]),
                lambda: fields.DoNotCall == True,
            ]
        )()

    def user(depth: int = 2) -> Any:
        if depth and dice.random() < 0.5:
            one, other = user(depth - 1), user(depth - 1)
            return one & other if dice.random() < 0.5 else one | other
        word = dice.choice([users.Role, users.UserID, users.Attribute(text())])
        return dice.choice([word == text(), word.contains(text()), word.matches("s w", text())])

    asked = Leads.where(*[lead() for _ in range(dice.choice([0, 0, 1, 1, 2, 5]))])
    if dice.random() < 0.4:
        asked = asked.created_between("2018-01-01", "2019-01-01")
    match dice.randint(0, 3):
        case 0:
            asked = asked.owned_by(user())
        case 1:
            asked = asked.owned_by(
                *[text() + dice.choice(["", "@x"]) for _ in range(dice.randint(1, 9))]
            )
    if dice.random() < 0.4:
        asked = asked.page(dice.choice([None, 7]), dice.choice([100, 20]))
    names = [*dice.sample(standard, dice.choice([1, 2, 5, 30])), "mx_" + "y" * dice.randint(1, 90)]
    if dice.random() < 0.6:
        return asked.select(*names[-dice.randint(1, len(names)) :])
    grouped = asked.group_by(dice.choice([Field(names[0]), Field(names[-1]), Field(text())]))
    return dice.choice([grouped.count(), grouped.count(names[0]), grouped.sum(names[-1])])


CONDITIONS = [
    (fields.Phone.has_data(), "Phone.has_data()"),
    (fields.DoNotCall == False, "DoNotCall == False"),
    ((Source == "a") & (Number("mx_D") < 0.5), '(Source == "a") & (Number("mx_D") < 0.5)'),
    (
        Source.contains("a") & fields.Phone.has_no_data(),
        'Source.contains("a") & Phone.has_no_data()',
    ),
    (Field("Score").is_in(["x", "1"]), 'Field("Score").is_in(["x", "1"])'),
    (Field("Source") < "a", 'Field("Source") < "a"'),
    (Condition((Field("Groups") == "a").filters, (fields.Groups,)), 'Field("Groups") == "a"'),
    (Condition((Field("Source") < "a").filters, (Source,)), 'Field("Source") < "a"'),
    (
        Condition(Field("Score").is_in(["x", "1"]).filters, (fields.Score,)),
        'Field("Score").is_in(["x", "1"])',
    ),
    (Condition((Field("Score") == "0.50").filters, (fields.Score,)), 'Field("Score") == "0.50"'),
]


@pytest.mark.parametrize(("condition", "said"), CONDITIONS)
def test_a_condition_is_said_by_the_word_that_sends_the_same(
    condition: Condition, said: str
) -> None:
    """A value that the typed word would write differently is said with the untyped Field."""
    assert repr(condition) == said


def test_a_word_is_its_name_or_its_kind_and_name() -> None:
    """A standard field is bare, another says its kind."""
    assert [repr(Source), repr(Number("mx_D"))] == ["Source", 'Number("mx_D")']


def test_an_owner_with_a_strange_name_keeps_its_condition() -> None:
    """What owned_by refuses as text is said as a condition."""
    asked = Leads.owned_by(users.UserID.matches("eq", "a,"))

    assert expression(asked) == 'Leads.owned_by(users.UserID.matches("eq", "a,"))'


@given(st.randoms(use_true_random=False))
def test_every_query_reads_back(dice: random.Random) -> None:
    """The expression and the file build the query they are made of."""
    query = built(dice)
    scope: dict[str, Any] = {}
    exec(module(query), scope)

    assert eval(expression(query), dict(NAMES)) == query
    assert scope["query"] == query


def test_ruff_has_nothing_to_change(tmp_path: Path) -> None:
    """Files stand as ruff sorts and formats them, whatever texts are in them."""
    everything = [*sorted(fields.STANDARD)]
    (tmp_path / "all.py").write_text(module(Leads.select(*everything)), "utf-8")
    for width in range(1, 80):
        wide = Leads.select("x" * width).page(3)
        (tmp_path / f"w{width}.py").write_text(module(wide), "utf-8")
        longer = Leads.group_by("x" * width).count().page(3)
        (tmp_path / f"v{width}.py").write_text(module(longer), "utf-8")
    for seed in range(150):
        query = built(random.Random(seed))
        (tmp_path / f"q{seed}.py").write_text(module(query), "utf-8")
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
