"""Recipes: generators that ask for requests, and compute a value of their results.

A recipe yields the steps that it needs next, all at once, and is sent their rows. So it can be run
against the API, shown before it is sent, and tested without either. `gather` runs several side by
side, so that the requests which do not depend on each other go out together.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Any, TypeVar

import attrs
from attrs import frozen

from leadquery.query.describe import describe_leads
from leadquery.query.query import Query
from leadquery.wire.enums import TOTAL
from leadquery.wire.model import ListOutput

T = TypeVar("T")


@frozen
class Step:
    """One request of a plan.

    `leads` is how often its leads count in the number of leads: 1, -1 for those that other steps
    count twice, or 0. `values` is the same for the sum of a field and the number of its values.
    All its pages are read, unless `first_page`: then only the first, and the total. `limit` is the
    most rows to read. A `lookup` finds out which requests come next. `labels` are the values that
    its groups have in columns that it does not group by.
    """

    query: Query
    leads: int = 1
    values: int = 0
    first_page: bool = False
    lookup: bool = False
    limit: int | None = None
    labels: tuple[tuple[str, Any], ...] = ()

    @property
    def request(self) -> Step:
        """The step without what its rows are for."""
        return Step(self.query, first_page=self.first_page, limit=self.limit)

    @property
    def sign(self) -> int:
        """How often its result counts; negative if it is subtracted."""
        return self.leads or self.values

    @property
    def is_check(self) -> bool:
        """Whether it is one of two counts that are equal if leads have data in some fields."""
        return self.lookup and not self.sign

    @property
    def mark(self) -> str:
        """How its result counts."""
        return "-" if self.sign < 0 else "+"

    @property
    def leads_described(self) -> str:
        """The leads of the query, in English."""
        return describe_leads(self.query)

    @property
    def output_described(self) -> str:
        """What the query lists or computes, in the names of columns."""
        output = self.query.output
        if self.first_page:
            return TOTAL
        if isinstance(output, ListOutput):
            limit = "" if self.limit is None else f"{self.limit:,} rows of "
            return f"{limit}{', '.join(output.columns)}"
        group, *computed = output.columns
        # The count that comes with every average and sum is named only if it is used.
        named = computed if self.leads or len(computed) == 1 else computed[1:]
        return f"per {group}: {', '.join(named)}"

    @property
    def description(self) -> str:
        """The query in English, without its page: all of them are read."""
        return self.query.page(1).describe()

    def __str__(self) -> str:
        return f"{self.mark} {self.leads_described}: {self.output_described}"


@frozen
class Rows:
    """The rows that a step returned, as Python values, and the total of the response."""

    rows: Sequence[dict[str, Any]]
    total: int


Recipe = Generator[tuple[Step, ...], Sequence[Rows], T]
"""Yields steps, is sent the rows of each in their order, and returns a value."""


def ask(*steps: Step) -> Recipe[Sequence[Rows]]:
    """The rows of some steps."""
    return (yield steps) if steps else ()


def drive(recipe: Recipe[T], send: Callable[[tuple[Step, ...]], Sequence[Rows]]) -> T:
    """The value of a recipe whose steps a function sends."""
    try:
        steps = next(recipe)
        while True:
            steps = recipe.send(send(steps))
    except StopIteration as stop:
        value: T = stop.value
    return value


def change_steps(recipe: Recipe[T], change: Callable[[Step], Step]) -> Recipe[T]:
    """The value of a recipe that asks for changed steps."""
    rows: Sequence[Rows] | None = None
    try:
        while True:
            steps = next(recipe) if rows is None else recipe.send(rows)
            rows = yield tuple(map(change, steps))
    except StopIteration as stop:
        value: T = stop.value
    return value


def as_lookup(recipe: Recipe[T]) -> Recipe[T]:
    """The value of a recipe whose steps find out which requests come next."""
    return change_steps(recipe, lambda step: attrs.evolve(step, lookup=True))


def gather(recipes: Iterable[Recipe[T]]) -> Recipe[list[T]]:
    """The values of several recipes, which ask side by side."""
    running = list(recipes)
    values: dict[int, T] = {}
    waiting: dict[int, tuple[Step, ...]] = {}

    def advance(number: int, rows: Sequence[Rows] | None) -> None:
        recipe = running[number]
        try:
            waiting[number] = next(recipe) if rows is None else recipe.send(rows)
        except StopIteration as stop:
            values[number] = stop.value
            waiting.pop(number, None)

    for number in range(len(running)):
        advance(number, None)
    while waiting:
        asked = list(waiting.items())
        rows = iter((yield tuple(step for _, steps in asked for step in steps)))
        for number, steps in asked:
            advance(number, [next(rows) for _ in steps])
    return [values[number] for number in range(len(running))]
