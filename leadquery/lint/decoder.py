"""Decoding of JSON in which nothing is to be reported.

Most payloads, and most items of long lists, are exactly as the API page specifies them. A decoder
reads those in a fraction of the time that a reader takes, because it needs no places and makes no
diagnostics: it raises one of `FAILURES` wherever a reader may have something to report. Decoders
are closures over the model, made once per type; both share the conditions at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container
from datetime import datetime
from functools import cache
from typing import Any, Final

from leadquery.lint.cursor import Cursor
from leadquery.lint.diagnostics import ParsedObject, Path
from leadquery.wire.enums import LogicalOperator
from leadquery.wire.model import Request
from leadquery.wire.schema import Array, Class, JoinedArray, Object, Type, Union, keys_of
from leadquery.wire.types import DecodeError, Json

Decoder = Callable[[Json], Any]

FAILURES: Final = (ValueError, KeyError, TypeError, RecursionError)
"""What decoders raise: also for a missing key, an unhashable value, and endless nesting."""


def decode_request(raw: Json) -> Request | None:
    """The request of a payload; None if a reader may have something to report."""
    try:
        request: Request = _object_decoder(Request)(raw)
    except FAILURES:
        return None
    return request


def decode_items(wire_type: Type, items: list[Json], cursor: Cursor) -> list[Any]:
    """The values of a list's items; those that a decoder refuses are read at their place."""
    decode = _decoder(wire_type)
    values, objects, path = [], cursor.context.objects, cursor.path
    holds_objects = isinstance(wire_type, (Object, Union))
    for index, item in enumerate(items):
        try:
            value = decode(item)
        except FAILURES:
            value = cursor.at(index).read(wire_type, item)
        else:
            if holds_objects:
                objects.append(_parsed_object(value, (*path, index)))
        values.append(value)
    return values


def objects_in(value: Any) -> list[Any]:
    """The objects of the model in one of them, itself included."""
    found = [value]
    for attribute, _, is_list in _children(value.__class__):
        child = getattr(value, attribute)
        if child is None:
            continue
        for item in child if is_list else (child,):
            if _children(item.__class__):
                found += objects_in(item)
            else:
                found.append(item)
    return found


def parsed_objects(value: Any, path: Path = ()) -> list[ParsedObject]:
    """The same, each with its place."""
    found = []
    for attribute, name, is_list in _children(value.__class__):
        child = getattr(value, attribute)
        if child is None:
            continue
        if is_list:
            for index, item in enumerate(child):
                found += parsed_objects(item, (*path, name, index))
        else:
            found += parsed_objects(child, (*path, name))
    found.append(_parsed_object(value, path))
    return found


@cache
def _children(cls: Class) -> list[tuple[str, str, bool]]:
    """The attributes of a class that hold objects, with their keys, and whether as a list."""
    children = []
    for attribute, key in keys_of(cls).items():
        is_list = isinstance(key.type, (Array, JoinedArray))
        item = key.type.of if is_list else key.type
        if isinstance(item, (Object, Union)):
            children.append((attribute, key.name, is_list))
    return children


def _parsed_object(value: Any, path: Path) -> ParsedObject:
    cls = value.__class__
    keys, optional = _key_names(cls)
    for attribute in optional:
        if getattr(value, attribute) is None:
            keys = {**keys, attribute: ""}
    return ParsedObject(cls, value, path, keys, True)


@cache
def _key_names(cls: Class) -> tuple[dict[str, str], list[str]]:
    keys = keys_of(cls)
    optional = [attribute for attribute, key in keys.items() if not key.required]
    return {attribute: key.name for attribute, key in keys.items()}, optional


def _decoder(wire_type: Type) -> Decoder:
    match wire_type:
        case Object():
            return _object_decoder(wire_type.of)
        case Union():
            return _union_decoder(wire_type)
        case Array():
            return _array_decoder(_decoder(wire_type.of))
        case JoinedArray():
            return _joined_array_decoder(wire_type)
    return wire_type.decode


