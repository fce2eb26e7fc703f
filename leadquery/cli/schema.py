"""`leadquery schema`: the JSON Schema of a payload."""

from __future__ import annotations

import json

import click

from leadquery.wire.json_schema import schema


@click.command("schema")
def command() -> None:
    """Write the JSON Schema of a payload."""
    click.echo(json.dumps(schema(), indent=2))
