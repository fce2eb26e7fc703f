"""`leadquery payload`: a query as JSON."""

from __future__ import annotations

import click

from leadquery.cli.source import named_query


@click.command("payload")
@click.argument("query", metavar="MODULE:NAME|FILE.py:NAME")
def command(query: str) -> None:
    """Write the JSON that a query becomes."""
    click.echo(named_query(query).to_json(indent=2))
