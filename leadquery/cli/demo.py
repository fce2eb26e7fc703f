"""`leadquery demo`: the use cases of the API's page, run on the mock API in the process."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import click
from attrs import frozen
from rich.console import Console, Group
from rich.rule import Rule
from rich.syntax import Syntax
from rich.text import Text

from leadquery import periods
from leadquery.cli.output import print_rich
from leadquery.cli.run import demo_client
from leadquery.client import Client, Result
from leadquery.expr.aggregate import count
from leadquery.fields import (
    EngagementScore,
    OwnerId,
    ProspectStage,
    Score,
    Source,
    mx_City,
)
from leadquery.query.decompile import to_module
from leadquery.query.describe import describe_count
from leadquery.query.leads import Leads, count_query
from leadquery.query.query import Query
from leadquery.wire.types import format_timestamp

if TYPE_CHECKING:
    from leadquery.query.base import BaseQuery

WIDTH: Final = 100

NOW: Final = datetime(2026, 3, 15, 12, tzinfo=UTC)
"""The time of the demo, so that each run shows the same."""

OWNERS: Final = (
    "elena.smith@example.com",
    "farah.okafor@example.com",
    "ishaan.chen@example.com",
    "aarav.roy@example.com",
)

USE_CASES: Final = {
    "Leads created last month with low engagement (score below 20)": (
        Leads.where(EngagementScore < 20).created_in(periods.last_month(now=NOW))
    ),
    "Leads that came from one source last week": (
        Leads.where(Source == "Website").created_in(periods.last_week(now=NOW))
    ),
    "Leads at one stage": Leads.where(ProspectStage == "Customer"),
    "The average engagement of the leads of some owners": (
        Leads.owned_by(*OWNERS).group_by(OwnerId).average(EngagementScore)
    ),
}
"""The use cases of the API's page. (API page: Example Use Cases)"""

SEVERAL_REQUESTS: Final = {
    "What one request cannot say: who has the most leads in Delhi, or with a high score": (
        Leads.where((mx_City == "Delhi") | (Score > 80))
        .group_by(OwnerId)
        .count()
        .with_owner_names()
        .order_by(count().desc())
        .limit(5)
    ),
}
"""A query that takes several requests."""


@frozen
class Example:
    """A use case: its Python, its description, the query that is sent, and the result."""

    python: str
    description: str
    query: Query
    result: Result


@click.command("demo")
def command() -> None:
    """A fifth query takes several requests, and shows their plan."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    client = demo_client(NOW)
    print_rich(console, f"10,000 demo leads, as of {NOW:%Y-%m-%d %H:%M} (UTC)\n")
    for number, (title, query) in enumerate({**USE_CASES, **SEVERAL_REQUESTS}.items(), 1):
        heading = Rule(f"{number}. {title}", align="left")
        print_rich(console, heading, _render(_run(query, client)))


def _run(query: BaseQuery, client: Client) -> Example:
    if isinstance(query, Query):
        method = "run_page" if query.is_one_request else "run"
        result = getattr(client, method)(query)
        return Example(_python(query, method), query.describe(), query, result)
    counts = {"these leads": client.count(query), "all leads": client.count(Leads)}
    rows = tuple({"": name, "Leads": count} for name, count in counts.items())
    result = Result(rows, len(rows), grouped=True)
    return Example(_python(query, "count"), describe_count(query), count_query(query), result)


def _python(query: BaseQuery, method: str) -> str:
    """The Python of a use case. A query holds dates; the period that they are is shown instead."""
    source = to_module(query)
    for function in (periods.last_month, periods.last_week):
        period = function(now=NOW)
        start, end = format_timestamp(period.start), format_timestamp(period.end)
        named = f'.created_in(periods.{function.__name__}(now="{NOW:%Y-%m-%d %H:%M}"))'
        dates = rf'\.created_between\(\s*"{start}", "{end}"\s*\)'
        source, found = re.subn(dates, named, source)
        if found:
            source = source.replace("import Leads", "import Leads, periods", 1)
    return f"{source}client.{method}(query)"


def _render(example: Example) -> Group:
    return Group(
        _highlight(example.python, "python"),
        Text(f"\n{example.description}\n", style="italic"),
        _requests(example.query),
        Text(),
        example.result,
        Text(),
    )


def _requests(query: Query) -> Syntax:
    """What is sent: the payload, or the plan of several."""
    if query.is_one_request:
        return _highlight(query.to_json(indent=2), "json")
    return _highlight(str(query.plan()), "text")


def _highlight(source: str, language: str) -> Syntax:
    return Syntax(source, language, background_color="default", word_wrap=True)
