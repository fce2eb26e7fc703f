"""LQ4xx: values that do not fit each other."""

from __future__ import annotations

from typing import Final

from leadquery._util.text import describe_json
from leadquery.lint.diagnostics import Edit, Fix, Path, RawDiagnostic
from leadquery.lint.rules import Certainty, Rule, Severity
from leadquery.lint.rules.examples import LIST, date_range, lead_filters, role, user_conditions
from leadquery.wire.endpoints import Endpoint
from leadquery.wire.types import Json

WRONG_VALUE_KEY: Final = Rule(
    code="LQ401",
    name="wrong-value-key",
    severity=Severity.ERROR,
    title="the value is under the key of another operator",
    rationale="`in` takes a list of values under its own key; every other operator takes one text.",
    spec_section="Lead Filters",
    certainty=Certainty.STATED,
    bad=lead_filters('{"LookUpName": "Score", "LookUpValue": "5,6", "SqlOperator": "in"}'),
    good=lead_filters('{"LookUpName": "Score", "SqlOperator": "in", "LookUpValues": ["5", "6"]}'),
    at_key=True,
)

UNEXPECTED_VALUE: Final = Rule(
    code="LQ402",
    name="unexpected-value",
    severity=Severity.ERROR,
    title="a value with an operator that takes none",
    rationale="An operator that tests whether a field has data compares it with nothing.",
    spec_section="Lead Filters",
    certainty=Certainty.INFERRED,
    bad=lead_filters('{"LookUpName": "Phone", "LookUpValue": "yes", "SqlOperator": "def"}'),
    good=lead_filters('{"LookUpName": "Phone", "SqlOperator": "def"}'),
)

EMPTY_VALUE: Final = Rule(
    code="LQ403",
    name="empty-value",
    severity=Severity.ERROR,
    title="an empty value",
    rationale="Comparing with an empty value finds nothing; another operator finds empty fields.",
    spec_section="Lead Filters",
    certainty=Certainty.INFERRED,
    bad=lead_filters('{"LookUpName": "Phone", "LookUpValue": "", "SqlOperator": "="}'),
    good=lead_filters('{"LookUpName": "Phone", "SqlOperator": "ndef"}'),
)

REVERSED_RANGE: Final = Rule(
    code="LQ404",
    name="reversed-range",
    severity=Severity.ERROR,
    title="a range that ends before it starts",
    rationale="No lead can match it.",
    spec_section="Date Filter",
    certainty=Certainty.INFERRED,
    bad=date_range("2026-02-01 00:00:00", "2026-01-01 00:00:00"),
    good=date_range("2026-01-01 00:00:00", "2026-02-01 00:00:00"),
)

MIXED_LOGICAL_OPERATORS: Final = Rule(
    code="LQ405",
    name="mixed-logical-operators",
    severity=Severity.ERROR,
    title="AND and OR at the same level",
    rationale=(
        "The conditions of a group, and the groups of a level, are all joined by the same operator."
    ),
    spec_section="User Filter",
    certainty=Certainty.STATED,
    bad=user_conditions(
        role("Administrator", "AND"),
        role("Sales_User", "OR"),
        '{"LookupName": "StatusCode", "Operator": "eq", "LookupValue": "0"}',
    ),
    good=user_conditions(
        role("Administrator", "OR"),
        role("Sales_User", "OR"),
        '{"LookupName": "StatusCode", "Operator": "eq", "LookupValue": "0"}',
    ),
)

MISSING_LOGICAL_OPERATOR: Final = Rule(
    code="LQ406",
    name="missing-logical-operator",
    severity=Severity.ERROR,
    title="a missing logical operator before the next condition or group",
    rationale="Without it, it is not known whether both or either must hold.",
    spec_section="User Filter",
    certainty=Certainty.STATED,
    bad=user_conditions(role("Administrator"), role("Sales_User")),
    good=user_conditions(role("Administrator", "OR"), role("Sales_User")),
)

WRONG_OUTPUT_TYPE: Final = Rule(
    code="LQ410",
    name="wrong-output-type",
    severity=Severity.ERROR,
    title="an output type that does not fit the keys beside it",
    rationale="A list reads only its columns, an aggregate only its three keys.",
    spec_section="Output",
    certainty=Certainty.STATED,
    bad='{"Output": {"Type": "aggregate", "IncludeCSV": "Phone"}}',
    good=LIST,
)

IGNORED_KEY: Final = Rule(
    code="LQ407",
    name="ignored-key",
    severity=Severity.WARNING,
    title="a key of the other output type",
    rationale=(
        "A list reads only its columns, an aggregate only its three keys; other keys are ignored."
    ),
    spec_section="Output",
    certainty=Certainty.STATED,
    bad='{"Output": {"Type": "list", "IncludeCSV": "Phone", "GroupBy": "Score"}}',
    good=LIST,
    at_key=True,
)

DUPLICATE: Final = Rule(
    code="LQ408",
    name="duplicate",
    severity=Severity.WARNING,
    title="a duplicate filter, value or column",
    rationale="A duplicate changes nothing, and is often a mistake for something else.",
    spec_section="Lead Filters",
    certainty=Certainty.INFERRED,
    bad='{"Output": {"Type": "list", "IncludeCSV": "Phone,Score,Phone"}}',
    good='{"Output": {"Type": "list", "IncludeCSV": "Phone,Score"}}',
)

