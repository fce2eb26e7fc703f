"""The query of the page on demo leads: the rows of a table, and its bars."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

import attrs

from leadquery.emulator.demo import demo_users
from leadquery.emulator.emulator import Emulator
from leadquery.errors import LeadQueryError
from leadquery.fields import OwnerId, OwnerIdName
from leadquery.plan import Rows, Step, drive, solve
from leadquery.query.aggregation import result_columns
from leadquery.query.query import MAX_CALLS, Query
from leadquery.result.decode import build_result, column_types
from leadquery.result.render import (
    NO_DATA,
    bar_columns,
    bar_shares,
    format_cells,
    is_numeric,
    with_owner_labels,
)
from leadquery.result.result import Result
from leadquery.wire.enums import ROWS, TOTAL
from leadquery.wire.model import ListOutput

DEMO_LEADS: Final = 2_000
"""Fewer than those of `leadquery demo`: a browser makes them in a second."""

DEMO_NOW: Final = datetime(2026, 3, 15, 12, tzinfo=UTC)
"""The time of the demo leads, so that each visit shows the same."""

MAX_ROWS: Final = 20


def run(query: Query | None) -> dict[str, Any]:
    """The result of a query on demo leads: its first rows, and bars for groups.

    `message` says why there is none. `bars` are the parts of the longest bar, one for each row.
    """
    empty = {"columns": [], "numeric": [], "rows": [], "bars": [], "leads": DEMO_LEADS}
    if query is None:
        return {**empty, "message": "there is no query to run"}
    try:
        result = _run(query)
    except LeadQueryError as error:
        return {**empty, "message": str(error)}
    return {**empty, "message": "", **_table(result)}


def _table(result: Result) -> dict[str, Any]:
    """The first rows as text, and the bars of groups."""
    labelled = with_owner_labels(result)
    part = labelled[:MAX_ROWS]
    cells = [format_cells(part, name) for name in part.columns]
    if result.grouped:
        cells = [[cell or NO_DATA for cell in column] for column in cells]
    column = next(iter(bar_columns(part)), None)
    return {
        "columns": list(part.columns),
        "numeric": [is_numeric(part, name) for name in part.columns],
        "rows": [list(row) for row in zip(*cells, strict=True)],
        "bars": [max(0, share) for share in bar_shares(part, column)] if column else [],
        "bar_column": column,
        "total": result.total,
        "grouped": result.grouped,
    }


@cache
def _emulator() -> Emulator:
    return Emulator.demo(DEMO_LEADS, now=DEMO_NOW)


@cache
def _owner_names() -> dict[str, str]:
    return {user["UserID"]: f"{user['FirstName']} {user['LastName']}" for user in demo_users()}


def _run(query: Query) -> Result:
    """The result of a query on demo leads, with the names of owners."""
    if query.is_one_request:
        response = _emulator().answer(query.to_payload())
        result = build_result(query, response[ROWS], int(response[TOTAL]))
    else:
        rows = drive(solve(query, MAX_CALLS, ()), lambda steps: [*map(_run_step, steps)])
        result = Result(
            tuple(rows),
            len(rows),
            result_columns(query),
            grouped=not isinstance(query.output, ListOutput),
            types=column_types(query),
            query=query,
        )
    return _with_owner_names(result)


def _run_step(step: Step) -> Rows:
    """All rows of a step."""
    query = step.query if step.first_page else step.query.page(None)
    response = _emulator().answer(query.to_payload())
    rows = response[ROWS][: step.limit]
    result = build_result(step.query, rows, int(response[TOTAL]))
    return Rows(result.rows, result.total)


def _with_owner_names(result: Result) -> Result:
    names = _owner_names()
    if OwnerId.name not in result.columns or OwnerIdName.name in result.columns:
        return result
    rows = []
    for row in result.rows:
        named = {}
        for column, value in row.items():
            named[column] = value
            if column == OwnerId.name:
                named[OwnerIdName.name] = names.get(str(value))
        rows.append(named)
    return attrs.evolve(result, rows=tuple(rows))
