"""What reading finds: a mistake, its place, and how values are named in messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Any, Final, NamedTuple

import attrs

from leadquery._util.text import describe_json
from leadquery.lint.rules.base import Rule

__all__ = [
    "INVALID",
    "Cursor",
    "Edit",
    "EditKind",
    "Fix",
    "Invalid",
    "Json",
    "ParsedObject",
    "Path",
    "RawDiagnostic",
    "ReadContext",
]

Json = Any
"""A value as the json module reads it."""


class Invalid(Enum):
    """What a reader hands on in place of a value it could not read."""

    BROKEN = "broken"


INVALID: Final = Invalid.BROKEN

Path = tuple[str | int, ...]
"""The keys and list positions that lead to a place; a key stands as it is written."""


class EditKind(Enum):
    """What a fix does to a place."""

    WRITE = auto()
    RENAME = auto()
    WRAP = auto()
    UNWRAP = auto()
    REMOVE = auto()


class Edit(NamedTuple):
    """One change: another value, another key, the value put into a list or taken out of its list,
    or nothing left.
    """

    path: Path
    change: EditKind
    to: Json = None


class Fix(NamedTuple):
    """The edits that correct a mistake. A safe fix cannot change the meaning of the payload."""

    edits: tuple[Edit, ...]
    safe: bool

    @classmethod
    def write(cls, path: Path, value: Json, *, safe: bool) -> Fix:
        """Write another value at a path."""
        return cls((Edit(path, EditKind.WRITE, value),), safe)

    @classmethod
    def rename(cls, path: Path, key: str, *, safe: bool) -> Fix:
        """Rename the key at a path."""
        return cls((Edit(path, EditKind.RENAME, key),), safe)

    @classmethod
    def remove(cls, path: Path, *, safe: bool) -> Fix:
        """Remove the entry at a path."""
        return cls((Edit(path, EditKind.REMOVE),), safe)


class RawDiagnostic(NamedTuple):
    """A mistake, as reading finds it."""

    rule: Rule
    path: Path
    message: str
    hint: str | None
    fix: Fix | None = None


def key_text(key: object) -> str:
    """A key as paths and messages show it, also one that is not text."""
    return key if isinstance(key, str) else describe_json(key)


class ParsedObject(NamedTuple):
    """An object that was read: its class, its place, and the key of each attribute, if any.

    `value` is None for an object that cannot be read. One that is `certain` was read as it stands,
    or as its safe fixes mend it.
    """

    of: Any
    value: Any
    path: Path
    keys: Mapping[str, str]
    certain: bool

    def at(self, attribute: str) -> Path:
        """The place of an attribute."""
        return (*self.path, self.keys[attribute])


@attrs.frozen
class ReadContext:
    """One walk over a payload: how it reads a value by its form, and what it gathers."""

    read: Callable[[Any, Json, Cursor], Any]
    findings: list[RawDiagnostic] = attrs.field(factory=list)
    nodes: list[ParsedObject] = attrs.field(factory=list)

    def is_certain(self, since: int) -> bool:
        """Whether all that was found since then is mended safely."""
        return all(one.fix is not None and one.fix.safe for one in self.findings[since:])


class Cursor(NamedTuple):
    """A place in a payload, and the walk that stands there."""

    path: Path
    walk: ReadContext

    def at(self, step: str | int) -> Cursor:
        """The place one step further in."""
        return Cursor((*self.path, step), self.walk)

    def read(self, form: Any, raw: Json) -> Any:
        """The value that stands here, read by its form."""
        return self.walk.read(form, raw, self)

    def report(
        self, rule: Rule, message: str, hint: str | None = None, fix: Fix | None = None
    ) -> Invalid:
        """Note a mistake here."""
        return self.add(RawDiagnostic(rule, self.path, message, hint, fix))

    def add(self, diagnostic: RawDiagnostic) -> Invalid:
        """Add a diagnostic of this place."""
        self.walk.findings.append(diagnostic)
        return INVALID

    def write(self, value: Json, *, safe: bool) -> Fix:
        """A fix that writes another value here."""
        return self.fix(EditKind.WRITE, value, safe=safe)

    def remove(self, *, safe: bool) -> Fix:
        """A fix that leaves out what stands here."""
        return self.fix(EditKind.REMOVE, safe=safe)

    def fix(self, change: EditKind, to: Json = None, *, safe: bool) -> Fix:
        """A fix of one change here."""
        return Fix((Edit(self.path, change, to),), safe)
