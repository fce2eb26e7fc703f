"""What is drawn is what was promised: leads that the emulator takes, and payloads with mistakes."""

from __future__ import annotations

import operator
from functools import reduce
from typing import Any

import pytest
from hypothesis import HealthCheck, find, given, settings, strategies as st

from leadquery import check, testing, users
from leadquery.emulator import Emulator
from leadquery.errors import QueryError
from leadquery.expr.field_types import Choice, DerivedColumn, Number
from leadquery.fields import STANDARD
from leadquery.lint.rules.registry import all_rules
from leadquery.lint.rules.sibling_api import SIBLING_API
from leadquery.testing.strategies.mutations import MUTATIONS
from leadquery.testing.strategies.queries import _combine

Json = Any

CODES = [rule.code for rule in MUTATIONS]
OWN = (Number("mx_Deal_Value"), Choice("mx_Course", options=["MBA", "BSc"]))


@given(st.lists(testing.leads(*OWN), max_size=5, unique_by=lambda lead: lead["ProspectID"]))
def test_leads_are_for_the_emulator(leads: list[dict[str, Any]]) -> None:
    """It takes every value, lists every lead, and knows the fields of its own by their kinds."""
    emulator = Emulator(leads, fields=OWN)
    output = {"Type": "list", "IncludeCSV": "ProspectID,mx_Course"}
    answer = emulator.answer({"Output": output})

    assert {row["ProspectID"] for row in answer["Results"]} == {
        lead["ProspectID"] for lead in leads
    }
    assert {row["mx_Course"] for row in answer["Results"]} <= {"MBA", "BSc", None}


@given(testing.leads(*OWN))
def test_a_lead_has_an_id_and_the_fields_named(lead: dict[str, Any]) -> None:
    """And a few standard ones; no column that is derived."""
    assert {"ProspectID", "mx_Deal_Value", "mx_Course"} <= lead.keys()
    assert all(
        name in STANDARD and not isinstance(STANDARD[name], DerivedColumn)
        for name in lead.keys() - {"mx_Deal_Value", "mx_Course"}
    )
    assert len(lead) <= 8


@pytest.mark.parametrize("value", [None, "", "number", "text"])
def test_a_field_may_be_empty_a_number_or_its_text(value: str | None) -> None:
    """Each is drawn."""
    wanted = {
        "number": lambda found: isinstance(found, int),
        "text": lambda found: found not in (None, ""),
    }

    def meets(lead: dict[str, Any]) -> bool:
        found = lead["mx_Deal_Value"]
        return wanted[value](found) if value else found == value

    assert find(testing.leads(*OWN), meets)


def errors(payload: Json) -> set[str]:
    """The codes of what is wrong with a payload."""
    return {problem.code for problem in check(payload).problems if problem.severity == "error"}


# Payloads are slow to draw; a few have a mistake in many places.
@settings(max_examples=max(5, settings().max_examples // len(CODES)))
@pytest.mark.parametrize("code", CODES)
@given(data=st.data())
def test_each_mistake_is_named(code: str, data: st.DataObject) -> None:
    """Whatever payload it is in, `check` names it by its code."""
    payload = data.draw(testing.invalid_payloads(code))

    assert code in errors(payload)


@settings(max_examples=max(25, settings().max_examples // 10))
@given(testing.invalid_payloads())
def test_a_wrong_payload_is_refused(payload: Json) -> None:
    """As an object, and by the emulator's `answer`."""
    assert isinstance(payload, dict)
    assert not check(payload).ok
    with pytest.raises(ValueError, match="LQ"):
        Emulator([]).answer(payload)


def test_every_mistake_of_a_payload_is_drawn() -> None:
    """All codes of errors but those of texts, of other APIs' bodies and of an account's fields."""
    others = {SIBLING_API.code}
    errors_of_payloads = {
        rule.code
        for rule in all_rules()
        if rule.severity.value == "error" and rule.code[2] not in "16" and rule.code not in others
    }

    assert set(CODES) == errors_of_payloads


@pytest.mark.parametrize("codes", [("LQ203",), ("LQ304", "LQ307")])
def test_codes_may_be_named(codes: tuple[str, ...]) -> None:
    """Each that is named is drawn, and no other mistake is made."""
    seen: set[str] = set()

    @settings(database=None, max_examples=30, suppress_health_check=[*HealthCheck])
    @given(testing.invalid_payloads(*codes))
    def draw(payload: Json) -> None:
        found = errors(payload) & set(codes)
        assert found
        seen.update(found)

    draw()

    assert seen == set(codes)


@pytest.mark.parametrize("code", ["LQ101", "LQ503", "x", 7])
def test_what_is_no_mistake_to_draw(code: Any) -> None:
    """The error lists those that are."""
    with pytest.raises(QueryError) as caught:
        testing.invalid_payloads(code)

    shown = repr(code)
    assert str(caught.value) == f"{shown} is no mistake to draw; they are {', '.join(CODES)}"


def test_the_room_loads_what_is_asked_for() -> None:
    """Its names are there, and no others."""
    unknown = "anything"

    assert set(testing.__all__) <= set(dir(testing))
    assert all(getattr(testing, name).__doc__ for name in testing.__all__)
    with pytest.raises(AttributeError, match=r"^module 'leadquery.testing' has no attribute 'any"):
        getattr(testing, unknown)


def test_users_are_joined_while_the_groups_can_say_it() -> None:
    """What would take too many conditions is left at its first part."""
    halves = [
        ((users.Role == f"{half} {one}") & (users.TeamId == f"{half} {one}"))
        | (users.Department == f"{half} {one}")
        for half in ("left", "right")
        for one in range(8)
    ]
    left, right = (reduce(operator.or_, halves[at : at + 8]) for at in (0, 8))

    assert _combine(operator.and_, left, right) == left
    assert _combine(operator.or_, left, right) == left | right
