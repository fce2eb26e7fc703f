"""`leadquery lsp`: the language server for editors."""

from __future__ import annotations

import sys

import click

from leadquery.cli.fields_file import load_catalog
from leadquery.errors import QueryError, missing_dependency_error
from leadquery.lint.catalog import FieldCatalog


@click.command("lsp")
@click.option("--stdio", is_flag=True, help="Accepted, as editors pass it; it is the only way.")
@click.option(
    "--fields",
    metavar="FILE",
    help="Check and complete the fields of your account: a file that 'leadquery fields' writes, "
    "with --python or --out.",
)
def command(*, stdio: bool, fields: str | None) -> None:
    """It answers on stdin and stdout, where the editor that starts it reads and writes. The exit
    code is 0 if the editor has shut it down, and 1 otherwise.
    """
    del stdio
    if sys.stdin is None:
        raise click.UsageError("stdin is closed; an editor starts this command")
    try:
        from leadquery.lsp.server import PayloadServer
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise missing_dependency_error("leadquery lsp", "pygls", extra="lsp") from None
    from leadquery.lsp.account_fields import AccountFields

    if fields is not None:
        load_catalog(fields)
    raise SystemExit(PayloadServer(AccountFields(fields, _load)).run())


def _load(file: str) -> FieldCatalog:
    """The fields of a file that has changed while the server runs."""
    try:
        return load_catalog(file)
    except click.ClickException as error:
        raise QueryError(error.message) from None
