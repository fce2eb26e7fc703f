"""Every problem of a payload, before it is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from leadquery.errors import PayloadError
from leadquery.payload.account import Account
from leadquery.payload.neighbours import neighbour
from leadquery.payload.passing import is_clean, request_test
from leadquery.payload.placed import AT_THE_KEY, problems
from leadquery.payload.read import Reading, look_over, read_object
from leadquery.payload.report import Report
from leadquery.payload.smells import is_plain, smells
from leadquery.payload.strangers import strangers
from leadquery.payload.text import Parsed, parse
from leadquery.slips import uncalled
from leadquery.spec.findings import Finding, Json
from leadquery.spec.model import Request
from leadquery.spec.rules import Rule


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
          | 'type' is 'Type' in other letters; write 'Type'   [fix: safe]
    2:21: LQ301 error  $.Output.type
        2 |  "Output": {"type": "lst", "IncludeCSV": "Phone"}}
          |                     ^^^^^
          | 'lst' is no output type; write 'list'   [fix: unsafe]
    1 error, 1 warning; 1 can be fixed
    """
    if fields is None and type(payload) is dict and request_test()(payload) and is_plain(payload):
        return Report(payload)
    if callable(payload) and (slip := uncalled(payload, "check")):
        raise slip
    parsed = parse(payload)
    raw = parsed.raw
    if fields is None and parsed.faultless and is_clean(raw) and is_plain(raw):
        return Report(payload)
    account = None if fields is None else Account.of(fields)
    return _explained(payload, parsed, look_over if account is None else read_object, account)[1]


def read(payload: object) -> Request:
    """The request of a payload; PayloadError, with every problem, where it has an error."""
    request, report = _explained(payload, parse(payload), read_object)
    if request is None:
        raise PayloadError(report)
    return request


def _explained(
    payload: object, parsed: Parsed, walk: Callable[[Json], Reading], account: Account | None = None
) -> tuple[Request | None, Report]:
    if not parsed.readable:
        return None, Report(payload, problems(None, parsed.source, []), parsed.source)
    request, found = _found(parsed.raw, walk, account)
    findings = [one for one in (*parsed.repeated, *found) if not _is_told(one, parsed)]
    report = Report(payload, problems(parsed.raw, parsed.source, findings), parsed.source)
    return request if report.ok else None, report


def _found(
    raw: Json, walk: Callable[[Json], Reading], account: Account | None
) -> tuple[Request | None, list[Finding]]:
    """The request of a JSON value, and all that is to be said of it."""
    told = neighbour(raw)
    request, findings, nodes = walk(told.rest if told else raw)
    found = [*findings, *smells(nodes)]
    if account is not None:
        found = [one for one in found if one.rule not in _WITHOUT_AN_ACCOUNT]
        found += strangers(nodes, account)
    if told:
        found = [told.finding, *filter(told.leaves, found)]
    return request, found


# The account's own fields know better.
_WITHOUT_AN_ACCOUNT: Final = (Rule.NEAR_NAME, Rule.SHOWN_NAME)


def _is_told(one: Finding, parsed: Parsed) -> bool:
    """Whether a slip of the text is the reason of a finding: a value that JSON lacks."""
    if parsed.source is None or one.rule in AT_THE_KEY:
        return False
    return one.path in parsed.source.told
