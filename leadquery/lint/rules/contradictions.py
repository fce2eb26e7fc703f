"""Filters that no lead can meet together: of two, the later one carries the problem."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from leadquery._util.text import describe_json
from leadquery.expr.intervals import is_unsatisfiable, sort_keys_of
from leadquery.lint.diagnostics import ParsedObject, RawDiagnostic
from leadquery.lint.rules.base import Certainty, Rule, Severity
from leadquery.lint.rules.examples import lead_filters
from leadquery.wire.enums import DateField, Operator
from leadquery.wire.model import (
    ComparisonFilter,
    DateRange,
    LeadFilter,
    MembershipFilter,
    PresenceFilter,
)
from leadquery.wire.types import format_timestamp

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
"""Whether no lead can meet all of some filters. One more filter never makes it false."""


def contradictions(nodes: Sequence[ParsedObject]) -> Iterator[RawDiagnostic]:
    """One for each field, at the first filter that leaves nothing of those before it."""
    about: dict[str | DateField, list[ParsedObject]] = {}
    for node in nodes:
        if isinstance(node.value, (ComparisonFilter, MembershipFilter, PresenceFilter)):
            about.setdefault(node.value.name, []).append(node)
        elif isinstance(node.value, DateRange):
            about.setdefault(node.value.field, []).append(node)
    for field, asked in about.items():
        if len(asked) > 1 and isinstance(field, DateField):
            yield from _first(asked, _are_apart)
        elif len(asked) > 1 and isinstance(field, str):
            yield from _of_field(field, asked)


def _of_field(name: str, nodes: Sequence[ParsedObject]) -> Iterator[RawDiagnostic]:
    kinds = sort_keys_of(name)

    def clash(filters: Sequence[LeadFilter]) -> bool:
        return all(is_unsatisfiable(filters, kind) for kind in kinds)

    # A value that the field's kind cannot read finds nothing alone, and contradicts no other.
    yield from _first([node for node in nodes if not clash([node.value])], clash)


def _are_apart(ranges: Sequence[DateRange]) -> bool:
    return max(one.start for one in ranges) > min(one.end for one in ranges)


def _first(nodes: Sequence[ParsedObject], clash: Clash) -> Iterator[RawDiagnostic]:
    """The first filter that leaves nothing of those before it, and one of these that it needs."""
    values = [node.value for node in nodes]
    if not values or not clash(values):
        return
    places = range(len(values))
    later = bisect_left(places, True, key=lambda place: clash(values[: place + 1]))
    with_later = values[later]
    earlier = bisect_left(
        places[:later], True, key=lambda place: clash([*values[: place + 1], with_later])
    )
    alone = clash([values[earlier], with_later])
    yield _finding(nodes[later], nodes[earlier], alone=alone)


def _finding(later: ParsedObject, earlier: ParsedObject, *, alone: bool) -> RawDiagnostic:
    said = f"[{earlier.path[-1]}], {_said(earlier.value)}"
    if not alone:
        said += ", with those before it"
    operators = {getattr(one.value, "operator", None) for one in (later, earlier)}
    hint = "all of them must hold; leave one out"
    if alone and operators <= _EITHER:
        hint = f"all of them must hold; for either value write one filter with {_SEVERAL!r}"
    return RawDiagnostic(CONTRADICTION, later.path, f"no lead can meet this and {said}", hint)


_SEVERAL: Final = Operator.ONE_OF.token

_EITHER: Final = {Operator.EQUAL, Operator.ONE_OF}


def _said(value: LeadFilter | DateRange) -> str:
    """A filter, in the words of the payload."""
    if isinstance(value, DateRange):
        return f"{format_timestamp(value.start)!r} to {format_timestamp(value.end)!r}"
    asked = f"{describe_json(value.name)} {value.operator.token}"
    if isinstance(value, ComparisonFilter):
        return f"{asked} {describe_json(value.value)}"
    return asked if isinstance(value, PresenceFilter) else f"{asked} {_listed(value.values)}"


def _listed(values: Sequence[str]) -> str:
    return ", ".join(map(describe_json, values)) if len(values) <= 3 else f"{len(values)} values"
