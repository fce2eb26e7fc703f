"""An example of each mistake, and what to write instead; `leadquery rule` shows both.

What an example leaves out, the output or the paging, is right.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from leadquery.spec.rules import Rule


class Example(NamedTuple):
    """A mistake, and the same without it."""

    wrong: str
    right: str


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
    Rule.NOT_JSON: Example(
        '{"Output": }',
        '{"Output": {"Type": "list", "IncludeCSV": "Phone"}}',
    ),
    Rule.NOT_UTF8: Example(
        '{"Output": {"Type": "list", "IncludeCSV": "mx_Caf\udce9"}}',
        '{"Output": {"Type": "list", "IncludeCSV": "mx_Café"}}',
    ),
    Rule.TOO_DEEP: Example(
        # Python 3.14 reads tens of thousands of levels, 3.11 a thousand.
        "[" * 100_000 + "]" * 100_000,
        '{"Output": {"Type": "list", "IncludeCSV": "Phone"}}',
    ),
    Rule.EXTRA_COMMA: Example(
        '{"Output": {"Type": "list", "IncludeCSV": "Phone",}}',
        '{"Output": {"Type": "list", "IncludeCSV": "Phone"}}',
    ),
    Rule.COMMENT: Example(
        ('{"Output": {"Type": "list", "IncludeCSV": "Phone"}  // all leads\n}'),
        '{"Output": {"Type": "list", "IncludeCSV": "Phone"}}',
    ),
    Rule.MISSING_MARK: Example(
        '{"Output": {"Type": "list" "IncludeCSV": "Phone"}}',
        '{"Output": {"Type": "list", "IncludeCSV": "Phone"}}',
    ),
    Rule.QUOTES: Example(
        '{"Output": {\'Type\': "list", "IncludeCSV": "Phone"}}',
        '{"Output": {"Type": "list", "IncludeCSV": "Phone"}}',
    ),
    Rule.STRANGE_BLANK: Example(
        '{"Output":\xa0{"Type": "list", "IncludeCSV": "Phone"}}',
        '{"Output": {"Type": "list", "IncludeCSV": "Phone"}}',
    ),
    Rule.FOREIGN: Example(
        '{"Paging": {"PageIndex": 1, "PageSize": NaN}}',
        '{"Paging": {"PageIndex": 1, "PageSize": 100}}',
    ),
    Rule.DUPLICATE_KEY: Example(
        '{"Output": {"Type": "aggregate", "Type": "list", "IncludeCSV": "Phone"}}',
        '{"Output": {"Type": "list", "IncludeCSV": "Phone"}}',
    ),
    Rule.LOST_END: Example(
        '{"Output": {"Type": "list", "IncludeCSV": "Phone"}',
        '{"Output": {"Type": "list", "IncludeCSV": "Phone"}}',
    ),
    Rule.ESCAPE: Example(
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Company", "LookUpValue": "AC\\DC", "SqlOperator": "="}\n'
            "]}}"
        ),
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Company", "LookUpValue": "AC\\\\DC", "SqlOperator": "="}\n'
            "]}}"
        ),
    ),
    Rule.UNKNOWN_KEY: Example(
        (
            '{"ReportFilter": {"LeadFilter": [\n'
            '  {"LookUpName": "Phone", "LookUpValue": "9", "SqlOperator": "="}\n'
            "]}}"
        ),
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Phone", "LookUpValue": "9", "SqlOperator": "="}\n'
            "]}}"
        ),
    ),
    Rule.KEY_CASE: Example(
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookupName": "Phone", "LookUpValue": "9", "SqlOperator": "="}\n'
            "]}}"
        ),
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Phone", "LookUpValue": "9", "SqlOperator": "="}\n'
            "]}}"
        ),
    ),
    Rule.MISSING_KEY: Example(
        '{"Output": {"Type": "list"}}',
        '{"Output": {"Type": "list", "IncludeCSV": "Phone"}}',
    ),
    Rule.WRONG_TYPE: Example(
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Score", "LookUpValue": 20, "SqlOperator": ">"}\n'
            "]}}"
        ),
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Score", "LookUpValue": "20", "SqlOperator": ">"}\n'
            "]}}"
        ),
    ),
    Rule.NULL: Example(
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Phone", "LookUpValue": null, "SqlOperator": "="}\n'
            "]}}"
        ),
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Phone", "SqlOperator": "ndef"}\n'
            "]}}"
        ),
    ),
    Rule.EMPTY: Example(
        '{"ReportFilter": {"LeadFilters": []}}',
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Phone", "LookUpValue": "9", "SqlOperator": "="}\n'
            "]}}"
        ),
    ),
    Rule.NEIGHBOUR: Example(
        '{"Parameter": {"LookupName": "Phone", "LookupValue": "9", "SqlOperator": "="}}',
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Phone", "LookUpValue": "9", "SqlOperator": "="}\n'
            "]}}"
        ),
    ),
    Rule.OUTPUT_TYPE: Example(
        '{"Output": {"Type": "table", "IncludeCSV": "Phone"}}',
        '{"Output": {"Type": "list", "IncludeCSV": "Phone"}}',
    ),
    Rule.DATE_FIELD: Example(
        (
            '{"DateFilter": [\n'
            '  {"DateField": "CreatedOn", "FromDate": "2026-01-01 00:00:00",\n'
            '   "ToDate": "2026-01-31 23:59:59"}\n'
            "]}"
        ),
        (
            '{"DateFilter": [\n'
            '  {"DateField": "LeadCreatedOn", "FromDate": "2026-01-01 00:00:00",\n'
            '   "ToDate": "2026-01-31 23:59:59"}\n'
            "]}"
        ),
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
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Phone", "LookUpValue": "9", "SqlOperator": "LIKE"}\n'
            "]}}"
        ),
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Phone", "LookUpValue": "9", "SqlOperator": "lik"}\n'
            "]}}"
        ),
    ),
    Rule.JOINER: Example(
        (
            '{"ReportFilter": {"UserFilter": {"GroupConditions": [{"Condition": [\n'
            '  {"LookupName": "Role", "Operator": "eq", "LookupValue": "Administrator",\n'
            '   "ConditionOperator": "XOR"},\n'
            '  {"LookupName": "Role", "Operator": "eq", "LookupValue": "Sales_User"}\n'
            "]}]}}}"
        ),
        (
            '{"ReportFilter": {"UserFilter": {"GroupConditions": [{"Condition": [\n'
            '  {"LookupName": "Role", "Operator": "eq", "LookupValue": "Administrator",\n'
            '   "ConditionOperator": "OR"},\n'
            '  {"LookupName": "Role", "Operator": "eq", "LookupValue": "Sales_User"}\n'
            "]}]}}}"
        ),
    ),
    Rule.VALUE_CASE: Example(
        '{"Output": {"Type": "LIST", "IncludeCSV": "Phone"}}',
        '{"Output": {"Type": "list", "IncludeCSV": "Phone"}}',
    ),
    Rule.TIMESTAMP: Example(
        (
            '{"DateFilter": [\n'
            '  {"DateField": "LeadCreatedOn", "FromDate": "2026-01-01",\n'
            '   "ToDate": "2026-01-31 23:59:59"}\n'
            "]}"
        ),
        (
            '{"DateFilter": [\n'
            '  {"DateField": "LeadCreatedOn", "FromDate": "2026-01-01 00:00:00",\n'
            '   "ToDate": "2026-01-31 23:59:59"}\n'
            "]}"
        ),
    ),
    Rule.CALENDAR: Example(
        (
            '{"DateFilter": [\n'
            '  {"DateField": "LeadCreatedOn", "FromDate": "2026-01-01 00:00:00",\n'
            '   "ToDate": "2026-02-30 23:59:59"}\n'
            "]}"
        ),
        (
            '{"DateFilter": [\n'
            '  {"DateField": "LeadCreatedOn", "FromDate": "2026-01-01 00:00:00",\n'
            '   "ToDate": "2026-02-28 23:59:59"}\n'
            "]}"
        ),
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
        (
            '{"ReportFilter": {"UserFilter": {"GroupConditions": [{"Condition": [\n'
            '  {"LookupName": "Role", "Operator": "neq", "LookupValue": "Administrator"}\n'
            "]}]}}}"
        ),
        (
            '{"ReportFilter": {"UserFilter": {"GroupConditions": [{"Condition": [\n'
            '  {"LookupName": "Role", "Operator": "eq", "LookupValue": "Sales_User"}\n'
            "]}]}}}"
        ),
    ),
    Rule.VALUE_KEY: Example(
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Score", "LookUpValue": "5,6", "SqlOperator": "in"}\n'
            "]}}"
        ),
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Score", "SqlOperator": "in", "LookUpValues": ["5", "6"]}\n'
            "]}}"
        ),
    ),
    Rule.NEEDLESS_VALUE: Example(
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Phone", "LookUpValue": "yes", "SqlOperator": "def"}\n'
            "]}}"
        ),
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Phone", "SqlOperator": "def"}\n'
            "]}}"
        ),
    ),
    Rule.EMPTY_VALUE: Example(
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Phone", "LookUpValue": "", "SqlOperator": "="}\n'
            "]}}"
        ),
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Phone", "SqlOperator": "ndef"}\n'
            "]}}"
        ),
    ),
    Rule.BACKWARDS: Example(
        (
            '{"DateFilter": [\n'
            '  {"DateField": "LeadCreatedOn", "FromDate": "2026-02-01 00:00:00",\n'
            '   "ToDate": "2026-01-01 00:00:00"}\n'
            "]}"
        ),
        (
            '{"DateFilter": [\n'
            '  {"DateField": "LeadCreatedOn", "FromDate": "2026-01-01 00:00:00",\n'
            '   "ToDate": "2026-02-01 00:00:00"}\n'
            "]}"
        ),
    ),
    Rule.MIXED_JOINERS: Example(
        (
            '{"ReportFilter": {"UserFilter": {"GroupConditions": [{"Condition": [\n'
            '  {"LookupName": "Role", "Operator": "eq", "LookupValue": "Administrator",\n'
            '   "ConditionOperator": "AND"},\n'
            '  {"LookupName": "Role", "Operator": "eq", "LookupValue": "Sales_User",\n'
            '   "ConditionOperator": "OR"},\n'
            '  {"LookupName": "StatusCode", "Operator": "eq", "LookupValue": "0"}\n'
            "]}]}}}"
        ),
        (
            '{"ReportFilter": {"UserFilter": {"GroupConditions": [{"Condition": [\n'
            '  {"LookupName": "Role", "Operator": "eq", "LookupValue": "Administrator",\n'
            '   "ConditionOperator": "OR"},\n'
            '  {"LookupName": "Role", "Operator": "eq", "LookupValue": "Sales_User",\n'
            '   "ConditionOperator": "OR"},\n'
            '  {"LookupName": "StatusCode", "Operator": "eq", "LookupValue": "0"}\n'
            "]}]}}}"
        ),
    ),
    Rule.MISSING_JOINER: Example(
        (
            '{"ReportFilter": {"UserFilter": {"GroupConditions": [{"Condition": [\n'
            '  {"LookupName": "Role", "Operator": "eq", "LookupValue": "Administrator"},\n'
            '  {"LookupName": "Role", "Operator": "eq", "LookupValue": "Sales_User"}\n'
            "]}]}}}"
        ),
        (
            '{"ReportFilter": {"UserFilter": {"GroupConditions": [{"Condition": [\n'
            '  {"LookupName": "Role", "Operator": "eq", "LookupValue": "Administrator",\n'
            '   "ConditionOperator": "OR"},\n'
            '  {"LookupName": "Role", "Operator": "eq", "LookupValue": "Sales_User"}\n'
            "]}]}}}"
        ),
    ),
    Rule.OTHER_OUTPUT: Example(
        '{"Output": {"Type": "list", "IncludeCSV": "Phone", "GroupBy": "Score"}}',
        '{"Output": {"Type": "list", "IncludeCSV": "Phone"}}',
    ),
    Rule.REPEATED: Example(
        '{"Output": {"Type": "list", "IncludeCSV": "Phone,Score,Phone"}}',
        '{"Output": {"Type": "list", "IncludeCSV": "Phone,Score"}}',
    ),
    Rule.IDLE_JOINER: Example(
        (
            '{"ReportFilter": {"UserFilter": {"GroupConditions": [{"Condition": [\n'
            '  {"LookupName": "Role", "Operator": "eq", "LookupValue": "Administrator",\n'
            '   "ConditionOperator": "AND"}\n'
            "]}]}}}"
        ),
        (
            '{"ReportFilter": {"UserFilter": {"GroupConditions": [{"Condition": [\n'
            '  {"LookupName": "Role", "Operator": "eq", "LookupValue": "Administrator"}\n'
            "]}]}}}"
        ),
    ),
    Rule.NOON: Example(
        (
            '{"DateFilter": [\n'
            '  {"DateField": "LeadCreatedOn", "FromDate": "2026-01-01 12:00:00",\n'
            '   "ToDate": "2026-01-31 23:59:59"}\n'
            "]}"
        ),
        (
            '{"DateFilter": [\n'
            '  {"DateField": "LeadCreatedOn", "FromDate": "2026-01-01 00:00:00",\n'
            '   "ToDate": "2026-01-31 23:59:59"}\n'
            "]}"
        ),
    ),
    Rule.CONTRADICTION: Example(
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Score", "LookUpValue": "50", "SqlOperator": ">"},\n'
            '  {"LookUpName": "Score", "LookUpValue": "20", "SqlOperator": "<"}\n'
            "]}}"
        ),
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Score", "LookUpValue": "20", "SqlOperator": ">"},\n'
            '  {"LookUpName": "Score", "LookUpValue": "50", "SqlOperator": "<"}\n'
            "]}}"
        ),
    ),
    Rule.NO_PAGING: Example(
        '{"Output": {"Type": "list", "IncludeCSV": "Phone"}}',
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
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Score", "SqlOperator": "in", "LookUpValues": ["5"]}\n'
            "]}}"
        ),
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Score", "LookUpValue": "5", "SqlOperator": "="}\n'
            "]}}"
        ),
    ),
    Rule.NEAR_NAME: Example(
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "EngagmentScore", "LookUpValue": "20", "SqlOperator": ">"}\n'
            "]}}"
        ),
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "EngagementScore", "LookUpValue": "20", "SqlOperator": ">"}\n'
            "]}}"
        ),
    ),
    Rule.SHOWN_NAME: Example(
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Lead Stage", "LookUpValue": "Customer", "SqlOperator": "="}\n'
            "]}}"
        ),
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "ProspectStage", "LookUpValue": "Customer", "SqlOperator": "="}\n'
            "]}}"
        ),
    ),
    Rule.NEAR_ATTRIBUTE: Example(
        (
            '{"ReportFilter": {"UserFilter": {"GroupConditions": [{"Condition": [\n'
            '  {"LookupName": "EmailAdress", "Operator": "lik", "LookupValue": "@acme"}\n'
            "]}]}}}"
        ),
        (
            '{"ReportFilter": {"UserFilter": {"GroupConditions": [{"Condition": [\n'
            '  {"LookupName": "EmailAddress", "Operator": "lik", "LookupValue": "@acme"}\n'
            "]}]}}}"
        ),
    ),
    Rule.UNKNOWN_FIELD: Example(
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "mx_Budget", "LookUpValue": "20", "SqlOperator": ">"}\n'
            "]}}"
        ),
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Score", "LookUpValue": "20", "SqlOperator": ">"}\n'
            "]}}"
        ),
    ),
    Rule.DISPLAY_NAME: Example(
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Lead Stage", "LookUpValue": "Customer", "SqlOperator": "="}\n'
            "]}}"
        ),
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "ProspectStage", "LookUpValue": "Customer", "SqlOperator": "="}\n'
            "]}}"
        ),
    ),
    Rule.KIND_OPERATOR: Example(
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "ProspectStage", "LookUpValue": "Customer", "SqlOperator": ">"}\n'
            "]}}"
        ),
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "ProspectStage", "LookUpValue": "Customer", "SqlOperator": "="}\n'
            "]}}"
        ),
    ),
    Rule.KIND_VALUE: Example(
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Score", "LookUpValue": "high", "SqlOperator": ">"}\n'
            "]}}"
        ),
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "Score", "LookUpValue": "80", "SqlOperator": ">"}\n'
            "]}}"
        ),
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
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "ProspectStage", "LookUpValue": "Customer ", "SqlOperator": "="}\n'
            "]}}"
        ),
        (
            '{"ReportFilter": {"LeadFilters": [\n'
            '  {"LookUpName": "ProspectStage", "LookUpValue": "Customer", "SqlOperator": "="}\n'
            "]}}"
        ),
    ),
}
