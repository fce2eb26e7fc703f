"""`leadquery run`, `plan` and `users`: send queries to an account, or show what is sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

import attrs
import click

from leadquery.cli.files import FileError
from leadquery.cli.loader import FORMS, load_query, query_argument
from leadquery.cli.output import advice_for_commands, print_rich, print_text
from leadquery.client.drift import OnChange
from leadquery.plan.scan import ScanPolicy
from leadquery.query.query import MAX_CALLS, Query
from leadquery.wire.enums import COUNT, USER_IDS
from leadquery.wire.model import ListOutput

if TYPE_CHECKING:
    from datetime import datetime

    from leadquery.client import Client, Result
    from leadquery.users import User

TABLE_ROWS: Final = 100
"""The rows that a table shows by default. More belong in a file."""

NUMBER: Final = click.IntRange(min=1)

format_option = click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    help="How to print the rows. The default is a table, for people.",
)
page_size_option = click.option(
    "--page-size", type=NUMBER, help="Rows per call, instead of the query's page size."
)
spreadsheet_option = click.option(
    "--spreadsheet",
    is_flag=True,
    help="Make CSV safe to open in a spreadsheet: no cell is a formula, and Excel reads UTF-8.",
)
max_calls_option = click.option(
    "--max-calls",
    type=NUMBER,
    default=MAX_CALLS,
    show_default=True,
    help="The most requests for a query that takes several.",
)
filled_option = click.option(
    "--filled",
    metavar="FIELD",
    multiple=True,
    help="A field in which all leads probably have data; two counts make sure. May be repeated.",
)
on_change_option = click.option(
    "--on-change",
    type=click.Choice(get_args(OnChange)),
    default="warn",
    show_default=True,
    help="If leads change while they are read: stop, warn, start over, or do not watch for it.",
)
tz_option = click.option(
    "--tz", metavar="ZONE", help="The time zone of times, such as Asia/Kolkata. [default: UTC]"
)
demo_option = click.option(
    "--demo", is_flag=True, help="Use 10,000 demo leads instead of your account."
)


@click.command("run", epilog=FORMS)
@query_argument
@format_option
@click.option(
    "--limit",
    type=NUMBER,
    help=f"The most rows to get. The default is {TABLE_ROWS} for a table, otherwise all rows.",
)
@click.option(
    "--out", metavar="FILE", help="Write the rows to a .csv, .json, .parquet or .xlsx file."
)
@click.option("--one-page", is_flag=True, help="Get only the page that the query asks for.")
@max_calls_option
@click.option(
    "--scan",
    type=click.Choice(get_args(ScanPolicy)),
    default="never",
    show_default=True,
    help="Whether to read the leads and compute here, if that takes fewer requests.",
)
@filled_option
@on_change_option
@spreadsheet_option
@tz_option
@page_size_option
@demo_option
@click.option(
    "--table",
    metavar="FILE.parquet|.csv",
    help="Run it on the leads in a file or a folder, with DuckDB, instead of your account.",
)
@click.option("--users", metavar="FILE", help="The file of users, for --table.")
@click.option(
    "--column",
    "columns",
    metavar="FIELD=NAME",
    multiple=True,
    help="For --table: the column of a field, if it has another name. May be repeated.",
)
def run_command(
    query: str,
    output_format: str,
    limit: int | None,
    page_size: int | None,
    max_calls: int,
    scan: ScanPolicy,
    filled: tuple[str, ...],
    on_change: OnChange,
    table: str | None,
    users: str | None,
    columns: tuple[str, ...],
    tz: str | None,
    out: str | None,
    *,
    one_page: bool,
    spreadsheet: bool,
    demo: bool,
) -> None:
    """With --table nothing is sent: the leads are in a file, such as one of 'leadquery export'.

    A query that takes several requests is sent as 'leadquery plan' shows, and the results are
    combined.

    The host and the keys come from LEADQUERY_HOST, LEADQUERY_ACCESS_KEY and LEADQUERY_SECRET_KEY.
    """
    if one_page and (limit or page_size):
        raise click.UsageError(
            "--one-page gets the page of the query; leave out --limit and --page-size"
        )
    _check_format(output_format, out, spreadsheet=spreadsheet)
    if (users or columns) and not table:
        name = "--users" if users else "--column"
        raise click.UsageError(f"{name} is for --table; add --table FILE")
    most = limit or (TABLE_ROWS if output_format == "table" and out is None else None)
    if table:
        options = {"--one-page": one_page, "--page-size": page_size, "--demo": demo}
        if given := [name for name, value in options.items() if value]:
            raise click.UsageError(f"--table sends no requests; leave out {' and '.join(given)}")
        result = _run_on_table(load_query(query), table, users, columns, most).tz_convert(tz)
    elif one_page:
        result = account_client(demo=demo).run_page(load_query(query), tz=tz)
    else:
        loaded = load_first_page(query, page_size)
        result = account_client(demo=demo).run(
            loaded,
            limit=most,
            max_calls=max_calls,
            scan=scan,
            filled=filled,
            on_change=on_change,
            tz=tz,
        )
    # Only rows go to stdout if another program reads them.
    for note in result.notes:
        print_text(f"Note: {note}", err=True)
    result = attrs.evolve(result, notes=())
    if out is not None:
        _write_rows(result, out, spreadsheet=spreadsheet)
        return
    if spreadsheet:
        click.echo(result.to_csv(spreadsheet=True).encode(), nl=False)
    else:
        _PRINTERS[output_format](result)
    click.echo(f"{len(result):,} of {result.total:,} rows", err=output_format != "table")


@click.command("plan", epilog=FORMS)
@query_argument
@max_calls_option
@filled_option
@click.option(
    "--leads", type=click.IntRange(min=0), help="Name the price of reading so many leads instead."
)
@click.option("--json", "as_json", is_flag=True, help="Print every payload, and how it counts.")
def plan_command(
    query: str, max_calls: int, filled: tuple[str, ...], leads: int | None, *, as_json: bool
) -> None:
    from leadquery.result.serialize import dumps

    plan = load_query(query).plan(max_calls, leads=leads, filled=filled)
    if as_json:
        click.echo(f"{dumps(plan.to_dict(), indent=2)}\n".encode(), nl=False)
    else:
        click.echo(advice_for_commands(str(plan)))


@click.command("users")
@click.option("--search", metavar="TEXT", help="Only users with these words in name, e-mail or id.")
@format_option
@demo_option
@click.option("--host", help="The ordinary API host, if it is not the one for reports.")
def users_command(search: str | None, output_format: str, host: str | None, *, demo: bool) -> None:
    """A table is for people. JSON and CSV have all that the API returns, for '--users' of 'run'."""
    from leadquery.client.account import matching_users
    from leadquery.result import Result

    users = account_client(demo=demo).users(host)
    if search is not None:
        users = matching_users(search, users)
    is_table = output_format == "table"
    rows = tuple(_user_row(user) if is_table else dict(user) for user in users)
    _PRINTERS[output_format](Result(rows, len(rows)))
    click.echo(f"{len(rows):,} user{'' if len(rows) == 1 else 's'}", err=not is_table)


def _user_row(user: User) -> dict[str, str | None]:
    """What people read of a user."""
    from leadquery.users import EmailAddress, Role

    status = {True: "active", False: "inactive", None: None}[user.is_active]
    return {
        "Name": user.name,
        EmailAddress.name: user.email,
        Role.name: user.role,
        "Status": status,
        USER_IDS[0]: user.id,
    }


def _run_on_table(
    query: Query, file: str, users: str | None, columns: tuple[str, ...], most: int | None
) -> Result:
    """The first rows of a query on the leads of a file, and the number of all."""
    from leadquery.cli.sql import column_names
    from leadquery.query.aggregation import local_steps
    from leadquery.query.leads import without_output
    from leadquery.sql import Table

    table = Table(file, users=users, columns=column_names(columns))
    if most is None or not isinstance(query.output, ListOutput):
        result = table.run(query)
        return result if most is None else result[:most]
    [row] = table.run(without_output(query).count())
    limit = local_steps(query).limit
    total = row[COUNT] if limit is None else min(row[COUNT], limit)
    return attrs.evolve(table.run(query.limit(most)), total=total)


def demo_client(now: datetime | None = None) -> Client:
    """A client of a mock API with 10,000 demo leads from the two years before `now`."""
    from leadquery.client import Client
    from leadquery.emulator import Emulator

    session = Emulator.demo(now=now).session()
    return Client("demo.example.com", "demo-access", "demo-secret", session)


def account_client(*, demo: bool) -> Client:
    """A client of the demo leads, or of the account in the environment."""
    from leadquery.client import Client

    return demo_client() if demo else Client.from_env()


def load_first_page(target: str, page_size: int | None) -> Query:
    """The query that an argument names, with another page size if one is given.

    A query for a later page ends the command, since all rows start at the first one.
    """
    query = load_query(target)
    page = query.paging
    if page is not None and page.index != 1:
        raise click.ClickException(
            f"{target!r} asks for page {page.index}; run it with --one-page for that page only, "
            f"or ask for page 1, as .page(1, {page.size}) in Python, for all rows in pages of "
            f"{page.size}"
        )
    return query if page_size is None else query.page(1, page_size)


def print_table(result: Result) -> None:
    """Print a result for people: to a terminal as wide as that, otherwise as aligned columns."""
    from rich.console import Console

    from leadquery.result.render import format_text, notes_of

    console = Console()
    if console.is_terminal:
        print_rich(console, result)
    else:
        # A program reads it, which needs no width.
        print_text("\n".join([format_text(result), *notes_of(result)]))


def _print_json(result: Result) -> None:
    click.echo(result.to_json(indent=2).encode())


def _print_csv(result: Result) -> None:
    click.echo(result.to_csv().encode(), nl=False)


def _check_format(output_format: str, out: str | None, *, spreadsheet: bool) -> None:
    suffix = "" if out is None else Path(out).suffix.lower()
    if out is not None and suffix not in _WRITERS:
        hint = "; 'leadquery export' writes .jsonl" if suffix == ".jsonl" else ""
        known = ", ".join(_WRITERS)
        raise click.UsageError(f"{out!r} has no known format; end it with {known}{hint}")
    if out is not None and output_format not in ("table", suffix[1:]):
        raise click.UsageError(
            f"{out!r} is no {output_format} file; leave out --format, or end it with "
            f".{output_format}"
        )
    if spreadsheet and "csv" not in (output_format, suffix[1:]):
        raise click.UsageError("--spreadsheet is for CSV; add --format csv")


def _write_rows(result: Result, out: str, *, spreadsheet: bool) -> None:
    try:
        if spreadsheet:
            result.to_csv(out, spreadsheet=True)
        else:
            getattr(result, _WRITERS[Path(out).suffix.lower()])(out)
    except OSError as error:
        raise click.ClickException(str(FileError.writing(out, error))) from None
    print_text(f"{len(result):,} of {result.total:,} rows in {out}")


_WRITERS: Final = {
    ".csv": "to_csv",
    ".json": "to_json",
    ".parquet": "to_parquet",
    ".xlsx": "to_excel",
}
"""The method of a result that writes each kind of file."""

_PRINTERS: Final[dict[str, Callable[[Result], None]]] = {
    "table": print_table,
    "json": _print_json,
    "csv": _print_csv,
}
