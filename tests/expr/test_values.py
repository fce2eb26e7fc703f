"""Equality, hashing, copying and immutability of fields and conditions; labels and columns."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from leadquery import Leads, fields
from leadquery.errors import FrozenError, UnknownNameError
from leadquery.expr.field_types import Choice, Date, DerivedColumn, Field, Number, Text
from leadquery.fields import EngagementScore, OwnerIdName, ProspectActivityDate_Max
from tests.expr.support import refusal, sent

# Untyped: a type checker would refuse to order it.
COLUMN: Any = OwnerIdName
COURSE = Choice("mx_Course", options=["Marketing", "Science", "Business"])
CONDITIONS = [
    Number("mx_A") < 5,
    Text("mx_A").is_in(["a", "b"]),
    Text("mx_A").has_data(),
    Number("mx_A").between(1, 2),
    Date("mx_A") == "2026-01-31",
    (Text("mx_A") == "a") & (Field("mx_B") != 5),
    COURSE == "Science",
]


@pytest.mark.parametrize(
    ("condition", "other"),
    [
        (Number("mx_A") == 1, Number("mx_A") == 1.0),
        (Number("mx_A") == 1, Text("mx_A") == "1"),
        (Text("mx_A") == "a", Choice("mx_A", options=["a"]) == "a"),
        (Number("mx_A", "A label") < 5, Number("mx_A") < 5),
        (Text("mx_A").is_in(["a"]), Text("mx_A") == "a"),
        (Date("mx_A") == "2026-01-31", Date("mx_A").between("2026-01-31", "2026-01-31")),
        (EngagementScore < 20, Field("EngagementScore") < "20"),
    ],
)
def test_conditions_with_the_same_filters_are_equal(condition: Any, other: Any) -> None:
    """Whatever the type and label of the field."""
    assert condition == other
    assert hash(condition) == hash(other)
    assert len({condition, other}) == 1


@pytest.mark.parametrize(
    ("condition", "other"),
    [
        (Text("mx_A") == "a", Text("mx_a") == "a"),
        (Text("mx_A") == "a", Text("mx_A") == "A"),
        (Text("mx_A") == "a", Text("mx_A") != "a"),
        (Text("mx_A") == "a", Text("mx_A") == "a "),
        (Text("mx_A").is_in(["a", "b"]), Text("mx_A").is_in(["b", "a"])),
        (Field("mx_A") == "0.50", Field("mx_A") == 0.5),
        (Text("mx_A") == "a", "a"),
    ],
)
def test_conditions_with_different_filters_differ(condition: Any, other: Any) -> None:
    assert (condition == other) is False
    assert (condition != other) is True


@pytest.mark.parametrize("condition", CONDITIONS, ids=repr)
def test_a_condition_can_be_pickled_and_copied(condition: Any) -> None:
    for again in (pickle.loads(pickle.dumps(condition)), copy.deepcopy(condition)):
        assert again == condition
        assert hash(again) == hash(condition)
        assert repr(again) == repr(condition)


@pytest.mark.parametrize("name", sorted(fields.STANDARD))
def test_a_field_can_be_pickled(name: str) -> None:
    field = fields.STANDARD[name]
    again = pickle.loads(pickle.dumps(field))

    assert (type(again), again.name, again.label) == (type(field), field.name, field.label)


@pytest.mark.parametrize(
    ("value", "name"),
    [(EngagementScore, "name"), (EngagementScore, "unit"), (COURSE, "options")],
)
def test_a_field_is_frozen(value: Any, name: str) -> None:
    with pytest.raises(FrozenError):
        setattr(value, name, "x")
    with pytest.raises(FrozenError):
        delattr(value, name)


@pytest.mark.parametrize("name", ["filters", "words", "other"])
def test_a_condition_is_frozen(name: str) -> None:
    with pytest.raises(FrozenError):
        setattr(EngagementScore < 20, name, ())


def test_a_field_is_hashed_by_identity() -> None:
    first, other = Number("mx_A"), Number("mx_A")

    assert {first: 1, other: 2} == {first: 1, other: 2}
    assert len({first, other}) == 2


@pytest.mark.parametrize(
    ("field", "label"),
    [
        (EngagementScore, "EngagementScore"),
        (ProspectActivityDate_Max, "Last Activity Date"),
        (Number("mx_A"), "mx_A"),
        (Number("mx_A", "Deal value"), "Deal value"),
        (Choice("mx_A", "Course", options=["MBA"]), "Course"),
    ],
)
def test_a_label_is_not_sent(field: Any, label: str) -> None:
    """The default label is the name."""
    assert field.label == label
    assert sent(field.has_data())[0]["LookUpName"] == field.name


@pytest.mark.parametrize("field_type", fields.FIELD_TYPES)
@pytest.mark.parametrize("name", ["", None, 5, b"mx_A", EngagementScore])
def test_a_name_is_text(field_type: Any, name: Any) -> None:
    assert refusal(lambda: field_type(name)) == (
        f"a field's name is text such as 'mx_City', not {name!r}"
    )


@pytest.mark.parametrize(
    "build",
    [
        lambda: OwnerIdName == "a",
        lambda: OwnerIdName != "a",
        lambda: COLUMN < "a",
        lambda: "a" >= COLUMN,
        OwnerIdName.has_data,
        OwnerIdName.has_no_data,
    ],
)
def test_a_derived_column_cannot_be_filtered(build: Callable[[], Any]) -> None:
    """The message says how to try it anyway."""
    assert refusal(build) == (
        "OwnerIdName is a column of the result, which filters are not known to support; "
        'to try it anyway write Field("OwnerIdName")'
    )


@pytest.mark.parametrize("name", ["is_in", "contains", "between", "during", "starts_with"])
def test_a_derived_column_has_no_methods(name: str) -> None:
    """With the same message."""
    assert refusal(lambda: getattr(OwnerIdName, name), UnknownNameError) == refusal(
        OwnerIdName.has_data
    )


@pytest.mark.parametrize("column", [OwnerIdName, DerivedColumn("mx_A"), Field("OwnerIdName")])
def test_any_field_can_be_selected(column: Any) -> None:
    assert Leads.select(column).to_payload()["Output"]["IncludeCSV"] == column.name
