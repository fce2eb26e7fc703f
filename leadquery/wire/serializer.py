"""Requests as JSON: `to_payload` gives an object of the json module, `to_json` its text."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any

from leadquery.wire.enums import SEPARATOR
from leadquery.wire.model import Request
from leadquery.wire.schema import Array, Class, JoinedArray, Object, Type, Union, keys_of
from leadquery.wire.types import (
    CommaList,
    EnumType,
    Json,
    NonEmptyString,
    OpenEnumType,
    PositiveInt,
    Timestamp,
    format_timestamp,
)

Encoder = Callable[[Any], Json]
Writer = Callable[[Any], str]


def to_payload(request: Request) -> dict[str, Json]:
    """The payload of a request. The keys are in the order of the API page's sample."""
    return _encode_object(request)


def to_json(request: Request) -> str:
    """The payload as `json.dumps` writes it."""
    return _writers()[Request](request)


def source_of(cls: Class) -> str:
    """The source of the function that writes the objects of a class.

    It is generated because a loop over the keys takes nearly twice as long.

    >>> from leadquery.wire.model import UserFilter
    >>> print(source_of(UserFilter))
    def write(value):
        text = ', "GroupConditions": ' + write_all(value.groups)
        if value.joiner:
            text += ', "GroupOperator": ' + quote(value.joiner.token)
        return '{' + text[2:] + '}'
    """
    lines: list[str] = []
    for attribute, key in keys_of(cls).items():
        text = f"""', "{key.name}": ' + {_expression(key.type, f"value.{attribute}")}"""
        sign = "+=" if lines else "="
        if key.required:
            lines.append(f"    text {sign} {text}")
            continue
        if not lines:
            lines.append("    text = ''")
        lines += [f"    if value.{attribute}:", f"        text += {text}"]
    return "\n".join(["def write(value):", *lines, "    return '{' + text[2:] + '}'"])


def _expression(wire_type: Type, value: str) -> str:
    """An expression for the JSON text of a value, which is an expression itself."""
    match wire_type:
        case Object() | Union():
            return f"writers[{value}.__class__]({value})"
        case Array(of=NonEmptyString()):
            return f"'[' + ', '.join(map(quote, {value})) + ']'"
        case Array() | JoinedArray():
            return f"write_all({value})"
        case PositiveInt():
            return f"int.__repr__({value})"
        case NonEmptyString() | OpenEnumType():
            return f"quote({value})"
        case EnumType():
            return f"quote({value}.token)"
        case CommaList():
            return f"quote({SEPARATOR!r}.join({value}))"
        case Timestamp():
            return f"quote(format_timestamp({value}))"
    return "'null'"  # An empty value is never written.


class _Writers(dict[Class, Writer]):
    """The function of each class, compiled when it is first needed."""

    def __missing__(self, cls: Class) -> Writer:
        from json.encoder import encode_basestring_ascii as quote

        names: dict[str, Any] = {
            "quote": quote,
            "format_timestamp": format_timestamp,
            "writers": self,
            "write_all": self._write_all,
        }
        exec(source_of(cls), names)  # noqa: S102 - made of the declarations of the model only.
        writer: Writer = names["write"]
        self[cls] = writer
        return writer

    def _write_all(self, values: tuple[Any, ...]) -> str:
        return "[" + ", ".join([self[value.__class__](value) for value in values]) + "]"


@cache
def _writers() -> _Writers:
    return _Writers()


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
