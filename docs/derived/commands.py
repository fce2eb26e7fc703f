"""The commands, each as its own help says it."""

from __future__ import annotations

from collections.abc import Iterator

import click

from docs.derived.markdown import block, code, plain, table
from leadquery.cli import COMMANDS, main


def commands() -> str:
    """A heading, the usage, the help and the options of each."""
    outer = click.Context(main, info_name="leadquery")
    found = ((name, main.get_command(outer, name)) for name in COMMANDS)
    return "\n".join(_section(name, command, outer) for name, command in found if command)


def _section(name: str, command: click.Command, outer: click.Context) -> str:
    context = click.Context(command, info_name=name, parent=outer)
    usage = context.get_usage().removeprefix("Usage: ")
    said = "\n\n".join(_paragraphs(command.help or ""))
    rows = [
        _option(option, context) for option in command.params if isinstance(option, click.Option)
    ]
    options = table(("option", ""), rows) if rows else ""
    return f"## leadquery {name}\n\n{said}\n\n{block(usage, 'none')}\n{options}"


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        yield plain(" ".join(paragraph.split()))


def _option(option: click.Option, context: click.Context) -> tuple[str, str]:
    """An option as the help shows it."""
    name, said = option.get_help_record(context) or ("", "")
    return code(name), plain(said)
