"""Members of enumerations, as values and as names."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from enum import Enum, IntEnum, StrEnum
from typing import Any

import pytest

import leadquery
from leadquery import Leads
from leadquery.expr.field_types import Boolean, Choice, Date, Field, Identifier, Number, Text, Time
from leadquery.fields import CreatedOn, Source
from tests.expr.support import many, one, refusal, sent

# Untyped: a type checker would refuse some of these lines before they run.
users: Any = leadquery.users
TEXT: Any = Text("mx_A")


class Src(str, Enum):  # noqa: UP042 - it says itself otherwise than StrEnum does.
    """Texts that say themselves as `Src.WEB`."""

    WEB = "mx_Web"
    FAIR = "Fair"


class Loud(str):
    """A text that says itself otherwise."""

    __slots__ = ()

    def __str__(self) -> str:
        return "LOUD"

    def __format__(self, _form: str) -> str:
        return "LOUD"


class Word(StrEnum):
    """Texts that say themselves as texts."""

    WEB = "mx_Web"


class Level(IntEnum):
    """Numbers."""

    HIGH = 50


class Plain(Enum):
    """Members that are values of no kind."""

    WEB = "Web"
    BOTH = "a,b"
    NONE = ""
    HIGH = 50
    YES = True
    DAY = date(2026, 1, 31)
    HOUR = "09:30"

    def __str__(self) -> str:
        return str(self.value)


MEMBERS = [Src.WEB, Loud("mx_Web"), Word.WEB]


@pytest.mark.parametrize("value", MEMBERS, ids=repr)
@pytest.mark.parametrize("word", [TEXT, Identifier("mx_A"), Choice("mx_A"), Field("mx_A")])
def test_a_text_that_says_itself_otherwise_travels_as_its_text(word: Any, value: Any) -> None:
    """A member of an enumeration of texts is the text that it was made of."""
    assert sent(word == value) == [one("=", "mx_Web")]
    assert sent(word.is_in([value, "b"])) == [many("mx_Web", "b")]


@pytest.mark.parametrize("value", MEMBERS, ids=repr)
@pytest.mark.parametrize(
    ("build", "texts"),
    [
        (lambda value: Leads.where(TEXT.contains(value)).select("Phone"), ["mx_Web"]),
        (lambda value: Leads.where(Field(value).has_data()).select("Phone"), ["mx_Web"]),
        (lambda value: Leads.select(value, "Phone"), ["mx_Web,Phone"]),
        (lambda value: Leads.group_by(value).count(), ["mx_Web", "mx_Web"]),
        (lambda value: Leads.group_by("Source").sum(value), ["mx_Web"]),
        (lambda value: Leads.owned_by(value).select("Phone"), ["mx_Web"]),
        (lambda value: Leads.owned_by(users.Role == value).select("Phone"), ["mx_Web"]),
        (lambda value: Leads.owned_by(users.UserID.is_in([value])).select("Phone"), ["mx_Web"]),
        (lambda value: Leads.owned_by(users.Role.contains(value)).select("Phone"), ["mx_Web"]),
        (
            lambda value: Leads.owned_by(users.Attribute(value).matches(value, value)),
            ["mx_Web"] * 3,
        ),
    ],
)
def test_names_and_ids_travel_as_their_text(
    build: Callable[[Any], Any], texts: list[str], value: Any
) -> None:
    """Whatever takes a text takes the text that a value is, in the payload and in words."""
    query = build(value)
    query = query if hasattr(query, "to_payload") else query.select("Phone")
    values: list[str] = []
    json.loads(query.to_json(), object_hook=lambda found: values.extend(found.values()))

    assert [text for text in values if isinstance(text, str) and "mx_Web" in text] == texts
    assert {type(text) for text in _texts(query.to_payload())} == {str}
    assert "Src.WEB" not in query.describe()
    assert "LOUD" not in query.describe()


def _texts(raw: Any) -> list[Any]:
    """The texts of a payload, as the objects they are."""
    if isinstance(raw, dict):
        return [text for value in raw.values() for text in _texts(value)]
    if isinstance(raw, list):
        return [text for value in raw for text in _texts(value)]
    return [raw] if isinstance(raw, str) else []


def test_options_and_labels_are_their_text() -> None:
    """A dropdown may be made from the enumeration that its values come from."""
    word = Choice(Src.WEB, Src.FAIR, options=Src)

    assert (word.name, word.label, word.options) == ("mx_Web", "Fair", ("mx_Web", "Fair"))
    assert {type(text) for text in (word.name, word.label, *word.options)} == {str}
    assert sent(word == Src.FAIR) == [one("=", "Fair", "mx_Web")]


def test_a_value_outside_the_options_is_named_by_its_text() -> None:
    """The warning shows what is sent."""
    with pytest.warns(UserWarning, match="'mx_Web' is none of the options of mx_A"):
        _ = Choice("mx_A", options=["Web"]) == Src.WEB


def test_a_number_of_an_enumeration_is_a_number() -> None:
    """It travels as the number that it was made of."""
    assert sent(Number("mx_A") >= Level.HIGH) == [one(">=", "50")]


@pytest.mark.parametrize(
    ("build", "text"),
    [
        (lambda: Source == Plain.WEB, "Source compares with text, not <Plain.WEB: 'Web'>"),
        (lambda: TEXT.is_in([Plain.WEB]), f"{TEXT!r} compares with text, not <Plain.WEB: 'Web'>"),
        (lambda: TEXT.contains(Plain.WEB), f"{TEXT!r} compares with text, not <Plain.WEB: 'Web'>"),
        (
            lambda: Number("mx_A") > Plain.HIGH,  # type: ignore[operator]
            'Number("mx_A") compares with a number such as 20 or 0.5, not <Plain.HIGH: 50>',
        ),
        (
            lambda: Boolean("mx_A") == Plain.YES,
            'Boolean("mx_A") compares with True or False, not <Plain.YES: True>',
        ),
        (
            lambda: CreatedOn >= Plain.DAY,  # type: ignore[operator]
            (
                "CreatedOn compares with a date such as '2026-01-31' or "
                "datetime.date(2026, 1, 31), not <Plain.DAY: datetime.date(2026, 1, 31)>"
            ),
        ),
        (
            lambda: Date("mx_A") == Plain.DAY,
            (
                "Date(\"mx_A\") compares with a date such as '2026-01-31' or "
                "datetime.date(2026, 1, 31), not <Plain.DAY: datetime.date(2026, 1, 31)>"
            ),
        ),
        (
            lambda: Time("mx_A") == Plain.HOUR,
            (
                'Time("mx_A") compares with a time of day written HH:MM or HH:MM:SS, without a '
                "zone, not <Plain.HOUR: '09:30'>"
            ),
        ),
        (
            lambda: Field("mx_A") == Plain.HIGH,
            (
                'Field("mx_A") compares with text, a number, True or False, a date or a time of '
                "day, not <Plain.HIGH: 50>"
            ),
        ),
        (
            lambda: users.Role == Plain.WEB,
            "users.Role compares with text, not <Plain.WEB: 'Web'>",
        ),
        (
            lambda: users.UserID.contains(Plain.BOTH),
            "users.UserID compares with text, not <Plain.BOTH: 'a,b'>",
        ),
    ],
)
def test_a_member_that_is_no_value_is_told_of_its_own(build: Callable[[], Any], text: str) -> None:
    """The value of a member is said by `.value`, whatever the member says of itself."""
    name = text.rpartition("<")[2].partition(":")[0]

    assert refusal(build) == f"{text}; write {name}.value"


@pytest.mark.parametrize(
    ("build", "text"),
    [
        (
            lambda: Number("mx_A") == Plain.WEB,
            "Number(\"mx_A\") compares with a number such as 20 or 0.5, not <Plain.WEB: 'Web'>",
        ),
        (lambda: TEXT == Plain.NONE, "Text(\"mx_A\") compares with text, not <Plain.NONE: ''>"),
        (lambda: TEXT == Plain.HIGH, 'Text("mx_A") compares with text, not <Plain.HIGH: 50>'),
        (lambda: users.Role == Plain.HIGH, "users.Role compares with text, not <Plain.HIGH: 50>"),
    ],
)
def test_a_member_whose_value_is_refused_too_is_told_nothing(
    build: Callable[[], Any], text: str
) -> None:
    """No line is written right with a value that the field refuses."""
    assert refusal(build) == text
