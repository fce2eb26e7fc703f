"""Apply edits to a text, which keeps its formatting, or to an object."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from leadquery.lint.diagnostics import Edit, EditKind, Path
from leadquery.lint.json_parser.locations import Span, locate
from leadquery.wire.types import Json


class _Replacement(NamedTuple):
    start: int
    end: int
    text: str


def apply_to_text(
    text: str, edits: Iterable[Edit], restored: Iterable[tuple[int, int, str]] = ()
) -> str:
    """A JSON text with edits applied; everything else stays as it is.

    `restored` are replacements (start, end, text) of what the text was read as but is not.
    """
    # The last of several edits of one kind at one path counts.
    edits = list({(edit.path, edit.change): edit for edit in edits}.values())
    unwrapped = ((*edit.path, 0) for edit in edits if edit.change is EditKind.UNWRAP)
    spans = locate(text, [*(edit.path for edit in edits), *unwrapped])
    located = [(edit, spans[edit.path]) for edit in edits if edit.path in spans]
    items = {span: spans[*edit.path, 0] for edit, span in located if edit.change is EditKind.UNWRAP}
    kept = (_Replacement(*replacement) for replacement in restored)
    parts, end = [], 0
    for replacement in sorted({*_replacements(located, items), *kept}):
        if replacement.start >= end:
            parts += [text[end : replacement.start], replacement.text]
            end = replacement.end
    return "".join([*parts, text[end:]])


def _replacements(
    located: list[tuple[Edit, Span]], items: dict[Span, Span]
) -> Iterator[_Replacement]:
    """The replacements of the edits; `items` are the single items of the lists to unwrap."""
    yield from _removals(sorted(span for edit, span in located if edit.change is EditKind.REMOVE))
    for edit, span in located:
        match edit.change:
            case EditKind.WRITE:
                yield _Replacement(span.value, span.end, _to_json(edit.to))
            case EditKind.RENAME:
                yield _Replacement(span.start, span.key_end, _to_json(edit.to))
            case EditKind.WRAP:
                yield _Replacement(span.value, span.value, "[")
                yield _Replacement(span.end, span.end, "]")
            case EditKind.UNWRAP:
                yield _Replacement(span.value, items[span].value, "")
                yield _Replacement(items[span].end, span.end, "")


def _removals(spans: list[Span]) -> Iterator[_Replacement]:
    """Remove each entry with the comma before it, or after it if it is the first."""
    ends_of_first: set[int] = set()
    for span in spans:
        if span.before is None or span.before in ends_of_first:
            ends_of_first.add(span.end)
            yield _Replacement(span.start, span.end if span.after is None else span.after, "")
        else:
            yield _Replacement(span.before, span.end, "")


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
        edits = below.get(step, [])
        here = {edit.change: edit for path, edit in edits if not path}
        if EditKind.REMOVE not in here:
            key = here[EditKind.RENAME].to if EditKind.RENAME in here else step
            yield key, _apply(value, edits)
