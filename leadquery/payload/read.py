"""From JSON to the model: one walk, which notes every mistake and reads on behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from leadquery.payload.chains import read_chain
from leadquery.payload.doubtful import read_doubtful
from leadquery.payload.lists import read_several
from leadquery.payload.objects import read_nested
from leadquery.payload.variants import read_variants
from leadquery.spec.findings import Finding, Json, Node, Spot, Walk
from leadquery.spec.model import Request
from leadquery.spec.rules import Rule, Severity
from leadquery.spec.shapes import Chain, Nested, Several, Variants


class Reading(NamedTuple):
    """What reading brings: the request, or None for an error, and all that was found."""

    request: Request | None
    findings: list[Finding]
    nodes: list[Node]


def read_object(raw: Json) -> Reading:
    """The request that a JSON value asks, and every mistake in it."""
    return _reading(raw, _read)


def look_over(raw: Json) -> Reading:
    """The same mistakes and the nodes of all smells, without the request.

    It takes less time, for of long lists only what something may be said of is read.
    """
    return _reading(raw, _look)._replace(request=None)


def _reading(raw: Json, read: Callable[[Any, Json, Spot], Any]) -> Reading:
    walk = Walk(read, [], [])
    try:
        request = Spot((), walk).read(Nested(Request), raw)
    except RecursionError:
        deep = Finding(Rule.TOO_DEEP, (), "the payload is nested too deeply", None)
        return Reading(None, [deep], [])
    failed = any(found.rule.severity is Severity.ERROR for found in walk.findings)
    return Reading(None if failed else request, walk.findings, walk.nodes)


def _read(form: Any, raw: Json, spot: Spot) -> Any:
    """The value of a JSON value, or BROKEN, its problems noted."""
    read_shape = _SHAPES.get(type(form))
    return form.read(raw, spot) if read_shape is None else read_shape(form, raw, spot)


def _look(form: Any, raw: Json, spot: Spot) -> Any:
    return read_doubtful(form, raw, spot) if type(form) is Several else _read(form, raw, spot)


_SHAPES: Final[dict[type, Callable[[Any, Json, Spot], Any]]] = {
    Nested: read_nested,
    Variants: read_variants,
    Several: read_several,
    Chain: read_chain,
}
