"""LQ5xx: what the API allows, but what makes little sense."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING, Final

from leadquery._util.text import describe_json
from leadquery.lint.diagnostics import Edit, EditKind, Fix, ParsedObject, RawDiagnostic
from leadquery.lint.rules.base import Certainty, Rule, Severity, checks, checks_payload
from leadquery.lint.rules.examples import LIST, date_range, lead_filters
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
from leadquery.wire.schema import key_name
from leadquery.wire.types import FIRST, LAST, format_timestamp

if TYPE_CHECKING:
    from leadquery.lint.catalog import FieldCatalog


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

_NOON: Final = time(12)


def _has_noon(dates: DateRange) -> bool:
    return _NOON in (dates.start.time(), dates.end.time())


@checks(DateRange, when=_has_noon)
def check_noon(node: ParsedObject) -> Iterator[RawDiagnostic]:
    """Noon at either end; the fix writes the start or the end of the day."""
    for attribute, clock in (("start", FIRST), ("end", LAST)):
        moment = getattr(node.value, attribute)
        if moment.time() == _NOON:
            path = node.at(attribute)
            text = format_timestamp(datetime.combine(moment, clock))
            message = f"{format_timestamp(moment)!r} is noon, not the {attribute} of a day"
            fix = Fix.write(path, text, safe=False)
            yield RawDiagnostic(
                NOON_BOUNDARY, path, message, f"write {text!r} for the whole day", fix
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


@checks_payload({Request: lambda request: request.paging is None})
def check_paging(
    objects: Sequence[ParsedObject], _: FieldCatalog | None
) -> Iterator[RawDiagnostic]:
    """A request without paging, also one that has errors elsewhere."""
    for node in objects:
        if node.of is Request and not node.keys["paging"]:
            key = key_name(Request, "paging")
            index, size = key_name(Paging, "index"), key_name(Paging, "size")
            message = f"missing {key!r}: how many rows come without it is not documented"
            hint = f'add "{key}": {{"{index}": 1, "{size}": 100}}'
            yield RawDiagnostic(MISSING_PAGING, (*node.path, key), message, hint)


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

_MAX_PAGE_SIZE: Final = 5_000
"""The largest page of a sibling API."""


@checks(Paging, when=lambda paging: paging.size > _MAX_PAGE_SIZE)
def check_page_size(node: ParsedObject) -> Iterator[RawDiagnostic]:
    message = f"a page of {node.value.size} rows is very large"
    hint = f"write {_MAX_PAGE_SIZE} or less, and request several pages"
    yield RawDiagnostic(LARGE_PAGE, node.at("size"), message, hint)


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


@checks(MembershipFilter, when=lambda membership: len(membership.values) == 1)
def check_single_value(node: ParsedObject) -> Iterator[RawDiagnostic]:
    """One value in a list: a plain comparison, or a list that was cut short."""
    [value] = node.value.values
    path, equal = node.at("values"), Operator.EQUAL.token
    message = f"the list has only one value, {describe_json(value)}"
    if SEPARATOR in value:
        hint = f"write each value as its own text, or use the operator {equal!r} for this one"
        yield RawDiagnostic(SINGLE_VALUE_LIST, path, message, hint)
        return
    edits = (
        Edit(node.at("operator"), EditKind.WRITE, equal),
        Edit(path, EditKind.RENAME, key_name(ComparisonFilter, "value")),
        Edit(path, EditKind.WRITE, value),
    )
    hint = f"use the operator {equal!r}, or add the missing values"
    yield RawDiagnostic(SINGLE_VALUE_LIST, path, message, hint, Fix(edits, safe=False))


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

_WILDCARDS: Final = "%*"

_has_wildcard = re.compile(r"%|\A\*|\*\Z").search

_SEARCHES: Final = (
    Operator.CONTAINS,
    Operator.DOES_NOT_CONTAIN,
    UserOperator.CONTAINS.token,
)


def _searches_wildcard(comparison: ComparisonFilter | UserCondition) -> bool:
    return comparison.operator in _SEARCHES and bool(_has_wildcard(comparison.value))


@checks(ComparisonFilter, UserCondition, when=_searches_wildcard)
def check_wildcard(node: ParsedObject) -> Iterator[RawDiagnostic]:
    """A wildcard of SQL or of shells in a text to search for."""
    text = node.value.value
    path, part = node.at("value"), text.strip(_WILDCARDS)
    message = f"{describe_json(text)} is searched for as it is, including its wildcards"
    if not part or _has_wildcard(part):
        hint = "write a part of the text without wildcards"
        yield RawDiagnostic(WILDCARD, path, message, hint)
        return
    hint = f"write {describe_json(part)}, which is found anywhere in the text"
    fix = Fix.write(path, part, safe=False)
    yield RawDiagnostic(WILDCARD, path, message, hint, fix)
