"""Load the input of a command: a payload from a file, or a query from Python code.

A command exits with 2 if what the command line names does not exist, and with 1 if it exists but
cannot be used.
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

from leadquery.cli.files import STDIN, SUFFIX, read_input
from leadquery.cli.formats import FileResult, format_text
from leadquery.cli.output import print_styled, print_text
from leadquery.errors import PayloadError, QueryError
from leadquery.query.base import MISSING_OUTPUT, BaseQuery
from leadquery.query.from_payload import from_payload
from leadquery.query.query import Query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from leadquery.lint.report import Report


MODULE_NAME: Final = "__leadquery__"
"""The name of a module that is loaded from a file: its stem may be the name of another module."""

LOADERS: Final = (
    __name__,
    "importlib",
    "importlib._bootstrap",
    "importlib._bootstrap_external",
)

_CUTOFF: Final = 0.6
"""The similarity of names for a suggestion: a transposition in a name of five letters."""

NOT_A_QUERY: Final = "is neither a query nor a function without arguments that returns one"
UNFINISHED: Final = f"is not a complete query; end it with {MISSING_OUTPUT}"


def is_payload(target: str) -> bool:
    """Whether an argument names a payload: a JSON file, or stdin."""
    return target == STDIN or target.lower().endswith(SUFFIX)


def load_payload(file: str) -> Query:
    """The query of a payload in a file, or in stdin for '-'.

    A payload with errors ends the command with the report of `check`.
    """
    try:
        return from_payload(read_input(file))
    except PayloadError as error:
        print_report(file, error.report)
        raise SystemExit(1) from None
    except QueryError as error:
        raise click.ClickException(f"{file!r}: {error}") from None


def print_report(file: str, report: Report) -> None:
    """Print the report on a payload to stderr as `check` does, and the command that fixes it."""
    print_styled(format_text([FileResult(file, report)]), sys.stderr)
    fixes = [diagnostic.fix for diagnostic in report if diagnostic.fix]
    if fixes:
        option = "--fix" if any(fix.safe for fix in fixes) else "--unsafe-fixes"
        print_text(f"to fix it: leadquery check {option} {quote(file)}", err=True)


def load_query(target: str) -> Query:
    """The query that MODULE:NAME or FILE.py:NAME names. A function is called for it."""
    source, name = _split(target)
    return _get_query(_load_module(source), source, name)


def load_queries(target: str) -> dict[str, Query]:
    """The queries that MODULE:NAME,NAME names, by name. The module is loaded once."""
    source, names = _split(target)
    module = _load_module(source)
    return {name: _get_query(module, source, name) for name in names.split(",")}


def source_file(target: str) -> str | None:
    """The file that a query or a payload was loaded from; None for stdin."""
    if is_payload(target):
        return None if target == STDIN else target
    source, _ = _split(target)
    return source if source.endswith(".py") else getattr(sys.modules[source], "__file__", None)


def _split(target: str) -> tuple[str, str]:
    if target.lower().endswith(SUFFIX):
        raise click.UsageError(
            f"{target!r} is a payload, not a query; convert it with 'leadquery to-python'"
        )
    source, _, names = target.rpartition(":")
    if not source or not all(names.split(",")):
        raise click.UsageError(f"{target!r} names no query; write MODULE:NAME or FILE.py:NAME")
    return source, names


def _load_module(source: str) -> ModuleType:
    return load_file(Path(source)) if source.endswith(".py") else _import(source)


def _get_query(module: ModuleType, source: str, name: str) -> Query:
    target = f"{source}:{name}"
    if not hasattr(module, name):
        raise click.UsageError(f"{source!r} has no {name!r}; {_suggest(module, name)}")
    value = getattr(module, name)
    query = _call(value, target) if callable(value) else value
    if not isinstance(query, Query):
        problem = UNFINISHED if isinstance(query, BaseQuery) else NOT_A_QUERY
        raise click.ClickException(f"{target!r} {problem}")
    return query


def _suggest(module: ModuleType, name: str) -> str:
    """The query of a module with a similar name, and all its queries."""
    from leadquery._util.text import closest_match

    names = {known: known for known, value in vars(module).items() if isinstance(value, Query)}
    match = closest_match(name, names, _CUTOFF)
    suggestion = f"did you mean {match!r}? " if match else ""
    return suggestion + (f"its queries are {', '.join(names)}" if names else "it has no queries")


def _call(function: Callable[..., Any], target: str) -> Any:
    try:
        signature(function).bind()
    except (TypeError, ValueError):
        raise click.ClickException(f"{target!r} {NOT_A_QUERY}") from None
    with user_code_errors(target):
        return function()


def load_file(file: Path) -> ModuleType:
    """The module of a file. An error in its code ends the command with the traceback."""
    spec = spec_from_file_location(MODULE_NAME, file)
    if not file.is_file() or spec is None or spec.loader is None:
        raise click.UsageError(f"there is no file {str(file)!r}")
    module = module_from_spec(spec)
    sys.modules[MODULE_NAME] = module
    # At the end, so that the file can import modules beside it, but none of them hides another.
    sys.path.append(str(file.resolve().parent))
    with user_code_errors(str(file)):
        spec.loader.exec_module(module)
    return module


def _import(name: str) -> ModuleType:
    missing = click.UsageError(f"there is no module {name!r} here; write FILE.py:NAME for a file")
    if name.startswith("."):
        raise missing
    if "" not in sys.path:
        sys.path.insert(0, "")
    with user_code_errors(name):
        try:
            return import_module(name)
        except ModuleNotFoundError as error:
            # The missing module may also be one that the named module imports.
            if error.name is None or not f"{name}.".startswith(f"{error.name}."):
                raise
    raise missing


@contextmanager
def user_code_errors(source: str) -> Iterator[None]:
    """Show errors in the user's own code as Python would, from the first line of that code."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - user code may raise anything
        trace = error.__traceback__
        while trace and trace.tb_frame.f_globals.get("__name__") in LOADERS:
            trace = trace.tb_next
        print_text("".join(format_exception(type(error), error, trace)).rstrip("\n"), err=True)
        raise click.ClickException(
            f"{source!r} raised {type(error).__name__}; fix it where the traceback above ends"
        ) from None
