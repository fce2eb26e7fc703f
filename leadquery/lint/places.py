"""The places of diagnostics: their paths as text, their order, and where they are in the text.

`build_diagnostics` makes what a report shows of what the rules find.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from leadquery.lint.diagnostics import Fix, Path, RawDiagnostic, key_text
from leadquery.lint.report import Diagnostic
from leadquery.lint.rules import Severity
from leadquery.lint.source_text import NAN, SourceText, Span, SyntaxIssue, locate
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


def build_diagnostics(
    raw: Json, source: SourceText | None, found: list[RawDiagnostic]
) -> tuple[Diagnostic, ...]:
    """The diagnostics of a payload in its order; `source` is its text, if it was text."""
    if source is None:
        return tuple([_build(one, _NOWHERE, _place(one.related)) for one in in_order(raw, found)])
    paths = [path for one in found for path in (one.path, one.related) if path is not None]
    spans = locate(source.repaired, paths) if found else {}
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
    certain = correctable and issue.replacement not in (None, NAN)
    # The repaired text has the correction already, so there is nothing left to edit.
    fix = Fix((), safe=True) if certain else None
    return RawDiagnostic(issue.rule, issue.path, issue.message, issue.hint, fix)
