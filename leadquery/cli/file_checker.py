"""Checks files one by one, and fixes them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click
from attrs import frozen

from leadquery.cli.files import (
    STDIN,
    FileError,
    exists,
    read,
    split_request,
    write,
    wrong_language,
)
from leadquery.cli.outcomes import Outcome
from leadquery.cli.output import print_text
from leadquery.lint.checked_file import DEFAULTS, CheckedFile, CheckOptions, check_file
from leadquery.lint.decoder import decode_request


@frozen(eq=False, repr=False)
class FileChecker:
    """Checks files one by one by the same options, and fixes them if asked to.

    `stdin_name` is the name of stdin in reports.
    """

    options: CheckOptions = DEFAULTS
    fix: bool = False
    unsafe: bool = False
    diff: bool = False
    stdin_name: str = STDIN

    @property
    def fixes(self) -> bool:
        """Whether to apply fixes, in the file or in a diff."""
        return self.fix or self.unsafe or self.diff

    def run(self, name: str) -> Iterator[Outcome]:
        """Check one file, or a request in it. Fixed stdin and diffs go to stdout."""
        file, request = split_request(name)
        label = self.stdin_name if file == STDIN else file
        try:
            content = read(file)
        except OSError as error:
            is_missing = file != STDIN and not exists(file)
            yield FileError.missing(file) if is_missing else FileError.reading(label, error)
            return
        requests = None
        if request or not _is_valid(content):
            from leadquery.cli.request_files import choose_requests

            requests = choose_requests(file, content, request)
        checked = check_file(label, content, requests, self.options)
        if requests is None and not checked.payloads[0].report.ok:
            note = wrong_language(content)
            if note:
                print_text(f"{label}: {note}", err=True)
        if self.fixes:
            fixed = checked.fixed(unsafe=self.unsafe)
            failed = self._save(file, checked, fixed)
            if failed is not None:
                yield failed
                return
            checked = checked if self.diff else fixed
        yield from checked.payloads
        if checked.requests is not None and all(one.note for one in checked.payloads):
            from leadquery.cli.request_files import why_nothing

            yield FileError(label, why_nothing(checked.requests))

    def _save(self, file: str, checked: CheckedFile, fixed: CheckedFile) -> FileError | None:
        """Write what was fixed, or print it or its diff."""
        if self.diff:
            from leadquery.cli.request_files import diff_files

            for diff in diff_files(checked, fixed):
                click.echo(diff, nl=False)
        elif file == STDIN:
            click.echo(fixed.content, nl=False)
        elif fixed.content != checked.content:
            try:
                write(file, fixed.content)
            except OSError as error:
                return FileError.writing(file, error)
        return None


def _is_valid(content: bytes) -> bool:
    """Whether a file is a valid payload, so that it needs no search for requests in it."""
    try:
        return decode_request(json.loads(content)) is not None
    except (ValueError, RecursionError):
        return False
