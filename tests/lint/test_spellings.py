"""What `check` says about each spelling that other APIs have, and about a key of no object."""

from __future__ import annotations

from collections.abc import Callable
from inspect import getmembers, isclass
from pathlib import Path
from typing import Any

from leadquery import check
from leadquery.wire import model
from leadquery.wire.enums import ALIASES, UNSUPPORTED_OPERATORS, Operator, WireEnum
from leadquery.wire.schema import WireObject, keys_of

GOLDEN = Path(__file__).with_name("spellings.txt")

LEAD_FILTER = {"LookUpName": "mx_A", "LookUpValue": "1", "SqlOperator": "="}
CONDITION = {"LookupName": "Role", "Operator": "eq", "LookupValue": "1"}
RANGE = {
    "DateField": "LeadCreatedOn",
    "FromDate": "2026-01-01 00:00:00",
    "ToDate": "2026-01-31 23:59:59",
}
LIST = {"Type": "list", "IncludeCSV": "Phone"}
SUM = {
    "Type": "aggregate",
    "GroupBy": "OwnerId",
    "AggregateField": "Score",
    "AggregateFunction": "Sum",
}
PAGING = {"PageIndex": 1, "PageSize": 100}


def payload(*filters: Any, users: Any = None, dates: Any = None, output: Any = LIST) -> Any:
    """A payload with these parts."""
    parts = {"LeadFilters": [*filters] or None, "UserFilter": users}
    report = {key: value for key, value in parts.items() if value is not None}
    top = {"ReportFilter": report or None, "DateFilter": None if dates is None else [dates]}
    return {key: value for key, value in top.items() if value} | {
        "Output": output,
        "Paging": PAGING,
    }


def owners(*conditions: Any, **more: Any) -> Any:
    """A payload with a filter of owners."""
    return payload(users={"GroupConditions": [{"Condition": [*conditions], **more}]})


SPELLINGS: dict[str, Callable[[str], Any]] = {
    "Operator": lambda text: payload({**LEAD_FILTER, "SqlOperator": text}),
    "UserOperator": lambda text: owners({**CONDITION, "Operator": text}),
    "LogicalOperator": lambda text: owners({**CONDITION, "ConditionOperator": text}, CONDITION),
    "DateField": lambda text: payload(dates={**RANGE, "DateField": text}),
    "AggregateFunction": lambda text: payload(output={**SUM, "AggregateFunction": text}),
    "OutputType": lambda text: payload(output={**SUM, "Type": text}),
}

DECLARED = dict.fromkeys(
    key
    for _, cls in getmembers(model, isclass)
    if issubclass(cls, WireObject)
    for key in (keys_of(cls).values() if cls is not WireObject else ())
)
"""The keys of all objects, each with its other names."""

OBJECTS: list[Callable[[Any], Any]] = [
    lambda more: payload({**LEAD_FILTER, **more}),
    lambda more: payload(
        {"LookUpName": "mx_A", "SqlOperator": "in", "LookUpValues": ["1"], **more}
    ),
    lambda more: payload({"LookUpName": "mx_A", "SqlOperator": "def", **more}),
    lambda more: owners({**CONDITION, **more}),
    lambda more: owners(CONDITION, **more),
    lambda more: payload(users={"GroupConditions": [{"Condition": [CONDITION]}], **more}),
    lambda more: {**payload(), "ReportFilter": {"LeadFilters": [LEAD_FILTER], **more}},
    lambda more: payload(dates={**RANGE, **more}),
    lambda more: payload(output={**LIST, **more}),
    lambda more: payload(output={**SUM, **more}),
    lambda more: {**payload(), "Paging": {**PAGING, **more}},
    lambda more: {**payload(), **more},
]


TRUTHS = ("true", "Yes", "1", "FALSE", "no", "0", "on")


def renamed(raw: dict[str, Any]) -> list[dict[str, Any]]:
    """An object with another name for each of its keys, by those that the model lists."""
    return [
        {alias if key == declared.name else key: value for key, value in raw.items()}
        for declared in DECLARED
        for alias in declared.aliases
        if declared.name in raw
    ]


def reported(raw: Any) -> str:
    """The diagnostics of a payload, a line each."""
    found = [f"{one.code} {one.message}; {one.hint}" for one in check(raw).diagnostics]
    return "\n".join(found) or "nothing"


def test_spellings_and_keys(check_golden: Callable[[Path, str], None]) -> None:
    spellings: list[tuple[type[WireEnum], str]] = [
        (type(member), text) for member, texts in ALIASES.items() for text in texts
    ]
    spellings += [(Operator, text) for text in UNSUPPORTED_OPERATORS]
    lines = [reported(SPELLINGS[of.__name__](text)) for of, text in spellings]
    lines += [reported(place({"Colour": "red"})) for place in OBJECTS]
    filters = ({**LEAD_FILTER, "LookUpName": "DoNotCall", "LookUpValue": one} for one in TRUTHS)
    lines += [reported(payload(one)) for one in filters]
    lines += [reported(payload(one)) for one in renamed({**LEAD_FILTER})]
    lines += [reported(owners(one)) for one in renamed(CONDITION)]
    lines += [reported(payload(dates=one)) for one in renamed(RANGE)]
    lines += [reported(payload(output=one)) for one in (*renamed(LIST), *renamed(SUM))]
    lines += [reported({**payload(), "Paging": one}) for one in renamed(PAGING)]
    lines += [reported(one) for one in renamed(payload(LEAD_FILTER, dates=RANGE))]

    check_golden(GOLDEN, "\n".join(lines) + "\n")
