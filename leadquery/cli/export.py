"""`leadquery export`: all rows of a query in a file."""

from __future__ import annotations

from typing import get_args

import click

from leadquery._util.text import escape_unprintable
from leadquery.cli.files import unreadable
from leadquery.cli.run import NUMBER, changes_said, client_of, every_page, options
from leadquery.client.export import resume_note
from leadquery.client.pagination import OnChange
from leadquery.errors import ApiError


@click.command("export")
@options(
    click.argument("file", metavar="FILE.parquet|.csv|.jsonl"),
    click.option("--limit", type=NUMBER, help="Rows in all, in place of every row."),
    click.option(
        "--resume/--no-resume",
        default=True,
        help="Go on where the same export was stopped, which is the default, or start over.",
    ),
    click.option(
        "--on-change",
        type=click.Choice(get_args(OnChange)),
        default="warn",
        help="When rows move between pages: stop, warn (the default), or start over.",
    ),
)
def command(
    query: str,
    file: str,
    limit: int | None,
    on_change: OnChange,
    page_size: int | None,
    *,
    resume: bool,
    demo: bool,
) -> None:
    """Write all rows of a query into a file, however many.

    Stopped or killed, the same command goes on where it was. The host and the keys come from
    LEADQUERY_HOST, LEADQUERY_ACCESS_KEY and LEADQUERY_SECRET_KEY.
    """
    asked = every_page(query, page_size)
    client = client_of(demo=demo)
    try:
        with changes_said():
            done = client.export(asked, file, limit=limit, resume=resume, on_change=on_change)
    except (ApiError, KeyboardInterrupt) as error:
        _say_what_is_kept(error)
        raise
    except OSError as error:
        _say_what_is_kept(error)
        lost = unreadable(file, error, to="written")
        raise click.ClickException(f"{lost.file!r} {lost.reason}") from None
    behind = f"; went on behind row {done.resumed:,}" if done.resumed else ""
    click.echo(f"{done.rows:,} of {done.total:,} rows in {escape_unprintable(file)}{behind}")


def _say_what_is_kept(error: BaseException) -> None:
    if said := resume_note(error):
        click.echo(escape_unprintable(said), err=True)
