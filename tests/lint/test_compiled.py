"""Generated functions agree with a plain walk over the model."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from copy import deepcopy
from enum import Enum
from typing import Any, Final

import pytest
from hypothesis import given

from leadquery import check, testing
from leadquery.lint.decoder import decode_request, decode_text
from leadquery.lint.reader import read_request
from leadquery.wire.model import Request
from leadquery.wire.schema import Array, JoinedArray, Object, Type, Union, keys_of
from leadquery.wire.serializer import json_writer, to_payload
from leadquery.wire.types import CommaList, EnumType, Timestamp

Json = Any

LEAVES: Final[dict[type, Callable[[Any], Json]]] = {
    Timestamp: lambda moment: moment.strftime("%Y-%m-%d %H:%M:%S").zfill(19),
    EnumType: lambda row: row.token,
    CommaList: ",".join,
}


def plainly(form: Type, value: Any) -> Json:
    """A value of the model, serialized by a plain walk."""
    match form:
        case Object() | Union():
            return {
                key.name: plainly(key.type, getattr(value, attribute))
                for attribute, key in keys_of(type(value)).items()
                if key.required or getattr(value, attribute)
            }
        case Array() | JoinedArray():
            return [plainly(form.of, one) for one in value]
    return LEAVES.get(type(form), lambda leaf: leaf)(value)


def request_of(payload: Json) -> Request:
    """The request of a payload without errors."""
    request = read_request(payload)[0]
    assert request is not None
    return request


@given(testing.payloads())
def test_the_serializer_agrees_with_a_plain_walk(payload: dict[str, Json]) -> None:
    """In key order, too."""
    request = request_of(payload)
    plain = plainly(Object(Request), request)

    assert json.dumps(to_payload(request)) == json.dumps(plain)


@given(testing.payloads())
def test_the_text_is_what_the_json_module_writes(payload: dict[str, Json]) -> None:
    request = request_of(payload)

    assert json_writer()(request) == json.dumps(to_payload(request))


def test_each_call_returns_new_objects() -> None:
    request = request_of(FULL)
    to_payload(request).clear()

    assert to_payload(request) == FULL


CONDITION = {"LookupName": "Role", "Operator": "eq", "LookupValue": "a"}
JOINED = {**CONDITION, "ConditionOperator": "AND"}
FULL: Final[dict[str, Json]] = {
    "ReportFilter": {
        "UserFilter": {
            "GroupConditions": [
                {"Condition": [JOINED, CONDITION], "GroupOperator": "OR"},
                {"GroupConditions": [{"Condition": [CONDITION]}]},
            ]
        },
        "LeadFilters": [
            {"LookUpName": "Score", "LookUpValue": "5", "SqlOperator": ">"},
            {"LookUpName": "Source", "SqlOperator": "in", "LookUpValues": ["a", "b"]},
            {"LookUpName": "Phone", "SqlOperator": "def"},
        ],
    },
    "DateFilter": [
        {
            "DateField": "LeadCreatedOn",
            "FromDate": "2026-01-01 00:00:00",
            "ToDate": "2026-01-31 23:59:59",
        }
    ],
    "Output": {
        "Type": "aggregate",
        "GroupBy": "OwnerId",
        "AggregateFunction": "Sum",
        "AggregateField": "Score",
    },
    "Paging": {"PageIndex": 1, "PageSize": 100},
}


class Absent(Enum):
    """A missing key."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT
USERS = "ReportFilter.UserFilter.GroupConditions"
LEADS = "ReportFilter.LeadFilters"
DATES = "DateFilter.0"


