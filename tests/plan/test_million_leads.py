"""How many requests minima, medians and maxima take of a million leads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pytest

from leadquery import Leads
from leadquery.fields import Score
from leadquery.plan import Rows, Step, drive
from leadquery.plan.ranks import order_statistics
from leadquery.plan.terms import Splitter
from leadquery.wire.enums import Operator
from leadquery.wire.model import ComparisonFilter

LEADS: Final = 1_000_000
SEEDS: Final = range(20)

Values = np.ndarray[Any, Any]

MAKERS: Final[dict[str, Callable[[np.random.Generator], Values]]] = {
    "uniform": lambda random: random.random(LEADS) * 1e6,
    "skewed": lambda random: random.lognormal(8, 2, LEADS).round(2),
    "signed": lambda random: random.normal(0, 1e5, LEADS).round(2),
    "whole": lambda random: random.integers(100_000, size=LEADS),
    "few": lambda random: random.integers(400, size=LEADS),
    "one tie": lambda random: np.where(
        random.random(LEADS) < 0.3, 500.0, random.random(LEADS) * 1000
    ),
}


class Server:
    """Answers the requests of a search from leads that have only a score.

    Its lists are in the order of the leads, its groups in that of their values.
    """

    def __init__(self, values: Values) -> None:
        self.values = values
        self._sorted = np.sort(values)
        self._groups, self._leads = np.unique(values, return_counts=True)
        self.requests: set[Step] = set()

    def send(self, steps: tuple[Step, ...]) -> list[Rows]:
        self.requests |= {step.request for step in steps}
        return [self._rows(step) for step in steps]

    def _rows(self, step: Step) -> Rows:
        low, high = -np.inf, np.inf
        for one in step.query.filters:
            if isinstance(one, ComparisonFilter):
                value = float(one.value)
                if one.operator in (Operator.ABOVE, Operator.AT_LEAST):
                    is_above = one.operator is Operator.ABOVE
                    low = max(low, np.nextafter(value, np.inf) if is_above else value)
                else:
                    is_below = one.operator is Operator.BELOW
                    high = min(high, np.nextafter(value, -np.inf) if is_below else value)
        assert step.query.paging is not None
        size, columns = step.query.paging.size, step.query.output.columns
        if "Count" in columns:
            first, end = _places(self._groups, low, high)
            page = slice(first, min(end, first + size))
            pairs = zip(self._groups[page].tolist(), self._leads[page].tolist(), strict=True)
            return Rows([{Score.name: value, "Count": n} for value, n in pairs], end - first)
        first, end = _places(self._sorted, low, high)
        if Score.name not in columns:
            return Rows([], end - first)
        within = np.flatnonzero((self.values >= low) & (self.values <= high))[:size]
        return Rows([{Score.name: value} for value in self.values[within].tolist()], end - first)


def _places(ordered: Values, low: float, high: float) -> tuple[int, int]:
    """The places of the values from `low` to `high`: the first one, and that after the last."""
    first = int(np.searchsorted(ordered, low))
    return first, max(first, int(np.searchsorted(ordered, high, "right")))


def requests_of(values: Values) -> dict[float, int]:
    """The number of requests that minimum, median and maximum take, which must be exact."""
    server = Server(values)
    expected = {0: values.min(), 0.5: np.median(values), 1: values.max()}
    took = {}
    for quantile, value in expected.items():
        server.requests = set()
        (found,) = drive(order_statistics(Leads, Score, [quantile], Splitter(100)), server.send)
        assert found == pytest.approx(float(value), rel=1e-12)
        took[quantile] = len(server.requests)
    return took


@pytest.mark.slow
@pytest.mark.parametrize("kind", MAKERS)
def test_requests_are_few_where_the_order_of_lists_is_independent(kind: str) -> None:
    for seed in SEEDS:
        took = requests_of(MAKERS[kind](np.random.default_rng(seed)))

        assert took[0] <= 4, seed
        assert took[0.5] <= 12, seed
        assert took[1] <= 4, seed


@pytest.mark.slow
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("kind", ["uniform", "skewed", "signed"])
def test_requests_are_bounded_where_the_order_of_lists_is_that_of_the_value(
    kind: str, descending: bool
) -> None:
    values = np.sort(MAKERS[kind](np.random.default_rng(1)))

    assert max(requests_of(values[::-1] if descending else values).values()) <= 34
