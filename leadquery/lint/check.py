"""Every problem of a payload, before it is sent."""

from __future__ import annotations

from collections.abc import Callable

from leadquery.errors import PayloadError
from leadquery.expr._guards import uncalled_method_error
from leadquery.lint.catalog import FieldCatalog
from leadquery.lint.diagnostics import Json, RawDiagnostic
from leadquery.lint.fast_path import is_clean, request_test
from leadquery.lint.json_parser.decoder import Parsed, parse
from leadquery.lint.reader import ReadResult, look_over, read_object
from leadquery.lint.report import Report, build_diagnostics
from leadquery.lint.rules.registry import run_checks
from leadquery.lint.rules.sibling_api import detect_sibling_api
from leadquery.lint.rules.suspicious_fast import is_plain
from leadquery.wire.model import Request


def check(payload: object, fields: object = None) -> Report:
    r"""Every problem of a payload: a JSON object, its text, or its bytes in UTF-8.

    An error is what the API page speaks against; a warning is what probably is not meant.
    It never raises, whatever the payload; a method such as
    `query.to_payload`, given uncalled, is none. (API page: Request Parameters)

    `fields` are the account's lead fields: an answer of LeadsMetaData, or a list of schema names
    or of words. With them, names, kinds and options are checked too; without, only names that
    stand near a standard one are doubted. QueryError for fields that cannot be read.

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
    if fields is None and type(payload) is dict and request_test()(payload) and is_plain(payload):
        return Report(payload)
    if callable(payload) and (error := uncalled_method_error(payload, "check")):
        raise error
    parsed = parse(payload)
    raw = parsed.raw
    if fields is None and parsed.clean and is_clean(raw) and is_plain(raw):
        return Report(payload)
    account = None if fields is None else FieldCatalog.of(fields)
    return _run(payload, parsed, look_over if account is None else read_object, account)[1]


def read(payload: object) -> Request:
    """The request of a payload; PayloadError, with every problem, where it has an error."""
    request, report = _run(payload, parse(payload), read_object)
    if request is None:
        raise PayloadError(report)
    return request


def _run(
    payload: object,
    parsed: Parsed,
    walk: Callable[[Json], ReadResult],
    account: FieldCatalog | None = None,
) -> tuple[Request | None, Report]:
    if not parsed.readable:
        return None, Report(payload, build_diagnostics(None, parsed.source, []), parsed.source)
    request, found = _found(parsed.raw, walk, account)
    findings = [one for one in (*parsed.duplicates, *found) if not _already_reported(one, parsed)]
    report = Report(payload, build_diagnostics(parsed.raw, parsed.source, findings), parsed.source)
    return request if report.ok else None, report


def _found(
    raw: Json, walk: Callable[[Json], ReadResult], account: FieldCatalog | None
) -> tuple[Request | None, list[RawDiagnostic]]:
    """The request of a JSON value, and all that is to be said of it."""
    sibling = detect_sibling_api(raw)
    request, findings, nodes = walk(sibling.rest if sibling else raw)
    found = [*findings, *run_checks(nodes, account)]
    if sibling:
        found = [sibling.diagnostic, *filter(sibling.keeps, found)]
    return request, found


def _already_reported(one: RawDiagnostic, parsed: Parsed) -> bool:
    """Whether a slip of the text is the reason of a finding: a value that JSON lacks."""
    if parsed.source is None or one.rule.at_key:
        return False
    return one.path in parsed.source.nan_paths
