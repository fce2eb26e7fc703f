"""`check`: decode a payload in which nothing is to be reported, or find every mistake in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from leadquery.errors import PayloadError, QueryError
from leadquery.expr._guards import uncalled_method_error
from leadquery.lint.decoder import LONG, decode_request, decode_text
from leadquery.lint.diagnostics import EditKind, Path, RawDiagnostic, build_diagnostics
from leadquery.lint.report import Report
from leadquery.lint.rules import Check, all_checks
from leadquery.wire.endpoints import SIBLINGS, Endpoint, endpoint_of, endpoint_of_payload
from leadquery.wire.model import Request
from leadquery.wire.schema import SCHEMA_KEY, key_name, keys_of
from leadquery.wire.types import Json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from leadquery.lint.catalog import FieldCatalog
    from leadquery.lint.diagnostics import ParsedObject, ReadContext
    from leadquery.lint.json_text import Parsed
    from leadquery.lint.source_text import SourceText

# What reads and explains mistakes is imported with the first payload that has one.

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
    catalog = None
    if fields is not None:
        from leadquery.lint.catalog import FieldCatalog

        catalog = FieldCatalog.of(fields)
    return limited(_diagnose(payload, catalog)[1], max_diagnostics)


def limited(report: Report, max_diagnostics: int | None) -> Report:
    """The report with no more diagnostics than are to be shown; the others are omitted."""
    if max_diagnostics is None or len(report.diagnostics) <= max_diagnostics:
        return report
    included, omitted = report.diagnostics[:max_diagnostics], report.diagnostics[max_diagnostics:]
    return attrs.evolve(report, diagnostics=included, omitted=omitted)


def read(payload: object, *, sent: bool = False) -> Request:
    """The request of a payload; PayloadError, with the report, if it has an error.

    A payload that is `sent` cannot name its JSON Schema, which the API does not know.
    """
    request: Request | None = _decode(payload)
    if request is None:
        request, report = _diagnose(payload, None, sent=sent)
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


def _diagnose(
    payload: object, catalog: FieldCatalog | None, *, sent: bool = False
) -> tuple[Request | None, Report]:
    """The request of a payload, unless it has an error, and the report on it."""
    value: Json = payload
    source: SourceText | None = None
    duplicates: tuple[RawDiagnostic, ...] = ()
    if isinstance(payload, (str, bytes, bytearray)):
        value, source, duplicates = _parse(payload)
        if not source.readable:
            return None, Report(payload, build_diagnostics(None, source, []), source)
    raw = value if sent else _without_schema(value)
    request, found = None, list[RawDiagnostic]()
    if catalog is None and (raw is not value or _is_undecoded(source)):
        request = decode_request(raw)
    if request is None:
        request, found = _run_rules(raw, catalog)
    if source is not None:
        found = list(_fit_to_text([*duplicates, *found], source, duplicates))
    endpoint = _endpoint(request, value)
    if not found and not (source and source.issues):
        return request, Report(payload, (), source, endpoint=endpoint)
    diagnostics = build_diagnostics(value, source, found)
    report = Report(payload, diagnostics, source, endpoint=endpoint, catalog=catalog)
    return request if report.ok else None, report


def _fit_to_text(
    found: Iterable[RawDiagnostic], source: SourceText, duplicates: Iterable[RawDiagnostic]
) -> Iterator[RawDiagnostic]:
    """Diagnostics of the values of a text, without those that its syntax issues are about.

    They have no fix where it would change another key than it is about, one of two equal ones, or
    a text in which the payload is embedded.
    """
    nan_paths, paths_of_duplicates = source.nan_paths, {one.path for one in duplicates}
    for one in found:
        # What is read as NaN is reported as a syntax issue.
        if one.path in nan_paths and not one.rule.at_key:
            continue
        # NaN is no JSON, so no place can be found in the text that is fixed.
        moves_beside_nan = bool(nan_paths and one.fix and one.fix.moves)
        changes_equal_key = _changes_key_at(paths_of_duplicates, one)
        is_unfit = source.embedded or moves_beside_nan or changes_equal_key
        yield one._replace(fix=None) if is_unfit else one


def _parse(payload: str | bytes | bytearray) -> Parsed:
    """The JSON value of a text, or of the payload inside it."""
    from leadquery.lint.json_text import parse

    parsed = parse(payload)
    if parsed.source.readable:
        return parsed
    from leadquery.lint.rules.wrapped import find_embedded

    return find_embedded(parsed.source.text) or parsed


def _is_undecoded(source: SourceText | None) -> bool:
    """Whether `decode_text` has refused a text for its escapes only."""
    return source is not None and "\\" in source.text and len(source.text) <= LONG


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
    from leadquery.lint.reader import read_request
    from leadquery.lint.rules.types import drop_unfit_fixes, merge_types

    is_own = _is_own(raw)
    if not is_own:
        from leadquery.lint.rules.wrapped import unwrap

        if (unwrapped := unwrap(raw)) is not None:
            found = [unwrapped.diagnostic]
            if unwrapped.payload is not None:
                _, inner = _run_rules(unwrapped.payload, catalog)
                found += [_moved(one, unwrapped.path) for one in inner]
            return None, found
    every_object, sibling = catalog is not None, None
    request, read = read_request(raw, every_object=every_object)
    if read.diagnostics and not is_own:
        from leadquery.lint.rules.sibling_api import detect_sibling_api

        if (sibling := detect_sibling_api(raw)) is not None:
            request, read = read_request(sibling.rest, every_object=every_object)
    found = read.diagnostics
    if catalog is not None:
        from leadquery.lint.rules.field_values import keep_option

        found = [keep_option(one, raw, catalog) for one in found]
    found = merge_types(found, run_checks(read, catalog))
    found = drop_unfit_fixes(found, raw, read.objects, catalog)
    if sibling is not None:
        found = [sibling.diagnostic, *filter(sibling.keeps, found)]
    return request, found


_OUTPUT: Final = key_name(Request, "output")

_KEYS: Final = frozenset(key.name for key in keys_of(Request).values())


def _is_own(raw: Json) -> bool:
    """Whether a payload has an output, and only keys of this API.

    So it is not inside another object, and not written for a sibling API.
    """
    return isinstance(raw, dict) and _OUTPUT in raw and raw.keys() <= _KEYS


def run_checks(read: ReadContext, catalog: FieldCatalog | None = None) -> Iterator[RawDiagnostic]:
    """What the rules find in the objects of a payload; a catalog has the account's fields."""
    checks = all_checks()
    together: dict[Callable[..., Iterator[RawDiagnostic]], list[ParsedObject]] = {}
    for one in read.objects:
        for check in checks.get(one.of, ()):
            if not check.together:
                if one.certain and may_find(check, one.value):
                    yield from check.run(one)
            elif catalog is not None or not one.certain or may_find(check, one.value):
                together.setdefault(check.run, []).append(one)
    for array, values, path in read.lists:
        for check in checks.get(array, ()):
            if check.when(values):
                yield from check.run(values, path)
    for run, objects in together.items():
        yield from run(objects, catalog)


def may_find(check: Check, value: Any) -> bool:
    """Whether a check may find something in an object of the model."""
    return check.when(*[getattr(value, attribute) for attribute in check.attributes])


def _moved(found: RawDiagnostic, outer: Path) -> RawDiagnostic:
    """The diagnostic at its place in the outer object, where no fix of it counts."""
    related = None if found.related is None else (*outer, *found.related)
    return found._replace(path=(*outer, *found.path), related=related, fix=None)


def _changes_key_at(paths: set[Path], found: RawDiagnostic) -> bool:
    """Whether a fix would rename, remove or move one of two equal keys."""
    edits = () if found.fix is None else found.fix.edits
    changes = (EditKind.RENAME, EditKind.REMOVE, EditKind.MOVE)
    return any(edit.path in paths and edit.change in changes for edit in edits)
