"""`leadquery export`: the rows of a query in a file, in bounded memory."""

from __future__ import annotations

import click

from leadquery.cli.files import FileError
from leadquery.cli.loader import FORMS, query_argument
from leadquery.cli.output import advice_for_commands, print_text
from leadquery.cli.run import (
    NUMBER,
    account_client,
    demo_option,
    load_first_page,
    on_change_option,
    page_size_option,
    spreadsheet_option,
    tz_option,
)
from leadquery.client.drift import OnChange
from leadquery.errors import LeadQueryError


@click.command("export", epilog=FORMS)
@query_argument
@click.argument("file", metavar="FILE.parquet|.csv|.jsonl|.xlsx")
@click.option("--limit", type=NUMBER, help="The most rows to write. The default is all rows.")
@click.option(
    "--window",
    is_flag=True,
    help="Read windows of time instead of pages, so that no lead is lost or repeated: for accounts "
    "whose lists end at 10,000 rows, or change while they are read.",
)
@click.option(
    "--resume/--no-resume",
    default=True,
    help="Continue where the same export stopped (the default), or start over.",
)
@spreadsheet_option
@on_change_option
@tz_option
@page_size_option
@demo_option
def command(
    query: str,
    file: str,
    limit: int | None,
    on_change: OnChange,
    page_size: int | None,
    tz: str | None,
    *,
    window: bool,
    resume: bool,
    spreadsheet: bool,
    demo: bool,
) -> None:
    """If an export is interrupted, run the same command again to continue it. The host and the keys
    come from LEADQUERY_HOST, LEADQUERY_ACCESS_KEY and LEADQUERY_SECRET_KEY.
    """
    loaded = load_first_page(query, page_size)
    client = account_client(demo=demo)
    try:
        export = client.export(
            loaded,
            file,
            limit=limit,
            window=window,
            resume=resume,
            spreadsheet=spreadsheet,
            on_change=on_change,
            tz=tz,
        )
    except (LeadQueryError, KeyboardInterrupt) as error:
        _print_resume_note(error)
        raise
    except OSError as error:
        _print_resume_note(error)
        raise click.ClickException(str(FileError.writing(file, error))) from None
    resumed = f"; continued after row {export.resumed:,}" if export.resumed else ""
    print_text(f"{export.rows:,} of {export.total:,} rows in {file}{resumed}")


def _print_resume_note(error: BaseException) -> None:
    from leadquery.client.export import resume_note

    if note := resume_note(error):
        print_text(advice_for_commands(note), err=True)
