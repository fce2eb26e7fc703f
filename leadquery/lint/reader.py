"""From JSON to the model of `leadquery.wire`, with a diagnostic for every mistake.

`read_request` first tries the decoder, which takes no time for a payload without mistakes. If that
fails, the readers go over the payload once more: they record each mistake and read on behind it,
as if it were corrected where that is certain.
"""

from __future__ import annotations

from typing import NamedTuple

from leadquery.lint.cursor import INVALID, READERS, Cursor, ReadContext
from leadquery.lint.decoder import decode_request, parsed_objects
from leadquery.lint.diagnostics import ParsedObject, RawDiagnostic
from leadquery.lint.list_reader import LIST_READERS
from leadquery.lint.object_reader import OBJECT_READERS
from leadquery.lint.rules.base import Severity
from leadquery.lint.rules.syntax import TOO_DEEP
from leadquery.lint.value_readers import VALUE_READERS
from leadquery.wire.model import Request
from leadquery.wire.schema import Object
from leadquery.wire.types import Json

READERS.update(VALUE_READERS | OBJECT_READERS | LIST_READERS)


class ReadResult(NamedTuple):
    """A request, or None if there are errors; the diagnostics; the objects that were read."""

    request: Request | None
    diagnostics: list[RawDiagnostic]
    objects: list[ParsedObject]


def read_request(raw: Json) -> ReadResult:
    """The request of a JSON value, and every mistake in it."""
    request = decode_request(raw)
    return read_with_diagnostics(raw) if request is None else result_without_mistakes(request)


def result_without_mistakes(request: Request) -> ReadResult:
    """What reading results in for a request that was decoded."""
    return ReadResult(request, [], parsed_objects(request))


def read_with_diagnostics(raw: Json) -> ReadResult:
    """The same without trying the decoder on the whole of it."""
    context = ReadContext()
    try:
        request = Cursor((), context).read(Object(Request), raw)
    except RecursionError:
        message = "the payload is nested too deeply"
        return ReadResult(None, [RawDiagnostic(TOO_DEEP, (), message, None)], [])
    failed = any(found.rule.severity is Severity.ERROR for found in context.diagnostics)
    request = None if failed or request is INVALID else request
    return ReadResult(request, context.diagnostics, context.objects)
