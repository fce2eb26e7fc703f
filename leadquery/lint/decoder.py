"""Decoding of JSON in which nothing is to be reported.

Most payloads, and most items of long lists, are exactly as the API page specifies them, and no
check finds anything in them. A decoder reads those in a fraction of the time that a reader takes,
because it needs no places and makes no diagnostics: it raises one of `FAILURES` wherever a reader
or a check may have something to report. Decoders are closures over the model, made once per type.
Their conditions are those of the checks.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any, Final, NoReturn

from leadquery.lint.rules import Condition, conditions_of, list_conditions_of
from leadquery.wire.model import Request
from leadquery.wire.schema import Array, Class, JoinedArray, Object, Type, Union, keys_of
from leadquery.wire.types import DecodeError, Json

Decoder = Callable[[Json], Any]

ItemsDecoder = Callable[[list[Json]], list[Any]]

FAILURES: Final = (ValueError, KeyError, TypeError, RecursionError)
"""What decoders raise: also for a missing key, an unhashable value, and endless nesting."""


def refuse(raw: Json) -> NoReturn:
    """A decoder that leaves everything to the reader."""
    raise DecodeError(raw)


def decode_request(raw: Json) -> Request | None:
    """The request of a payload; None if there may be something to report."""
    try:
        request: Request = _object_decoder(Request)(raw)
    except FAILURES:
        return None
    return request


@cache
def decoder_of(wire_type: Type) -> Decoder:
    """The decoder of the values of a type."""
    match wire_type:
        case Object():
            return _object_decoder(wire_type.of)
        case Union():
            return _union_decoder(wire_type)
        case Array() | JoinedArray():
            return _list_decoder(wire_type)
    return wire_type.decode


@cache
def _object_decoder(cls: Class, ignored: frozenset[str] = frozenset()) -> Decoder:
    """Decodes objects of a class; the `ignored` keys may be in them if they are empty."""
    members = [(key.name, decoder_of(key.type), key.required) for key in keys_of(cls).values()]
    conditions = _conditions(cls)

    def decode(raw: Json) -> Any:
        if type(raw) is not dict:
            raise DecodeError(raw)
        values, others = [], len(raw) - len(members)
        for name, decode_member, required in members:
            if required or name in raw:
                values.append(decode_member(raw[name]))
            else:
                values.append(None)
                others += 1
        if others and others != [*map(raw.get, ignored)].count(""):
            raise DecodeError(raw)
        value = cls(*values)
        for condition in conditions:
            if condition(value):
                raise DecodeError(raw)
        return value

    return decode


def _conditions(cls: Class) -> list[Condition]:
    """When there may be something to report about an object whose attributes are right."""
    conditions = [*conditions_of(cls)]
    if hasattr(cls, "ordered"):
        start, end = map(attrgetter, cls.ordered)
        conditions.append(lambda value: end(value) < start(value))
    if hasattr(cls, "any_required"):
        alternatives, absent = attrgetter(*cls.any_required), (None,) * len(cls.any_required)
        conditions.append(lambda value: alternatives(value) == absent)
    return conditions


def _union_decoder(union: Union) -> Decoder:
    """Decodes objects by the class that their discriminator names."""
    name, classes = discriminator_of(union)
    names = {cls: frozenset(key.name for key in keys_of(cls).values()) for cls in union.of}
    ignored = frozenset().union(*names.values()) if union.ignores_other_keys else frozenset()
    decoders = {text: _object_decoder(cls, ignored - names[cls]) for text, cls in classes.items()}
    return lambda raw: decoders[raw[name]](raw)


@cache
def discriminator_of(union: Union) -> tuple[str, dict[str, Class]]:
    """The name of the deciding key, and the class of each of its values."""
    keys = {cls: keys_of(cls)[union.discriminator] for cls in union.of}
    classes = {text: cls for cls, key in keys.items() for text in key.type.spellings()}
    return keys[union.of[0]].name, classes


@cache
def items_decoder_of(wire_type: Type) -> ItemsDecoder:
    """The decoder of the items of a list; objects of long lists are decoded key by key."""
    decode = decoder_of(wire_type)
    if not isinstance(wire_type, Union):
        return lambda items: [*map(decode, items)]
    name, classes = discriminator_of(wire_type)
    decoders = {cls: _columns_decoder(cls) for cls in wire_type.of}

    def decode_items(items: list[Json]) -> list[Any]:
        if len(items) < _LONG:
            return [*map(decode, items)]
        each = [classes[item[name]] for item in items]
        if len(set(each)) == 1:
            return decoders[each[0]](items)
        decoded = {
            cls: iter(
                decoders[cls]([item for item, own in zip(items, each, strict=True) if own is cls])
            )
            for cls in set(each)
        }
        return [next(decoded[cls]) for cls in each]

    return decode_items


_LONG: Final = 16


def _columns_decoder(cls: Class) -> ItemsDecoder:
    decode, keys = _object_decoder(cls), keys_of(cls).values()
    if not all(key.required for key in keys):
        return lambda items: [*map(decode, items)]
    columns = [(itemgetter(key.name), decoder_of(key.type)) for key in keys]
    conditions = _conditions(cls)

    def decode_columns(items: list[Json]) -> list[Any]:
        if {*map(type, items)} != {dict} or {*map(len, items)} != {len(columns)}:
            raise DecodeError(items)
        values = [
            *map(cls, *[map(decode_member, map(get, items)) for get, decode_member in columns])
        ]
        for condition in conditions:
            if any(map(condition, values)):
                raise DecodeError(items)
        return values

    return decode_columns


def _list_decoder(array: Array | JoinedArray) -> Decoder:
    """Decodes lists.

    Groups hold lists of groups, so the decoder of the items is not known before the first use.
    """
    conditions: tuple[Condition, ...] = (_are_not_joined,)
    if isinstance(array, Array):
        conditions = (has_duplicates, *list_conditions_of(array))
    is_joined = isinstance(array, JoinedArray)
    decode_item: Decoder | None = None

    def decode(raw: Json) -> tuple[Any, ...]:
        nonlocal decode_item
        if type(raw) is not list or not raw:
            raise DecodeError(raw)
        if decode_item is None:
            decode_item = decoder_of(array.of)
        if len(raw) == 1:
            values = (decode_item(raw[0]),)
        else:
            values = tuple(items_decoder_of(array.of)(raw))
            for condition in conditions:
                if condition(values):
                    raise DecodeError(raw)
        if is_joined and values[-1].joiner is not None:
            raise DecodeError(raw)
        return values

    return decode


def _are_not_joined(values: Sequence[Any]) -> bool:
    """Whether an item but the last names no operator, or not the same one as the others."""
    joiners = {value.joiner for value in values[:-1]}
    return None in joiners or len(joiners) > 1


def has_duplicates(values: Collection[Any]) -> bool:
    """Whether two items of a list are equal."""
    return len(values) > 1 and len(set(values)) < len(values)
