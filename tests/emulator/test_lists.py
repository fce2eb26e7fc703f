"""Pages of lists, in any order of requests."""

from __future__ import annotations

from typing import Any

from hypothesis import given, strategies as st

from leadquery import Leads
from leadquery.emulator import Emulator
from leadquery.emulator.lists import MAX_TABLES
from leadquery.fields import ProspectID, Score

SIZE = 12
LEADS = [{"ProspectID": f"{number:02}", "Score": number} for number in range(SIZE)]


def page(emulator: Emulator, low: int, index: int, size: int) -> dict[str, Any]:
    """A page of the leads from a score on."""
    query = Leads.where(Score >= low).select(ProspectID).page(index, size)
    return emulator.answer(query.to_payload())


@given(
    calls=st.lists(
        st.tuples(st.integers(0, MAX_TABLES + 2), st.integers(1, SIZE), st.integers(1, SIZE)),
        max_size=3 * MAX_TABLES,
    ),
    max_rows=st.none() | st.integers(1, SIZE),
)
def test_a_page_does_not_depend_on_the_calls_before(
    calls: list[tuple[int, int, int]], max_rows: int | None
) -> None:
    """Although the order of the last lists is kept, and that of others is not."""
    emulator = Emulator(LEADS, max_rows=max_rows)

    for low, index, size in calls:
        rows = [{"ProspectID": lead["ProspectID"]} for lead in LEADS[low:]]
        expected = rows[:max_rows][(index - 1) * size : index * size]
        assert page(emulator, low, index, size) == {
            "TotalCount": str(len(rows)),
            "Results": expected,
        }
