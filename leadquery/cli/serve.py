"""`leadquery serve` and `page`: the mock API on a port, and the page that checks queries."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from leadquery.cli.fields_file import fields_option, load_fields
from leadquery.cli.files import FileError
from leadquery.cli.output import warnings_as_lines
from leadquery.cli.row_files import read_rows
from leadquery.emulator import Emulator, Fault, Faults
from leadquery.emulator.emulator import LOOPBACK, MEMORY
from leadquery.emulator.faults import parse_rate
from leadquery.errors import QueryError
from leadquery.wire.enums import CALLS, SECONDS

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from leadquery.emulator.faults import Rate

DEMO_LEADS: Final = 10_000

UNLIMITED: Final = "none"


def _parse_rate(_: object, __: object, text: str) -> Rate | None:
    if text == UNLIMITED:
        return None
    calls, _, seconds = text.partition("/")
    try:
        return parse_rate((int(calls), float(seconds)))
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a rate; write 25/5, or {UNLIMITED}") from None


def _parse_faults(_: object, __: object, texts: tuple[str, ...]) -> dict[Fault, float]:
    return dict(map(_parse_fault, texts))


def _parse_fault(text: str) -> tuple[Fault, float]:
    label, _, chance = text.partition("=")
    fault = next((fault for fault in Fault if fault.label == label), None)
    if fault is None:
        known = ", ".join(fault.label for fault in Fault)
        raise click.BadParameter(f"there is no fault {label!r}; write one of {known}")
    try:
        return fault, float(chance)
    except ValueError:
        raise click.BadParameter(f"{chance!r} is not a chance; write {label}=0.1") from None


def _parse_origins(_: object, __: object, origins: tuple[str, ...]) -> tuple[str, ...]:
    from leadquery.emulator.wsgi import parse_origin

    try:
        return tuple(map(parse_origin, origins))
    except QueryError as error:
        raise click.BadParameter(str(error)) from None


@click.command("serve")
@click.option("--port", default=8000, show_default=True, help="The port; 0 takes a free one.")
@click.option(
    "--host",
    default=LOOPBACK,
    show_default=True,
    help="The address; 0.0.0.0 allows other machines.",
)
@click.option("--leads", metavar="FILE", help="The leads: .json, .jsonl, .csv, .parquet or .xlsx.")
@click.option("--users", metavar="FILE", help="The users, in such a file.")
@click.option(
    "--activities",
    metavar="FILE",
    help="The activities, each with the ProspectID of its lead and its ActivityEvent.",
)
@click.option(
    "--tasks",
    metavar="FILE",
    help="The tasks, each with the ProspectID of its lead, its TaskType and its Status.",
)
@fields_option
@click.option(
    "--demo", metavar="N", type=int, help=f"The number of demo leads.  [default: {DEMO_LEADS:,}]"
)
@click.option(
    "--database",
    metavar="FILE",
    default=MEMORY,
    help="Keep the leads in this file while serving, instead of in memory.",
)
@click.option(
    "--keys",
    metavar="ACCESS SECRET",
    nargs=2,
    multiple=True,
    help="Allow only these keys; may be repeated.",
)
@click.option(
    "--cors",
    metavar="ORIGIN",
    multiple=True,
    callback=_parse_origins,
    help="Let pages of this origin call from a browser, such as http://localhost:3000, or * for "
    "all; may be repeated.",
)
@click.option(
    "--rate",
    metavar="CALLS/SECONDS",
    default=f"{CALLS}/{SECONDS}",
    show_default=True,
    callback=_parse_rate,
    help=f"The rate limit, or {UNLIMITED}.",
)
@click.option(
    "--fault",
    "faults",
    metavar="NAME=CHANCE",
    multiple=True,
    callback=_parse_faults,
    help="A fault and its chance at every call, such as dropped=0.1; may be repeated. The faults "
    f"are {', '.join(fault.label for fault in Fault)}.",
)
@click.option(
    "--page",
    is_flag=True,
    help="Serve a page at / that checks queries in the browser, by Python on this machine.",
)
@click.option("--latency", metavar="SECONDS", default=0.0, help="How long a call takes each way.")
@click.option(
    "--slow", metavar="SECONDS", default=90.0, help="How late a response with the fault slow is."
)
@click.option(
    "--seed", default=1, show_default=True, help="The seed of the demo leads and the faults."
)
def serve_command(
    *,
    port: int,
    host: str,
    leads: str | None,
    users: str | None,
    activities: str | None,
    tasks: str | None,
    fields: str | None,
    demo: int | None,
    database: str,
    keys: tuple[tuple[str, str], ...],
    cors: tuple[str, ...],
    rate: Rate | None,
    faults: dict[Fault, float],
    page: bool,
    latency: float,
    slow: float,
    seed: int,
) -> None:
    """It serves your leads, or demo leads without --leads, until you press Ctrl-C or it gets a
    SIGTERM. Any keys may call, unless you give some with --keys.
    """
    if leads is not None and demo is not None:
        raise click.UsageError("--leads and --demo exclude each other; leave one out")
    if leads is None and (users or fields or activities or tasks):
        raise click.UsageError(
            "--users, --fields, --activities and --tasks need --leads; add --leads FILE"
        )
    # Report a missing package or an invalid fault before reading many leads.
    server_type = import_module("leadquery.emulator.server").EmulatorServer
    plan = Faults(faults, seed=seed, latency=latency, slow=slow)
    with _interrupted_by_sigterm():
        with warnings_as_lines():
            if leads is None:
                number = DEMO_LEADS if demo is None else demo
                emulator = Emulator.demo(
                    number, seed=seed, keys=keys or None, rate=rate, database=database
                )
            else:
                emulator = Emulator(
                    read_rows(leads),
                    read_rows(users, users=True) if users else (),
                    tuple(load_fields(fields).values()) if fields else (),
                    activities=read_rows(activities) if activities else (),
                    tasks=read_rows(tasks) if tasks else (),
                    keys=keys or None,
                    rate=rate,
                    database=database,
                )
        try:
            app = emulator.wsgi_app(plan, cors=cors)
            server = server_type(_with_page(app, host) if page else app, host, port)
            size = f"{emulator.leads:,} leads and {emulator.users:,} users"
            what = f"the page, {size}" if page else size
            click.echo(f"serving {what} at {server.url}; press Ctrl-C to stop")
            server.serve()
        finally:
            emulator.close()
            if database != MEMORY:
                Path(database).unlink()


def _with_page(app: WSGIApplication, host: str) -> WSGIApplication:
    from leadquery.page.app import with_page

    return with_page(app, host)


@contextmanager
def _interrupted_by_sigterm() -> Iterator[None]:
    """Make SIGTERM do what Ctrl-C does, so that temporary files are deleted."""
    previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)


@click.command("page")
@click.option(
    "--out", "folder", metavar="DIR", required=True, help="Write it here; files are replaced."
)
def page_command(folder: str) -> None:
    """It needs npm, which fetches CodeMirror and Pyodide, and takes up to a minute. Serve the
    folder by any web server. `leadquery serve --page` serves the page without npm.
    """
    from leadquery.page.build import build_page

    try:
        click.echo("Building the page, which takes up to a minute ...", err=True)
        with _interrupted_by_sigterm():
            files = build_page(Path(folder))
    except OSError as error:
        raise click.ClickException(str(FileError.writing(folder, error))) from None
    for file in files:
        click.echo(f"{file.compressed / _MEGABYTE:6.2f} MB  {file.name}")
    total = sum(file.compressed for file in files) / _MEGABYTE
    click.echo(f"{total:6.2f} MB with gzip; to see it: python3 -m http.server -d {folder}")


_MEGABYTE: Final = 1_000_000
