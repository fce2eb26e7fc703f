"""How files are checked: the fields of the account, and the rules to report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from leadquery.errors import LeadQueryError
from leadquery.lint.catalog import FieldCatalog
from leadquery.lint.selection import EVERY_RULE, Selection


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
