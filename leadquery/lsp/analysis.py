"""What is wrong in a file by the settings of its project, and its fixes as changes of the text."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

import attrs

from leadquery.errors import LeadQueryError
from leadquery.lint.catalog import FieldCatalog
from leadquery.lint.check import MAX_DIAGNOSTICS, check, limited
from leadquery.lint.fixes import Replacement, fix_all, replacements
from leadquery.lint.report import Diagnostic, Report
from leadquery.lint.request_files import RequestFile, holds_payload, read_requests
from leadquery.lint.request_files.checking import (
    check_body,
    check_url,
    fix_body,
    placed,
    written_replacements,
)
from leadquery.lint.request_files.embedded import EmbeddedText
from leadquery.lint.selection import EVERY_RULE, Selection
from leadquery.lsp.document import Document


class Configuration(NamedTuple):
    """What a project configures for a file: its file of fields, and the rules to report."""

    fields: str | None = None
    selection: Selection = EVERY_RULE


def load_json(file: str) -> FieldCatalog:
    """The fields of a JSON file as `leadquery fields --out` writes it.

    A file that an editor or a project names may come from anyone, so a Python file is not run.
    """
    return FieldCatalog.of(Path(file).read_bytes())


class Project:
    """The settings for the files of an editor.

    The fields are those of `file`, from the command line; else those that the editor names, in
    `setting`; else those of the configuration that `find` finds for a file. A file of fields is
    read again when it has changed. `report` is called with what cannot be read, once for each
    reason.
    """

    def __init__(
        self,
        file: str | None = None,
        load: Callable[[str], FieldCatalog] = load_json,
        find: Callable[[str], Configuration] = lambda _: Configuration(),
    ) -> None:
        self.file = file
        self.setting: str | None = None
        self.report: Callable[[str], None] = print
        self._load = load
        self._find = find
        self._catalogs: dict[str, tuple[float, FieldCatalog | None]] = {}
        self._reported: set[str] = set()

    def settings_for(self, path: str) -> tuple[FieldCatalog | None, Selection]:
        """The fields of the account, if they are known, and the rules to report of a file."""
        try:
            found = self._find(path)
        except LeadQueryError as error:
            self._fail(str(error))
            found = Configuration()
        file = self.file or self.setting or found.fields
        return (None if file is None else self._catalog(file)), found.selection

    def _catalog(self, file: str) -> FieldCatalog | None:
        try:
            modified = Path(file).stat().st_mtime
            known = self._catalogs.get(file)
            if known is None or known[0] != modified:
                self._catalogs[file] = modified, None
                load = self._load if file == self.file else load_json
                self._catalogs[file] = modified, load(file)
            return self._catalogs[file][1]
        except OSError as error:
            self._fail(f"{file!r} cannot be read: {error.strerror or error}")
        except LeadQueryError as error:
            self._fail(f"{file!r}: {error}")
        return None

    def _fail(self, reason: str) -> None:
        if reason not in self._reported:
            self._reported.add(reason)
            self.report(f"leadquery: {reason}")


MAX_CHARACTERS: Final = 8 << 20
"""The longest file to check; a payload has a few thousand characters."""

SUFFIX: Final = ".leadquery.json"
"""The end of the names of files that are payloads whatever is in them."""

_JSON: Final = ("json", "jsonc", "json5", "")
"""The languages of payloads. Files of requests are found in any language."""


class Part(NamedTuple):
    """A payload in a file and its report; `number` is that of the body in a file of requests."""

    report: Report
    number: int = 0
    body: EmbeddedText | None = None


class Found(NamedTuple):
    """A diagnostic, and where it and the other place that it names are in the file."""

    start: int
    end: int
    diagnostic: Diagnostic
    related: tuple[int, int] | None
    part: Part


# Everything found is cached.
@attrs.frozen(slots=False)
class Analysis:
    """What is wrong in one version of a file."""

    document: Document
    parts: tuple[Part, ...] = ()
    requests: RequestFile | None = None
    catalog: FieldCatalog | None = None
    check: Callable[[str], Report] = check
    refused: bool = False
    """Whether the file is too long to be checked."""

    @property
    def is_payload(self) -> bool:
        """Whether the whole file is one payload."""
        return self.refused or (self.requests is None and bool(self.parts))

    @cached_property
    def found(self) -> tuple[Found, ...]:
        """The diagnostics in the order of the file."""
        found = [
            Found(*self._span(one, part), one, self._related(one, part), part)
            for part in self.parts
            for one in part.report
        ]
        return tuple(sorted(found, key=lambda one: one.start))

    def _related(self, one: Diagnostic, part: Part) -> tuple[int, int] | None:
        if one.related is None:
            return None
        _, line, column, width = one.related
        return self._span(attrs.evolve(one, line=line, column=column, width=width), part)

    def _span(self, one: Diagnostic, part: Part) -> tuple[int, int]:
        if self.requests is not None and part.body is not None:
            one = placed(self.requests, part.body, part.report, one)
        start = self.document.lines.offset(one.line or 1, one.column or 1)
        return start, min(start + (one.width or 1), len(self.document.text))

    def fix(self, found: Found) -> tuple[Replacement, ...]:
        """The fix of a diagnostic as changes of the file; none if there is no fix."""
        report, _, body = found.part
        if body is None:
            return replacements(report, found.diagnostic)
        return written_replacements(body, report, [found.diagnostic])[0] or ()

    def fix_all(self) -> tuple[Replacement, ...]:
        """All safe fixes as changes of the file, as `leadquery check --fix` makes them."""
        file = self.requests
        if file is None:
            fixed = [fix_all(part.report, self.check).content for part in self.parts]
            return difference(self.document.text, *fixed) if fixed else ()
        bodies = {
            number: fix_body(file, body, report, self.check, unsafe=False).text
            for report, number, body in self.parts
            if body is not None
        }
        texts = [bodies.get(number) for number in range(len(file.bodies))]
        return difference(self.document.text, file.with_texts(texts).text)


def analyze(
    document: Document,
    catalog: FieldCatalog | None = None,
    selection: Selection = EVERY_RULE,
) -> Analysis:
    """Check a payload, or the bodies in a file of requests. Other files have no diagnostics."""
    text = document.text
    if len(text) > MAX_CHARACTERS:
        return Analysis(document, catalog=catalog, refused=is_payload(document))

    def checked(body: str) -> Report:
        report = selection.apply(check(body, catalog, max_diagnostics=None))
        return limited(report, MAX_DIAGNOSTICS)

    requests = read_requests(text.encode("utf-8", "surrogatepass"))
    if requests is None:
        parts = [Part(checked(text))] if is_payload(document) else []
        return Analysis(document, tuple(parts), None, catalog, checked)
    parts = []
    for number, body in enumerate(requests.bodies):
        report = check_body(body.text, checked) if body.text else None
        if isinstance(report, Report):
            whole = selection.apply(check_url(report, body.endpoint))
            parts.append(Part(whole, number, body.text))
    return Analysis(document, tuple(parts), requests, catalog, checked)


def is_payload(document: Document) -> bool:
    """Whether a file is a payload: JSON with keys of the API, or with a name that says so."""
    return document.language in _JSON and (
        document.uri.endswith(SUFFIX) or holds_payload(document.text)
    )


def difference(before: str, after: str) -> tuple[Replacement, ...]:
    """The change from one text to another: what is between their common start and end."""
    if before == after:
        return ()
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    # A position between the two characters of a line end is none.
    start -= before[start - 1 : start + 1] == "\r\n"
    end -= before[len(before) - end - 1 : len(before) - end + 1] == "\r\n"
    return (Replacement(start, len(before) - end, after[start : len(after) - end]),)


def _common(one: str, other: str) -> int:
    """The length of the common start of two texts."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