IGNORED_LOGICAL_OPERATOR: Final = Rule(
    code="LQ409",
    name="ignored-logical-operator",
    severity=Severity.WARNING,
    title="a logical operator without a next condition or group",
    rationale="A logical operator joins to the next condition or group, and there is none.",
    spec_section="User Filter",
    certainty=Certainty.STATED,
    bad=user_conditions(role("Administrator", "AND")),
    good=user_conditions(role("Administrator")),
)


def wrong_value_key(path: Path, hint: str, fix: Fix | None) -> RawDiagnostic:
    """A value under the key that belongs to another operator."""
    message = f"{path[-1]!r} is not used by this operator"
    return RawDiagnostic(WRONG_VALUE_KEY, path, message, hint, fix)


def unexpected_value(path: Path, value: Json) -> RawDiagnostic:
    """A value with an operator that takes none."""
    message = f"unexpected value {describe_json(value)}: this operator takes none"
    hint = "remove it, or use an operator that compares"
    return RawDiagnostic(UNEXPECTED_VALUE, path, message, hint)


def empty_value(path: Path, hint: str = "write a value") -> RawDiagnostic:
    """An empty value to compare with."""
    return RawDiagnostic(EMPTY_VALUE, path, "the value is empty", hint)


def reversed_range(
    path: Path, start: str, edits: tuple[Edit, ...], *, whole_days: bool
) -> RawDiagnostic:
    """A range that ends before it starts; the edits swap its ends."""
    what = "days" if whole_days else "dates"
    hint = f"write a date from {start!r} on, or swap the two {what}"
    message = "the range ends before it starts"
    return RawDiagnostic(REVERSED_RANGE, path, message, hint, Fix(edits, safe=False))


def mixed_logical_operators(path: Path, found: str, expected: str) -> RawDiagnostic:
    """AND after OR at the same level, or the other way round."""
    message = f"{found!r} is mixed with {expected!r} at the same level"
    hint = f"write {expected!r}, or move the entries that belong together into their own group"
    return RawDiagnostic(MIXED_LOGICAL_OPERATORS, path, message, hint)


def missing_logical_operator(
    path: Path, noun: str, hint: str, fix: Fix | None = None
) -> RawDiagnostic:
    """No operator joins a condition or a group (`noun`) to the next one."""
    message = f"missing logical operator before the next {noun}"
    return RawDiagnostic(MISSING_LOGICAL_OPERATOR, path, message, hint, fix)


def wrong_output_type(path: Path, value: str, expected: str) -> RawDiagnostic:
    """The type of the one output with the keys of the other."""
    message = f"the keys beside it are not those of {value!r}"
    fix = Fix.write(path, expected, safe=False)
    return RawDiagnostic(WRONG_OUTPUT_TYPE, path, message, f"write {expected!r}", fix)


def ignored_key(path: Path) -> RawDiagnostic:
    """A key that the type of the output does not read."""
    message = f"{path[-1]!r} is ignored for this output type"
    fix = Fix.remove(path, safe=False)
    return RawDiagnostic(IGNORED_KEY, path, message, "remove it", fix)


def duplicate(path: Path, first: int) -> RawDiagnostic:
    """An entry of a list that equals an earlier one."""
    fix = Fix.remove(path, safe=True)
    message, related = f"duplicate of [{first}]", (*path[:-1], first)
    return RawDiagnostic(DUPLICATE, path, message, "remove it", fix, related)


def duplicate_column(path: Path, name: str, corrected: str) -> RawDiagnostic:
    """A name that occurs twice in a column list."""
    fix = Fix.write(path, corrected, safe=True)
    return RawDiagnostic(DUPLICATE, path, f"duplicate column {name!r}", "name it once", fix)


def trailing_logical_operator(path: Path, value: Json, noun: str) -> RawDiagnostic:
    """A logical operator on the last condition or group (`noun`)."""
    message = f"{describe_json(value)} is ignored: no next {noun} to join"
    return _ignored_operator(path, message)


def unused_logical_operator(path: Path, value: Json) -> RawDiagnostic:
    """A logical operator beside the outermost list of groups, where nothing reads it."""
    return _ignored_operator(path, f"{describe_json(value)} is ignored: nothing to join here")


def _ignored_operator(path: Path, message: str) -> RawDiagnostic:
    fix = Fix.remove(path, safe=True)
    return RawDiagnostic(IGNORED_LOGICAL_OPERATOR, path, message, "remove it", fix)


TWO_REPORTS: Final = Rule(
    code="LQ411",
    name="two-reports",
    severity=Severity.ERROR,
    title="the node of another report",
    rationale="Activities and tasks are filtered by different reports; each has its own path.",
    spec_section="Report Filter",
    certainty=Certainty.INFERRED,
    bad='{"ReportFilter": {"ActivityFilters": [{"Id": 1}], "TaskFilters": [{"Id": 1}]}}',
    good='{"ReportFilter": {"ActivityFilters": [{"Id": 1}]}}',
    at_key=True,
)


def two_reports(path: Path, other: str) -> RawDiagnostic:
    """The node of another report, beside that of the `other` key."""
    message = f"{other!r} and {path[-1]!r} belong to different reports"
    return RawDiagnostic(TWO_REPORTS, path, message, "leave one of them out")


def other_url(path: Path, node: Endpoint, url: Endpoint) -> RawDiagnostic:
    """A node in a body that is sent to the URL of another report."""
    message = f"{path[-1]!r} belongs to {node.title}, but the URL is that of {url.title}"
    return RawDiagnostic(TWO_REPORTS, path, message, f"send it to {node.path!r}, or remove it")
