"""How many requests questions take: by the plan, by a naive plan, and by a scan of the leads."""

from __future__ import annotations

from math import prod
from typing import Any, Final

from leadquery import Client, Query
from leadquery.emulator import Emulator
from leadquery.expr import CompoundPredicate, Condition
from leadquery.expr.aggregate import Function
from leadquery.expr.group_key import key_name
from leadquery.plan.scan import scan_of
from leadquery.query.aggregation import Aggregation, as_aggregation, local_steps
from leadquery.wire.enums import LogicalOperator
from tests.plan import test_golden as golden

from . import race

LEADS: Final = 100_000

CHOSEN: Final = (
    "How many leads of each stage are from Delhi or Pune?",
    "Who has the leads from Delhi or with a high score?",
    "Who has the leads from Delhi with a high score, and those from Pune with a low one?",
    "Who has the leads with a high score from Delhi, the web or a fair?",
    "How many leads are from Delhi, have a high score or came from the web, by stage?",
    "How many leads from Delhi or the web have a low or a high score, by stage?",
    "How many leads have a high score or belong to a manager, by source?",
    "What do the leads with a low, middling or very high score have on average, by owner?",
    "What is the average score of the leads from Delhi or the web, by stage?",
    "How many leads of each stage does each owner have?",
    "How did the average score of each stage change?",
    "What is the lowest, the median and the highest score?",
)


def table(count: int = LEADS) -> race.Table:
    """The number of requests of each question, counted by the mock API with so many leads."""
    queries = {question: query for question, query, _ in golden.QUESTIONS}
    emulator = golden.emulator(golden.leads(count))
    return race.Table(
        "Requests of a question",
        f"Questions of analysts about {count:,} leads in the mock API. A naive plan has a request "
        "for each combination of the conditions joined by OR, 2^k - 1 for k of them, so that no "
        "lead counts twice. It does so for each aggregate, for each value of every group key but "
        "one, and to look these values up; an average over several requests takes sums and "
        "counts, and a median cannot be had. A scan reads the leads that the conditions joined by "
        "AND leave, 1,000 in each request. A plan of several requests sends three more, which "
        "notice leads that change meanwhile. "
        "[How a question becomes requests](planning.md) explains the plans.",
        {"leadquery": "", "naive plan": "", "scan": ""},
        {question: _requests(queries[question], emulator) for question in CHOSEN},
    )


def _requests(query: Query[Any], emulator: Emulator) -> list[float | None]:
    rows, sent = golden.run(query, emulator)
    return [sent, naive_requests(query, rows), _scan_requests(query, emulator)]


def naive_requests(query: Query[Any], rows: list[dict[str, Any]]) -> int | None:
    """The requests of a naive plan whose result are some rows; None if it has none."""
    wanted = as_aggregation(query.output)  # type: ignore[arg-type]
    functions = [one.measure.function for one in wanted.measures]
    if any(one.is_by_rank for one in functions):
        return None
    combinations: int = 2 ** prod(map(_alternatives, query._compounds)) - 1
    costs = {Function.COUNT: 0, Function.AVERAGE: 1 if combinations == 1 else 2}
    aggregates = max(1, sum(costs.get(one, 1) for one in functions))
    periods = 1 if local_steps(query).comparison is None else 2
    slices, lookups = _slices(wanted, rows)
    return combinations * periods * (aggregates * slices + lookups)


def _alternatives(condition: Condition) -> int:
    """The number of conditions that are joined by OR, once those are outermost."""
    if not isinstance(condition, CompoundPredicate):
        return 1
    parts = [_alternatives(part) for part in condition.parts]
    return prod(parts) if condition.joiner is LogicalOperator.AND else sum(parts)


def _slices(wanted: Aggregation, rows: list[dict[str, Any]]) -> tuple[int, int]:
    """The values of every key but the one that has most, and how many keys are looked up."""
    values = {key: len({row[key_name(key)] for row in rows}) for key in wanted.keys}
    sliced = sorted(wanted.keys, key=lambda key: values[key])[:-1]
    return prod(values[key] for key in sliced), sum(isinstance(key, str) for key in sliced)


def _scan_requests(query: Query[Any], emulator: Emulator) -> int | None:
    scan = scan_of(query)
    if scan is None:
        return None
    with Client("api.example.com", "key", "secret", emulator.session(), rate=None) as client:
        return scan.calls(client.run_page(scan.count).total)
