"""The commands, from their own help."""

from __future__ import annotations

from collections.abc import Iterator

import click

from docs.derived.markdown import code, code_block, escape, table
from leadquery.cli import COMMANDS, main


def commands() -> str:
    """Return a section for each command: its help, its usage and its options."""
    parent = click.Context(main, info_name="leadquery")
    loaded = ((name, main.get_command(parent, name)) for name in COMMANDS)
    return "\n".join(_section(name, command, parent) for name, command in loaded if command)


def _section(name: str, command: click.Command, parent: click.Context) -> str:
    context = click.Context(command, info_name=name, parent=parent)
    usage = context.get_usage().removeprefix("Usage: ")
    text = "\n\n".join(_paragraphs(f"{command.help or ''}\n\n{command.epilog or ''}".strip()))
    rows = [_option(param, context) for param in command.params if isinstance(param, click.Option)]
    options = table(("option", ""), rows) if rows else ""
    return f"## leadquery {name}\n\n{text}\n\n{code_block(usage, 'none')}\n{options}"


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        yield escape(" ".join(paragraph.split()))


def _option(option: click.Option, context: click.Context) -> tuple[str, str]:
    name, text = option.get_help_record(context) or ("", "")
    return code(name), escape(text)
