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
from operator import attrgetter, itemgetter
from typing import Any, Final, NamedTuple

from leadquery.lint.diagnostics import Cursor, ParsedObject, Path
from leadquery.wire.enums import LogicalOperator
from leadquery.wire.model import Request
from leadquery.wire.schema import Array, Class, JoinedArray, Object, Type, Union, keys_of
from leadquery.wire.types import DecodeError, Json, NonEmptyString

Decoder = Callable[[Json], Any]

ObjectDecoder = Callable[[Json, list[Any]], Any]
"""Adds each object of the model that it makes to the list."""

FAILURES: Final = (ValueError, KeyError, TypeError, RecursionError)
"""What decoders raise: also for a missing key, an unhashable value, and endless nesting."""


def decode_request(raw: Json, objects: list[Any] | None = None) -> Request | None:
    """The request of a payload; None if a reader may have something to report.

    The objects of the model in the request, itself included, are added to `objects`.
    """
    try:
        request: Request = _object_decoder(Request)(raw, [] if objects is None else objects)
    except FAILURES:
        return None
    return request


def decode_items(wire_type: Type, items: list[Json], cursor: Cursor) -> list[Any]:
    """The values of a list's items; those that a decoder refuses are read at their place."""
    holds_objects = isinstance(wire_type, (Object, Union))
    decode = _decoder(wire_type)
    values, objects, path = [], cursor.context.objects, cursor.path
    decoded: list[Any] = []
    for index, item in enumerate(items):
        try:
            value = decode(item, decoded)
        except FAILURES:
            value = cursor.at(index).read(wire_type, item)
        else:
            if holds_objects:
                objects.append(_parsed_object(value, (*path, index)))
        values.append(value)
    return values


def parsed_objects(value: Any, path: Path = ()) -> list[ParsedObject]:
    """The objects of the model in one of them, itself included, each with its place."""
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


@cache
def _decoder(wire_type: Type) -> ObjectDecoder:
    match wire_type:
        case Object():
            return _object_decoder(wire_type.of)
        case Union():
            return _union_decoder(wire_type)
        case Array():
            return _array_decoder(wire_type.of)
        case JoinedArray():
            return _joined_array_decoder(wire_type)
    decode_value: Decoder = wire_type.decode
    return lambda raw, _: decode_value(raw)


@cache
def _object_decoder(cls: Class, ignored: frozenset[str] = frozenset()) -> ObjectDecoder:
    """Decodes objects of a class; the `ignored` keys may be in them if they are empty."""
    members = _members(cls)
    return _nested_decoder(cls, members) if members.others else _flat_decoder(cls, members, ignored)


def _flat_decoder(cls: Class, members: _Members, ignored: frozenset[str]) -> ObjectDecoder:
    """For classes of which all keys are required, and none has an object."""
    names, texts, values, _ = members
    read_members, count, is_valid = itemgetter(*names), len(names), _object_test(cls)

    def decode(raw: Json, objects: list[Any]) -> Any:
        if type(raw) is not dict:
            raise DecodeError(raw)
        decoded = [*read_members(raw)]
        for index in texts:
            text = decoded[index]
            if type(text) is not str or not text:
                raise DecodeError(raw)
        for index, decode_value in values:
            decoded[index] = decode_value(decoded[index])
        if len(raw) > count:
            _check_ignored(cls, raw, ignored)
        if is_valid is not None and not is_valid(decoded):
            raise DecodeError(raw)
        value = cls(*decoded)
        objects.append(value)
        return value

    return decode


def _nested_decoder(cls: Class, members: _Members) -> ObjectDecoder:
    """For classes with keys that are not required, or that have objects.

    No key is ignored here: at most, the payload goes to the readers.
    """
    names, texts, values, others = members
    values = [*((index, NonEmptyString().decode) for index in texts), *values]
    required, is_valid = (
        [(index, names[index], decode) for index, decode in values],
        _object_test(cls),
    )
    missing: list[Any] = [None] * len(names)

    def decode(raw: Json, objects: list[Any]) -> Any:
        if type(raw) is not dict:
            raise DecodeError(raw)
        decoded, count = missing.copy(), len(required)
        for index, name, decode_value in required:
            decoded[index] = decode_value(raw[name])
        for index, name, decode_member, is_required in others:
            if name in raw or is_required:
                decoded[index] = decode_member(raw[name], objects)
                count += 1
        if len(raw) > count or (is_valid is not None and not is_valid(decoded)):
            raise DecodeError(raw)
        value = cls(*decoded)
        objects.append(value)
        return value

    return decode


