"""Smells: what is allowed, but makes little sense. All of them are warnings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final

from leadquery._util.text import describe_json
from leadquery.lint.diagnostics import Edit, EditKind, Fix, ParsedObject, RawDiagnostic
from leadquery.lint.rules.base import Certainty, Rule, Severity
from leadquery.lint.rules.contradictions import contradictions
from leadquery.lint.rules.examples import LIST, date_range, lead_filters
from leadquery.lint.rules.names import check_names
from leadquery.lint.rules.suspicious_fast import LARGE, NOON, is_plain, wildcards
from leadquery.wire.enums import Operator, UserOperator
from leadquery.wire.model import (
    ComparisonFilter,
    DateRange,
    MembershipFilter,
    Paging,
    Request,
    UserCondition,
)
from leadquery.wire.protocol import SEPARATOR
from leadquery.wire.schema import keys_of
from leadquery.wire.types import FIRST, LAST, format_timestamp

NOON_BOUNDARY: Final = Rule(
    code="LQ501",
    name="noon-boundary",
    severity=Severity.WARNING,
    title="noon as the start or end of a range",
    rationale=(
        "The sample of the API page has noon at both ends; copied as it is, it excludes half "
        "of a day."
    ),
    spec_section="Date Filter",
    certainty=Certainty.SEEN,
    bad=date_range("2026-01-01 12:00:00", "2026-01-31 23:59:59"),
    good=date_range("2026-01-01 00:00:00", "2026-01-31 23:59:59"),
)

MISSING_PAGING: Final = Rule(
    code="LQ503",
    name="missing-paging",
    severity=Severity.WARNING,
    title="missing paging",
    rationale="How many rows the API returns without it is not documented.",
    spec_section="Paging",
    certainty=Certainty.INFERRED,
    bad=LIST,
    good='{"Output": {"Type": "list", "IncludeCSV": "Phone"}, "Paging": {"PageIndex": 1,\n'
    ' "PageSize": 100}}',
)

LARGE_PAGE: Final = Rule(
    code="LQ504",
    name="large-page",
    severity=Severity.WARNING,
    title="a very large page",
    rationale="No limit is documented; sibling APIs stop at 1,000 to 5,000 rows.",
    spec_section="Paging",
    certainty=Certainty.SEEN,
    bad='{"Paging": {"PageIndex": 1, "PageSize": 10000}}',
    good='{"Paging": {"PageIndex": 1, "PageSize": 1000}}',
)

SINGLE_VALUE_LIST: Final = Rule(
    code="LQ505",
    name="single-value-list",
    severity=Severity.WARNING,
    title="a list of one value",
    rationale="A plain comparison is for one value; a list of one was often meant to be longer.",
    spec_section="Lead Filters",
    certainty=Certainty.INFERRED,
    bad=lead_filters('{"LookUpName": "Score", "SqlOperator": "in", "LookUpValues": ["5"]}'),
    good=lead_filters('{"LookUpName": "Score", "LookUpValue": "5", "SqlOperator": "="}'),
)

WILDCARD: Final = Rule(
    code="LQ509",
    name="wildcard",
    severity=Severity.WARNING,
    title="a wildcard in the text to search for",
    rationale=(
        "The API searches for the exact characters, including the wildcards of SQL and shells."
    ),
    spec_section="Lead Filters",
    certainty=Certainty.INFERRED,
    bad=lead_filters(
        '{"LookUpName": "EmailAddress", "LookUpValue": "%acme%", "SqlOperator": "lik"}'
    ),
    good=lead_filters(
        '{"LookUpName": "EmailAddress", "LookUpValue": "acme", "SqlOperator": "lik"}'
    ),
)


__all__ = ["is_plain", "run_suspicious"]


def run_suspicious(nodes: Sequence[ParsedObject]) -> list[RawDiagnostic]:
    """The smells of a payload. An object that is not read for certain gives none but
    what it does not hold.
    """
    found = [one for node in nodes if node.of is Request for one in _no_paging(node)]
    certain = [node for node in nodes if node.certain]
    for node in certain:
        smell = _SMELLS.get(node.of)
        if smell is not None:
            found += smell(node)
    return [*found, *contradictions(certain), *check_names(certain)]


def _noon(node: ParsedObject) -> Iterator[RawDiagnostic]:
    """Noon at either end, with the end of the day that is probably meant."""
    for attribute, clock in _ENDS.items():
        moment = getattr(node.value, attribute)
        if moment.time() == NOON:
            text = format_timestamp(datetime.combine(moment, clock))
            fix = Fix((Edit(node.at(attribute), EditKind.WRITE, text),), safe=False)
            message = f"{format_timestamp(moment)!r} is noon, not the {attribute} of a day"
            hint = f"write {text!r} for the whole day"
            yield RawDiagnostic(NOON_BOUNDARY, node.at(attribute), message, hint, fix)


_ENDS: Final = {"start": FIRST, "end": LAST}


def _no_paging(node: ParsedObject) -> Iterator[RawDiagnostic]:
    if not node.keys["paging"]:
        token = keys_of(Request)["paging"].token
        index, size = (key.token for key in keys_of(Paging).values())
        message = f"without {token!r} it is not known how many rows come"
        hint = f'write "{token}": {{"{index}": 1, "{size}": 100}}'
        yield RawDiagnostic(MISSING_PAGING, (*node.path, token), message, hint)


def _large_page(node: ParsedObject) -> Iterator[RawDiagnostic]:
    if node.value.size > LARGE:
        message = f"{node.value.size} rows are a very large page"
        hint = f"write {LARGE} or less, and ask for page after page"
        yield RawDiagnostic(LARGE_PAGE, node.at("size"), message, hint)


def _one_of_one(node: ParsedObject) -> Iterator[RawDiagnostic]:
    """One value under the operator for several: the plain comparison, or a list cut short."""
    if len(node.value.values) > 1:
        return
    [value] = node.value.values
    at, equal = node.at("values"), Operator.EQUAL.token
    message = f"the list holds one value, {describe_json(value)}"
    if SEPARATOR in value:
        hint = f"write each value as a text of its own, or the operator {equal!r} for this one"
        yield RawDiagnostic(SINGLE_VALUE_LIST, at, message, hint)
        return
    edits = (
        Edit(node.at("operator"), EditKind.WRITE, equal),
        Edit(at, EditKind.RENAME, keys_of(ComparisonFilter)["value"].token),
        Edit(at, EditKind.WRITE, value),
    )
    hint = f"write the operator {equal!r}, or the values that are missing"
    yield RawDiagnostic(SINGLE_VALUE_LIST, at, message, hint, Fix(edits, safe=False))


def _wildcard(node: ParsedObject) -> Iterator[RawDiagnostic]:
    """A sign that stands for any letters elsewhere, in a text that is searched for."""
    text = node.value.value
    if node.value.operator not in _SEARCHES or not wildcards(text):
        return
    at, part = node.at("value"), text.strip(_SIGNS)
    message = f"{describe_json(text)} is looked for letter by letter, its wildcards too"
    if not part or wildcards(part):
        yield RawDiagnostic(WILDCARD, at, message, "write a part of the text without them")
        return
    hint = f"write {describe_json(part)}, which is found anywhere in the text"
    fix = Fix((Edit(at, EditKind.WRITE, part),), safe=False)
    yield RawDiagnostic(WILDCARD, at, message, hint, fix)


_SIGNS: Final = "%*"

_SEARCHES: Final = (
    Operator.CONTAINS,
    Operator.DOES_NOT_CONTAIN,
    UserOperator.CONTAINS.token,
)

_SMELLS: Final[dict[type, Callable[[ParsedObject], Iterator[RawDiagnostic]]]] = {
    ComparisonFilter: _wildcard,
    DateRange: _noon,
    MembershipFilter: _one_of_one,
    Paging: _large_page,
    UserCondition: _wildcard,
}
