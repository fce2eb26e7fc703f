"""The JSON Schema of a payload, made from the model."""

from __future__ import annotations

from leadquery.spec.findings import Json
from leadquery.spec.forms import Text
from leadquery.spec.model import Request
from leadquery.spec.shapes import Chain, Class, Form, Nested, Several, Variants, keys_of

Schema = dict[str, Json]


def schema() -> Schema:
    """The JSON Schema (draft 2020-12) of a payload; a fresh copy at each call.

    It accepts whatever `check` has nothing to say of. What only `check` sees is the order of
    dates, the calendar, and how conditions are joined. (API page: Request Parameters)

    >>> from leadquery import schema
    >>> schema()["required"]
    ['Output']
    """
    definitions: dict[str, Schema] = {}
    root = _object(Request, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Lead Distribution Analytics request",
        **root,
        "$defs": definitions,
    }


def _object(cls: Class, definitions: dict[str, Schema], beside: tuple[str, ...] = ()) -> Schema:
    keys = keys_of(cls).values()
    properties = {key.token: _schema(key.form, definitions) for key in keys}
    properties.update({token: Text().schema() for token in beside})
    described: Schema = {
        "type": "object",
        "description": (cls.__doc__ or "").partition("\n")[0],
        "properties": properties,
        "required": [key.token for key in keys if key.required],
        "additionalProperties": False,
    }
    if hasattr(cls, "either"):
        described["anyOf"] = [{"required": [keys_of(cls)[one].token]} for one in cls.either]
    return described


def _schema(form: Form, definitions: dict[str, Schema]) -> Schema:
    match form:
        case Nested(of):
            return _reference(of, definitions)
        case Variants():
            tokens = {key.token: None for cls in form.of for key in keys_of(cls).values()}
            return {
                "anyOf": [
                    _reference(cls, definitions, tuple(tokens) if form.ignored else ())
                    for cls in form.of
                ]
            }
        case Several() | Chain():
            return {"type": "array", "minItems": 1, "items": _schema(form.of, definitions)}
        case _:
            return form.schema()


def _reference(cls: Class, definitions: dict[str, Schema], others: tuple[str, ...] = ()) -> Schema:
    name = cls.__name__
    if name not in definitions:
        definitions[name] = {}
        own = {key.token for key in keys_of(cls).values()}
        beside = tuple(token for token in others if token not in own)
        definitions[name] = _object(cls, definitions, beside)
    return {"$ref": f"#/$defs/{name}"}
