"""What checking files gives: reports, errors and their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

import attrs

from leadquery._util.text import escape_unprintable
from leadquery.cli.files import FileError
from leadquery.lint.checked_file import CheckedPayload
from leadquery.lint.report import Diagnostic, count_text

if TYPE_CHECKING:
    from leadquery.lint.fixes import Replacement

MAX_PLACES: Final = 5
"""How many places to fix by hand the summary lists."""

MAX_NAME: Final = 80
"""How much of the name of a request to show."""


class TextEdit(NamedTuple):
    """A change to a file: a text instead of that from one place to another, in characters from 1.

    The text at the end is not replaced.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


def text_edit(payload: CheckedPayload, part: Replacement) -> TextEdit:
    """A replacement in the file of a payload by lines and columns."""
    position = payload.lines.position
    return TextEdit(*position(part.start), *position(part.end), part.text)


def text_edits(payload: CheckedPayload) -> Iterator[tuple[Diagnostic, list[TextEdit]]]:
    """Each diagnostic at its place in the file, and the changes that fix it."""
    found = payload.report.diagnostics
    for one, parts in zip(found, payload.replacements(found), strict=True):
        yield payload.placed(one), [text_edit(payload, part) for part in parts]


def request_text(payload: CheckedPayload) -> str:
    """The request of a payload in its file, as messages call it."""
    if payload.body is None or not payload.body.name:
        return ""
    from textwrap import shorten

    return f"in {shorten(payload.body.name, MAX_NAME, placeholder=' …')!r}"


Outcome = CheckedPayload | FileError


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
        text = text or ("no problems found" if self.payloads else "nothing was checked")
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
