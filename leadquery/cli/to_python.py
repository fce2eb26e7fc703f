"""`leadquery to-python`: a payload as Python."""

from __future__ import annotations

import click

from leadquery.cli.loader import payload_query


@click.command("to-python")
@click.argument("file", metavar="FILE|-")
def command(file: str) -> None:
    """Write a payload as the Python file that builds it."""
    click.echo(payload_query(file).to_python().rstrip("\n"))
