"""`check`: decode a payload in which nothing is to be reported, or diagnose it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from leadquery.errors import PayloadError, QueryError
from leadquery.expr._guards import uncalled_method_error
from leadquery.lint.decoder import decode_request, decode_text
from leadquery.lint.report import Report
from leadquery.wire.endpoints import endpoint_of_payload

if TYPE_CHECKING:
    from leadquery.wire.model import Request

# What finds and explains mistakes is imported with the first payload that has one.

MAX_DIAGNOSTICS: Final = 1_000
"""How many diagnostics a report shows by default."""


def check(
    payload: object, fields: object = None, *, max_diagnostics: int | None = MAX_DIAGNOSTICS
) -> Report:
    r"""Report every mistake in a payload: a JSON object, its text, or its bytes in UTF-8.

    An error contradicts the API page; a warning is allowed, but probably not meant. It never
    raises for a payload, whatever that is; passing a method such as `query.to_payload` without
    calling it raises UsageError. (API page: Request Parameters)

    A `"$schema"` beside the keys of a payload names a JSON Schema for editors. It is allowed, and
    is no part of the query.

    `fields` are the account's lead fields: a response of LeadsMetaData, a list of schema names or
    of fields, or a module of fields as `leadquery fields --python` writes it. With them, names,
    types and options are checked too; without them, you are only warned of names that are similar
    to a standard one. QueryError for fields that cannot be read.

    The report has the first `max_diagnostics`, or all with None. It counts and fixes the others
    too, and `ok` depends on all. Very long paths are cut in the middle.

    >>> from leadquery import check
    >>> text = (
    ...     '{"Paging": {"PageIndex": 1, "PageSize": 100},\n'
    ...     ' "Output": {"type": "lst", "IncludeCSV": "Phone"}}'
    ... )
    >>> report = check(text)
    >>> report.ok
    False
    >>> print(report)
    2:13: LQ202 warning  $.Output.type
        2 |  "Output": {"type": "lst", "IncludeCSV": "Phone"}}
          |             ^^^^^^
          | 'type' differs from 'Type' only in letter case; write 'Type'   [fix: safe]
    2:21: LQ301 error  $.Output.type
        2 |  "Output": {"type": "lst", "IncludeCSV": "Phone"}}
          |                     ^^^^^
          | unknown output type 'lst'; write 'list'   [fix: unsafe]
    1 error, 1 warning; 1 can be fixed
    """
    if callable(payload) and (error := uncalled_method_error(payload, "check")):
        raise error
    if max_diagnostics is not None and (type(max_diagnostics) is not int or max_diagnostics < 0):
        raise QueryError(
            f"max_diagnostics: expected a number from 0 on, or None for all, "
            f"found {max_diagnostics!r}"
        )
    if fields is None and (raw := _decode(payload, builds=False)) is not None:
        return Report(payload, (), None, (), endpoint_of_payload(raw))
    from leadquery.lint.catalog import FieldCatalog
    from leadquery.lint.diagnose import diagnose

    catalog = None if fields is None else FieldCatalog.of(fields)
    return limited(diagnose(payload, catalog)[1], max_diagnostics)


def limited(report: Report, max_diagnostics: int | None) -> Report:
    """The report with no more diagnostics than are to be shown; the others are omitted."""
    if max_diagnostics is None or len(report.diagnostics) <= max_diagnostics:
        return report
    included, omitted = report.diagnostics[:max_diagnostics], report.diagnostics[max_diagnostics:]
    return Report(report.payload, included, report.source, omitted, report.endpoint)


def read(payload: object, *, sent: bool = False) -> Request:
    """The request of a payload; PayloadError, with the report, if it has an error.

    A payload that is `sent` cannot name its JSON Schema, which the API does not know.
    """
    request: Request | None = _decode(payload)
    if request is None:
        from leadquery.lint.diagnose import diagnose

        request, report = diagnose(payload, None, sent=sent)
        if request is None:
            raise PayloadError(limited(report, MAX_DIAGNOSTICS))
    return request


def _decode(payload: object, *, builds: bool = True) -> Any:
    """The request of a payload, or its JSON value if none is to be built.

    None if there may be something to report.
    """
    if type(payload) is dict:
        return decode_request(payload, builds=builds)
    if type(payload) is str or type(payload) is bytes:
        return decode_text(payload, builds=builds)
    return None
