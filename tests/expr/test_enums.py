"""Members of enumerations as values and names."""

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
    """Text members with the str() of Enum."""

    WEB = "mx_Web"
    FAIR = "Fair"


class Loud(str):
    """A text with another str()."""

    __slots__ = ()

    def __str__(self) -> str:
        return "LOUD"

    def __format__(self, _form: str) -> str:
        return "LOUD"


class Plainly(StrEnum):
    """Text members with the str() of StrEnum."""

    WEB = "mx_Web"


class Level(IntEnum):
    """Numbers."""

    HIGH = 50


class Plain(Enum):
    """Members that are not valid values."""

    WEB = "Web"
    BOTH = "a,b"
    NONE = ""
    HIGH = 50
    YES = True
    DAY = date(2026, 1, 31)
    HOUR = "09:30"

    def __str__(self) -> str:
        return str(self.value)


MEMBERS = [Src.WEB, Loud("mx_Web"), Plainly.WEB]


@pytest.mark.parametrize("value", MEMBERS, ids=repr)
@pytest.mark.parametrize("field", [TEXT, Identifier("mx_A"), Choice("mx_A"), Field("mx_A")])
def test_members_and_subclasses_of_str_are_sent_as_their_text(field: Any, value: Any) -> None:
    assert sent(field == value) == [one("=", "mx_Web")]
    assert sent(field.is_in([value, "b"])) == [many("mx_Web", "b")]


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
def test_names_and_ids_may_be_members(
    build: Callable[[Any], Any], texts: list[str], value: Any
) -> None:
    """In the payload and in Python."""
    query = build(value)
    query = query if hasattr(query, "to_payload") else query.select("Phone")
    values: list[str] = []
    json.loads(query.to_json(), object_hook=lambda found: values.extend(found.values()))

    assert [text for text in values if isinstance(text, str) and "mx_Web" in text] == texts
    assert {type(text) for text in _texts(query.to_payload())} == {str}
    assert "Src.WEB" not in query.describe()
    assert "LOUD" not in query.describe()


def _texts(raw: Any) -> list[Any]:
    """The texts in a payload."""
    if isinstance(raw, dict):
        return [text for value in raw.values() for text in _texts(value)]
    if isinstance(raw, list):
        return [text for value in raw for text in _texts(value)]
    return [raw] if isinstance(raw, str) else []


def test_options_and_labels_may_be_members() -> None:
    """A dropdown can be made from an enumeration."""
    field = Choice(Src.WEB, Src.FAIR, options=Src)

    assert (field.name, field.label, field.options) == ("mx_Web", "Fair", ("mx_Web", "Fair"))
    assert {type(text) for text in (field.name, field.label, *field.options)} == {str}
    assert sent(field == Src.FAIR) == [one("=", "Fair", "mx_Web")]


def test_a_value_outside_the_options_is_named_by_its_text() -> None:
    """The warning shows what is sent."""
    with pytest.warns(UserWarning, match="'mx_Web' is none of the options of mx_A"):
        _ = Choice("mx_A", options=["Web"]) == Src.WEB


def test_a_number_of_an_enumeration_is_a_number() -> None:
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
def test_an_invalid_member_suggests_its_value(build: Callable[[], Any], text: str) -> None:
    """With `.value`."""
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
def test_a_member_with_an_invalid_value_has_no_suggestion(
    build: Callable[[], Any], text: str
) -> None:
    assert refusal(build) == text
