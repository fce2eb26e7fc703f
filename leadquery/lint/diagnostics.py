"""Diagnostics, fixes and parsed objects, and where the reader is while it makes them.

`apply_to_text` and `apply_to_object` apply the edits of fixes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from leadquery._util.text import describe_json
from leadquery.lint.rules import Rule
from leadquery.wire.schema import Array, key_name
from leadquery.wire.types import Json

if TYPE_CHECKING:
    from leadquery.lint.source_text import Span

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
    """A mistake, its place by keys and indexes, and another place that the message names."""

    rule: Rule
    path: Path
    message: str
    hint: str | None
    fix: Fix | None = None
    related: Path | None = None


def key_text(key: object) -> str:
    """A key as paths and messages show it, also one that is not text."""
    return key if isinstance(key, str) else describe_json(key)


class ParsedObject(NamedTuple):
    """A JSON object as it was read.

    `value` is the object of the model, or None if it cannot be read. `keys` has each known key in
    it, as it is written. With `certain`, the object has no mistakes but those with a safe fix, and
    `value` is what it is after these fixes.
    """

    of: Any
    value: Any
    path: Path
    keys: Mapping[str, str]
    certain: bool

    def at(self, attribute: str) -> Path:
        """The path of an attribute."""
        return (*self.path, self.keys[key_name(self.of, attribute)])


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


class ReadContext:
    """What one run of the reader collects.

    Items of lists in which no check may find something are not among the objects, unless
    `every_object` says so.
    """

    def __init__(self, *, every_object: bool = False) -> None:
        self.every_object = every_object
        self.diagnostics: list[RawDiagnostic] = []
        self.objects: list[ParsedObject] = []
        self.lists: list[ParsedList] = []

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

    def supersede(self, diagnostic: RawDiagnostic, *, of_value: bool = False) -> Invalid:
        """Record a diagnostic in place of those of the same object that are at its path.

        With `of_value`, those about the key stay.
        """
        found, container = self.context.diagnostics, self.path[:-1]
        start = len(found)
        while start and found[start - 1].path[: len(container)] == container:
            start -= 1
        found[start:] = [
            one for one in found[start:] if one.path != self.path or (of_value and one.rule.at_key)
        ]
        return self.add(diagnostic)

    def fix(self, kind: EditKind, value: Json = None, *, safe: bool) -> Fix:
        """A fix with one edit at this place."""
        return Fix((Edit(self.path, kind, value),), safe)


Reader = Callable[[Any, Json, Cursor], Any]

READERS: Final[dict[type, Reader]] = {}
"""The reader of each type of `leadquery.wire`."""


class Replacement(NamedTuple):
    """Replace the text between two offsets."""

    start: int
    end: int
    text: str


def apply_to_text(
    text: str, edits: Iterable[Edit], restored: Iterable[tuple[int, int, str]] = ()
) -> str:
    """A JSON text with edits applied; everything else stays as it is.

    `restored` are replacements (start, end, text) of what the text was read as but is not.
    """
    kept = (Replacement(*replacement) for replacement in restored)
    return replace(text, [*edits_in_text(text, edits), *kept])


def replace(text: str, replacements: Iterable[Replacement]) -> str:
    """A text with some parts replaced; where two overlap, the first one counts."""
    parts, end = [], 0
    for replacement in without_overlaps(replacements):
        parts += [text[end : replacement.start], replacement.text]
        end = replacement.end
    return "".join([*parts, text[end:]])


def without_overlaps(replacements: Iterable[Replacement]) -> Iterator[Replacement]:
    """The replacements in order, without those that overlap one before."""
    end = 0
    for replacement in sorted({*replacements}):
        if replacement.start >= end:
            yield replacement
            end = replacement.end


def edits_in_text(text: str, edits: Iterable[Edit]) -> Iterator[Replacement]:
    """The edits as replacements in a JSON text."""
    edits = list(edits)
    return edits_at(spans_of(text, edits), edits)


def spans_of(text: str, edits: Iterable[Edit]) -> dict[Path, Span]:
    """Where the edits are in a JSON text, with the single items of lists to unwrap."""
    paths = [edit.path for edit in edits]
    paths += [(*edit.path, 0) for edit in edits if edit.change is EditKind.UNWRAP]
    if not paths:
        return {}
    from leadquery.lint.source_text import locate

    return locate(text, paths)


def edits_at(spans: Mapping[Path, Span], edits: Iterable[Edit]) -> Iterator[Replacement]:
    """The edits as replacements; of those whose place the text does not have, none."""
    # The last of several edits of one kind at one path counts.
    edits = {(edit.path, edit.change): edit for edit in edits}.values()
    located = [(edit, spans[edit.path]) for edit in edits if edit.path in spans]
    yield from _removals(sorted(span for edit, span in located if edit.change is EditKind.REMOVE))
    for edit, span in located:
        match edit.change:
            case EditKind.WRITE:
                yield Replacement(span.value, span.end, _to_json(edit.to))
            case EditKind.RENAME:
                yield Replacement(span.start, span.key_end, _to_json(edit.to))
            case EditKind.WRAP:
                yield Replacement(span.value, span.value, "[")
                yield Replacement(span.end, span.end, "]")
            case EditKind.UNWRAP:
                item = spans[*edit.path, 0]
                yield Replacement(span.value, item.value, "")
                yield Replacement(item.end, span.end, "")


def _removals(spans: list[Span]) -> Iterator[Replacement]:
    """Remove each entry with the comma before it, or after it if it is the first."""
    ends_of_first: set[int] = set()
    for span in spans:
        if span.before is None or span.before in ends_of_first:
            ends_of_first.add(span.end)
            yield Replacement(span.start, span.end if span.after is None else span.after, "")
        else:
            yield Replacement(span.before, span.end, "")


def _to_json(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(value)


def apply_to_object(payload: Json, edits: Iterable[Edit]) -> Json:
    """An object with edits applied; the objects and lists that they change are copied."""
    return _apply(payload, [(edit.path, edit) for edit in edits])


def _apply(node: Json, edits: list[tuple[Path, Edit]]) -> Json:
    """A value with edits applied; each edit comes with its path from here."""
    if not edits:
        return node
    here = {edit.change: edit for path, edit in edits if not path}
    if EditKind.WRITE in here:
        return here[EditKind.WRITE].to
    below: dict[str | int, list[tuple[Path, Edit]]] = {}
    for path, edit in edits:
        if path:
            below.setdefault(path[0], []).append((path[1:], edit))
    if isinstance(node, dict):
        node = dict(_apply_to_entries(node.items(), below))
    elif isinstance(node, list):
        node = [value for _, value in _apply_to_entries(enumerate(node), below)]
    if EditKind.UNWRAP in here:
        return node[0]
    return [node] if EditKind.WRAP in here else node


def _apply_to_entries(
    entries: Iterable[tuple[Json, Json]], below: dict[str | int, list[tuple[Path, Edit]]]
) -> Iterator[tuple[Json, Json]]:
    for step, value in entries:
        edits = below.get(step)
        if edits is None:
            yield step, value
            continue
        here = {edit.change: edit for path, edit in edits if not path}
        if EditKind.REMOVE not in here:
            key = here[EditKind.RENAME].to if EditKind.RENAME in here else step
            yield key, _apply(value, edits)
