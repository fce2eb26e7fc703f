"""Ranges of dates that include all of their last second, whatever the server does with fractions.

A range ends at a second such as 23:59:59. Whether the API counts a lead of 23:59:59.412 to it is
not known. So the range that is sent ends one second later, at 00:00:00, and the leads of that
second are left out again: the rows of a list are dropped here, by their own dates, and groups get
a condition that the server applies.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs

from leadquery.fields import DATE_FIELDS
from leadquery.query.base import BaseQuery, Q, replace
from leadquery.query.query import Query
from leadquery.result import Result
from leadquery.wire.model import DateRange, ListOutput
from leadquery.wire.types import format_timestamp

SECOND = timedelta(seconds=1)

_LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def widen_list(query: Query) -> Query:
    """A list with ranges that end one second later, and with the dates that they are about."""
    if not isinstance(query.output, ListOutput):
        return query
    dates = [DATE_FIELDS[dates.field].name for dates, _ in _ends(query)]
    columns = tuple(dict.fromkeys((*query.output.columns, *dates)))
    return replace(_widen(query), "output", attrs.evolve(query.output, columns=columns))


def trim_rows(query: Query, result: Result) -> Result:
    """The rows of a widened list that the query itself matches, with its columns alone.

    A row whose date cannot be read stays, for the server put it in the range.
    """
    ends = [(DATE_FIELDS[dates.field].name, end) for dates, end in _ends(query)]
    if not ends or not isinstance(query.output, ListOutput):
        return result
    extra = {name for name, _ in ends}.difference(query.output.columns)
    rows = tuple(
        {name: value for name, value in row.items() if name not in extra}
        for row in result.rows
        if not any(_is_at(row.get(name), end) for name, end in ends)
    )
    types = {name: type_ for name, type_ in result.types.items() if name not in extra}
    return attrs.evolve(result, rows=rows, requested_columns=query.output.columns, types=types)


def widen_groups(query: Q) -> Q:
    """A query with ranges that end one second later, and with conditions that leave it out."""
    conditions = [DATE_FIELDS[dates.field] < format_timestamp(end) for dates, end in _ends(query)]
    return _widen(query).where(*conditions)


def _widen(query: Q) -> Q:
    ends = dict(_ends(query))
    widened = (attrs.evolve(dates, end=ends.get(dates, dates.end)) for dates in query.dates)
    return replace(query, "dates", tuple(widened))


def _ends(query: BaseQuery) -> Iterator[tuple[DateRange, datetime]]:
    """Each range with the second after it."""
    for dates in query.dates:
        if dates.end < _LAST:
            yield dates, dates.end + SECOND


def _is_at(value: Any, second: datetime) -> bool:
    return isinstance(value, datetime) and value.replace(microsecond=0) == second
