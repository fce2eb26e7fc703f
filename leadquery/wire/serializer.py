"""Requests as JSON: `to_payload` gives an object of the json module, `to_json` its text."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any

from leadquery.wire.model import Request
from leadquery.wire.schema import Array, Class, JoinedArray, Object, Type, Union, keys_of
from leadquery.wire.types import Json, NonEmptyString, OpenEnumType, PositiveInt

Encoder = Callable[[Any], Json]


def to_payload(request: Request) -> dict[str, Json]:
    """The payload of a request. The keys are in the order of the API page's sample."""
    return _encode_object(request)


def to_json(request: Request) -> str:
    """The payload as the json module writes it."""
    return _json_encoder()(_encode_object(request))


@cache
def _json_encoder() -> Callable[[Json], str]:
    from json import JSONEncoder

    # A payload is a tree: there is no need to look for circles.
    return JSONEncoder(check_circular=False).encode


def _encode_object(value: Any) -> dict[str, Json]:
    names, values_of, encoders, optional = _fields(value.__class__)
    payload = dict(zip(names, values_of(value), strict=True))
    for name in optional:
        if not payload[name]:
            del payload[name]
    for name, encode in encoders:
        if name in payload:
            payload[name] = encode(payload[name])
    return payload


@cache
def _fields(cls: Class) -> Any:
    keys = keys_of(cls)
    names = [key.name for key in keys.values()]
    encoders = [(key.name, _encoder(key.type)) for key in keys.values()]
    optional = [key.name for key in keys.values() if not key.required]
    return names, attrgetter(*keys), [e for e in encoders if e[1] is not None], optional


def _encoder(wire_type: Type) -> Encoder | None:
    """How values of a type are encoded; None for values that are written as they are."""
    match wire_type:
        case Object() | Union():
            return _encode_object
        case Array() | JoinedArray():
            encode = _encoder(wire_type.of)
            return list if encode is None else lambda values: list(map(encode, values))
        case NonEmptyString() | OpenEnumType() | PositiveInt():
            return None
    return wire_type.encode
