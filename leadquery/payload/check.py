"""Every problem of a payload, before it is sent."""

from __future__ import annotations

from leadquery.payload.compiled import is_clean
from leadquery.payload.read import read_object
from leadquery.payload.report import Report
from leadquery.payload.text import parse


def check(payload: object) -> Report:
    """Every problem of a payload: a JSON object, its text, or its bytes in UTF-8.

    An error is what the API page speaks against; a warning is what probably is not meant.
    It never raises, whatever it is given. (API page: Request Parameters)

    >>> from leadquery import check
    >>> report = check('{"Output": {"Type": "list", "IncludeCSV": "Phone"}, "Filters": []}')
    >>> report.ok
    False
    >>> print(report)
    $.Filters: LQ201 error: 'Filters' is no key of a request; keys that fit here: 'ReportFilter', \
'DateFilter', 'Paging'
    1 error
    """
    raw, unreadable = parse(payload)
    if unreadable is not None:
        return Report(payload, (unreadable,))
    try:
        if is_clean(raw):
            return Report(payload)
    except RecursionError:
        pass
    return Report(payload, read_object(raw)[1])
