"""A mistake, where it is reported, and the payload after its fix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.laws.formatting import Layout, Path, styles

Json = Any

Make = Callable[[st.DrawFn], "Wrong"]


class Mistake(NamedTuple):
    """A text with one mistake.

    `at` is the offset of the diagnostic. A fix changes only the text inside `stretches`; the result
    is `fixed_payload`, which may still have the diagnostics `left`.
    """

    text: str
    path: Path
    at: int
    fix: str | None = None
    stretches: tuple[tuple[int, int], ...] = ()
    fixed_payload: Json = None
    left: tuple[str, ...] = ()
    fields: Json = None
    raw: bytes | None = None


class Wrong(NamedTuple):
    """A payload with one mistake, before it is formatted.

    The diagnostic is on the `value`, the `key` or, for a missing key, the `object` (`points`).
    `edited` names what the fix changes: the `key`, `value` or whole `entry` at a path.
    """

    payload: Json
    path: Path
    points: str = "value"
    fix: str | None = None
    edited: tuple[tuple[Path, str], ...] = ()
    fixed_payload: Json = None
    left: tuple[str, ...] = ()
    fields: Json = None


@st.composite
def in_text(draw: st.DrawFn, make: Make) -> Mistake:
    """A payload with one mistake, in one style."""
    wrong = make(draw)
    layout = Layout(wrong.payload, draw(styles))
    path = wrong.path[:-1] if wrong.points == "object" else wrong.path
    span = layout.spans[path]
    return Mistake(
        text=layout.text,
        path=wrong.path,
        at=span.start if wrong.points == "key" else span.value,
        fix=wrong.fix,
        stretches=tuple(sorted(_stretch(layout, *one) for one in wrong.edited)),
        fixed_payload=wrong.fixed_payload,
        left=wrong.left,
        fields=wrong.fields,
    )


def _stretch(layout: Layout, path: Path, what: str) -> tuple[int, int]:
    span = layout.spans[path]
    if what == "key":
        return span.start, span.key_end
    return (span.value, span.end) if what == "value" else (span.before, span.after)


def at(payload: Json, path: Path) -> Json:
    """The value at a path."""
    for step in path:
        payload = payload[step]
    return payload


def replaced(payload: Json, path: Path, value: Json) -> Json:
    """A copy of a payload with another value at a path."""
    if not path:
        return value
    step, *rest = path
    changed = replaced(payload[step], tuple(rest), value)
    if isinstance(payload, list):
        index = int(step)
        return [*payload[:index], changed, *payload[index + 1 :]]
    return {**payload, step: changed}


def renamed(payload: Json, path: Path, key: str) -> Json:
    """A copy of a payload with another key at a path."""
    *holder, old = path
    entries = at(payload, tuple(holder)).items()
    return replaced(payload, tuple(holder), {key if one == old else one: v for one, v in entries})


def without(payload: Json, path: Path) -> Json:
    """A copy of a payload with nothing at a path."""
    *holder, old = path
    container = at(payload, tuple(holder))
    if isinstance(container, list):
        return replaced(
            payload, tuple(holder), [one for i, one in enumerate(container) if i != old]
        )
    return replaced(payload, tuple(holder), {k: v for k, v in container.items() if k != old})


def places(node: Json, path: Path = ()) -> list[Path]:
    """The paths of all entries of a payload."""
    if not isinstance(node, (dict, list)):
        return []
    found: list[Path] = []
    for step, value in node.items() if isinstance(node, dict) else enumerate(node):
        found += [(*path, step), *places(value, (*path, step))]
    return found


def paths_of(payload: Json, *keys: str | int) -> list[Path]:
    """The paths that end with one of the keys."""
    return [path for path in places(payload) if path[-1] in keys]
