"""`check`: parse the text, read the payload, run the rules, locate what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from leadquery.errors import PayloadError, QueryError
from leadquery.expr._guards import uncalled_method_error
from leadquery.lint.catalog import FieldCatalog
from leadquery.lint.decoder import decode_request, decode_text
from leadquery.lint.diagnostics import EditKind, Path, RawDiagnostic
from leadquery.lint.json_text import Parsed, parse
from leadquery.lint.report import Report, build_diagnostics
from leadquery.lint.rules import run_checks
from leadquery.wire.endpoints import SIBLINGS, Endpoint, endpoint_of, endpoint_of_payload
from leadquery.wire.model import Request
from leadquery.wire.schema import SCHEMA_KEY, key_name
from leadquery.wire.types import Json

if TYPE_CHECKING:
    from leadquery.lint.rules.wrapped import Unwrapped

# What explains a mistake is imported when there is one: most payloads have none.

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
    if fields is None and (decoded := _decode(payload, builds=False)) is not None:
        return decoded[1]
    catalog = None if fields is None else FieldCatalog.of(fields)
    return limited(_check(payload, catalog)[1], max_diagnostics)


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
    request, report = _decode(payload) or _check(payload, None, sent=sent)
    if request is None:
        raise PayloadError(limited(report, MAX_DIAGNOSTICS))
    return request


def _check(
    payload: object, catalog: FieldCatalog | None, *, sent: bool = False
) -> tuple[Request | None, Report]:
    parsed = parse(payload)
    if parsed.source is not None and not parsed.source.readable:
        from leadquery.lint.rules.wrapped import find_embedded

        parsed = find_embedded(parsed.source.text) or parsed
    if not parsed.readable:
        return None, Report(payload, build_diagnostics(None, parsed.source, []), parsed.source)
    raw = parsed.raw if sent else _without_schema(parsed.raw)
    request, found = _run_rules(raw, catalog)
    endpoint = _endpoint(request, parsed.raw)
    if not found and not parsed.duplicates and not (parsed.source and parsed.source.issues):
        return request, Report(payload, (), parsed.source, endpoint=endpoint)
    found = [one for one in (*parsed.duplicates, *found) if not _is_syntax_issue(one, parsed)]
    if parsed.source is not None and parsed.source.embedded:
        found = [one._replace(fix=None) for one in found]
    duplicates = {one.path for one in parsed.duplicates}
    found = [_without_fix_of(one, duplicates) for one in found] if duplicates else found
    diagnostics = build_diagnostics(parsed.raw, parsed.source, found)
    report = Report(payload, diagnostics, parsed.source, endpoint=endpoint)
    return request if report.ok else None, report


def _decode(payload: object, *, builds: bool = True) -> tuple[Request | None, Report] | None:
    """The request and the report of a payload in which nothing is to be reported, if it is JSON.

    Without `builds`, the first is not the request. None if there may be something to report.
    """
    if type(payload) is dict:
        decoded = decode_request(payload, builds=builds)
    elif type(payload) is str:
        decoded = decode_text(payload, builds=builds)
    else:
        return None
    if decoded is None:
        return None
    endpoint = endpoint_of(decoded.report) if builds else endpoint_of_payload(decoded)
    return decoded, Report(payload, (), None, (), endpoint)


def _endpoint(request: Request | None, raw: Json) -> Endpoint:
    """The report that a payload is for; one with errors is only recognised by the exact key."""
    if request is not None:
        return endpoint_of(request.report)
    report = raw.get(key_name(Request, "report")) if isinstance(raw, dict) else None
    keys = report if isinstance(report, dict) else {}
    present = [one for one in SIBLINGS if one.key in keys]
    is_one = len({one.node for one in present}) == 1
    return present[0] if is_one else Endpoint.DISTRIBUTION


def _without_schema(raw: Json) -> Json:
    """The payload without the name of its JSON Schema, which is for editors and is not sent."""
    if isinstance(raw, dict) and isinstance(raw.get(SCHEMA_KEY), str):
        return {key: value for key, value in raw.items() if key != SCHEMA_KEY}
    return raw


def _run_rules(
    raw: Json, catalog: FieldCatalog | None
) -> tuple[Request | None, list[RawDiagnostic]]:
    if catalog is None and (request := decode_request(raw)) is not None:
        return request, []
    from leadquery.lint.reader import read_request
    from leadquery.lint.rules.field_values import keep_option
    from leadquery.lint.rules.sibling_api import detect_sibling_api
    from leadquery.lint.rules.types import drop_unfit_fixes, merge_types
    from leadquery.lint.rules.wrapped import unwrap

    if (unwrapped := unwrap(raw)) is not None:
        return None, [unwrapped.diagnostic, *_check_unwrapped(unwrapped, catalog)]
    every_object = catalog is not None
    request, read = read_request(raw, every_object=every_object)
    sibling = detect_sibling_api(raw) if read.diagnostics else None
    if sibling is not None:
        request, read = read_request(sibling.rest, every_object=every_object)
    found = read.diagnostics
    if catalog is not None:
        found = [keep_option(one, raw, catalog) for one in found]
    found = merge_types(found, run_checks(read, catalog))
    found = drop_unfit_fixes(found, raw, read.objects, catalog)
    if sibling is not None:
        found = [sibling.diagnostic, *filter(sibling.keeps, found)]
    return request, found


def _check_unwrapped(unwrapped: Unwrapped, catalog: FieldCatalog | None) -> list[RawDiagnostic]:
    """The diagnostics of a payload inside something else, which has to be taken out first."""
    if unwrapped.payload is None:
        return []
    _, found = _run_rules(unwrapped.payload, catalog)
    return [_moved(one, unwrapped.path) for one in found]


def _moved(found: RawDiagnostic, outer: Path) -> RawDiagnostic:
    """The diagnostic at its place in the outer object, where no fix of it counts."""
    related = None if found.related is None else (*outer, *found.related)
    return found._replace(path=(*outer, *found.path), related=related, fix=None)


def _without_fix_of(found: RawDiagnostic, duplicates: set[Path]) -> RawDiagnostic:
    """The diagnostic without a fix that would rename or remove one of two equal keys."""
    edits = () if found.fix is None else found.fix.edits
    is_of_key = any(
        edit.path in duplicates and edit.change in (EditKind.RENAME, EditKind.REMOVE)
        for edit in edits
    )
    return found._replace(fix=None) if is_of_key else found


def _is_syntax_issue(found: RawDiagnostic, parsed: Parsed) -> bool:
    """Whether the value is reported as a syntax issue already, such as NaN."""
    if parsed.source is None or found.rule.at_key:
        return False
    return found.path in parsed.source.nan_paths
