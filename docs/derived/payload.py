"""The payload, object by object and key by key, from the model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from docs.derived.markdown import code, listed, table
from leadquery.wire import types
from leadquery.wire.descriptions import DESCRIPTIONS
from leadquery.wire.enums import ResponseFormat
from leadquery.wire.model import Request
from leadquery.wire.protocol import (
    ACCESS_KEY,
    CONTENT_TYPE,
    EXCEPTION_MESSAGE,
    EXCEPTION_TYPE,
    METHOD,
    PATH,
    RESPONSE_FORMAT,
    ROWS,
    SECRET_KEY,
    STATUS,
    STATUS_ERROR,
    TIMESTAMP,
    TOTAL,
)
from leadquery.wire.schema import Array, JoinedArray, Object, Union, keys_of

Class = Any
Form = Any

LEAVES: Final = {
    types.CommaList: "text: schema names, joined by commas",
    types.NonEmptyString: "text, not empty",
    types.Timestamp: f"text: `{TIMESTAMP}`, in UTC",
    types.EmptyString: "empty text, if it stands at all",
    types.PositiveInt: "whole number, from 1",
}


def call() -> str:
    """What stands around the payload."""
    formats = " or ".join(code(row.value) for row in ResponseFormat)
    return table(
        ("part", "value"),
        (
            ("method", code(METHOD)),
            ("path, on the API host of the account", code(PATH)),
            (
                "parameters of the URL",
                f"{listed((ACCESS_KEY, SECRET_KEY))}; `{RESPONSE_FORMAT}`, {formats}",
            ),
            ("`Content-Type`", code(CONTENT_TYPE)),
            (
                "keys of an answer",
                f"`{TOTAL}`, how many rows there are; `{ROWS}`, those of the page",
            ),
            (
                "keys of an error",
                f"`{STATUS}`, always `{STATUS_ERROR}`; `{EXCEPTION_TYPE}`; `{EXCEPTION_MESSAGE}`",
            ),
        ),
    )


def payload() -> str:
    """A heading and a table for each object."""
    return "\n".join(map(_section, _classes(Request)))


def _section(cls: Class) -> str:
    keys = keys_of(cls)
    rows = table(
        ("key", "value", "needed", "what it says"),
        (
            (code(key.token), _value(key.form), _needed(cls, name), DESCRIPTIONS[cls][name])
            for name, key in keys.items()
        ),
    )
    return f"## {_title(cls)}\n\n{cls.__doc__.strip()}\n\n{rows}"


def _title(cls: Class) -> str:
    """An object as messages call it; those of several shapes with what tells them apart."""
    label = cls.label.partition(" ")[2].capitalize()
    same = [one for one in _classes(Request) if one.label == cls.label]
    return label if len(same) == 1 else f"{label}: {_telling(cls)}"


def _telling(cls: Class) -> str:
    """What tells an object from others of its place: its type, or what it is in the model."""
    only = [key.form.only for key in keys_of(cls).values() if getattr(key.form, "only", None)]
    return str(only[0].token if only else cls.__name__.lower())


def _needed(cls: Class, attribute: str) -> str:
    if attribute in getattr(cls, "either", ()):
        return "one of these"
    return "yes" if keys_of(cls)[attribute].required else ""


def _classes(cls: Class, seen: dict[Class, None] | None = None) -> dict[Class, None]:
    """Every class of the model, from the outside in."""
    found = {} if seen is None else seen
    if cls not in found:
        found[cls] = None
        for key in keys_of(cls).values():
            for inner in _inside(key.form):
                _classes(inner, found)
    return found


def _inside(form: Form) -> Iterator[Class]:
    """The classes that a form holds."""
    if isinstance(form, Object):
        yield form.of
    elif isinstance(form, Union):
        yield from form.of
    elif isinstance(form, (Array, JoinedArray)):
        yield from _inside(form.of)


def _value(form: Form) -> str:
    """A value, in words."""
    if isinstance(form, (Array, JoinedArray)):
        return f"list, at least one {_value(form.of)}"
    inner = list(_inside(form))
    if inner:
        return " or ".join(map(_link, inner))
    if isinstance(form, types.EnumType):
        return _one_of(form)
    if isinstance(form, types.OpenEnumType):
        return f"text; known are {listed(row.token for row in form.terms)}"
    return LEAVES[type(form)]


def _one_of(form: types.EnumType[Any]) -> str:
    tokens = listed(spelling for row in form.allowed() for spelling in row.spellings)
    null = ", or null" if form.nullable else ""
    return f"{tokens}{null}{'; not read' if form.idle else ''}"


def _link(cls: Class) -> str:
    title = _title(cls)
    anchor = title.lower().replace(":", "").replace(" ", "-")
    return f"[{title[0].lower()}{title[1:]}](#{anchor})"
