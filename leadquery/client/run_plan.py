"""Sends the requests of a query's recipe, and makes its rows the result of the query."""

from __future__ import annotations

from collections.abc import Callable

from leadquery.client.pagination import (
    ChangePolicy,
    OnChange,
    Paginator,
    Prefetcher,
    ProgressCallback,
    fetch_all,
    progress_reporter,
)
from leadquery.errors import Change
from leadquery.plan import Rows, Step, solve
from leadquery.plan.plan import check_paging
from leadquery.plan.terms import too_large_error
from leadquery.query.aggregation import result_columns
from leadquery.query.query import Query
from leadquery.result import Result, Row
from leadquery.result.decoding import column_types
from leadquery.wire.model import ListOutput


class Sender:
    """Sends steps, each once, and counts the requests.

    `paginate` makes the pages of a query, `fetch_page` fetches one.
    """

    def __init__(
        self,
        paginate: Callable[[Query], Paginator],
        fetch_page: Callable[[Query], Result],
        concurrency: int,
        max_calls: int,
        on_change: OnChange,
    ) -> None:
        self._paginate = paginate
        self._fetch_page = fetch_page
        self._concurrency = concurrency
        self._max_calls = max_calls
        self._on_change = on_change
        self._policy = ChangePolicy(on_change)
        self._results: dict[tuple[Query, bool], Rows] = {}
        self.changes: tuple[Change, ...] = ()

    def send(self, steps: tuple[Step, ...], report: Callable[[int, int], None]) -> list[Rows]:
        """The rows of each step. Raises PlanTooLargeError before it sends too many requests."""
        keys = [(step.query, step.first_page) for step in steps]
        new = [key for key in dict.fromkeys(keys) if key not in self._results]
        goal = len(self._results) + len(new)
        if goal > self._max_calls:
            raise too_large_error(self._max_calls)
        with Prefetcher(lambda number: self._fetch(*new[number]), self._concurrency, goal) as ahead:
            for number in range(len(new)):
                ahead.request(number)
            for key in new:
                result = ahead.take()
                # In this thread, where a warning finds the caller's line.
                self._policy.apply(result.changes)
                self.changes += result.changes
                self._results[key] = Rows(result.rows, result.total)
                report(len(self._results), goal)
        return [self._results[key] for key in keys]

    def _fetch(self, query: Query, first_page: bool) -> Result:
        if first_page:
            return self._fetch_page(query)
        return fetch_all(self._paginate(query), self._on_change, progress=False, quiet=True)


def run_plan(query: Query, sender: Sender, max_calls: int, progress: ProgressCallback | bool) -> Result:
    """The result of a query. Progress counts its requests."""
    check_paging(query)
    recipe = solve(query, max_calls)
    with progress_reporter(progress, "requests") as report:
        rows: list[Row] = []
        try:
            steps = next(recipe)
            while True:
                steps = recipe.send(sender.send(steps, report))
        except StopIteration as stop:
            rows = stop.value
    return Result(
        tuple(rows),
        len(rows),
        result_columns(query),
        grouped=not isinstance(query.output, ListOutput),
        changes=sender.changes,
        types=column_types(query),
    )
