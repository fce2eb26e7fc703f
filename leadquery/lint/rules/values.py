"""LQ3xx: single values, such as operators, dates and page numbers."""

from __future__ import annotations

from typing import Final

from leadquery._util.text import describe_json
from leadquery.lint.diagnostics import Fix, Path, RawDiagnostic
from leadquery.lint.rules import Certainty, Rule, Severity
from leadquery.lint.rules.examples import LIST, date_range, lead_filters, role, user_conditions
from leadquery.wire.types import Json

UNKNOWN_OUTPUT_TYPE: Final = Rule(
    code="LQ301",
    name="unknown-output-type",
    severity=Severity.ERROR,
    title="an unknown output type",
    rationale="A report is a list of leads or an aggregate.",
    spec_section="Output",
    certainty=Certainty.STATED,
    bad='{"Output": {"Type": "table", "IncludeCSV": "Phone"}}',
    good=LIST,
)

UNKNOWN_DATE_FIELD: Final = Rule(
    code="LQ302",
    name="unknown-date-field",
    severity=Severity.ERROR,
    title="an unknown date field",
    rationale=(
        "A report is limited by the creation or the modification date, which have names of "
        "their own here."
    ),
    spec_section="Date Filter",
    certainty=Certainty.STATED,
    bad=date_range("2026-01-01 00:00:00", "2026-01-31 23:59:59", "CreatedOn"),
    good=date_range("2026-01-01 00:00:00", "2026-01-31 23:59:59"),
)

UNKNOWN_FUNCTION: Final = Rule(
    code="LQ303",
    name="unknown-function",
    severity=Severity.ERROR,
    title="an unknown aggregate function",
    rationale="An aggregate counts, averages or sums each group.",
    spec_section="Output",
    certainty=Certainty.STATED,
    bad='{"Output": {"Type": "aggregate", "GroupBy": "ProspectStage",\n'
    ' "AggregateFunction": "Avg", "AggregateField": "Score"}}',
    good='{"Output": {"Type": "aggregate", "GroupBy": "ProspectStage",\n'
    ' "AggregateFunction": "Average", "AggregateField": "Score"}}',
)

UNKNOWN_OPERATOR: Final = Rule(
    code="LQ304",
    name="unknown-operator",
    severity=Severity.ERROR,
    title="an unknown operator",
    rationale="This API has its own operators; sibling APIs spell them differently.",
    spec_section="Lead Filters",
    certainty=Certainty.STATED,
    bad=lead_filters('{"LookUpName": "Phone", "LookUpValue": "9", "SqlOperator": "LIKE"}'),
    good=lead_filters('{"LookUpName": "Phone", "LookUpValue": "9", "SqlOperator": "lik"}'),
)

UNKNOWN_LOGICAL_OPERATOR: Final = Rule(
    code="LQ305",
    name="unknown-logical-operator",
    severity=Severity.ERROR,
    title="an unknown logical operator",
    rationale="Conditions and groups are joined by AND or OR.",
    spec_section="User Filter",
    certainty=Certainty.STATED,
    bad=user_conditions(role("Administrator", "XOR"), role("Sales_User")),
    good=user_conditions(role("Administrator", "OR"), role("Sales_User")),
)

VALUE_CASE: Final = Rule(
    code="LQ306",
    name="value-case",
    severity=Severity.WARNING,
    title="a value of a fixed list in a different letter case",
    rationale=(
        "It is not known whether the API ignores letter case; the spelling of its page is safe."
    ),
    spec_section="Request Parameters",
    certainty=Certainty.INFERRED,
    bad='{"Output": {"Type": "LIST", "IncludeCSV": "Phone"}}',
    good=LIST,
)

TIMESTAMP_FORMAT: Final = Rule(
    code="LQ307",
    name="timestamp-format",
    severity=Severity.ERROR,
    title="a date that is not in the API's format",
    rationale="Dates are text in one fixed format: day and time, 24-hour clock, UTC.",
    spec_section="Date Filter",
    certainty=Certainty.STATED,
    bad=date_range("2026-01-01", "2026-01-31 23:59:59"),
    good=date_range("2026-01-01 00:00:00", "2026-01-31 23:59:59"),
)

