"""Where the reader is in a payload, and what it has found so far."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, Final, NamedTuple

import attrs

from leadquery.lint.diagnostics import Edit, EditKind, Fix, ParsedObject, Path, RawDiagnostic
from leadquery.wire.types import Json


class Invalid(Enum):
    """The type of `INVALID`."""

    INVALID = "invalid"


INVALID: Final = Invalid.INVALID
"""What a reader returns for a value that it cannot read."""


@attrs.frozen
class ReadContext:
    """What one run of the reader collects."""

    diagnostics: list[RawDiagnostic] = attrs.field(factory=list)
    objects: list[ParsedObject] = attrs.field(factory=list)

    def is_certain(self, since: int) -> bool:
        """Whether all diagnostics from an index on have a safe fix."""
        return all(found.fix is not None and found.fix.safe for found in self.diagnostics[since:])


class Cursor(NamedTuple):
    """A place in a payload."""

    path: Path
    context: ReadContext

    def at(self, step: str | int) -> Cursor:
        """The place one step further in."""
        return Cursor((*self.path, step), self.context)

    def read(self, wire_type: Any, raw: Json) -> Any:
        """The value at this place, as its type says, or `INVALID`."""
        return READERS[wire_type.__class__](wire_type, raw, self)

    def add(self, diagnostic: RawDiagnostic) -> Invalid:
        """Record a diagnostic."""
        self.context.diagnostics.append(diagnostic)
        return INVALID

    def fix(self, kind: EditKind, value: Json = None, *, safe: bool) -> Fix:
        """A fix with one edit at this place."""
        return Fix((Edit(self.path, kind, value),), safe)


Reader = Callable[[Any, Json, Cursor], Any]

READERS: Final[dict[type, Reader]] = {}
"""The reader of each type of `leadquery.wire`."""
