"""What `check` says about each spelling that other APIs have, and about a key of no object."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from leadquery import check
from leadquery.wire.enums import ALIASES, UNSUPPORTED_OPERATORS, Operator, WireEnum

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

    check_golden(GOLDEN, "\n".join(lines) + "\n")
