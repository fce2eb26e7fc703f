"""Diagnostics and parsed objects, and where the reader is while it makes them.

`build_diagnostics` gives what the reader and the rules find its place, as a report shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from leadquery._util.text import describe_json
from leadquery.lint.report import Diagnostic
from leadquery.lint.rules import Rule, Severity
from leadquery.wire.schema import Array, key_name
from leadquery.wire.types import Json

if TYPE_CHECKING:
    from leadquery.lint.source_text import SourceText, Span, SyntaxIssue

Path = tuple[str | int, ...]
"""The keys, as they are written, and list indexes that lead to a place in a payload."""


class EditKind(Enum):
    """What an edit does at a place."""

    WRITE = auto()
    RENAME = auto()
    WRAP = auto()
    UNWRAP = auto()
    REMOVE = auto()
    MOVE = auto()


class Edit(NamedTuple):
    """One change: write another value, rename the key, wrap the value in a list, unwrap it, remove
    it, or move the entry into the object under the key `to` beside it, which may be missing.
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

    @classmethod
    def move(cls, path: Path, key: str) -> Fix:
        """Move the entry at a path into the object under a key beside it."""
        return cls((Edit(path, EditKind.MOVE, key),), safe=True)

    @property
    def moves(self) -> bool:
        """Whether an entry gets into another object."""
        return any(edit.change is EditKind.MOVE for edit in self.edits)


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

    `keys` has each known key in it, as it is written, and `values` the value of each attribute, or
    `INVALID`. `value` is the object of the model, or None if it cannot be read. With `certain`, the
    object has no mistakes but those with a safe fix, and `value` is what it is after these fixes.
    """

    of: Any
    raw: dict[str, Json]
    path: Path
    keys: Mapping[str, str]
    values: Mapping[str, Any]
    value: Any
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
        """Whether all diagnostics from an index on have a safe fix, by which nothing moves here."""
        fixes = [found.fix for found in self.diagnostics[since:]]
        return all(fix is not None and fix.safe and not fix.moves for fix in fixes)


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


class Place(NamedTuple):
    """A place in a payload: its path, and its line, column and width if the payload was text."""

    path: str
    line: int | None = None
    column: int | None = None
    width: int | None = None


def position_of(
    found: RawDiagnostic, spans: dict[Path, Span], source: SourceText
) -> tuple[int, int]:
    """The offset and width to point at; a place that is missing is shown at its object."""
    path = found.path
    while path not in spans:
        path = path[:-1]
    span = spans[path]
    at_key = found.rule.at_key and path == found.path
    start, end = (span.start, span.key_end) if at_key else (span.value, span.end)
    if path != found.path:
        end = start + 1
    position, end = source.original_span(start, end)
    return position, end - position


def extent(source: SourceText, position: int, width: int) -> tuple[int, int, int]:
    """The line, the column, and the width within the line."""
    line, column = source.lines.position(position)
    return line, column, max(1, min(width, source.lines.end(line) - position))


def in_order(raw: Json, found: list[RawDiagnostic]) -> list[RawDiagnostic]:
    """Sorted by place; a missing key comes with its object, before what is in the object."""
    if len(found) < 2:
        return found
    orders: dict[int, dict[str, int]] = {}
    return sorted(found, key=lambda one: _sort_key(raw, one.path, orders))


def _sort_key(node: Json, path: Path, orders: dict[int, dict[str, int]]) -> tuple[int, ...]:
    """The index of each step of a path; `orders` caches those of the keys of each object."""
    indexes = []
    for step in path:
        if isinstance(node, dict):
            order = orders.setdefault(id(node), {})
            if not order:
                order.update((key_text(key), index) for index, key in enumerate(node))
            if key_text(step) not in order:
                break
            indexes.append(order[key_text(step)])
            node = node.get(step)
        else:
            indexes.append(int(step))
            node = node[step]
    return tuple(indexes)


_MAX_STEPS: Final = 64

_MAX_KEY: Final = 128


def path_texts(path: Path) -> tuple[str, str]:
    """A path as text and as a JSON Pointer, cut in the middle if it is very long."""
    text = path_text(path)
    if len(text) <= _MAX_KEY:
        return text, pointer(path)
    path = _shortened(path)
    return path_text(path), pointer(path)


def _shortened(path: Path) -> Path:
    """A path whose text is not very long: many steps, and long keys, are cut in the middle."""
    if len(path) > _MAX_STEPS:
        path = (*path[: _MAX_STEPS // 2], _OMITTED, *path[-_MAX_STEPS // 2 :])
    return tuple(map(_shortened_key, path))


_OMITTED: Final = "…"


def _shortened_key(step: str | int) -> str | int:
    if isinstance(step, int) or len(step) <= _MAX_KEY:
        return step
    return f"{step[: _MAX_KEY // 2]}{_OMITTED}{step[-_MAX_KEY // 2 :]}"


def path_text(path: Path) -> str:
    """A path as `$.Output.Type`."""
    text = "$"
    for step in path:
        is_name = not isinstance(step, int) and step.isascii() and step.isidentifier()
        text += f".{step}" if is_name else f"[{step!r}]"
    return text


def pointer(path: Path) -> str:
    """A path as a JSON Pointer (RFC 6901)."""
    text = "/".join(map(str, ("", *path)))
    if "~" not in text and text.count("/") == len(path):
        return text
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def build_diagnostics(
    raw: Json, source: SourceText | None, found: list[RawDiagnostic]
) -> tuple[Diagnostic, ...]:
    """The diagnostics of a payload in its order; `source` is its text, if it was text."""
    if source is None:
        return tuple([_build(one, _NOWHERE, _place(one.related)) for one in in_order(raw, found)])
    paths = [path for one in found for path in (one.path, one.related) if path is not None]
    spans: dict[Path, Span] = {}
    if found:
        from leadquery.lint.source_text import locate

        spans = locate(source.repaired, paths)
    placed = [(issue.position, issue.width, _of_issue(issue, source)) for issue in source.issues]
    placed += [(*position_of(one, spans, source), one) for one in found]
    placed.sort(key=lambda item: item[0])
    return tuple(
        [
            _build(one, extent(source, position, width), _place(one.related, spans, source))
            for position, width, one in placed
        ]
    )


_NOWHERE: Final = (None, None, None)
"""The line, column and width in a payload that was not text."""


def _build(
    found: RawDiagnostic,
    place: tuple[int, int, int] | tuple[None, None, None],
    related: Place | None,
) -> Diagnostic:
    rule, path, message, hint, fix, _ = found
    severity: Literal["error", "warning"]
    severity = "error" if rule.severity is Severity.ERROR else "warning"
    text, pointer = path_texts(path)
    line, column, width = place
    return Diagnostic(
        rule.code, severity, text, pointer, message, hint, line, column, width, fix, related
    )


def _place(
    path: Path | None, spans: dict[Path, Span] | None = None, source: SourceText | None = None
) -> Place | None:
    """A place that a message names, which is a value."""
    if path is None:
        return None
    text, _ = path_texts(path)
    if spans is None or source is None:
        return Place(text)
    start, end = source.original_span(spans[path].value, spans[path].end)
    return Place(text, *extent(source, start, end - start))


def _of_issue(issue: SyntaxIssue, source: SourceText) -> RawDiagnostic:
    correctable = source.readable and not source.embedded
    certain = correctable and issue.is_correctable
    # The repaired text has the correction already, so there is nothing left to edit.
    fix = Fix((), safe=True) if certain else None
    return RawDiagnostic(issue.rule, issue.path, issue.message, issue.hint, fix)
