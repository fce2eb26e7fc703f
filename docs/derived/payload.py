"""The payload, object by object and key by key, from `leadquery.wire.model`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from docs.derived.markdown import code, code_list, table
from leadquery.wire import types
from leadquery.wire.enums import (
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
    ResponseFormat,
)
from leadquery.wire.json_schema import DESCRIPTIONS
from leadquery.wire.model import Request
from leadquery.wire.schema import Array, JoinedArray, Object, Union, keys_of

Class = Any
Form = Any

LEAVES: Final = {
    types.CommaList: "text: schema names, joined by commas",
    types.NonEmptyString: "text, not empty",
    types.Timestamp: f"text: `{TIMESTAMP}`, in UTC",
    types.EmptyString: "empty text, or left out",
    types.PositiveInt: "whole number, from 1",
    types.JsonText: "list or object; see [Reports](reports.md)",
}


def call() -> str:
    """Return a table of the HTTP request around the payload, and of the response."""
    formats = " or ".join(code(row.value) for row in ResponseFormat)
    return table(
        ("part", "value"),
        (
            ("method", code(METHOD)),
            ("path, on the API host of the account", code(PATH)),
            (
                "query parameters",
                f"{code_list((ACCESS_KEY, SECRET_KEY))}; `{RESPONSE_FORMAT}`, {formats}",
            ),
            ("`Content-Type`", code(CONTENT_TYPE)),
            (
                "keys of a response",
                f"`{TOTAL}`, the number of rows; `{ROWS}`, the rows of the page",
            ),
            (
                "keys of an error",
                f"`{STATUS}`, always `{STATUS_ERROR}`; `{EXCEPTION_TYPE}`; `{EXCEPTION_MESSAGE}`",
            ),
        ),
    )


def payload() -> str:
    """Return a section for each JSON object."""
    return "\n".join(map(_section, _classes(Request)))


def _section(cls: Class) -> str:
    keys = keys_of(cls)
    rows = table(
        ("key", "value", "required", "meaning"),
        (
            (code(key.name), _value(key.type), _required(cls, name), DESCRIPTIONS[cls][name])
            for name, key in keys.items()
        ),
    )
    return f"## {_title(cls)}\n\n{cls.__doc__.strip()}\n\n{rows}"


def _title(cls: Class) -> str:
    """Return the name of an object, with its discriminator if the name is shared."""
    label = cls.label.partition(" ")[2].capitalize()
    same = [other for other in _classes(Request) if other.label == cls.label]
    return label if len(same) == 1 else f"{label}: {_discriminator(cls)}"


def _discriminator(cls: Class) -> str:
    """Return the value of the key that selects this class, or the name of the class."""
    only = [key.type.only for key in keys_of(cls).values() if getattr(key.type, "only", None)]
    return str(only[0].token if only else cls.__name__.lower())


def _required(cls: Class, attribute: str) -> str:
    if attribute in getattr(cls, "any_required", ()):
        return "one of these"
    return "yes" if keys_of(cls)[attribute].required else ""


def _classes(cls: Class, seen: dict[Class, None] | None = None) -> dict[Class, None]:
    """Return every class of the model, outermost first."""
    found = {} if seen is None else seen
    if cls not in found:
        found[cls] = None
        for key in keys_of(cls).values():
            for inner in _inside(key.type):
                _classes(inner, found)
    return found


def _inside(form: Form) -> Iterator[Class]:
    """Return the classes that a type refers to."""
    if isinstance(form, Object):
        yield form.of
    elif isinstance(form, Union):
        yield from form.of
    elif isinstance(form, (Array, JoinedArray)):
        yield from _inside(form.of)


def _value(form: Form) -> str:
    """Describe the value of a key."""
    if isinstance(form, (Array, JoinedArray)):
        return f"list, at least one {_value(form.of)}"
    inner = list(_inside(form))
    if inner:
        return " or ".join(map(_link, inner))
    if isinstance(form, types.EnumType):
        return _one_of(form)
    if isinstance(form, types.OpenEnumType):
        return f"text; known are {code_list(row.token for row in form.enum)}"
    return LEAVES[type(form)]


def _one_of(form: types.EnumType[Any]) -> str:
    tokens = code_list(form.spellings())
    null = ", or null" if form.nullable else ""
    return f"{tokens}{null}{'; ignored' if form.unused else ''}"


def _link(cls: Class) -> str:
    title = _title(cls)
    anchor = title.lower().replace(":", "").replace(" ", "-")
    return f"[{title[0].lower()}{title[1:]}](#{anchor})"
