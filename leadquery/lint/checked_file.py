"""A file with the payloads in it: what `check` finds in each, where, and the file with its fixes.

The command line and the language server use it for payloads and for files of requests.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from attrs import evolve, frozen

from leadquery.lint.check import MAX_DIAGNOSTICS, check, limited
from leadquery.lint.report import Diagnostic, Report
from leadquery.lint.selection import EVERY_RULE, Selection

# A valid payload needs nothing else.
if TYPE_CHECKING:
    from leadquery.lint.fixes import Replacement
    from leadquery.lint.request_files import RequestBody, RequestFile
    from leadquery.lint.request_files.embedded import EmbeddedText
    from leadquery.lint.source_text import LineIndex


class CheckOptions(NamedTuple):
    """The account's fields, the rules to report, and how many diagnostics of a payload to show."""

    fields: Any = None
    selection: Selection = EVERY_RULE
    limit: int = MAX_DIAGNOSTICS

    def check(self, payload: bytes | str) -> Report:
        """The report on a payload."""
        return self.select(self.check_all(payload))

    def check_all(self, payload: bytes | str) -> Report:
        """The report of all rules on a payload."""
        return check(payload, self.fields, max_diagnostics=None)

    def select(self, report: Report) -> Report:
        """What is to be shown of a report."""
        return limited(self.selection.apply(report), self.limit)


DEFAULTS: Final = CheckOptions()


@frozen(eq=False, repr=False)
class CheckedPayload:
    """The report on a payload in a file, and what was fixed in it if it was to be fixed.

    `file` is the name of the file. In one of `requests`, the payload is a `body` in it; a `note`
    says why it could not be checked.
    """

    file: str
    report: Report
    fixed: tuple[Diagnostic, ...] | None = None
    requests: RequestFile | None = None
    body: RequestBody | None = None
    note: str = ""

    @property
    def text(self) -> EmbeddedText | None:
        """The text of the body, and where it is in the file."""
        return None if self.body is None else self.body.text

    @property
    def lines(self) -> LineIndex:
        """The lines of the file."""
        from leadquery.lint.source_text import LineIndex

        if self.requests is not None:
            return self.requests.lines
        return LineIndex("") if self.report.source is None else self.report.source.lines

    def placed(self, diagnostic: Diagnostic) -> Diagnostic:
        """A diagnostic at its place in the file."""
        if self.text is None:
            return diagnostic
        from leadquery.lint.request_files.checking import placed

        return placed(self.text, self.lines, diagnostic)

    def to_print(self, diagnostic: Diagnostic) -> tuple[Report, Diagnostic]:
        """The report and a diagnostic of it, to print with its line."""
        if self.text is None:
            return self.report, diagnostic
        from leadquery.lint.request_files.checking import without_placeholders

        return without_placeholders(self.text, self.report, diagnostic)

    def replacements(self, found: Sequence[Diagnostic]) -> list[tuple[Replacement, ...]]:
        """What the fix of each diagnostic replaces in the file, without the others."""
        from leadquery.lint.fixes import each_replacements

        if self.text is None:
            return each_replacements(self.report, found)
        from leadquery.lint.request_files.checking import written_replacements

        written = written_replacements(self.text, self.report, found)
        return [changes or () for changes in written]


@frozen(eq=False, repr=False)
class CheckedFile:
    """A file, and the payloads in it: itself, or the bodies of its requests."""

    name: str
    content: Any
    payloads: tuple[CheckedPayload, ...]
    requests: RequestFile | None
    options: CheckOptions

    def fixed(self, *, unsafe: bool = False) -> CheckedFile:
        """The file with all safe fixes applied, and with `unsafe` the likely ones."""
        if self.requests is None:
            from leadquery.lint.fixes import fix_all

            [payload] = self.payloads
            result = fix_all(payload.report, self.options.check, unsafe=unsafe)
            payload = evolve(payload, report=result.report, fixed=result.fixed)
            return evolve(self, content=result.content, payloads=(payload,))
        return self._with_fixed_bodies(unsafe=unsafe)

    def _with_fixed_bodies(self, *, unsafe: bool) -> CheckedFile:
        from leadquery.lint.fixes import MAX_FIX_ROUNDS, replace
        from leadquery.lint.request_files import read_requests
        from leadquery.lint.request_files.checking import next_fixes

        file = self
        fixed: list[list[Diagnostic]] = [[] for _ in file.payloads]
        guesses = [unsafe] * len(fixed)
        for _ in range(MAX_FIX_ROUNDS):
            changes: list[Replacement] = []
            for index, payload in enumerate(file.payloads):
                if payload.text is None:
                    continue
                parts, applied = next_fixes(payload.text, payload.report, unsafe=guesses[index])
                changes += parts
                fixed[index] += map(payload.placed, applied)
                guesses[index] &= not any(one.fix and one.fix.edits for one in applied)
            if not changes or file.requests is None:
                break
            numbers = [one.number for one in file.requests.bodies]
            text = replace(file.requests.text, changes)
            content = text if isinstance(self.content, str) else text.encode()
            requests = read_requests(text, numbers)
            file = check_file(self.name, content, requests, self.options)
        pairs = zip(file.payloads, fixed, strict=True)
        payloads = tuple(evolve(payload, fixed=tuple(found)) for payload, found in pairs)
        return evolve(file, payloads=payloads)


def check_file(
    name: str, content: Any, requests: RequestFile | None, options: CheckOptions = DEFAULTS
) -> CheckedFile:
    """Check a payload, or the bodies of `requests` that were read in the file.

    >>> checked = check_file("a.json", '{"output": {"Type": "list"}}', None)
    >>> [diagnostic.code for diagnostic in checked.payloads[0].report]
    ['LQ503', 'LQ202', 'LQ203']
    >>> checked.fixed().content
    '{"Output": {"Type": "list"}}'
    """
    if requests is None:
        payload = CheckedPayload(name, options.check(content))
        return CheckedFile(name, content, (payload,), None, options)
    from leadquery.lint.request_files.checking import check_body

    payloads = []
    for body in requests.bodies:
        report = check_body(body, options.check_all)
        note = report if isinstance(report, str) else ""
        selected = Report(None) if isinstance(report, str) else options.select(report)
        payloads.append(CheckedPayload(name, selected, None, requests, body, note))
    return CheckedFile(name, content, tuple(payloads), requests, options)
