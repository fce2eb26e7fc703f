"""One JSON object: its keys, the values under them, and what they owe each other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from leadquery.lint.diagnostics import (
    INVALID,
    Cursor,
    Edit,
    EditKind,
    Invalid,
    Json,
    ParsedObject,
)
from leadquery.lint.json_values import report_wrong_type
from leadquery.lint.key_matching import Written, match, normalize_key
from leadquery.lint.rules import combinations, structure
from leadquery.wire.schema import Class, Object, keys_of
from leadquery.wire.types import FIRST, LAST, format_timestamp


class ParsedMembers(NamedTuple):
    """What an object holds: values by attribute, some of them BROKEN, and the keys as written."""

    of: Class
    values: dict[str, Any]
    keys: Written
    raw: dict[str, Json]
    spot: Cursor
    certain: bool
    """Whether nothing was found in reading them but what is mended safely."""

    def built(self) -> Any:
        """The object of the model, or BROKEN."""
        made = None if INVALID in self.values.values() else self.of(**self.values)
        certain = self.certain and made is not None
        written = {name: self.keys.get(key.token, "") for name, key in keys_of(self.of).items()}
        self.spot.walk.nodes.append(ParsedObject(self.of, made, self.spot.path, written, certain))
        return INVALID if made is None else made


def read_object_type(form: Object, raw: Json, spot: Cursor) -> Any:
    """An object of one class."""
    found = read_members(form.of, raw, spot)
    return INVALID if found is None else found.built()


def read_members(cls: Class, raw: Json, spot: Cursor, unread: str = "") -> ParsedMembers | None:
    """What an object of a class holds, but for one attribute; None for what is no object."""
    before = len(spot.walk.findings)
    raw, spot = unwrap_single_item_list((cls,), raw, spot)
    if not isinstance(raw, dict):
        return None
    keys = keys_of(cls)
    written = match(raw, keys.values(), cls.label, spot)
    values = {
        attribute: spot.at(written[key.token]).read(key.form, raw[written[key.token]])
        if key.token in written and attribute != unread
        else (missing(key.token, cls.label, spot) if key.required else None)
        for attribute, key in keys.items()
    }
    _check_either(cls, written, spot)
    _check_order(cls, values, written, spot)
    return ParsedMembers(cls, values, written, raw, spot, spot.walk.is_certain(before))


def unwrap_single_item_list(
    classes: Sequence[Class], raw: Json, spot: Cursor
) -> tuple[Json, Cursor]:
    """The object that is meant, and its place: a list of one is taken for it, where that has one
    of the keys of its classes, in any letters.
    """
    if isinstance(raw, dict):
        return raw, spot
    only = raw[0] if isinstance(raw, list) and len(raw) == 1 else None
    known = {normalize_key(key.token) for cls in classes for key in keys_of(cls).values()}
    if not isinstance(only, dict) or known.isdisjoint(map(normalize_key, only)):
        report_wrong_type(raw, "an object", spot)
        return None, spot
    hint = "write the object without the list around it"
    report_wrong_type(raw, "an object", spot, hint, spot.fix(EditKind.UNWRAP, safe=True))
    return only, spot.at(0)


def missing(token: str, label: str, spot: Cursor) -> Invalid:
    """Note that a key is missing."""
    return spot.add(structure.missing_key(spot.path, token, label))


def _check_either(cls: Class, written: Written, spot: Cursor) -> None:
    tokens = [keys_of(cls)[attribute].token for attribute in getattr(cls, "either", ())]
    if tokens and not any(token in written for token in tokens):
        missing(tokens[0], cls.label, spot)


def _check_order(cls: Class, values: dict[str, Any], written: Written, spot: Cursor) -> None:
    ordered = getattr(cls, "ordered", None)
    if ordered is None:
        return
    start, end = (values[attribute] for attribute in ordered)
    if INVALID in (start, end) or start <= end:
        return
    first, last = (spot.at(written[keys_of(cls)[attribute].token]) for attribute in ordered)
    early, late, whole_days = end, start, False
    if start.time() == FIRST and end.time() == LAST:
        # Of whole days the first second stays in front, and the last one behind.
        early, late = datetime.combine(end, FIRST), datetime.combine(start, LAST)
        whole_days = True
    swapped = (
        Edit(first.path, EditKind.WRITE, format_timestamp(early)),
        Edit(last.path, EditKind.WRITE, format_timestamp(late)),
    )
    last.add(
        combinations.reversed_range(
            last.path, format_timestamp(start), swapped, whole_days=whole_days
        )
    )
