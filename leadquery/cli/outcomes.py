"""What checking files gives: reports, errors and their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import attrs

from leadquery._util.text import escape_unprintable
from leadquery.cli.files import FileError
from leadquery.lint.report import Diagnostic, Report, count_text

if TYPE_CHECKING:
    from leadquery.lint.fixes import Replacement
    from leadquery.lint.request_files import RequestFile
    from leadquery.lint.request_files.embedded import EmbeddedText
    from leadquery.lint.source_text import LineIndex

MAX_PLACES: Final = 5
"""How many places to fix by hand the summary lists."""

MAX_NAME: Final = 80
"""How much of the name of a request to show."""


class BodyInFile(NamedTuple):
    """A body in a file of requests, and the name of its request."""

    file: RequestFile
    text: EmbeddedText
    name: str


class TextEdit(NamedTuple):
    """A change to a file: a text instead of that from one place to another, in characters from 1.

    The text at the end is not replaced.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


@attrs.frozen(eq=False, repr=False, slots=False)
class FileResult:
    """The report on a file as it is now, and what was fixed in it if it was to be fixed.

    In a file of requests, that is one `body` in it; a `note` says why it could not be checked.
    """

    file: str
    report: Report
    fixed: tuple[Diagnostic, ...] | None = None
    body: BodyInFile | None = None
    note: str = ""

    def placed(self, diagnostic: Diagnostic) -> Diagnostic:
        """A diagnostic at its place in the file."""
        if self.body is None:
            return diagnostic
        from leadquery.lint.request_files.checking import placed

        return placed(self.body.file, self.body.text, self.report, diagnostic)

    def to_print(self, diagnostic: Diagnostic) -> tuple[Report, Diagnostic]:
        """The report and a diagnostic of it, to print with its line."""
        if self.body is None:
            return self.report, diagnostic
        from leadquery.lint.request_files.checking import without_placeholders

        return without_placeholders(self.body.text, self.report, diagnostic)

    def replacements(self) -> list[tuple[Replacement, ...]]:
        """What the fix of each diagnostic replaces in the file, without the others."""
        from leadquery.lint.fixes import each_replacements

        found = self.report.diagnostics
        if self.body is None:
            return each_replacements(self.report, found)
        from leadquery.lint.request_files.checking import written_replacements

        written = written_replacements(self.body.text, self.report, found)
        return [changes or () for changes in written]

    def edits(self) -> Iterator[tuple[Diagnostic, list[TextEdit]]]:
        """Each diagnostic at its place in the file, and the changes that fix it."""
        for found, parts in zip(self.report, self.replacements(), strict=True):
            yield self.placed(found), [self.edit(part) for part in parts]

    def edit(self, part: Replacement) -> TextEdit:
        position = self.lines.position
        return TextEdit(*position(part.start), *position(part.end), part.text)

    @cached_property
    def lines(self) -> LineIndex:
        """The lines of the file."""
        from leadquery.lint.source_text import LineIndex

        if self.body is not None:
            return self.body.file.lines
        return LineIndex("") if self.report.source is None else self.report.source.lines

    @property
    def request(self) -> str:
        """The request in the file, as messages call it."""
        if self.body is None or not self.body.name:
            return ""
        from textwrap import shorten

        return f"in {shorten(self.body.name, MAX_NAME, placeholder=' …')!r}"


Outcome = FileResult | FileError


@attrs.define(eq=False, repr=False, slots=False)
class Summary:
    """The numbers of files, diagnostics and fixes."""

    files: int = 0
    last_file: str | None = None
    payloads: int = 0
    payloads_with_problems: int = 0
    errors: int = 0
    warnings: int = 0
    safe_fixes: int = 0
    unsafe_fixes: int = 0
    fixed: int | None = None
    by_hand: list[tuple[str, int | None]] = attrs.field(factory=list)
    omitted: int = 0
    unreadable: int = 0

    def count(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        """The same outcomes, each counted as it passes."""
        for outcome in outcomes:
            self._add(outcome)
            yield outcome

    def _add(self, outcome: Outcome) -> None:
        if isinstance(outcome, FileError):
            self.unreadable += 1
            return
        self.files += outcome.file != self.last_file
        self.last_file = outcome.file
        self.payloads += not outcome.note
        self.payloads_with_problems += bool(outcome.report.all_diagnostics)
        if outcome.fixed is not None:
            self.fixed = (self.fixed or 0) + len(outcome.fixed)
        self.omitted += len(outcome.report.omitted)
        for diagnostic in outcome.report.all_diagnostics:
            self.errors += diagnostic.severity == "error"
            self.warnings += diagnostic.severity == "warning"
            if diagnostic.fix:
                self.safe_fixes += diagnostic.fix.safe
                self.unsafe_fixes += not diagnostic.fix.safe
            else:
                self.by_hand.append((outcome.file, outcome.placed(diagnostic).line))

    def exit_code(self, *, strict: bool) -> int:
        """0 without errors, 1 with errors, 2 if a file was not checked."""
        if self.unreadable or not self.files:
            return 2
        return int(bool(self.errors or (strict and self.warnings)))

    def __str__(self) -> str:
        text = self._text()
        return f"{text}; {self.omitted} not shown" if self.omitted else text

    def _text(self) -> str:
        text = count_text(self.errors, self.warnings)
        if self.fixed is not None and (self.fixed or text):
            text = f"{self.fixed} fixed; {text or 'no problems'} left"
        text = text or "no problems found"
        if self.payloads > 1:
            some = f"{self.payloads_with_problems} of " if self.payloads_with_problems else ""
            noun = "files" if self.payloads == self.files else "payloads"
            text += f" in {some}{self.payloads} {noun}"
        options = {"--fix": self.safe_fixes, "--unsafe-fixes": self.unsafe_fixes}
        fixable = [(number, option) for option, number in options.items() if number]
        if self.fixed is not None:
            return self._remaining(text, [f"{number} with {option}" for number, option in fixable])
        if not fixable:
            return text
        (number, option), *others = fixable
        more = "".join(f", {number} more with {option}" for number, option in others)
        return f"{text}; {number} can be fixed with {option}{more}"

    def _remaining(self, text: str, fixable: list[str]) -> str:
        """The text with how to fix what remains, and where nothing but people can."""
        if self.by_hand:
            places = list(dict.fromkeys(self._place(*place) for place in self.by_hand))
            more = f" and {len(places) - MAX_PLACES} more" if len(places) > MAX_PLACES else ""
            listed = f"{', '.join(places[:MAX_PLACES])}{more}"
            fixable = [*fixable, f"{len(self.by_hand)} by hand ({listed})"]
        return f"{text}: {', '.join(fixable)}" if fixable else text

    def _place(self, file: str, line: int | None) -> str:
        return f"line {line}" if self.files == 1 else f"{escape_unprintable(file)}:{line}"


def omitted_text(number: int) -> str:
    """What a report says of problems that it does not show."""
    return f"{number} more problem{'s are' if number > 1 else ' is'} not shown"
