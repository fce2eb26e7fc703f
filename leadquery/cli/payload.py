"""`leadquery payload`: queries and payload files as JSON, or as another client sends them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs
import click

from leadquery.cli.files import STDIN, SUFFIX, contents
from leadquery.cli.loader import load_queries, print_report, source
from leadquery.cli.scripts import into_folder
from leadquery.errors import UnsupportedQueryError
from leadquery.exporters import NAMES, get_exporter, parse_response_format
from leadquery.exporters.base import ExportRequest
from leadquery.lint.check import check, read
from leadquery.query.from_payload import from_payload
from leadquery.wire.enums import ResponseFormat
from leadquery.wire.serializer import to_payload
from leadquery.wire.types import MAX_INT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadquery.exporters.base import Exporter

MOST_PAGES: Final = 10_000
"""As many requests as are written one by one; for more, there are loops."""

FORMATS = [row.value.lower() for row in ResponseFormat]


@click.command("payload")
@click.argument(
    "queries", metavar="MODULE:NAME[,NAME]|FILE.py:NAME|FILE.json|-", nargs=-1, required=True
)
@click.option(
    "--as", "target", type=click.Choice(NAMES), default=NAMES[0], help="The client it is for."
)
@click.option(
    "--response-format",
    type=click.Choice(FORMATS, case_sensitive=False),
    default=FORMATS[0],
    help="What the answer is to be.",
)
@click.option("--page", type=click.IntRange(1, MAX_INT), metavar="N", help="Ask for this page.")
@click.option(
    "--all-pages", is_flag=True, help="Ask for every page: by a loop, or with --pages one by one."
)
@click.option(
    "--pages",
    type=click.IntRange(1, MOST_PAGES),
    metavar="COUNT",
    help=f"How many pages there are, {MOST_PAGES:,} at most.",
)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Write files."
)
def command(
    queries: tuple[str, ...],
    *,
    target: str,
    response_format: str,
    page: int | None,
    all_pages: bool,
    pages: int | None,
    out: Path | None,
) -> None:
    """Write queries as JSON, or as another client sends them.

    Payload files are checked first. Keys are variables of the client, never values.
    """
    chosen = get_exporter(target)
    _agree(chosen, page, pages, all_pages=all_pages)
    asked = [
        attrs.evolve(one, response_format=parse_response_format(response_format))
        for query in queries
        for one in _sendings(query)
    ]
    if page is not None:
        asked = [one.page(page) for one in asked]
    if all_pages and pages is None:
        asked = [one.with_all_pages() for one in asked]
    elif pages is not None:
        asked = [one for query in asked for one in query.pages(pages)]
    if out is None:
        _show(chosen, asked)
    else:
        into_folder(chosen, asked, out, inputs=map(source, queries))


def _agree(target: Exporter, page: int | None, pages: int | None, *, all_pages: bool) -> None:
    """Refuse options that speak against each other, or against the target."""
    if page is not None and all_pages:
        raise click.UsageError("--page asks for one page and --all-pages for all; write one")
    if pages is not None and not all_pages:
        raise click.UsageError("--pages counts the pages of --all-pages; write both")
    if pages is not None and target.loops:
        raise click.UsageError(f"{target.name} asks until the last page; leave --pages out")
    if all_pages and pages is None and not target.loops:
        raise click.UsageError(f"{target.name} has no loop; write --pages COUNT, how many to ask")


def _sendings(query: str) -> Iterator[ExportRequest]:
    """What an argument stands for."""
    if query == STDIN or query.lower().endswith(SUFFIX):
        yield _of_file(query)
        return
    for name, found in load_queries(query).items():
        yield ExportRequest(found.to_payload(), name, found.describe())


def _of_file(file: str) -> ExportRequest:
    """The payload of a file, written anew; what `check` says of it is said."""
    content = contents(file)
    report = check(content)
    if report.diagnostics:
        print_report(file, report)
    if not report.ok:
        raise SystemExit(1)
    name = "payload" if file == STDIN else Path(file).stem
    return ExportRequest(to_payload(read(content)), name, _sentence(content))


def _sentence(content: bytes) -> str:
    """What a payload asks, where a query can say it."""
    try:
        return from_payload(content).describe()
    except UnsupportedQueryError:
        return ""


def _show(target: Exporter, asked: list[ExportRequest]) -> None:
    if len(asked) > 1 and not target.several:
        raise click.UsageError(f"{target.name} takes a file for each; write --out DIR")
    # As bytes, since no encoding of a terminal may change them.
    click.echo(target.export(asked).encode(), nl=False)
