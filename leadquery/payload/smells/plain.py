"""The fast look: payloads of which the smells are known to say nothing.

It reads what the fast check has passed, so that kinds and required keys need no second look.
"""

from __future__ import annotations

from datetime import time
from operator import itemgetter
from typing import Final

from leadquery.fields import STANDARD
from leadquery.payload.names import is_passed
from leadquery.spec.findings import Json
from leadquery.spec.model import (
    Aggregate,
    Comparison,
    DateRange,
    Listing,
    Membership,
    Paging,
    ReportFilter,
    Request,
)
from leadquery.spec.shapes import Class, keys_of
from leadquery.spec.vocabulary import SEPARATOR, OutputType

NOON: Final = time(12)
LARGE: Final = 5_000
"""The most rows that a page of a sibling API holds."""


def _token(cls: Class, attribute: str) -> str:
    return keys_of(cls)[attribute].token


_PAGING = _token(Request, "paging")
_SIZE = _token(Paging, "size")
_DATES = _token(Request, "dates")
_START = _token(DateRange, "start")
_END = _token(DateRange, "end")
_OUTPUT = _token(Request, "output")
_TYPE = _token(Listing, "type")
_COLUMNS = _token(Listing, "columns")
_GROUP = _token(Aggregate, "group")
_COMPUTED = _token(Aggregate, "field")
_REPORT = _token(Request, "report")
_FILTERS = _token(ReportFilter, "filters")
_name = itemgetter(_token(Comparison, "name"))
_VALUES = _token(Membership, "values")

_LIST: Final = OutputType.LIST.spellings
_TWELVE: Final = f" {NOON}"
_KNOWN: Final = frozenset(STANDARD)


def is_plain(raw: dict[str, Json]) -> bool:
    """Whether there are no smells in a payload without mistakes. It may say no without a reason."""
    paging = raw.get(_PAGING)
    if paging is None or paging[_SIZE] > LARGE:
        return False
    for one in raw.get(_DATES, ()):
        if _TWELVE in one[_START] or _TWELVE in one[_END]:
            return False
    # Filters on one field may contradict each other, and so may ranges of one date.
    if _DATES in raw and len(raw[_DATES]) > 1:
        return False
    output = raw[_OUTPUT]
    if output[_TYPE] in _LIST:
        if not all(map(is_passed, output[_COLUMNS].split(SEPARATOR))):
            return False
    elif not (is_passed(output[_GROUP]) and is_passed(output[_COMPUTED])):
        return False
    report = raw.get(_REPORT)
    return report is None or _FILTERS not in report or _are_plain(report[_FILTERS])


def _are_plain(filters: list[dict[str, Json]]) -> bool:
    for one in filters:
        if _VALUES in one and len(one[_VALUES]) == 1:
            return False
    names = set(map(_name, filters))
    return len(names) == len(filters) and (names <= _KNOWN or all(map(is_passed, names)))
