"""From JSON to the model: one walk, which notes every mistake and reads on behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from leadquery.lint.arrays import read_array
from leadquery.lint.diagnostics import Cursor, Json, ParsedObject, RawDiagnostic, ReadContext
from leadquery.lint.fast_lists import read_doubtful
from leadquery.lint.joined_arrays import read_joined_array
from leadquery.lint.objects import read_object_type
from leadquery.lint.rules.registry import Rule, Severity
from leadquery.lint.unions import read_union
from leadquery.wire.model import Request
from leadquery.wire.schema import Array, JoinedArray, Object, Union


class ReadResult(NamedTuple):
    """What reading brings: the request, or None for an error, and all that was found."""

    request: Request | None
    findings: list[RawDiagnostic]
    nodes: list[ParsedObject]


def read_object(raw: Json) -> ReadResult:
    """The request that a JSON value asks, and every mistake in it."""
    return _reading(raw, _read)


def look_over(raw: Json) -> ReadResult:
    """The same mistakes and the nodes of all smells, without the request.

    It takes less time, for of long lists only what something may be said of is read.
    """
    return _reading(raw, _look)._replace(request=None)


def _reading(raw: Json, read: Callable[[Any, Json, Cursor], Any]) -> ReadResult:
    walk = ReadContext(read, [], [])
    try:
        request = Cursor((), walk).read(Object(Request), raw)
    except RecursionError:
        deep = RawDiagnostic(Rule.TOO_DEEP, (), "the payload is nested too deeply", None)
        return ReadResult(None, [deep], [])
    failed = any(found.rule.severity is Severity.ERROR for found in walk.findings)
    return ReadResult(None if failed else request, walk.findings, walk.nodes)


def _read(form: Any, raw: Json, spot: Cursor) -> Any:
    """The value of a JSON value, or BROKEN, its problems noted."""
    read_shape = _READERS.get(type(form))
    return form.read(raw, spot) if read_shape is None else read_shape(form, raw, spot)


def _look(form: Any, raw: Json, spot: Cursor) -> Any:
    return read_doubtful(form, raw, spot) if type(form) is Array else _read(form, raw, spot)


_READERS: Final[dict[type, Callable[[Any, Json, Cursor], Any]]] = {
    Object: read_object_type,
    Union: read_union,
    Array: read_array,
    JoinedArray: read_joined_array,
}
