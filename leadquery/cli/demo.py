"""`leadquery demo`: four questions, from Python to the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from attrs import frozen
from rich.console import Console, Group
from rich.panel import Panel
from rich.syntax import Syntax
from rich.text import Text

from leadquery import periods
from leadquery.cli.run import demo_client
from leadquery.client import Answer, Client
from leadquery.client.client import counting
from leadquery.fields import EngagementScore, OwnerId, ProspectStage, Source
from leadquery.language.query import Leads, Query
from leadquery.language.question import Question

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH = 100


@frozen
class Shown:
    """A question with its answer."""

    title: str
    query: Query
    answer: Answer


@click.command("demo")
def command() -> None:
    """Answer four questions about 10,000 demo leads."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    for number, one in enumerate(_answers(demo_client()), 1):
        console.print(Panel(_drawn(one), title=f"{number}. {one.title}", title_align="left"))


def _answers(client: Client) -> Iterator[Shown]:
    cold = Leads.where(EngagementScore < 20).created_in(periods.last_month())
    web = Leads.where(Source == "Web").created_in(periods.last_week())
    by_stage = Leads.group_by(ProspectStage).count()
    by_owner = Leads.group_by(OwnerId).average(EngagementScore)
    yield _counted("How many leads of last month have hardly engaged?", cold, client)
    yield _counted("How many leads did the web bring last week?", web, client)
    yield Shown("How far have our leads come?", by_stage, client.send(by_stage))
    yield Shown("Whose leads engage most?", by_owner, client.send(by_owner))


def _counted(title: str, query: Question, client: Client) -> Shown:
    """A count, beside the number of all leads."""
    counts = {"these leads": client.count(query), "all leads": client.count(Leads)}
    rows = tuple({"": name, "Leads": number} for name, number in counts.items())
    return Shown(title, counting(query), Answer(rows, len(rows), grouped=True))


def _drawn(one: Shown) -> Group:
    python = one.query.to_python().rstrip("\n")
    return Group(
        _code(python, "python"),
        Text(f"\n{one.query.explain()}\n", style="italic"),
        _code(one.query.to_json(indent=2), "json"),
        Text(),
        one.answer,
    )


def _code(source: str, language: str) -> Syntax:
    return Syntax(source, language, background_color="default", word_wrap=True)
