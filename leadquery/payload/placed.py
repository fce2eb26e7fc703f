"""Findings as the problems that people see: in the order of the payload, each at its place."""

from __future__ import annotations

from typing import Final

import attrs

from leadquery.payload.literals import NO_NUMBER
from leadquery.payload.noted import Slip
from leadquery.payload.order import in_order
from leadquery.payload.places import Place, find
from leadquery.payload.report import Problem, path_text, pointer
from leadquery.payload.source import Source
from leadquery.spec.findings import Finding, Fix, Json, Path
from leadquery.spec.rules import Rule, Severity

AT_THE_KEY: Final = (
    Rule.UNKNOWN_KEY,
    Rule.KEY_CASE,
    Rule.VALUE_KEY,
    Rule.OTHER_OUTPUT,
    Rule.DUPLICATE_KEY,
    Rule.NEIGHBOUR,
)
_IN_THE_TEXT: Final = Fix((), safe=True)


def problems(raw: Json, source: Source | None, findings: list[Finding]) -> tuple[Problem, ...]:
    """The problems of a payload; `raw` is what it holds, `source` its text if it came as one."""
    if source is None:
        return tuple(_problem(found) for found in in_order(raw, findings))
    places = find(source.read_as, (found.path for found in findings)) if findings else {}
    spans = [(*_span(found, places, source), _problem(found)) for found in findings]
    slips = [(slip.at, slip.width, _of_slip(slip, source)) for slip in source.slips]
    in_place = sorted([*slips, *spans], key=lambda span: span[0])
    return tuple(_at(*span, source) for span in in_place)


def _span(found: Finding, places: dict[Path, Place], source: Source) -> tuple[int, int]:
    """Where a finding points, and how far; what is not there points at its object."""
    path = found.path
    while path not in places:
        path = path[:-1]
    place = places[path]
    keyed = found.rule in AT_THE_KEY and path == found.path
    start, end = (place.start, place.key_end) if keyed else (place.value, place.end)
    if path != found.path:
        end = start + 1
    at = source.original(start)
    return at, source.original(end - 1) + 1 - at


def _problem(found: Finding) -> Problem:
    return Problem(
        code=found.rule.code,
        severity="error" if found.rule.severity is Severity.ERROR else "warning",
        path=path_text(found.path),
        pointer=pointer(found.path),
        message=found.message,
        hint=found.hint,
        fix=found.fix,
    )


def _at(start: int, width: int, problem: Problem, source: Source) -> Problem:
    line, column = source.lines.place(start)
    width = max(1, min(width, source.lines.end(line) - start))
    return attrs.evolve(problem, line=line, column=column, width=width)


def _of_slip(slip: Slip, source: Source) -> Problem:
    certain = source.readable and slip.to not in (None, NO_NUMBER)
    fix = _IN_THE_TEXT if certain else None
    return _problem(Finding(slip.rule, slip.path, slip.message, slip.hint, fix))
