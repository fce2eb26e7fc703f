"""Find every mistake in a payload that is not decoded as it is: read it, run the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadquery.lint.catalog import FieldCatalog
from leadquery.lint.decoder import LONG, decode_request
from leadquery.lint.diagnostics import EditKind, Path, RawDiagnostic
from leadquery.lint.json_text import Parsed, parse
from leadquery.lint.places import build_diagnostics
from leadquery.lint.report import Report
from leadquery.lint.rules import run_checks
from leadquery.wire.endpoints import SIBLINGS, Endpoint, endpoint_of
from leadquery.wire.model import Request
from leadquery.wire.schema import SCHEMA_KEY, key_name
from leadquery.wire.types import Json

if TYPE_CHECKING:
    from leadquery.lint.rules.wrapped import Unwrapped
    from leadquery.lint.source_text import SourceText

# A long text that is valid comes here too, so what explains mistakes is imported where it does.


def diagnose(
    payload: object, catalog: FieldCatalog | None, *, sent: bool = False
) -> tuple[Request | None, Report]:
    """The request of a payload, unless it has an error, and the report on it."""
    parsed = parse(payload)
    if parsed.source is not None and not parsed.source.readable:
        from leadquery.lint.rules.wrapped import find_embedded

        parsed = find_embedded(parsed.source.text) or parsed
    if not parsed.readable:
        return None, Report(payload, build_diagnostics(None, parsed.source, []), parsed.source)
    raw = parsed.raw if sent else _without_schema(parsed.raw)
    decodes = catalog is None and not (raw is parsed.raw and _is_refused(payload, parsed.source))
    request, found = _run_rules(raw, catalog, decodes=decodes)
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


def _is_refused(payload: object, source: SourceText | None) -> bool:
    """Whether the decoder has refused a payload already, or it is a long text."""
    if source is None:
        return type(payload) is dict
    return len(source.text) > LONG or "\\" not in source.text


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
    raw: Json, catalog: FieldCatalog | None, *, decodes: bool
) -> tuple[Request | None, list[RawDiagnostic]]:
    if decodes and (request := decode_request(raw)) is not None:
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
    _, found = _run_rules(unwrapped.payload, catalog, decodes=catalog is None)
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
