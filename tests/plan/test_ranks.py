"""Order statistics equal those of a plain sort, whatever the leads and their order in lists."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import floor, nextafter
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from leadquery import Client, Leads, QueryError, check
from leadquery.emulator import Emulator
from leadquery.errors import PlanTooLargeError
from leadquery.expr import BaseField, Date, Number
from leadquery.expr.predicate import Condition
from leadquery.fields import Field, LastVisitDate, Score
from leadquery.plan.ranks import order_statistics
from leadquery.plan.recipe import Recipe, Rows, Step
from leadquery.plan.terms import Splitter
from tests.plain_loop import conditions, leads, meets
from tests.plan.test_plan import client_of

QUANTILES = (0, 0.05, 0.25, 0.5, 0.9, 1)


class Runner:
    """Runs recipes with a client, each step once, and counts the requests."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.requests = 0
        self.done: dict[Step, Rows] = {}

    def run(self, recipe: Recipe[list[Any]]) -> list[Any]:
        self.done = {}
        values: Sequence[Rows] | None = None
        while True:
            try:
                steps = next(recipe) if values is None else recipe.send(values)
            except StopIteration as stop:
                value: list[Any] = stop.value
                return value
            for step in steps:
                if step not in self.done:
                    self.done[step] = self._rows(step)
            values = [self.done[step] for step in steps]

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


@settings(max_examples=30)
@given(
    st.one_of(*(st.lists(one | st.none(), max_size=60) for one in (numbers, st.integers(0, 3)))),
    st.lists(st.sampled_from(QUANTILES) | st.floats(0, 1), min_size=1, max_size=3),
    st.integers(1, 12),
)
def test_quantiles_are_those_of_a_plain_sort(
    values: list[float | None], quantiles: list[float], page_size: int
) -> None:
    runner = runner_of([{"ProspectID": f"{n:03}", "Score": v} for n, v in enumerate(values)])
    found = runner.run(order_statistics(Leads, Score, quantiles, Splitter(100), page_size))
    assert_quantiles(found, [value for value in values if value is not None], quantiles)


@settings(max_examples=30)
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
        found = runner.run(order_statistics(query, field, QUANTILES, Splitter(100), page_size))
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


EPOCH = datetime(2020, 1, 1, tzinfo=UTC)

MAKERS: dict[str, Callable[[Random], float]] = {
    "uniform": lambda random: random.random() * 1e6,
    "skewed": lambda random: round(random.lognormvariate(8, 2), 2),
    "signed": lambda random: round(random.gauss(0, 1e5), 2),
    "tied": lambda random: random.randrange(400),
    "one tie": lambda random: 500.0 if random.random() < 0.3 else random.random() * 1000,
    "tiny": lambda random: random.random() * 1e-9,
    "far from 0": lambda random: 1e9 + random.random(),
    "wide": lambda random: random.choice([-1, 1]) * 10 ** random.uniform(-300, 300),
    "dates": lambda random: random.randrange(6 * 365 * 86_400),
}


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("kind", MAKERS)
def test_requests_are_bounded_where_the_order_of_lists_depends_on_the_value(
    kind: str, descending: bool
) -> None:
    random = Random(1)  # noqa: S311
    values = sorted((MAKERS[kind](random) for _ in range(1_500)), reverse=descending)
    field = LastVisitDate if kind == "dates" else Score
    runner = runner_of(
        [
            {
                "ProspectID": f"{number:05}",
                field.name: EPOCH + timedelta(seconds=value) if kind == "dates" else value,
            }
            for number, value in enumerate(values)
        ]
    )
    for q in (0, 0.01, 0.5, 1):
        runner.requests = 0
        (found,) = runner.run(order_statistics(Leads, field, [q], Splitter(100), page_size=50))
        if kind == "dates":
            found = int((found - EPOCH).total_seconds())
        wanted = quantile([Fraction(str(value)) for value in values], q)
        assert float(found) == float(floor(wanted) if kind == "dates" else wanted)
        assert runner.requests <= (60 if kind == "wide" else 34), q


@pytest.mark.parametrize("kind", ["uniform", "skewed", "signed", "one tie", "far from 0"])
def test_requests_are_few_where_the_order_of_lists_is_independent(kind: str) -> None:
    random = Random(1)  # noqa: S311
    values = [MAKERS[kind](random) for _ in range(5_000)]
    runner = runner_of([{"ProspectID": f"{n:05}", "Score": one} for n, one in enumerate(values)])

    requests = {}
    for q in (0, 0.5, 1):
        runner.requests = 0
        found = runner.run(order_statistics(Leads, Score, [q], Splitter(100), page_size=100))
        assert_quantiles(found, values, [q])
        requests[q] = runner.requests

    assert requests[0] <= 4
    assert requests[0.5] <= 12
    assert requests[1] <= 4


