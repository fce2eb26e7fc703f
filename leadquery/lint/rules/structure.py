"""LQ2xx: keys, JSON types, null and empty values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from leadquery._util.text import describe_json, with_lookalike
from leadquery.lint.diagnostics import Cursor, Fix, Invalid, Path, RawDiagnostic
from leadquery.lint.rules import Certainty, Rule, Severity
from leadquery.lint.rules.examples import FILTERED, LIST, lead_filters
from leadquery.wire.examples import advice, required_keys
from leadquery.wire.types import Json

UNKNOWN_KEY: Final = Rule(
    code="LQ201",
    name="unknown-key",
    severity=Severity.ERROR,
    title="an unknown key",
    rationale=(
        "A filter under an unknown key may be ignored, and the report then covers every lead."
    ),
    spec_section="HTTP Response Codes, 400",
    certainty=Certainty.STATED,
    bad=FILTERED.replace("LeadFilters", "LeadFilter"),
    good=FILTERED,
    at_key=True,
)

KEY_CASE: Final = Rule(
    code="LQ202",
    name="key-case",
    severity=Severity.WARNING,
    title="a key in a different letter case",
    rationale=(
        "The API page spells some keys in several ways; only those of its sample are known to work."
    ),
    spec_section="JSON Body",
    certainty=Certainty.SAMPLE,
    bad=lead_filters('{"LookupName": "Phone", "LookUpValue": "9", "SqlOperator": "="}'),
    good=FILTERED,
    at_key=True,
)

MISSING_KEY: Final = Rule(
    code="LQ203",
    name="missing-key",
    severity=Severity.ERROR,
    title="a missing key",
    rationale="Without it, the request is incomplete.",
    spec_section="Request Parameters",
    certainty=Certainty.STATED,
    bad='{"Output": {"Type": "list"}}',
    good=LIST,
    more=required_keys,
)

WRONG_TYPE: Final = Rule(
    code="LQ204",
    name="wrong-type",
    severity=Severity.ERROR,
    title="a JSON value of the wrong type",
    rationale="Filters are lists, values are text (numbers too), page numbers are numbers.",
    spec_section="JSON Body",
    certainty=Certainty.SAMPLE,
    bad=lead_filters('{"LookUpName": "Score", "LookUpValue": 20, "SqlOperator": ">"}'),
    good=lead_filters('{"LookUpName": "Score", "LookUpValue": "20", "SqlOperator": ">"}'),
)

UNEXPECTED_NULL: Final = Rule(
    code="LQ205",
    name="unexpected-null",
    severity=Severity.ERROR,
    title="an unexpected null",
    rationale="Only the operator that joins a condition or a group to the next one may be null.",
    spec_section="User Filter",
    certainty=Certainty.SAMPLE,
    bad=lead_filters('{"LookUpName": "Phone", "LookUpValue": null, "SqlOperator": "="}'),
    good=lead_filters('{"LookUpName": "Phone", "SqlOperator": "ndef"}'),
)

EMPTY: Final = Rule(
    code="LQ206",
    name="empty",
    severity=Severity.ERROR,
    title="an empty list or name",
    rationale="An empty filter may be read as no filter at all.",
    spec_section="Request Parameters",
    certainty=Certainty.INFERRED,
    bad='{"ReportFilter": {"LeadFilters": []}}',
    good=FILTERED,
)


def unknown_key(
    path: Path, key: object, label: str, hint: str, fix: Fix | None = None
) -> RawDiagnostic:
    """A key that stands for no known one."""
    return RawDiagnostic(UNKNOWN_KEY, path, f"{_unknown(key)} in {label}", hint, fix)


def misspelled_key(path: Path, expected: str, label: str, *, safe: bool) -> RawDiagnostic:
    """A key that stands for a known one; what it differs in decides the rule."""
    key = str(path[-1])
    fix = Fix.rename(path, expected, safe=safe)
    if key.casefold() == expected.casefold():
        message = f"{describe_json(key)} differs from {expected!r} only in letter case"
        return RawDiagnostic(KEY_CASE, path, message, f"write {expected!r}", fix)
    message = with_lookalike(f"{_unknown(key)} in {label}", key)
    return RawDiagnostic(UNKNOWN_KEY, path, message, f"write {expected!r}", fix)


def _unknown(key: object) -> str:
    return f"unknown key {describe_json(key)}"


def missing_key(parent: Path, key: str, values: Iterable[str]) -> RawDiagnostic:
    """A required key that is not in the object at `parent`; `values` can be written under it."""
    message = f"missing key {key!r}"
    return RawDiagnostic(MISSING_KEY, (*parent, key), message, advice(key, values))


def wrong_type(
    raw: Json, expected: str, cursor: Cursor, hint: str | None = None, fix: Fix | None = None
) -> Invalid:
    """Record null, or any other value of the wrong type; `expected` is what to write."""
    path = cursor.path
    if raw is None:
        return cursor.add(unexpected_null(path, hint or f"write {expected}"))
    if not path and hasattr(type(raw), "to_payload"):
        hint = "write query.to_payload()"
    message = f"expected {expected}, found {describe_json(raw)}"
    return cursor.add(RawDiagnostic(WRONG_TYPE, path, message, hint, fix))


def unexpected_null(path: Path, hint: str) -> RawDiagnostic:
    """Null where a value is required."""
    return RawDiagnostic(UNEXPECTED_NULL, path, "unexpected null", hint)


def empty_list(path: Path) -> RawDiagnostic:
    """A list without an entry."""
    hint = "write at least one entry, or remove the key"
    return RawDiagnostic(EMPTY, path, "the list is empty", hint)


def empty_text(path: Path, hint: str = "write a name") -> RawDiagnostic:
    """An empty text where a name is required."""
    return RawDiagnostic(EMPTY, path, "the text is empty", hint)


def no_columns(path: Path) -> RawDiagnostic:
    """A column list that names no column."""
    hint = "name the lead fields to show, separated by commas"
    return RawDiagnostic(EMPTY, path, "no column is named", hint)
