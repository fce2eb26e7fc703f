"""The places of diagnostics: their paths as text, their order, and where they are in the text."""

from __future__ import annotations

from typing import Final, NamedTuple

from leadquery.lint.diagnostics import Path, RawDiagnostic, key_text
from leadquery.lint.source_text import SourceText, Span
from leadquery.wire.types import Json


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
