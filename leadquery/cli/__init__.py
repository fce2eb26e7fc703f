"""The command `leadquery`.

`main` is the click group. Each command is a function in the module that `COMMANDS` names, which is
imported when the command is called. Start reading at `main`, `COMMANDS` and `check.command`.
Commands may import every other package; no package imports this one.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from typing import Any, Final

import click

from leadquery.cli.output import discard_output, errors_as_messages, prepare_streams

COMMANDS: Final = {
    "check": "check.command",
    "demo": "emulator.demo_command",
    "describe": "payload.describe_command",
    "export": "run.export_command",
    "fields": "fields.command",
    "mcp": "mcp.command",
    "payload": "payload.command",
    "plan": "run.plan_command",
    "rule": "check.rule_command",
    "rules": "check.rules_command",
    "run": "run.run_command",
    "schema": "payload.schema_command",
    "serve": "emulator.serve_command",
    "sql": "sql.command",
    "to-python": "payload.to_python_command",
    "users": "run.users_command",
}
"""The module and function of each command."""


class LazyGroup(click.Group):
    """Imports a command when it is called. Errors end it with their message."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, function = COMMANDS[cmd_name].partition(".")
        command: click.Command = getattr(import_module(f"leadquery.cli.{module}"), function)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in COMMANDS or args[0].startswith("-"):
            return super().resolve_command(ctx, args)
        from leadquery._util.text import closest_match

        match = closest_match(args[0], {name: name for name in COMMANDS}, 0.6)
        hint = f"did you mean {match!r}?" if match else f"the commands are {', '.join(COMMANDS)}"
        raise click.UsageError(f"there is no command {args[0]!r}; {hint}", ctx)

    def main(self, *args: Any, **extra: Any) -> Any:
        prepare_streams()
        try:
            return super().main(*args, **extra)
        except OSError as error:
            # Commands handle errors of their input files, so this is their output.
            with suppress(OSError):
                reason = error.strerror or error
                click.echo(f"Error: the output cannot be written: {reason}", err=True)
            discard_output()
            raise SystemExit(1) from None

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        with errors_as_messages():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with errors_as_messages():
            return super().invoke(ctx)


@click.group(cls=LazyGroup)
@click.version_option(package_name="leadquery")
def main() -> None:
    """Write, check and send queries for the Lead Distribution Analytics API."""
