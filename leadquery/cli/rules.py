"""`leadquery rules`: list all rules."""

from __future__ import annotations

import click

from leadquery.lint.render import COLOURS
from leadquery.lint.rules.registry import all_rules


@click.command("rules")
def command() -> None:
    """List what `check` looks for; `rule CODE` says more."""
    for rule in all_rules():
        severity = rule.severity.value
        styled = click.style(f"{severity:7}", fg=COLOURS[severity])
        click.echo(f"{rule.code}  {styled}  {rule.title}")
