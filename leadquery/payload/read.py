"""From JSON to the model: one walk, which notes every mistake and reads on behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from leadquery.payload.lists import read_chain, read_several
from leadquery.payload.objects import read_nested
from leadquery.payload.order import in_order
from leadquery.payload.report import Problem, problem
from leadquery.payload.text import parse
from leadquery.payload.variants import read_variants
from leadquery.spec.findings import Finding, Json, Spot, Walk
from leadquery.spec.model import Request
from leadquery.spec.rules import Rule, Severity
from leadquery.spec.shapes import Chain, Nested, Several, Variants


def read(payload: object) -> tuple[Request | None, tuple[Problem, ...]]:
    """The request of a payload (object, text or bytes) and its problems, in its order.

    The request is None when there is an error.
    """
    raw, unreadable = parse(payload)
    return read_object(raw) if unreadable is None else (None, (unreadable,))


def read_object(raw: Json) -> tuple[Request | None, tuple[Problem, ...]]:
    """The same for what the json module has read already."""
    walk = Walk(_read, [], [])
    try:
        request = Spot((), walk).read(Nested(Request), raw)
    except RecursionError:
        deep = Finding(Rule.TOO_DEEP, (), "the payload is nested too deeply", None)
        return None, (problem(deep),)
    problems = tuple(map(problem, in_order(raw, walk.findings)))
    failed = any(found.rule.severity is Severity.ERROR for found in walk.findings)
    return None if failed else request, problems


def _read(form: Any, raw: Json, spot: Spot) -> Any:
    """The value of a JSON value, or BROKEN, its problems noted."""
    read_shape = _SHAPES.get(type(form))
    return form.read(raw, spot) if read_shape is None else read_shape(form, raw, spot)


_SHAPES: Final[dict[type, Callable[[Any, Json, Spot], Any]]] = {
    Nested: read_nested,
    Variants: read_variants,
    Several: read_several,
    Chain: read_chain,
}
