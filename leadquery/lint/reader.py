"""From JSON to the model of `leadquery.wire`, with a diagnostic for every mistake.

A payload that the decoder refuses is read once more along its classes. Each mistake is recorded,
and what follows it is read as if it were corrected, where that is certain. The modules of the rules
read the values that are wrong; those that are right, a decoder reads here, too.
"""

from __future__ import annotations

import json
from collections.abc import Container, Mapping, Sequence
from typing import Any, Final, NamedTuple, NoReturn

from leadquery.lint.decoder import FAILURES, has_duplicates, item_decoder, value_decoder
from leadquery.lint.diagnostics import (
    INVALID,
    READERS,
    Cursor,
    EditKind,
    Invalid,
    ParsedList,
    ParsedObject,
    RawDiagnostic,
    ReadContext,
)
from leadquery.lint.key_matching import logical_key_hint, match_keys, normalize_key
from leadquery.lint.rules import Severity, all_checks, combinations, structure
from leadquery.lint.rules.fixed_lists import read_enum, read_open_enum
from leadquery.lint.rules.joiners import check_joiners
from leadquery.lint.rules.structure import wrong_type
from leadquery.lint.rules.syntax import TOO_DEEP
from leadquery.lint.rules.values import (
    read_comma_list,
    read_empty_string,
    read_json_text,
    read_non_empty_string,
    read_positive_int,
    read_timestamp,
)
from leadquery.wire.examples import objects_to_write, values_to_write
from leadquery.wire.model import Request
from leadquery.wire.schema import (
    Array,
    Class,
    JoinedArray,
    Key,
    Object,
    Type,
    Union,
    key_name,
    keys_by_name,
    keys_of,
)
from leadquery.wire.types import (
    CommaList,
    DecodeError,
    EmptyString,
    EnumType,
    Json,
    JsonText,
    NonEmptyString,
    OpenEnumType,
    PositiveInt,
    Timestamp,
)


class ReadResult(NamedTuple):
    """A request, or None if there are errors, and what was collected while reading it."""

    request: Request | None
    context: ReadContext


def read_request(raw: Json, *, every_object: bool = False) -> ReadResult:
    """The request of a JSON value, with every mistake in it."""
    context = ReadContext(every_object=every_object)
    try:
        request = Cursor((), context).read(Object(Request), raw)
    except RecursionError:
        message = "the payload is nested too deeply"
        context = ReadContext()
        context.diagnostics.append(RawDiagnostic(TOO_DEEP, (), message, None))
        return ReadResult(None, context)
    failed = any(found.rule.severity is Severity.ERROR for found in context.diagnostics)
    return ReadResult(None if failed or request is INVALID else request, context)


# Objects


def read_object(wire_type: Object, raw: Json, cursor: Cursor) -> Any:
    parsed = parse_object(wire_type.of, raw, cursor)
    return INVALID if parsed is None or parsed.value is None else parsed.value


def parse_object(cls: Class, raw: Json, cursor: Cursor, skip: str = "") -> ParsedObject | None:
    """An object of a class without the attribute `skip`; None if there is no object."""
    found_before = len(cursor.context.diagnostics)
    raw, cursor = unwrap_single_item_list((cls,), raw, cursor)
    if not isinstance(raw, dict):
        return None
    known = keys_by_name(cls)
    keys = _exact_keys(raw, known) or match_keys(raw, known, cls.label, cursor)
    values = _read_values(cls, raw, keys, cursor, skip)
    if hasattr(cls, "any_required"):
        alternatives = [keys_of(cls)[attribute] for attribute in cls.any_required]
        if not any(key.name in keys for key in alternatives):
            _missing(alternatives[0], cls, cursor)
    if hasattr(cls, "exclusive"):
        one, other = (key_name(cls, attribute) for attribute in cls.exclusive)
        if one in keys and other in keys:
            cursor.add(combinations.two_reports((*cursor.path, keys[other]), one, other))
    if hasattr(cls, "ordered"):
        start, end = (values[attribute] for attribute in cls.ordered)
        if INVALID not in (start, end) and end < start:
            first, last = ((*cursor.path, keys[key_name(cls, one)]) for one in cls.ordered)
            cursor.add(combinations.reversed_range(first, start, last, end))
    return _record(cls, raw, keys, values, cursor, found_before)


def _record(
    cls: Class,
    raw: dict[str, Json],
    keys: Mapping[str, str],
    values: dict[str, Any],
    cursor: Cursor,
    found_before: int,
) -> ParsedObject:
    """The object with these values, which is recorded for the checks."""
    value = None if INVALID in values.values() else cls(**values)
    certain = value is not None and cursor.context.is_certain(found_before)
    parsed = ParsedObject(cls, raw, cursor.path, keys, values, value, certain)
    cursor.context.objects.append(parsed)
    return parsed


