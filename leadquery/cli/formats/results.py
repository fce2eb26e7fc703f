"""What checking a file came to, and the count over all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import define, frozen

from leadquery.cli.files import FileError
from leadquery.lint.report import Diagnostic, Report


@frozen
class FileResult:
    """A file, what is to be said of it now, and what was mended in it."""

    file: str
    report: Report
    fixed: tuple[Diagnostic, ...] = ()


Outcome = FileResult | FileError


@define
class Summary:
    """The count over all files."""

    files: int = 0
    troubled: int = 0
    errors: int = 0
    warnings: int = 0
    safe: int = 0
    unsafe: int = 0
    fixed: int = 0
    unreadable: int = 0

    def over(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        """The same outcomes, each counted as it passes."""
        for outcome in outcomes:
            self._take(outcome)
            yield outcome

    def _take(self, outcome: Outcome) -> None:
        if isinstance(outcome, FileError):
            self.unreadable += 1
            return
        self.files += 1
        self.troubled += bool(outcome.report.diagnostics)
        self.fixed += len(outcome.fixed)
        for problem in outcome.report:
            self.errors += problem.severity == "error"
            self.warnings += problem.severity == "warning"
            if problem.fix:
                self.safe += problem.fix.safe
                self.unsafe += not problem.fix.safe

    def code(self, *, strict: bool) -> int:
        """What the command ends with: 0 for fine, 1 for errors, 2 for what was not checked."""
        if self.unreadable or not self.files:
            return 2
        return int(bool(self.errors or (strict and self.warnings)))
