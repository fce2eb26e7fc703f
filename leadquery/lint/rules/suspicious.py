"""LQ5xx: what the API allows, but what makes little sense."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, Final

from leadquery._util.text import describe_json
from leadquery.expr.intervals import is_unsatisfiable, may_conflict, sort_keys_of
from leadquery.lint.diagnostics import Edit, EditKind, Fix, ParsedObject, RawDiagnostic
from leadquery.lint.rules.base import Certainty, Rule, Severity, checks, checks_payload
from leadquery.lint.rules.examples import LIST, date_range, lead_filters
from leadquery.wire.enums import SEPARATOR, DateField, Operator, UserOperator
from leadquery.wire.model import (
    ComparisonFilter,
    DateRange,
    LeadFilter,
    MembershipFilter,
    Paging,
    PresenceFilter,
    ReportFilter,
    Request,
    UserCondition,
)
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


CONTRADICTION: Final = Rule(
    code="LQ502",
    name="contradiction",
    severity=Severity.WARNING,
    title="filters that no lead can match together",
    rationale="Filters are joined by AND, so the report would be empty.",
    spec_section="Lead Filters",
    certainty=Certainty.INFERRED,
    bad=lead_filters(
        '{"LookUpName": "Score", "LookUpValue": "50", "SqlOperator": ">"}',
        '{"LookUpName": "Score", "LookUpValue": "20", "SqlOperator": "<"}',
    ),
    good=lead_filters(
        '{"LookUpName": "Score", "LookUpValue": "20", "SqlOperator": ">"}',
        '{"LookUpName": "Score", "LookUpValue": "50", "SqlOperator": "<"}',
    ),
)

Clash = Callable[[Sequence[Any]], bool]
"""Whether no lead can match all of some filters. Adding a filter never makes it false."""


def _repeats_field(report: ReportFilter) -> bool:
    filters = report.filters or ()
    return len({one.name for one in filters}) < len(filters)


@checks_payload(
    {
        ReportFilter: _repeats_field,
        Request: lambda request: request.dates is not None and len(request.dates) > 1,
    }
)
def check_contradictions(
    objects: Sequence[ParsedObject], _: FieldCatalog | None
) -> Iterator[RawDiagnostic]:
    """One for each field, at the first filter that excludes all that the earlier ones match."""
    by_field: dict[str | DateField, list[ParsedObject]] = {}
    for node in objects:
        if not node.certain:
            continue
        if isinstance(node.value, (ComparisonFilter, MembershipFilter, PresenceFilter)):
            by_field.setdefault(node.value.name, []).append(node)
        elif isinstance(node.value, DateRange):
            by_field.setdefault(node.value.field, []).append(node)
    for field, nodes in by_field.items():
        if len(nodes) > 1 and isinstance(field, DateField):
            yield from _first_clash(nodes, _are_disjoint)
        elif len(nodes) > 1 and isinstance(field, str):
            yield from _check_field(field, nodes)


def _check_field(name: str, nodes: Sequence[ParsedObject]) -> Iterator[RawDiagnostic]:
    if not may_conflict({node.value.operator for node in nodes}):
        return
    sort_keys = sort_keys_of(name)

    def clash(filters: Sequence[LeadFilter]) -> bool:
        return all(is_unsatisfiable(filters, key) for key in sort_keys)

    # A filter that matches nothing alone, such as one with an unparsable value, is left out.
    yield from _first_clash([node for node in nodes if not clash([node.value])], clash)


def _are_disjoint(ranges: Sequence[DateRange]) -> bool:
    return max(one.start for one in ranges) > min(one.end for one in ranges)


def _first_clash(nodes: Sequence[ParsedObject], clash: Clash) -> Iterator[RawDiagnostic]:
    """The first filter that clashes with those before it, and the last of these that it needs."""
    values = [node.value for node in nodes]
    if not values or not clash(values):
        return
    indexes = range(len(values))
    later = bisect_left(indexes, True, key=lambda index: clash(values[: index + 1]))
    with_later = values[later]
    earlier = bisect_left(
        indexes[:later], True, key=lambda index: clash([*values[: index + 1], with_later])
    )
    alone = clash([values[earlier], with_later])
    yield _contradiction(nodes[later], nodes[earlier], alone=alone)


def _contradiction(later: ParsedObject, earlier: ParsedObject, *, alone: bool) -> RawDiagnostic:
    message = (
        f"no lead can match both this and [{earlier.path[-1]}], {_describe_filter(earlier.value)}"
    )
    if not alone:
        message += ", together with those before it"
    operators = {getattr(node.value, "operator", None) for node in (later, earlier)}
    hint = "all filters must match; remove one"
    if alone and operators <= {Operator.EQUAL, Operator.ONE_OF}:
        several = Operator.ONE_OF.token
        hint = f"all filters must match; for either value write one filter with {several!r}"
    return RawDiagnostic(CONTRADICTION, later.path, message, hint)


def _describe_filter(value: LeadFilter | DateRange) -> str:
    if isinstance(value, DateRange):
        return f"{format_timestamp(value.start)!r} to {format_timestamp(value.end)!r}"
    text = f"{describe_json(value.name)} {value.operator.token}"
    if isinstance(value, ComparisonFilter):
        return f"{text} {describe_json(value.value)}"
    return text if isinstance(value, PresenceFilter) else f"{text} {_describe_list(value.values)}"


def _describe_list(values: Sequence[str]) -> str:
    return ", ".join(map(describe_json, values)) if len(values) <= 3 else f"{len(values)} values"
