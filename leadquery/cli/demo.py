"""`leadquery demo`: the use cases of the API's page, from Python to the answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import click
from attrs import frozen
from rich.console import Console, Group
from rich.rule import Rule
from rich.syntax import Syntax
from rich.text import Text

from leadquery import periods
from leadquery.cli.run import demo_client
from leadquery.client import Client, Result
from leadquery.client.client import count_query
from leadquery.fields import EngagementScore, OwnerId, ProspectStage, Source
from leadquery.query.decompile import to_module
from leadquery.query.describe import describe_count
from leadquery.query.query import Leads, Query

if TYPE_CHECKING:
    from leadquery.query.base import BaseQuery

WIDTH: Final = 100
NOW: Final = datetime(2026, 3, 15, 12, tzinfo=UTC)
"""The moment of the demo: each run shows the same."""

OWNERS: Final = (
    "elena.smith@example.com",
    "farah.okafor@example.com",
    "ishaan.chen@example.com",
    "aarav.roy@example.com",
)

USE_CASES: Final = {
    "Leads created last month that engage little (score below 20)": (
        Leads.where(EngagementScore < 20).created_in(periods.last_month(now=NOW))
    ),
    "Leads that one source brought last week": (
        Leads.where(Source == "Website").created_in(periods.last_week(now=NOW))
    ),
    "Leads that stand at one stage": Leads.where(ProspectStage == "Customer"),
    "How the leads of some owners engage on average": (
        Leads.owned_by(*OWNERS).group_by(OwnerId).average(EngagementScore)
    ),
}
"""The four that the API's page names. (API page: Example Use Cases)"""


@frozen
class Shown:
    """A use case: what a person writes, what is sent for it, and what comes back."""

    python: str
    sentence: str
    sent: Query
    answer: Result


@click.command("demo")
def command() -> None:
    """Answer the four use cases of the API's page with 10,000 demo leads."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    client = demo_client(NOW)
    console.print(f"10,000 demo leads, as they stand on {NOW:%Y-%m-%d %H:%M} (UTC)\n")
    for number, (title, question) in enumerate(USE_CASES.items(), 1):
        console.print(Rule(f"{number}. {title}", align="left"), _drawn(_asked(question, client)))


def _asked(question: BaseQuery, client: Client) -> Shown:
    if isinstance(question, Query):
        return Shown(
            _python(question, "run_page"), question.describe(), question, client.run_page(question)
        )
    counts = {"these leads": client.count(question), "all leads": client.count(Leads)}
    rows = tuple({"": name, "Leads": count} for name, count in counts.items())
    answer = Result(rows, len(rows), grouped=True)
    return Shown(
        _python(question, "count"), describe_count(question), count_query(question), answer
    )


def _python(question: BaseQuery, method: str) -> str:
    return f"{to_module(question)}client.{method}(query)"


def _drawn(one: Shown) -> Group:
    return Group(
        _code(one.python, "python"),
        Text(f"\n{one.sentence}\n", style="italic"),
        _code(one.sent.to_json(indent=2), "json"),
        Text(),
        one.answer,
        Text(),
    )


def _code(source: str, language: str) -> Syntax:
    return Syntax(source, language, background_color="default", word_wrap=True)
