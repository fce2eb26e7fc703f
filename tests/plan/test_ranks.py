"""Order statistics equal those of a plain sort, whatever the leads and their order in lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from math import floor
from typing import Any

from hypothesis import given, strategies as st

from leadquery import Client, Leads
from leadquery.emulator import Emulator
from leadquery.errors import PlanTooLargeError
from leadquery.expr import BaseField
from leadquery.expr.predicate import Condition
from leadquery.fields import Field, LastVisitDate, Score
from leadquery.plan.ranks import order_statistics
from leadquery.plan.recipe import Recipe, Rows, Step
from tests.plain_loop import conditions, leads, meets
from tests.plan.test_plan import client_of

QUANTILES = (0, 0.05, 0.25, 0.5, 0.9, 1)


class Runner:
    """Runs recipes with a client, each step once, and counts the requests."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.requests = 0

    def run(self, recipe: Recipe[list[Any]]) -> list[Any]:
        done: dict[Step, Rows] = {}
        answers: Sequence[Rows] | None = None
        while True:
            try:
                steps = next(recipe) if answers is None else recipe.send(answers)
            except StopIteration as stop:
                value: list[Any] = stop.value
                return value
            for step in steps:
                if step not in done:
                    done[step] = self._rows(step)
            answers = [done[step] for step in steps]

    def _rows(self, step: Step) -> Rows:
        if step.first_page:
            self.requests += 1
            result = self.client.run_page(step.query)
        else:
            result = self.client.run(step.query, progress=False)
            assert step.query.paging is not None
            self.requests += max(1, -(-result.total // step.query.paging.size))
        return Rows(result.rows, result.total)


def runner_of(rows: list[dict[str, Any]]) -> Runner:
    session = Emulator(rows).session()
    return Runner(Client("api.example.com", "key", "secret", session, rate=None))


def quantile(values: Sequence[Any], q: float) -> Any:
    """The quantile by the definition, of numbers or of seconds."""
    if not values:
        return None
    ordered = sorted(values)
    at = Fraction(str(float(q))) * (len(ordered) - 1)
    low, high = ordered[floor(at)], ordered[-floor(-at)]
    return low + (high - low) * (at % 1)


def assert_quantiles(found: list[Any], values: list[Any], quantiles: Sequence[float]) -> None:
    numbers = [Fraction(str(value)) for value in values]
    for value, q in zip(found, quantiles, strict=True):
        wanted = quantile(numbers, q)
        assert (None if value is None else float(value)) == (
            None if wanted is None else float(wanted)
        ), q


numbers = st.one_of(
    st.integers(-5, 5),
    st.integers(-(10**6), 10**6),
    st.floats(-1e3, 1e3).map(lambda number: round(number, 2)),
    st.floats(allow_nan=False, allow_infinity=False),
)


@given(
    st.one_of(*(st.lists(one | st.none(), max_size=60) for one in (numbers, st.integers(0, 3)))),
    st.lists(st.sampled_from(QUANTILES) | st.floats(0, 1), min_size=1, max_size=3),
    st.integers(1, 12),
)
def test_quantiles_are_those_of_a_plain_sort(
    values: list[float | None], quantiles: list[float], page_size: int
) -> None:
    runner = runner_of([{"ProspectID": f"{n:03}", "Score": v} for n, v in enumerate(values)])
    found = runner.run(order_statistics(Leads, Score, quantiles, 100, page_size))
    assert_quantiles(found, [value for value in values if value is not None], quantiles)


@given(
    st.lists(conditions, max_size=2),
    st.lists(leads, max_size=40),
    st.sampled_from([Score, Field("mx_Own"), LastVisitDate]),
    st.integers(1, 6),
)
def test_conditions_of_several_requests(
    wanted: list[Condition], rows: list[dict[str, Any]], field: BaseField[Any], page_size: int
) -> None:
    query = Leads.where(*wanted)
    runner = Runner(client_of(rows))
    try:
        found = runner.run(order_statistics(query, field, QUANTILES, 100, page_size))
    except PlanTooLargeError:
        return
    meeting = [row for row in rows if all(meets(row, one) for one in wanted)]
    texts = [row[field.name] for row in meeting if row[field.name] is not None]
    if field is not LastVisitDate:
        assert_quantiles(found, texts, QUANTILES)
        return
    moments = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in texts]
    seconds = [quantile([int(one.timestamp()) for one in moments], q) for q in QUANTILES]
    assert found == [
        None if one is None else datetime.fromtimestamp(floor(one), UTC) for one in seconds
    ]
