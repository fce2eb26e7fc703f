"""Readers of JSON objects, of one class or of the classes of a union."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple

from leadquery.lint.decoder import FAILURES, object_decoder
from leadquery.lint.diagnostics import (
    INVALID,
    Cursor,
    Edit,
    EditKind,
    Fix,
    Invalid,
    ParsedObject,
    ReadContext,
    Reader,
)
from leadquery.lint.key_matching import MatchedKeys, logical_key_hint, match_keys, normalize_key
from leadquery.lint.rules import combinations, structure
from leadquery.lint.value_readers import wrong_type
from leadquery.wire.enums import SEPARATOR, Operator
from leadquery.wire.examples import values_to_write
from leadquery.wire.model import Request
from leadquery.wire.schema import (
    Array,
    Class,
    JoinedArray,
    Key,
    Object,
    Type,
    Union,
    classes_of,
    key_name,
    keys_of,
)
from leadquery.wire.types import FIRST, LAST, EmptyString, Json, format_timestamp


class ParsedMembers(NamedTuple):
    """The contents of a JSON object."""

    cls: Class
    values: dict[str, Any]
    """Values by attribute; those that cannot be read are `INVALID`."""
    keys: MatchedKeys
    raw: dict[str, Json]
    cursor: Cursor
    certain: bool
    """Whether everything found in the object has a safe fix."""

    def build(self) -> Any:
        """The object of the model, or `INVALID`."""
        value = None if INVALID in self.values.values() else self.cls(**self.values)
        certain = self.certain and value is not None
        parsed = ParsedObject(self.cls, value, self.cursor.path, self.keys, certain)
        self.cursor.context.objects.append(parsed)
        return INVALID if value is None else value


def read_object(wire_type: Object, raw: Json, cursor: Cursor) -> Any:
    members = read_members(wire_type.of, raw, cursor)
    return INVALID if members is None else members.build()


def read_members(cls: Class, raw: Json, cursor: Cursor, skip: str = "") -> ParsedMembers | None:
    """The contents of an object but for the attribute `skip`; None if there is no object."""
    found_before = len(cursor.context.diagnostics)
    raw, cursor = unwrap_single_item_list((cls,), raw, cursor)
    if not isinstance(raw, dict):
        return None
    matched = _match_keys(raw, _keys_by_name(cls), cls.label, cursor)
    values = _read_values(cls, raw, matched, cursor, skip)
    if hasattr(cls, "any_required"):
        alternatives = [keys_of(cls)[attribute] for attribute in cls.any_required]
        if not any(key.name in matched for key in alternatives):
            _missing(alternatives[0], cls, cursor)
    if hasattr(cls, "exclusive"):
        first, second = (key_name(cls, attribute) for attribute in cls.exclusive)
        if first in matched and second in matched:
            cursor.add(combinations.two_reports(cursor.at(matched[second]).path, first))
    if hasattr(cls, "ordered"):
        _check_order(cls, values, matched, cursor)
    certain = cursor.context.is_certain(found_before)
    return ParsedMembers(cls, values, matched, raw, cursor, certain)


def _match_keys(
    raw: dict[str, Json],
    known: dict[str, Key],
    label: str,
    cursor: Cursor,
    expected: dict[str, Key] | None = None,
) -> MatchedKeys:
    """The known keys of an object, each as it is written."""
    if raw.keys() <= known.keys():
        return dict(zip(raw, raw, strict=True))
    return match_keys(raw, known, label, cursor, expected)


def _read_values(
    cls: Class,
    raw: dict[str, Json],
    matched: MatchedKeys,
    cursor: Cursor,
    skip: str = "",
    misplaced: Container[str] = (),
) -> dict[str, Any]:
    """The value of each attribute but `skip`; those of the `misplaced` ones are elsewhere.

    A decoder reads the objects in which there is nothing to report.
    """
    values: dict[str, Any] = {}
    decodable = set() if cursor.context.every_object else _flat_objects()
    for attribute, key in keys_of(cls).items():
        if attribute == skip or key.name not in matched:
            values[attribute] = None
            if key.required and attribute != skip:
                is_elsewhere = attribute in misplaced
                values[attribute] = INVALID if is_elsewhere else _missing(key, cls, cursor)
            continue
        written = matched[key.name]
        if key.type in decodable:
            try:
                values[attribute] = object_decoder(key.type)(raw[written], [], True)
            except FAILURES:
                pass
            else:
                continue
        values[attribute] = cursor.at(written).read(key.type, raw[written])
    return values


@cache
def _flat_objects() -> set[Type]:
    """The types of objects in requests that hold no list: lists are read item by item."""
    types = {key.type for cls in classes_of(Request) for key in keys_of(cls).values()}
    return {one for one in types if isinstance(one, (Object, Union)) and _is_flat(one)}


def _is_flat(wire_type: Object | Union) -> bool:
    classes = wire_type.of if isinstance(wire_type, Union) else (wire_type.of,)
    nested = (Object, Union, Array, JoinedArray)
    types = [key.type for cls in classes for key in keys_of(cls).values()]
    return not any(isinstance(one, nested) for one in types)


def unwrap_single_item_list(
    classes: Sequence[Class], raw: Json, cursor: Cursor
) -> tuple[Json, Cursor]:
    """The object to read, and its place.

    A list with one object is read as that object if it has a key of the classes.
    """
    if isinstance(raw, dict):
        return raw, cursor
    item = raw[0] if isinstance(raw, list) and len(raw) == 1 else None
    known = {normalize_key(name) for cls in classes for name in _keys_by_name(cls)}
    if not isinstance(item, dict) or known.isdisjoint(map(normalize_key, item)):
        wrong_type(raw, "an object", cursor)
        return None, cursor
    hint = "write the object without the list around it"
    wrong_type(raw, "an object", cursor, hint, cursor.fix(EditKind.UNWRAP, safe=True))
    return item, cursor.at(0)


def _missing(key: Key, cls: Class, cursor: Cursor) -> Invalid:
    return cursor.add(structure.missing_key(cursor.path, key.name, values_to_write(cls, key)))


def _check_order(cls: Class, values: dict[str, Any], matched: MatchedKeys, cursor: Cursor) -> None:
    start, end = (values[attribute] for attribute in cls.ordered)
    if INVALID in (start, end) or start <= end:
        return
    first, last = (
        cursor.at(matched[keys_of(cls)[attribute].name]).path for attribute in cls.ordered
    )
    new_start, new_end = end, start
    whole_days = start.time() == FIRST and end.time() == LAST
    if whole_days:
        # Swap the days only: the range still starts at midnight and ends with a day.
        new_start, new_end = datetime.combine(end, FIRST), datetime.combine(start, LAST)
    edits = (
        Edit(first, EditKind.WRITE, format_timestamp(new_start)),
        Edit(last, EditKind.WRITE, format_timestamp(new_end)),
    )
    cursor.add(
        combinations.reversed_range(last, format_timestamp(start), edits, whole_days=whole_days)
    )


# Unions


def read_union(union: Union, raw: Json, cursor: Cursor) -> Any:
    """An object of the class that its discriminator names."""
    found_before = len(cursor.context.diagnostics)
    raw, cursor = unwrap_single_item_list(union.of, raw, cursor)
    if not isinstance(raw, dict):
        return INVALID
    name, value = key_name(union.of[0], union.discriminator), None
    if isinstance(raw.get(name), str):
        value = union.discriminator_type.values.get(raw[name])
    cls = union.discriminate(value)
    expected = None if cls is None else _keys_by_name(cls)
    if expected is not None and raw.keys() == expected.keys():
        matched = dict(zip(raw, raw, strict=True))
        values = _read_values(cls, raw, matched, cursor)
    else:
        label = union.of[0].label
        matched = _match_keys(raw, _keys_of_all(union), label, cursor, expected)
        if not matched and any(logical_key_hint(key, label) for key in raw):
            # Reported at that key already; nothing else is meant to be here.
            return INVALID
        if name in matched:
            likely = _class_of_keys(union, raw, matched)
            written = matched[name]
            member = _read_discriminator(union, likely, raw[written], cursor.at(written))
        else:
            member = _missing_discriminator(union, raw, matched, cursor)
        cls = union.discriminate(member)
        if cls is None:
            return _read_best_match(union, raw, matched, cursor)
        misplaced = _report_other_keys(union, member, cls, raw, matched, cursor)
        values = _read_values(cls, raw, matched, cursor, union.discriminator, misplaced)
        values[union.discriminator] = member
    certain = cursor.context.is_certain(found_before)
    return ParsedMembers(cls, values, matched, raw, cursor, certain).build()


def _missing_discriminator(
    union: Union, raw: dict[str, Json], matched: MatchedKeys, cursor: Cursor
) -> Invalid:
    """Report that nothing names the class, with the values of the classes that the keys fit."""
    found = {name for name, written in matched.items() if raw[written] != ""}
    fitting = [cls for cls in union.of if found <= _keys_with_values(cls)]
    keys = [(cls, keys_of(cls)[union.discriminator]) for cls in fitting or union.of]
    values = [value for cls, key in keys for value in values_to_write(cls, key)]
    return cursor.add(structure.missing_key(cursor.path, keys[0][1].name, values))


def _keys_with_values(cls: Class) -> set[str]:
    keys = keys_of(cls).values()
    return {key.name for key in keys if not isinstance(key.type, EmptyString)}


def _class_of_keys(union: Union, raw: dict[str, Json], matched: MatchedKeys) -> Class | None:
    """The class that most of its own keys are there of, and none of another class.

    None where a key of another class is a mistake in itself.
    """
    if not union.ignores_other_keys:
        return None
    found = {name for name, written in matched.items() if raw[written] != ""}
    own = {cls: {key.name for key in _own_keys(union, cls).values()} for cls in union.of}
    present = [cls for cls in union.of if own[cls] & found]
    if len(present) != 1:
        return None
    [likely] = present
    return likely if 2 * len(own[likely] & found) >= len(own[likely]) else None


def _read_discriminator(union: Union, likely: Class | None, raw: Json, cursor: Cursor) -> Any:
    """The member that a value stands for; if the keys tell the class, only its member is right."""
    if likely is None:
        return cursor.read(union.discriminator_type, raw)
    own = keys_of(likely)[union.discriminator].type
    [member] = own.allowed()
    others = (one.token for one in union.discriminator_type.allowed() if one is not member)
    if isinstance(raw, str) and raw.strip().casefold() in map(str.casefold, others):
        cursor.add(combinations.wrong_output_type(cursor.path, raw, member.token))
        return member
    return cursor.read(own, raw)


@cache
def _keys_by_name(cls: Class) -> dict[str, Key]:
    return {key.name: key for key in keys_of(cls).values()}


@cache
def _keys_of_all(union: Union) -> dict[str, Key]:
    """The keys of all classes of a union, by name; the discriminator takes any of their members."""
    known = {name: key for cls in union.of for name, key in _keys_by_name(cls).items()}
    discriminator = keys_of(union.of[0])[union.discriminator]
    known[discriminator.name] = discriminator._replace(type=union.discriminator_type)
    return known


@cache
def _own_keys(union: Union, cls: Class) -> dict[str, Key]:
    """The keys of a class that not all classes of the union have."""
    return {
        attribute: key
        for attribute, key in keys_of(cls).items()
        if not all(attribute in keys_of(other) for other in union.of)
    }


def _report_other_keys(
    union: Union,
    member: Any,
    cls: Class,
    raw: dict[str, Json],
    matched: MatchedKeys,
    cursor: Cursor,
) -> Container[str]:
    """Report keys of other classes; the attributes whose values may be under one of them."""
    names = _keys_by_name(cls)
    others = [written for name, written in matched.items() if name not in names]
    if not others:
        return ()
    own = _own_keys(union, cls)
    missing = [key for key in own.values() if key.required and key.name not in matched]
    for written in others:
        if not union.ignores_other_keys:
            operator = cursor.at(matched[keys_of(cls)[union.discriminator].name])
            expected = missing[0] if missing else None
            _report_wrong_value_key(cursor.at(written), raw[written], expected, member, operator)
        elif raw[written] is None:
            cursor.at(written).add(structure.unexpected_null((*cursor.path, written), "remove it"))
        elif raw[written] != "":
            cursor.add(combinations.ignored_key((*cursor.path, written)))
    return () if union.ignores_other_keys else own


def _report_wrong_value_key(
    cursor: Cursor, value: Json, expected: Key | None, member: Any, operator: Cursor
) -> None:
    """Report a value under the key of another operator, and where it belongs."""
    path = cursor.path
    if expected is None:
        fix: Fix | None = cursor.fix(EditKind.REMOVE, safe=False)
        cursor.supersede(combinations.wrong_value_key(path, "remove it", fix))
        return
    takes_list = isinstance(expected.type, Array)
    if isinstance(value, list) and len(value) > 1 and not takes_list:
        _report_several_values(cursor, value, expected, member, operator)
        return
    hint, fix = f"rename it to {expected.name!r}", None
    rename = Edit(path, EditKind.RENAME, expected.name)
    match value:
        case str() if takes_list:
            parts = split_values(value)
            # A comma may be a part of the value.
            rewrite = Fix((rename, Edit(path, EditKind.WRITE, parts)), safe=parts == [value])
            fix = rewrite if parts else None
        case [_, *_] if takes_list:
            fix = Fix((rename,), safe=True) if _are_texts(value) else None
        case [str(only)] if only:
            fix = Fix((rename, Edit(path, EditKind.WRITE, only)), safe=True)
    cursor.supersede(combinations.wrong_value_key(path, hint, fix))


def _report_several_values(
    cursor: Cursor, values: list[Json], expected: Key, member: Any, operator: Cursor
) -> None:
    """Report a list with an operator that takes one value."""
    if member is Operator.EQUAL:
        one_of = Operator.ONE_OF.token
        hint = f"for one of several values, use the operator {one_of!r}"
        fix = operator.fix(EditKind.WRITE, one_of, safe=False) if _are_texts(values) else None
        found = combinations.wrong_value_key(cursor.path, hint, fix)
        operator.supersede(found, of_value=True)
        return
    hint = f"write one value under {expected.name!r}"
    if member in (Operator.NOT_EQUAL, Operator.DOES_NOT_CONTAIN):
        hint = f"write a filter with {member.token!r} for each value"
    cursor.supersede(combinations.wrong_value_key(cursor.path, hint, None))


def split_values(text: str) -> list[str]:
    """The values of a text that separates them by commas."""
    return [part.strip() for part in text.split(SEPARATOR) if part.strip()]


def _are_texts(values: Iterable[Json]) -> bool:
    return all(isinstance(value, str) and value for value in values)


def _read_best_match(
    union: Union, raw: dict[str, Json], matched: MatchedKeys, cursor: Cursor
) -> Invalid:
    """Read an object whose class is not known as the one with the most keys in it."""
    cls = max(union.of, key=lambda cls: sum(key.name in matched for key in keys_of(cls).values()))
    own = _own_keys(union, cls)
    has_own_key = any(key.name in matched for key in own.values())
    for attribute, key in keys_of(cls).items():
        if attribute == union.discriminator:
            continue
        if key.name in matched:
            written = matched[key.name]
            _read_tentatively(key.type, raw[written], cursor.at(written))
        elif key.required and (has_own_key or attribute not in own):
            _missing(key, cls, cursor)
    return INVALID


def _read_tentatively(wire_type: Type, raw: Json, cursor: Cursor) -> None:
    """Read a value that may be of another type: it may be right that it is empty."""
    context = ReadContext()
    Cursor(cursor.path, context).read(wire_type, raw)
    cursor.context.diagnostics.extend(
        found for found in context.diagnostics if found.rule is not combinations.EMPTY_VALUE
    )


OBJECT_READERS: Final[dict[type, Reader]] = {Object: read_object, Union: read_union}
