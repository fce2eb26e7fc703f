"""`leadquery describe`: what a payload asks, in English."""

from __future__ import annotations

import click

from leadquery.cli.loader import payload_query


@click.command("describe")
@click.argument("file", metavar="FILE|-")
def command(file: str) -> None:
    """Say in one English sentence what a payload asks."""
    click.echo(payload_query(file).describe().rstrip("\n"))
