"""The strategies draw everything that a query can contain, so the laws cover it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings

from leadquery import periods, testing, users
from leadquery.expr import BaseField, DerivedColumn, Field, Number
from leadquery.fields import FIELD_TYPES, STANDARD
from leadquery.query.leads import GroupedLeads, LeadSet
from leadquery.query.query import Query
from leadquery.testing.strategies.fields import PERIOD_FUNCTIONS, ranges
from leadquery.testing.strategies.queries import calls
from leadquery.wire.enums import (
    AggregateFunction,
    DateField,
    LogicalOperator,
    Operator,
    UserOperator,
)
from leadquery.wire.model import AggregateOutput, LeadFilter, ListOutput
from tests.operators import EVERY, tokens_of


def drawn(strategy: Any, most: int = 400) -> list[Any]:
    """Examples of a strategy, the same ones in each run."""
    found: list[Any] = []

    @settings(max_examples=most, derandomize=True, database=None)
    @given(strategy)
    def collect(one: object) -> None:
        found.append(one)

    collect()
    return found


def type_name(field: BaseField[Any]) -> str:
    """The name of a field's type."""
    return type(field).__name__


@pytest.mark.parametrize("name", sorted(EVERY))
def test_conditions_use_every_operator_of_a_field_type(name: str) -> None:
    """And no others."""
    [own] = [one("mx_x") for one in FIELD_TYPES if one.__name__ == name]
    conditions = drawn(testing.conditions(own), 300)

    assert {one.operator.token for each in conditions for one in each.filters} == tokens_of(name)


def test_conditions_use_every_field_type() -> None:
    """Standard and custom fields."""
    compared = [
        field for one in drawn(testing.conditions(), 1_000) for field in one._conditions.values()
    ]

    standard = {
        type_name(one) for one in compared if any(one is field for field in STANDARD.values())
    }

    assert {*map(type_name, compared)} == EVERY
    assert standard == {*map(type_name, STANDARD.values())} - {"DerivedColumn"}


def test_fields_have_every_field_type() -> None:
    """Including derived columns."""
    every = drawn(testing.fields(), 1_000)

    assert {type(field) for field in every} == {*FIELD_TYPES}
    assert {*map(type_name, drawn(testing.fields(Number, DerivedColumn)))} == {
        "Number",
        "DerivedColumn",
    }


def test_texts_have_awkward_characters() -> None:
    """Quotes, backslashes, line ends, NUL, wide letters, a lone surrogate, commas."""
    letters = {*"".join(drawn(testing.texts(), 1_000))}
    single = {*"".join(drawn(testing.texts(commas=False), 1_000))}

    assert letters >= {*"\"'\\\r\n\t\0,\ud800語🎈\u0301 "}
    assert "," not in single


def form_of(moment: object) -> str:
    """The form of a date or datetime."""
    if isinstance(moment, datetime):
        return "datetime" if moment.tzinfo else "naive datetime"
    if isinstance(moment, date):
        return "date"
    text = str(moment)
    parts = ["text", *(["T"] if "T" in text else []), *(["fraction"] if "." in text else [])]
    if text.endswith("Z"):
        parts.append("Z")
    elif len(text) > 10 and ("+" in text or text.count("-") > 2):
        parts.append("offset")
    return " ".join([*parts, *([] if len(text) > 10 else ["day"])])


FORMS = {"date", "datetime", "text", "text day", "text T Z", "text T offset", "text offset"}


def test_moments_have_every_form() -> None:
    """Naive datetimes only with a time zone."""
    moments = {form_of(one) for one in drawn(testing.moments(), 800)}
    drawn_ranges = drawn(ranges(), 800)
    zoned = {form_of(one) for start, end, zone in drawn_ranges if zone for one in (start, end)}

    assert moments >= FORMS
    assert "naive datetime" not in moments
    assert zoned >= FORMS | {"naive datetime"}
    assert {form_of(one) for start, _, zone in drawn_ranges if not zone for one in [start]} >= FORMS


def test_periods_use_every_function() -> None:
    helpers = {
        "Period",
        "TimeZone",
        "Weekday",
        "DateLike",
        "end_of",
        "is_whole_day",
        "start_of",
        "zone",
    }

    # Lists of periods have laws of their own.
    lists = {"weeks", "months", "quarters"}
    lists |= {"last_weeks", "last_months", "last_quarters", "last_years"}

    functions = {*periods.__all__} - helpers - lists
    assert {function.__name__ for function in PERIOD_FUNCTIONS} == functions
    assert len({*drawn(testing.periods())}) > 200


