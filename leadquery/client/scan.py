"""Runs a query on leads that were read, in a mock API that is filled with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from leadquery.expr.field_types import Field
from leadquery.expr.predicate import CompoundPredicate, Predicate
from leadquery.plan import Rows, Step, drive, solve
from leadquery.plan.scan import Scan
from leadquery.query.leads import Leads
from leadquery.query.query import Query, fields_of, with_output
from leadquery.result import Row, build_result
from leadquery.result.serialize import to_text
from leadquery.wire.enums import ROWS, TOTAL, LogicalOperator, OutputType
from leadquery.wire.model import ListOutput

if TYPE_CHECKING:
    from leadquery.emulator import Emulator
    from leadquery.expr.predicate import Condition

LOCAL_CALLS: Final = 10_000
"""The most requests to the mock API, which has no limit of calls."""

_NUMBER: Final = "#"
"""The column that holds the number of a lead."""

_NUMBERS: Final[Query] = with_output(Leads, ListOutput(OutputType.LIST, (_NUMBER,)), ()).page(None)


def run_scan(scan: Scan, rows: Sequence[Row]) -> list[Row]:
    """The rows of a query, from those of its scan."""
    leads = [
        {name: None if value is None else to_text(value) for name, value in row.items()}
        for row in rows
    ]
    conditions = scan.query._compounds
    if conditions:
        numbered = ({**lead, _NUMBER: str(number)} for number, lead in enumerate(leads))
        with_numbers = _emulator(scan, numbered)
        matching = [_matching(condition, with_numbers) for condition in conditions]
        leads = [leads[number] for number in sorted(set.intersection(*matching))]
    emulator = _emulator(scan, leads)
    return drive(
        solve(scan.rest, LOCAL_CALLS), lambda steps: [_rows(step, emulator) for step in steps]
    )


def _emulator(scan: Scan, leads: Iterable[dict[str, str | None]]) -> Emulator:
    """A mock API with some leads, and the types that fields have in the query."""
    # The client and the mock API do not depend on each other otherwise.
    from leadquery.emulator import Emulator

    typed = [field for field in fields_of(scan.query).values() if type(field) is not Field]
    return Emulator(leads, fields=typed)


def _matching(condition: Condition, emulator: Emulator) -> set[int]:
    """The numbers of the leads that meet a condition on fields."""
    if isinstance(condition, Predicate):
        rows = emulator.answer(_NUMBERS.where(condition).to_payload())[ROWS]
        return {int(row[_NUMBER]) for row in rows}
    parts = [_matching(part, emulator) for part in _parts(condition)]
    is_all = isinstance(condition, CompoundPredicate) and condition.joiner is LogicalOperator.AND
    return set.intersection(*parts) if is_all else set.union(*parts)


def _parts(condition: Condition) -> tuple[Condition, ...]:
    # Conditions on users have no scan.
    return condition.parts if isinstance(condition, CompoundPredicate) else ()


def _rows(step: Step, emulator: Emulator) -> Rows:
    query = step.query if step.first_page else step.query.page(None)
    response = emulator.answer(query.to_payload())
    result = build_result(query, response[ROWS], int(response[TOTAL]))
    return Rows(result.rows, result.total)
