"""`leadquery check`: find the problems in payload files."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import click
from attrs import evolve, field, frozen

from leadquery.cli.check_formats import FORMATS, MAX_RESULTS, SARIF, formatter
from leadquery.cli.config import Config, config_error, find_config, read_config
from leadquery.cli.file_checker import FileChecker
from leadquery.cli.files import (
    PYTHON,
    SQL,
    STDIN,
    SUFFIX,
    FileError,
    discover,
    is_query,
    split_request,
)
from leadquery.cli.outcomes import Outcome, Summary, omitted_text
from leadquery.cli.output import print_styled, print_text, width_of
from leadquery.lint.check import MAX_DIAGNOSTICS
from leadquery.lint.checked_file import CheckedPayload, CheckOptions
from leadquery.lint.selection import Selection, parse_codes


def _parse_codes(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> Any:
    try:
        return parse_codes(values)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.command("check")
@click.argument("names", metavar="[FILES|FOLDERS|QUERIES|-]...", nargs=-1)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(FORMATS),
    help=f"The format of the report.  [default: {FORMATS[0]}]",
)
@click.option("--fix", is_flag=True, help="Apply the safe fixes.")
@click.option("--unsafe-fixes", "unsafe", is_flag=True, help="Apply the likely fixes too.")
@click.option("--diff", is_flag=True, help="Show the fixes as a diff, and change no file.")
@click.option(
    "--select",
    metavar="CODES",
    multiple=True,
    callback=_parse_codes,
    help="Report these rules only: codes or their beginnings, such as LQ3,LQ501.",
)
@click.option(
    "--ignore",
    metavar="CODES",
    multiple=True,
    callback=_parse_codes,
    help="Do not report these rules. A longer code in --select goes before a beginning here.",
)
@click.option("--strict/--no-strict", default=None, help="Exit with 1 for warnings too.")
@click.option(
    "--max-diagnostics",
    "limit",
    type=click.IntRange(min=0),
    metavar="N",
    help=f"Show at most N problems of a file, and count the others.  [default: "
    f"{MAX_DIAGNOSTICS}; {MAX_RESULTS} in all for sarif]",
)
@click.option(
    "--fields",
    metavar="FILE",
    help="Check field names and values against your account: a file that "
    "'leadquery fields' writes, with --python or --out.",
)
@click.option(
    "--stdin-filename",
    "stdin_name",
    metavar="NAME",
    help="The name of stdin in the report; its configuration is that of a file there.",
)
@click.option("--config", "config_file", metavar="FILE", help="The configuration of all files.")
@click.option("--isolated", is_flag=True, help="Read no configuration.")
@click.pass_context
def command(
    context: click.Context,
    *,
    names: tuple[str, ...],
    output_format: str | None,
    fix: bool,
    unsafe: bool,
    diff: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    strict: bool | None,
    limit: int | None,
    fields: str | None,
    stdin_name: str | None,
    config_file: str | None,
    isolated: bool,
) -> None:
    """A folder means all *.json files in it, '-' means stdin, and FILE.py:NAME, FILE.py or FILE.sql
    the payload of a query. The exit code is 0 without errors, 1 with errors, and 2 if there is no
    file or one cannot be read. With --diff, and when stdin is fixed, the result goes to stdout and
    the report to stderr.

    Options that are not given come from the nearest leadquery.toml, or [tool.leadquery] of the
    nearest pyproject.toml, upwards from a file or from the current folder.
    """
    if stdin_name is not None and STDIN not in (names := names or (STDIN,)):
        raise click.UsageError(f"--stdin-filename is a name for {STDIN!r}; name that")
    if not names:
        raise click.MissingParameter(ctx=context, param=context.command.params[0])
    settings = Settings(
        Selection(select, ignore), fields, stdin_name, _config(config_file, isolated)
    )
    config = settings.config_of(STDIN)
    output_format = output_format or config.format or FORMATS[0]
    strict = config.strict if strict is None else strict
    limit = config.max_diagnostics if limit is None else limit
    if limit is None:
        limit = MAX_RESULTS if output_format == SARIF else MAX_DIAGNOSTICS
    options = CheckOptions(limit=limit)
    checker = FileChecker(options, fix, unsafe, diff, stdin_name or STDIN)
    queries = [name for name in names if is_query(name)]
    if queries and checker.fixes:
        raise click.UsageError(f"{queries[0]!r} is no payload file; correct the query itself")
    payloads = {name: _payloads(name) for name in queries}
    out = sys.stderr if diff or (checker.fixes and STDIN in names) else sys.stdout
    summary = Summary()
    outcomes = summary.count(_check_files(names, payloads, checker, settings))
    lines = formatter(output_format, strict=bool(strict), width=width_of(out))(outcomes)
    if output_format == "github":
        for line in lines:
            click.echo(line, out)
    else:
        print_styled(lines, out)
    if summary.omitted and output_format in ("gitlab", "junit", "rdjson"):
        print_text(omitted_text(summary.omitted), err=True)
    if not summary.files and not summary.unreadable:
        click.echo(f"there is no *{SUFFIX} to check", err=True)
    raise SystemExit(summary.exit_code(strict=bool(strict)))


def _config(file: str | None, isolated: bool) -> Config | None:
    """The configuration of all files, if it is not to be searched for."""
    if file is not None and isolated:
        raise click.UsageError("--config and --isolated exclude each other; leave one out")
    if file is not None:
        return read_config(file)
    return Config() if isolated else None


@frozen(eq=False, repr=False, slots=False)
class Settings:
    """What is checked in each file: by the options, and by the configuration of its folder."""

    given: Selection
    fields: str | None
    stdin_name: str | None
    config: Config | None
    _find: Callable[[str], Config] = field(factory=lambda: cache(find_config))
    _load: Callable[[str], Any] = field(factory=lambda: cache(_load_catalog))

    def config_of(self, name: str) -> Config:
        """The configuration for a file; for stdin, that of its name or of the current folder."""
        if self.config is not None:
            return self.config
        try:
            # Neither pathlib, which is slow to load, nor a function that resolves "..".
            folder = os.getcwd()  # noqa: PTH109
        except OSError:
            # The working directory was deleted.
            return Config()
        return self._find(os.path.dirname(os.path.join(folder, self._file(name))))  # noqa: PTH118, PTH120

    def apply(self, checker: FileChecker, name: str) -> FileChecker:
        """The checker for a file."""
        config = self.config_of(name)
        selection = config.selection_of(self._file(name)).then(self.given)
        options = checker.options._replace(fields=self._fields_of(config), selection=selection)
        return evolve(checker, options=options)

    def _fields_of(self, config: Config) -> Any:
        """The fields of the option, or of a configuration, which an error then names."""
        if self.fields is not None:
            return self._load(self.fields)
        if config.file is None or config.fields is None:
            return None
        try:
            return self._load(str(config.file.parent / config.fields))
        except click.ClickException as error:
            raise config_error(config.file, None, f"'fields': {error.message}") from None

    def _file(self, name: str) -> str:
        """The file of an argument, without the name of a request or a query in it."""
        if name == STDIN:
            return self.stdin_name or STDIN
        file, _ = split_request(name)
        return (file.rpartition(":")[0] or file) if is_query(file) else file


def _load_catalog(file: str) -> Any:
    from leadquery.cli.fields_file import load_catalog

    return load_catalog(file)


def _payloads(query: str) -> dict[str, str]:
    """The payloads of a query, as JSON: one, or those of all requests that it takes."""
    from leadquery.cli.loader import load_queries

    payloads = {}
    for name, loaded in load_queries(query).items():
        is_file = query.lower().endswith((PYTHON, SQL))
        label = f"{query if is_file else query.rpartition(':')[0]}:{name}"
        if loaded.is_one_request:
            payloads[label] = loaded.to_json(indent=2)
        else:
            steps = loaded.plan().to_dict()["steps"]
            for number, step in enumerate(steps, 1):
                payloads[f"{label} (request {number})"] = json.dumps(step["payload"], indent=2)
    return payloads


def _check_files(
    names: Iterable[str],
    payloads: Mapping[str, Mapping[str, str]],
    checker: FileChecker,
    settings: Settings,
) -> Iterator[Outcome]:
    """Check files, and the payloads of those that are queries."""
    for file in discover(names):
        if isinstance(file, FileError):
            outcomes: Iterable[Outcome] = [file]
        elif file in payloads:
            check = settings.apply(checker, file).options.check
            texts = payloads[file].items()
            outcomes = (CheckedPayload(label, check(text)) for label, text in texts)
        else:
            outcomes = settings.apply(checker, file).run(file)
        for outcome in outcomes:
            if isinstance(outcome, FileError):
                print_text(f"Error: {outcome}", err=True)
            yield outcome