def unwrap_single_item_list(
    classes: Sequence[Class], raw: Json, cursor: Cursor
) -> tuple[Json, Cursor]:
    """The object to read, and its place.

    A list with one object is read as that object if it has a key of the classes.
    """
    if isinstance(raw, dict):
        return raw, cursor
    item = raw[0] if isinstance(raw, list) and raw else None
    if isinstance(item, dict) and len(raw) > 1:
        hint = "write one object" if cursor.path else "check each payload alone"
        wrong_type(raw, "an object", cursor, hint)
        return None, cursor
    known = {normalize_key(name) for cls in classes for name in keys_by_name(cls)}
    if not isinstance(item, dict) or known.isdisjoint(map(normalize_key, item)):
        is_inside = cursor.path and isinstance(raw, (str, int, float, list))
        example = f"write {objects_to_write(classes[:2])}" if is_inside else None
        wrong_type(raw, "an object", cursor, example)
        return None, cursor
    hint = "write the object without the list around it"
    wrong_type(raw, "an object", cursor, hint, cursor.fix(EditKind.UNWRAP, safe=True))
    return item, cursor.at(0)


def _exact_keys(raw: dict[str, Json], known: Mapping[str, Key]) -> dict[str, str]:
    """The keys of an object, each as it is written; none if one of them is not known."""
    return {name: name for name in raw} if raw.keys() <= known.keys() else {}


def _read_values(
    cls: Class,
    raw: dict[str, Json],
    keys: Mapping[str, str],
    cursor: Cursor,
    skip: str = "",
    misplaced: Container[str] = (),
) -> dict[str, Any]:
    """The value of each attribute but `skip`; those of the `misplaced` ones are elsewhere."""
    values: dict[str, Any] = {}
    every_object = cursor.context.every_object
    for attribute, key in keys_of(cls).items():
        if attribute == skip or key.name not in keys:
            values[attribute] = None
            if key.required and attribute != skip:
                is_elsewhere = attribute in misplaced
                values[attribute] = INVALID if is_elsewhere else _missing(key, cls, cursor)
            continue
        written = keys[key.name]
        decode = value_decoder(key.type)
        if decode is not None and not (every_object and isinstance(key.type, (Object, Union))):
            try:
                values[attribute] = decode(raw[written])
            except FAILURES:
                pass
            else:
                continue
        values[attribute] = cursor.at(written).read(key.type, raw[written])
    return values


def _missing(key: Key, cls: Class, cursor: Cursor) -> Invalid:
    return cursor.add(structure.missing_key(cursor.path, key.name, values_to_write(cls, key)))


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
    expected = None if cls is None else keys_by_name(cls)
    if expected is not None and raw.keys() == expected.keys():
        keys: Mapping[str, str] = {name: name for name in raw}
        values = _read_values(cls, raw, keys, cursor)
    else:
        label = union.of[0].label
        known = union.all_keys
        keys = _exact_keys(raw, known) or match_keys(raw, known, label, cursor, expected)
        if not keys and any(logical_key_hint(key, label) for key in raw):
            # Reported at that key already; nothing else is meant to be here.
            return INVALID
        if name in keys:
            member = _read_discriminator(union, raw, keys, cursor)
        else:
            member = _missing_discriminator(union, raw, keys, cursor)
        cls = union.discriminate(member)
        if cls is None:
            return _read_best_match(union, raw, keys, cursor)
        misplaced: Container[str] = ()
        if not keys.keys() <= keys_by_name(cls).keys():
            misplaced = combinations.report_other_keys(union, member, cls, raw, keys, cursor)
        values = _read_values(cls, raw, keys, cursor, union.discriminator, misplaced)
        values[union.discriminator] = member
    parsed = _record(cls, raw, keys, values, cursor, found_before)
    return INVALID if parsed.value is None else parsed.value


def _read_discriminator(
    union: Union, raw: dict[str, Json], keys: Mapping[str, str], cursor: Cursor
) -> Any:
    written = keys[key_name(union.of[0], union.discriminator)]
    if union.ignores_other_keys and (likely := combinations.class_of_keys(union, raw, keys)):
        return combinations.read_type_of_keys(union, likely, raw[written], cursor.at(written))
    return cursor.at(written).read(union.discriminator_type, raw[written])


def _missing_discriminator(
    union: Union, raw: dict[str, Json], keys: Mapping[str, str], cursor: Cursor
) -> Invalid:
    """Report that nothing names the class, with the values of the classes that the keys fit."""
    found = {name for name, written in keys.items() if raw[written] != ""}
    takes = {
        cls: {key.name for key in keys_of(cls).values() if not isinstance(key.type, EmptyString)}
        for cls in union.of
    }
    fitting = [cls for cls in union.of if found <= takes[cls]]
    options = [(cls, keys_of(cls)[union.discriminator]) for cls in fitting or union.of]
    examples = [value for cls, key in options for value in values_to_write(cls, key)]
    return cursor.add(structure.missing_key(cursor.path, options[0][1].name, examples))