def test_calls_use_every_refining_method() -> None:
    """In each of its forms."""
    called = drawn(calls, 600)
    given_to = {name: [given for one, given, _ in called if one == name] for name, _, _ in called}
    own = {name for name in dir(LeadSet) if not name.startswith("_")}
    parts = {"conditions", "filters", "words", "dates", "users", "paging"}
    owners = [owner for given in given_to["owned_by"] for owner in given]
    outputs = {"select", "group_by", "aggregate", "count", "average", "sum"}

    assert {*given_to} == own - parts - outputs
    assert (None,) in given_to["page"]
    assert () in given_to["where"]
    assert {"@" in owner for owner in owners if isinstance(owner, str)} == {True, False}
    assert not all(isinstance(owner, str) for owner in owners)


def shapes(condition: Any) -> Iterator[str]:
    """Features of a user condition."""
    if len(condition.groups) > 1 and max(map(len, condition.groups)) > 1:
        yield f"{condition.joiner.name} of {condition.joiner.other.name}s"
    for group in condition.groups:
        for one in group:
            known = {row.token for row in UserOperator}
            yield one.operator if one.operator in known else "another operator"
            yield "standard" if one.name in users.STANDARD else "own"
            if "," in one.value:
                yield "several values"


def test_user_conditions_have_every_shape() -> None:
    """ANDs of ORs, ORs of ANDs, each operator, standard and custom attributes."""
    found = {shape for one in drawn(testing.user_conditions()) for shape in shapes(one)}
    nested = {f"{one.name} of {one.other.name}s" for one in LogicalOperator}

    assert found == nested | {
        *("eq", "lik", "another operator", "standard", "own", "several values")
    }


def values_of(one: LeadFilter) -> tuple[str, ...]:
    """The values of a filter."""
    value = getattr(one, "values", None) or getattr(one, "value", None)
    return value if isinstance(value, tuple) else (value,) if value else ()


def test_queries_have_every_part() -> None:
    found = drawn(testing.queries(), 600)
    outputs = [query.output for query in found]
    groups = [one for one in outputs if isinstance(one, AggregateOutput)]
    filters = [one for query in found for one in query.filters]
    letters = {letter for one in filters for value in values_of(one) for letter in value}

    assert any(isinstance(one, ListOutput) and len(one.columns) > 2 for one in outputs)
    assert {one.function for one in groups} == {*AggregateFunction}
    assert {
        one.group == one.field for one in groups if one.function is AggregateFunction.COUNT
    } == {*(True, False)}
    assert {one.field for query in found for one in query.dates} == {*DateField}
    assert {query.paging is None for query in found} == {True, False}
    assert {query.users is None for query in found} == {True, False}
    assert {one.operator for one in filters} == {*Operator}
    assert letters >= {*'"\\\n,語'}
    assert any(isinstance(field, Field) for query in found for field in query._conditions.values())


def test_queries_have_every_state() -> None:
    assert {type(one) for one in drawn(testing.any_queries(), 50)} == {LeadSet, GroupedLeads, Query}


def parts(value: Any, path: str = "") -> Iterator[str]:
    """The path of each key, with its value if that is null or empty."""
    for key, inner in value.items() if isinstance(value, dict) else ():
        yield f"{path}/{key}"
        if inner is None or inner == "":
            yield f"{path}/{key} {inner!r}"
        yield from parts(inner, f"{path}/{key}")
    for inner in value if isinstance(value, list) else ():
        yield from parts(inner, path)


GROUPS = "/ReportFilter/UserFilter/GroupConditions"
ODD = {
    "/Output/Type",
    "/ReportFilter/LeadFilters/LookUpValue ''",
    "/ReportFilter/UserFilter/GroupOperator None",
    f"{GROUPS}/GroupOperator None",
    f"{GROUPS}/Condition/ConditionOperator None",
    f"{GROUPS}/GroupConditions/GroupConditions/Condition/LookupValue",
    "/Output/IncludeCSV ''",
}


def test_payloads_have_every_allowed_spelling() -> None:
    """Nested groups, nulls and empty texts, both outputs, alternative spellings."""
    found = drawn(testing.payloads(), 1_500)
    types = {payload["Output"]["Type"] for payload in found}
    operators = {
        one["SqlOperator"]
        for payload in found
        for one in payload.get("ReportFilter", {}).get("LeadFilters", ())
    }

    assert {part for payload in found for part in parts(payload)} >= ODD
    assert types == {"list", "List", "aggregate", "Aggregate"}
    assert operators == {operator.token for operator in Operator}
    assert len({tuple(payload) for payload in found}) > 10
