"""`leadquery check`: find the problems in payload files."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping

import click

from leadquery.cli.file_checker import FileChecker
from leadquery.cli.files import PYTHON, SQL, STDIN, SUFFIX, FileError, discover, is_query
from leadquery.cli.formats import FORMATS, MAX_RESULTS, SARIF, formatter
from leadquery.cli.outcomes import FileResult, Outcome, Summary
from leadquery.cli.output import print_styled, print_text
from leadquery.lint.check import MAX_DIAGNOSTICS


@click.command("check")
@click.argument("names", metavar="[FILES|FOLDERS|QUERIES|-]...", nargs=-1, required=True)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(FORMATS),
    default=FORMATS[0],
    show_default=True,
    help="The format of the report.",
)
@click.option("--fix", is_flag=True, help="Apply the safe fixes.")
@click.option("--unsafe-fixes", "unsafe", is_flag=True, help="Apply the likely fixes too.")
@click.option("--diff", is_flag=True, help="Show the fixes as a diff, and change no file.")
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
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
def command(
    *,
    names: tuple[str, ...],
    output_format: str,
    fix: bool,
    unsafe: bool,
    diff: bool,
    strict: bool,
    limit: int | None,
    fields: str | None,
) -> None:
    """A folder means all *.json files in it, '-' means stdin, and FILE.py:NAME, FILE.py or FILE.sql
    the payload of a query. The exit code is 0 without errors, 1 with errors, and 2 if there is no
    file or one cannot be read. With --diff, and when stdin is fixed, the result goes to stdout and
    the report to stderr.
    """
    catalog = None
    if fields is not None:
        from leadquery.cli.fields_file import load_catalog

        catalog = load_catalog(fields)
    if limit is None:
        limit = MAX_RESULTS if output_format == SARIF else MAX_DIAGNOSTICS
    checker = FileChecker(fix=fix, unsafe=unsafe, diff=diff, fields=catalog, limit=limit)
    queries = [name for name in names if is_query(name)]
    if queries and checker.fixes:
        raise click.UsageError(f"{queries[0]!r} is no payload file; correct the query itself")
    payloads = {name: _payloads(name) for name in queries}
    out = sys.stderr if diff or (checker.fixes and STDIN in names) else sys.stdout
    summary = Summary()
    lines = formatter(output_format, strict=strict)(
        summary.count(_check_files(names, payloads, checker))
    )
    if output_format == "github":
        for line in lines:
            click.echo(line, out)
    else:
        print_styled(lines, out)
    if not summary.files and not summary.unreadable:
        click.echo(f"there is no *{SUFFIX} to check", err=True)
    raise SystemExit(summary.exit_code(strict=strict))


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
    names: Iterable[str], payloads: Mapping[str, Mapping[str, str]], checker: FileChecker
) -> Iterator[Outcome]:
    """Check files, and the payloads of those that are queries."""
    for file in discover(names):
        if not isinstance(file, FileError) and file in payloads:
            for label, payload in payloads[file].items():
                yield FileResult(label, checker.check(payload))
            continue
        for outcome in [file] if isinstance(file, FileError) else checker.run(file):
            if isinstance(outcome, FileError):
                print_text(f"Error: {outcome}", err=True)
            yield outcome
