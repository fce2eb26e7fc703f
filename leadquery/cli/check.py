"""`leadquery check`, `rules` and `rule`: find the problems in payload files, and explain them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click
from attrs import frozen

from leadquery._util.text import escape_unprintable
from leadquery.cli.files import (
    PYTHON,
    SQL,
    STDIN,
    SUFFIX,
    FileError,
    discover,
    exists,
    is_query,
    read,
    split_request,
    write,
    wrong_language,
)
from leadquery.cli.formats import (
    FORMATS,
    MAX_RESULTS,
    SARIF,
    FileResult,
    Outcome,
    Summary,
    formatter,
)
from leadquery.cli.output import print_styled, print_text
from leadquery.lint.check import MAX_DIAGNOSTICS, check
from leadquery.lint.decoder import decode_request
from leadquery.lint.report import COLOURS, Diagnostic, Report
from leadquery.lint.rules import Rule, all_rules, rule_page

if TYPE_CHECKING:
    from leadquery.lint.request_files import RequestFile


MAX_FIX_ROUNDS: Final = 10
"""A fix may uncover another fixable mistake, so files are fixed again this often at most.

Likely fixes are applied only in the first round: a guess based on a guess could change the meaning.
"""


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
    lines = formatter(output_format)(summary.count(_check_files(names, payloads, checker)))
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


def _is_valid(content: bytes) -> bool:
    """Whether a file is a valid payload, so that it needs no search for requests in it."""
    try:
        return decode_request(json.loads(content)) is not None
    except (ValueError, RecursionError):
        return False


class FixResult(NamedTuple):
    """The content of a file with fixes applied, the report on it, and what was fixed."""

    content: bytes
    report: Report
    fixed: tuple[Diagnostic, ...]


@frozen
class FileChecker:
    """Checks files one by one, and fixes them if asked to.

    `fields` are those of the account, `limit` is how many diagnostics of a file to show.
    """

    fix: bool = False
    unsafe: bool = False
    diff: bool = False
    fields: Any = None
    limit: int = MAX_DIAGNOSTICS

    @property
    def fixes(self) -> bool:
        """Whether to apply fixes, in the file or in a diff."""
        return self.fix or self.unsafe or self.diff

    def check(self, content: bytes | str) -> Report:
        """The report on a payload."""
        return check(content, self.fields, max_diagnostics=self.limit)

    def run(self, name: str) -> Iterator[Outcome]:
        """Check one file, or a request in it. Fixed stdin and diffs go to stdout."""
        file, request = split_request(name)
        try:
            content = read(file)
        except OSError as error:
            is_missing = file != STDIN and not exists(file)
            yield FileError.missing(file) if is_missing else FileError.reading(file, error)
            return
        if not request and _is_valid(content):
            yield self._check_payload(file, content)
            return
        from leadquery.cli.request_files import choose_requests

        requests = choose_requests(file, content, request)
        yield from (
            [self._check_payload(file, content)]
            if requests is None
            else self._check_requests(file, content, requests)
        )

    def _check_requests(
        self, file: str, content: bytes, requests: RequestFile
    ) -> Iterator[Outcome]:
        """Check the bodies in a file of requests."""
        from leadquery.cli.request_files import check_requests, diff_bodies

        checked = check_requests(requests, self.check)
        if not self.fixes:
            yield from checked.outcomes(file)
            return
        fixed = checked.fixed(self.check, unsafe=self.unsafe)
        if self.diff:
            for diff in diff_bodies(file, requests, fixed.file):
                click.echo(diff, nl=False)
            yield from checked.outcomes(file)
            return
        error = self._save(file, content, fixed.file.text.encode())
        yield from [error] if error else fixed.outcomes(file)

    def _save(self, file: str, content: bytes, fixed: bytes) -> FileError | None:
        """Write what was fixed, or print it or its diff."""
        if self.diff:
            from leadquery.cli.unified_diff import unified_diff

            click.echo(unified_diff(file, content, fixed), nl=False)
        elif file == STDIN:
            click.echo(fixed, nl=False)
        elif fixed != content:
            try:
                write(file, fixed)
            except OSError as error:
                return FileError.writing(file, error)
        return None

    def _check_payload(self, file: str, content: bytes) -> Outcome:
        report = self.check(content)
        if not report.ok and (note := wrong_language(content)):
            print_text(f"{file}: {note}", err=True)
        if not self.fixes:
            return FileResult(file, report)
        result = self._fix(content, report)
        error = self._save(file, content, result.content)
        if error is not None:
            return error
        if self.diff:
            return FileResult(file, report)
        return FileResult(file, result.report, result.fixed)

    def _fix(self, content: bytes, report: Report) -> FixResult:
        fixed: list[Diagnostic] = []
        for number in range(MAX_FIX_ROUNDS):
            unsafe = self.unsafe and number == 0
            fixable = [
                diagnostic
                for diagnostic in report.all_diagnostics
                if diagnostic.fix and (unsafe or diagnostic.fix.safe)
            ]
            if not fixable:
                break
            fixed += fixable
            content = report.fixed(unsafe=unsafe)
            report = self.check(content)
        return FixResult(content, report, tuple(fixed))


_MAX_LENGTH: Final = 600


@click.command("rules")
def rules_command() -> None:
    for rule in all_rules():
        severity = rule.severity.value
        styled = click.style(f"{severity:7}", fg=COLOURS[severity])
        click.echo(f"{rule.code}  {styled}  {rule.title}")


@click.command("rule")
@click.argument("code", metavar="CODE")
def rule_command(code: str) -> None:
    codes = (code.upper(), f"LQ{code}")
    rule = next((rule for rule in all_rules() if rule.code in codes), None)
    if rule is None:
        raise click.UsageError(f"there is no rule {code!r}; 'leadquery rules' lists them")
    severity = rule.severity.value
    click.echo(f"{click.style(f'{rule.code} {severity}', fg=COLOURS[severity])}  {rule.title}")
    for name, text in sections(rule):
        click.echo(f"\n{click.style(name, bold=True)}\n{_indent(text)}")


def sections(rule: Rule) -> list[tuple[str, str]]:
    """The documentation of a rule, as headings and texts."""
    return [
        ("Why", rule.rationale),
        ("Source", f"API page, section {rule.spec_section!r}; {rule.certainty.value}"),
        ("Example", printable(rule.bad)),
        ("Instead", printable(rule.good)),
        ("Docs", rule_page(rule.code)),
        *([("What to write", "\n".join(map(_wrapped, rule.more())))] if rule.more else []),
    ]


def _wrapped(line: str) -> str:
    from textwrap import fill

    return fill(line, _WIDTH, subsequent_indent="  ", break_long_words=False)


_WIDTH: Final = 90


def _indent(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


def printable(example: str) -> str:
    """An example with unprintable characters and invalid bytes escaped, cut if very long."""
    text = example.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    short = text if len(text) <= _MAX_LENGTH else f"{text[:20]} … {text[-20:]}"
    return "\n".join(map(escape_unprintable, short.split("\n")))
