"""The fast look: payloads of which the smells are known to say nothing.

It reads what the fast check has passed, so that kinds and required keys need no second look.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set as AbstractSet
from datetime import time
from itertools import filterfalse
from operator import itemgetter, methodcaller
from typing import Final

from leadquery.fields import STANDARD
from leadquery.lint.diagnostics import Json
from leadquery.lint.name_index import is_custom
from leadquery.users import STANDARD as ATTRIBUTES
from leadquery.wire.enums import Operator, OutputType, UserOperator
from leadquery.wire.model import (
    AggregateOutput,
    ComparisonFilter,
    DateRange,
    ListOutput,
    MembershipFilter,
    Paging,
    ReportFilter,
    Request,
    UserCondition,
    UserGroup,
)
from leadquery.wire.protocol import SEPARATOR
from leadquery.wire.schema import key_name

NOON: Final = time(12)

LARGE: Final = 5_000
"""The most rows that a page of a sibling API holds."""

_PAGING = key_name(Request, "paging")

_SIZE = key_name(Paging, "size")

_DATES = key_name(Request, "dates")

_START = key_name(DateRange, "start")

_END = key_name(DateRange, "end")

_OUTPUT = key_name(Request, "output")

_TYPE = key_name(ListOutput, "type")

_COLUMNS = key_name(ListOutput, "columns")

_GROUP = key_name(AggregateOutput, "group")

_COMPUTED = key_name(AggregateOutput, "field")

_REPORT = key_name(Request, "report")

_FILTERS = key_name(ReportFilter, "filters")

_USERS = key_name(ReportFilter, "users")

_GROUPS = key_name(UserGroup, "groups")

_CONDITIONS = key_name(UserGroup, "conditions")

_ATTRIBUTE = key_name(UserCondition, "name")

_ASKED = key_name(UserCondition, "operator")

_SOUGHT = key_name(UserCondition, "value")

_is_custom = methodcaller("startswith", "mx_")

_NAME = key_name(ComparisonFilter, "name")

_name = itemgetter(_NAME)

_OPERATOR = key_name(ComparisonFilter, "operator")

_operator = itemgetter(_OPERATOR)

_VALUE = key_name(ComparisonFilter, "value")

_VALUES = key_name(MembershipFilter, "values")

wildcards = re.compile(r"%|\A\*|\*\Z").search
"""Whether a text has a sign that stands for any letters elsewhere."""

_CONTAINS: Final = UserOperator.CONTAINS.token

_SEARCHES: Final = frozenset((Operator.CONTAINS.token, Operator.DOES_NOT_CONTAIN.token))

_LIST: Final = OutputType.LIST.spellings

_TWELVE: Final = f" {NOON}"


def is_plain(raw: dict[str, Json]) -> bool:
    """Whether there are no smells in a payload without mistakes. It may say no without a reason."""
    paging = raw.get(_PAGING)
    if paging is None or paging[_SIZE] > LARGE:
        return False
    # Filters on one field may contradict each other, and so may ranges of one date.
    dates = raw.get(_DATES)
    if dates and (len(dates) > 1 or _TWELVE in dates[0][_START] or _TWELVE in dates[0][_END]):
        return False
    output = raw[_OUTPUT]
    known = (
        all(map(is_passed, output[_COLUMNS].split(SEPARATOR)))
        if output[_TYPE] in _LIST
        else (output[_GROUP] in STANDARD or is_custom(output[_GROUP]))
        and (output[_COMPUTED] in STANDARD or is_custom(output[_COMPUTED]))
    )
    if not known:
        return False
    report = raw.get(_REPORT)
    if report is None:
        return True
    if _USERS in report and not _are_known(report[_USERS][_GROUPS]):
        return False
    if _FILTERS not in report:
        return True
    # Of one filter, a call less.
    filters = report[_FILTERS]
    one = filters[0]
    if len(filters) > 1 or _VALUES in one:
        return not suspects(filters, names_of(filters))
    if one[_OPERATOR] in _SEARCHES and wildcards(one[_VALUE]):
        return False
    return one[_NAME] in STANDARD or is_custom(one[_NAME])


def is_passed(name: str) -> bool:
    """Whether a name is a standard field's, or made as the names of an account's own are."""
    return name in STANDARD or is_custom(name)


def _are_known(groups: list[dict[str, Json]]) -> bool:
    """Whether the attributes are known that the conditions in groups of users name."""
    for group in groups:
        if _CONDITIONS in group:
            for one in group[_CONDITIONS]:
                if one[_ATTRIBUTE] not in ATTRIBUTES and not is_custom(one[_ATTRIBUTE]):
                    return False
                if one[_ASKED] == _CONTAINS and wildcards(one[_SOUGHT]):
                    return False
        if _GROUPS in group and not _are_known(group[_GROUPS]):
            return False
    return True


def names_of(filters: Sequence[dict[str, Json]]) -> list[str]:
    """The fields that filters without a mistake are about."""
    return list(map(_name, filters))


def suspects(
    filters: Sequence[dict[str, Json]],
    names: Sequence[str],
    others: AbstractSet[str] = frozenset(),
) -> list[int]:
    """The places of the filters that a smell may be about; none of them has a mistake.

    `names` are the fields they are about. Filters on one field are suspected together, and with
    filters elsewhere on the `others`.
    """
    some = set(names)
    # The accounts' own names are most of many, and told in no time.
    doubted = set(filterfalse(is_passed, filterfalse(_is_custom, some)))
    if len(some) < len(names):
        doubted |= _contradictory(names, filters)
    doubted |= some & others
    places = {place for place, one in enumerate(filters) if _VALUES in one and _is_short(one)}
    if not _SEARCHES.isdisjoint(map(_operator, filters)):
        places |= {
            place
            for place, one in enumerate(filters)
            if one[_OPERATOR] in _SEARCHES and wildcards(one[_VALUE])
        }
    if doubted:
        places.update(place for place, name in enumerate(names) if name in doubted)
    return sorted(places)


def _is_short(one: dict[str, Json]) -> bool:
    return len(one[_VALUES]) == 1


def _contradictory(names: Sequence[str], filters: Sequence[dict[str, Json]]) -> set[str]:
    """The fields of which so much is asked that there may be nothing left."""
    if _leaves_some(set(map(_operator, filters))):
        return set()
    asked: dict[str, set[str]] = {}
    for name, operator in set(zip(names, map(_operator, filters), strict=True)):
        asked.setdefault(name, set()).add(operator)
    empty = {name for name, operators in asked.items() if not _leaves_some(operators)}
    counted = Counter(names) if empty else {}
    return {name for name in empty if counted[name] > 1}


def _leaves_some(operators: set[str]) -> bool:
    """Whether some values are left, whatever they are compared with."""
    return operators.isdisjoint(_FEW) and not any(
        operators & one and operators & other for one, other in _AGAINST
    )


def _tokens(*operators: Operator) -> frozenset[str]:
    return frozenset(one.token for one in operators)


_FEW: Final = _tokens(Operator.EQUAL, Operator.ONE_OF, Operator.HAS_NO_DATA)
"""What leaves a few values, or none."""

_AGAINST: Final = (
    (_tokens(Operator.ABOVE, Operator.AT_LEAST), _tokens(Operator.BELOW, Operator.AT_MOST)),
    (_tokens(Operator.CONTAINS), _tokens(Operator.DOES_NOT_CONTAIN)),
)
