"""The command `leadquery`. Each command is a file, loaded when it is called."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from typing import Any, Final

import click

from leadquery.errors import LeadQueryError

COMMANDS: Final = (
    "check",
    "demo",
    "describe",
    "export",
    "fields",
    "payload",
    "rule",
    "rules",
    "run",
    "schema",
    "serve",
    "to-python",
)


class Commands(click.Group):
    """Commands by name; what leadquery raises on purpose ends them with its message."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"leadquery.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in COMMANDS or args[0].startswith("-"):
            return super().resolve_command(ctx, args)
        from leadquery._util.suggest import closest_match

        near = closest_match(args[0], {name: name for name in COMMANDS}, 0.6)
        meant = f"did you mean {near!r}?" if near else f"they are {', '.join(COMMANDS)}"
        raise click.UsageError(f"there is no command {args[0]!r}; {meant}", ctx)

    def main(self, *args: Any, **extra: Any) -> Any:
        try:
            return super().main(*args, **extra)
        except OSError as error:
            # Commands look after the files they are given, so this is their output.
            with suppress(OSError):
                reason = error.strerror or error
                click.echo(f"Error: the output cannot be written: {reason}", err=True)
            _drop_output()
            raise SystemExit(1) from None

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except LeadQueryError as error:
            raise click.ClickException(str(error)) from None


def _drop_output() -> None:
    """Let what is still to be written go nowhere, or Python fails again when it ends."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=Commands)
@click.version_option(package_name="leadquery")
def main() -> None:
    """Write, check and send queries for the Lead Distribution Analytics API."""
    # A character that the output's encoding lacks is written as Python's escape.
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
