"""`leadquery check`: every problem of payloads, said in several ways, and mended."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

import click

from leadquery.cli.check.runner import FileChecker
from leadquery.cli.files import STDIN, SUFFIX, FileError, contents, discover
from leadquery.cli.formats import FORMATS, lines_of, use_colour
from leadquery.cli.formats.results import Outcome, Summary
from leadquery.errors import QueryError


@click.command("check")
@click.argument("names", metavar="[FILES|FOLDERS|-]...", nargs=-1, required=True)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default=FORMATS[0],
    show_default=True,
    help="How problems are written.",
)
@click.option("--fix", is_flag=True, help="Apply the safe fixes.")
@click.option("--unsafe-fixes", "unsafe", is_flag=True, help="Apply the likely fixes too.")
@click.option("--diff", is_flag=True, help="Show the fixes as a diff; write nothing.")
@click.option("--strict", is_flag=True, help="End with 1 for warnings too.")
@click.option(
    "--fields", metavar="FILE", help="Check the fields by the account's own: LeadsMetaData as JSON."
)
def command(
    *,
    names: tuple[str, ...],
    form: str,
    fix: bool,
    unsafe: bool,
    diff: bool,
    strict: bool,
    fields: str | None,
) -> None:
    """Say what is wrong with payloads, and mend what can be mended.

    A folder stands for the *.json files in it, '-' for stdin. Ends with 0 where there is no error,
    with 1 where there is one, and with 2 where there is no file or one cannot be read. A diff, and
    stdin when it is mended, are written to stdout; the problems then go to stderr.
    """
    account = None if fields is None else _account(fields)
    work = FileChecker(fix=fix, unsafe=unsafe, diff=diff, fields=account)
    aside = diff or (work.mends and STDIN in names)
    out = sys.stderr if aside else sys.stdout
    colour = use_colour(out)
    tally = Summary()
    for line in lines_of(form)(tally.over(_outcomes(names, work))):
        click.echo(line, file=out, color=colour)
    if not tally.files and not tally.unreadable:
        click.echo(f"there is no *{SUFFIX} to check", err=True)
    raise SystemExit(tally.code(strict=strict))


def _outcomes(names: Iterable[str], work: FileChecker) -> Iterator[Outcome]:
    for file in discover(names):
        outcome = file if isinstance(file, FileError) else work.on(file)
        if isinstance(outcome, FileError):
            click.echo(f"Error: {outcome.file!r} {outcome.reason}", err=True)
        yield outcome


def _account(file: str) -> Any:
    """The account whose fields stand in a file."""
    from leadquery.lint.catalog import FieldCatalog

    try:
        return FieldCatalog.of(contents(file))
    except QueryError as error:
        raise click.UsageError(f"{file!r}: {error}") from None
