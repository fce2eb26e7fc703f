"""Output of the commands, safe to print: text for people may quote files and the API.

An escape sequence in such text could change the terminal, and a line such as `::error::` would be
obeyed by GitHub Actions. Data (JSON, CSV, Python, scripts) is written as it is, in UTF-8, with
`click.echo` of bytes.
"""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, Final, TextIO

import click

from leadquery._util.text import escape_unprintable
from leadquery.errors import LeadQueryError, page_address

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

INTERRUPTED: Final = 130
"""The exit code after Ctrl-C, as shells have it: 128 and the number of the signal."""

_WORKFLOW_COMMAND: Final = re.compile(r"^([^\S\n]*):(?=:)", re.MULTILINE)


def escape_commands(text: str) -> str:
    """The text without commands to GitHub Actions, which are `::` at the start of a line, or `##[`.

    The escapes mean the same characters in Python and JSON.
    """
    return _WORKFLOW_COMMAND.sub(r"\1\\u003a", text).replace("##[", r"##\u005b")


def escape_text(text: str) -> str:
    """Text of several lines with everything escaped that could steer a terminal or a workflow."""
    return escape_commands("\n".join(map(escape_unprintable, text.split("\n"))))


def print_text(text: str, *, err: bool = False) -> None:
    """Print text for people, escaped."""
    click.echo(escape_text(text), err=err)


def advice_for_commands(message: str) -> str:
    """A message of the library with the options of the commands, which have no Python."""
    for python, advice in _COMMAND_ADVICE:
        message = re.sub(python, advice, message)
    return message


_COMMAND_ADVICE: Final = (
    (r"\w+=\w+ \((--[a-z-]+)\)", r"\1"),
    (
        r"query\.plan\(\) shows them, client\.run\(query\) sends",
        "'leadquery plan' shows them, 'leadquery run' sends",
    ),
    (r"pass a larger max_calls", "pass a larger --max-calls"),
    (r"filled=\[\.\.\.\] names fields", "--filled names fields"),
    (r'scan="if cheaper"', '--scan "if cheaper"'),
    (r"on_change='(\w+)'", r"--on-change \1"),
    (r"columns=\{(['\"])(.*?)\1: (['\"])(.*?)\3\}", r"--column \2=\4"),
    (r"users='users', or its name", "--users FILE"),
    (r"write \.?page\(1, (\d+)\)", r"write --page-size \1"),
    (r"query\.page\(1, (\d+)\); run\(\) fetches all of them", r"--page-size \1"),
    (r"check\(query\.to_payload\(\), fields=\.\.\.\)", "'leadquery check --fields FILE'"),
    (r"write to it with client\.csv\(\.\.\.\)", "'leadquery run --format csv' writes to it"),
    (r"write (?:api_)?host= with", "set LEADQUERY_API_HOST to"),
    (
        r"at once, or (wait longer: timeout|allow more: max_response_bytes)=.*",
        "at once with --page-size",
    ),
    (r"(write the .*rate.*: |, as in )(rate=\(.*?\))", r"\1Client(..., \2) in Python"),
    (r"client\.run\(query\)\.to_csv\(.*\), or in a shell: ", ""),
    (r"client\.run\(query\)\.to_json\('(.*)'\)", r"'leadquery run --out \1'"),
    (r"send the query with client\.run\(query\)", "send the query with 'leadquery run'"),
    (
        r"client\.rows\(query\) gives all rows one after the other",
        "'leadquery export' gets all rows",
    ),
    (
        r"write the result of client\.run\(query\) with .*",
        "write the result with 'leadquery run --out FILE'",
    ),
    (r"is a database; write", "is a database, not a file for --table; in Python, write"),
    (r"^Table( of a file or a DataFrame)? needs", "--table needs"),
)
"""Advice in Python, as regular expressions, and the same for the commands."""


def print_styled(lines: Iterable[str], out: TextIO) -> None:
    """Print lines with ANSI colours where `use_colour` allows them; their text is escaped."""
    colour = use_colour(out)
    for line in lines:
        click.echo(escape_commands(line if colour else click.unstyle(line)), out, color=colour)


def print_rich(console: Console, *parts: RenderableType) -> None:
    """Print what rich renders; unlike rich, raise BrokenPipeError as other output does."""
    with console.capture() as capture:
        console.print(*parts)
    click.echo(escape_commands(capture.get()), nl=False, color=True)


def width_of(out: TextIO) -> int:
    """The screen columns to write for: COLUMNS, those of a terminal, or 80 for a file or pipe."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return int(columns)
    with suppress(OSError, ValueError):
        return (os.get_terminal_size(out.fileno()).columns if out.isatty() else 0) or WIDTH
    return WIDTH


WIDTH: Final = 80


def use_colour(out: TextIO) -> bool:
    """Whether to use colour: as NO_COLOR or FORCE_COLOR says, otherwise on a terminal.

    (See no-color.org and force-color.org)
    """
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (
        out.isatty() and os.environ.get("TERM") != "dumb"
    )


@contextmanager
def warnings_as_lines() -> Iterator[None]:
    """Print warnings, such as that leads changed, as lines of the command, each text once."""
    show_other, printed = warnings.showwarning, set[str]()

    def show(message: Warning | str, category: type[Warning], *args: Any, **extra: Any) -> None:
        if not issubclass(category, UserWarning):
            show_other(message, category, *args, **extra)
        elif str(message) not in printed:
            printed.add(str(message))
            print_text(f"Warning: {advice_for_commands(str(message))}", err=True)

    with warnings.catch_warnings():
        warnings.simplefilter("always", UserWarning)
        warnings.showwarning = show
        yield


@contextmanager
def errors_as_messages() -> Iterator[None]:
    """End a command with the escaped message of an error, and quietly after Ctrl-C."""
    try:
        yield
    except click.ClickException as error:
        # click declares it as final.
        vars(error).update(message=escape_text(error.message))
        raise
    except LeadQueryError as error:
        note = f"see {page_address(error.docs_page)}"
        message = escape_text(advice_for_commands(str(error)))
        raise click.ClickException(f"{message}\n{note}") from None
    except KeyboardInterrupt:
        raise click.exceptions.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        # Its reader has read enough, as `head` does.
        discard_output()
        raise click.exceptions.Exit(0) from None


def prepare_streams() -> None:
    """Make stdout and stderr accept every text.

    Python sets a closed one to None, as in services and under pythonw: discard what goes there.
    A character that the encoding lacks is written as Python's escape.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def discard_output() -> None:
    """Redirect stdout to nowhere, so that Python does not fail again when it flushes it."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
