"""Load the input of a command: a query from Python code or SQL, or a payload from a file.

All commands that take a query take the same forms, which `FORMS` describes. A command exits with 2
if what the command line names does not exist, and with 1 if it exists but cannot be used.
"""

from __future__ import annotations

import importlib
import os
import sys
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import module_from_spec
from inspect import isfunction, signature
from pathlib import Path
from shlex import quote
from textwrap import shorten
from traceback import StackSummary, TracebackException
from typing import TYPE_CHECKING, Any, Final

import click

from leadquery._util.text import closest_match
from leadquery.cli.check_formats import format_text
from leadquery.cli.files import (
    CUTOFF,
    EXPECTED,
    PYTHON,
    SQL,
    STDIN,
    SUFFIX,
    FileError,
    exists,
    is_folder,
    is_query,
    nearest_file,
    read_input,
    split_request,
    wrong_language,
)
from leadquery.cli.output import print_styled, print_text, width_of
from leadquery.cli.request_files import PayloadContent, choose_body
from leadquery.errors import LeadQueryError, PayloadError, QueryError
from leadquery.lint.checked_file import CheckedPayload
from leadquery.query.base import MISSING_OUTPUT, BaseQuery
from leadquery.query.from_payload import from_payload
from leadquery.query.leads import Leads
from leadquery.query.query import Query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from leadquery.lint.report import Report


FORMS: Final = (
    "A QUERY is FILE.py:NAME or MODULE:NAME, a query in Python, or a function that returns one; "
    "FILE.py, if it has only one; FILE.json, a payload, or a collection of Postman with one; "
    "FILE.json:REQUEST, one of several; FILE.sql, a SELECT statement; or '-', a payload on stdin."
)
"""What the help of each command says of its argument."""

MODULE_NAME: Final = "__leadquery__"
"""The name of a module that is loaded from a file: its stem may be the name of another module."""

_PACKAGE: Final = str(Path(__file__).parent.parent) + os.sep

NOT_A_QUERY: Final = "is neither a query nor a function without arguments that returns one"
UNFINISHED: Final = f"is not a complete query; end it with {MISSING_OUTPUT}"

query_argument = click.argument("query", metavar="QUERY")


def load_query(target: str) -> Query:
    """The query that an argument names, in any of the forms. A function is called for it."""
    queries = load_queries(target)
    if len(queries) > 1:
        raise click.UsageError(f"{target!r} names {len(queries)} queries; name one")
    return next(iter(queries.values()))


def load_queries(target: str) -> dict[str, Query]:
    """The queries that an argument names, by name: several for FILE.py:NAME,NAME.

    Their module is loaded once.
    """
    if not is_query(target):
        return {payload_name(target): load_payload(target)}
    if target.lower().endswith(SQL):
        from leadquery.cli.sql import read_statement

        return {Path(target).stem: read_statement(target)}
    source, names = _split(target)
    module = _load_module(source)
    if names is None:
        names = _only_query(module, source)
    return {name: _get_query(module, source, name) for name in names.split(",")}


def payload_name(file: str) -> str:
    """The name of the query of a payload file, for what is written from it."""
    return "payload" if file == STDIN else Path(split_request(file)[0]).stem


def load_payload(file: str) -> Query:
    """The query of a payload in a file, or in stdin for '-'.

    A payload with errors ends the command with the report of `check`.
    """
    payload = read_payload(file)
    try:
        return from_payload(payload.content)
    except PayloadError as error:
        print_report(file, error.report, payload)
        raise SystemExit(1) from None
    except QueryError as error:
        raise click.ClickException(f"{file!r}: {error}") from None


def read_payload(target: str) -> PayloadContent:
    """The payload in a file, or in stdin for '-'; of FILE.json:REQUEST, that of a request."""
    file, request = split_request(target)
    if file != STDIN and (is_folder(file) or not exists(file)):
        raise missing_file(file)
    return choose_body(file, read_input(file), request)


def print_report(target: str, report: Report, payload: PayloadContent) -> None:
    """Print the report on a payload to stderr as `check` does, and what to do about it."""
    file, _ = split_request(target)
    result = CheckedPayload(file, report, requests=payload.requests, body=payload.body)
    print_styled(format_text([result], width=width_of(sys.stderr)), sys.stderr)
    if note := wrong_language(payload.content):
        print_text(f"{file}: {note}", err=True)
        return
    fixes = [diagnostic.fix for diagnostic in report if diagnostic.fix]
    if fixes:
        option = "--fix" if any(fix.safe for fix in fixes) else "--unsafe-fixes"
        print_text(f"to fix it: leadquery check {option} {quote(file)}", err=True)


def source_file(target: str) -> str | None:
    """The file that a query or a payload was loaded from; None for stdin."""
    if target == STDIN:
        return None
    if not is_query(target) or target.lower().endswith(SQL):
        return split_request(target)[0]
    source, _ = _split(target)
    return source if _is_python(source) else getattr(sys.modules[source], "__file__", None)


def missing_file(file: str) -> click.UsageError:
    """The error for an argument that names no file, or one that no query can be in."""
    return click.UsageError(str(FileError.missing(file)))


def _is_python(source: str) -> bool:
    return source.lower().endswith(PYTHON)


