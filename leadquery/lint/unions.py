"""Objects of several shapes: which one is meant, and what stands beside it."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from leadquery.lint.diagnostics import (
    INVALID,
    Cursor,
    Edit,
    EditKind,
    Fix,
    Invalid,
    Json,
    ReadContext,
)
from leadquery.lint.key_matching import Written, logical_key_hint, match
from leadquery.lint.objects import ParsedMembers, missing, unwrap_single_item_list
from leadquery.lint.rules import combinations
from leadquery.lint.rules.registry import Rule
from leadquery.wire.enums import Operator
from leadquery.wire.protocol import SEPARATOR
from leadquery.wire.schema import Array, Class, Form, Key, Union, keys_of
from leadquery.wire.types import AnyString

Object = dict[str, Json]


def read_union(form: Union, raw: Json, spot: Cursor) -> Any:
    """An object of the class that one key tells."""
    before = len(spot.walk.findings)
    raw, spot = unwrap_single_item_list(form.of, raw, spot)
    if not isinstance(raw, dict):
        return INVALID
    label = form.of[0].label
    known = {key.token: key for cls in form.of for key in keys_of(cls).values()}
    token = keys_of(form.of[0])[form.by].token
    written = match(raw, known.values(), label, spot, _fitting(form, raw.get(token)))
    if not written and any(logical_key_hint(one, label) for one in raw):
        # What is in it is read nowhere, and nothing else is meant to stand here.
        return INVALID
    row = (
        spot.at(written[token]).read(form.any_of, raw[written[token]])
        if token in written
        else missing(token, label, spot)
    )
    cls = form.told_by(row)
    if cls is None:
        return _read_best_match(form, raw, written, spot)
    values = {form.by: row, **_read_shape(form, cls, raw, written, spot)}
    return ParsedMembers(cls, values, written, raw, spot, spot.walk.is_certain(before)).built()


def _fitting(form: Union, told: Json) -> Container[str] | None:
    """The keys of the shape that a value of the telling key names; None if it names none."""
    for cls in form.of:
        if any(told in row.spellings for row in keys_of(cls)[form.by].form.allowed()):
            return {key.token for key in keys_of(cls).values()}
    return None


def _own(form: Union, cls: Class) -> dict[str, Key]:
    """The keys that only some of the shapes have."""
    return {
        attribute: key
        for attribute, key in keys_of(cls).items()
        if not all(attribute in keys_of(other) for other in form.of)
    }


def _read_shape(
    form: Union, cls: Class, raw: Object, written: Written, spot: Cursor
) -> dict[str, Any]:
    """The other attributes of an object whose shape is known."""
    misplaced = _read_beside(form, cls, raw, written, spot)
    values: dict[str, Any] = {}
    for attribute, key in keys_of(cls).items():
        if attribute == form.by:
            continue
        if key.token in written:
            values[attribute] = spot.at(written[key.token]).read(key.form, raw[written[key.token]])
        elif key.required:
            told = misplaced and attribute in _own(form, cls)
            values[attribute] = INVALID if told else missing(key.token, cls.label, spot)
        else:
            values[attribute] = None
    return values


def _read_beside(form: Union, cls: Class, raw: Object, written: Written, spot: Cursor) -> bool:
    """Read the keys of other shapes; whether one of them stands where another key belongs."""
    tokens = {key.token for key in keys_of(cls).values()}
    beside = [at for token, at in written.items() if token not in tokens]
    free = [key for key in _own(form, cls).values() if key.required and key.token not in written]
    for at in beside:
        if not form.ignored:
            by = spot.at(written[keys_of(cls)[form.by].token])
            _misplaced(spot.at(at), raw[at], free[0] if free else None, by)
        elif raw[at] != "":
            _ignored(spot.at(at), raw[at], form.beside)
    return bool(beside) and not form.ignored


def _misplaced(spot: Cursor, value: Json, belongs: Key | None, by: Cursor) -> None:
    """Note a value that stands under the key of another operator."""
    fix: Fix | None = None
    if belongs is None:
        fix = spot.fix(EditKind.REMOVE, safe=False)
        spot.add(combinations.wrong_value_key(spot.path, "remove it", fix))
        return
    hint = f"rename it to {belongs.token!r}"
    rename = Edit(spot.path, EditKind.RENAME, belongs.token)
    match value:
        case str() if isinstance(belongs.form, Array):
            parts = [part.strip() for part in value.split(SEPARATOR) if part.strip()]
            # A comma may be a part of the value.
            mended = Fix((rename, Edit(spot.path, EditKind.WRITE, parts)), safe=parts == [value])
            fix = mended if parts else None
        case [_, *_] if isinstance(belongs.form, Array):
            fix = Fix((rename,), safe=True) if _readable(value) else None
        case [str(only)] if only and not isinstance(belongs.form, Array):
            fix = Fix((rename, Edit(spot.path, EditKind.WRITE, only)), safe=True)
        case [_, *_]:
            several = Operator.ONE_OF.token
            hint = f"for one of several values, use the operator {several!r}"
            fix = by.fix(EditKind.WRITE, several, safe=False) if _readable(value) else None
    spot.add(combinations.wrong_value_key(spot.path, hint, fix))


def _readable(values: Sequence[Json]) -> bool:
    return all(isinstance(one, str) and one for one in values)


def _ignored(spot: Cursor, value: Json, rule: Rule) -> None:
    """Note a key that the type of the output does not read; a single value says no more."""
    if isinstance(value, (str, int, float)):
        spot.add(combinations.ignored_key(spot.path))
    else:
        spot.read(AnyString(), value)


def _read_best_match(form: Union, raw: Object, written: Written, spot: Cursor) -> Invalid:
    """Read an object whose shape is not told, as the one that its keys fit best."""
    cls = max(form.of, key=lambda cls: sum(key.token in written for key in keys_of(cls).values()))
    own = _own(form, cls)
    fits = any(key.token in written for key in own.values())
    for attribute, key in keys_of(cls).items():
        if attribute == form.by:
            continue
        if key.token in written:
            _read_unjudged(key.form, raw[written[key.token]], spot.at(written[key.token]))
        elif key.required and (fits or attribute not in own):
            missing(key.token, cls.label, spot)
    return INVALID


def _read_unjudged(form: Form, raw: Json, spot: Cursor) -> None:
    """Read a value of which it is not known what it should be: empty is not held against it."""
    apart = ReadContext(spot.walk.read, [], [])
    Cursor(spot.path, apart).read(form, raw)
    spot.walk.findings.extend(one for one in apart.findings if one.rule is not Rule.EMPTY_VALUE)
