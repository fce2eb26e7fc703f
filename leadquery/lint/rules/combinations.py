"""LQ4xx: values that do not fit each other."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from leadquery._util.text import describe_json
from leadquery.lint.diagnostics import INVALID, Cursor, Edit, EditKind, Fix, Path, RawDiagnostic
from leadquery.lint.rules import Certainty, Rule, Severity
from leadquery.lint.rules.examples import LIST, date_range, lead_filters
from leadquery.lint.rules.structure import unexpected_null
from leadquery.wire.endpoints import Endpoint
from leadquery.wire.enums import SEPARATOR, Operator
from leadquery.wire.schema import Array, Class, Key, Union, key_name, keys_by_name, keys_of
from leadquery.wire.types import FIRST, LAST, Json, format_timestamp

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


def unexpected_value(path: Path, value: Json) -> RawDiagnostic:
    """A value with an operator that takes none."""
    message = f"unexpected value {describe_json(value)}: this operator takes none"
    hint = "remove it, or use an operator that compares"
    return RawDiagnostic(UNEXPECTED_VALUE, path, message, hint)


def empty_value(path: Path, hint: str) -> RawDiagnostic:
    """An empty value to compare with."""
    return RawDiagnostic(EMPTY_VALUE, path, "the value is empty", hint)


def report_duplicates(values: Iterable[Any], cursor: Cursor) -> None:
    """Report each item of a list that equals an earlier one."""
    first: dict[Any, int] = {}
    for index, value in enumerate(values):
        if value is not INVALID and (earlier := first.setdefault(value, index)) != index:
            path, related = (*cursor.path, index), (*cursor.path, earlier)
            fix, message = Fix.remove(path, safe=True), f"duplicate of [{earlier}]"
            cursor.add(RawDiagnostic(DUPLICATE, path, message, "remove it", fix, related))


def duplicate_column(path: Path, name: str, corrected: str) -> RawDiagnostic:
    """A name that occurs twice in a column list."""
    fix = Fix.write(path, corrected, safe=True)
    return RawDiagnostic(DUPLICATE, path, f"duplicate column {name!r}", "name it once", fix)


def two_reports(path: Path, one: str, other: str) -> RawDiagnostic:
    """The nodes of two reports, of which the `other` one is at a path."""
    message = f"{one!r} and {other!r} belong to different reports"
    return RawDiagnostic(TWO_REPORTS, path, message, "leave one of them out")


def other_url(path: Path, node: Endpoint, url: Endpoint) -> RawDiagnostic:
    """A node in a body that is sent to the URL of another report."""
    message = f"{path[-1]!r} belongs to {node.title}, but the URL is that of {url.title}"
    return RawDiagnostic(TWO_REPORTS, path, message, f"send it to {node.path!r}, or remove it")


def reversed_range(first: Path, start: datetime, last: Path, end: datetime) -> RawDiagnostic:
    """A range that ends before it starts; the fix swaps its ends, which are at two paths."""
    what, new_start, new_end = "dates", end, start
    if start.time() == FIRST and end.time() == LAST:
        # Swap the days only: the range still starts at midnight and ends with a day.
        what = "days"
        new_start, new_end = datetime.combine(end, FIRST), datetime.combine(start, LAST)
    edits = (
        Edit(first, EditKind.WRITE, format_timestamp(new_start)),
        Edit(last, EditKind.WRITE, format_timestamp(new_end)),
    )
    hint = f"write a date from {format_timestamp(start)!r} on, or swap the two {what}"
    message = "the range ends before it starts"
    return RawDiagnostic(REVERSED_RANGE, last, message, hint, Fix(edits, safe=False))


# Keys of another operator, or of another type of output


def class_of_keys(union: Union, raw: dict[str, Json], keys: Mapping[str, str]) -> Class | None:
    """The class that most of its own keys are there of, and none of another class."""
    found = {name for name, written in keys.items() if raw[written] != ""}
    own = {cls: {key.name for key in union.own_keys[cls].values()} for cls in union.of}
    present = [cls for cls in union.of if own[cls] & found]
    if len(present) != 1:
        return None
    [likely] = present
    return likely if 2 * len(own[likely] & found) >= len(own[likely]) else None


def read_type_of_keys(union: Union, likely: Class, raw: Json, cursor: Cursor) -> Any:
    """The type of an output whose other keys tell which one is right."""
    own = keys_of(likely)[union.discriminator].type
    [member] = own.allowed()
    others = (one.token for one in union.discriminator_type.allowed() if one is not member)
    if isinstance(raw, str) and raw.strip().casefold() in map(str.casefold, others):
        message, hint = f"the keys beside it are not those of {raw!r}", f"write {member.token!r}"
        fix = Fix.write(cursor.path, member.token, safe=False)
        cursor.add(RawDiagnostic(WRONG_OUTPUT_TYPE, cursor.path, message, hint, fix))
        return member
    return cursor.read(own, raw)


def report_other_keys(
    union: Union,
    member: Any,
    cls: Class,
    raw: dict[str, Json],
    keys: Mapping[str, str],
    cursor: Cursor,
) -> Container[str]:
    """Report keys of other classes; the attributes whose values may be under one of them."""
    names = keys_by_name(cls)
    others = [written for name, written in keys.items() if name not in names]
    if union.ignores_other_keys:
        for written in others:
            _report_ignored_key(cursor.at(written), raw[written])
        return ()
    own = union.own_keys[cls]
    missing = [key for key in own.values() if key.required and key.name not in keys]
    expected = missing[0] if missing else None
    operator = cursor.at(keys[key_name(cls, union.discriminator)])
    for written in others:
        _report_wrong_value_key(cursor.at(written), raw[written], expected, member, operator)
    return own


def _report_ignored_key(cursor: Cursor, value: Json) -> None:
    """Report a key that the type of the output does not read; it may be empty."""
    path = cursor.path
    if value is None:
        cursor.add(unexpected_null(path, "remove it"))
    elif value != "":
        message = f"{path[-1]!r} is ignored for this output type"
        fix = Fix.remove(path, safe=False)
        cursor.add(RawDiagnostic(IGNORED_KEY, path, message, "remove it", fix))


def _report_wrong_value_key(
    cursor: Cursor, value: Json, expected: Key | None, member: Any, operator: Cursor
) -> None:
    """Report a value under the key of another operator, and where it belongs."""
    path = cursor.path
    if expected is None:
        fix: Fix | None = cursor.fix(EditKind.REMOVE, safe=False)
        cursor.supersede(_wrong_value_key(path, "remove it", fix))
        return
    takes_list = isinstance(expected.type, Array)
    if isinstance(value, list) and len(value) > 1 and not takes_list:
        _report_several_values(cursor, value, expected, member, operator)
        return
    hint, fix = f"rename it to {expected.name!r}", None
    rename = Edit(path, EditKind.RENAME, expected.name)
    match value:
        case str() if takes_list:
            parts = split_values(value)
            # A comma may be a part of the value.
            rewrite = Fix((rename, Edit(path, EditKind.WRITE, parts)), safe=parts == [value])
            fix = rewrite if parts else None
        case [_, *_] if takes_list:
            fix = Fix((rename,), safe=True) if _are_texts(value) else None
        case [str(only)] if only:
            fix = Fix((rename, Edit(path, EditKind.WRITE, only)), safe=True)
    cursor.supersede(_wrong_value_key(path, hint, fix))


def _report_several_values(
    cursor: Cursor, values: list[Json], expected: Key, member: Any, operator: Cursor
) -> None:
    """Report a list with an operator that takes one value."""
    if member is Operator.EQUAL:
        one_of = Operator.ONE_OF.token
        hint = f"for one of several values, use the operator {one_of!r}"
        fix = operator.fix(EditKind.WRITE, one_of, safe=False) if _are_texts(values) else None
        found = _wrong_value_key(cursor.path, hint, fix)
        operator.supersede(found, of_value=True)
        return
    hint = f"write one value under {expected.name!r}"
    if member in (Operator.NOT_EQUAL, Operator.DOES_NOT_CONTAIN):
        hint = f"write a filter with {member.token!r} for each value"
    cursor.supersede(_wrong_value_key(cursor.path, hint, None))


def _wrong_value_key(path: Path, hint: str, fix: Fix | None) -> RawDiagnostic:
    message = f"{path[-1]!r} is not used by this operator"
    return RawDiagnostic(WRONG_VALUE_KEY, path, message, hint, fix)


def split_values(text: str) -> list[str]:
    """The values of a text that separates them by commas."""
    return [part.strip() for part in text.split(SEPARATOR) if part.strip()]


def _are_texts(values: Iterable[Json]) -> bool:
    return all(isinstance(value, str) and value for value in values)
