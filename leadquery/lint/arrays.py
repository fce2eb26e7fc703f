"""Lists of values and of objects."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from leadquery.lint.diagnostics import INVALID, Cursor, EditKind, Invalid, Json
from leadquery.lint.json_values import report_wrong_type
from leadquery.lint.rules import combinations, structure
from leadquery.wire.protocol import SEPARATOR
from leadquery.wire.schema import Array, Form, Object, Union
from leadquery.wire.types import NonEmptyString


def read_array(form: Array, raw: Json, spot: Cursor) -> Any:
    """A list of values or objects."""
    if type(raw) is list and raw and isinstance(form.of, NonEmptyString):
        values, broken = _values(form.of, raw, spot)
    else:
        items = read_items(raw, form.of, spot)
        if isinstance(items, Invalid):
            return items
        values = tuple(at.read(form.of, item) for item, at in items)
        broken = sum(one is INVALID for one in values)
    different = set(values)
    if len(values) - broken > len(different) - bool(broken):
        report_duplicates(enumerate(values), spot)
    return INVALID if broken else values


def _values(form: NonEmptyString, raw: list[Json], spot: Cursor) -> tuple[tuple[Any, ...], int]:
    """The values of a list of texts, and how many are broken.

    Those without a mistake are as they are written.
    """
    values = list(raw)
    doubtful = [at for at, one in enumerate(raw) if type(one) is not str or not one]
    for index in doubtful:
        values[index] = spot.at(index).read(form, raw[index])
    return tuple(values), sum(values[index] is INVALID for index in doubtful)


def report_duplicates(values: Iterable[tuple[int, Any]], spot: Cursor) -> None:
    """Note the entries of a list that stand in it before; each comes with its place."""
    first: dict[Any, int] = {}
    for index, value in values:
        if value is not INVALID and first.setdefault(value, index) != index:
            at = spot.at(index)
            at.add(combinations.duplicate(at.path, first[value]))


def read_items(raw: Json, of: Form, spot: Cursor) -> list[tuple[Json, Cursor]] | Invalid:
    """The entries of a list, each with its place; a lone object is taken as a list of one."""
    if isinstance(raw, list):
        return [(item, spot.at(index)) for index, item in enumerate(raw)] or spot.add(
            structure.empty_list(spot.path)
        )
    if isinstance(raw, dict) and isinstance(of, (Object, Union)):
        wrapped = spot.fix(EditKind.WRAP, safe=True)
        report_wrong_type(raw, "a list", spot, "write it in a list: [ … ]", wrapped)
        return [(raw, spot)]
    if isinstance(raw, str) and not isinstance(of, (Object, Union)):
        return _text_for_list(raw, spot)
    return report_wrong_type(raw, "a list", spot)


def _text_for_list(raw: str, spot: Cursor) -> Invalid:
    parts = [part.strip() for part in raw.split(SEPARATOR) if part.strip()]
    if not parts:
        return report_wrong_type(raw, "a list", spot)
    shown = ", ".join(json.dumps(one, ensure_ascii=not one.isprintable()) for one in parts[:5])
    # A comma may be a part of the value.
    fix = spot.fix(EditKind.WRITE, parts, safe=parts == [raw])
    hint = f"write [{shown}]" if len(shown) <= 200 else None
    return report_wrong_type(raw, "a list", spot, hint, fix)
