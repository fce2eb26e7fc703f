"""`leadquery serve`: the embedded API on a port."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from leadquery.cli.files import contents
from leadquery.cli.row_files import read_rows
from leadquery.emulator import Emulator, Fault, Faults, demo_fields, demo_leads, demo_users
from leadquery.emulator.clock import parse_rate
from leadquery.emulator.emulator import LOOPBACK, MEMORY
from leadquery.lint.catalog import FieldCatalog
from leadquery.wire.protocol import CALLS, SECONDS

if TYPE_CHECKING:
    from leadquery.emulator.clock import Rate

DEMO: Final = 10_000
UNLIMITED: Final = "none"


def _rate(_: object, __: object, said: str) -> Rate | None:
    if said == UNLIMITED:
        return None
    calls, _, seconds = said.partition("/")
    try:
        return parse_rate((int(calls), float(seconds)))
    except ValueError:
        raise click.BadParameter(f"{said!r} is no limit; write 25/5, or {UNLIMITED}") from None


def _faults(_: object, __: object, said: tuple[str, ...]) -> dict[Fault, float]:
    return dict(map(_fault, said))


def _fault(said: str) -> tuple[Fault, float]:
    label, _, chance = said.partition("=")
    fault = next((fault for fault in Fault if fault.label == label), None)
    if fault is None:
        known = ", ".join(fault.label for fault in Fault)
        raise click.BadParameter(f"{label!r} is no fault; they are {known}")
    try:
        return fault, float(chance)
    except ValueError:
        raise click.BadParameter(f"{chance!r} is no chance; write {label}=0.1") from None


@click.command("serve")
@click.option("--port", default=8000, show_default=True, help="0 takes a free one.")
@click.option("--host", default=LOOPBACK, show_default=True, help="Whom to let in.")
@click.option("--leads", metavar="FILE", help="Leads in a .json, .jsonl or .csv file.")
@click.option("--users", metavar="FILE", help="Their users, in such a file.")
@click.option("--fields", metavar="FILE", help="The account's fields, as `fields --out` writes.")
@click.option("--demo", metavar="N", type=int, help=f"So many demo leads.  [default: {DEMO:,}]")
@click.option("--database", metavar="FILE", default=MEMORY, help="A file to hold them meanwhile.")
@click.option("--keys", metavar="ACCESS SECRET", nargs=2, multiple=True, help="Let in these alone.")
@click.option(
    "--rate",
    metavar="CALLS/SECONDS",
    default=f"{CALLS}/{SECONDS}",
    show_default=True,
    callback=_rate,
    help=f"The limit, or {UNLIMITED}.",
)
@click.option(
    "--fault",
    "faults",
    metavar="NAME=CHANCE",
    multiple=True,
    callback=_faults,
    help=f"What goes wrong, and its chance at every call: {', '.join(one.label for one in Fault)}.",
)
@click.option("--latency", metavar="SECONDS", default=0.0, help="How long each way takes.")
@click.option("--slow", metavar="SECONDS", default=90.0, help="How late a slow reply comes.")
@click.option("--seed", default=1, show_default=True, help="Of demo leads and faults.")
def command(
    *,
    port: int,
    host: str,
    leads: str | None,
    users: str | None,
    fields: str | None,
    demo: int | None,
    database: str,
    keys: tuple[tuple[str, str], ...],
    rate: Rate | None,
    faults: dict[Fault, float],
    latency: float,
    slow: float,
    seed: int,
) -> None:
    """Answer as the API would, to clients in any language, until Ctrl-C or a SIGTERM.

    Without --leads it has demo leads. Any keys may call, unless --keys names some.
    --keys and --fault may stand several times.
    """
    if leads is not None and demo is not None:
        raise click.UsageError("--leads and --demo are two sets of leads; write one of them")
    if leads is None and (users or fields):
        raise click.UsageError("--users and --fields belong to --leads; write --leads FILE too")
    # What is wrong with these is said before many leads are read, or that no server is there.
    import_module("leadquery.emulator.server")
    planned = Faults(faults, seed=seed, latency=latency, slow=slow)
    with _interrupted_by_sigterm():
        emulator = Emulator(
            demo_leads(DEMO if demo is None else demo, seed) if leads is None else read_rows(leads),
            demo_users(seed) if leads is None else read_rows(users) if users else (),
            demo_fields() if leads is None else _words(fields),
            keys=keys or None,
            rate=rate,
            database=database,
        )
        try:
            server = emulator.server(port, host, planned)
            held = f"{emulator.leads:,} leads and {emulator.users:,} users"
            click.echo(f"{server.url} answers for {held}; Ctrl-C ends it")
            server.serve()
        finally:
            emulator.close()
            if database != MEMORY:
                Path(database).unlink()


@contextmanager
def _interrupted_by_sigterm() -> Iterator[None]:
    """Let what ends a server in the background do what Ctrl-C does, so that no file stays."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _words(file: str | None) -> tuple[Any, ...]:
    return () if file is None else (*FieldCatalog.of(contents(file)).fields.values(),)
