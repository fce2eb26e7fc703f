"""Requests as JSON: `to_payload` gives an object of the json module, `to_json` its text."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any, Final

from leadquery.wire.enums import SEPARATOR
from leadquery.wire.model import Request
from leadquery.wire.schema import Array, Class, JoinedArray, Object, Type, Union, keys_of
from leadquery.wire.types import (
    CommaList,
    EmptyString,
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

    It is generated because a loop over the keys takes three times as long.

    >>> from leadquery.wire.model import UserFilter
    >>> print(source_of(UserFilter))
    def write_UserFilter(value):
        joiner_text = f', "GroupOperator": "{value.joiner.token}"' if value.joiner else ''
        return f'{{"GroupConditions": [{join(map(write_UserGroup, value.groups))}]{joiner_text}}}'
    """
    optional, text, is_first = [], "", True
    for attribute, key in keys_of(cls).items():
        part = f'"{key.name}": {_template(key.type, f"value.{attribute}")}'
        if key.required:
            text += part if is_first else f", {part}"
            is_first = False
            continue
        # Before the first required key the comma is behind a part, else before it.
        part = f"{part}, " if is_first else f", {part}"
        optional.append(f"    {attribute}_text = f'{part}' if value.{attribute} else ''")
        text += f"{{{attribute}_text}}"
    result = f"'{{' + f'{text}'[:-2] + '}}'" if is_first else f"f'{{{{{text}}}}}'"
    return "\n".join([f"def write_{cls.__name__}(value):", *optional, f"    return {result}"])


def _template(wire_type: Type, value: str) -> str:
    """The part of an f-string for a value, which is an expression itself."""
    match wire_type:
        case Object(of=cls):
            return f"{{write_{cls.__name__}({value})}}"
        case Union():
            return f"{{writers[{value}.__class__]({value})}}"
        case Array(of=NonEmptyString()):
            return f"[{{join(map(quote, {value}))}}]"
        case Array(of=Object(of=cls)) | JoinedArray(of=Object(of=cls)):
            return f"[{{join(map(write_{cls.__name__}, {value}))}}]"
        case Array():
            return f"[{{join([writers[item.__class__](item) for item in {value}])}}]"
    # A type without a template has no values that are written.
    return _TEMPLATES.get(type(wire_type), "null").replace("value", value)


_TEMPLATES: Final[dict[type, str]] = {
    CommaList: "{quote(separator.join(value))}",
    # A token has no character that JSON escapes.
    EnumType: '"{value.token}"',
    NonEmptyString: "{quote(value)}",
    OpenEnumType: "{quote(value)}",
    PositiveInt: "{value}",
    Timestamp: '"{format_timestamp(value)}"',
}
"""The part of an f-string for a value of each type."""


@cache
def _writers() -> dict[Class, Writer]:
    """The function that writes the objects of each class."""
    from json.encoder import encode_basestring_ascii as quote

    writers: dict[Class, Writer] = {}
    names: dict[str, Any] = {
        "format_timestamp": format_timestamp,
        "join": ", ".join,
        "quote": quote,
        "separator": SEPARATOR,
        "writers": writers,
    }
    for cls in _classes(Object(Request), {}):
        exec(source_of(cls), names)  # noqa: S102 - made of the declarations of the model only.
        writers[cls] = names[f"write_{cls.__name__}"]
    return writers


def _classes(wire_type: Type, found: dict[Class, None]) -> dict[Class, None]:
    """The classes of the objects in a value of a type."""
    if isinstance(wire_type, (Array, JoinedArray)):
        return _classes(wire_type.of, found)
    of = wire_type.of if isinstance(wire_type, (Object, Union)) else ()
    for cls in of if isinstance(of, tuple) else (of,):
        if cls not in found:
            found[cls] = None
            for key in keys_of(cls).values():
                _classes(key.type, found)
    return found


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
        case NonEmptyString() | EmptyString() | OpenEnumType() | PositiveInt():
            return None
    return wire_type.encode
