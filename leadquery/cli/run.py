"""`leadquery run`: the answer to a query."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import click
from rich.console import Console

from leadquery.cli.loader import load_query
from leadquery.client import Client, Result
from leadquery.emulator import Emulator
from leadquery.errors import PaginationDriftWarning
from leadquery.query.query import Query
from leadquery.result.render import format_text

if TYPE_CHECKING:
    from datetime import datetime

ROWS_OF_TABLE: Final = 100
"""What a table shows unless it is told: more is for a file."""

NUMBER: Final = click.IntRange(min=1)


def options(*added: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """What a command takes that fetches the answer to a query."""
    shared = (
        click.argument("query", metavar="MODULE:NAME|FILE.py:NAME"),
        *added,
        click.option(
            "--page-size", type=NUMBER, help="Rows fetched at once, in place of the query's."
        ),
        click.option(
            "--demo", is_flag=True, help="Ask 10,000 demo leads in place of your account."
        ),
    )

    def add(command: Any) -> Any:
        for option in reversed(shared):
            command = option(command)
        return command

    return add


@click.command("run")
@options(
    click.option(
        "--format",
        "form",
        type=click.Choice(["table", "json", "csv"]),
        default="table",
        help="How the rows are written; a table is for people, and the default.",
    ),
    click.option(
        "--limit",
        type=NUMBER,
        help=f"Rows in all. A table shows {ROWS_OF_TABLE} unless told, the others every row.",
    ),
    click.option(
        "--one-page", is_flag=True, help="Ask for the query's own page alone, and show it."
    ),
)
def command(
    query: str,
    form: str,
    limit: int | None,
    page_size: int | None,
    *,
    one_page: bool,
    demo: bool,
) -> None:
    """Send a query and show the answer.

    The host and the keys come from LEADQUERY_HOST, LEADQUERY_ACCESS_KEY and LEADQUERY_SECRET_KEY.
    """
    if one_page and (limit or page_size):
        raise click.UsageError(
            "--one-page asks as the query says; leave --limit and --page-size out"
        )
    if one_page:
        answer = client_of(demo=demo).run_page(load_query(query))
    else:
        asked = every_page(query, page_size)
        with changes_said():
            most = limit or (ROWS_OF_TABLE if form == "table" else None)
            answer = client_of(demo=demo).run(asked, limit=most)
    _WRITERS[form](answer)
    # Beside the rows, another program reads nothing.
    click.echo(f"{len(answer):,} of {answer.total:,} rows", err=form != "table")


def every_page(target: str, size: int | None) -> Query:
    """The query that an argument names, at a page size or at its own; not one for a later page."""
    query = load_query(target)
    page = query.paging
    if page is not None and page.index != 1:
        raise click.ClickException(
            f"{target!r} asks for page {page.index}; write leadquery run --one-page for that page "
            f"alone, or .page(1, {page.size}) in the query for all rows in pages of {page.size}"
        )
    return query if size is None else query.page(1, size)


@contextmanager
def changes_said() -> Iterator[None]:
    """Warnings that rows moved, as lines of the command's own."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", PaginationDriftWarning)
        yield
    for one in caught:
        click.echo(f"Warning: {one.message}", err=True)


def client_of(*, demo: bool) -> Client:
    """A client of demo leads, or of the account that the environment names."""
    return demo_client() if demo else Client.from_env()


def demo_client(now: datetime | None = None) -> Client:
    """A client of an emulator with 10,000 demo leads of the two years before `now`."""
    session = Emulator.demo(now=now).session()
    return Client("demo.example.com", "demo-access", "demo-secret", session)


def _table(answer: Result) -> None:
    console = Console()
    if console.is_terminal:
        console.print(answer)
    else:
        # Another program reads it, whatever the width.
        click.echo(format_text(answer))


def _json(answer: Result) -> None:
    click.echo(answer.to_json(indent=2).encode())


def _csv(answer: Result) -> None:
    click.echo(answer.to_csv().encode(), nl=False)


_WRITERS: Final[dict[str, Callable[[Result], None]]] = {
    "table": _table,
    "json": _json,
    "csv": _csv,
}
