"""Checks files one by one, and fixes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click
from attrs import evolve, frozen

from leadquery.cli.files import (
    STDIN,
    FileError,
    exists,
    read,
    split_request,
    write,
    wrong_language,
)
from leadquery.cli.outcomes import FileResult, Outcome
from leadquery.cli.output import print_text
from leadquery.lint.check import MAX_DIAGNOSTICS, check, limited
from leadquery.lint.decoder import decode_request
from leadquery.lint.report import Report
from leadquery.lint.selection import EVERY_RULE, Selection

if TYPE_CHECKING:
    from leadquery.lint.request_files import RequestFile


@frozen(eq=False, repr=False, slots=False)
class FileChecker:
    """Checks files one by one, and fixes them if asked to.

    `fields` are those of the account, `selection` says which rules to report, `limit` is how many
    diagnostics of a file to show, and `stdin_name` the name of stdin in reports.
    """

    fix: bool = False
    unsafe: bool = False
    diff: bool = False
    fields: Any = None
    selection: Selection = EVERY_RULE
    limit: int = MAX_DIAGNOSTICS
    stdin_name: str = STDIN

    @property
    def fixes(self) -> bool:
        """Whether to apply fixes, in the file or in a diff."""
        return self.fix or self.unsafe or self.diff

    def check(self, content: bytes | str) -> Report:
        """The report on a payload."""
        report = check(content, self.fields, max_diagnostics=None)
        return limited(self.selection.apply(report), self.limit)

    def _label(self, file: str) -> str:
        return self.stdin_name if file == STDIN else file

    def run(self, name: str) -> Iterator[Outcome]:
        """Check one file, or a request in it. Fixed stdin and diffs go to stdout."""
        file, request = split_request(name)
        try:
            content = read(file)
        except OSError as error:
            is_missing = file != STDIN and not exists(file)
            label = self._label(file)
            yield FileError.missing(file) if is_missing else FileError.reading(label, error)
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

        label = self._label(file)
        checked = check_requests(requests, self.check)
        if not self.fixes:
            yield from self._selected(checked.outcomes(label))
            return
        fixed = checked.fixed(self.check, unsafe=self.unsafe)
        if self.diff:
            for diff in diff_bodies(label, requests, fixed.file):
                click.echo(diff, nl=False)
            yield from self._selected(checked.outcomes(label))
            return
        error = self._save(file, content, fixed.file.text.encode())
        yield from [error] if error else self._selected(fixed.outcomes(label))

    def _selected(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        """The outcomes with what is selected of the checks that bodies do not have alone."""
        for outcome in outcomes:
            if isinstance(outcome, FileResult):
                yield evolve(outcome, report=self.selection.apply(outcome.report))
            else:
                yield outcome

    def _save(self, file: str, content: bytes, fixed: bytes) -> FileError | None:
        """Write what was fixed, or print it or its diff."""
        if self.diff:
            from leadquery.cli.unified_diff import unified_diff

            click.echo(unified_diff(self._label(file), content, fixed), nl=False)
        elif file == STDIN:
            click.echo(fixed, nl=False)
        elif fixed != content:
            try:
                write(file, fixed)
            except OSError as error:
                return FileError.writing(file, error)
        return None

    def _check_payload(self, file: str, content: bytes) -> Outcome:
        label = self._label(file)
        report = self.check(content)
        if not report.ok and (note := wrong_language(content)):
            print_text(f"{label}: {note}", err=True)
        if not self.fixes:
            return FileResult(label, report)
        from leadquery.lint.fixes import fix_all

        result = fix_all(report, self.check, unsafe=self.unsafe)
        error = self._save(file, content, result.content)
        if error is not None:
            return error
        if self.diff:
            return FileResult(label, report)
        return FileResult(label, result.report, result.fixed)


def _is_valid(content: bytes) -> bool:
    """Whether a file is a valid payload, so that it needs no search for requests in it."""
    try:
        return decode_request(json.loads(content)) is not None
    except (ValueError, RecursionError):
        return False
