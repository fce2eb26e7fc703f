"""Lists of values and of objects."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from leadquery.spec.findings import BROKEN, Broken, Change, Json, Spot, mistyped
from leadquery.spec.forms import Filled
from leadquery.spec.rules import Rule
from leadquery.spec.shapes import Form, Nested, Several, Variants
from leadquery.spec.vocabulary import SEPARATOR


def read_several(form: Several, raw: Json, spot: Spot) -> Any:
    """A list of values or objects."""
    if type(raw) is list and raw and isinstance(form.of, Filled):
        values, broken = _values(form.of, raw, spot)
    else:
        items = entries(raw, form.of, spot)
        if isinstance(items, Broken):
            return items
        values = tuple(at.read(form.of, item) for item, at in items)
        broken = sum(one is BROKEN for one in values)
    different = set(values)
    if len(values) - broken > len(different) - bool(broken):
        report_repeats(enumerate(values), spot)
    return BROKEN if broken else values


def _values(form: Filled, raw: list[Json], spot: Spot) -> tuple[tuple[Any, ...], int]:
    """The values of a list of texts, and how many are broken.

    Those without a mistake are as they are written.
    """
    values = list(raw)
    doubtful = [at for at, one in enumerate(raw) if type(one) is not str or not one]
    for index in doubtful:
        values[index] = spot.at(index).read(form, raw[index])
    return tuple(values), sum(values[index] is BROKEN for index in doubtful)


def report_repeats(values: Iterable[tuple[int, Any]], spot: Spot) -> None:
    """Note the entries of a list that stand in it before; each comes with its place."""
    first: dict[Any, int] = {}
    for index, value in values:
        if value is not BROKEN and first.setdefault(value, index) != index:
            message = f"the same stands here as at [{first[value]}]"
            at = spot.at(index)
            fix = at.fix(Change.REMOVE, safe=True)
            at.report(Rule.REPEATED, message, "leave it out", fix)


def entries(raw: Json, of: Form, spot: Spot) -> list[tuple[Json, Spot]] | Broken:
    """The entries of a list, each with its place; a lone object is taken as a list of one."""
    if isinstance(raw, list):
        return [(item, spot.at(index)) for index, item in enumerate(raw)] or spot.report(
            Rule.EMPTY, "the list is empty", "write at least one entry, or leave the key out"
        )
    if isinstance(raw, dict) and isinstance(of, (Nested, Variants)):
        wrapped = spot.fix(Change.WRAP, safe=True)
        mistyped(raw, "a list", spot, "put it into a list: [ … ]", wrapped)
        return [(raw, spot)]
    if isinstance(raw, str) and not isinstance(of, (Nested, Variants)):
        return _text_for_list(raw, spot)
    return mistyped(raw, "a list", spot)


def _text_for_list(raw: str, spot: Spot) -> Broken:
    parts = [part.strip() for part in raw.split(SEPARATOR) if part.strip()]
    if not parts:
        return mistyped(raw, "a list", spot)
    shown = ", ".join(json.dumps(one, ensure_ascii=not one.isprintable()) for one in parts[:5])
    # A comma may be a part of the value.
    fix = spot.fix(Change.WRITE, parts, safe=parts == [raw])
    hint = f"write [{shown}]" if len(shown) <= 200 else None
    return mistyped(raw, "a list", spot, hint, fix)
