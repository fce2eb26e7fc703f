"""`leadquery check`: every problem of a payload."""

from __future__ import annotations

import click

from leadquery.cli.source import contents
from leadquery.payload.check import check


@click.command("check")
@click.argument("file", metavar="FILE|-")
def command(file: str) -> None:
    """Say what is wrong with a payload; ends with 1 for errors."""
    report = check(contents(file))
    for problem in report:
        click.echo(f"{file}: {problem}")
    click.echo(f"{file}: {report.summary()}")
    if not report.ok:
        raise SystemExit(1)