def changed(place: str, value: Json) -> dict[str, Json]:
    """The complete payload with one value changed, added or removed."""
    payload: Json = deepcopy(FULL)
    *steps, last = (int(step) if step.isdigit() else step for step in place.split("."))
    holder = payload
    for step in steps:
        holder = holder[step]
    if value is ABSENT:
        del holder[last]
    else:
        holder[last] = value
    return dict(payload)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("ReportFilter", ABSENT),
        ("DateFilter", ABSENT),
        ("ReportFilter.UserFilter", ABSENT),
        (LEADS, ABSENT),
        (f"{USERS}.0.Condition.1.ConditionOperator", None),
        (f"{USERS}.1.GroupOperator", None),
        (f"{LEADS}.2.LookUpValue", ""),
        (f"{DATES}.FromDate", "2026-01-31 23:59:59"),
        ("Output.Type", "Aggregate"),
        ("Output.IncludeCSV", ""),
        ("Output", {"Type": "List", "IncludeCSV": "Phone", "GroupBy": ""}),
        ("Paging.PageIndex", 2**31 - 1),
    ],
)
def test_allowed_values_are_clean(place: str, value: Json) -> None:
    """For the fast path and the reader."""
    payload = changed(place, value)

    assert decode_request(payload) is not None
    assert read_request(payload).context.diagnostics == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("Output", ABSENT),
        ("Output", []),
        ("Output.Type", ABSENT),
        ("Output.Type", "lst"),
        ("Output.Type", ["list"]),
        ("Output.Sort", "x"),
        ("Output.GroupBy", ""),
        ("Output.GroupBy", ABSENT),
        ("Output.IncludeCSV", None),
        ("Output", {"Type": "list", "IncludeCSV": " , "}),
        ("Paging", None),
        ("Paging.PageIndex", True),
        ("Paging.PageIndex", 0),
        ("Paging.PageSize", 2**31),
        ("Paging.PageSize", "1"),
        ("Paging.PageSize", ABSENT),
        ("DateFilter", []),
        ("DateFilter", {}),
        (f"{DATES}.DateField", "CreatedOn"),
        (f"{DATES}.FromDate", None),
        (f"{DATES}.FromDate", "2026-01-01"),
        (f"{DATES}.FromDate", "2026-01-01T00:00:00"),
        (f"{DATES}.ToDate", "2026-02-29 00:00:00"),
        (f"{DATES}.ToDate", "2026-01-31 24:00:00"),
        (f"{DATES}.ToDate", "2025-12-31 23:59:59"),
        (LEADS, []),
        (f"{LEADS}.0", "Score > 5"),
        (f"{LEADS}.0.LookUpName", ""),
        (f"{LEADS}.0.LookUpValue", 5),
        (f"{LEADS}.0.LookUpValue", ABSENT),
        (f"{LEADS}.0.LookUpValues", ["5"]),
        (f"{LEADS}.0.SqlOperator", ABSENT),
        (f"{LEADS}.0.SqlOperator", "in"),
        (f"{LEADS}.1.LookUpValues", []),
        (f"{LEADS}.1.LookUpValues", ["a", ""]),
        (f"{LEADS}.1.LookUpValues", "a"),
        (f"{LEADS}.2.LookUpValue", "a"),
        (f"{USERS}.0", {}),
        (f"{USERS}.0", {"GroupOperator": "OR"}),
        (f"{USERS}.0.GroupOperator", ABSENT),
        (f"{USERS}.0.GroupOperator", "or"),
        (f"{USERS}.0.Condition", []),
        (f"{USERS}.0.Condition.0.ConditionOperator", ABSENT),
        (f"{USERS}.0.Condition.0.ConditionOperator", None),
        (f"{USERS}.0.Condition.0.Operator", ""),
        (f"{USERS}.0.Condition.0.Operator", "EQ"),
        (f"{USERS}.0.Condition.0.Operator", "starts"),
        (f"{USERS}.0.Condition.1.ConditionOperator", "AND"),
        ("ReportFilter.UserFilter.GroupOperator", "AND"),
        (f"{LEADS}.1.LookUpValues", ["a", "b", "a"]),
        (f"{LEADS}.2", {"LookUpName": "Score", "LookUpValue": "5", "SqlOperator": ">"}),
        ("Output.IncludeCSV", "Phone"),
        ("Output", {"Type": "list", "IncludeCSV": "Phone, Score"}),
        ("Output", {"Type": "list", "IncludeCSV": "Phone,,Score"}),
        ("Output", {"Type": "list", "IncludeCSV": "Phone,Phone"}),
        (f"{USERS}.0.Condition", [JOINED, {**JOINED, "ConditionOperator": "OR"}, CONDITION]),
    ],
)
def test_invalid_values_have_diagnostics(place: str, value: Json) -> None:
    """The fast path rejects them, and the reader explains."""
    payload = changed(place, value)

    assert decode_request(payload) is None
    assert read_request(payload).context.diagnostics


@pytest.mark.parametrize("place", ["Output", DATES, f"{LEADS}.0", f"{USERS}.0.Condition.0"])
def test_a_payload_is_not_changed_by_reading_its_missing_keys(place: str) -> None:
    one: defaultdict[str, str] = defaultdict(str)
    check(changed(place, one))

    assert one == {}


def test_a_long_text_is_clean_as_its_object_is() -> None:
    """It is parsed once, in the way that keeps duplicate keys."""
    rows = [
        {"LookUpName": f"mx_{n}", "LookUpValue": "5" * 99, "SqlOperator": ">"} for n in range(999)
    ]
    payload = changed(LEADS, rows)
    text = json.dumps(payload)

    assert decode_request(payload, builds=False) is payload
    assert decode_text(text) is None
    assert check(text).diagnostics == ()
    assert [
        one.code for one in check(text[:-1] + ', "Paging": {"PageIndex": 1, "PageSize": 1}}')
    ] == ["LQ110"]


@pytest.mark.parametrize("raw", [None, [], "{}", 5, {}, {"Output": {}}])
def test_other_values_are_not_clean(raw: Json) -> None:
    """Such as numbers and empty objects."""
    assert decode_request(raw) is None