@pytest.mark.parametrize(
    ("field", "text", "error"),
    [
        (Field("mx_Own"), "2026-01-01", r'not a number; for dates write Date\("mx_Own"\)'),
        (Number("mx_Own"), "many", "'many', which is not a number"),
        (Date("mx_Own"), "soon", "'soon', which is not a date"),
    ],
)
def test_values_of_another_type_are_refused(field: BaseField[Any], text: str, error: str) -> None:
    runner = runner_of([{"ProspectID": "a", "mx_Own": text}])

    with pytest.raises(QueryError, match=error):
        runner.run(order_statistics(Leads, field, [0.5], Splitter(100)))


def test_whole_numbers_stay_whole_and_dates_are_to_the_second() -> None:
    rows = [
        {"ProspectID": "a", "Score": 1, "LastVisitDate": "2026-01-01 00:00:00"},
        {"ProspectID": "b", "Score": 4, "LastVisitDate": "2026-01-01 00:00:03"},
    ]
    third = 0.3333

    numbers = runner_of(rows).run(order_statistics(Leads, Score, [0, 1 / 2, 1], Splitter(100)))
    dates = runner_of(rows).run(order_statistics(Leads, LastVisitDate, [third, 0.5], Splitter(100)))

    assert list(map(repr, numbers)) == ["1", "2.5", "4"]
    assert [date.second for date in dates] == [0, 1]


def test_no_request_contradicts_a_filter_of_the_query() -> None:
    """Even where values beyond the filter are looked for."""
    runner = runner_of([{"ProspectID": f"{n:03}", "Score": n} for n in range(100)])
    query = Leads.where(Score <= 50)

    assert runner.run(order_statistics(query, Score, [0.9, 1], Splitter(100), page_size=4)) == [
        45,
        50,
    ]
    assert all(check(step.query.to_payload()).ok for step in runner.done)


def test_equal_requests_of_several_quantiles_are_sent_once() -> None:
    runner = runner_of([{"ProspectID": f"{n * 37 % 1000:03}", "Score": n} for n in range(1_000)])

    one = runner.run(order_statistics(Leads, Score, [0.5], Splitter(100), page_size=50))
    requests = runner.requests
    both = runner.run(order_statistics(Leads, Score, [0.5, 0.5], Splitter(100), page_size=50))

    assert both == one * 2 == [499.5, 499.5]
    assert runner.requests == 2 * requests


@settings(max_examples=50)
@given(st.integers(0, 2**32), st.sampled_from([Score, LastVisitDate]))
def test_ends_whatever_the_server_answers(seed: int, field: BaseField[Any]) -> None:
    """As if the leads were others in each request."""
    random = Random(seed)  # noqa: S311
    recipe = order_statistics(Leads, field, [0.3, 1], Splitter(100), page_size=5)
    # All far apart, all next to each other, or all equal.
    sizes = [0, 1e-300, 1, 1e300] if field is Score else [0, 1, 1e9]

    def value() -> Any:
        number = 7 + random.choice(sizes) * random.uniform(-1, 1)
        return number if field is Score else EPOCH + timedelta(seconds=number)

    def answer(step: Step) -> Rows:
        total = random.choice([0, 1, 4, 6, 100, 10**6])
        printed = min(total, 5)
        columns = {"Count": 1} if "Count" in step.query.output.columns else {}
        rows = [{field.name: value(), **columns} for _ in range(printed)]
        return Rows(rows, total if step.first_page else printed)

    steps = next(recipe)
    for _ in range(400):
        try:
            steps = recipe.send([answer(step) for step in steps])
        except StopIteration:
            return
        except QueryError as error:
            assert "leads changed" in str(error)  # noqa: PT017
            return
    pytest.fail("it goes on")


def test_values_next_to_each_other_and_at_the_ends_of_all_doubles() -> None:
    near = [1.0, nextafter(1.0, 2), nextafter(1.0, 0)] * 40
    ends = [sys.float_info.max, -sys.float_info.max, 5e-324, -5e-324, 0.0, 1.0, -1.0] * 20
    for values in (near, ends, [*near, *ends]):
        for ordered in (sorted(values), sorted(values, reverse=True)):
            rows = [{"ProspectID": f"{n:03}", "Score": one} for n, one in enumerate(ordered)]
            runner = runner_of(rows)
            found = runner.run(
                order_statistics(Leads, Score, QUANTILES, Splitter(100), page_size=2)
            )
            assert_quantiles(found, values, QUANTILES)
