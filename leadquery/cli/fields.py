"""`leadquery fields`: the lead fields of the account, for checks."""

from __future__ import annotations

import json
from pathlib import Path

import click

from leadquery.cli.files import STDIN, unreadable
from leadquery.client import Client


@click.command("fields")
@click.option("--out", metavar="FILE", default=STDIN, help="Where to; stdout unless given.")
@click.option("--host", help="The ordinary API host, where it is not that of reports.")
def command(*, out: str, host: str | None) -> None:
    """Write the lead fields of the account, as `check --fields` reads them.

    The host and the keys come from LEADQUERY_HOST, LEADQUERY_ACCESS_KEY and LEADQUERY_SECRET_KEY.
    """
    fields = Client.from_env().lead_fields(host)
    text = json.dumps(fields, ensure_ascii=False, indent=1) + "\n"
    if out == STDIN:
        click.echo(text, nl=False)
        return
    try:
        Path(out).write_text(text, "utf-8", "surrogatepass")
    except OSError as error:
        lost = unreadable(out, error, to="written")
        raise click.ClickException(f"{lost.file!r} {lost.reason}") from None
    click.echo(f"{len(fields):,} fields in {out}; next: leadquery check --fields {out} FILE")
