"""`leadquery describe`, `to-python` and `schema`: a payload in other forms, and its schema."""

from __future__ import annotations

import json

import click

from leadquery.cli.loader import load_payload
from leadquery.wire.json_schema import schema


@click.command("describe")
@click.argument("file", metavar="FILE|-")
def describe_command(file: str) -> None:
    """Describe in an English sentence what a payload asks for."""
    click.echo(load_payload(file).describe().rstrip("\n"))


@click.command("to-python")
@click.argument("file", metavar="FILE|-")
def to_python_command(file: str) -> None:
    """Print a payload as the Python file that builds it."""
    click.echo(load_payload(file).to_python().rstrip("\n"))


@click.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of a payload."""
    click.echo(json.dumps(schema(), indent=2))
