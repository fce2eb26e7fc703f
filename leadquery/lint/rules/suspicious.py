"""LQ5xx: what the API allows, but what makes little sense."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from leadquery._util.text import describe_json
from leadquery.expr.collation import SEARCHES, OrderedCells, SortKey, sort_keys_of
from leadquery.lint.diagnostics import Edit, EditKind, Fix, ParsedObject, Path, RawDiagnostic
from leadquery.lint.rules import Certainty, Rule, Severity, checks, checks_list, checks_payload
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
from leadquery.wire.schema import key_name, keys_by_name, keys_of
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


def _is_noon(moment: datetime) -> bool:
    return moment.hour == 12 and moment.minute == moment.second == 0


def _has_noon(start: datetime, end: datetime) -> bool:
    return _is_noon(start) or _is_noon(end)


@checks(DateRange, when=_has_noon)
def check_noon(node: ParsedObject) -> Iterator[RawDiagnostic]:
    """Noon at either end; the fix writes the start or the end of the day."""
    for attribute, clock in (("start", FIRST), ("end", LAST)):
        moment = getattr(node.value, attribute)
        if _is_noon(moment):
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


def _is_missing(paging: object) -> bool:
    return paging is None


@checks_payload({Request: _is_missing})
def check_paging(
    objects: Sequence[ParsedObject], _: FieldCatalog | None
) -> Iterator[RawDiagnostic]:
    """A request without paging, also one that has errors elsewhere.

    Keys of it that are in the request itself are reported there.
    """
    key = key_name(Request, "paging")
    for node in objects:
        misplaced = keys_by_name(Paging).keys() & node.raw.keys()
        if _is_missing(node.keys.get(key)) and not misplaced:
            from leadquery.wire.examples import advice, values_to_write

            message = f"missing {key!r}: how many rows come without it is not documented"
            hint = advice(key, values_to_write(Request, keys_of(Request)["paging"]))
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


@checks(Paging, when=lambda size: size > _MAX_PAGE_SIZE)
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


@checks(MembershipFilter, when=lambda values: len(values) == 1)
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

# Behind a number, it is a per cent sign.
_has_wildcard = re.compile(r"(?<![0-9])(?<![0-9]\s)%|\A\*|\*\Z").search

_SEARCHES: Final = frozenset((*SEARCHES, UserOperator.CONTAINS.token))


def _searches_wildcard(operator: Operator | str, value: str) -> bool:
    return operator in _SEARCHES and bool(_has_wildcard(value))


@checks_payload(dict.fromkeys((ComparisonFilter, UserCondition), _searches_wildcard))
def check_wildcards(
    objects: Sequence[ParsedObject], catalog: FieldCatalog | None
) -> Iterator[RawDiagnostic]:
    """Wildcards of SQL or of shells in texts to search for, unless an option has them."""
    for node in objects:
        if node.certain:
            text = node.value.value
            options = catalog.options(node.value.name) if catalog else ()
            if _searches_wildcard(node.value.operator, text) and not any(
                text in option for option in options
            ):
                yield _wildcard(node.at("value"), text)


def _wildcard(path: Path, text: str) -> RawDiagnostic:
    part = text.strip(_WILDCARDS)
    message = f"{describe_json(text)} is searched for as it is, including its wildcards"
    if not part or _has_wildcard(part):
        hint = "write a part of the text without wildcards"
        return RawDiagnostic(WILDCARD, path, message, hint)
    hint = f"write {describe_json(part)}, which is found anywhere in the text"
    fix = Fix.write(path, part, safe=False)
    return RawDiagnostic(WILDCARD, path, message, hint, fix)


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


def _conflicting_fields(filters: Sequence[LeadFilter | None]) -> dict[str, dict[int, LeadFilter]]:
    """The filters that may contradict each other, by field and index."""
    present = [one for one in filters if one is not None]
    names = {one.name for one in present}
    if len(names) == len(present) or not _may_conflict({one.operator for one in present}):
        return {}
    by_field: dict[str, dict[int, LeadFilter]] = {}
    for index, one in enumerate(filters):
        if one is not None:
            by_field.setdefault(one.name, {})[index] = one
    return {
        name: found
        for name, found in by_field.items()
        if len(found) > 1 and _may_conflict({one.operator for one in found.values()})
    }


def _may_conflict(operators: Collection[Operator]) -> bool:
    """Whether filters with some operators on one field can be unsatisfiable, for any values."""
    return not _EXACT.isdisjoint(operators) or any(
        not low.isdisjoint(operators) and not high.isdisjoint(operators) for low, high in _OPPOSED
    )


_EXACT: Final = frozenset((Operator.EQUAL, Operator.ONE_OF, Operator.HAS_NO_DATA))
"""Operators that leave a few values, or none."""

_OPPOSED: Final = (
    ({Operator.ABOVE, Operator.AT_LEAST}, {Operator.BELOW, Operator.AT_MOST}),
    tuple(
        {one for one, (_, wanted) in SEARCHES.items() if wanted is flag} for flag in (True, False)
    ),
)


@checks_list(ReportFilter, "filters", when=lambda filters: bool(_conflicting_fields(filters)))
def check_filters(filters: Sequence[LeadFilter], path: Path) -> Iterator[RawDiagnostic]:
    """One for each field, at the first filter that excludes all that the earlier ones match."""
    for name, found in _conflicting_fields(filters).items():
        clash = _clash_of(found.values(), sort_keys_of(name))
        # A filter that matches nothing alone, such as one with an unparsable value, is left out.
        satisfiable = {index: one for index, one in found.items() if not clash([one])}
        yield from _first_clash(satisfiable, path, clash)


def _clash_of(filters: Collection[LeadFilter], sort_keys: Sequence[SortKey]) -> Clash:
    """Whether some of the filters contradict each other, by each type that the field may have."""

    @cache
    def cells(sort_key: SortKey) -> OrderedCells:
        return OrderedCells(sort_key, filters)

    return lambda some: all(cells(sort_key).is_unsatisfiable(some) for sort_key in sort_keys)


def _repeats_field(ranges: Sequence[DateRange | None]) -> bool:
    fields = [one.field for one in ranges if one is not None]
    return len(set(fields)) < len(fields)


@checks_list(Request, "dates", when=_repeats_field)
def check_date_ranges(ranges: Sequence[DateRange | None], path: Path) -> Iterator[RawDiagnostic]:
    """The same for the date ranges of each date field."""
    by_field: dict[DateField, dict[int, DateRange]] = {}
    for index, one in enumerate(ranges):
        if one is not None:
            by_field.setdefault(one.field, {})[index] = one
    for same_field in by_field.values():
        yield from _first_clash(same_field, path, _are_disjoint)


def _are_disjoint(ranges: Sequence[DateRange]) -> bool:
    return max(one.start for one in ranges) > min(one.end for one in ranges)


def _first_clash(
    conditions: Mapping[int, Any], path: Path, clash: Clash
) -> Iterator[RawDiagnostic]:
    """The first filter that clashes with those before it, and the last of these that it needs."""
    indexes, values = list(conditions), list(conditions.values())
    if not values or not clash(values):
        return
    places = range(len(values))
    later = bisect_left(places, True, key=lambda index: clash(values[: index + 1]))
    with_later = values[later]
    earlier = bisect_left(
        places[:later], True, key=lambda index: clash([*values[: index + 1], with_later])
    )
    both = values[earlier], with_later
    message = f"no lead can match both this and [{indexes[earlier]}], {_describe_filter(both[0])}"
    alone = clash(both)
    if not alone:
        message += ", together with those before it"
    operators = {getattr(one, "operator", None) for one in both}
    hint = "all filters must match; remove one"
    if alone and operators <= {Operator.EQUAL, Operator.ONE_OF}:
        several = Operator.ONE_OF.token
        hint = f"all filters must match; for either value write one filter with {several!r}"
    place, related = (*path, indexes[later]), (*path, indexes[earlier])
    yield RawDiagnostic(CONTRADICTION, place, message, hint, related=related)


def _describe_filter(value: LeadFilter | DateRange) -> str:
    if isinstance(value, DateRange):
        return f"{format_timestamp(value.start)!r} to {format_timestamp(value.end)!r}"
    text = f"{describe_json(value.name)} {value.operator.token}"
    if isinstance(value, ComparisonFilter):
        return f"{text} {describe_json(value.value)}"
    return text if isinstance(value, PresenceFilter) else f"{text} {_describe_list(value.values)}"


def _describe_list(values: Sequence[str]) -> str:
    return ", ".join(map(describe_json, values)) if len(values) <= 3 else f"{len(values)} values"
