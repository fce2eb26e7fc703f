"""Where a command takes its input from: a file, or a query that Python code names.

What the command line names and is not there ends a command with 2; what is there and cannot be
used ends it with 1.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from inspect import signature
from pathlib import Path
from shlex import quote
from traceback import format_exception
from typing import TYPE_CHECKING, Any, Final

import click

from leadquery._util.text import escape_unprintable
from leadquery.cli.files import STDIN, SUFFIX, contents
from leadquery.cli.formats import use_colour
from leadquery.cli.formats.results import FileResult
from leadquery.cli.formats.text import lines
from leadquery.errors import PayloadError, QueryError
from leadquery.query.base import MISSING_OUTPUT, BaseQuery
from leadquery.query.from_payload import from_payload
from leadquery.query.query import Query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from leadquery.lint.report import Report


OWN_NAME: Final = "__leadquery__"
"""The name of a module that is read from a file: its stem may be the name of another module."""

LOADERS: Final = (
    __name__,
    "importlib",
    "importlib._bootstrap",
    "importlib._bootstrap_external",
)

_CUTOFF: Final = 0.6
"""Two letters of three that changed places are near enough."""

NO_QUERY: Final = "is neither a query nor a function without arguments that returns one"

UNFINISHED: Final = f"is no finished query; end it with {MISSING_OUTPUT}"


def payload_query(file: str) -> Query:
    """The query of a payload in a file, or in stdin for '-'.

    What is wrong with it is said as `check` says it, and how it can be mended.
    """
    try:
        return from_payload(contents(file))
    except PayloadError as error:
        print_report(file, error.report)
        raise SystemExit(1) from None
    except QueryError as error:
        raise click.ClickException(f"{file!r}: {error}") from None


def print_report(file: str, report: Report) -> None:
    """Say on stderr what is wrong with a payload, as `check` says it, and how it can be mended."""
    for line in lines([FileResult(file, report)]):
        click.echo(line, err=True, color=use_colour(sys.stderr))
    _say_how_to_mend(file, report)


def _say_how_to_mend(file: str, report: Report) -> None:
    fixes = [problem.fix for problem in report if problem.fix]
    if fixes:
        option = "--fix" if any(fix.safe for fix in fixes) else "--unsafe-fixes"
        click.echo(
            f"to mend it: leadquery check {option} {escape_unprintable(quote(file))}", err=True
        )


def load_query(target: str) -> Query:
    """The query behind MODULE:NAME or FILE.py:NAME; a function is called for it."""
    place, name = _parted(target)
    return _query(_module(place), place, name)


def load_queries(target: str) -> dict[str, Query]:
    """The queries behind MODULE:NAME,NAME by name; the module is run once."""
    place, names = _parted(target)
    module = _module(place)
    return {name: _query(module, place, name) for name in names.split(",")}


def source(target: str) -> str | None:
    """The file that a query, or a payload, was read from; None for stdin."""
    if target == STDIN or target.lower().endswith(SUFFIX):
        return None if target == STDIN else target
    place, _ = _parted(target)
    return place if place.endswith(".py") else getattr(sys.modules[place], "__file__", None)


def _parted(target: str) -> tuple[str, str]:
    if target.lower().endswith(SUFFIX):
        raise click.UsageError(
            f"{target!r} is a payload, not a query; leadquery to-python writes the query of one"
        )
    place, _, names = target.rpartition(":")
    if not place or not all(names.split(",")):
        raise click.UsageError(f"{target!r} names no query; write MODULE:NAME or FILE.py:NAME")
    return place, names


def _module(place: str) -> ModuleType:
    return _from_file(Path(place)) if place.endswith(".py") else _from_path(place)


def _query(module: ModuleType, place: str, name: str) -> Query:
    target = f"{place}:{name}"
    if not hasattr(module, name):
        raise click.UsageError(f"{place!r} has no {name!r}; {_offered(module, name)}")
    found = getattr(module, name)
    query = _returned(found, target) if callable(found) else found
    if not isinstance(query, Query):
        lack = UNFINISHED if isinstance(query, BaseQuery) else NO_QUERY
        raise click.ClickException(f"{target!r} {lack}")
    return query


def _offered(module: ModuleType, name: str) -> str:
    """The queries of a module, and the one whose name is nearest."""
    from leadquery._util.suggest import closest_match

    names = {one: one for one, held in vars(module).items() if isinstance(held, Query)}
    near = closest_match(name, names, _CUTOFF)
    meant = f"did you mean {near!r}? " if near else ""
    return meant + (f"its queries are {', '.join(names)}" if names else "no query stands in it")


def _returned(function: Callable[..., Any], target: str) -> Any:
    try:
        signature(function).bind()
    except (TypeError, ValueError):
        raise click.ClickException(f"{target!r} {NO_QUERY}") from None
    with user_code_errors(target):
        return function()


def _from_file(file: Path) -> ModuleType:
    spec = spec_from_file_location(OWN_NAME, file)
    if not file.is_file() or spec is None or spec.loader is None:
        raise click.UsageError(f"there is no file {str(file)!r}")
    module = module_from_spec(spec)
    sys.modules[OWN_NAME] = module
    # Last, so that the modules beside the file are found and none of them hides another.
    sys.path.append(str(file.resolve().parent))
    with user_code_errors(str(file)):
        spec.loader.exec_module(module)
    return module


def _from_path(name: str) -> ModuleType:
    missing = click.UsageError(f"there is no module {name!r} here; write FILE.py:NAME for a file")
    if name.startswith("."):
        raise missing
    if "" not in sys.path:
        sys.path.insert(0, "")
    with user_code_errors(name):
        try:
            return import_module(name)
        except ModuleNotFoundError as error:
            # Also raised for a module that the named one asks for.
            if error.name is None or not f"{name}.".startswith(f"{error.name}."):
                raise
    raise missing


@contextmanager
def user_code_errors(place: str) -> Iterator[None]:
    """Show what the person's own code raises as Python would, from their first line on."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - it may be any
        trace = error.__traceback__
        while trace and trace.tb_frame.f_globals.get("__name__") in LOADERS:
            trace = trace.tb_next
        click.echo("".join(format_exception(type(error), error, trace)), err=True, nl=False)
        raise click.ClickException(
            f"{place!r} raised {type(error).__name__}; mend it where the lines above end"
        ) from None
