"""What is wrong in a file by the settings of its project, and its fixes as changes of the text."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

import attrs

from leadquery.errors import LeadQueryError
from leadquery.lint.catalog import FieldCatalog
from leadquery.lint.checked_file import CheckedFile, CheckedPayload, CheckOptions, check_file
from leadquery.lint.fixes import Replacement
from leadquery.lint.report import Diagnostic
from leadquery.lint.request_files import holds_payload, read_requests
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


class Found(NamedTuple):
    """A diagnostic, and where it and the other place that it names are in the file."""

    start: int
    end: int
    diagnostic: Diagnostic
    related: tuple[int, int] | None
    payload: CheckedPayload


# Everything found is cached.
@attrs.frozen(slots=False)
class Analysis:
    """What is wrong in one version of a file."""

    document: Document
    file: CheckedFile | None = None
    catalog: FieldCatalog | None = None
    refused: bool = False
    """Whether the file is too long to be checked."""

    @property
    def is_payload(self) -> bool:
        """Whether the whole file is one payload."""
        return self.refused or (self.file is not None and self.file.requests is None)

    @cached_property
    def found(self) -> tuple[Found, ...]:
        """The diagnostics in the order of the file."""
        payloads = self.file.payloads if self.file else ()
        found = [self._find(one, payload) for payload in payloads for one in payload.report]
        return tuple(sorted(found, key=lambda one: one.start))

    def _find(self, one: Diagnostic, payload: CheckedPayload) -> Found:
        placed = payload.placed(one)
        related = None if placed.related is None else self._span(*placed.related[1:])
        return Found(*self._span(placed.line, placed.column, placed.width), one, related, payload)

    def _span(self, line: int | None, column: int | None, width: int | None) -> tuple[int, int]:
        start = self.document.lines.offset(line or 1, column or 1)
        return start, min(start + (width or 1), len(self.document.text))

    def fix(self, found: Found) -> tuple[Replacement, ...]:
        """The fix of a diagnostic as changes of the file; none if there is no fix."""
        [changes] = found.payload.replacements([found.diagnostic])
        return changes

    def fix_all(self) -> tuple[Replacement, ...]:
        """All safe fixes as changes of the file, as `leadquery check --fix` makes them."""
        return difference(self.document.text, self.file.fixed().content) if self.file else ()


def analyze(
    document: Document,
    catalog: FieldCatalog | None = None,
    selection: Selection = EVERY_RULE,
) -> Analysis:
    """Check a payload, or the bodies in a file of requests. Other files have no diagnostics."""
    text = document.text
    if len(text) > MAX_CHARACTERS:
        return Analysis(document, catalog=catalog, refused=is_payload(document))
    requests = read_requests(text)
    if requests is None and not is_payload(document):
        return Analysis(document, catalog=catalog)
    options = CheckOptions(catalog, selection)
    return Analysis(document, check_file(document.uri, text, requests, options), catalog)


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
