"""One JSON object: its keys, the values under them, and what they owe each other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from leadquery.payload.keys import Written, letters, match
from leadquery.spec.findings import BROKEN, Broken, Change, Edit, Fix, Json, Node, Spot, mistyped
from leadquery.spec.forms import FIRST, LAST, timestamp
from leadquery.spec.rules import Rule
from leadquery.spec.shapes import Class, Nested, keys_of


class Members(NamedTuple):
    """What an object holds: values by attribute, some of them BROKEN, and the keys as written."""

    of: Class
    values: dict[str, Any]
    keys: Written
    raw: dict[str, Json]
    spot: Spot
    certain: bool
    """Whether nothing was found in reading them but what is mended safely."""

    def built(self) -> Any:
        """The object of the model, or BROKEN."""
        made = None if BROKEN in self.values.values() else self.of(**self.values)
        certain = self.certain and made is not None
        written = {name: self.keys.get(key.token, "") for name, key in keys_of(self.of).items()}
        self.spot.walk.nodes.append(Node(self.of, made, self.spot.path, written, certain))
        return BROKEN if made is None else made


def read_nested(form: Nested, raw: Json, spot: Spot) -> Any:
    """An object of one class."""
    found = members(form.of, raw, spot)
    return BROKEN if found is None else found.built()


def members(cls: Class, raw: Json, spot: Spot, unread: str = "") -> Members | None:
    """What an object of a class holds, but for one attribute; None for what is no object."""
    before = len(spot.walk.findings)
    raw, spot = unwrapped((cls,), raw, spot)
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
    return Members(cls, values, written, raw, spot, spot.walk.is_certain(before))


def unwrapped(classes: Sequence[Class], raw: Json, spot: Spot) -> tuple[Json, Spot]:
    """The object that is meant, and its place: a list of one is taken for it, where that has one
    of the keys of its classes, in any letters.
    """
    if isinstance(raw, dict):
        return raw, spot
    only = raw[0] if isinstance(raw, list) and len(raw) == 1 else None
    known = {letters(key.token) for cls in classes for key in keys_of(cls).values()}
    if not isinstance(only, dict) or known.isdisjoint(map(letters, only)):
        mistyped(raw, "an object", spot)
        return None, spot
    hint = "write the object without the list around it"
    mistyped(raw, "an object", spot, hint, spot.fix(Change.UNWRAP, safe=True))
    return only, spot.at(0)


def missing(token: str, label: str, spot: Spot) -> Broken:
    """Note that a key is missing."""
    return spot.at(token).report(Rule.MISSING_KEY, f"{token!r} is missing", f"{label} needs it")


def _check_either(cls: Class, written: Written, spot: Spot) -> None:
    tokens = [keys_of(cls)[attribute].token for attribute in getattr(cls, "either", ())]
    if tokens and not any(token in written for token in tokens):
        missing(tokens[0], cls.label, spot)


def _check_order(cls: Class, values: dict[str, Any], written: Written, spot: Spot) -> None:
    ordered = getattr(cls, "ordered", None)
    if ordered is None:
        return
    start, end = (values[attribute] for attribute in ordered)
    if BROKEN in (start, end) or start <= end:
        return
    first, last = (spot.at(written[keys_of(cls)[attribute].token]) for attribute in ordered)
    early, late, what = end, start, "the two"
    if start.time() == FIRST and end.time() == LAST:
        # Of whole days the first second stays in front, and the last one behind.
        early, late = datetime.combine(end, FIRST), datetime.combine(start, LAST)
        what = "the two days"
    swapped = (
        Edit(first.path, Change.WRITE, timestamp(early)),
        Edit(last.path, Change.WRITE, timestamp(late)),
    )
    last.report(
        Rule.BACKWARDS,
        "the range ends before it starts",
        f"write a date from {timestamp(start)!r} on, or swap {what}",
        Fix(swapped, safe=False),
    )
