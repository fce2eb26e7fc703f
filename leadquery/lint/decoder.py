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


def decode_items(type: Type, items: list[Json], cursor: Cursor) -> list[Any]:
    """The values of a list's items; those that a decoder refuses are read at their place."""
    decode = _decoder(type)
    values, objects, path = [], cursor.context.objects, cursor.path
    holds_objects = isinstance(type, (Object, Union))
    for index, item in enumerate(items):
        try:
            value = decode(item)
        except FAILURES:
            value = cursor.at(index).read(type, item)
        else:
            if holds_objects:
                objects.append(_parsed_object(value, (*path, index)))
        values.append(value)
    return values


def parsed_objects(value: Any, path: Path = ()) -> list[ParsedObject]:
    """The objects in a decoded one, itself last."""
    objects = []
    for attribute, key in keys_of(value.__class__).items():
        item = getattr(value, attribute)
        match key.type:
            case Object() | Union() if item is not None:
                objects += parsed_objects(item, (*path, key.name))
            case Array(Object() | Union()) | JoinedArray() if item is not None:
                for index, each in enumerate(item):
                    objects += parsed_objects(each, (*path, key.name, index))
    objects.append(_parsed_object(value, path))
    return objects


def _parsed_object(value: Any, path: Path) -> ParsedObject:
    cls = value.__class__
    return ParsedObject(cls, value, path, _written_keys(cls, value), True)


def _written_keys(cls: Class, value: Any) -> dict[str, str]:
    every, optional = _key_names(cls)
    absent = [attribute for attribute in optional if getattr(value, attribute) is None]
    return {**every, **dict.fromkeys(absent, "")} if absent else every


@cache
def _key_names(cls: Class) -> tuple[dict[str, str], list[str]]:
    keys = keys_of(cls)
    optional = [attribute for attribute, key in keys.items() if not key.required]
    return {attribute: key.name for attribute, key in keys.items()}, optional


def _decoder(type: Type) -> Decoder:
    match type:
        case Object():
            return _object_decoder(type.of)
        case Union():
            return _union_decoder(type)
        case Array():
            return _array_decoder(_decoder(type.of))
        case JoinedArray():
            return _joined_array_decoder(type)
    return type.decode


@cache
def _object_decoder(cls: Class, ignored: frozenset[str] = frozenset()) -> Decoder:
    """Decodes objects of a class; the `ignored` keys may be in them if they are empty."""
    keys = keys_of(cls).values()
    fields = [(key.name, _decoder(key.type)) for key in keys]
    known = {key.name for key in keys}
    are_required = all(key.required for key in keys)

    def decode(raw: Json) -> Any:
        if type(raw) is not dict:
            raise DecodeError(raw)
        if are_required:
            read = len(fields)
            value = cls(*[decode_value(raw[name]) for name, decode_value in fields])
        else:
            read, value = decode_optional(raw)
        if len(raw) > read:
            check_ignored(raw)
        return value

    required = frozenset(key.name for key in keys if key.required)

    def decode_optional(raw: dict[str, Json]) -> tuple[int, Any]:
        values, read = [], 0
        for name, decode_value in fields:
            if name in raw:
                values.append(decode_value(raw[name]))
                read += 1
            elif name in required:
                raise DecodeError(raw)
            else:
                values.append(None)
        if lacks_required(cls, raw):
            raise DecodeError(raw)
        return read, cls(*values)

    def check_ignored(raw: dict[str, Json]) -> None:
        for name in raw.keys() - known:
            if name not in ignored or raw[name] != "":
                raise DecodeError(raw)

    return decode if not hasattr(cls, "ordered") else _ordered_decoder(cls, decode)


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
        values = tuple([decode_item(item) for item in raw])
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
        values = tuple([decode_item(item) for item in raw])
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