def _read_best_match(
    union: Union, raw: dict[str, Json], keys: Mapping[str, str], cursor: Cursor
) -> Invalid:
    """Read an object whose class is not known as the one with the most keys in it."""
    cls = max(union.of, key=lambda cls: sum(key.name in keys for key in keys_of(cls).values()))
    own = union.own_keys[cls]
    has_own_key = any(key.name in keys for key in own.values())
    for attribute, key in keys_of(cls).items():
        if attribute == union.discriminator:
            continue
        if key.name in keys:
            written = keys[key.name]
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


# Lists


def read_array(wire_type: Array, raw: Json, cursor: Cursor) -> Any:
    items = read_items(raw, wire_type.of, cursor)
    if isinstance(items, Invalid):
        return items
    if items is not raw:
        values = [cursor.read(wire_type.of, item) for item in items]
    else:
        values = _read_each(wire_type, items, cursor)
    valid = [value for value in values if value is not INVALID]
    if has_duplicates(valid):
        combinations.report_duplicates(values, cursor)
    return tuple(values) if len(valid) == len(values) else INVALID


def _read_each(wire_type: Array, items: list[Json], cursor: Cursor) -> list[Any]:
    """The values of a list's items; a reader is needed only for those that a decoder refuses."""
    context, values, uncertain = cursor.context, [], set()
    counts: list[int] = []
    decode = item_decoder(wire_type)
    if context.every_object and isinstance(wire_type.of, (Object, Union)):
        decode = _refuse
    for start in range(0, len(items), _CHUNK):
        chunk = items[start : start + _CHUNK]
        try:
            values += [decode(item, counts, True) for item in chunk]
        except FAILURES:
            pass
        else:
            continue
        for index, item in enumerate(chunk, start):
            try:
                value = decode(item, counts, True)
            except FAILURES:
                found_before = len(context.diagnostics)
                value = cursor.at(index).read(wire_type.of, item)
                if value is INVALID or not context.is_certain(found_before):
                    uncertain.add(index)
            values.append(value)
    if wire_type in all_checks():
        certain = [None if index in uncertain else value for index, value in enumerate(values)]
        context.lists.append(ParsedList(wire_type, certain, cursor.path))
    return values


_CHUNK: Final = 256
"""How many items are decoded together, and one by one if one of them is refused."""


def _refuse(raw: Json, *_: object) -> NoReturn:
    raise DecodeError(raw)


def read_joined_array(wire_type: JoinedArray, raw: Json, cursor: Cursor) -> Any:
    """A list of objects, each joined to the next by the operator it names."""
    items = read_items(raw, wire_type.of, cursor)
    if isinstance(items, Invalid):
        return items
    cls = wire_type.of.of
    *before, at_last = [cursor] if items is not raw else map(cursor.at, range(len(items)))
    most = [parse_object(cls, item, at) for item, at in zip(items, before, strict=False)]
    last = parse_object(cls, items[-1], at_last, skip="joiner")
    joined = check_joiners(most, last, cursor)
    values = [None if item is None else item.value for item in (*most, last)]
    return tuple(values) if joined and None not in values else INVALID


def read_items(raw: Json, of: Type, cursor: Cursor) -> list[Json] | Invalid:
    """The items of a list; a single object is read as a list of one."""
    holds_objects = isinstance(of, (Object, Union))
    if isinstance(raw, list):
        return raw or cursor.add(structure.empty_list(cursor.path))
    if isinstance(raw, dict) and holds_objects:
        hint = "write it in a list: [ … ]"
        wrong_type(raw, "a list", cursor, hint, cursor.fix(EditKind.WRAP, safe=True))
        return [raw]
    parts = combinations.split_values(raw) if isinstance(raw, str) and not holds_objects else []
    if not parts:
        return wrong_type(raw, "a list", cursor)
    texts = [json.dumps(part, ensure_ascii=not part.isprintable()) for part in parts[:5]]
    example = ", ".join(texts)
    # A comma may be a part of the value.
    fix = cursor.fix(EditKind.WRITE, parts, safe=parts == [raw])
    short = len(example) <= 200
    return wrong_type(raw, "a list", cursor, f"write [{example}]" if short else None, fix)


READERS.update(
    {
        Object: read_object,
        Union: read_union,
        Array: read_array,
        JoinedArray: read_joined_array,
        EnumType: read_enum,
        OpenEnumType: read_open_enum,
        NonEmptyString: read_non_empty_string,
        EmptyString: read_empty_string,
        CommaList: read_comma_list,
        PositiveInt: read_positive_int,
        Timestamp: read_timestamp,
        JsonText: read_json_text,
    }
)