def _split(target: str) -> tuple[str, str | None]:
    """The file or module of an argument, and the names behind it."""
    if _is_python(target):
        return target, None
    source, _, names = target.rpartition(":")
    if source.lower().endswith((SUFFIX, SQL)):
        raise click.UsageError(f"{source!r} holds one query, without a name; write {source}")
    if not source or not all(names.split(",")):
        raise click.UsageError(f"{target!r} names no query; {EXPECTED}")
    return source, names


def _load_module(source: str) -> ModuleType:
    return load_file(Path(source)) if _is_python(source) else _import(source)


def _only_query(module: ModuleType, source: str) -> str:
    """The name of the only query of a file. Several end the command with a list of them."""
    names = _query_names(module)
    if len(names) == 1:
        return next(iter(names))
    if not names:
        raise click.UsageError(f"{source!r} {_why_no_query(module, source)}")
    width = max(map(len, names))
    lines = (
        f"  {name:{width}}  {shorten(query.describe(), _WIDTH, placeholder=' …')}"
        for name, query in names.items()
    )
    raise click.UsageError(
        "\n".join(
            [f"{source!r} has {len(names)} queries; write {source}:{next(iter(names))}", *lines]
        )
    )


_WIDTH: Final = 100
"""The characters of a description in a list of queries."""


def _query_names(module: ModuleType) -> dict[str, Query]:
    return {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, Query) and not name.startswith("_")
    }


def _why_no_query(module: ModuleType, source: str) -> str:
    """What a module has instead of queries."""
    for name, value in vars(module).items():
        if isinstance(value, BaseQuery) and value is not Leads:
            return f"has no complete query; end {name!r} with {MISSING_OUTPUT}"
    for name, value in vars(module).items():
        if isfunction(value) and value.__module__ == module.__name__ and _needs_nothing(value):
            return f"has no query; if {name} returns one, write {source}:{name}"
    try:
        from_payload(Path(source).read_bytes())
    except (LeadQueryError, OSError):
        return "has no query; write one, such as query = Leads.select(Phone)"
    return "holds JSON, not Python; rename it to FILE.json"


def _get_query(module: ModuleType, source: str, name: str) -> Query:
    target = f"{source}:{name}"
    if not hasattr(module, name):
        raise click.UsageError(f"{source!r} has no {name!r}; {_suggest(module, name)}")
    value = getattr(module, name)
    query = _call(value, target) if callable(value) and not isinstance(value, BaseQuery) else value
    if not isinstance(query, Query):
        problem = UNFINISHED if isinstance(query, BaseQuery) else NOT_A_QUERY
        raise click.ClickException(f"{target!r} {problem}")
    return query


def _suggest(module: ModuleType, name: str) -> str:
    """The query of a module with a similar name, and all its queries."""
    names = {known: known for known in _query_names(module)}
    match = closest_match(name, names, CUTOFF)
    suggestion = f"did you mean {match!r}? " if match else ""
    return suggestion + (f"its queries are {', '.join(names)}" if names else "it has no queries")


def _needs_nothing(function: Callable[..., Any]) -> bool:
    """Whether a function can be called without arguments."""
    try:
        signature(function).bind()
    except (TypeError, ValueError):
        return False
    return True


def _call(function: Callable[..., Any], target: str) -> Any:
    if not _needs_nothing(function):
        raise click.ClickException(f"{target!r} {NOT_A_QUERY}")
    with user_code_errors(target):
        return function()


def load_file(file: Path) -> ModuleType:
    """The module of a file. An error in its code ends the command with the traceback."""
    if not file.is_file():
        raise missing_file(str(file))
    if read_input(str(file)).startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise click.ClickException(f"{str(file)!r} is UTF-16; save it as UTF-8")
    # Python itself knows only the suffix .py in lower case.
    loader = SourceFileLoader(MODULE_NAME, str(file.absolute()))
    module = module_from_spec(ModuleSpec(MODULE_NAME, loader, origin=loader.path))
    module.__file__ = loader.path
    sys.modules[MODULE_NAME] = module
    # At the end, so that the file can import modules beside it, but none of them hides another.
    sys.path.append(str(file.resolve().parent))
    with user_code_errors(str(file)):
        loader.exec_module(module)
    return module


def _import(name: str) -> ModuleType:
    near = None if "." in name else nearest_file(name)
    hint = f"did you mean {near}?" if near else "write FILE.py:NAME for a file"
    missing = click.UsageError(f"there is no module {name!r} here; {hint}")
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
    """Show errors in the user's own code as Python would, without the frames of this package."""
    try:
        yield
    except SystemExit:
        raise click.ClickException(
            f"{source!r} ends Python; put what is to run only as a script below "
            'if __name__ == "__main__":'
        ) from None
    except Exception as error:  # noqa: BLE001 - user code may raise anything
        print_text(_format_exception(error), err=True)
        raise click.ClickException(
            f"{source!r} raised {type(error).__name__}; fix it where the traceback above ends"
        ) from None


def _format_exception(error: Exception) -> str:
    """The traceback of an error, from the first line of the user.

    A mistake in a query is in the user's code, so its frames of this package are left out.
    """
    hidden = _PACKAGE if isinstance(error, LeadQueryError) else __file__
    trace = TracebackException.from_exception(error)
    trace.stack = StackSummary.from_list(
        frame
        for frame in trace.stack
        if not frame.filename.startswith((hidden, "<frozen importlib", *_IMPORT_SYSTEM))
    )
    return "".join(trace.format()).rstrip("\n")


_IMPORT_SYSTEM: Final = importlib.__path__
