"""Builders for the example payloads of the rules, and the account that LQ6xx examples are about.

What an example leaves out, such as the output or the paging, is right.
"""

from __future__ import annotations

from typing import Final

LIST: Final = '{"Output": {"Type": "list", "IncludeCSV": "Phone"}}'


def lead_filters(*filters: str) -> str:
    """A payload with these lead filters."""
    return _lines('{"ReportFilter": {"LeadFilters": [', filters, "]}}")


def user_conditions(*conditions: str) -> str:
    """A payload with one user group of these conditions."""
    opening = '{"ReportFilter": {"UserFilter": {"GroupConditions": [{"Condition": ['
    return _lines(opening, conditions, "]}]}}}")


def role(role: str, operator: str = "") -> str:
    """A condition on the role of a user, joined to the next one by an operator."""
    joined = f',\n   "ConditionOperator": "{operator}"' if operator else ""
    return f'{{"LookupName": "Role", "Operator": "eq", "LookupValue": "{role}"{joined}}}'


def date_range(start: str, end: str, field: str = "LeadCreatedOn") -> str:
    """A payload with one date filter."""
    dates = f'{{"DateField": "{field}", "FromDate": "{start}",\n   "ToDate": "{end}"}}'
    return _lines('{"DateFilter": [', (dates,), "]}")


def _lines(first: str, entries: tuple[str, ...], last: str) -> str:
    entered = ",\n".join(f"  {entry}" for entry in entries)
    return f"{first}\n{entered}\n{last}"


PAGE: Final = (
    '{"Output": {"Type": "list", "IncludeCSV": "Phone"},\n'
    ' "Paging": {"PageIndex": 1, "PageSize": 100}}'
)

FILTERED: Final = lead_filters('{"LookUpName": "Phone", "LookUpValue": "9", "SqlOperator": "="}')

FIELDS: Final[tuple[dict[str, object], ...]] = (
    {"SchemaName": "Phone", "DisplayName": "Phone Number", "DataType": "Phone"},
    {"SchemaName": "Score", "DisplayName": "Lead Score", "DataType": "Number"},
    {
        "SchemaName": "ProspectStage",
        "DisplayName": "Lead Stage",
        "DataType": "Select",
        "Options": [{"Value": "Prospect"}, {"Value": "Customer"}],
    },
)
"""The lead fields of the account that the LQ6xx examples are about."""
