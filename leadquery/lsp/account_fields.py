"""The fields of the account, from a file that the command line or the editor names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from leadquery.errors import LeadQueryError
from leadquery.lint.catalog import FieldCatalog


def load_json(file: str) -> FieldCatalog:
    """The fields of a JSON file as `leadquery fields --out` writes it.

    A file that an editor names may come with a project from anyone, so a Python file is not run.
    """
    return FieldCatalog.of(Path(file).read_bytes())


class AccountFields:
    """The fields of a file, which are read again when the file has changed.

    `report` is called with what is wrong with the file, once for each reason.
    """

    def __init__(
        self, file: str | None = None, load: Callable[[str], FieldCatalog] = load_json
    ) -> None:
        self.file = file
        self.load = load
        self.report: Callable[[str], None] = print
        self._modified: float | None = None
        self._catalog: FieldCatalog | None = None
        self._reason = ""

    def set_file(self, file: str | None) -> None:
        """Read another file from now on, or none."""
        self.file, self.load = file, load_json
        self._modified = self._catalog = None
        self._reason = ""

    def catalog(self) -> FieldCatalog | None:
        """The fields, or None if there is no file or it cannot be read."""
        if self.file is None:
            return None
        try:
            modified = Path(self.file).stat().st_mtime
            if modified != self._modified:
                self._modified, self._catalog = modified, None
                self._catalog = self.load(self.file)
                self._reason = ""
        except OSError as error:
            self._fail(error.strerror or type(error).__name__)
        except LeadQueryError as error:
            self._fail(str(error))
        return self._catalog

    def _fail(self, reason: str) -> None:
        if reason != self._reason:
            self._reason = reason
            self.report(f"the fields of the account in {self.file!r} cannot be read: {reason}")
