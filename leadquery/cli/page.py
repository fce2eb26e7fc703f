"""`leadquery page`: write the static page that checks queries in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from leadquery.page.build import build_page

_MEGABYTE: Final = 1_000_000


@click.command("page")
@click.option(
    "--out", "folder", metavar="DIR", required=True, help="Write it here; files are replaced."
)
def command(folder: str) -> None:
    """It needs npm, which fetches CodeMirror and Pyodide, and takes about half a minute. Serve the
    folder by any web server. `leadquery serve --page` serves the page without npm.
    """
    try:
        files = build_page(Path(folder))
    except OSError as error:
        message = f"{folder!r} cannot be written: {error.strerror or error}"
        raise click.ClickException(message) from None
    for file in files:
        click.echo(f"{file.compressed / _MEGABYTE:6.2f} MB  {file.name}")
    total = sum(file.compressed for file in files) / _MEGABYTE
    click.echo(f"{total:6.2f} MB with gzip; to see it: python3 -m http.server -d {folder}")
