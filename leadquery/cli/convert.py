"""`leadquery describe`, `to-python` and `schema`: a payload in other forms, and its schema."""

from __future__ import annotations

import json

import click

from leadquery.cli.files import out_option, write_output
from leadquery.cli.loader import load_payload
from leadquery.wire.json_schema import schema


@click.command("describe")
@click.argument("file", metavar="FILE|-")
def describe_command(file: str) -> None:
    """Describe in an English sentence what a payload asks for."""
    click.echo(load_payload(file).describe().rstrip("\n"))


@click.command("to-python")
@click.argument("file", metavar="FILE|-")
@out_option
def to_python_command(file: str, out: str) -> None:
    """Print a payload as the Python file that builds it."""
    write_output(out, load_payload(file).to_python())


@click.command("schema")
@out_option
def schema_command(out: str) -> None:
    """Print the JSON Schema of a payload."""
    write_output(out, json.dumps(schema(), indent=2) + "\n")