def _check_ignored(cls: Class, raw: dict[str, Json], ignored: frozenset[str]) -> None:
    keys, _ = _key_names(cls)
    for name in raw.keys() - keys.values():
        if name not in ignored or raw[name] != "":
            raise DecodeError(raw)


class _Members(NamedTuple):
    """The keys of a class in groups that are decoded alike, by their index.

    Those in `texts` and `values` are required. Texts are tested in place: they are many, and a
    call takes longer than the test.
    """

    names: list[str]
    texts: list[int]
    values: list[tuple[int, Decoder]]
    others: list[tuple[int, str, ObjectDecoder, bool]]


def _members(cls: Class) -> _Members:
    keys = list(keys_of(cls).values())
    members = _Members([key.name for key in keys], [], [], [])
    for index, key in enumerate(keys):
        if not key.required or isinstance(key.type, (Object, Union, Array, JoinedArray)):
            members.others.append((index, key.name, _decoder(key.type), key.required))
        elif isinstance(key.type, NonEmptyString):
            members.texts.append(index)
        else:
            members.values.append((index, key.type.decode))
    return members


def _object_test(cls: Class) -> Callable[[list[Any]], bool] | None:
    """Tests the members of an object together; None for a class without such a condition."""
    attributes = list(keys_of(cls))
    if hasattr(cls, "ordered"):
        first, last = map(attributes.index, cls.ordered)
        return lambda members: not is_reversed(members[first], members[last])
    if hasattr(cls, "any_required"):
        alternatives = itemgetter(*map(attributes.index, cls.any_required))
        # A list that was decoded is never empty.
        return lambda members: any(alternatives(members))
    return None


def _union_decoder(union: Union) -> ObjectDecoder:
    """Decodes objects by the class that their discriminator names."""
    names = frozenset(key.name for cls in union.of for key in keys_of(cls).values())
    ignored = names if union.ignores_other_keys else frozenset()
    decoders = {
        spelling: _object_decoder(cls, ignored)
        for cls in union.of
        for spelling in keys_of(cls)[union.discriminator].type.spellings()
    }
    discriminator = keys_of(union.of[0])[union.discriminator].name

    def decode(raw: Json, objects: list[Any]) -> Any:
        return decoders[raw[discriminator]](raw, objects)

    return decode


def _array_decoder(item_type: Type) -> ObjectDecoder:
    if isinstance(item_type, (Object, Union)):
        return _list_decoder(lambda: _decoder(item_type), has_duplicates)
    decode_value: Decoder = item_type.decode  # type: ignore[union-attr]

    def decode(raw: Json, _: list[Any]) -> Any:
        if type(raw) is not list or not raw:
            raise DecodeError(raw)
        values = tuple(map(decode_value, raw))
        if has_duplicates(values):
            raise DecodeError(raw)
        return values

    return decode


def _joined_array_decoder(array: JoinedArray) -> ObjectDecoder:
    return _list_decoder(lambda: _object_decoder(array.of.of), _are_not_joined)


def _are_not_joined(values: tuple[Any, ...]) -> bool:
    return not are_joined([*map(_joiner_of, values)])


_joiner_of = attrgetter("joiner")


def _list_decoder(
    item_decoder: Callable[[], ObjectDecoder], is_wrong: Callable[[tuple[Any, ...]], bool]
) -> ObjectDecoder:
    """Decodes lists of objects.

    Groups contain groups, so the decoder of the items is not known before this one is made.
    """
    decode_item: ObjectDecoder | None = None

    def decode(raw: Json, objects: list[Any]) -> Any:
        nonlocal decode_item
        if type(raw) is not list or not raw:
            raise DecodeError(raw)
        if decode_item is None:
            decode_item = item_decoder()
        values: tuple[Any, ...]
        if len(raw) == 1:
            values = (decode_item(raw[0], objects),)
        else:
            values = tuple([decode_item(item, objects) for item in raw])
        if is_wrong(values):
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
    if len(joiners) == 1:
        return joiners[0] is None
    *most, last = joiners
    return last is None and most[0] is not None and len(set(most)) == 1
