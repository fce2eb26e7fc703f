"""Diagnostics, fixes and parsed objects, and where the reader is while it makes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Any, Final, NamedTuple

import attrs

from leadquery._util.text import describe_json
from leadquery.lint.rules.base import Rule
from leadquery.wire.schema import Array
from leadquery.wire.types import Json

Path = tuple[str | int, ...]
"""The keys, as they are written, and list indexes that lead to a place in a payload."""


class EditKind(Enum):
    """What an edit does at a place."""

    WRITE = auto()
    RENAME = auto()
    WRAP = auto()
    UNWRAP = auto()
    REMOVE = auto()


class Edit(NamedTuple):
    """One change: write another value, rename the key, wrap the value in a list, unwrap it, or
    remove it.
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
    """A mistake, and its place by keys and indexes."""

    rule: Rule
    path: Path
    message: str
    hint: str | None
    fix: Fix | None = None


def key_text(key: object) -> str:
    """A key as paths and messages show it, also one that is not text."""
    return key if isinstance(key, str) else describe_json(key)


class ParsedObject(NamedTuple):
    """A JSON object as it was read.

    `value` is the object of the model, or None if it cannot be read. `keys` has the key of each
    attribute as it is written, "" if it is not. With `certain`, the object has no mistakes but
    those with a safe fix, and `value` is what it is after these fixes.
    """

    of: Any
    value: Any
    path: Path
    keys: Mapping[str, str]
    certain: bool

    def at(self, attribute: str) -> Path:
        """The path of an attribute."""
        return (*self.path, self.keys[attribute])


class ParsedList(NamedTuple):
    """A list of objects as it was read, for the checks of its type.

    `values` are the objects of the model, with None for those that are not certain.
    """

    of: Array
    values: list[Any]
    path: Path


class Invalid(Enum):
    """The type of `INVALID`."""

    INVALID = "invalid"


INVALID: Final = Invalid.INVALID
"""What a reader returns for a value that it cannot read."""


@attrs.frozen
class ReadContext:
    """What one run of the reader collects.

    Items of lists in which no check may find something are not among the objects, unless
    `every_object` says so.
    """

    every_object: bool = False
    diagnostics: list[RawDiagnostic] = attrs.field(factory=list)
    objects: list[ParsedObject] = attrs.field(factory=list)
    lists: list[ParsedList] = attrs.field(factory=list)

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

    def supersede(self, diagnostic: RawDiagnostic) -> Invalid:
        """Record a diagnostic in place of those of the same object that are at its path."""
        found, container = self.context.diagnostics, self.path[:-1]
        start = len(found)
        while start and found[start - 1].path[: len(container)] == container:
            start -= 1
        found[start:] = [one for one in found[start:] if one.path != self.path]
        return self.add(diagnostic)

    def fix(self, kind: EditKind, value: Json = None, *, safe: bool) -> Fix:
        """A fix with one edit at this place."""
        return Fix((Edit(self.path, kind, value),), safe)


Reader = Callable[[Any, Json, Cursor], Any]

READERS: Final[dict[type, Reader]] = {}
"""The reader of each type of `leadquery.wire`."""