@cache
def _object_decoder(cls: Class, ignored: frozenset[str] = frozenset()) -> Decoder:
    """Decodes objects of a class; the `ignored` keys may be in them if they are empty."""
    keys = keys_of(cls).values()
    required = [(key.name, _decoder(key.type)) for key in keys]
    if not all(key.required for key in keys):
        return _optional_decoder(cls, ignored)
    count = len(required)

    def decode(raw: Json) -> Any:
        if type(raw) is not dict:
            raise DecodeError(raw)
        value = cls(*[decode_value(raw[name]) for name, decode_value in required])
        if len(raw) > count:
            _check_ignored(cls, raw, ignored)
        return value

    return _ordered_decoder(cls, decode) if hasattr(cls, "ordered") else decode


def _optional_decoder(cls: Class, ignored: frozenset[str]) -> Decoder:
    """The same for a class with keys that are not required."""
    keys = keys_of(cls).values()
    fields = [(key.name, _decoder(key.type), key.required) for key in keys]
    has_alternatives = hasattr(cls, "any_required")

    def decode(raw: Json) -> Any:
        if type(raw) is not dict or (has_alternatives and lacks_required(cls, raw)):
            raise DecodeError(raw)
        values, unread = [], len(raw)
        for name, decode_value, required in fields:
            if required or name in raw:
                values.append(decode_value(raw[name]))
                unread -= 1
            else:
                values.append(None)
        if unread:
            _check_ignored(cls, raw, ignored)
        return cls(*values)

    return decode


def _check_ignored(cls: Class, raw: dict[str, Json], ignored: frozenset[str]) -> None:
    names, _ = _key_names(cls)
    for name in raw.keys() - names.values():
        if name not in ignored or raw[name] != "":
            raise DecodeError(raw)


def _ordered_decoder(cls: Class, decode: Decoder) -> Decoder:
    first, last = cls.ordered

    def decode_ordered(raw: Json) -> Any:
        value = decode(raw)
        if is_reversed(getattr(value, first), getattr(value, last)):
            raise DecodeError(raw)
        return value

    return decode_ordered


def _union_decoder(union: Union) -> Decoder:
    """Decodes objects by the class that their discriminator names."""
    names = frozenset(key.name for cls in union.of for key in keys_of(cls).values())
    ignored = names if union.ignores_other_keys else frozenset()
    decoders = {
        spelling: _object_decoder(cls, ignored)
        for cls in union.of
        for spelling in keys_of(cls)[union.discriminator].type.spellings()
    }
    discriminator = keys_of(union.of[0])[union.discriminator].name

    def decode(raw: Json) -> Any:
        return decoders[raw[discriminator]](raw)

    return decode


def _array_decoder(decode_item: Decoder) -> Decoder:
    def decode(raw: Json) -> Any:
        if type(raw) is not list or not raw:
            raise DecodeError(raw)
        values = tuple(map(decode_item, raw))
        if has_duplicates(values):
            raise DecodeError(raw)
        return values

    return decode


def _joined_array_decoder(array: JoinedArray) -> Decoder:
    def decode(raw: Json) -> Any:
        if type(raw) is not list or not raw:
            raise DecodeError(raw)
        # Groups contain groups: their decoder is not known before it is made.
        decode_item = _object_decoder(array.of.of)
        values = tuple(map(decode_item, raw))
        if not are_joined([value.joiner for value in values]):
            raise DecodeError(raw)
        return values

    return decode


def has_duplicates(values: Collection[Any]) -> bool:
    """Whether two items of a list are equal."""
    return len(values) > 1 and len(set(values)) < len(values)


def is_reversed(start: datetime, end: datetime) -> bool:
    """Whether a range ends before it starts."""
    return end < start


def lacks_required(cls: Class, names: Container[str]) -> bool:
    """Whether none of the keys is there of which a class requires at least one."""
    alternatives = getattr(cls, "any_required", ())
    return bool(alternatives) and not any(
        keys_of(cls)[attribute].name in names for attribute in alternatives
    )


def are_joined(joiners: list[LogicalOperator | None]) -> bool:
    """Whether each item but the last names an operator, all the same one."""
    *most, last = joiners
    return last is None and (not most or (most[0] is not None and len(set(most)) == 1))
