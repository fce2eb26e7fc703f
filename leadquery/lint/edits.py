"""Fixes applied: to a text, which keeps its formatting, and to an object."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from leadquery.lint.diagnostics import Edit, EditKind, Json, Path
from leadquery.lint.json_parser.locations import Span, locate


class _Splice(NamedTuple):
    start: int
    end: int
    text: str


def apply_to_text(
    text: str, edits: Iterable[Edit], unread: Iterable[tuple[int, int, str]] = ()
) -> str:
    """A text that is JSON with edits applied; whatever they do not touch stays as it is.

    `unread` are stretches that were written otherwise, and that nothing mends.
    """
    # Of several edits of one place the last one counts.
    edits = list({(edit.path, edit.change): edit for edit in edits}.values())
    unwrapped = ((*edit.path, 0) for edit in edits if edit.change is EditKind.UNWRAP)
    places = locate(text, [*(edit.path for edit in edits), *unwrapped])
    here = [(edit, places[edit.path]) for edit in edits if edit.path in places]
    lone = {place: places[*edit.path, 0] for edit, place in here if edit.change is EditKind.UNWRAP}
    parts, at = [], 0
    kept = (_Splice(*stretch) for stretch in unread)
    for splice in sorted({*_splices(here, lone), *kept}):
        if splice.start >= at:
            parts += [text[at : splice.start], splice.text]
            at = splice.end
    return "".join([*parts, text[at:]])


def _splices(here: list[tuple[Edit, Span]], lone: dict[Span, Span]) -> Iterator[_Splice]:
    """What changes; `lone` are the only entries of the lists that they are taken out of."""
    removed = sorted(place for edit, place in here if edit.change is EditKind.REMOVE)
    yield from _removals(removed)
    for edit, place in here:
        match edit.change:
            case EditKind.WRITE:
                yield _Splice(place.value, place.end, _written(edit.to))
            case EditKind.RENAME:
                yield _Splice(place.start, place.key_end, _written(edit.to))
            case EditKind.WRAP:
                yield _Splice(place.value, place.value, "[")
                yield _Splice(place.end, place.end, "]")
            case EditKind.UNWRAP:
                yield _Splice(place.value, lone[place].value, "")
                yield _Splice(lone[place].end, place.end, "")


def _removals(places: list[Span]) -> Iterator[_Splice]:
    """What goes with each entry: the comma before it, or behind it when it is the first."""
    first_ends: set[int] = set()
    for place in places:
        if place.before is None or place.before in first_ends:
            first_ends.add(place.end)
            yield _Splice(place.start, place.end if place.after is None else place.after, "")
        else:
            yield _Splice(place.before, place.end, "")


def _written(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(value)


def apply_to_object(payload: Json, edits: Iterable[Edit]) -> Json:
    """An object with edits applied: what they touch is made anew, the rest is the same."""
    return _mended(payload, [(edit.path, edit) for edit in edits])


def _mended(node: Json, edits: list[tuple[Path, Edit]]) -> Json:
    """A value with the edits in it applied; each comes with its path from here."""
    if not edits:
        return node
    own = {edit.change: edit for path, edit in edits if not path}
    if EditKind.WRITE in own:
        return own[EditKind.WRITE].to
    under: dict[str | int, list[tuple[Path, Edit]]] = {}
    for path, edit in edits:
        if path:
            under.setdefault(path[0], []).append((path[1:], edit))
    if isinstance(node, dict):
        node = dict(_entries(node.items(), under))
    elif isinstance(node, list):
        node = [value for _, value in _entries(enumerate(node), under)]
    if EditKind.UNWRAP in own:
        return node[0]
    return [node] if EditKind.WRAP in own else node


def _entries(
    entries: Iterable[tuple[Json, Json]], under: dict[str | int, list[tuple[Path, Edit]]]
) -> Iterator[tuple[Json, Json]]:
    for step, value in entries:
        edits = under.get(step, [])
        own = {edit.change: edit for path, edit in edits if not path}
        if EditKind.REMOVE not in own:
            name = own[EditKind.RENAME].to if EditKind.RENAME in own else step
            yield name, _mended(value, edits)
