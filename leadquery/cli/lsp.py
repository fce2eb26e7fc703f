"""`leadquery lsp`: the language server for editors."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leadquery.cli.config import find_config
from leadquery.cli.fields_file import load_catalog
from leadquery.errors import QueryError, missing_dependency_error
from leadquery.lint.catalog import FieldCatalog

if TYPE_CHECKING:
    from leadquery.lsp.analysis import Configuration


@click.command("lsp")
@click.option("--stdio", is_flag=True, help="Accepted, as editors pass it; it is the only way.")
@click.option(
    "--fields",
    metavar="FILE.json|.py",
    help="Check and complete the fields of your account: a file that 'leadquery fields' writes, "
    "with --python or --out.",
)
def command(*, stdio: bool, fields: str | None) -> None:
    """It answers on stdin and stdout, where the editor that starts it reads and writes. Without
    --fields, the editor or the configuration of the project may name a file of fields.

    The exit code is 0 if the editor has shut it down, and 1 otherwise.
    """
    del stdio
    if sys.stdin is None:
        raise click.UsageError("stdin is closed; an editor starts this command")
    if fields is not None:
        load_catalog(fields)
    try:
        from leadquery.lsp.server import PayloadServer
    except ModuleNotFoundError:
        raise missing_dependency_error("leadquery lsp", "pygls", extra="lsp") from None
    from leadquery.lsp.analysis import Project

    raise SystemExit(PayloadServer(Project(fields, _load, _find)).run())


def _load(file: str) -> FieldCatalog:
    """The fields of a file that may have changed while the server runs."""
    try:
        return load_catalog(file)
    except click.ClickException as error:
        raise QueryError(error.message) from None


def _find(path: str) -> Configuration:
    """The configuration for a file, as `check` finds it."""
    from leadquery.lsp.analysis import Configuration

    try:
        config = find_config(str(Path(path).parent))
    except click.ClickException as error:
        raise QueryError(error.message) from None
    fields = None
    if config.file is not None and config.fields is not None:
        fields = str(config.file.parent / config.fields)
    return Configuration(fields, config.selection_of(path))
