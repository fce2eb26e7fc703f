"""Planning takes at most so much work, whatever the question: more is refused."""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable
from functools import partial, reduce
from random import Random
from typing import Any, Final

import pytest

from leadquery import Leads, LeadSet, Query, count, periods, users
from leadquery.errors import PlanTooLargeError
from leadquery.expr import Boolean, DateTime, Number, Text
from leadquery.expr.predicate import Condition
from leadquery.fields import CreatedOn, DoNotCall, Field, LastVisitDate, OwnerId, Score, Source

MAX_CALLS: Final = 450_000
"""The most calls of functions that planning takes, which is about 50 ms."""

NUMBERS: Final = [Number(f"mx_Number{n}") for n in range(9)]
TEXTS: Final = [Text(f"mx_Text{n}") for n in range(9)]
DATES: Final = [DateTime(f"mx_Date{n}") for n in range(9)]
FLAGS: Final = [Boolean(f"mx_Flag{n}") for n in range(9)]
UNTYPED: Final = [Field(f"mx_Untyped{n}") for n in range(9)]
KEYS: Final[list[Any]] = [
    OwnerId,
    Source,
    DoNotCall,
    CreatedOn.month(),
    CreatedOn.day(tz="Asia/Kolkata"),
    LastVisitDate.day(fill=True),
    CreatedOn.in_periods(*periods.months(2026)),
    Score.bins(*range(400)),
    NUMBERS[0].bins(*range(20)),
]


def _leaf(random: Random, fields: int, values: int) -> Condition:
    value = random.randrange(values)
    number, text = random.choice(NUMBERS[:fields]), random.choice(TEXTS[:fields])
    makers: list[Callable[[], Condition]] = [
        lambda: number < value,
        lambda: number != value,
        number.has_no_data,
        lambda: number.is_in(random.sample(range(10**6), 1_000)),
        lambda: text == f"v{value}",
        lambda: text.contains(f"v{value}"),
        lambda: text.is_in([f"w{random.randrange(10**6)}" for _ in range(1_000)]),
        lambda: random.choice(DATES[:fields]) >= f"2026-01-{1 + value % 28:02}",
        lambda: random.choice(FLAGS[:fields]) == bool(value % 2),
        lambda: random.choice(UNTYPED[:fields]) > str(value),
        lambda: users.Role == f"u{value % 3}",
    ]
    # Long lists are rare.
    return random.choice([*makers[:3], *makers[4:6], *makers[7:]] * 4 + makers)()


def _tree(random: Random, depth: int, width: int, fields: int, values: int) -> Condition:
    if not depth:
        return _leaf(random, fields, values)
    inner = [random.choice([depth - 1, depth - 1, 0]) for _ in range(random.randint(2, width))]
    found, *others = (_tree(random, its, width, fields, values) for its in inner)
    is_or = random.random() < 0.5
    for other in others:
        found = found | other if is_or else found & other
    return ~found if random.random() < 0.15 else found


def question(seed: int) -> Query[Any]:
    """A question with a tree, perhaps several, perhaps with many keys and aggregates."""
    random = Random(seed)  # noqa: S311
    fields, values = random.randint(1, 9), random.choice([2, 5, 20, 100])
    leads = Leads
    for _ in range(random.randint(1, 3)):
        depth, width = random.randint(1, 4), random.choice([2, 3, 8])
        leads = leads.where(_tree(random, depth, width, fields, values))
    if random.random() < 0.2:
        return leads.select("ProspectID")
    keys = random.sample(KEYS, random.choice([0, 1, 1, 1, 2, 4]))
    keys = [key for n, key in enumerate(keys) if key.name not in [one.name for one in keys[:n]]]
    aggregates = {
        f"column{n}": random.choice([count(), its.average(), its.sum(), its.median()])
        for n in range(random.choice([1, 3, 50]))
        for its in (random.choice(NUMBERS),)
    }
    return (leads.group_by(*keys) if keys else leads).aggregate(**aggregates)


def calls_of(query: Query[Any]) -> int:
    """The number of calls of functions while a query is planned."""
    return calls_in(query.plan)


def calls_in(work: Callable[[], object]) -> int:
    """The number of calls of functions in a piece of work."""
    calls = 0

    def count_call(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count_call)
    try:
        work()
    except PlanTooLargeError:
        pass
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("first", range(0, 200, 20))
def test_planning_any_question_takes_little_work(first: int) -> None:
    calls = {seed: calls_of(question(seed)) for seed in range(first, first + 20)}

    assert max(calls.values()) <= MAX_CALLS, calls


def _any_of(fields: int) -> Condition:
    found, *others = (number > 5 for number in NUMBERS[:fields])
    for other in others:
        found |= other  # type: ignore[assignment]
    return found


def test_many_fields_joined_by_or_are_refused_quickly() -> None:
    """With what would make it cheaper."""
    query = Leads.where(_any_of(8)).group_by(OwnerId).count()

    with pytest.raises(PlanTooLargeError, match=r"k if has_data\(\) of each is a condition"):
        query.plan()
    assert calls_of(query) <= 50_000


def test_the_refusal_of_a_question_that_takes_too_long_names_the_bound() -> None:
    random = Random(2)  # noqa: S311
    query = Leads.where(_tree(random, 5, 8, 9, 100)).group_by(OwnerId).count()

    with pytest.raises(PlanTooLargeError, match="no plan of at most 70 requests is found within"):
        query.plan(max_calls=70)


def test_a_long_list_is_planned_like_a_short_one() -> None:
    """For its values share a cell."""
    lists = [NUMBERS[0].is_in(range(n)) for n in (3, 1_000)]
    plans = [Leads.where(one | (Score > 5)).count().plan() for one in lists]

    assert [plan.calls for plan in plans] == [3, 3]


def _or(fields: int) -> Condition:
    return reduce(operator.or_, [Number(f"mx_Number{n}") > 5 for n in range(fields)])


def _and_of_ors(fields: int) -> Condition:
    pairs = [(Number(f"mx_Number{n}") > 5) | (Score > n) for n in range(fields)]
    return reduce(operator.and_, pairs)


def _build(build: Callable[[int], Condition], fields: int) -> LeadSet:
    return Leads.where(build(fields))


@pytest.mark.parametrize("build", [_or, _and_of_ors])
def test_ten_times_the_fields_take_ten_times_the_calls(build: Callable[[int], Condition]) -> None:
    """To join the conditions one at a time, and to add them to a query."""
    _build(build, 2)
    few, many = (calls_in(partial(_build, build, count)) for count in (100, 1_000))

    assert many <= 11 * few
