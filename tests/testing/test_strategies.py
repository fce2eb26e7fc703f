"""The strategies draw leads that the mock API takes and payloads with one mistake."""

from __future__ import annotations

import operator
import sys
from functools import reduce
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings, strategies as st

from leadquery import check, testing, users
from leadquery.emulator import Emulator
from leadquery.errors import MissingDependencyError, QueryError
from leadquery.expr.field_types import Choice, DerivedColumn, Number
from leadquery.fields import STANDARD
from leadquery.lint.rules import all_rules
from leadquery.lint.rules.combinations import WRONG_OUTPUT_TYPE
from leadquery.lint.rules.sibling_api import SIBLING_API
from leadquery.lint.rules.wrapped import WRAPPED_BODY
from leadquery.testing.strategies.mutations import MUTATIONS
from leadquery.testing.strategies.queries import _combine

Json = Any

CODES = [rule.code for rule in MUTATIONS]
CUSTOM_FIELDS = (Number("mx_Deal_Value"), Choice("mx_Course", options=["MBA", "BSc"]))


@given(
    st.lists(testing.leads(*CUSTOM_FIELDS), max_size=5, unique_by=lambda lead: lead["ProspectID"])
)
def test_the_mock_api_takes_the_leads(leads: list[dict[str, Any]]) -> None:
    emulator = Emulator(leads, fields=CUSTOM_FIELDS)
    output = {"Type": "list", "IncludeCSV": "ProspectID,mx_Course"}
    answer = emulator.answer({"Output": output})

    assert {row["ProspectID"] for row in answer["Results"]} == {
        lead["ProspectID"] for lead in leads
    }
    assert {row["mx_Course"] for row in answer["Results"]} <= {"MBA", "BSc", None}


@given(testing.leads(*CUSTOM_FIELDS))
def test_a_lead_has_an_id_and_the_given_fields(lead: dict[str, Any]) -> None:
    assert {"ProspectID", "mx_Deal_Value", "mx_Course"} <= lead.keys()
    assert all(
        name in STANDARD and not isinstance(STANDARD[name], DerivedColumn)
        for name in lead.keys() - {"mx_Deal_Value", "mx_Course"}
    )
    assert len(lead) <= 8


@pytest.mark.parametrize("value", [None, "", "number", "text"])
def test_a_value_may_be_missing_a_number_or_text(value: str | None) -> None:
    wanted = {
        "number": lambda drawn: isinstance(drawn, int),
        "text": lambda drawn: drawn not in (None, ""),
    }

    def meets(lead: dict[str, Any]) -> bool:
        drawn = lead["mx_Deal_Value"]
        return wanted[value](drawn) if value else drawn == value

    assert find(testing.leads(*CUSTOM_FIELDS), meets)


def errors(payload: Json) -> set[str]:
    """The codes of the errors in a payload."""
    return {
        diagnostic.code
        for diagnostic in check(payload).diagnostics
        if diagnostic.severity == "error"
    }


# Payloads are slow to draw; a few have a mistake in many places.
@settings(max_examples=max(5, settings().max_examples // len(CODES)))
@pytest.mark.parametrize("code", CODES)
@given(data=st.data())
def test_check_reports_each_mistake(code: str, data: st.DataObject) -> None:
    payload = data.draw(testing.invalid_payloads(code))

    assert code in errors(payload)


@settings(max_examples=max(25, settings().max_examples // 10))
@given(testing.invalid_payloads())
def test_an_invalid_payload_is_rejected(payload: Json) -> None:
    assert isinstance(payload, dict)
    assert not check(payload).ok
    with pytest.raises(ValueError, match="LQ"):
        Emulator([]).answer(payload)


def test_every_code_is_drawn() -> None:
    """Except those of JSON syntax, of other APIs, of an account's fields, and of whole bodies."""
    others = {SIBLING_API.code, WRAPPED_BODY.code, WRONG_OUTPUT_TYPE.code}
    errors_of_payloads = {
        rule.code
        for rule in all_rules()
        if rule.severity.value == "error" and rule.code[2] not in "16" and rule.code not in others
    }

    assert set(CODES) == errors_of_payloads


@pytest.mark.parametrize("codes", [("LQ203",), ("LQ304", "LQ307")])
def test_only_the_given_codes_are_drawn(codes: tuple[str, ...]) -> None:
    seen: set[str] = set()

    @settings(database=None, max_examples=30, suppress_health_check=[*HealthCheck])
    @given(testing.invalid_payloads(*codes))
    def draw(payload: Json) -> None:
        reported = errors(payload) & set(codes)
        assert reported
        seen.update(reported)

    draw()

    assert seen == set(codes)


@pytest.mark.parametrize("code", ["LQ101", "LQ503", "x", 7])
def test_an_unknown_code_is_rejected(code: Any) -> None:
    with pytest.raises(QueryError) as caught:
        testing.invalid_payloads(code)

    assert str(caught.value) == f"{code!r} is not a code to draw; write one of {', '.join(CODES)}"


def test_the_names_are_loaded_on_first_use() -> None:
    unknown = "anything"

    assert set(testing.__all__) <= set(dir(testing))
    assert all(getattr(testing, name).__doc__ for name in testing.__all__)
    with pytest.raises(AttributeError, match=r"^module 'leadquery.testing' has no attribute 'any"):
        getattr(testing, unknown)


def test_user_conditions_that_need_too_many_groups_are_left_out() -> None:
    halves = [
        ((users.Role == f"{half} {one}") & (users.TeamId == f"{half} {one}"))
        | (users.Department == f"{half} {one}")
        for half in ("left", "right")
        for one in range(8)
    ]
    left, right = (reduce(operator.or_, halves[at : at + 8]) for at in (0, 8))

    assert _combine(operator.and_, left, right) == left
    assert _combine(operator.or_, left, right) == left | right


@pytest.mark.parametrize("step", ["with_owner_names", "having", "compare", "order_by", "limit"])
def test_planned_queries_have_every_local_step(step: str) -> None:
    """Among the same hundred in each run."""
    once = settings(derandomize=True, max_examples=100, phases=[Phase.generate])

    query = find(testing.planned_queries(), lambda query: f".{step}(" in repr(query), settings=once)

    assert f".{step}(" in repr(query)


def test_the_strategies_need_hypothesis(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install; the fixture does without."""
    for name in [name for name in sys.modules if name.startswith("leadquery.testing.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "hypothesis", None)

    with pytest.raises(MissingDependencyError) as caught:
        _ = testing.queries

    assert str(caught.value).splitlines()[0] == (
        "leadquery.testing needs hypothesis, which is not installed; "
        "run pip install 'leadquery[testing]'"
    )
    assert testing.FakeLeadSquared().environment
