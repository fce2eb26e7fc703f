"""LQ502: filters that no lead can match together; the later one of two is reported."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from leadquery._util.text import describe_json
from leadquery.expr.intervals import is_unsatisfiable, may_conflict, sort_keys_of
from leadquery.lint.diagnostics import ParsedObject, RawDiagnostic
from leadquery.lint.rules.base import Certainty, Rule, Severity, checks_payload
from leadquery.lint.rules.examples import lead_filters
from leadquery.wire.enums import DateField, Operator
from leadquery.wire.model import (
    ComparisonFilter,
    DateRange,
    LeadFilter,
    MembershipFilter,
    PresenceFilter,
    ReportFilter,
    Request,
)
from leadquery.wire.types import format_timestamp

if TYPE_CHECKING:
    from leadquery.lint.catalog import FieldCatalog


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
