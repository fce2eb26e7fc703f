"""An example of each mistake, and what to write instead; `leadquery rule` shows both.

What an example leaves out, the output or the paging, is right.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from leadquery.lint.rules.registry import Rule


class Example(NamedTuple):
    """A mistake, and the same without it."""

    wrong: str
    right: str


_LIST: Final = '{"Output": {"Type": "list", "IncludeCSV": "Phone"}}'


def _leads(*filters: str) -> str:
    return _lines('{"ReportFilter": {"LeadFilters": [', filters, "]}}")


def _users(*conditions: str) -> str:
    opening = '{"ReportFilter": {"UserFilter": {"GroupConditions": [{"Condition": ['
    return _lines(opening, conditions, "]}]}}}")


def _role(role: str, joiner: str = "") -> str:
    joins = f',\n   "ConditionOperator": "{joiner}"' if joiner else ""
    return f'{{"LookupName": "Role", "Operator": "eq", "LookupValue": "{role}"{joins}}}'


def _dates(start: str, end: str, field: str = "LeadCreatedOn") -> str:
    dates = f'{{"DateField": "{field}", "FromDate": "{start}",\n   "ToDate": "{end}"}}'
    return _lines('{"DateFilter": [', (dates,), "]}")


def _lines(first: str, entries: tuple[str, ...], last: str) -> str:
    entered = ",\n".join(f"  {entry}" for entry in entries)
    return f"{first}\n{entered}\n{last}"


_FILTERED: Final = _leads('{"LookUpName": "Phone", "LookUpValue": "9", "SqlOperator": "="}')

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
"""The lead fields of the account that the examples of its own rules belong to."""

EXAMPLES: Final[dict[Rule, Example]] = {
    Rule.NOT_JSON: Example('{"Output": }', _LIST),
    Rule.NOT_UTF8: Example(
        '{"Output": {"Type": "list", "IncludeCSV": "mx_Caf\udce9"}}',
        '{"Output": {"Type": "list", "IncludeCSV": "mx_Café"}}',
    ),
    Rule.TOO_DEEP: Example(
        # Python 3.14 reads tens of thousands of levels, 3.11 a thousand.
        "[" * 100_000 + "]" * 100_000,
        _LIST,
    ),
    Rule.EXTRA_COMMA: Example('{"Output": {"Type": "list", "IncludeCSV": "Phone",}}', _LIST),
    Rule.COMMENT: Example(
        '{"Output": {"Type": "list", "IncludeCSV": "Phone"}  // all leads\n}', _LIST
    ),
    Rule.MISSING_MARK: Example('{"Output": {"Type": "list" "IncludeCSV": "Phone"}}', _LIST),
    Rule.QUOTES: Example('{"Output": {\'Type\': "list", "IncludeCSV": "Phone"}}', _LIST),
    Rule.STRANGE_BLANK: Example('{"Output":\xa0{"Type": "list", "IncludeCSV": "Phone"}}', _LIST),
    Rule.FOREIGN: Example(
        '{"Paging": {"PageIndex": 1, "PageSize": NaN}}',
        '{"Paging": {"PageIndex": 1, "PageSize": 100}}',
    ),
    Rule.DUPLICATE_KEY: Example(
        '{"Output": {"Type": "aggregate", "Type": "list", "IncludeCSV": "Phone"}}', _LIST
    ),
    Rule.LOST_END: Example('{"Output": {"Type": "list", "IncludeCSV": "Phone"}', _LIST),
    Rule.ESCAPE: Example(
        _leads('{"LookUpName": "Company", "LookUpValue": "AC\\DC", "SqlOperator": "="}'),
        _leads('{"LookUpName": "Company", "LookUpValue": "AC\\\\DC", "SqlOperator": "="}'),
    ),
    Rule.UNKNOWN_KEY: Example(
        _FILTERED.replace("LeadFilters", "LeadFilter"),
        _FILTERED,
    ),
    Rule.KEY_CASE: Example(
        _leads('{"LookupName": "Phone", "LookUpValue": "9", "SqlOperator": "="}'),
        _FILTERED,
    ),
    Rule.MISSING_KEY: Example('{"Output": {"Type": "list"}}', _LIST),
    Rule.WRONG_TYPE: Example(
        _leads('{"LookUpName": "Score", "LookUpValue": 20, "SqlOperator": ">"}'),
        _leads('{"LookUpName": "Score", "LookUpValue": "20", "SqlOperator": ">"}'),
    ),
    Rule.NULL: Example(
        _leads('{"LookUpName": "Phone", "LookUpValue": null, "SqlOperator": "="}'),
        _leads('{"LookUpName": "Phone", "SqlOperator": "ndef"}'),
    ),
    Rule.EMPTY: Example(
        '{"ReportFilter": {"LeadFilters": []}}',
        _FILTERED,
    ),
    Rule.NEIGHBOUR: Example(
        '{"Parameter": {"LookupName": "Phone", "LookupValue": "9", "SqlOperator": "="}}',
        _FILTERED,
    ),
    Rule.OUTPUT_TYPE: Example('{"Output": {"Type": "table", "IncludeCSV": "Phone"}}', _LIST),
    Rule.DATE_FIELD: Example(
        _dates("2026-01-01 00:00:00", "2026-01-31 23:59:59", "CreatedOn"),
        _dates("2026-01-01 00:00:00", "2026-01-31 23:59:59"),
    ),
    Rule.FUNCTION: Example(
        (
            '{"Output": {"Type": "aggregate", "GroupBy": "ProspectStage",\n'
            ' "AggregateFunction": "Avg", "AggregateField": "Score"}}'
        ),
        (
            '{"Output": {"Type": "aggregate", "GroupBy": "ProspectStage",\n'
            ' "AggregateFunction": "Average", "AggregateField": "Score"}}'
        ),
    ),
    Rule.OPERATOR: Example(
        _leads('{"LookUpName": "Phone", "LookUpValue": "9", "SqlOperator": "LIKE"}'),
        _leads('{"LookUpName": "Phone", "LookUpValue": "9", "SqlOperator": "lik"}'),
    ),
    Rule.JOINER: Example(
        _users(_role("Administrator", "XOR"), _role("Sales_User")),
        _users(_role("Administrator", "OR"), _role("Sales_User")),
    ),
    Rule.VALUE_CASE: Example('{"Output": {"Type": "LIST", "IncludeCSV": "Phone"}}', _LIST),
    Rule.TIMESTAMP: Example(
        _dates("2026-01-01", "2026-01-31 23:59:59"),
        _dates("2026-01-01 00:00:00", "2026-01-31 23:59:59"),
    ),
    Rule.CALENDAR: Example(
        _dates("2026-01-01 00:00:00", "2026-02-30 23:59:59"),
        _dates("2026-01-01 00:00:00", "2026-02-28 23:59:59"),
    ),
    Rule.PAGE_NUMBER: Example(
        '{"Paging": {"PageIndex": 0, "PageSize": 100}}',
        '{"Paging": {"PageIndex": 1, "PageSize": 100}}',
    ),
    Rule.COLUMN_LIST: Example(
        '{"Output": {"Type": "list", "IncludeCSV": "Phone, Score"}}',
        '{"Output": {"Type": "list", "IncludeCSV": "Phone,Score"}}',
    ),
    Rule.USER_OPERATOR: Example(
        _users('{"LookupName": "Role", "Operator": "neq", "LookupValue": "Administrator"}'),
        _users(_role("Sales_User")),
    ),
    Rule.VALUE_KEY: Example(
        _leads('{"LookUpName": "Score", "LookUpValue": "5,6", "SqlOperator": "in"}'),
        _leads('{"LookUpName": "Score", "SqlOperator": "in", "LookUpValues": ["5", "6"]}'),
    ),
    Rule.NEEDLESS_VALUE: Example(
        _leads('{"LookUpName": "Phone", "LookUpValue": "yes", "SqlOperator": "def"}'),
        _leads('{"LookUpName": "Phone", "SqlOperator": "def"}'),
    ),
    Rule.EMPTY_VALUE: Example(
        _leads('{"LookUpName": "Phone", "LookUpValue": "", "SqlOperator": "="}'),
        _leads('{"LookUpName": "Phone", "SqlOperator": "ndef"}'),
    ),
    Rule.BACKWARDS: Example(
        _dates("2026-02-01 00:00:00", "2026-01-01 00:00:00"),
        _dates("2026-01-01 00:00:00", "2026-02-01 00:00:00"),
    ),
    Rule.MIXED_JOINERS: Example(
        _users(
            _role("Administrator", "AND"),
            _role("Sales_User", "OR"),
            '{"LookupName": "StatusCode", "Operator": "eq", "LookupValue": "0"}',
        ),
        _users(
            _role("Administrator", "OR"),
            _role("Sales_User", "OR"),
            '{"LookupName": "StatusCode", "Operator": "eq", "LookupValue": "0"}',
        ),
    ),
    Rule.MISSING_JOINER: Example(
        _users(_role("Administrator"), _role("Sales_User")),
        _users(_role("Administrator", "OR"), _role("Sales_User")),
    ),
    Rule.OTHER_OUTPUT: Example(
        '{"Output": {"Type": "list", "IncludeCSV": "Phone", "GroupBy": "Score"}}', _LIST
    ),
    Rule.REPEATED: Example(
        '{"Output": {"Type": "list", "IncludeCSV": "Phone,Score,Phone"}}',
        '{"Output": {"Type": "list", "IncludeCSV": "Phone,Score"}}',
    ),
    Rule.IDLE_JOINER: Example(
        _users(_role("Administrator", "AND")), _users(_role("Administrator"))
    ),
    Rule.NOON: Example(
        _dates("2026-01-01 12:00:00", "2026-01-31 23:59:59"),
        _dates("2026-01-01 00:00:00", "2026-01-31 23:59:59"),
    ),
    Rule.CONTRADICTION: Example(
        _leads(
            '{"LookUpName": "Score", "LookUpValue": "50", "SqlOperator": ">"}',
            '{"LookUpName": "Score", "LookUpValue": "20", "SqlOperator": "<"}',
        ),
        _leads(
            '{"LookUpName": "Score", "LookUpValue": "20", "SqlOperator": ">"}',
            '{"LookUpName": "Score", "LookUpValue": "50", "SqlOperator": "<"}',
        ),
    ),
    Rule.NO_PAGING: Example(
        _LIST,
        (
            '{"Output": {"Type": "list", "IncludeCSV": "Phone"}, "Paging": {"PageIndex": 1,\n'
            ' "PageSize": 100}}'
        ),
    ),
    Rule.LARGE_PAGE: Example(
        '{"Paging": {"PageIndex": 1, "PageSize": 10000}}',
        '{"Paging": {"PageIndex": 1, "PageSize": 1000}}',
    ),
    Rule.ONE_OF_ONE: Example(
        _leads('{"LookUpName": "Score", "SqlOperator": "in", "LookUpValues": ["5"]}'),
        _leads('{"LookUpName": "Score", "LookUpValue": "5", "SqlOperator": "="}'),
    ),
    Rule.NEAR_NAME: Example(
        _leads('{"LookUpName": "EngagmentScore", "LookUpValue": "20", "SqlOperator": ">"}'),
        _leads('{"LookUpName": "EngagementScore", "LookUpValue": "20", "SqlOperator": ">"}'),
    ),
    Rule.SHOWN_NAME: Example(
        _leads('{"LookUpName": "Lead Stage", "LookUpValue": "Customer", "SqlOperator": "="}'),
        _leads('{"LookUpName": "ProspectStage", "LookUpValue": "Customer", "SqlOperator": "="}'),
    ),
    Rule.NEAR_ATTRIBUTE: Example(
        _users('{"LookupName": "EmailAdress", "Operator": "lik", "LookupValue": "@acme"}'),
        _users('{"LookupName": "EmailAddress", "Operator": "lik", "LookupValue": "@acme"}'),
    ),
    Rule.WILDCARD: Example(
        _leads('{"LookUpName": "EmailAddress", "LookUpValue": "%acme%", "SqlOperator": "lik"}'),
        _leads('{"LookUpName": "EmailAddress", "LookUpValue": "acme", "SqlOperator": "lik"}'),
    ),
    Rule.UNKNOWN_FIELD: Example(
        _leads('{"LookUpName": "mx_Budget", "LookUpValue": "20", "SqlOperator": ">"}'),
        _leads('{"LookUpName": "Score", "LookUpValue": "20", "SqlOperator": ">"}'),
    ),
    Rule.DISPLAY_NAME: Example(
        _leads('{"LookUpName": "Lead Stage", "LookUpValue": "Customer", "SqlOperator": "="}'),
        _leads('{"LookUpName": "ProspectStage", "LookUpValue": "Customer", "SqlOperator": "="}'),
    ),
    Rule.KIND_OPERATOR: Example(
        _leads('{"LookUpName": "ProspectStage", "LookUpValue": "Customer", "SqlOperator": ">"}'),
        _leads('{"LookUpName": "ProspectStage", "LookUpValue": "Customer", "SqlOperator": "="}'),
    ),
    Rule.KIND_VALUE: Example(
        _leads('{"LookUpName": "Score", "LookUpValue": "high", "SqlOperator": ">"}'),
        _leads('{"LookUpName": "Score", "LookUpValue": "80", "SqlOperator": ">"}'),
    ),
    Rule.KIND_FUNCTION: Example(
        (
            '{"Output": {"Type": "aggregate", "GroupBy": "ProspectStage",\n'
            ' "AggregateFunction": "Sum", "AggregateField": "Phone"}}'
        ),
        (
            '{"Output": {"Type": "aggregate", "GroupBy": "ProspectStage",\n'
            ' "AggregateFunction": "Sum", "AggregateField": "Score"}}'
        ),
    ),
    Rule.OPTION: Example(
        _leads('{"LookUpName": "ProspectStage", "LookUpValue": "Customer ", "SqlOperator": "="}'),
        _leads('{"LookUpName": "ProspectStage", "LookUpValue": "Customer", "SqlOperator": "="}'),
    ),
}