IMPOSSIBLE_DATE: Final = Rule(
    code="LQ308",
    name="impossible-date",
    severity=Severity.ERROR,
    title="a date or time that does not exist",
    rationale="The text has the right format, but there is no such day or time.",
    spec_section="Date Filter",
    certainty=Certainty.INFERRED,
    bad=date_range("2026-01-01 00:00:00", "2026-02-30 23:59:59"),
    good=date_range("2026-01-01 00:00:00", "2026-02-28 23:59:59"),
)

PAGE_OUT_OF_RANGE: Final = Rule(
    code="LQ309",
    name="page-out-of-range",
    severity=Severity.ERROR,
    title="a page number or page size out of range",
    rationale="Pages count from 1, and a page has at least one row.",
    spec_section="Paging",
    certainty=Certainty.STATED,
    bad='{"Paging": {"PageIndex": 0, "PageSize": 100}}',
    good='{"Paging": {"PageIndex": 1, "PageSize": 100}}',
)

COLUMN_LIST_FORMAT: Final = Rule(
    code="LQ310",
    name="column-list-format",
    severity=Severity.WARNING,
    title="spaces or an empty name in a column list",
    rationale="Only commas separate names; a space may be read as part of a name.",
    spec_section="Output",
    certainty=Certainty.SEEN,
    bad='{"Output": {"Type": "list", "IncludeCSV": "Phone, Score"}}',
    good='{"Output": {"Type": "list", "IncludeCSV": "Phone,Score"}}',
)

UNKNOWN_USER_OPERATOR: Final = Rule(
    code="LQ311",
    name="unknown-user-operator",
    severity=Severity.WARNING,
    title="an unknown user operator",
    rationale="Only two operators are known for users; the vendor's full list is not public.",
    spec_section="User Filter",
    certainty=Certainty.INFERRED,
    bad=user_conditions(
        '{"LookupName": "Role", "Operator": "neq", "LookupValue": "Administrator"}'
    ),
    good=user_conditions(role("Sales_User")),
)


def unknown_value(
    rule: Rule, path: Path, value: str, hint: str, fix: Fix | None = None
) -> RawDiagnostic:
    """A text that is not in a fixed list; the rule says which list."""
    return RawDiagnostic(rule, path, f"{_UNKNOWN[rule]} {describe_json(value)}", hint, fix)


_UNKNOWN: Final = {
    UNKNOWN_OUTPUT_TYPE: "unknown output type",
    UNKNOWN_DATE_FIELD: "unknown date field",
    UNKNOWN_FUNCTION: "unknown aggregate function",
    UNKNOWN_OPERATOR: "unknown operator",
    UNKNOWN_LOGICAL_OPERATOR: "unknown logical operator",
    UNKNOWN_USER_OPERATOR: "unknown user operator",
}


def value_case(path: Path, value: str, expected: str) -> RawDiagnostic:
    """A value of a fixed list that differs in letter case or in spaces around it."""
    what = "letter case" if len(value) == len(expected) else "letter case or spaces"
    message = f"{describe_json(value)} differs from {expected!r} only in {what}"
    fix = Fix.write(path, expected, safe=True)
    return RawDiagnostic(VALUE_CASE, path, message, f"write {expected!r}", fix)


def timestamp_format(
    path: Path, value: str, expected: str, hint: str, fix: Fix | None
) -> RawDiagnostic:
    """A date in another format; `expected` is the pattern of the API."""
    message = f"{describe_json(value)} is not in the format {expected!r}"
    return RawDiagnostic(TIMESTAMP_FORMAT, path, message, hint, fix)


def impossible_date(
    path: Path, value: str, hint: str = "write a day and time that exist", fix: Fix | None = None
) -> RawDiagnostic:
    """A date in the right format that does not exist."""
    return RawDiagnostic(IMPOSSIBLE_DATE, path, f"{value!r} does not exist", hint, fix)


def page_out_of_range(path: Path, value: Json, largest: int) -> RawDiagnostic:
    """A page number or page size below 1 or above what the API can hold."""
    hint = f"write a number from 1 to {largest}"
    return RawDiagnostic(PAGE_OUT_OF_RANGE, path, f"{describe_json(value)} is out of range", hint)


def column_list_format(path: Path, corrected: str, *, empty: bool) -> RawDiagnostic:
    """A column list with an empty name, or with spaces around names."""
    message = "empty name in the column list" if empty else "spaces in the column list"
    fix = Fix.write(path, corrected, safe=True)
    hint = "separate the names by commas only"
    return RawDiagnostic(COLUMN_LIST_FORMAT, path, message, hint, fix)
