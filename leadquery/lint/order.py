"""Findings in the order of the payload, whatever order the walk found them in."""

from __future__ import annotations

from leadquery.lint.diagnostics import Json, RawDiagnostic
from leadquery.lint.json_values import describe_json


def in_order(raw: Json, findings: list[RawDiagnostic]) -> list[RawDiagnostic]:
    """The findings by their place; a missing key comes with its object, before what is in it."""
    if len(findings) < 2:
        return findings
    places: dict[int, dict[str, int]] = {}
    return sorted(findings, key=lambda found: _position(raw, found.path, places))


def key_text(key: object) -> str:
    """A key as paths name it, which is what messages show where it is no text."""
    return key if isinstance(key, str) else describe_json(key)


def _position(
    node: Json, path: tuple[str | int, ...], places: dict[int, dict[str, int]]
) -> tuple[int, ...]:
    position = []
    for step in path:
        if isinstance(node, dict):
            order = places.setdefault(id(node), {})
            if not order:
                order.update((key_text(key), index) for index, key in enumerate(node))
            if key_text(step) not in order:
                break
            position.append(order[key_text(step)])
            node = node.get(step)
        else:
            position.append(int(step))
            node = node[step]
    return tuple(position)
