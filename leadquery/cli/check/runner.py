"""One file at a time: read, checked, mended, and written or shown as a diff."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import click
from attrs import frozen

from leadquery.cli.check.difference import difference
from leadquery.cli.files import STDIN, read, unreadable, write
from leadquery.cli.formats.results import FileResult, Outcome
from leadquery.lint.check import check
from leadquery.lint.report import Diagnostic, Report

MAX_FIX_ROUNDS: Final = 10
"""A fix may lay bare another mistake that can be mended; this is how often one looks again.

Likely fixes are applied in the first round alone: a guess about what a guess has made would drift
from what was meant.
"""


class FixResult(NamedTuple):
    """The bytes of a file with fixes applied, what is to be said of them, and what was mended."""

    content: bytes
    report: Report
    fixed: tuple[Diagnostic, ...]


@frozen
class FileChecker:
    """What is to be done with each file; `fields` are the account's own, or None."""

    fix: bool = False
    unsafe: bool = False
    diff: bool = False
    fields: Any = None

    @property
    def mends(self) -> bool:
        """Whether fixes are asked for, to be written or shown."""
        return self.fix or self.unsafe or self.diff

    def on(self, file: str) -> Outcome:
        """Do it to one file. Mended stdin and diffs go to stdout."""
        try:
            content = read(file)
        except OSError as error:
            return unreadable(file, error)
        report = check(content, self.fields)
        if not self.mends:
            return FileResult(file, report)
        mended = self._mended(content, report)
        if self.diff:
            click.echo(difference(file, content, mended.content), nl=False)
            return FileResult(file, report)
        try:
            _put(file, mended.content, changed=mended.content != content)
        except OSError as error:
            return unreadable(file, error, to="written")
        return FileResult(file, mended.report, mended.fixed)

    def _mended(self, content: bytes, report: Report) -> FixResult:
        fixed: list[Diagnostic] = []
        for rounds in range(MAX_FIX_ROUNDS):
            unsafe = self.unsafe and rounds == 0
            due = [one for one in report if one.fix and (unsafe or one.fix.safe)]
            if not due:
                break
            fixed += due
            content = report.fixed(unsafe=unsafe)
            report = check(content, self.fields)
        return FixResult(content, report, tuple(fixed))


def _put(file: str, content: bytes, *, changed: bool) -> None:
    if file == STDIN:
        click.echo(content, nl=False)
    elif changed:
        write(file, content)
