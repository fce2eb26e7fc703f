"""`leadquery run`: the answer to a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.console import Console

from leadquery.cli.source import named_query
from leadquery.client import Client
from leadquery.emulator import Emulator

if TYPE_CHECKING:
    from datetime import datetime


@click.command("run")
@click.argument("query", metavar="MODULE:NAME|FILE.py:NAME")
@click.option("--demo", is_flag=True, help="Ask 10,000 demo leads in place of your account.")
def command(query: str, *, demo: bool) -> None:
    """Send a query and show the answer.

    The host and the keys come from LEADQUERY_HOST, LEADQUERY_ACCESS_KEY and LEADQUERY_SECRET_KEY.
    """
    asked = named_query(query)
    client = demo_client() if demo else Client.from_env()
    answer = client.send(asked)
    console = Console()
    if console.is_terminal:
        console.print(answer)
    else:
        # Another program reads it, whatever the width.
        click.echo(str(answer))
    click.echo(f"{len(answer):,} of {answer.total:,} rows")


def demo_client(now: datetime | None = None) -> Client:
    """A client of an emulator with 10,000 demo leads of the two years before `now`."""
    session = Emulator.demo(now=now).session()
    return Client("demo.example.com", "demo-access", "demo-secret", session)
