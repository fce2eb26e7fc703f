"""The command `leadquery`.

`main` is the click group. Each command is a function in the module that `COMMANDS` names, which is
imported when the command is called; its docstring is the help below the first line. Start reading
at `main`, `COMMANDS` and `check.command`. Commands may import every other package; no package
imports this one.
"""

from __future__ import annotations

import os
from contextlib import suppress
from importlib import import_module
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, Final

import click

from leadquery.cli.output import (
    discard_output,
    errors_as_messages,
    prepare_streams,
    warnings_as_lines,
)

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS: Final = {
    "check": ("check.command", "Find the problems in payload files, and fix them."),
    "completion": (
        "completion.command",
        "Print the script by which your shell completes commands.",
    ),
    "demo": (
        "demo.command",
        "Run the four use cases of the API's page on 10,000 demo leads.",
    ),
    "describe": (
        "payload.describe_command",
        "Describe in English what a query or a payload asks for.",
    ),
    "export": (
        "export.command",
        "Write all rows of a query to a file, however many there are.",
    ),
    "fields": ("fields.command", "Write the lead fields of your account, as --fields takes them."),
    "lsp": ("lsp.command", "Run the language server, which editors start."),
    "mcp": ("mcp.command", "Give an assistant tools to query your leads."),
    "page": ("serve.page_command", "Write a static page that checks queries in the browser."),
    "payload": ("payload.command", "Print queries as JSON, or as requests for another client."),
    "plan": ("run.plan_command", "Show the requests that answer a query, without sending them."),
    "rule": ("rules.rule_command", "Explain a rule, such as LQ304, or 304 for short."),
    "rules": ("rules.rules_command", "List what `check` looks for; `rule CODE` says more."),
    "run": ("run.run_command", "Send a query and print the result."),
    "schema": ("payload.schema_command", "Print the JSON Schema of a payload."),
    "serve": (
        "serve.serve_command",
        "Run the mock API as a server, for clients in any language.",
    ),
    "sql": ("sql.command", "Print the payload of a SQL statement, or write a query as SQL."),
    "to-python": (
        "payload.to_python_command",
        "Print a payload as the Python file that builds it.",
    ),
    "users": ("run.users_command", "List the users of your account, who own leads."),
}
"""The module and function of each command, and the first line of its help."""


class LazyGroup(click.Group):
    """Imports a command when it is called. Errors end it with their message."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        target, summary = COMMANDS[cmd_name]
        module, _, function = target.partition(".")
        command: click.Command = getattr(import_module(f"leadquery.cli.{module}"), function)
        details = getattr(command.callback, "__doc__", None)
        command.help = f"{summary}\n\n{cleandoc(details)}" if details else summary
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with their summaries, and import none."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in COMMANDS or args[0].startswith("-"):
            return super().resolve_command(ctx, args)
        from leadquery._util.text import closest_match

        match = closest_match(args[0], {name: name for name in COMMANDS}, 0.6)
        hint = f"did you mean {match!r}?" if match else f"the commands are {', '.join(COMMANDS)}"
        raise click.UsageError(f"there is no command {args[0]!r}; {hint}", ctx)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        names = [name for name in COMMANDS if name.startswith(incomplete)]
        commands = [CompletionItem(name, help=COMMANDS[name][1]) for name in names]
        # Those of a group would be imported.
        return commands + click.Command.shell_complete(self, ctx, incomplete)

    def main(self, *args: Any, **extra: Any) -> Any:
        prepare_streams()
        if "_LEADQUERY_COMPLETE" in os.environ:
            # It registers the shells that click calls.
            import_module("leadquery.cli.completion")
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
        with errors_as_messages(), warnings_as_lines():
            return super().invoke(ctx)


@click.group(cls=LazyGroup)
@click.version_option(package_name="leadquery")
def main() -> None:
    """Write, check and send queries for the Lead Distribution Analytics API."""
