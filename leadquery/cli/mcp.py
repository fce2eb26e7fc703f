"""`leadquery mcp`: tools for assistants."""

from __future__ import annotations

import sys

import click

from leadquery.cli.fields_file import fields_option, load_catalog
from leadquery.cli.output import print_text
from leadquery.cli.run import NUMBER, account_client, demo_option
from leadquery.mcp.budget import DEFAULT_BUDGET, Budget
from leadquery.result.frames import import_optional


@click.command("mcp")
@click.option(
    "--budget",
    type=NUMBER,
    default=DEFAULT_BUDGET,
    show_default=True,
    help="The most requests in an hour that are sent without asking you.",
)
@fields_option
@demo_option
def command(budget: int, fields: str | None, *, demo: bool) -> None:
    """Assistants start it themselves, by the Model Context Protocol (MCP); the how-to 'Query leads
    from an assistant' has their configurations.

    A model drafts a query, which is checked against your account's fields, and then runs the draft
    by its name. It only reads.

    The host and the keys come from LEADQUERY_HOST, LEADQUERY_ACCESS_KEY and LEADQUERY_SECRET_KEY.
    """
    import_optional("leadquery mcp", "mcp", extra="mcp")
    from leadquery.mcp.assistant import Assistant
    from leadquery.mcp.server import serve

    catalog = None if fields is None else load_catalog(fields)
    client = account_client(demo=demo)
    if sys.stdin is not None and sys.stdin.isatty():
        print_text(
            "leadquery mcp waits for an assistant on stdin; press Ctrl-C to end it.", err=True
        )
    serve(Assistant(client, Budget(budget), catalog))
